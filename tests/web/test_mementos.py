"""The past of addresses, clause by clause (RFC 7089)."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.changing import BASE, edit, let_through, put
from tests.people import services_of
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.database.models import ChangeRow
from vocab_server.rdf.dates import read_date
from vocab_server.rdf.namespaces import SKOS

OWN = f"{BASE}/id/zoo/dog"
FOREIGN = "https://example.org/zoo/wolf"
START = f"""
    <{OWN}> a skos:Concept ; skos:prefLabel "dog"@en, "개"@ko .
    <{FOREIGN}> a skos:Concept ; skos:prefLabel "wolf"@en ; skos:broader <{OWN}> .
"""
TIMES = ("2010-01-01", "2011-01-01", "2012-01-01", "2013-01-01")
ENTRY = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="[^"]*")?(?:; datetime="([^"]*)")?')


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A vocabulary of 2010 that was changed in 2011 and 2012, each of them a release."""
    folder: Path = tmp_path_factory.mktemp("mementos")
    app = create_app(Settings(data=folder / "data", base_url=BASE))
    opened = services_of(app)
    put(opened, "zoo", "Zoo", START)
    label = f"<{OWN}> skos:prefLabel"
    edit(opened, "zoo", added=f'{label} "hound"@en .', removed=f'{label} "dog"@en .')
    let_through(opened, "zoo")
    opened.releases.freeze("zoo", "old", "me", issued=None)
    edit(opened, "zoo", added=f'{label} "canine"@en .', removed=f'{label} "hound"@en .')
    with Session(opened.database) as session, session.begin():
        for number, day in zip((2, 3, 5), TIMES, strict=False):
            time = read_date(day).start  # type: ignore[union-attr]
            session.execute(update(ChangeRow).where(ChangeRow.number == number).values(time=time))
    opened.writer.rebuild()
    yield app
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def links(answer: TestResponse) -> dict[str, str]:
    """What the Link headers lead to, by relation; the last of each."""
    return {rel: url for url, rel, _ in ENTRY.findall(", ".join(answer.headers.getlist("Link")))}


def at(client: FlaskClient, address: str, time: str) -> TestResponse:
    return client.get(address.removeprefix(BASE), headers={"Accept-Datetime": time})


@pytest.mark.parametrize(
    "path",
    ["/id/zoo/dog", "/doc/zoo/dog", "/doc/zoo/dog.ttl", f"/resource?iri={quote(FOREIGN)}"],
)
def test_what_has_a_past_says_where_it_is(client: FlaskClient, path: str) -> None:
    """2.1.2: Vary; 2.2: Link."""
    answer = client.get(path)
    assert "accept-datetime" in answer.headers["Vary"]
    found = links(answer)
    iri = FOREIGN if "resource" in path else OWN
    assert found["original"] == iri
    assert found["timegate"] == (OWN if iri == OWN else f"{BASE}/resource?iri={quote(FOREIGN, '')}")
    assert found["timemap"].startswith(f"{BASE}/timemap?iri=")


@pytest.mark.parametrize(
    ("time", "number", "name"),
    [
        ("Fri, 01 Jan 2010 00:00:00 GMT", 2, "dog"),
        ("Tue, 01 Jun 2010 12:00:00 GMT", 2, "dog"),
        ("Sat, 01 Jan 2011 00:00:00 GMT", 3, "hound"),
        ("Sun, 01 Jun 2031 12:00:00 GMT", 5, "canine"),
        ("Mon, 01 Jan 1990 12:00:00 GMT", 2, "dog"),  # 4.5.3: the first
    ],
)
def test_a_time_leads_to_the_state_that_was(
    client: FlaskClient, time: str, number: int, name: str
) -> None:
    """Pattern 1.1: the original is its own time gate, with redirection to mementos."""
    answer = at(client, OWN, time)
    assert answer.status_code == 302
    assert "accept-datetime" in answer.headers["Vary"]
    assert f"/history/{number}/state?" in answer.location
    assert "Memento-Datetime" not in answer.headers
    memento = client.get(answer.location.removeprefix(BASE), headers={"Accept": "text/turtle"})
    found = Graph().parse(data=memento.data, format="turtle")
    assert Literal(name, lang="en") in set(found.objects(URIRef(OWN), SKOS.prefLabel))
    assert "개" in memento.text


