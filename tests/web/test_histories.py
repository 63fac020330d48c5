"""Pages of what was done to a vocabulary and a concept, their twins, and undoing a change."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.changing import BASE, edit, name, put
from tests.people import add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.vocabularies import graph_of

ZOO = "/vocabularies/zoo/history"
ATOM = "{http://www.w3.org/2005/Atom}"
START = """
    <https://example.org/zoo> a skos:ConceptScheme ; skos:prefLabel "Zoo"@en .
    :animal a skos:Concept ; skos:prefLabel "animal"@en, "djur"@sv .
    :dog a skos:Concept ; skos:prefLabel "dog"@en, "hund"@sv ; skos:broader :animal .
"""
BIG = "".join(f':n{n} a skos:Concept ; skos:prefLabel "n{n}"@en, "n{n}"@sv .\n' for n in range(180))


def make_zoo(folder: Path) -> Flask:
    """A vocabulary that was made, imported into, and edited three times: changes 2 to 6."""
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened = services_of(app)
    put(opened, "zoo", "Zoo", START)
    edit(opened, "zoo", added=BIG)
    edit(opened, "zoo", added=':dog skos:altLabel "<b>hound</b>"@en .')
    edit(
        opened,
        "zoo",
        added=":cat a skos:Concept ; skos:broader :animal ; "
        'skos:prefLabel "cat"@en, "고양이"@ko, "قطة"@ar .',
    )
    edit(
        opened,
        "zoo",
        added=':dog skos:prefLabel "doggie"@en .',
        removed=':dog skos:prefLabel "dog"@en .',
    )
    add_person(opened.database, "curator", Grant(Role.CURATOR, "zoo"))
    add_person(opened.database, "editor", Grant(Role.EDITOR, "zoo"))
    return app


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Somebody who only reads, where nothing else happens."""
    app = make_zoo(tmp_path_factory.mktemp("zoo"))
    yield app.test_client()
    services_of(app).close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = make_zoo(tmp_path)
    yield app
    services_of(app).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def curator(app: Flask) -> FlaskClient:
    return signed_in(app, "curator")


