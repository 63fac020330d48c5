"""Pages of data checks: asked for, waited for, understood; and the one where anybody tries."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cataloguing import make_harbour, read_catalog
from tests.conftest import BASE
from tests.harvest.servers import Site, running_site
from tests.people import HTML, send, services_of, signed_in
from vocab_server.background import DUTIES, do_once
from vocab_server.catalog.resources import dataset_id, part_key
from vocab_server.database.links import Answer, Links
from vocab_server.errors import TooLargeError
from vocab_server.operation.data_trying import LARGEST, try_data
from vocab_server.outbound import Trouble
from vocab_server.quality.data.faults import FAULTS

SWEDISH = {**HTML, "Accept-Language": "sv"}
DUTY = next(duty for duty in DUTIES if duty.name == "check-data")
DATASET, PART = "https://h.example/d", "https://h.example/f"
PAGE = f"/datasets/{dataset_id(BASE, DATASET)}/data/{part_key(PART)}"
CATALOG = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://h.example/> a dcat:Catalog ; dcat:dataset <https://h.example/d> .
<https://h.example/d> a dcat:Dataset ; dct:title "Kinds"@en ;
    dcat:distribution <https://h.example/f>, "no address" .
<https://h.example/f> a dcat:Distribution ; dct:title "The table"@en, "표"@ko, "الجدول"@ar ;
    dct:format "CSV" ; dcat:accessURL <https://h.example/page> ; dcat:downloadURL <FILE> ."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as opened:
        yield opened


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("checks")
    made = make_harbour(folder, internal_hosts=(site.host,))
    read_catalog(services_of(made), folder, "harbour", CATALOG.replace("FILE", site.url("/a.csv")))
    yield made
    services_of(made).close()


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_publisher_has_a_file_checked_and_everybody_sees_it(
    app: Flask, site: Site, reader: FlaskClient
) -> None:
    site.says("/a.csv", "id,kind\n1,vatten\n2,vattn\n2,vattn\n", "text/csv")
    publisher = signed_in(app, "harbourer")
    assert "not checked yet" in reader.get(PAGE, headers=HTML).text
    assert "Check now" not in reader.get(PAGE, headers=HTML).text
    assert reader.get(f"{PAGE}.json").status_code == 404
    fields = {"column": "kind", "vocabulary": "topics", "by": "label"}
    assert send(publisher, f"{PAGE}/columns", PAGE, **fields).status_code == 303
    assert send(publisher, PAGE).status_code == 303
    waiting = publisher.get(PAGE, headers=HTML)
    assert "waits for its turn" in waiting.text and "Check now" not in waiting.text
    assert do_once(app, DUTY, "test")
    shown = reader.get(PAGE, headers=SWEDISH)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Kanske ett felstavat begrepp" in shown.text and "rad 3, kolumn kind" in shown.text
    assert "vattn</span>" in shown.text and "2 gånger" in shown.text
    assert "Samma rad två gånger" in shown.text and "Förvaltning" in shown.text
    found = reader.get(f"{PAGE}.json").json
    assert found["state"] == "done" and found["scores"]["management"] < 100
    told = {one["check"]: one["places"] for one in found["findings"]}
    assert told["CON-3"] == [
        {"row": 3, "column": "kind", "line": 3, "value": "vattn", "note": "vatten", "times": 2}
    ]


def test_all_files_of_a_catalog_are_checked_and_listed(
    app: Flask, site: Site, reader: FlaskClient
) -> None:
    site.says("/a.csv", "id,kind\n1,vatten\n2,vattn\n", "text/csv")
    publisher, listed = signed_in(app, "harbourer"), "/catalogs/harbour/data"
    assert "/catalogs/harbour/data" in reader.get("/catalogs/harbour", headers=HTML).text
    assert send(publisher, listed).status_code == 303
    assert "waits for its turn" in reader.get(listed, headers=HTML).text
    assert "1 check is on its way" not in reader.get(listed, headers=HTML).text
    assert send(publisher, listed).status_code == 303
    told = publisher.get(listed, headers=HTML).text
    assert "not on its way already" in told and told.count("waits for its turn") == 1
    assert do_once(app, DUTY, "test")
    shown = reader.get(listed, headers=SWEDISH).text
    assert f'href="{PAGE}"' in shown and "i genomsnitt" in shown and "Kinds" in shown
    assert "Check all files" not in reader.get(listed, headers=HTML).text
    assert send(signed_in(app, "stranger"), listed, "/account").status_code == 403
    assert reader.get("/catalogs/none/data").status_code == 404


def test_who_may_not_is_refused_and_changes_nothing(app: Flask, reader: FlaskClient) -> None:
    stranger = signed_in(app, "stranger")
    assert send(stranger, PAGE, "/account").status_code == 403
    assert send(stranger, f"{PAGE}/columns", "/account", column="id").status_code == 403
    assert send(reader, PAGE, "/sign-in").status_code in (302, 303, 401)
    assert reader.get(PAGE.replace("/data/", "/data/x")).status_code == 404
    assert reader.get("/datasets/none/data/none").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"column": ""}, "Write the name"),
        ({"vocabulary": "nothing"}, "Choose a vocabulary"),
        ({"by": "guess"}, "Choose a vocabulary"),
    ],
)
def test_a_wrong_declaration_is_told_at_the_form(
    app: Flask, fields: dict[str, str], words: str
) -> None:
    publisher = signed_in(app, "harbourer")
    given = {"column": "id", "vocabulary": "topics", "by": ""} | fields
    refused = send(publisher, f"{PAGE}/columns", PAGE, **given)
    assert refused.status_code == 422 and words in refused.text
    assert '<strong translate="no">id</strong>' not in refused.text


def test_a_dataset_says_what_its_links_answer(app: Flask, site: Site, reader: FlaskClient) -> None:
    links, now = Links(services_of(app).database), datetime(2026, 11, 24, 12, tzinfo=UTC)
    page, file = "https://h.example/page", site.url("/a.csv")
    address = PAGE.partition("/data/")[0]
    assert "Not checked yet" in reader.get(address, headers=HTML).text
    links.take_in([page, file], now)
    links.record(page, Answer(404), now)
    links.record(file, Answer(200), now)
    shown = reader.get(address, headers=HTML).text  # although nothing was published since
    assert "the server answers 404" in shown and "It answers, checked" in shown
    assert 'datetime="2026-11-24T12:00:00+00:00"' in shown
    for trouble, words in ((Trouble.SLOW, "för lång tid"), (Trouble.CERTIFICATE, "certifikat")):
        links.record(page, Answer(0, trouble), now)
        assert words in reader.get(address, headers=SWEDISH).text
    links.record(page, Answer(None, Trouble.ROBOTS), now)
    assert "servern vill inte ha program där" in reader.get(address, headers=SWEDISH).text


def test_anybody_tries_a_file(reader: FlaskClient) -> None:
    schema = (io.BytesIO(b'{"fields": [{"name": "id", "type": "integer"}]}'), "schema.json")
    file = (io.BytesIO(b"id\nx\n"), "a.csv")
    found = send(reader, "/validate/data", file=file, schema=schema)
    assert found.status_code == 200 and "Not of the described type" in found.text
    assert "row 2, column id" in found.text
    found = send(reader, "/validate/data", text='[{"a": 1}, {"a": <b>}]')
    assert "Not JSON" in found.text and "&lt;b&gt;" in found.text and "<b>}" not in found.text
    for given, words in (
        ({"text": " "}, "nothing to check"),
        ({"text": "a,b", "schema": (io.BytesIO(b"["), "s.json")}, "not JSON"),
        ({"text": "a,b", "schema": (io.BytesIO(b"[]"), "s.json")}, "no JSON object"),
    ):
        refused = send(reader, "/validate/data", **given)
        assert refused.status_code == 422 and words in refused.text


def test_more_than_is_checked_is_refused(app: Flask) -> None:
    view = services_of(app).published.view()
    with pytest.raises(TooLargeError, match="At most 10 MB"):
        try_data(b"a" * (LARGEST + 1), "a.csv", None, {}, view, ("en",))


def test_all_faults_are_told(reader: FlaskClient) -> None:
    shown = reader.get("/checks/data", headers=SWEDISH).text
    assert all(f'id="{fault.id}"' in shown for fault in FAULTS)
    assert "Koordinater som inte finns på jordklotet" in shown
