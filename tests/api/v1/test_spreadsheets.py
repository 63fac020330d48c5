"""Spreadsheets by program: sent, looked at, conflicts decided, a draft made; commands beside it."""

import json
from pathlib import Path

import pytest
import schemathesis
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from rdflib import Literal, URIRef

from tests.api.test_openapi import CHECKS, MADE_UP
from tests.api.v1.test_drafts import SPACE, Program, app, iri, program  # noqa: F401  (a fixture)
from tests.conftest import BASE
from tests.people import services_of
from vocab_server.api.v1.calls import Operation
from vocab_server.api.v1.spreadsheet_calls import SPREADSHEET_OPERATIONS
from vocab_server.cli import cli
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.vocabularies import graph_of

GRAPH = graph_of(BASE, "water")
PLACE = "/vocabularies/water/spreadsheets"


def send_csv(who: Program, text: str) -> dict:
    headers = who.headers | {"Content-Type": "text/csv"}
    answer = who.client.post(f"/api/v1{PLACE}?name=w.csv", data=text.encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    assert who.get(f"{PLACE}/{answer.json['id']}").json["conflicts"] == answer.json["conflicts"]
    return answer.json


def exported(who: Program) -> str:
    return who.client.get("/vocabularies/water/spreadsheet.csv").data.decode("utf-8-sig")


def rename(app: Flask, name: str, before: str, after: str) -> None:  # noqa: F811
    labels = [frozenset({(URIRef(iri(name)), SKOS.prefLabel, Literal(text, lang="en"))})
              for text in (after, before)]  # fmt: skip
    services_of(app).writer.commit([Change(GRAPH, *labels)], "somebody", "Rename")


def test_a_file_goes_from_a_program_to_a_draft(app: Flask) -> None:  # noqa: F811
    anna = program(app, "anna")
    text = exported(anna).replace("Leisure", "Spare time").replace("Beaches", "Beach")
    rename(app, "leisure", "Leisure", "Free time")
    sent = send_csv(anna, text)
    (conflict,) = sent["conflicts"]
    assert [conflict[side] for side in ("exported", "file", "published")] == [
        ["Leisure"],
        ["Spare time"],
        ["Free time"],
    ]
    path = f"{PLACE}/{sent['id']}/draft"
    assert anna.post(path, {"title": "Mine"}).status_code == 409
    assert anna.post(path, {"rest": "neither"}).status_code == 400
    made = anna.post(path, {"title": "Mine", "choices": {conflict["cell"]: "mine"}})
    assert (made.status_code, made.json["title"], made.json["changes"]) == (201, "Mine", 1)
    told = json.dumps(anna.get(f"/drafts/{made.json['id']}/changes").json)
    assert "Spare time" in told
    assert "Free time" in told
    rename(app, "leisure", "Free time", "Leisure")


def test_only_editors_of_the_vocabulary_send_files(app: Flask) -> None:  # noqa: F811
    for name in ("otto", "rita"):
        assert program(app, name).post(PLACE).status_code == 403
    anna = program(app, "anna")
    assert anna.post(PLACE, {}).status_code == 415
    assert app.test_client().post(f"/api/v1{PLACE}").status_code == 401


@pytest.mark.parametrize("found", SPREADSHEET_OPERATIONS, ids=lambda found: found.name)
def test_what_is_answered_is_what_is_described(app: Flask, found: Operation) -> None:  # noqa: F811
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    cleo = program(app, "cleo")
    sent = send_csv(cleo, exported(cleo).replace("Beaches", "Beach"))
    known = {"id": "water", "key": sent["id"]}

    @MADE_UP
    @given(described[f"/api/v1{found.path}"][found.method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        case.path_parameters |= {name: known[name] for name in case.path_parameters}
        case.call_and_validate(checks=list(CHECKS), headers=cleo.headers)

    ask()


def test_commands_export_and_import_what_was_changed(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VOCAB_SERVER_DATA", str(services_of(app).settings.data))
    file = tmp_path / "water.csv"
    run(["export", "water", "--format", "csv", "-o", str(file)])
    text = file.read_text("utf-8-sig")
    file.write_text(text.replace("Bathing water", "Bathing").replace("Leisure", "Play"))
    rename(app, "leisure", "Leisure", "Free time")
    told = run(["import", "water", str(file)], status=1)
    assert "Conflict: " in told
    assert "'Leisure', in the file 'Play', published now 'Free time'" in told
    told = run(["import", "water", str(file), "--conflicts", "published"])
    assert "Added 2 and removed 1 statements." in told  # the label, and when it was modified
    as_json = run(["import", "water", str(file), "--json", "--conflicts", "published"])
    assert json.loads(as_json[as_json.index("{") :])["added"] == 0
    wrong = file.read_text().replace(iri("water") + ",", "nobody,", 1)
    file.write_text(wrong)
    rename(app, "leisure", "Free time", "Leisure")


def run(arguments: list[str], status: int = 0) -> str:
    found = CliRunner().invoke(cli, arguments)
    assert found.exit_code == status, found.output + repr(found.exception)
    return found.stdout
