"""Releases and what changed between them, over a vocabulary with a past and a shipped one."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, URIRef

from tests.changing import BASE, DATED, edit, let_through, name, put
from vocab_server.app import create_app
from vocab_server.cli.loading import load_shipped
from vocab_server.config import Settings
from vocab_server.rdf.namespaces import DCT, OWL
from vocab_server.rdf.rdf_patch import read_patch
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of

ZOO = "/vocabularies/zoo"
THEMES = graph_of(BASE, "data-theme")
HEALTH = URIRef("http://publications.europa.eu/resource/authority/data-theme/HEAL")
PREF = URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")


@pytest.fixture(scope="module")
def released_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Two releases of the zoo with edits between and after them, one of a shipped vocabulary."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("zoo") / "data", base_url=BASE))
    opened: Services = app.extensions["vocab_server"]
    load_shipped(opened)
    put(opened, "zoo", "The zoo", DATED.replace("\\u0007", ""))
    put(opened, "fresh", "Fresh", ":x a skos:Concept .")
    let_through(opened, "zoo")
    opened.releases.freeze("zoo", "2026.1", "anna", "Första <b>utgåvan</b>.\nTvå rader.")
    opened.releases.freeze("data-theme", "1", "anna")
    edit(opened, "zoo", added=':cat a skos:Concept ; skos:prefLabel "cat"@en, "katt"@sv .')
    edit(opened, "zoo", removed=':dog skos:prefLabel "dog"@en . :bare a skos:Concept .')
    edit(opened, "zoo", added=':dog skos:prefLabel "<i>the dog</i>"@en ; skos:broader :hostile .')
    opened.releases.freeze("zoo", "2026.2", "anna")
    edit(opened, "zoo", added=":dog skos:exactMatch <javascript:alert(1)> .")
    yield app
    opened.close()


@pytest.fixture
def released(released_app: Flask) -> FlaskClient:
    return released_app.test_client()


def text(client: FlaskClient, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_tab_is_there_when_there_is_a_release(released: FlaskClient) -> None:
    assert f'href="{ZOO}/releases"' in text(released, ZOO)
    assert "/vocabularies/fresh/releases" not in text(released, "/vocabularies/fresh")
    assert "no release" in text(released, "/vocabularies/fresh/releases")


def test_a_vocabulary_tells_its_newest_release_and_its_last_change(
    released: FlaskClient, released_app: Flask
) -> None:
    opened: Services = released_app.extensions["vocab_server"]
    zoo, today = graph_of(BASE, "zoo"), opened.log.last_times()[graph_of(BASE, "zoo")].date()
    assert "<dd>2026.2</dd>" in text(released, ZOO)
    found = Graph().parse(data=released.get("/.well-known/void").text, format="turtle")
    assert str(found.value(zoo, OWL.versionInfo)) == "2026.2"
    assert str(found.value(zoo, DCT.modified)) == today.isoformat()
    assert str(found.value(THEMES, DCT.modified)) < today.isoformat()  # as it came


@pytest.mark.parametrize(("language", "word"), [("en", "First release"), ("sv", "Första utgåvan")])
def test_releases_are_listed_newest_first(released: FlaskClient, language: str, word: str) -> None:
    page = text(released, f"{ZOO}/releases", language)
    assert page.index(">2026.2<") < page.index(">2026.1<")
    assert word in page
    listed = released.get(f"{ZOO}/releases?format=json").json
    assert listed["total"] == 2
    assert [item["name"] for item in listed["items"]] == ["2026.2", "2026.1"]


def test_a_release_shows_its_notes_as_text(released: FlaskClient) -> None:
    page = text(released, f"{ZOO}/releases/2026.1")
    assert "Första &lt;b&gt;utgåvan&lt;/b&gt;." in page
    for ending in ("ttl", "rdf", "jsonld", "nt"):
        assert f'href="{ZOO}/releases/2026.1.{ending}"' in page
    assert f'href="{ZOO}/diff/2026.1..2026.2?group=relabelled"' in text(
        released, f"{ZOO}/releases/2026.2"
    )


def test_a_frozen_file_is_the_same_for_ever(released: FlaskClient) -> None:
    answer = released.get(f"{ZOO}/releases/2026.1.ttl")
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    got = Graph().parse(data=answer.data, format="turtle")
    assert (name("cat"), None, None) not in got
    assert "dog" in {str(label) for label in got[name("dog") : PREF]}
    again = {"If-None-Match": answer.headers["ETag"]}
    assert released.get(f"{ZOO}/releases/2026.1.ttl", headers=again).status_code == 304
    assert released.head(f"{ZOO}/releases/2026.1.ttl").data == b""
    later = Graph().parse(data=released.get(f"{ZOO}/releases/2026.2.nt").data, format="nt")
    assert (name("cat"), None, None) in later


def test_a_shipped_vocabulary_is_released_whole(released: FlaskClient) -> None:
    now = Graph().parse(data=released.get("/vocabularies/data-theme.nt").data, format="nt")
    for ending, form in (("rdf", "xml"), ("jsonld", "json-ld"), ("nt", "nt")):
        data = released.get(f"/vocabularies/data-theme/releases/1.{ending}").data
        frozen = Graph().parse(data=data, format=form)
        assert len(frozen) == len(now)
        assert set(frozen[HEALTH:PREF]) == set(now[HEALTH:PREF])


def test_who_asks_for_rdf_is_led_to_the_file(released: FlaskClient) -> None:
    answer = released.get(f"{ZOO}/releases/2026.1", headers={"Accept": "application/rdf+xml"})
    assert (answer.status_code, answer.location) == (303, f"{ZOO}/releases/2026.1.rdf")
    told = released.get(f"{ZOO}/releases/2026.1", headers={"Accept": "application/json"}).json
    assert told["iri"] == f"{BASE}{ZOO}/releases/2026.1"
    assert told["notes"].startswith("Första")
    assert set(told["files"]) == {"ttl", "rdf", "jsonld", "nt"}


def test_changes_are_told_in_words(released: FlaskClient) -> None:
    page = text(released, f"{ZOO}/diff/2026.1..2026.2")
    assert "&lt;i&gt;the dog&lt;/i&gt;" in page
    for word in ("Created", "Removed", "Label changed", "Placed under one more concept"):
        assert word in page
    svenska = text(released, f"{ZOO}/diff/2026.1..2026.2?lang=sv", "sv")
    for word in ("Skapad", "Tillagt", "Benämning ändrad", "katt"):
        assert word in svenska
    only = text(released, f"{ZOO}/diff/2026.1..2026.2?group=relabelled")
    assert "Label changed" in only
    assert "Placed under" not in only
    assert "javascript:alert" in text(released, f"{ZOO}/diff/2026.2..current")
    assert 'href="javascript' not in text(released, f"{ZOO}/diff/2026.2..current")
    assert "Nothing changed." in text(released, f"{ZOO}/diff/2026.2..2026.2")


def test_changes_as_json_and_as_patch(released: FlaskClient) -> None:
    told = released.get(f"{ZOO}/diff/2026.1..2026.2?format=json&limit=1").json
    assert told["total"] == sum(told["counts"].values()) == 4
    assert len(told["items"]) == 1
    answer = released.get(f"{ZOO}/diff/2026.1..2026.2", headers={"Accept": "application/rdf-patch"})
    assert answer.mimetype == "application/rdf-patch"
    [change] = read_patch(answer.text, graph_of(BASE, "zoo"))
    assert (len(change.added), len(change.removed)) == (told["added"], told["removed"]) == (5, 2)
    back = released.get(f"{ZOO}/diff/2026.2..2026.1?format=patch").text
    [undone] = read_patch(back, graph_of(BASE, "zoo"))
    assert undone == change.inverse()


def test_the_rest_api_names_the_newest_release(released: FlaskClient) -> None:
    assert released.get("/api/v1/vocabularies/zoo").json["release"] == "2026.2"
    assert released.get("/api/v1/vocabularies/fresh").json["release"] is None


def test_the_form_leads_to_the_changes(released: FlaskClient) -> None:
    answer = released.get(f"{ZOO}/diff?from=2026.1&to=current")
    assert (answer.status_code, answer.location) == (303, f"{ZOO}/diff/2026.1..current")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/releases/2025", 404),
        ("/releases/2025.ttl", 404),
        ("/releases/2026.1?format=xlsx", 400),
        ("/diff/2025..2026.1", 404),
        ("/diff/2026.1..2025", 404),
        ("/diff/2026.1..2026.2?group=nothing", 400),
        ("/diff?from=2025", 404),
        ("/diff?to=2026.1", 404),
    ],
)
def test_what_is_not_there_is_said(released: FlaskClient, path: str, status: int) -> None:
    answer = released.get(ZOO + path, headers={"Accept": "application/json"})
    assert answer.status_code == status
    if status == 404:
        assert "2026.2, 2026.1" in answer.json["detail"]
