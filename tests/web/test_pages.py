"""What pages say and link to, read from their HTML; the browser tests try how they behave."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph

from tests.browser.conftest import HARD, HERE
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of, register

BASE = "http://127.0.0.1:8000"
ROWS = 60  # languages of the vocabulary that has many
PAGES = (
    "/",
    "/about",
    "/accessibility",
    "/vocabularies",
    "/vocabularies/hard",
    "/vocabularies/hard/index",
    "/vocabularies/hard/index/D",
    "/vocabularies/hard/changes",
    "/vocabularies/hard/deprecated",
    "/vocabularies/hard/statistics",
    "/vocabularies/hard/picture",
    f"/vocabularies/hard/picture?iri={HARD}/dog",
    f"/vocabularies/hard/picture?iri={HARD}/hostile",
    "/vocabularies/hard/groups",
    "/vocabularies/hard/orphans",
    "/vocabularies/hard/circles",
    "/vocabularies/many/groups",
    "/vocabularies/many/orphans",
    "/vocabularies/many/circles",
    "/vocabularies/hard/tree?iri=&whole=1",
    f"/resource?iri={HARD}",
    *(
        f"/resource?iri={HARD}/{name}"
        for name in (
            "animal",
            "dog",
            "bare",
            "hostile",
            "hound",
            "unicorn",
            "house-animals",
            "living",
            "hen",
        )
    ),
    "/search",
    "/search?q=d&in=notes&deprecated=1",
    f"/search?q=d&under={HARD}/animal&type={HARD}",
    "/sparql",
    "/sparql?query=ASK {}",
)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def hard_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the hard cases, and a vocabulary in many languages."""
    folder = tmp_path_factory.mktemp("hard")
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    many = folder / "many.ttl"
    names = ", ".join(f'"name"@x-t{number}' for number in range(ROWS))
    many.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <https://example.org/many/c> "
        f"a skos:Concept ; skos:prefLabel {names} ."
    )
    for name, path in (("hard", HERE / "hard-cases.ttl"), ("many", many)):
        import_file(opened.writer, BASE, name, Source(path, path.name), "test")
    yield app
    opened.close()


@pytest.fixture
def hard(hard_app: Flask) -> FlaskClient:
    return hard_app.test_client()


def read(client: FlaskClient, path: str, language: str = "en", status: int = 200) -> Elements:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == status
    return Elements(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_and_every_id_once(hard: FlaskClient, path: str) -> None:
    page = read(hard, path)
    titles = [t for t in page.all("title") if "lang" not in t]  # those of pictures have one
    assert len(page.all("h1")) == len(page.all("main")) == len(titles) == 1
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.found:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert attributes.get(name) is None or attributes[name] in ids


@pytest.mark.parametrize("path", PAGES)
def test_no_link_runs_a_script_or_leads_nowhere(hard: FlaskClient, path: str) -> None:
    for tag in ("a", "link", "form", "script", "img"):
        for attributes in read(hard, path).all(tag):
            for name in ("href", "action", "src"):
                address = attributes.get(name, "/")
                assert address
                assert address.startswith(("/", "#", "https://", "http://", "?"))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_styled_or_scripted_in_line(hard: FlaskClient, path: str) -> None:
    page = read(hard, path)
    assert page.all("style") == []
    for tag, attributes in page.found:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert tag != "script" or attributes.get("src") or "json" in str(attributes.get("type"))


def test_what_a_vocabulary_holds_stays_text(hard: FlaskClient) -> None:
    answer = hard.get(f"/resource?iri={HARD}/hostile", headers={"Accept": "text/html"})
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "</title><script>alert(2)</script>" in Elements(answer.text).text
    assert "{{ 7 * 7 }} %(num)s {n}" in Elements(answer.text).text


def test_a_mapping_is_a_link_only_where_a_browser_may_follow(hard: FlaskClient) -> None:
    addresses = {str(a.get("href")) for a in read(hard, f"/resource?iri={HARD}/dog").all("a")}
    assert {"https://example.com/dogs", "https://example.com/about-dogs"} <= addresses
    assert not any("javascript:" in address for address in addresses)


def test_a_deprecated_concept_says_so_first_and_what_to_use(hard: FlaskClient) -> None:
    text = read(hard, f"/resource?iri={HARD}/hound").text
    assert "This concept is no longer used. Use instead:" in " ".join(text.split())
    text = read(hard, f"/resource?iri={HARD}/unicorn", "sv").text
    assert "Begreppet används inte längre och har ingen direkt ersättare." in text


def test_an_ordered_collection_keeps_its_order(hard: FlaskClient) -> None:
    text = read(hard, f"/resource?iri={HARD}/by-size").text
    members = text[text.index("Members") :]
    assert members.index("horse") < members.index("dog") < members.index("cat")


def test_many_languages_are_folded(hard: FlaskClient) -> None:
    assert "50 more languages" in read(hard, "/vocabularies/many").text
    page = read(hard, "/resource?iri=https://example.org/many/c")
    assert len(page.all("details")) == 1
    assert f"{ROWS} languages" in page.text


def test_a_share_is_whole_only_when_no_name_is_missing(hard: FlaskClient) -> None:
    text = " ".join(read(hard, "/vocabularies/many").text.split())
    assert "100%" in text
    assert "100%" not in " ".join(read(hard, "/vocabularies/hard").text.split())


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nothing", 404, "Sidan finns inte"),
        ("/vocabularies/nothing", 404, "Sidan finns inte"),
        ("/vocabularies/hard/index/nothing", 404, "Sidan finns inte"),
        ("/resource?iri=", 400, "Det gick inte att förstå begäran"),
        ("/sparql?query=SELECT", 400, "Frågan gick inte att köra"),
    ],
)
def test_an_error_is_told_in_the_language_of_the_site(
    hard: FlaskClient, path: str, status: int, heading: str
) -> None:
    assert heading in read(hard, path, "sv", status).text


