"""The picker in forms of others: a page of another origin, and the page that writes its code."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.conftest import Server

PAGE = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>Form</title>
<script type="module" src="{server}/embed/v1/concept-picker.js"></script>
<form action="/sent.html"><input name="title" value="x">
<concept-picker name="subject" vocabulary="themes" lang="sv" label="Ämnen" {more}>
<input name="subject" id="plain"></concept-picker><button id="send">Skicka</button></form></html>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("foreign")
    (made / "sent.html").write_text("<title>Sent</title>")
    return made


@pytest.fixture(scope="module")
def foreign(folder: Path) -> Iterator[str]:
    """The address of a web site of somebody else."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_address[1]}"
        served.shutdown()


@pytest.fixture
def picker(browser: Browser, site: Server, folder: Path, foreign: str) -> Iterator[Open]:
    """Opens the foreign page, with more attributes of the picker."""
    contexts = []

    def opened(more: str = "", server: str = "", **options: object) -> Page:
        (folder / "form.html").write_text(PAGE.format(server=server or site.url, more=more))
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{foreign}/form.html")
        return page

    yield opened
    for context in contexts:
        context.close()


def sent(page: Page) -> list[str]:
    page.locator("#send").click()
    page.wait_for_url("**/sent.html?*")
    return parse_qs(urlsplit(page.url).query).get("subject", [])


def theme(site: Server, name: str) -> str:
    return f"{site.url}/id/themes/{name}"


def test_a_concept_is_chosen_by_typing_with_the_keyboard_alone(picker: Open, site: Server) -> None:
    page = picker()
    page.evaluate("""document.addEventListener("change", (event) => {
        if (event.detail) window.told = event.detail.concepts; })""")
    field = page.get_by_role("combobox", name="Ämnen")
    field.focus()
    page.keyboard.type("badv")
    expect(page.get_by_role("option").first).to_contain_text("Badvatten")
    expect(page.get_by_role("option").first).to_contain_text("Miljö › Vatten")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "option-0"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ta bort Badvatten")).to_be_visible()
    assert page.evaluate("window.told") == [
        {
            "iri": theme(site, "bathing-water"),
            "label": "Badvatten",
            "lang": "sv",
            "path": ["Miljö", "Vatten"],
        }
    ]
    assert sent(page) == [theme(site, "bathing-water")]


def test_concepts_are_chosen_in_the_tree_with_the_keyboard_alone(
    picker: Open, site: Server
) -> None:
    page = picker()
    page.get_by_role("button", name="Bläddra").press("Enter")
    first = page.get_by_role("treeitem").first
    expect(first).to_be_focused()
    page.keyboard.type("m")
    environment = page.locator("[role=treeitem]:focus")
    expect(environment).to_contain_text("Miljö")
    page.keyboard.press("ArrowRight")
    expect(environment).to_have_attribute("aria-expanded", "true")
    water = page.get_by_role("treeitem", name="Vatten", exact=True)
    expect(water).to_have_attribute("aria-level", "2")
    water.focus()
    page.keyboard.press(" ")
    expect(water).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Bläddra")).to_be_focused()
    assert sent(page) == [theme(site, "water")]


def test_a_description_leads_to_suggestions(picker: Open, site: Server) -> None:
    page = picker()
    page.locator("concept-picker").evaluate(
        "(picker) => { picker.described = {title: 'Badplatser i kommunen'}; }"
    )
    offered = page.get_by_role("button", name="+ Badvatten")
    expect(offered.locator("small")).to_have_text("”badplatser” står i den")
    offered.click()
    assert sent(page) == [theme(site, "bathing-water")]


def test_what_was_chosen_before_is_there_with_its_name(picker: Open, site: Server) -> None:
    iris = f"{theme(site, 'bathing-water')} {theme(site, 'building-permits')}"
    page = picker(f'value="{iris}"')
    expect(page.get_by_role("button", name="Ta bort Badvatten")).to_be_visible()
    page.get_by_role("button", name="Ta bort Bygglov").click()
    assert sent(page) == [theme(site, "bathing-water")]


def test_no_more_than_wanted_and_at_least_what_is_needed(picker: Open, site: Server) -> None:
    page = picker('max="1" required')
    page.locator("#send").click()
    assert page.url.endswith("/form.html")
    valid = "(picker) => [picker.checkValidity(), picker.validationMessage]"
    assert page.locator("concept-picker").evaluate(valid) == [False, "Välj minst 1"]
    add = "(picker, iri) => picker.add({iri, label: iri, path: []})"
    for name in ("bathing-water", "water"):
        page.locator("concept-picker").evaluate(add, theme(site, name))
    expect(page.get_by_role("status")).to_have_text("Högst 1 kan väljas")
    assert sent(page) == [theme(site, "bathing-water")]


def test_without_scripts_there_is_a_plain_field(picker: Open) -> None:
    page = picker(java_script_enabled=False)
    page.locator("#plain").fill("https://example.org/a")
    assert sent(page) == ["https://example.org/a"]


def test_when_the_vocabulary_is_away_the_plain_field_comes_back(picker: Open) -> None:
    page = picker('server="http://127.0.0.1:9" value="https://example.org/old"')
    expect(page.get_by_role("status")).to_contain_text("kan inte nås")
    page.locator("#plain").fill("https://example.org/a")
    assert sent(page) == ["https://example.org/a"]


def test_the_page_writes_the_code_and_shows_the_picker(open_page: Open, site: Server) -> None:
    page = open_page("/embed?vocabulary=themes&language=sv&max=2")
    code = page.locator("#plain").inner_text()
    assert f"{site.url}/embed/v1/concept-picker.js" in code
    assert 'vocabulary="themes" lang="sv" max="2"' in code
    page.get_by_role("combobox", name="Subjects").fill("badv")
    page.locator("concept-picker [role=option]").first.click()
    expect(page.get_by_role("button", name="Ta bort Badvatten")).to_be_visible()


@pytest.mark.parametrize("query", ["?vocabulary=none", "?max=0", "?max=x", "?language=no such"])
def test_choices_that_are_none_are_replaced(open_page: Open, query: str) -> None:
    page = open_page(f"/embed{query}")
    assert "max=" in page.locator("#plain").inner_text()
