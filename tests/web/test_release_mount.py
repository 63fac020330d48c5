"""A release is browsed as what is published: the same pages, as they were."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef

from tests.changing import BASE, edit, let_through, put
from tests.people import services_of
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.release_stores import ReleaseStores
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.releases import get_release
from vocab_server.skos.vocabularies import graph_of

ROOT = "/vocabularies/zoo/releases/1"
DOG = f"{BASE}/id/zoo/dog"
START = f"""
    <https://example.org/zoo> a skos:ConceptScheme ; skos:prefLabel "Zoo"@en ;
        skos:hasTopConcept :animal .
    :animal a skos:Concept ; skos:prefLabel "animal"@en, "djur"@sv, "동물"@ko, "حيوان"@ar .
    <{DOG}> a skos:Concept ; skos:prefLabel "dog"@en ; skos:broader :animal .
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A vocabulary with a release, changed since."""
    folder: Path = tmp_path_factory.mktemp("mounted")
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened = services_of(app)
    put(opened, "zoo", "Zoo", START)
    put(opened, "other", "Other", ":fish a skos:Concept ; skos:prefLabel 'fish'@en .")
    let_through(opened, "zoo")
    release = opened.releases.freeze("zoo", "1", "anna")
    opened.release_stores.make(release, opened.published.view().store)
    edit(
        opened,
        "zoo",
        added=f'<{DOG}> skos:prefLabel "hound"@en .'
        ':cat a skos:Concept ; skos:prefLabel "cat"@en ; skos:broader :animal .',
        removed=f'<{DOG}> skos:prefLabel "dog"@en .',
    )
    yield app
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text(client: FlaskClient, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, (answer.status_code, answer.text, answer.location)
    return answer.text


def when_ready(client: FlaskClient, path: str) -> str:
    """A page that is made ready in another process, asked for as often as it says."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        answer = client.get(path, headers={"Accept": "text/html"})
        if answer.status_code == 200:
            return answer.text
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["Retry-After"])
    raise TimeoutError(path)


def test_a_release_has_its_own_tree(client: FlaskClient) -> None:
    page = text(client, f"{ROOT}/vocabularies/zoo")
    assert "This is release 1 of" in page
    assert f'href="{ROOT}/resource?iri=' in page
    assert "Det här är utgåva 1" in text(client, f"{ROOT}/vocabularies/zoo", "sv")


def test_a_concept_is_as_it_was(client: FlaskClient) -> None:
    page = text(client, f"{ROOT}/doc/zoo/dog")
    assert ">dog<" in page
    assert "hound" not in page
    assert 'href="/doc/zoo/dog"' in page  # as it is today
    assert 'href="/static/site.css' in page
    assert "hound" in text(client, "/doc/zoo/dog")


def test_the_concept_leads_to_the_release_and_back(client: FlaskClient) -> None:
    assert f'href="{ROOT}/doc/zoo/dog"' in text(client, "/doc/zoo/dog")
    assert ROOT not in text(client, "/resource?iri=https://example.org/zoo/cat")


def test_programs_read_a_concept_as_it_was(client: FlaskClient) -> None:
    answer = client.get(f"{ROOT}/doc/zoo/dog", headers={"Accept": "text/turtle"})
    found = Graph().parse(data=answer.data, format="turtle")
    assert set(found.objects(URIRef(DOG), SKOS.prefLabel)) == {Literal("dog", lang="en")}
    assert "Memento-Datetime" in answer.headers
    assert f'<{DOG}>; rel="original"' in ", ".join(answer.headers.getlist("Link"))
    for ending in ("ttl", "rdf", "jsonld", "nt"):
        assert client.get(f"{ROOT}/doc/zoo/dog.{ending}").status_code == 200


@pytest.mark.parametrize(
    "path", ["index/D", "groups", "deprecated", "statistics", "vocabularies/zoo/picture"]
)
def test_every_page_of_the_vocabulary_is_there(client: FlaskClient, path: str) -> None:
    page = text(client, f"{ROOT}/{path}?lang=en")
    assert "This is release 1 of" in page
    assert "hound" not in page


def test_a_piece_of_its_tree_leads_within(client: FlaskClient) -> None:
    piece = text(client, f"{ROOT}/tree?lang=ko")
    assert f'href="{ROOT}/resource?iri=' in piece
    assert "동물" in piece


def test_search_stays_within(client: FlaskClient) -> None:
    page = text(client, f"{ROOT}/search?q=dog")
    assert f"{ROOT}/doc/zoo/dog" in page
    for later in ("hound", "cat", "fish"):
        assert f"{ROOT}/doc/" not in text(client, f"{ROOT}/search?q={later}")


def test_what_came_later_is_not_there(client: FlaskClient) -> None:
    for path in (
        "/resource?iri=https://example.org/zoo/cat",
        "/doc/zoo/unknown",
        "/no-such-page",
    ):
        assert client.get(f"{ROOT}{path}").status_code == 404
    assert client.get("/vocabularies/zoo/releases/2/doc/zoo/dog").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/sparql?query=ASK%7B%7D", "/vocabularies", "/vocabularies/other", "/about"],
)
def test_what_a_release_has_not_is_elsewhere(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{ROOT}{path}")
    assert (answer.status_code, answer.location) == (307, path)


@pytest.mark.parametrize(
    "path", ["vocabularies/zoo", "tree", "index/D", "groups", f"tree?iri={BASE}/id/zoo/dog"]
)
def test_programs_are_led_to_the_data_of_the_release(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{ROOT}/{path}", headers={"Accept": "application/json"})
    assert answer.status_code == 303
    assert answer.location.startswith(f"{ROOT}/api/v1/")
    found = client.get(answer.location)
    assert (found.status_code, found.mimetype) == (200, "application/json")
    for later in ("hound", "cat"):
        assert later not in found.text
    if path == "vocabularies/zoo":
        told = found.get_json()
        assert (told["concepts"], told["release"]) == (2, "1")
        issued = client.get(ROOT, headers={"Accept": "application/json"}).get_json()["issued"]
        assert told["modified"][:19] == issued[:19]


def test_its_files_are_the_frozen_ones(client: FlaskClient) -> None:
    rdf = client.get(f"{ROOT}/vocabularies/zoo", headers={"Accept": "text/turtle"})
    assert rdf.status_code == 303
    assert client.get(rdf.location).location == f"{ROOT}.ttl"


def test_what_is_lost_of_a_release_is_made_again(app: Flask, client: FlaskClient) -> None:
    opened = services_of(app)
    text(client, f"{ROOT}/doc/zoo/dog")
    known = opened.published.view().releases[graph_of(BASE, "zoo")]
    stores: ReleaseStores = opened.release_stores
    shutil.rmtree(opened.settings.data / "releases" / "zoo")
    app.extensions["release_views"]._open.clear()
    assert stores.snapshots(get_release(known, "1")).name() is None
    assert ">dog<" in when_ready(client, f"{ROOT}/doc/zoo/dog?lang=en")