@pytest.mark.parametrize("path", ["/", "/vocabularies"])
def test_a_site_without_vocabularies_says_so(path: str, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path / "data", base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    with opened.writer.open():
        pass
    assert "There are no vocabularies here yet." in read(app.test_client(), path).text
    opened.close()


def test_the_language_of_names_stays_in_the_links(hard: FlaskClient) -> None:
    page = read(hard, "/vocabularies/hard/deprecated?lang=ar")
    inside = [str(a["href"]) for a in page.all("a") if "/hard" in str(a.get("href"))]
    assert inside
    onwards = [href for href in inside if "interface=" not in href and "next=" not in href]
    assert all("lang=ar" in href for href in onwards)


def test_names_are_not_marked_where_all_are_in_the_same_other_language(hard: FlaskClient) -> None:
    page = read(hard, "/vocabularies/many", "sv")
    chosen = [option["value"] for option in page.all("option") if "selected" in option]
    assert chosen == [page.all("option")[0]["value"]]
    marked = read(hard, f"/resource?iri={HARD}/dog&lang=xx")
    assert "(en)" not in marked.text
    assert "(sv)" in marked.text


def test_the_index_opens_at_a_letter_rather_than_at_digits(hard: FlaskClient) -> None:
    page = read(hard, "/vocabularies/hard/index", "sv")
    [current] = [a for a in page.all("a") if a.get("aria-current") and "/index/" in str(a["href"])]
    assert current["href"] == "/vocabularies/hard/index/D"


@pytest.mark.parametrize("language", ["å" * 300, "300", "sv'", "<b>", "zz-" * 40, "x" * 9])
def test_what_is_no_language_tag_is_not_taken_for_one(client: FlaskClient, language: str) -> None:
    for path in ("/vocabularies/themes", "/doc/themes/bathing-water", "/vocabularies/themes/index"):
        response = client.get(
            path, query_string={"lang": language}, headers={"Accept": "text/html"}
        )
        assert response.status_code == 200


def test_who_describes_a_concept_goes_before_who_only_mentions_it(settings: Settings) -> None:
    app = create_app(settings)
    opened = app.extensions["vocab_server"]
    text = "<https://example.org/a> a skos:Concept ; skos:exactMatch <https://example.org/z> ."
    for name, written in (("a", text), ("z", "<https://example.org/z> skos:prefLabel 'Z' .")):
        data = f"@prefix skos: <{SKOS}> . {written}"
        change = Change(graph_of(BASE, name), added=frozenset(Graph().parse(data=data)))  # type: ignore[arg-type]
        opened.writer.commit([register(BASE, name, name.upper()), change], "test", name)
    page = app.test_client().get("/resource?iri=https://example.org/z&format=html")
    assert page.status_code == 200
    assert 'href="/vocabularies/z' in page.text
    told = app.test_client().get("/api/v1/concepts?iri=https://example.org/z")
    assert told.get_json()["vocabulary"] == "z"
    opened.close()
