"""Spreadsheets over the application: out, edited by a program, back in while others publish."""

import csv
import io
import re
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Literal, URIRef
from werkzeug.test import TestResponse

from tests.conftest import BASE
from tests.people import HTML, proof, send, services_of, signed_in
from vocab_server.rdf.change import Change
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.table import guarded, unguarded

GRAPH = URIRef(f"{BASE}/vocabularies/water")
WATER = "https://example.org/a"
PLACE = "/vocabularies/water/spreadsheet"

Rows = list[dict[str, str]]


@pytest.fixture
def editor(people_app: Flask) -> FlaskClient:
    return signed_in(people_app, "editor")


def exported(client: FlaskClient) -> Rows:
    found = client.get(f"{PLACE}.csv")
    assert found.status_code == HTTPStatus.OK
    reader = csv.reader(io.StringIO(found.data.decode("utf-8-sig"), newline=""))
    headers, *rows = [[unguarded(cell) for cell in row] for row in reader]
    return [dict(zip(headers, row, strict=True)) for row in rows]


def sheet(rows: Rows, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """Rows as a spreadsheet program of Sweden saves them."""
    file = io.StringIO(newline="")
    headers = list(rows[0])
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(headers)
    writer.writerows([guarded(row.get(name, "")) for name in headers] for row in rows)
    return file.getvalue().encode(encoding)


def uploaded(client: FlaskClient, content: bytes, name: str = "water.csv") -> TestResponse:
    data = {"csrf_token": proof(client, PLACE), "file": (io.BytesIO(content), name)}
    return client.post(PLACE, data=data, headers=HTML)


def place_of(answer: TestResponse) -> str:
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    return answer.headers["Location"]


def row_of(rows: Rows, iri: str = WATER) -> dict[str, str]:
    return next(row for row in rows if row["iri"] == iri)


def publish(app: Flask, *, added: str, removed: str) -> None:
    """Somebody else changes a preferred label."""
    iri = URIRef(WATER)
    change = Change(
        GRAPH,
        frozenset({(iri, SKOS.prefLabel, Literal(added, lang="en"))}),
        frozenset({(iri, SKOS.prefLabel, Literal(removed, lang="en"))}),
    )
    services_of(app).writer.commit([change], "somebody", "Rename")


def drafted(app: Flask, answer: TestResponse) -> Change:
    number = int(place_of(answer).rpartition("/")[2])
    services = services_of(app)
    draft = services.drafts.table.get(number)
    return read_change(services.drafts.branches.log(draft).get(draft.base + 1))


def test_an_untouched_file_changes_nothing(editor: FlaskClient) -> None:
    place = place_of(uploaded(editor, sheet(exported(editor))))
    page = editor.get(place, headers=HTML).text
    assert "The file changes nothing" in page
    assert "Compared with the state in which it was exported" in page


def test_a_conflict_is_shown_and_nothing_is_overwritten_unasked(
    people_app: Flask, editor: FlaskClient
) -> None:
    rows = exported(editor)
    old = row_of(rows)["prefLabel@en"]
    row_of(rows)["prefLabel@en"] = "Waters"
    row_of(rows)["altLabel@sv"] = "H2O | =1+1"
    publish(people_app, added="Watery", removed=old)
    place = place_of(uploaded(editor, sheet(rows)))
    page = editor.get(place, headers=HTML).text
    (cell,) = re.findall(r'name="choice:([A-Z]+\d+)" value="mine"', page)
    assert [old in page, "Waters" in page, "Watery" in page] == [True] * 3
    undecided = send(editor, place, title="Baths")
    assert undecided.status_code == HTTPStatus.CONFLICT
    change = drafted(people_app, send(editor, place, title="Baths", rest="theirs"))
    said = {str(o) for _, p, o in change.added if p in (SKOS.prefLabel, SKOS.altLabel)}
    assert said == {"H2O", "=1+1"}
    change = drafted(people_app, send(editor, place, title="", **{f"choice:{cell}": "mine"}))
    assert {str(o) for _, p, o in change.removed if p == SKOS.prefLabel} == {"Watery"}
    publish(people_app, added=old, removed="Watery")


def test_problems_are_told_with_the_address_of_the_cell(editor: FlaskClient) -> None:
    rows = exported(editor)
    row_of(rows)["broader"] = "Nobody knows this"
    row_of(rows)["exactMatch"] = "<not an address>"
    rows.append({"iri": "", "altLabel@sv": "Namnlös"})
    page = editor.get(place_of(uploaded(editor, sheet(rows))), headers=HTML).text
    headers = list(rows[0])
    number = rows.index(row_of(rows)) + 2
    for name in ("broader", "exactMatch"):
        assert f">{_letter(headers.index(name))}{number}</code>" in page
    assert f">A{len(rows) + 1}</code>" in page


def test_new_rows_become_concepts_under_the_one_that_they_name(
    people_app: Flask, editor: FlaskClient
) -> None:
    rows = exported(editor)
    label = row_of(rows)["prefLabel@en"]
    rows.append({"iri": "", "prefLabel@en": "Ice", "prefLabel@sv": "Is", "broader": label})
    rows.append({"iri": "", "prefLabel@en": "Black ice", "broader": "Ice"})
    place = place_of(uploaded(editor, sheet(rows, encoding="utf-16")))
    change = drafted(people_app, send(editor, place, title="Ice"))
    made = {str(s): str(o) for s, p, o in change.added if p == SKOS.broader}
    (ice,) = {s for s, p, o in change.added if p == SKOS.prefLabel and str(o) == "Ice"}
    assert set(made.values()) == {WATER, str(ice)}


def test_a_circle_is_refused_at_its_cell_and_the_rest_is_done(
    people_app: Flask, editor: FlaskClient
) -> None:
    below = URIRef("https://example.org/b")
    triples = {
        (below, RDF.type, SKOS.Concept),
        (below, SKOS.broader, URIRef(WATER)),
        (below, SKOS.prefLabel, Literal("물", lang="ko")),
    }
    services_of(people_app).writer.commit([Change(GRAPH, frozenset(triples))], "me", "Below")
    rows = exported(editor)
    child = next(row for row in rows if WATER in row["broader"])
    row_of(rows)["broader"] = child["iri"]
    child["altLabel@sv"] = "Barn"
    place = place_of(uploaded(editor, sheet(rows)))
    assert "STR-1" in editor.get(place, headers=HTML).text
    change = drafted(people_app, send(editor, place, title=""))
    assert {str(o) for _, p, o in change.added if p == SKOS.altLabel} == {"Barn"}
    assert not {o for _, p, o in change.added if p == SKOS.broader}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"<html>", "This is no spreadsheet"),
        (b"PK\x03\x04broken", "damaged"),
        (b"a,b\n1,2\n", "No sheet has a first row"),
        (b"iri,prefLabel@en,exported\nurn:a,x,other 1-a\n", "exported from the vocabulary"),
        (b"iri,prefLabel@en,exported\nurn:a,x,water 1-a\n", "never had"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_reason(
    editor: FlaskClient, content: bytes, told: str
) -> None:
    answer = uploaded(editor, content)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in answer.text


def test_readers_download_and_only_editors_upload(people_app: Flask) -> None:
    anybody = people_app.test_client()
    assert anybody.get(f"{PLACE}.xlsx").data.startswith(b"PK")
    assert anybody.get("/vocabularies/template.xlsx").data.startswith(b"PK")
    assert anybody.get(PLACE, headers=HTML).status_code == HTTPStatus.SEE_OTHER
    assert anybody.get(f"{PLACE}.csv?language=en").status_code != HTTPStatus.OK
    reader = signed_in(people_app, "reader")
    assert reader.get(PLACE, headers=HTML).status_code == HTTPStatus.FORBIDDEN


def test_the_file_of_another_is_not_seen(people_app: Flask, editor: FlaskClient) -> None:
    place = place_of(uploaded(editor, sheet(exported(editor))))
    curator = signed_in(people_app, "curator")
    assert curator.get(place, headers=HTML).status_code == HTTPStatus.NOT_FOUND


def _letter(place: int) -> str:
    assert place < 26, Path(__file__).name
    return chr(ord("A") + place)