def test_a_memento_says_when_it_was_and_of_what(client: FlaskClient) -> None:
    """2.1.1 and 4.2.1."""
    path = at(client, OWN, "Tue, 01 Jun 2010 12:00:00 GMT").location.removeprefix(BASE)
    for kind in ("text/html", "text/turtle", "application/ld+json", "application/rdf+xml"):
        memento = client.get(path, headers={"Accept": kind})
        assert memento.mimetype == kind
        assert memento.headers["Memento-Datetime"] == "Fri, 01 Jan 2010 00:00:00 GMT"
        assert {"original", "timegate", "timemap"} <= links(memento).keys()
        assert "accept-datetime" not in memento.headers.get("Vary", "")
    assert at(client, path, "Sun, 01 Jun 2031 12:00:00 GMT").status_code == 200


def test_a_foreign_name_has_its_time_gate_here(client: FlaskClient) -> None:
    """Pattern 2: a time gate for an original that is elsewhere."""
    gate = links(client.get(f"/resource?iri={FOREIGN}"))["timegate"]
    answer = at(client, gate, "Tue, 01 Jun 2010 12:00:00 GMT")
    assert answer.status_code == 302
    memento = client.get(answer.location.removeprefix(BASE), headers={"Accept": "text/html"})
    assert "wolf" in memento.text
    assert "not what holds today" in memento.text


def test_a_vocabulary_has_its_releases_as_mementos(client: FlaskClient) -> None:
    address = f"{BASE}/vocabularies/zoo"
    answer = at(client, address, "Sun, 01 Jun 2031 12:00:00 GMT")
    assert (answer.status_code, answer.location) == (302, f"{address}/releases/old")
    for path in ("old", "old.ttl"):
        memento = client.get(f"/vocabularies/zoo/releases/{path}")
        assert "Memento-Datetime" in memento.headers
        assert links(memento)["original"] == address


@pytest.mark.parametrize("time", ["yesterday", "2010-01-01", ""])
def test_what_is_no_time_is_refused(client: FlaskClient, time: str) -> None:
    """4.5.3: 400."""
    answer = at(client, OWN, time)
    assert answer.status_code == 400
    assert "Thu, 31 May 2007 20:35:00 GMT" in answer.text


def test_all_mementos_are_in_the_time_map(client: FlaskClient) -> None:
    """5: in application/link-format."""
    path = links(client.get("/id/zoo/dog"))["timemap"].removeprefix(BASE)
    answer = client.get(path)
    assert answer.mimetype == "application/link-format"
    found = ENTRY.findall(answer.text)
    assert [rel for _, rel, _ in found] == [
        *("original", "timegate", "self"),
        *("first memento", "memento", "last memento"),
    ]
    assert [time[5:16] for _, _, time in found[3:]] == ["01 Jan 2010", "01 Jan 2011", "01 Jan 2012"]
    for url, _, time in found[3:]:
        assert client.get(url.removeprefix(BASE)).headers["Memento-Datetime"] == time


def test_a_vocabulary_has_a_time_map(client: FlaskClient) -> None:
    found = ENTRY.findall(client.get(f"/timemap?iri={BASE}/vocabularies/zoo").text)
    assert [(url, rel) for url, rel, _ in found][3:] == [
        (f"{BASE}/vocabularies/zoo/releases/old", "first last memento")
    ]


@pytest.mark.parametrize(
    ("iri", "status"), [("https://example.org/unknown", 404), ("", 400), ("no iri", 400)]
)
def test_what_was_never_here_has_no_time_map(client: FlaskClient, iri: str, status: int) -> None:
    assert client.get(f"/timemap?iri={iri}").status_code == status


def test_what_was_kept_of_the_present_is_not_given_for_the_past(client: FlaskClient) -> None:
    path = "/doc/zoo/dog.ttl"
    assert "canine" in client.get(path).text
    assert at(client, path, "Fri, 01 Jan 2010 00:00:00 GMT").status_code == 302
    assert "canine" in client.get(path).text


def test_a_page_of_others_may_ask_for_a_time(client: FlaskClient) -> None:
    answer = client.options("/id/zoo/dog", headers={"Origin": "https://example.org"})
    assert "Accept-Datetime" in answer.headers["Access-Control-Allow-Headers"]


def test_a_concept_says_in_which_releases_it_is(client: FlaskClient) -> None:
    page = client.get("/doc/zoo/dog", headers={"Accept": "text/html"}).text
    assert "In releases" in page
    assert ">old<" in page
