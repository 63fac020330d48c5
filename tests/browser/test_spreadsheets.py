"""A spreadsheet in a real browser: taken out, edited by a script, brought back after a conflict."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.test_accessibility import LOOKS, misfits, violations
from tests.browser.test_drafts import (  # noqa: F401  (fixtures)
    Open,
    add_term,
    begin,
    desk,
    enter,
    find,
    press,
)

PLACE = "/vocabularies/themes/spreadsheet"
CONCEPT = "bathing water"


def taken_out(page: Page, folder: Path, link: str) -> Path:
    page.goto(PLACE)
    with page.expect_download() as started:
        page.locator("main").get_by_role("link", name=link, exact=True).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def edited(path: Path, iri: str, **cells: str) -> Path:
    """The file as a script leaves it that knows nothing of us: semicolons, another order."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        if row["iri"].endswith(iri):
            row.update({name.replace("_", "@"): text for name, text in cells.items()})
    target = path.with_name("edited.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sorted({name for row in rows for name in row}), delimiter=";")
        writer.writeheader()
        writer.writerows(reversed(rows))
    return target


def publish_term(page: Page, title: str, term: str) -> None:
    """Somebody gives the concept one more term and has it published."""
    draft = begin(page, title)
    find(page, draft, CONCEPT)
    add_term(page, term, "Alternative term")
    page.goto(draft)
    press(page, "Submit for review")


def approve(page: Page, title: str) -> None:
    page.goto("/vocabularies/themes/drafts")
    with page.expect_navigation():
        page.get_by_role("link", name=title).first.press("Enter")
    press(page, "Approve")
    press(page, "Publish")


def test_a_file_comes_back_after_somebody_published_a_change(
    enter: Open,  # noqa: F811
    tmp_path: Path,
) -> None:
    carl = enter("carl")
    edith = enter("edith", **LOOKS["sv"])
    path = taken_out(edith, tmp_path, "CSV")
    term = "Lido"
    file = edited(path, "/bathing-water", altLabel_en=f"{term} of mine", prefLabel_ko="물")
    publish_term(edith, "One more term", term)
    approve(carl, "One more term")

    edith.goto(f"{PLACE}?interface=sv")
    assert [*violations(edith), *misfits(edith)] == []
    edith.locator("#file").set_input_files(file)
    with edith.expect_navigation():
        edith.locator("button.main").press("Enter")
    assert [*violations(edith), *misfits(edith)] == []
    (conflict,) = edith.locator("#make fieldset:has(.sides)").all()
    assert re.match(r"[A-Z]+\d+\s+altLabel@en", conflict.locator("legend").inner_text())
    assert [term in side for side in conflict.locator(".sides > div").all_inner_texts()] == [
        False,
        True,
        True,
    ]
    with edith.expect_navigation():
        edith.locator("#make button.main").press("Enter")
    assert edith.locator("#error-summary").is_visible()  # nothing is overwritten unasked
    edith.locator("#choice-1-both").check()
    with edith.expect_navigation():
        edith.locator("#make button.main").press("Enter")
    assert re.search(r"/drafts/\d+$", edith.url)
    assert f"{term} of mine" in edith.locator("#change-1").inner_text()


def test_a_file_that_is_no_spreadsheet_is_refused_at_the_field(
    enter: Open,  # noqa: F811
    tmp_path: Path,
) -> None:
    edith = enter("edith", java_script_enabled=False)
    edith.goto(PLACE)
    (tmp_path / "page.html").write_text("<html>")
    edith.locator("#file").set_input_files(tmp_path / "page.html")
    press(edith, "Compare the file")
    assert "no spreadsheet" in edith.locator("#file-error").inner_text()
