"""Big published changes taken back as a whole, or refused with the reason, on pages."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Literal

from tests.changing import BASE, edit, name, put
from tests.people import HTML, add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.differences import composed
from vocab_server.editing.reverting import MOST
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.skos.vocabularies import graph_of

GRAPH = graph_of(BASE, "zoo")
TOO_BIG = "too big to be undone after other changes"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A vocabulary with one concept, and more notes on it than are undone one by one."""
    made = create_app(Settings(data=tmp_path / "data", base_url=BASE))
    put(services_of(made), "zoo", "Zoo", ':dog a skos:Concept ; skos:prefLabel "dog"@en .')
    grow(made, "one")
    add_person(services_of(made).database, "curator", Grant(Role.CURATOR, "zoo"))
    yield made
    services_of(made).close()


def grow(app: Flask, mark: str, *more: Triple) -> None:
    notes = ((name("dog"), SKOS.note, Literal(f"{mark} {n}")) for n in range(MOST))
    change = Change(GRAPH, frozenset({*notes, *more, (name("dog"), SKOS.note, Literal(mark))}))
    services_of(app).writer.commit([change], "test", "Very many notes")


def shown(client: FlaskClient, path: str) -> str:
    return client.get(f"/vocabularies/zoo/history{path}", headers=HTML).text


def test_a_big_change_is_undone_while_it_is_the_latest(app: Flask) -> None:
    curator, log = signed_in(app, "curator"), services_of(app).log
    first, big = log.since(0, graph=GRAPH)
    assert f"/{big.number}/undo" in shown(curator, "")
    asked = shown(curator, f"/{big.number}/undo")
    assert "too big to be told" in asked and f"{MOST + 1} statements go away" in asked
    path = f"/vocabularies/zoo/history/{big.number}/undo"
    assert send(curator, path, reason="A mistake").status_code == HTTPStatus.SEE_OTHER
    with composed(log, GRAPH, first.number, log.last()) as patch:
        assert not [*patch.added_blocks(), *patch.removed_blocks()]
    history = shown(curator, "")
    assert TOO_BIG in history and f"/{big.number}/undo" not in history
    assert TOO_BIG in shown(curator, f"/{big.number}")
    refused = shown(curator, f"/{big.number}/undo")
    assert "only while nothing came after it" in refused and 'name="reason"' not in refused


def test_a_big_change_that_made_concepts_is_not_undone(app: Flask) -> None:
    curator, log = signed_in(app, "curator"), services_of(app).log
    grow(app, "two", (name("cat"), RDF.type, SKOS.Concept))
    refused = shown(curator, f"/{log.last()}/undo")
    assert "made new concepts" in refused and 'name="reason"' not in refused
    edit(services_of(app), "zoo", added=':dog skos:altLabel "hound"@en .')
    assert f"/{log.last()}/undo" in shown(curator, "")
