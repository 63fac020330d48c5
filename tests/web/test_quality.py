"""Quality pages: the verdict, findings with links, exceptions and levels; and the paste page."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal

from tests.conftest import BASE
from tests.people import HTML, add_person, send, services_of, signed_in
from vocab_server.accounts.audit import read_trail
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.quality.results import DQV
from vocab_server.rdf.namespaces import RDF, SH

PLACE = "https://example.org/t/"
DIRTY = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <{PLACE}> .
: a skos:ConceptScheme ; skos:prefLabel "Test"@en ; skos:hasTopConcept :a .
:a a skos:Concept ; skos:inScheme : ; skos:prefLabel "water"@en, "aqua"@en, "ماء"@ar .
:b a skos:Concept ; skos:inScheme : ; skos:prefLabel "물"@ko ; skos:altLabel "sea "@en ;
    skos:broader :a .
"""
MANY = "".join(
    f':c{number} a skos:Concept ; skos:inScheme : ; skos:prefLabel "c{number}"@en .\n'
    for number in range(120)
)


def put(app: Flask, name: str, turtle: str, folder: Path) -> None:
    path = folder / f"{name}.ttl"
    path.write_text(turtle)
    import_file(services_of(app).writer, BASE, name, Source(path, path.name), "test")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with a faulty vocabulary, and somebody in two roles."""
    folder = tmp_path_factory.mktemp("quality")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    put(made, "dirty", DIRTY + MANY, folder)
    put(made, "levels", DIRTY, folder)
    put(made, "growing", DIRTY, folder)
    database = services_of(made).database
    add_person(database, "curator", Grant(Role.CURATOR))
    add_person(database, "administrator", Grant(Role.ADMINISTRATOR))
    for name in ("dirty", "levels"):
        ready(made.test_client(), name)
    yield made
    services_of(made).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ready(client: FlaskClient, name: str) -> dict[str, object]:
    """The report, when it is made."""
    for _ in range(40):
        answer = client.get(f"/vocabularies/{name}/quality.json")
        if answer.status_code == 200 and answer.json["current"]:
            return answer.json
        assert answer.headers.get("Retry-After") or answer.status_code == 200
    raise AssertionError("The report was not made.")


def row(found: dict[str, object], check: str) -> dict[str, object]:
    return next(one for one in found["checks"] if one["check"] == check)


def test_the_verdict_says_what_blocks(client: FlaskClient) -> None:
    found = ready(client, "dirty")
    assert found["publishable"] is False
    assert (row(found, "INT-S14")["count"], row(found, "INT-S14")["blocks"]) == (1, True)
    page = client.get("/vocabularies/dirty/quality").text
    assert "Not ready to be released." in page
    assert page.index("Several preferred terms") < page.index("Surplus spaces")


def test_findings_lead_to_the_concept_in_its_own_script(client: FlaskClient) -> None:
    page = client.get("/vocabularies/dirty/quality/LAB-6").text
    assert 'href="/resource?iri=https%3A%2F%2Fexample.org%2Ft%2Fb"' in page
    assert '<span lang="ko" dir="auto">물</span>' in page


def test_a_long_list_is_in_pages(client: FlaskClient) -> None:
    first = client.get("/vocabularies/dirty/quality/STR-5").text
    assert "120 findings" in first
    assert "Page 1 of 3" in first
    last = client.get("/vocabularies/dirty/quality/STR-5?page=3").text
    assert last.count('<li><span><a href="/resource') == 20


def test_the_report_is_shacl_and_dqv(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/vocabularies/dirty/quality.ttl").text, format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    metric = next(m for m in graph.subjects(RDF.type, DQV.Metric) if m.endswith("/STR-5"))
    (measured,) = graph.subjects(DQV.isMeasurementOf, metric)
    assert graph.value(measured, DQV.value) == Literal(120)


def test_after_a_change_there_is_another_report(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    assert row(ready(client, "growing"), "INT-S14")["count"] == 1
    put(app, "growing", DIRTY.replace(', "aqua"@en', ""), tmp_path)
    assert row(ready(client, "growing"), "INT-S14")["count"] == 0


def test_a_finding_is_accepted_until_a_day(app: Flask) -> None:
    curator = signed_in(app, "curator")
    found = curator.get("/vocabularies/levels/quality.json?check=INT-S14").json["findings"][0]
    address = "/vocabularies/levels/quality/INT-S14"
    fields = {"finding": found["id"], "focus": found["focus"]}
    refused = send(curator, f"{address}/accept", address, **fields, reason=" ")
    assert refused.status_code == 422
    assert "Say why it is accepted." in refused.text
    past = (datetime.now(UTC) - timedelta(days=2)).date()
    assert (
        send(
            curator, f"{address}/accept", address, **fields, reason="Old", expires=past
        ).status_code
        == 422
    )
    taken = send(curator, f"{address}/accept", address, **fields, reason="Both are in the law.")
    assert taken.status_code == 303
    assert not row(curator.get("/vocabularies/levels/quality.json").json, "INT-S14")["blocks"]
    assert "Both are in the law." in curator.get(address).text
    (exception,) = services_of(app).quality.exceptions(graph_of(app, "levels"))
    assert exception.author == "curator"
    given_up = send(curator, f"{address}/exceptions/{exception.id}/withdraw", address)
    assert given_up.status_code == 303
    focus = found["focus"]
    assert trail(app, "curator") == [
        ("exception-withdrawn", "levels", f"INT-S14 {exception.id}"),
        ("finding-accepted", "levels", f"INT-S14 {focus} Both are in the law."),
    ]
    assert row(curator.get("/vocabularies/levels/quality.json").json, "INT-S14")["blocks"]


def trail(app: Flask, name: str) -> list[tuple[str, str, str]]:
    """What the audit trail has of an account, without signing in and out; newest first."""
    found, _total = read_trail(services_of(app).database, name=name, limit=50)
    own = [(one.act.value, one.target, one.detail) for one in found]
    return [one for one in own if one[1] == "levels"]


def graph_of(app: Flask, name: str) -> object:
    return services_of(app).published.view().vocabulary(name).graph


def test_only_who_may_publish_accepts(app: Flask, client: FlaskClient) -> None:
    address = "/vocabularies/levels/quality/INT-S14"
    assert send(client, f"{address}/accept", "/sign-in", reason="x").status_code == 303
    assert services_of(app).quality.exceptions(graph_of(app, "levels")) == []
    assert ">Accept<" not in client.get(address).text


def test_levels_and_languages_are_set_for_a_vocabulary(app: Flask) -> None:
    administrator = signed_in(app, "administrator")
    address = "/vocabularies/levels/quality/settings"
    assert "Level of each check" in administrator.get(address, headers=HTML).text
    for wrong in ({"languages": "not a tag!"}, {"level-STR-1": "never"}):
        assert send(administrator, address, **wrong).status_code == 422
    fields = {"level-INT-S14": "report", "level-LAB-6": "ignore", "languages": "en, SV"}
    assert send(administrator, address, **fields).status_code == 303
    told = "LAB-6: ignore, languages: en sv"
    assert trail(app, "administrator") == [
        ("quality-changed", "levels", f"INT-S14: report, {told}")
    ]
    audit = administrator.get("/administration/audit?act=quality-changed", headers=HTML).text
    assert told in audit and "quality settings changed" in audit
    found = ready(administrator, "levels")
    assert row(found, "INT-S14")["blocks"] is False
    assert row(found, "LAB-2")["count"] == 3  # two without Swedish, one without English
    assert "LAB-6" not in {one["check"] for one in found["checks"]}
    assert signed_in(app, "curator").get(address).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/vocabularies/none/quality", 404),
        ("/vocabularies/dirty/quality/X-1", 404),
        ("/vocabularies/dirty/quality/STR-1?page=999999999", 200),
        ("/checks/X-1", 404),
        ("/checks", 200),
        ("/checks/STR-1", 200),
    ],
)
def test_odd_addresses_are_answered(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_check_shows_wrong_and_right(client: FlaskClient) -> None:
    page = client.get("/checks/STR-1", headers={"Accept-Language": "sv"}).text
    assert "I en cirkel" in page
    assert ":animal skos:broader :penguin" in page


@pytest.mark.parametrize("check", ["DCT-6", "DCT-7"])
def test_a_check_that_we_do_not_repair_says_what_to_do_by_hand(
    client: FlaskClient, check: str
) -> None:
    for language, heading, place in (
        ("en", "By hand, step by step", "Under Categories"),
        ("sv", "För hand, steg för steg", "under Kategorier"),
    ):
        page = client.get(f"/checks/{check}", headers={"Accept-Language": language}).text
        assert heading in page and place.lower() in page.lower()
    assert "By hand" not in client.get("/checks/STR-1").text


def test_what_is_pasted_is_checked(client: FlaskClient) -> None:
    answer = send(client, "/validate", text=DIRTY)
    assert answer.status_code == 200
    assert "There is 1 violation" in answer.text
    assert "<q " in answer.text


def test_a_file_is_checked(client: FlaskClient) -> None:
    file = (io.BytesIO(DIRTY.encode()), "mine.ttl")
    assert "There is 1 violation" in send(client, "/validate", file=file).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing to check"),
        ("<urn:a> .", "line 1"),
        ("<urn:a> <urn:b> <urn:c> .", "nothing of SKOS"),
        ('<script>alert("x")</script>', "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_checked_is_said_at_the_field(
    client: FlaskClient, text: str, said: str
) -> None:
    answer = send(client, "/validate", text=text)
    assert answer.status_code == 422
    assert said in answer.text
