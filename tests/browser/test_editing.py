"""Editing in a real browser: what two people changed both, and other long work, by keyboard."""

from playwright.sync_api import Page

from tests.browser.test_accessibility import misfits, violations
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
