"""Drafts in a real browser: a story of an editor and a curator, axe, keyboard alone, no scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_accessibility import LOOKS, misfits, violations
from tests.browser.test_accounts import signed_in_at
from tests.browser.test_keyboard import FOCUSED, walk
from tests.conftest import Server, command, start_server, stop_server
from tests.people import PASSWORD

PEOPLE = {"edith": "editor", "carl": "curator"}
DRAFTS = "/vocabularies/themes/drafts"
CONCEPT = "bathing water"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the shipped vocabularies, with an editor and a curator of all of them."""
    started = start_server(tmp_path_factory.mktemp("desk") / "data", VOCAB_SERVER_WORKERS="1")
    added = [
        ["user", "add", name, "--role", role, "--password-stdin"] for name, role in PEOPLE.items()
    ]
    for arguments in (["init"], *added):
        command(started, *arguments, given=PASSWORD)
    yield started
    stop_server(started)


@pytest.fixture
def enter(browser: Browser, desk: Server, faults: list[str]) -> Iterator[Open]:
    """Signs somebody in, in a browser of their own."""
    with signed_in_at(browser, desk, faults) as entered:
        yield entered


def press(page: Page, name: str) -> None:
    """Press a button as the keyboard does."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.press("Enter")


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.press("Enter")


def begin(page: Page, title: str) -> str:
    """Start a draft; the address of its page."""
    page.goto(DRAFTS)
    page.get_by_role("textbox").nth(1).fill("")
    page.locator("#title").fill(title)
    with page.expect_navigation():
        page.locator("#title").press("Enter")
    return page.url


def find(page: Page, draft: str, name: str) -> None:
    """Open a concept of a draft by its name."""
    page.goto(f"{draft}/concepts")
    page.locator("#find").fill(name)
    with page.expect_navigation():
        page.locator("#find").press("Enter")
    with page.expect_navigation():
        page.locator(".content .plain a").first.press("Enter")


def add_term(page: Page, text: str, kind: str) -> None:
    page.locator("summary", has_text="Add a term").press("Enter")
    page.locator("#addLabel").fill(text)
    page.locator("#addLabel-lang").fill("en")
    page.locator("#addLabel-kind").select_option(label=kind)
    with page.expect_navigation():
        page.locator("#addLabel").press("Enter")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_editor_and_a_curator_bring_a_draft_to_its_publication(
    enter: Open, has_scripts: bool
) -> None:
    word = "Bathing spots" if has_scripts else "Places to bathe"
    edith = enter("edith", java_script_enabled=has_scripts)
    carl = enter("carl", java_script_enabled=has_scripts)
    draft = begin(edith, word)
    find(edith, draft, CONCEPT)
    address = edith.locator(".address code").inner_text()
    add_term(edith, f"{word}!", "Alternative term")
    assert "Saved in the draft" in edith.locator(".message[role=status]").inner_text()
    edith.goto(draft)
    press(edith, "Submit for review")

    carl.goto(DRAFTS)
    follow(carl, word)
    assert f"{word}!" in carl.locator("#change-1 .is").inner_text()
    carl.locator("#step-text").fill("No exclamation marks, please")
    press(carl, "Request changes")

    edith.goto(draft)
    assert "No exclamation marks" in edith.locator("main").inner_text()
    find(edith, draft, CONCEPT)
    field = edith.locator(f'.act input[name="text"][value="{word}!"]')
    field.fill(word)
    with edith.expect_navigation():
        field.press("Enter")
    edith.goto(draft)
    assert edith.locator("#change-2 .was").inner_text().endswith(f"{word}!")
    press(edith, "Submit for review")

    carl.goto(draft)
    press(carl, "Approve")
    press(carl, "Publish")
    carl.goto(f"/resource?iri={address}")
    assert word in carl.locator("main").inner_text()
    assert f"{word}!" not in carl.locator("main").inner_text()


def test_a_concept_moves_after_a_preview(enter: Open) -> None:
    page = enter("edith")
    draft = begin(page, "Moving")
    page.goto(f"{draft}/concepts")
    page.locator("#create").fill("Ice swimming")
    page.locator("#create-lang").fill("en")
    press(page, "Propose an address")
    assert page.locator("#address").input_value().endswith("ice-swimming")
    press(page, "Save in the draft")
    page.locator("summary", has_text="Move").first.press("Enter")
    page.locator("#move").fill(CONCEPT)
    press(page, "Preview the move")
    told = page.locator(".told").inner_text()
    assert told.startswith("Moved Ice swimming from the top to")
    press(page, "Save in the draft")
    assert "Bathing water" in page.locator(".content .paths").inner_text()
    assert page.locator('concept-tree [aria-current="page"]').inner_text() == "Ice swimming"


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_of_drafts_breaks_a_rule_of_accessibility(enter: Open, language: str) -> None:
    page = enter("edith", locale=language, **LOOKS[language])
    broken = {}

    def look(name: str) -> None:
        assert page.locator("html").get_attribute("lang") == language
        if found := [*violations(page), *misfits(page)]:
            broken[name] = found

    page.goto(DRAFTS)
    look("drafts")
    page.locator("#title").press("Enter")
    page.wait_for_load_state()
    look("draft without a title")
    page.goto(f"{DRAFTS}?state=withdrawn")
    look("no drafts")
    draft = begin(page, "Axe")
    look("empty draft")
    find(page, draft, CONCEPT)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    look("concept")
    here, seen = page.url, page.locator("[name=seen]").first.input_value()
    page.locator("#addLabel").fill("x")
    page.locator("#addLabel-lang").fill("?")
    with page.expect_navigation():
        page.locator("#addLabel").press("Enter")
    look("refused")
    page.locator("#addLabel-lang").fill("ar")
    with page.expect_navigation():
        page.locator("#addLabel").press("Enter")
    page.goto(f"{draft}/concepts?q=qqqq")
    look("nothing found")
    page.goto(here)
    page.locator("[name=seen]").evaluate_all(
        f"(all) => all.forEach((one) => (one.value = '{seen}'))"
    )
    page.locator("#setNotation").fill("B1")
    with page.expect_navigation():
        page.locator("#setNotation").press("Enter")
    look("conflict")
    page.goto(here)
    page.locator("#create").fill("y")
    with page.expect_navigation():
        page.locator("#create").press("Enter")
    look("preview")
    page.goto(draft)
    look("draft with a change")
    assert broken == {}


def test_the_narrowest_window_still_fits(enter: Open) -> None:
    page = enter("carl", locale="sv", viewport={"width": 320, "height": 640})
    draft = begin(page, "Smalt")
    find(page, draft, CONCEPT)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    assert misfits(page) == []
    for path in (DRAFTS, draft, f"{draft}/concepts"):
        page.goto(path)
        assert misfits(page) == [], path


def test_the_keyboard_reaches_everything_and_is_seen(enter: Open) -> None:
    page = enter("edith")
    draft = begin(page, "Keys")
    find(page, draft, CONCEPT)
    reached = set()
    for name in walk(page):
        reached.add(name)
        assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") != "none", name
    assert {"Add a term", "Add a mapping", "Move", "Use no longer", "Propose an address"} <= reached


def publish_term(enter: Open, word: str) -> tuple[Page, str]:
    """A term that an editor added and a curator published: the curator's page, the concept."""
    edith, carl = enter("edith"), enter("carl")
    draft = begin(edith, f"Add {word}")
    find(edith, draft, CONCEPT)
    address = edith.locator(".address code").inner_text()
    add_term(edith, word, "Alternative term")
    edith.goto(draft)
    press(edith, "Submit for review")
    carl.goto(draft)
    press(carl, "Approve")
    press(carl, "Publish")
    return carl, address


