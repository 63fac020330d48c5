"""The documentation: every page in every language, its links, and its tables against the tables."""

import re
from collections.abc import Iterator
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE, ROOT
from tests.people import services_of
from tests.test_translations import catalog
from vocab_server.accounts.roles import Permission, Role
from vocab_server.app import create_app
from vocab_server.background import DUTIES
from vocab_server.bench.targets import result
from vocab_server.catalog.profiles import PROFILES
from vocab_server.cli import COMMANDS
from vocab_server.cli.served import told
from vocab_server.config import PREFIX, Settings
from vocab_server.quality.checks import CHECKS
from vocab_server.rdf.formats import FORMATS, RESULTS
from vocab_server.reading import INTERFACE_LANGUAGES
from vocab_server.web import manual
from vocab_server.web.evidence import figures
from vocab_server.web.markup import Places, make_text
from vocab_server.web.references import TABLES

PLACES = Places(str, lambda name: f"[{name}]", "Example")  # type: ignore[arg-type]
GUIDED = {manual.Audience.AGENCY, manual.Audience.PUBLISHER}  # they work on pages


class Page(HTMLParser):
    """What a page links to and can be linked by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.languages: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.hrefs += [found["href"] or ""] if tag == "a" and "href" in found else []
        self.ids += [found["id"] or ""] if "id" in found else []
        self.languages += [found["lang"] or ""] if tag == "article" and "lang" in found else []


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application as it is served, with nothing in it."""
    data = tmp_path_factory.mktemp("documented")
    app = create_app(Settings(data=data, base_url=BASE), told())
    with services_of(app).writer.open():
        pass
    yield app.test_client()
    services_of(app).close()


def texts(language: str) -> Iterator[str]:
    """All texts of the interface, and of the levels of checks, in a language."""
    for key, message in catalog().items():
        yield str(key if language == "en" else message.string)


