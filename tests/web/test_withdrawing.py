"""A mistake that nobody should see is withdrawn: 410 everywhere, and for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.changing import BASE, edit, let_through, put
from tests.people import add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.errors import ConflictError

BAD = f"{BASE}/id/zoo/slur"
PAGE = f"/vocabularies/zoo/withdraw?iri={BAD}"
HISTORY = "/vocabularies/zoo/history"
HTML = {"Accept": "text/html"}
START = f"""
    <https://example.org/zoo> a skos:ConceptScheme ; skos:prefLabel "Zoo"@en .
    :animal a skos:Concept ; skos:prefLabel "animal"@en ; skos:narrower <{BAD}> .
    <{BAD}> a skos:Concept ; skos:prefLabel "obscenity"@en ; skos:broader :animal .
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A vocabulary with a release, from which a curator then withdrew a concept."""
    folder: Path = tmp_path_factory.mktemp("withdrawing")
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened = services_of(app)
    put(opened, "zoo", "Zoo", START)
    edit(opened, "zoo", added=f'<{BAD}> skos:altLabel "obscene too"@en .')
    let_through(opened, "zoo")
    release = opened.releases.freeze("zoo", "1", "anna")
    opened.release_stores.make(release, opened.published.view().store)
    for role in (Role.CURATOR, Role.EDITOR):
        add_person(opened.database, role.value, Grant(role, "zoo"))
    curator = signed_in(app, "curator")
    assert BAD in app.test_client().get("/api/v1/search?q=obscenity").text
    assert "obscenity" in curator.get(PAGE, headers=HTML).text
    assert "Withdraw as a mistake" in curator.get("/doc/zoo/slur", headers=HTML).text
    assert "Withdraw as a mistake" not in app.test_client().get("/doc/zoo/slur", headers=HTML).text
    no_reason = send(curator, PAGE, reason=" ")
    assert no_reason.status_code == 422
    assert "Say in a sentence why" in no_reason.text
    assert send(curator, PAGE, reason="Offensive <b>").status_code == 303
    opened.writer.rebuild()
    yield app
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    "path",
    [
        "/id/zoo/slur",
        "/doc/zoo/slur",
        "/doc/zoo/slur.ttl",
        f"/resource?iri={BAD}",
        f"{HISTORY}?iri={BAD}",
        f"{HISTORY}/2/state?iri={BAD}",
        f"/timemap?iri={BAD}",
        "/vocabularies/zoo/releases/1/doc/zoo/slur",
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "text/turtle, application/json;q=0.5"])
def test_its_address_answers_that_it_is_gone(client: FlaskClient, path: str, kind: str) -> None:
    answer = client.get(path, headers={"Accept": kind}, follow_redirects=True)
    assert answer.status_code == 410
    assert "was withdrawn" in answer.text
    assert "obscen" not in answer.text
    if kind == "text/html":
        assert "Offensive &lt;b&gt;" in answer.text
    else:
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        HISTORY,
        f"{HISTORY}/2",
        f"{HISTORY}/2?format=patch",
        f"{HISTORY}/3?format=patch",
        "/feeds/zoo/history.atom",
        "/api/v1/vocabularies/zoo/history",
        "/vocabularies/zoo/diff/1..current",
        "/vocabularies/zoo/diff/1..current?format=json",
        "/vocabularies/zoo/diff/1..current?format=ttl",
        "/vocabularies/zoo/diff/1..current?format=patch",
        "/vocabularies/zoo.ttl",
        "/vocabularies/zoo/changes",
    ],
)
def test_nobody_reads_it_anywhere(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert "obscen" not in answer.text


def test_search_does_not_find_it(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=obscenity", "/search?q=obscenity"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert BAD not in answer.text
        assert "/doc/zoo/slur" not in answer.text


def test_programs_are_told(client: FlaskClient) -> None:
    found = client.post("/api/v1/resolve", json={"iris": [BAD, f"{BASE}/id/zoo/none"]}).json
    assert [item["status"] for item in found["items"]] == ["withdrawn", "unknown"]


@pytest.mark.parametrize(
    "turtle",
    [f"<{BAD}> a skos:Concept .", f":animal skos:narrower <{BAD}> ."],
)
def test_it_never_comes_back(app: Flask, turtle: str) -> None:
    opened = services_of(app)
    before = opened.log.last()
    with pytest.raises(ConflictError, match="was withdrawn"):
        edit(opened, "zoo", added=turtle)
    assert opened.log.last() == before


def test_a_text_may_hold_its_name(app: Flask) -> None:
    edit(services_of(app), "zoo", added=f':animal skos:editorialNote "See <{BAD}> ." .')


@pytest.mark.parametrize("number", [2, 3])
def test_what_brought_it_is_not_undone(app: Flask, number: int) -> None:
    curator = signed_in(app, "curator")
    page = curator.get(f"{HISTORY}/{number}/undo", headers=HTML).text
    assert "withdrawn since" in page
    assert "obscen" not in page


def test_only_who_may_publish_withdraws(app: Flask, client: FlaskClient) -> None:
    path = "/vocabularies/zoo/withdraw?iri=https://example.org/zoo/animal"
    assert client.get(path, headers=HTML).status_code == 303
    assert signed_in(app, "editor").get(path, headers=HTML).status_code == 403


def test_what_others_are_under_is_not_withdrawn(app: Flask) -> None:
    path = "/vocabularies/zoo/withdraw?iri=https://example.org/zoo/animal"
    edit(services_of(app), "zoo", added=":dog a skos:Concept ; skos:broader :animal .")
    answer = send(signed_in(app, "curator"), path, reason="Wrong")
    assert answer.status_code == 422
    assert "Move it first" in answer.text
