"""Proposals by program: made, wanted, talked about, accepted, declined, and what is refused."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import given

from tests.api.test_openapi import CHECKS, MADE_UP
from tests.api.v1.test_drafts import app, iri, program  # noqa: F401  (a fixture)
from tests.people import services_of
from vocab_server.api.v1.calls import Operation
from vocab_server.api.v1.proposal_calls import PROPOSAL_OPERATIONS
from vocab_server.skos.vocabularies import graph_of

ICE: dict[str, Any] = {
    "vocabulary": "water",
    "prefLabel": {"en": "Lake ice"},
    "definition": {"en": "Ice on lakes"},
    "broader": iri("water"),
    "dataset": {"title": "Ice in winter", "url": "https://example.org/dataset/1"},
}


def propose(app: Flask, name: str = "rita", **fields: Any) -> dict[str, Any]:  # noqa: F811
    made = program(app, name).post("/proposals", ICE | fields)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.get_json()
    assert made.headers["Location"] == found["url"]
    return found


def test_a_proposal_from_its_beginning_to_its_draft(app: Flask) -> None:  # noqa: F811
    made = propose(app)
    path = f"/proposals/{made['id']}"
    assert (made["state"], made["author"], made["kind"]) == ("open", "rita", "missing")
    assert made["dataset"] == ICE["dataset"]
    assert made["definition"] == {"en": ["Ice on lakes"]}
    rita, anna = program(app, "rita"), program(app, "anna")
    for voter in (rita, anna, anna):
        voted = voter.client.put(f"/api/v1{path}/vote", headers=voter.headers)
    assert voted.get_json()["votes"] == 2
    gone = rita.client.delete(f"/api/v1{path}/vote", headers=rita.headers)
    assert gone.get_json()["votes"] == 1
    assert anna.post(f"{path}/comments", {"text": "Good"}).status_code == 201
    accepted = anna.post(f"{path}/accept").get_json()
    assert accepted["state"] == "accepted"
    changes = anna.get(f"/drafts/{accepted['draft']}/changes").get_json()["items"]
    told = [(t["kind"], t["concept"]["iri"]) for t in changes[0]["told"]]
    assert ("created", accepted["createdConcept"]) in told
    story = rita.get(f"{path}/comments").get_json()
    assert [(e["kind"], e["author"]) for e in story["items"]] == [
        ("proposed", "rita"),
        ("commented", "anna"),
        ("accepted", "anna"),
    ]
    again = anna.post(f"{path}/accept")
    assert again.status_code == 409


def test_a_proposal_is_declined_with_a_reason(app: Flask) -> None:  # noqa: F811
    path = f"/proposals/{propose(app)['id']}"
    cleo = program(app, "cleo")
    assert cleo.post(f"{path}/decline").get_json()["rule"] == "text-missing"
    assert cleo.post(f"{path}/decline", {"text": "No"}).get_json()["state"] == "declined"
    assert cleo.post(f"{path}/answer", {"text": "No"}).status_code == 409
    assert cleo.post(f"{path}/reopen").get_json()["state"] == "open"
    listed = cleo.get("/proposals", vocabulary="water", state="declined").get_json()
    assert path.rpartition("/")[2] not in [str(item["id"]) for item in listed["items"]]


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"vocabulary": "nowhere"}, 404, "nowhere"),
        ({"prefLabel": {}}, 400, "prefLabel"),
        ({"prefLabel": {"en": ""}}, 422, "name"),
        ({"prefLabel": {"not a tag": "x"}, "definition": {"not a tag": "y"}}, 422, "BCP 47"),
        ({"definition": {"sv": "Is"}}, 400, "language of the label"),
        ({"broader": iri("nothing")}, 422, "no such concept"),
        ({"broader": "> . } DROP ALL"}, 422, "no such concept"),
        ({"kind": "wish"}, 422, "missing, label, place, other"),
        ({"kind": "place"}, 422, "which concept"),
        ({"dataset": {"url": "ftp://example.org"}}, 422, "https://"),
        ({"reason": "\0"}, 400, "reason"),
        ({"wish": 1}, 400, "wish"),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(
    app: Flask,  # noqa: F811
    fields: dict[str, Any],
    status: int,
    said: str,
) -> None:
    rita = program(app, "rita")
    before = rita.get("/proposals").get_json()["total"]
    refused = rita.post("/proposals", ICE | fields)
    assert refused.status_code == status, refused.text
    assert said in refused.get_json()["detail"]
    assert rita.get("/proposals").get_json()["total"] == before


def test_who_may_not_is_refused(app: Flask) -> None:  # noqa: F811
    path = f"/proposals/{propose(app)['id']}"
    nobody = app.test_client()
    assert nobody.post("/api/v1/proposals", json=ICE).status_code == 401
    assert nobody.get(f"/api/v1{path}").status_code == 401
    reading = program(app, "rita", "read")
    assert reading.post("/proposals", ICE).status_code == 403
    assert reading.post(f"{path}/comments", {"text": "x"}).status_code == 403
    assert reading.client.put(f"/api/v1{path}/vote", headers=reading.headers).status_code == 403
    for name, call in (("rita", "accept"), ("otto", "accept"), ("anna", "decline")):
        assert program(app, name).post(f"{path}/{call}", {}).status_code == 403
    opened = services_of(app)
    graph = graph_of(opened.settings.base, "water")
    opened.proposals.set_audience(graph, "publishers")
    assert program(app, "rita").post("/proposals", ICE).status_code == 403
    assert program(app, "anna").post("/proposals", ICE).status_code == 201
    opened.proposals.set_audience(graph, "accounts")


@pytest.mark.parametrize("found", PROPOSAL_OPERATIONS, ids=lambda found: found.name)
def test_what_is_answered_is_what_is_described(app: Flask, found: Operation) -> None:  # noqa: F811
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    made, cleo = propose(app, "cleo"), program(app, "cleo")

    @MADE_UP
    @given(described[f"/api/v1{found.path}"][found.method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        case.path_parameters |= dict.fromkeys(case.path_parameters, made["id"])
        case.call_and_validate(checks=list(CHECKS), headers=cleo.headers)

    ask()