def read(reader: FlaskClient, slug: str, language: str = "en") -> str:
    response = reader.get(f"/docs/{slug}", headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("slug", [page.slug for page in manual.PAGES])
def test_a_page_is_shown_in_the_language_there_is(
    reader: FlaskClient, slug: str, language: str
) -> None:
    page = Page(read(reader, slug, language))
    shown = manual.language_of(manual.get_page(slug), language)
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert page.languages == ([shown] if shown != language else [])


def test_no_link_leads_nowhere(reader: FlaskClient) -> None:
    asked: dict[str, tuple[int, list[str]]] = {}

    def answer(path: str) -> tuple[int, list[str]]:
        if path not in asked:
            response = reader.get(path, headers={"Accept-Language": "sv"})
            is_page = response.mimetype == "text/html"
            asked[path] = (response.status_code, Page(response.text).ids if is_page else [])
        return asked[path]

    broken = []
    for slug in manual.pages():
        for href in Page(read(reader, slug, "sv")).hrefs:
            path, _, fragment = href.partition("#")
            if path.startswith(("http", "mailto")):
                continue
            status, ids = answer(path or f"/docs/{slug}")
            if status >= 400 or (fragment and fragment not in ids):
                broken.append((slug, href))
    assert broken == []


def test_the_index_lists_every_page(reader: FlaskClient) -> None:
    for language in INTERFACE_LANGUAGES:
        page = Page(reader.get("/docs", headers={"Accept-Language": language}).text)
        assert {f"/docs/{slug}" for slug in manual.pages()} <= set(page.hrefs)


def test_figures_of_a_benchmark_are_a_table(reader: FlaskClient) -> None:
    measured = result("commit", "themes", 41.25).to_json()
    with reader.application.test_request_context():
        table = figures([measured])
    said = [cell.text for cell in table.rows[0]]
    assert said == ["commit", "themes", "41.2", "200", "0.206", "ms", "at most 200 ms", "met"]


def test_every_table_is_on_a_page() -> None:
    named = {
        name
        for path in (ROOT / "docs").rglob("*.md")
        for block in re.findall(r"^```reference\n(.*?)^```", path.read_text(), re.M | re.S)
        for name in block.split()
    }
    assert named == set(TABLES)


NAMES = {
    "settings": [PREFIX + spec.name.upper() for spec in fields(Settings)],
    "commands": [f"vocab-server {command.name}" for command in COMMANDS]
    + [duty.name for duty in DUTIES],
    "checks": [check.id for check in CHECKS],
    "quality-and-releases": [f'href="/checks/{check.id}"' for check in CHECKS],
    "roles": [*Role, *Permission],
    "addresses": [form.media_type for form in FORMATS],
    "sparql": [form.media_type for form in RESULTS],
    "describing-data": list(PROFILES),
}


@pytest.mark.parametrize("slug", NAMES)
def test_a_table_tells_all_there_is(reader: FlaskClient, slug: str) -> None:
    for language in INTERFACE_LANGUAGES:
        page = read(reader, slug, language)
        assert [name for name in NAMES[slug] if name not in page] == []


def test_a_page_that_is_not_there_is_told_so(reader: FlaskClient) -> None:
    for path in ("/docs/nothing", "/docs/../config", "/docs/sv/roles", "/docs/security/asvs.csv"):
        assert reader.get(path).status_code == 404


def test_commands_are_those_of_this_server(tmp_path: Path) -> None:
    base = "https://begrepp.example.se"
    app = create_app(Settings(data=tmp_path, base_url=base))
    with services_of(app).writer.open():
        pass
    page = app.test_client().get("/docs/addresses").text
    services_of(app).close()
    assert f"{base}/id/themes/bathing-water" in page
    assert "127.0.0.1:8000" not in page


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("<b onclick=x>b</b>", "&lt;b onclick"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
        ("`<i>`", "&lt;i&gt;"),
        ("```\n</code><script>\n```", "&lt;/code&gt;&lt;script&gt;"),
        ("    </code><script>", "&lt;/code&gt;&lt;script&gt;"),
        ("    indented", '<pre tabindex="0" role="region"'),
        ("```reference\nx\n```", "[x]"),
    ],
)
def test_markdown_brings_in_no_html(source: str, shown: str) -> None:
    body = make_text(f"# Title\n\n{source}", PLACES).body
    assert shown in body
    assert "<script" not in body
    assert "<i>" not in body


def test_headings_have_names_of_their_own() -> None:
    text = make_text("# Title\n\n## Same\n\n## Same\n\n## Övrigt & annat", PLACES)
    assert [heading.id for heading in text.headings] == ["same", "same-1", "övrigt--annat"]
    assert all(f'id="{heading.id}"' in text.body for heading in text.headings)


def test_pages_in_two_languages_have_the_same_parts() -> None:
    for page in manual.PAGES:
        parts = [
            [(h.level) for h in make_text(manual.source_of(page, tag), PLACES).headings]
            for tag in page.languages
        ]
        blocks = [manual.source_of(page, tag).count("```") for tag in page.languages]
        assert all(part == parts[0] for part in parts), page.slug
        assert len(set(blocks)) == 1, page.slug


def test_the_notebook_is_handed_out(reader: FlaskClient) -> None:
    response = reader.get("/docs/vocab-server.ipynb")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.json["nbformat"] == 4


def test_every_page_leads_to_the_documentation(reader: FlaskClient) -> None:
    for path in ("/", "/vocabularies", "/docs"):
        assert "/docs" in Page(reader.get(path).text).hrefs


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_what_stands_in_italics_is_on_pages(language: str) -> None:
    """A guide that names a button or a tab names it as it is called there."""
    known = {text.lower() for text in texts(language)}
    wrong = [
        (page.slug, name)
        for page in manual.PAGES
        if page.audience in GUIDED and language in page.languages
        for name in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", _prose(page, language))
        if name.lower() not in known
    ]
    assert wrong == []


def _prose(page: manual.Page, language: str) -> str:
    """A page without its code."""
    source = manual.source_of(page, language)
    return re.sub(r"^```.*?^```$|`[^`]+`", "", source, flags=re.M | re.S)
