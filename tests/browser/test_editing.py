"""Editing in a real browser: what two people changed both, and other long work, by keyboard."""

from itertools import islice
from typing import Any

import pytest
import requests
from playwright.sync_api import Page

from tests.browser.test_accessibility import LOOKS, misfits, violations
from tests.browser.test_drafts import (  # noqa: F401  (desk and enter are fixtures)
    CONCEPT,
    Open,
    begin,
    desk,
    enter,
    find,
    press,
)
from tests.browser.test_keyboard import walk
from tests.conftest import Server, command

OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => (one.open = true))"
AIR, NATURE, WATER = "air-and-climate", "nature", "water"  # have concepts under them
STOPS = 75  # presses of Tab that lead from the first of these forms past the last
REASON = {"en": "Nobody looks for it"}


@pytest.fixture(scope="module")
def arranged(desk: Server) -> tuple[int, str]:  # noqa: F811
    """A draft with a collection in an order and an ended concept: its number, the collection."""
    token = command(desk, "token", "create", "edith", "--scope", "write").strip()

    def post(path: str, content: Any) -> Any:
        headers, url = {"Authorization": f"Bearer {token}"}, f"{desk.url}/api/v1{path}"
        answer = requests.post(url, json=content, headers=headers, timeout=60)
        assert answer.status_code == 201, answer.text
        return answer.json()

    place = f"{desk.url}/id/themes/"
    number = post("/vocabularies/themes/drafts", {"title": "Arranged"})["id"]
    made = post(
        f"/drafts/{number}/changes",
        [
            {
                "do": "createCollection",
                "prefLabel": {"en": "Places to bathe, swim and dive in", "ar": "أماكن"},
                "members": [place + name for name in (AIR, NATURE, WATER)],
                "ordered": True,
            },
            {
                "do": "deprecate",
                "concept": place + NATURE,
                "replacedBy": [place + AIR, place + WATER],
                "reason": REASON,
                "othersTo": [place + AIR],
            },
        ],
    )
    return number, made["createdConcepts"][0]


def rename(page: Page, draft: str, before: str, text: str) -> None:
    find(page, draft, before)
    field = page.locator('.act input[name="text"][lang="en"]').first
    field.fill(text)
    with page.expect_navigation():
        field.press("Enter")


def review(editor: Page, curator: Page, draft: str) -> None:
    """Hand in and approve."""
    editor.goto(draft)
    press(editor, "Submit for review")
    curator.goto(draft)
    press(curator, "Approve")


def test_two_people_settle_what_both_changed(enter: Open) -> None:  # noqa: F811
    edith, carl = enter("edith"), enter("carl")
    ours, theirs = begin(edith, "Names of waters"), begin(edith, "A fix")
    rename(edith, ours, CONCEPT, "Waters to bathe in")
    rename(edith, theirs, CONCEPT, "Bathing waters")
    review(edith, carl, theirs)
    press(carl, "Publish")

    review(edith, carl, ours)
    press(carl, "Publish")
    assert carl.url.endswith("/conflicts")
    sides = carl.locator(".conflict .sides").first.inner_text()
    assert "Waters to bathe in" in sides and "Bathing waters" in sides
    for page in (carl, enter("edith", locale="sv", viewport={"width": 375, "height": 800})):
        page.goto(carl.url)
        assert [*violations(page), *misfits(page)] == []

    edith.goto(carl.url)
    edith.locator("#conflict-1").press("Space")
    press(edith, "Bring the draft up")
    carl.goto(ours)
    press(carl, "Approve")  # anew, as the draft is not what was approved
    press(carl, "Publish")
    assert "Published" in carl.locator("h1").inner_text()
    find(edith, begin(edith, "Look"), "Waters to bathe in")
    assert "Waters to bathe in" in edith.locator("h1").inner_text()
    back = begin(edith, "Back")
    rename(edith, back, "Waters to bathe in", "Bathing water")
    review(edith, carl, back)
    press(carl, "Publish")


def test_what_is_called_almost_so_is_shown_while_one_types(enter: Open) -> None:  # noqa: F811
    page = enter("edith")
    page.goto(f"{begin(page, 'Alike')}/concepts")
    page.locator("#create").press_sequentially("Bathing wator")
    page.locator("similar-names .warning").wait_for()
    assert "Bathing water" in page.locator("similar-names").inner_text()
    assert violations(page) == []
    page.locator("#create").fill("Ferry terminals of the north")
    page.locator("similar-names .warning").wait_for(state="detached")


def test_a_table_of_texts_is_filled_in_by_keyboard(enter: Open) -> None:  # noqa: F811
    page = enter("edith")
    draft = begin(page, "Table")
    page.goto(f"{draft}/grid?to=en&to=sv")
    first = page.locator('tbody tr:first-child [data-was][lang="sv"]')
    first.fill("Ett")
    first.press("ArrowDown")
    page.keyboard.press("Control+a")
    page.keyboard.type("Två")
    assert page.locator(".changed").count() == 2
    with page.expect_navigation():
        page.locator("text-grid ~ p button").press("Enter")
    page.goto(draft)
    assert page.locator(".changes > li").count() == 1
    told = page.locator("#change-1").inner_text()
    assert "Ett" in told and "Två" in told


