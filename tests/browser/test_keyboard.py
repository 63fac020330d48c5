"""The keyboard alone reaches and works everything (WCAG 2.2, 2.1.1, 2.1.2, 2.4.7).

The keys of the tree are those of the ARIA Authoring Practices Guide, Navigation Treeview.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HARD, MANY, Open, resource

FOCUSED = "document.activeElement"
MOST = 120  # presses of Tab after which a page has surely been walked through


def focused(page: Page, what: str = "textContent.trim()") -> str:
    return str(page.evaluate(f"{FOCUSED}.{what}"))


def walk(page: Page) -> Iterator[str]:
    """The names of what Tab reaches, until it leaves the page."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED} === document.body"):
            return
        yield focused(page, "textContent.trim().slice(0, 80)")
    raise AssertionError("Tab never left the page.")


def press(page: Page, *keys: str) -> str:
    """The name of the concept in the tree that has the focus after these keys."""
    for key in keys:
        page.keyboard.press(key)
    return focused(page)


def in_tree(page: Page) -> None:
    page.wait_for_selector("concept-tree [role=tree]")
    page.locator("concept-tree [tabindex='0']").focus()


def test_the_first_key_skips_to_the_content(open_page: Open) -> None:
    page = open_page(resource("dog"))
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert focused(page, "id") == "content"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", {"Svenska", "Hard cases", "SPARQL", "Accessibility statement"}),
        ("/vocabularies", {"Hard cases", "About"}),
        ("/vocabularies/hard", {"Copy address", "A–Z", "Show", "Turtle"}),
        ("/vocabularies/hard/index", {"N", "No longer used"}),
        ("/vocabularies/hard/deprecated", {"unicorn", "predator"}),
        (resource("dog"), {"Copy address", "pet", "cat", "Turtle", "svenska", "Environment"}),
    ],
)
def test_tab_reaches_everything(open_page: Open, path: str, wanted: set[str]) -> None:
    page = open_page(path)
    links = page.locator("a:visible, button:visible, select:visible").count()
    reached = list(walk(page))
    assert wanted <= set(reached)
    in_trees = page.locator("concept-tree [role=treeitem]:visible").count()
    assert len(reached) >= links - in_trees


def test_what_has_the_focus_is_seen(open_page: Open) -> None:
    page = open_page(resource("dog"))
    for _ in walk(page):
        outline = page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle")
        assert outline != "none", focused(page, "outerHTML")


def test_the_tree_is_one_stop_at_the_concept_of_the_page(open_page: Open) -> None:
    page = open_page(resource("dog"))
    expect(page.locator("concept-tree [tabindex='0']")).to_have_count(1)
    in_tree(page)
    assert focused(page) == "A.1 dog"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.closest('concept-tree')") is None


def test_arrows_move_open_and_close(open_page: Open) -> None:
    page = open_page(resource("dog"))
    in_tree(page)
    assert press(page, "ArrowLeft") == "pet"
    assert focused(page, "ariaExpanded") == "true"
    assert press(page, "ArrowLeft") == "pet"
    assert focused(page, "ariaExpanded") == "false"
    assert press(page, "ArrowRight", "ArrowRight") == "cat"
    assert press(page, "ArrowUp") == "pet"
    assert press(page, "ArrowDown", "ArrowDown") == "A.1 dog"


def test_home_and_end_go_to_the_ends_of_what_is_open(open_page: Open) -> None:
    page = open_page(resource("dog"))
    in_tree(page)
    assert press(page, "End") == "many"
    assert press(page, "Home") != "many"
    assert press(page, "ArrowUp") == press(page, "Home")


def test_letters_go_to_the_next_name_that_begins_so(open_page: Open) -> None:
    page = open_page(resource("dog"))
    in_tree(page)
    assert press(page, "p") == "predator"
    page.wait_for_timeout(750)  # the pause after which letters begin a new word
    assert press(page, "p", "e") == "pet"


def test_enter_opens_the_page_of_the_concept(open_page: Open) -> None:
    page = open_page("/vocabularies/hard")
    in_tree(page)
    press(page, "End")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert unquote(page.url).endswith(resource("many"))
    assert page.locator("h1").inner_text() == "many"


def test_narrower_concepts_are_fetched_when_a_concept_is_opened(open_page: Open) -> None:
    page = open_page("/vocabularies/hard")
    in_tree(page)
    press(page, "a", "ArrowRight")
    expect(page.locator("concept-tree [role=status]")).to_have_text("4 narrower concepts")
    assert press(page, "ArrowRight") == "horse"
    levels = page.locator("concept-tree [aria-level='2']")
    places = levels.evaluate_all("all => all.map((i) => i.ariaPosInSet + '/' + i.ariaSetSize)")
    assert places == ["1/4", "2/4", "3/4", "4/4"]


def test_a_failed_fetch_can_be_tried_again(open_page: Open, faults: list[str]) -> None:
    page = open_page("/vocabularies/hard")
    page.route("**/tree?**", lambda route: route.fulfill(status=503))
    in_tree(page)
    press(page, "a", "ArrowRight")
    failed = page.get_by_role("treeitem", name="Could not load the narrower concepts. Try again")
    failed.wait_for()
    page.unroute("**/tree?**")
    press(page, "ArrowRight", "Enter")
    page.get_by_role("treeitem", name="horse").wait_for()
    assert focused(page) == "A animal"
    faults.clear()  # Chromium reports the refused request


