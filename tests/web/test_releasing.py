"""Releases made on a page and by program; what changed between two of them as RDF."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef

from tests.changing import BASE, edit, let_through, name, put
from tests.people import TESTER, add_person, send, services_of, signed_in
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.rdf.namespaces import DCT, RDF, SKOS
from vocab_server.skos.told_rdf import CS

NEW = "/vocabularies/zoo/new-release"
API = "/api/v1/vocabularies/zoo/releases"
START = """
    <https://example.org/zoo> a skos:ConceptScheme ; skos:prefLabel "Zoo"@en .
    :animal a skos:Concept ; skos:prefLabel "animal"@en, "djur"@sv .
    :dog a skos:Concept ; skos:prefLabel "dog"@en, "hund"@sv ; skos:broader :animal ;
        skos:definition "Barks."@en ; skos:closeMatch <https://example.org/other/dog> .
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A vocabulary with a release, changed since."""
    folder: Path = tmp_path_factory.mktemp("releasing")
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened = services_of(app)
    put(opened, "zoo", "Zoo", START)
    let_through(opened, "zoo")
    opened.releases.freeze("zoo", "1", "anna")
    edit(opened, "zoo", added=':cat a skos:Concept ; skos:prefLabel "cat"@en ; skos:broader :dog .')
    edit(
        opened,
        "zoo",
        added=':dog skos:prefLabel "hound"@en ; skos:definition "Growls."@en ;'
        " skos:exactMatch <https://example.org/other/dog> .",
        removed=':dog skos:prefLabel "dog"@en ; skos:definition "Barks."@en ;'
        " skos:closeMatch <https://example.org/other/dog> .",
    )
    edit(opened, "zoo", added=":animal owl:deprecated true .")
    for role in (Role.CURATOR, Role.EDITOR):
        add_person(opened.database, role.value, Grant(role, "zoo"))
    yield app
    opened.close()


@pytest.fixture
def curator(app: Flask) -> FlaskClient:
    return signed_in(app, "curator")


@pytest.fixture(scope="module")
def token(app: Flask) -> dict[str, str]:
    database = services_of(app).database
    owner = find_account(database, "curator")
    text, _ = create_token(database, TESTER, owner, scopes=("write",))
    return {"Authorization": f"Bearer {text}"}


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_notes_are_proposed_from_what_changed(curator: FlaskClient) -> None:
    page = curator.get(NEW, headers={"Accept": "text/html"}).text
    assert "Added (1)\n- cat" in page
    assert "Terms changed (1)\n- hound" in page
    swedish = curator.get(NEW, headers={"Accept": "text/html", "Accept-Language": "sv"}).text
    assert "Ny utgåva" in swedish
    assert "- katt" not in swedish


def test_only_who_may_release_is_let_in(app: Flask, curator: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    assert app.test_client().get(NEW, headers=html).status_code == 303
    assert signed_in(app, "editor").get(NEW, headers=html).status_code == 403
    assert NEW in curator.get("/vocabularies/zoo/releases", headers=html).text
    assert NEW not in app.test_client().get("/vocabularies/zoo/releases", headers=html).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Give the release a name."),
        ({"name": "a b"}, "cannot name a release"),
        ({"name": "1"}, "There is a release"),
        ({"name": "x", "issued": day(2)}, "not issued in the future"),
        ({"name": "x", "issued": "2001-01-01"}, "or a later one"),
        ({"name": "x", "issued": "soon"}, "Not a valid date"),
        ({"name": "x", "notes": "n" * 20_001}, "Shorten the text."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    curator: FlaskClient, fields: dict[str, str], told: str
) -> None:
    answer = send(curator, NEW, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert curator.get(API).json["items"][-1]["name"] == "1"


def test_a_release_is_made_on_the_page(curator: FlaskClient) -> None:
    answer = send(curator, NEW, name="2026-1", notes="Nytt:\n- katt")
    assert answer.location == "/vocabularies/zoo/releases/2026-1"
    assert "Nytt:\n- katt" in curator.get(answer.location, headers={"Accept": "text/html"}).text


def test_a_release_is_made_by_program(app: Flask, token: dict[str, str]) -> None:
    client = app.test_client()
    body = {"name": "api", "notes": "By program"}
    assert client.post(API, json=body).status_code == 401
    made = client.post(API, json=body, headers=token)
    assert made.status_code == 201, made.text
    assert made.json["iri"] == made.headers["Location"] == f"{BASE}/vocabularies/zoo/releases/api"
    assert client.get(API).json["items"][0]["notes"] == "By program"
    assert client.post(API, json=body, headers=token).status_code == 409
    assert client.post(API, json={"name": "no/"}, headers=token).status_code == 400
    wrong = client.post(API, json={"name": "x", "issued": "soon"}, headers=token)
    assert wrong.status_code == 400
    assert "2026-01-31" in wrong.json["detail"]


def changes(client: FlaskClient, form: str = "ttl") -> Graph:
    answer = client.get(f"/vocabularies/zoo/diff/1..current?format={form}")
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.data, format=answer.mimetype)


def test_what_changed_is_there_as_rdf(curator: FlaskClient) -> None:
    found = changes(curator)
    groups = {str(group) for group in found.objects(None, DCT.type)}
    assert groups == {"added", "deprecated", "relabelled", "remapped", "noted"}
    (renamed,) = found.subjects(DCT.type, Literal("relabelled"))
    assert found.value(renamed, CS.subjectOfChange) == name("dog")
    values = [
        found.value(found.value(renamed, relation), RDF.object)
        for relation in (CS.removal, CS.addition)
    ]
    assert values == [Literal("dog", lang="en"), Literal("hound", lang="en")]
    (added,) = found.subjects(DCT.type, Literal("added"))
    statements = {
        (found.value(one, RDF.predicate), found.value(one, RDF.object))
        for one in found.objects(added, CS.addition)
    }
    assert statements == {(RDF.type, SKOS.Concept), (SKOS.broader, name("dog"))}
    address = URIRef(f"{BASE}/vocabularies/zoo/diff/1..current")
    assert set(found.objects(None, DCT.isPartOf)) == {address}


@pytest.mark.parametrize("form", ["jsonld", "rdf", "nt"])
def test_it_is_the_same_in_every_format(curator: FlaskClient, form: str) -> None:
    assert set(changes(curator, form)) == set(changes(curator))


def test_long_lists_of_changes_come_in_parts(curator: FlaskClient) -> None:
    answer = curator.get("/vocabularies/zoo/diff/1..current?format=nt&limit=2")
    found = Graph().parse(data=answer.data, format="nt")
    assert len(set(found.subjects(RDF.type, CS.ChangeSet))) == 2
    assert 'limit=2&offset=2>; rel="next"' in answer.headers["Link"]
