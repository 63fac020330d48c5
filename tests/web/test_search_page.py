"""The search page and its suggestions: what is found, and what a search stays among."""

from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import Literal, URIRef

from tests.conftest import BASE
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.vocabularies import graph_of

PLACE = "https://example.org/pages/"
TURTLE = f"""
@prefix : <{PLACE}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<{PLACE.rstrip("/")}> a skos:ConceptScheme .
:river a skos:Concept ; skos:prefLabel "Å"@sv, "River"@en .
:city a skos:Concept ; skos:prefLabel "Stad"@sv, "City"@en .
:bank a skos:Concept ; skos:broader :river ; skos:prefLabel "Bank"@sv, "Bank"@en ;
    skos:definition "Sluttning vid vatten."@sv .
:money a skos:Concept, owl:Class ; skos:broader :city ; skos:prefLabel "Bank"@sv, "Bank"@en .
:old a skos:Concept ; skos:broader :city ; skos:prefLabel "Bankfack"@sv ; owl:deprecated true .
:arabic a skos:Concept ; skos:prefLabel "بنك"@ar .
:hangul a skos:Concept ; skos:prefLabel "은행"@ko .
:group a skos:Collection ; skos:member :money ; skos:prefLabel "Pengar"@sv .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """An application over a vocabulary with two concepts of the same name."""
    directory: Path = tmp_path_factory.mktemp("search")
    file = directory / "pages.ttl"
    file.write_text(TURTLE)
    app = create_app(Settings(data=directory / "data", base_url=BASE))
    services = app.extensions["vocab_server"]
    import_file(services.writer, BASE, "pages", Source(file, file.name), "test")
    return app.test_client()


def text(client: FlaskClient, path: str, **query: str) -> str:
    asked = {"lang": "sv", "interface": "sv"} | query
    answer = client.get(path, query_string=asked, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return unescape(answer.text)


def concepts(page: str) -> list[str]:
    names = ("river", "city", "bank", "money", "old", "arabic", "hangul")
    places = {name: page.find(f"%2Fpages%2F{name}") for name in names}
    return sorted((name for name in names if places[name] >= 0), key=lambda name: places[name])


@pytest.mark.parametrize("path", ["/search", "/search/suggestions"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"bank", "money"}),
        ({"vocabulary": "pages"}, {"bank", "money"}),
        ({"language": "ar"}, set()),
        ({"under": f"{PLACE}river"}, {"bank"}),
        ({"group": f"{PLACE}group"}, {"money"}),
        ({"type": "http://www.w3.org/2002/07/owl#Class"}, {"money"}),
        ({"deprecated": "1"}, {"bank", "money", "old"}),
    ],
)
def test_a_search_stays_among_what_is_asked_for(
    client: FlaskClient, path: str, query: dict[str, str], expected: set[str]
) -> None:
    page = text(client, path, q="bank", **query)
    listed = page.partition('id="results"')[2] if path == "/search" else page
    assert set(concepts(listed)) == expected


@pytest.mark.parametrize("path", ["/search", "/search/suggestions"])
def test_two_concepts_of_the_same_name_are_told_apart_by_their_path(
    client: FlaskClient, path: str
) -> None:
    page = text(client, path, q="bank")
    assert '› <span lang="sv" dir="auto">Å</span>' in page
    assert '› <span lang="sv" dir="auto">Stad</span>' in page


def test_what_a_search_stays_among_can_be_left(client: FlaskClient) -> None:
    page = text(client, "/search", q="bank", under=f"{PLACE}river")
    assert "Bara under" in page
    assert f'<input type="hidden" name="under" value="{PLACE}river">' in page
    assert "Sök i allt i stället" in page


@pytest.mark.parametrize(("name", "relation"), [("river", "under"), ("group", "group")])
def test_the_page_of_a_concept_leads_to_a_search_below_it(
    client: FlaskClient, name: str, relation: str
) -> None:
    page = text(client, "/resource", iri=f"{PLACE}{name}")
    assert f'href="/search?{relation}={PLACE}{name}"' in page
    assert "Sök bland dessa" in page


def test_notes_are_searched_when_the_box_is_ticked(client: FlaskClient) -> None:
    assert concepts(text(client, "/search", q="sluttning")) == []
    page = text(client, "/search", **{"q": "sluttning", "in": "notes"})
    assert concepts(page) == ["bank"]
    assert "Sluttning vid vatten." in page
    assert '<input type="checkbox" name="in" value="notes" checked>' in page


@pytest.mark.parametrize(("typed", "language"), [("بنك", "ar"), ("은", "ko"), ("ㅇㅎ", "ko")])
def test_what_matched_is_shown_in_its_own_language(
    client: FlaskClient, typed: str, language: str
) -> None:
    page = text(client, "/search/suggestions", q=typed)
    assert f'<span lang="{language}" dir="auto">' in page


def test_an_identifier_that_is_none_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.get("/search", query_string={"q": "bank", "under": "no identifier"})
    assert answer.status_code == 400
    assert "under=no identifier" in unescape(answer.text)


def test_what_was_suggested_before_a_change_is_not_suggested_after(client: FlaskClient) -> None:
    assert concepts(text(client, "/search/suggestions", q="nyord")) == []
    services = client.application.extensions["vocab_server"]
    added = (URIRef(f"{PLACE}river"), SKOS.altLabel, Literal("nyord", lang="sv"))
    change = Change(graph_of(BASE, "pages"), added=frozenset({added}))
    services.writer.commit([change], "me", "A name")
    assert concepts(text(client, "/search/suggestions", q="nyord")) == ["river"]
