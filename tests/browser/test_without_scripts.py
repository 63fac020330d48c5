"""Everything works without JavaScript: scripts only make it quicker."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HARD, MANY, Open, resource


@pytest.fixture
def plain(open_page: Open) -> Open:
    """A function that opens a page where no script runs."""

    def opened(path: str) -> Page:
        return open_page(path, java_script_enabled=False)

    return opened


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def test_the_hierarchy_is_walked_by_its_links(plain: Open) -> None:
    page = plain("/vocabularies/hard")
    for name in ("A animal", "pet", "A.1 dog"):
        follow(page, name)
        assert page.locator("h1").inner_text().endswith(name.split()[-1])
    assert page.locator("concept-tree [aria-current=page]").first.inner_text() == "A.1 dog"


def test_a_long_level_is_read_page_by_page(plain: Open) -> None:
    page = plain(resource("many"))
    found = set()
    while True:
        rows = page.locator(f"main li[data-iri^='{HARD}/many-']")
        found |= set(rows.evaluate_all("all => all.map((row) => row.dataset.iri)"))
        more = page.locator("main .more > a")
        if not more.count():
            break
        with page.expect_navigation():
            more.click()
        assert page.locator("h1").inner_text() == "Hierarchy"
    assert len(found) == MANY


def test_narrower_concepts_of_the_page_come_in_pages(plain: Open) -> None:
    page = plain(resource("many"))
    follow(page, "Next page")
    expect(page.locator("main")).to_contain_text("Page 2 of 7")
    expect(page.locator(".content")).to_contain_text("number 150")
    follow(page, "Previous page")
    expect(page.locator(".content")).to_contain_text("number 050")


def test_the_language_of_names_is_chosen_in_a_form(plain: Open) -> None:
    page = plain(resource("dog"))
    page.get_by_label("Show names in").select_option("sv")
    with page.expect_navigation():
        page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("h1 [lang=sv]").inner_text() == "hund"
    expect(page.get_by_label("Show names in")).to_have_value("sv")
    assert page.locator("html").get_attribute("lang") == "en"


def test_another_language_of_names_begins_the_index_anew(plain: Open) -> None:
    page = plain("/vocabularies/hard/index/N")
    page.get_by_label("Show names in").select_option("ar")
    with page.expect_navigation():
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("h1 [lang=ar]")).to_be_visible()
    expect(page.locator(".content .columns a").first).to_be_visible()


def test_a_query_is_run_by_the_form_and_shown_as_a_table(plain: Open) -> None:
    page = plain("/sparql")
    page.get_by_label("Query").fill(
        f"SELECT ?c ?l WHERE {{ VALUES ?c {{ <{HARD}/dog> }}"
        " ?c <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Run the query").click()
    expect(page.locator("#plain-result caption")).to_have_text("4 rows")
    expect(page.locator("#plain-result td[lang=sv], #plain-result [lang=sv]")).to_have_text("hund")
    expect(page.locator("#plain-result a[title]").first).to_have_text("dog")


def test_every_example_runs(plain: Open) -> None:
    page = plain("/sparql")
    addresses = page.locator("#sparql-examples a").evaluate_all("all => all.map((a) => a.href)")
    assert len(addresses) == 10
    for address in addresses:
        page.goto(address)
        rows = page.locator("#plain-result tbody tr").count()
        nothing = page.get_by_text("The query ran without errors but gave no rows.").count()
        assert rows or nothing, page.get_by_label("Query").input_value()


def test_what_is_wrong_with_a_query_is_told(plain: Open) -> None:
    page = plain("/sparql?query=SELECT")
    expect(page.get_by_role("alert")).to_contain_text("cannot be read")
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("Query")).to_have_value("SELECT")


@pytest.mark.parametrize("path", ["/sparql", resource("dog")])
def test_nothing_is_offered_that_needs_a_script(plain: Open, path: str) -> None:
    page = plain(path)
    assert page.locator("button[data-copy]:visible, button[data-editor]:visible").count() == 0
