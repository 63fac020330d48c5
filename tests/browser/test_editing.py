"""Editing in a real browser: what two people changed both, and other long work, by keyboard."""

import pytest
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
