"""The SPARQL page with its editor: by keyboard, without other hosts, and without the editor."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

LABELS = "SELECT ?label WHERE { ?c <http://www.w3.org/2004/02/skos/core#prefLabel> ?label } LIMIT 3"


def with_editor(open_page: Open, path: str = "/sparql") -> Page:
    page = open_page(path)
    page.wait_for_selector("#yasgui .CodeMirror")
    return page


def is_in_editor(page: Page) -> bool:
    return bool(page.evaluate("document.activeElement.matches('.CodeMirror textarea')"))


def test_escape_then_tab_leaves_the_editor(open_page: Open) -> None:
    page = with_editor(open_page)
    page.locator("#yasgui .CodeMirror").click()
    assert is_in_editor(page)
    page.keyboard.press("Tab")
    assert is_in_editor(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not is_in_editor(page)


def test_tab_comes_into_the_editor_and_past_it(open_page: Open) -> None:
    page = with_editor(open_page)
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        if is_in_editor(page):
            page.keyboard.press("Escape")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        if seen[-1] == "Accessibility statement":
            break
    assert {"Top concepts of a vocabulary", "Use a plain text box", "curl"} <= set(seen)
    assert seen[-1] == "Accessibility statement"


def test_an_example_runs_in_the_editor(open_page: Open) -> None:
    page = with_editor(open_page)
    page.get_by_role("link", name="How many concepts have a name in each language").press("Enter")
    expect(page.locator("#yasgui .tabPanel.active .yasr_results td").first).to_be_visible()
    assert "GROUP BY ?language" in (page.locator("#program-curl").text_content() or "")


def test_the_query_of_an_address_is_in_the_editor_with_its_results(open_page: Open) -> None:
    page = with_editor(open_page, f"/sparql?query={LABELS.replace('#', '%23')}")
    expect(page.locator("#yasgui .tabPanel.active .CodeMirror")).to_contain_text("LIMIT 3")
    expect(page.locator("#yasgui .tabPanel.active tbody tr")).to_have_count(3)


def test_the_choice_of_a_plain_text_box_is_remembered(open_page: Open) -> None:
    page = with_editor(open_page)
    page.get_by_role("button", name="Use a plain text box").press("Enter")
    expect(page.locator("#query")).to_be_focused()
    page.reload()
    expect(page.locator("#plain-editor")).to_be_visible()
    page.locator("#query").fill(LABELS)
    with page.expect_navigation():
        page.get_by_role("button", name="Run the query").press("Enter")
    expect(page.locator("#plain-result tbody tr")).to_have_count(3)


def test_the_programs_follow_the_query(open_page: Open) -> None:
    page = with_editor(open_page)
    page.get_by_role("button", name="Use a plain text box").press("Enter")
    page.locator("#query").fill("ASK { ?s ?p '$&' }")
    for name in ("curl", "Python", "R"):
        expect(page.locator(f"#program-{name}")).to_contain_text("ASK { ?s ?p '$&' }")


def test_a_program_is_copied(open_page: Open) -> None:
    page = with_editor(open_page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("summary", has_text="curl").press("Enter")
    page.get_by_role("button", name="Copy", exact=True).first.press("Enter")
    expect(page.locator("#program-curl >> xpath=../.. >> [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -H")