def test_what_was_published_is_told_undone_and_released(enter: Open) -> None:
    word = "Lake shore"
    carl, address = publish_term(enter, word)
    carl.goto(f"/resource?iri={address}")
    follow(carl, "History")
    newest = carl.locator(".history > li").first
    assert newest.locator(".is").inner_text().endswith(word)
    assert "edith" in newest.inner_text()

    carl.goto("/vocabularies/themes/new-release")
    carl.locator("#name").fill("with the shore")
    press(carl, "Make the release")
    assert "cannot name a release" in carl.locator("#name-error").inner_text()
    carl.locator("#name").fill("shore")
    press(carl, "Make the release")

    carl.goto(f"/resource?iri={address}")
    follow(carl, "History")
    with carl.expect_navigation():
        newest.get_by_role("link", name="Undo change").press("Enter")
    assert carl.locator(".told .was").first.inner_text().endswith(word)
    carl.locator("#reason").fill("Not a place to bathe")
    press(carl, "Undo this change")
    assert "Not a place to bathe" in carl.locator("main").inner_text()
    carl.goto(f"/resource?iri={address}")
    assert word not in carl.locator("main").inner_text()

    follow(carl, "shore")
    when_ready(carl)
    assert word in carl.locator("main").inner_text()
    assert "This is release shore" in carl.locator("main").inner_text()
    follow(carl, "Read it as it is today")
    assert word not in carl.locator("main").inner_text()


def when_ready(page: Page) -> None:
    """Come again to a release for as long as it is being made ready."""
    for _ in range(12):
        if "made ready" not in page.locator("main").inner_text():
            return
        page.reload()


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_of_the_past_breaks_a_rule_of_accessibility(enter: Open, language: str) -> None:
    page = enter("carl", locale=language, **LOOKS[language])
    broken = {}
    page.goto("/vocabularies/themes/history")
    change = page.locator(".history h3 a").last.get_attribute("href")
    page.goto(DRAFTS.replace("drafts", "index/B"))
    page.goto("/search?q=bathing&lang=en")
    address = page.locator("main a[href*='bathing']").first.get_attribute("href") or ""
    iri = f"{page.url.partition('/search')[0]}{address.partition('?')[0].replace('/doc/', '/id/')}"
    for path in (
        "/vocabularies/themes/history",
        f"/vocabularies/themes/history?iri={iri}",
        f"{change}",
        f"{change}/undo",
        f"{change}/state?iri={iri}",
        "/vocabularies/themes/new-release",
        f"/vocabularies/themes/withdraw?iri={iri}",
    ):
        answer = page.goto(path)
        assert answer and answer.status == 200, path
        if found := [*violations(page), *misfits(page)]:
            broken[path] = found
    assert broken == {}
