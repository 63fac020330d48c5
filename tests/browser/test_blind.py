"""From the home page to a concept by keyboard alone, knowing only what the accessibility tree says.

No mouse, no look at the page, no address that is typed: what a reader hears is read from the tree
that the browser gives to assistive technology.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import Open

MOST = 80  # keys after which a reader gives up
PATIENCE = 40  # times that a reader listens again before giving up
IGNORED = {"InlineTextBox", "StaticText"}


@dataclass(frozen=True, slots=True)
class Heard:
    """An element as assistive technology announces it."""

    role: str
    name: str
    states: dict[str, Any]


class Reader:
    """Somebody who presses keys and listens."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session: CDPSession = page.context.new_cdp_session(page)

    def all(self) -> list[Heard]:
        """Everything on the page, in the order of reading."""
        return [_heard(node) for node in self._nodes() if not node["ignored"]]

    def focused(self) -> Heard:
        """What has the focus; in a list of suggestions the one that is marked."""
        nodes = self._nodes()
        by_place = {node.get("backendDOMNodeId"): node for node in nodes}
        found = [node for node in nodes if _states(node).get("focused")]
        active = [
            by_place[related["backendDOMNodeId"]]
            for node in found
            for said in node.get("properties", ())
            if said["name"] == "activedescendant"
            for related in said["value"].get("relatedNodes", ())
        ]
        return _heard((active or found)[-1]) if found else Heard("", "", {})

    def heading(self) -> str:
        """What the page is about."""
        return next(h.name for h in self.all() if h.role == "heading" and h.states["level"] == 1)

    def press(self, key: str) -> Heard:
        self.page.keyboard.press(key)
        return self.focused()

    def go(self, key: str, wanted: Callable[[Heard], bool]) -> Heard:
        """Press one key until what is announced is wanted."""
        for _ in range(MOST):
            if wanted(heard := self.press(key)):
                return heard
        raise AssertionError(f"{key} never led there; the last was {heard}.")

    def wait_for(self, wanted: Callable[[Heard], bool]) -> Heard:
        """Listen until something is announced."""
        for _ in range(PATIENCE):
            if found := next(filter(wanted, self.all()), None):
                return found
            self.page.wait_for_timeout(250)
        raise AssertionError("It was never announced.")

    def follow(self) -> str:
        """Press Enter, which leads to another page; what that is about."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()
        return self.heading()

    def _nodes(self) -> list[dict[str, Any]]:
        nodes = self._session.send("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if node.get("role", {}).get("value") not in IGNORED]


def _heard(node: dict[str, Any]) -> Heard:
    return Heard(node["role"]["value"], node.get("name", {}).get("value", ""), _states(node))


def _states(node: dict[str, Any]) -> dict[str, Any]:
    return {said["name"]: said["value"].get("value") for said in node.get("properties", ())}


@pytest.fixture(params=["en", "sv"])
def reader(request: pytest.FixtureRequest, open_page: Open) -> tuple[Reader, str]:
    """A reader at the home page, and the language of the page."""
    return Reader(open_page("/", locale=request.param)), request.param


NAMES = {
    "en": (
        "Themes for open data",
        "Search concepts",
        "bathing",
        ("Environment", "Water", "Bathing water"),
    ),
    "sv": ("Ämnen för öppna data", "Sök begrepp", "badvat", ("Miljö", "Vatten", "Badvatten")),
}


def test_a_concept_is_found_by_search(reader: tuple[Reader, str]) -> None:
    heard, language = reader
    _, search, typed, (*_, concept) = NAMES[language]
    box = heard.go("Tab", lambda it: it.role == "combobox" and it.name == search)
    assert not box.states.get("expanded")
    heard.page.keyboard.type(typed)
    heard.wait_for(lambda it: it.role == "option" and it.name.startswith(concept))
    heard.go("ArrowDown", lambda it: it.role == "option" and it.name.startswith(concept))
    assert concept in heard.follow()


def test_a_concept_is_found_in_the_tree(reader: tuple[Reader, str]) -> None:
    heard, language = reader
    vocabulary, _, _, way = NAMES[language]
    heard.go("Tab", lambda it: it.role == "link" and it.name == vocabulary)
    assert heard.follow() == vocabulary
    heard.go("Tab", lambda it: it.role == "treeitem")
    heard.page.keyboard.type(way[0].lower()[:3])
    for level, (here, below) in enumerate(pairwise(way), 1):
        opened = heard.focused()
        assert opened.name.endswith(here)
        assert (opened.states["level"], opened.states["expanded"]) == (level, False)
        heard.press("ArrowRight")
        heard.wait_for(lambda it, deep=level + 1: is_at(it, deep))
        assert heard.focused().states["expanded"] is True
        heard.go("ArrowRight", lambda it, deep=level + 1: is_at(it, deep))
        if not heard.focused().name.endswith(below):
            heard.go("ArrowDown", lambda it, name=below: it.name.endswith(name))
    assert way[-1] in heard.follow()
    found = [it for it in heard.all() if is_at(it, len(way)) and it.name.endswith(way[-1])]
    assert len(found) == 1


def is_at(heard: Heard, level: int) -> bool:
    """Whether it is a concept in the tree, so deep."""
    return heard.role == "treeitem" and heard.states["level"] == level