@pytest.mark.parametrize("language", LOOKS)
def test_no_screen_of_editing_breaks_a_rule_of_accessibility(
    enter: Open,  # noqa: F811
    language: str,
) -> None:
    page = enter("edith", locale=language, **LOOKS[language])
    draft = begin(page, "Axe, too")
    find(page, draft, CONCEPT)
    iri = page.locator("[name=iri]").first.input_value()
    broken = {}
    for path in (
        "/grid?to=en&to=sv&to=ar",
        "/grid?kind=definition&under=qqqq",
        "/bulk?q=water",
        f"/mappings?iri={iri}&q=water",
        f"/mappings?iri={iri}&q=x&where=endpoint",
        "/conflicts",
        "/tree-changes",
        "",
    ):
        page.goto(f"{draft}{path}")
        page.evaluate("document.querySelectorAll('main details').forEach((e) => (e.open = true))")
        if found := [*violations(page), *misfits(page)]:
            broken[path] = found
    assert broken == {}


@pytest.mark.parametrize("language", LOOKS)
def test_no_form_for_what_is_arranged_breaks_a_rule_of_accessibility(
    enter: Open,  # noqa: F811
    desk: Server,  # noqa: F811
    arranged: tuple[int, str],
    language: str,
) -> None:
    """Collections, orders, the vocabulary itself, restoring, splitting, merging, many at once."""
    page = enter("edith", locale=language, **LOOKS[language])
    number, collection = arranged
    draft, place, broken = f"/drafts/{number}", f"{desk.url}/id/themes", {}

    def look(name: str) -> None:
        page.evaluate(OPEN_ALL)
        if found := [*violations(page), *misfits(page)]:
            broken[name] = found

    for path in ("/", f"/vocabularies/themes/drafts?concept={place}/{AIR}"):
        page.goto(path)
        look(path)
    for iri in ("", collection, place, f"{place}/{NATURE}", f"{place}/{AIR}"):
        answer = page.goto(f"{draft}/concepts" + (f"?iri={iri}" if iri else ""))
        assert answer and answer.status == 200, iri
        look(iri)
    for act, fields in {
        "split": {"#split": "One", "#split-second": "Two"},
        "deprecate": {"#deprecate": "Old", "#deprecate-instead": "water"},
    }.items():
        page.goto(f"{draft}/concepts?iri={place}/{AIR}")
        page.evaluate(OPEN_ALL)
        page.locator("#deprecate-yes").check()
        for field, text in fields.items():
            page.locator(field).fill(text)
        with page.expect_navigation():
            page.locator(f"button[value={act}]").press("Enter")
        assert page.locator("[name=confirmed], .field-error").count(), act
        look(act)
    page.goto(f"{draft}/bulk?q=water")
    page.locator("[name=iri]").first.check()
    page.locator("[name=do][value=deprecate]").check()
    page.locator("#reason").fill("Old")
    with page.expect_navigation():
        page.locator("#reason").press("Enter")
    assert page.locator("[name=confirmed]").count()
    look("many at once")
    assert broken == {}


def test_the_keyboard_reaches_every_form_for_what_is_arranged(
    enter: Open,  # noqa: F811
    desk: Server,  # noqa: F811
    arranged: tuple[int, str],
) -> None:
    page = enter("edith")
    number, collection = arranged
    place = f"{desk.url}/id/themes"
    for iri, first, wanted in (
        ("", "order", {"Save the order", "Back to alphabetical order", "New collection"}),
        (collection, "addMember", {"Put the members in order", "Save the order"}),
        (place, "setMetadata-1", {"Save Title", "Save Licence"}),
        (f"{place}/{NATURE}", "restore", {"Use it again"}),
        (f"{place}/{AIR}", "merge", {"Preview the merge", "Preview the split"}),
    ):
        page.goto(f"/drafts/{number}/concepts" + (f"?iri={iri}" if iri else ""))
        page.evaluate(OPEN_ALL)
        page.locator(f"#{first}").focus()
        assert wanted <= set(islice(walk(page), STOPS)), iri


def test_what_is_under_a_concept_is_put_in_order_by_keyboard(
    enter: Open,  # noqa: F811
    desk: Server,  # noqa: F811
    arranged: tuple[int, str],
) -> None:
    page = enter("edith")
    page.goto(f"/drafts/{arranged[0]}/concepts?iri={desk.url}/id/themes/{WATER}")
    page.locator("summary", has_text="Put what is under it in order").press("Enter")
    places = page.locator("[name^='place ']")
    before = places.evaluate_all("all => all.map((one) => one.name)")
    places.last.fill("1")
    with page.expect_navigation():
        places.last.press("Enter")
    after = places.evaluate_all("all => all.map((one) => one.name)")
    assert after == [before[-1], *before[:-1]]
