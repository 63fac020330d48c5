"""Findings that live: an address each, who looks after them, comments, repair, trend, worklists."""

import csv
import io
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from tests.changing import let_through
from tests.conftest import BASE
from tests.people import add_person, send, services_of, signed_in
from tests.web.test_quality import DIRTY, put, ready
from vocab_server.accounts.roles import Grant, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.database.quality_runs import QualityRuns
from vocab_server.operation.checking import Checking
from vocab_server.skos.vocabularies import graph_of

MENDED = DIRTY.replace('"sea "@en', '"sea"@en')


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A faulty vocabulary, an editor of it and somebody who may only read."""
    folder = tmp_path_factory.mktemp("findings")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    put(made, "dirty", DIRTY, folder)
    put(made, "later", DIRTY, folder)
    add_person(services_of(made).database, "editor", Grant(Role.EDITOR))
    add_person(services_of(made).database, "reader")
    for name in ("dirty", "later"):
        ready(made.test_client(), name)
    yield made
    services_of(made).close()


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    return signed_in(app, "editor")


def address_of(client: FlaskClient, check: str, name: str = "dirty") -> str:
    found = client.get(f"/vocabularies/{name}/quality.json?check={check}").json["findings"]
    return f"/vocabularies/{name}/findings/{found[0]['id']}"


def test_a_finding_has_a_page_that_says_what_to_do(app: Flask) -> None:
    client = app.test_client()
    page = client.get(address_of(client, "LAB-6")).text
    assert "Surplus spaces" in page
    assert '<span lang="ko" dir="auto">물</span>' in page
    assert "Repair it in a new draft" not in page
    svenska = client.get(address_of(client, "LAB-6"), headers={"Accept-Language": "sv"}).text
    assert "Tas om hand av" in svenska
    assert client.get("/vocabularies/dirty/findings/none").status_code == HTTPStatus.NOT_FOUND


def test_somebody_looks_after_it_and_says_something(app: Flask, editor: FlaskClient) -> None:
    address = address_of(editor, "LAB-6")
    for unknown in ("nobody", "reader"):
        refused = send(editor, f"{address}/assignee", address, assignee=unknown)
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Nobody of this name" in refused.text
    assert send(editor, f"{address}/assignee", address, assignee="Editor").status_code == 303
    assert send(editor, f"{address}/comments", address, text=" ").status_code == 422
    assert send(editor, f"{address}/comments", address, text="<b>Soon</b>").status_code == 303
    page = editor.get(address).text
    assert "&lt;b&gt;Soon&lt;/b&gt;" in page
    assert address in editor.get("/account/findings").text
    assert ">editor<" in editor.get("/vocabularies/dirty/quality/LAB-6").text
    assert send(editor, f"{address}/assignee", address, assignee="").status_code == 303
    assert address not in editor.get("/account/findings").text


def test_who_may_not_edit_changes_nothing(app: Flask) -> None:
    reader = signed_in(app, "reader")
    address = address_of(reader, "LAB-6")
    for part in ("assignee", "comments", "draft"):
        sent = send(reader, f"{address}/{part}", "/account", assignee="reader", text="Mine")
        assert sent.status_code == HTTPStatus.FORBIDDEN
    assert "Mine" not in reader.get(address).text


def test_it_is_repaired_in_a_draft_or_opened_in_one(app: Flask, editor: FlaskClient) -> None:
    address = address_of(editor, "LAB-6")
    assert "Repair it in a new draft" in editor.get(address).text
    made = send(editor, f"{address}/draft", address)
    draft = editor.get(made.location).text
    assert "Surplus spaces (LAB-6)" in draft
    assert "sea" in draft
    address = address_of(editor, "INT-S14")
    opened = send(editor, f"{address}/draft", address)
    assert opened.location.split("?")[0].endswith("/concepts")
    assert "Several preferred terms" in editor.get(opened.location).text


def test_what_was_found_is_kept_over_time(app: Flask, editor: FlaskClient, tmp_path: Path) -> None:
    address = address_of(editor, "LAB-6", "later")
    assert send(editor, f"{address}/comments", address, text="Whose is it?").status_code == 303
    with app.app_context():
        Checking().run(services_of(app))
    put(app, "later", MENDED, tmp_path)
    ready(editor, "later")
    assert "It is mended" in editor.get(address).text
    runs, graph = QualityRuns(services_of(app).database), graph_of(BASE, "later")
    (before,) = runs.newest(graph, 10)
    assert before.counts["LAB-6"] == 1
    runs.record(graph, before.number, before.counts, seconds=0.0)  # or it would rest for a while
    with app.app_context():
        Checking().run(services_of(app))
    page = editor.get("/vocabularies/later/quality").text
    assert page.count('<th scope="row"><time') == 2
    assert "Over time" in editor.get("/vocabularies/later/quality/LAB-6").text


def test_since_a_release_only_what_was_looked_at_is_compared(
    app: Flask, editor: FlaskClient, tmp_path: Path
) -> None:
    put(app, "frozen", DIRTY, tmp_path)
    found, opened = ready(editor, "frozen"), services_of(app)
    let_through(opened, "frozen")
    opened.releases.freeze("frozen", "2026", "editor")
    graph = graph_of(BASE, "frozen")
    (release,) = opened.published.view().releases[graph]
    counts = {one["check"]: one["count"] for one in found["checks"]}
    assert counts.pop("INT-S14")  # which could not be run then
    counts["LAB-6"] += 2
    counts["LAB-8"] = counts.get("LAB-8", 0) - 1
    QualityRuns(opened.database).record(graph, release.number, counts, seconds=0.0)
    ready(editor, "frozen")
    page = editor.get("/vocabularies/frozen/quality").text
    assert "Since release 2026: 1 more findings and 2 fewer." in page


def test_the_worklist_is_a_table(app: Flask, editor: FlaskClient) -> None:
    address = address_of(editor, "LAB-6")
    send(editor, f"{address}/assignee", address, assignee="editor")
    rows = list(csv.DictReader(io.StringIO(editor.get("/vocabularies/dirty/quality.csv").text)))
    assert rows[0]["\ufeffcheck"] == "INT-S14"
    assert {row["severity"] for row in rows} == {"violation", "warning", "information"}
    data = editor.get("/vocabularies/dirty/quality.xlsx").data
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(sheet) == len(rows) + 1
    (own,) = [row for row in sheet if row[-2] == "editor"]
    assert own[-1] == f"{BASE}{address}"


def test_the_badge_says_the_verdict(app: Flask) -> None:
    answer = app.test_client().get("/vocabularies/dirty/quality.svg")
    assert answer.mimetype == "image/svg+xml"
    assert 'aria-label="quality: not ready"' in answer.text