def text(client: FlaskClient, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<li id="change-(\d+)"', page)]


def undo(client: FlaskClient, number: int, **fields: object) -> str:
    """Undo a change on its page; where the new one is."""
    answer = send(client, f"{ZOO}/{number}/undo", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_vocabulary_tells_what_was_done_to_it_newest_first(zoo: FlaskClient) -> None:
    page = text(zoo, ZOO)
    assert numbers(page) == [6, 5, 4, 3, 2]
    assert "Added to" in page
    assert "&lt;b&gt;hound&lt;/b&gt;" in page
    assert "test" in page


def test_an_import_is_one_line(zoo: FlaskClient) -> None:
    page = text(zoo, ZOO)
    assert "540 statements were added and 0 removed." in page
    assert "n179" not in page
    assert "540 utsagor" in text(zoo, ZOO, "sv")


def test_a_concept_tells_only_what_was_done_to_it(zoo: FlaskClient) -> None:
    page = text(zoo, f"{ZOO}?iri={name('dog')}")
    assert numbers(page) == [6, 4, 2]
    assert "doggie" in page
    assert "고양이" not in page
    assert numbers(text(zoo, f"{ZOO}?iri={name('animal')}")) == [5, 2]
    assert f"{ZOO}?iri=" in text(zoo, f"/resource?iri={name('dog')}")


def test_of_an_import_a_concept_tells_its_own_part(zoo: FlaskClient) -> None:
    page = text(zoo, f"{ZOO}?iri={name('n7')}")
    assert numbers(page) == [3]
    assert "n77" not in page


def test_an_unknown_concept_has_no_history(zoo: FlaskClient) -> None:
    assert zoo.get(f"{ZOO}?iri=https://example.org/unknown").status_code == 404
    assert zoo.get(f"{ZOO}?iri=no%20iri").status_code == 400
    assert zoo.get("/vocabularies/unknown/history").status_code == 404


def test_programs_read_the_same(zoo: FlaskClient) -> None:
    led = zoo.get(f"{ZOO}?iri={name('dog')}", headers={"Accept": "application/json"})
    assert led.status_code == 303
    found = zoo.get(led.location).json
    assert found["total"] == 3
    assert [item["number"] for item in found["items"]] == [6, 4, 2]
    first = found["items"][0]["told"][0]
    assert (first["kind"], first["concept"]["prefLabel"]) == ("label-changed", "doggie")
    whole = zoo.get("/api/v1/vocabularies/zoo/history?limit=2&offset=2").json
    assert [(item["number"], item["added"]) for item in whole["items"]] == [(4, 1), (3, 540)]
    assert "told" not in whole["items"][1]


def test_a_history_can_be_followed(zoo: FlaskClient) -> None:
    led = zoo.get(ZOO, headers={"Accept": "application/atom+xml"})
    feed = ElementTree.fromstring(zoo.get(led.location).text)  # noqa: S314  (our own)
    assert len(feed.findall(f"{ATOM}entry")) == 5
    one = ElementTree.fromstring(zoo.get(f"/feeds/zoo/history.atom?iri={name('dog')}").text)  # noqa: S314  (our own)
    entries = one.findall(f"{ATOM}entry")
    assert len(entries) == 3
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "test"
    assert "label-changed" in entries[0].findtext(f"{ATOM}content", "")


def test_an_author_whose_name_is_an_address_stays_unnamed(app: Flask, client: FlaskClient) -> None:
    opened, graph = services_of(app), graph_of(BASE, "zoo")
    change = Change(graph, frozenset([(name("dog"), SKOS.related, name("cat"))]))
    opened.writer.commit([change], "anna@example.org", "By mail")
    page = text(client, ZOO)
    assert "anna@example.org" not in page
    assert "somebody" in page
    assert "anna@example.org" not in client.get("/api/v1/vocabularies/zoo/history").text
    assert "anna@example.org" not in client.get("/feeds/zoo/history.atom").text


def test_a_change_has_a_page_and_a_patch(zoo: FlaskClient) -> None:
    page = text(zoo, f"{ZOO}/6")
    assert "doggie" in page
    patch = zoo.get(f"{ZOO}/6?format=patch")
    assert patch.mimetype == "application/rdf-patch"
    assert "A <https://example.org/zoo/dog>" in patch.text
    assert zoo.get(f"{ZOO}/1").status_code == 404  # of the catalog
    assert zoo.get(f"{ZOO}/99").status_code == 404


def test_only_who_may_publish_is_offered_to_undo(
    app: Flask, client: FlaskClient, curator: FlaskClient
) -> None:
    assert "/undo" not in text(client, ZOO)
    assert f"{ZOO}/6/undo" in text(curator, ZOO)
    html = {"Accept": "text/html"}
    assert client.get(f"{ZOO}/6/undo", headers=html).status_code == 303
    assert signed_in(app, "editor").get(f"{ZOO}/6/undo", headers=html).status_code == 403


def test_a_change_is_undone_after_a_preview(client: FlaskClient, curator: FlaskClient) -> None:
    preview = text(curator, f"{ZOO}/6/undo")
    assert "What will happen" in preview
    assert "doggie" in preview
    assert undo(curator, 6, reason="Barnspråk") == f"{ZOO}/7"
    page = text(client, f"{ZOO}?iri={name('dog')}")
    assert numbers(page)[0] == 7
    assert "Undid change 6" in page
    assert "Barnspråk" in page
    assert ">dog<" in text(client, f"/resource?iri={name('dog')}&lang=en")
    undo(curator, 7)
    assert ">doggie<" in text(client, f"/resource?iri={name('dog')}&lang=en")


def test_what_a_change_created_keeps_its_identifier(
    client: FlaskClient, curator: FlaskClient
) -> None:
    undo(curator, 5, reason="Cats are no zoo animals")
    page = text(client, f"/resource?iri={name('cat')}")
    assert "no longer used" in page
    assert "Cats are no zoo animals" in page
    found = client.post("/api/v1/resolve", json={"iris": [name("cat")]}).json["items"][0]
    assert found["status"] == "deprecated"


def test_what_was_done_since_is_shown_when_it_is_in_the_way(
    app: Flask, client: FlaskClient, curator: FlaskClient
) -> None:
    edit(
        services_of(app),
        "zoo",
        added=':dog skos:prefLabel "pooch"@en .',
        removed=':dog skos:prefLabel "doggie"@en .',
    )
    page = text(curator, f"{ZOO}/6/undo")
    assert "cannot be undone" in page
    assert "pooch" in page
    assert '<form method="post" novalidate>' not in page
    answer = send(curator, f"{ZOO}/6/undo", ZOO)
    assert answer.status_code == 409
    assert numbers(text(client, ZOO))[0] == 7


def test_nothing_that_is_under_a_created_concept_is_lost(app: Flask, curator: FlaskClient) -> None:
    edit(services_of(app), "zoo", added=":kitten a skos:Concept ; skos:broader :cat .")
    assert "STR-14" in text(curator, f"{ZOO}/5/undo")
    assert send(curator, f"{ZOO}/5/undo", ZOO).status_code == 422


def test_a_change_is_undone_once(curator: FlaskClient) -> None:
    undo(curator, 5)
    assert send(curator, f"{ZOO}/5/undo", ZOO).status_code == 422