def test_a_long_level_comes_in_parts_until_all_are_there(open_page: Open) -> None:
    page = open_page(resource(f"many-{MANY - 3}"))
    in_tree(page)
    assert focused(page) == f"number {MANY - 3:03}"
    more, items = page.locator("concept-tree .more > a"), page.locator("[role=treeitem]")
    while more.count():
        before = items.count()
        more.press("Enter")
        expect(items).not_to_have_count(before)
        assert focused(page).startswith("number ")
    rows = page.locator(f"concept-tree li[data-iri^='{HARD}/many-']")
    found = rows.evaluate_all("all => all.map((row) => row.dataset.iri)")
    assert sorted(found) == sorted(f"{HARD}/many-{number}" for number in range(MANY))


def test_what_stands_for_the_rest_of_a_level_says_where_it_is(open_page: Open) -> None:
    page = open_page(resource("many-0"))
    in_tree(page)
    more = page.locator("concept-tree .more > a")
    assert more.get_attribute("aria-setsize") == str(MANY)
    assert more.get_attribute("aria-posinset") == str(
        page.locator("[data-iri*='/many-']").count() + 1
    )
    assert more.get_attribute("aria-level") == "2"


def test_a_concept_under_several_is_marked_in_every_place(open_page: Open) -> None:
    page = open_page(resource("dog"))
    in_tree(page)
    places = page.locator("concept-tree [aria-current=page]")
    expect(places).to_have_count(2)
    above = places.evaluate_all("all => all.map((i) => i.closest('ul').closest('li').dataset.iri)")
    assert above == [f"{HARD}/pet", f"{HARD}/predator"]
    expect(page.locator("concept-tree [tabindex='0']")).to_have_count(1)


def test_a_star_opens_all_beside_and_the_focus_stays(open_page: Open) -> None:
    page = open_page("/vocabularies/hard")
    in_tree(page)
    before = press(page, "Home")
    assert press(page, "*") == before
    expect(page.locator("concept-tree [aria-expanded=false][aria-level='1']")).to_have_count(0)
    expect(page.locator("concept-tree [tabindex='0']")).to_have_count(1)
    assert focused(page) == before


def test_a_space_goes_on_with_a_name_that_is_typed(open_page: Open) -> None:
    page = open_page(resource("many-1"))
    address = page.url
    in_tree(page)
    assert press(page, *"number 00", "3") == "number 003"
    assert page.url == address
    page.wait_for_timeout(750)  # the pause after which letters begin a new word
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert page.locator("h1").inner_text() == "number 003"


def test_an_item_is_busy_while_what_is_under_it_is_fetched(open_page: Open) -> None:
    page = open_page("/vocabularies/hard")
    page.route("**/tree?**", lambda route: (page.wait_for_timeout(300), route.continue_()))
    in_tree(page)
    press(page, "a", "ArrowRight")
    expect(page.locator("concept-tree [role=status]")).to_have_text("Loading narrower concepts")
    assert focused(page, "ariaBusy") == "true"
    expect(page.locator("concept-tree [aria-busy]")).to_have_count(0)
    assert focused(page) == "A animal"


def test_the_tree_shows_the_concept_without_being_scrolled(open_page: Open) -> None:
    page = open_page(resource("many-190"))
    page.wait_for_selector("concept-tree [role=tree]")
    expect(page.locator("concept-tree [aria-current=page]")).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == 0


def test_arrows_are_mirrored_where_the_page_is(open_page: Open) -> None:
    page = open_page(resource("dog"))
    page.evaluate("document.documentElement.dir = 'rtl'")
    in_tree(page)
    assert press(page, "ArrowRight") == "pet"
    assert press(page, "ArrowRight", "ArrowLeft") == "pet"
    assert focused(page, "ariaExpanded") == "true"


def test_the_language_of_the_site_is_chosen_and_remembered(open_page: Open) -> None:
    page = open_page(resource("dog"))
    page.get_by_role("link", name="Svenska", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == "sv"
    assert page.locator("h1").inner_text().endswith("hund")
    page.goto("/about")
    assert page.locator("html").get_attribute("lang") == "sv"


def test_the_language_of_names_is_chosen_and_kept_on_the_way(open_page: Open) -> None:
    page = open_page(resource("dog"))
    page.get_by_label("Show names in").focus()
    page.get_by_label("Show names in").select_option("ar")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1 [lang]").inner_text() == "كلب"
    for name in ("حالات صعبة", "No longer used", "A–Z", "Overview"):
        with page.expect_navigation():
            page.locator("main").get_by_role("link", name=name).first.press("Enter")
        assert "lang=ar" in page.url


def test_an_address_is_copied_and_that_is_told(open_page: Open) -> None:
    page = open_page(resource("dog"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy address").press("Enter")
    expect(page.locator(".address [role=status]")).to_have_text("Address copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{HARD}/dog"
    assert re.match("Copy address", focused(page))
