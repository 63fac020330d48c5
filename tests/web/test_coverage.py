"""The coverage map and the feed of datasets."""

from collections.abc import Iterator

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog
from tests.people import HTML, services_of

PLANNED = """<https://harbour.example/tides> a dcat:Dataset ; dct:title "Tides"@en ;
    dct:publisher :office ; dcat:theme topic:water ;
    <http://www.w3.org/ns/adms#status> <https://example.org/status/planned> .
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("coverage")
    made = make_harbour(folder)
    read_catalog(services_of(made), folder, "harbour", CATALOG + PLANNED)
    yield made
    services_of(made).close()


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_map_tells_how_far_each_publisher_has_come(reader: FlaskClient) -> None:
    told = reader.get("/coverage.json?vocabulary=topics").get_json()
    assert [each["iri"] for each in told["publishers"]] == [f"{HARBOUR}office"]
    cells = {row["prefLabel"]: row["coverage"][0] for row in told["concepts"]}
    assert {**cells["nature"], "publisher": ""} == {
        "publisher": "",
        "status": "open",
        "open": 2,
        "planned": 1,
    }
    assert (cells["traffic"]["status"], cells["traffic"]["listed"]) == ("listed", 1)
    below = reader.get(f"/coverage.json?vocabulary=topics&concept={TOPIC}water").get_json()
    shown = {row["prefLabel"]: row["coverage"][0]["status"] for row in below["concepts"]}
    assert shown == {"bathing": "open", "fishing": "open"}


def test_the_map_is_a_table_in_both_languages(reader: FlaskClient) -> None:
    page = reader.get("/coverage?vocabulary=topics", headers=HTML).text
    assert "open 2, planned 1" in page and "only listed 1" in page
    assert "The harbour office" in page
    swedish = {**HTML, "Accept-Language": "sv"}
    assert "bara förtecknade 1" in reader.get("/coverage", headers=swedish).text
    empty = reader.get(f"/coverage?vocabulary=topics&concept={TOPIC}boats", headers=HTML)
    assert "nothing to show" in empty.text
    assert reader.get("/coverage?vocabulary=none", headers=HTML).status_code == 404
    assert reader.get("/coverage?concept=no address", headers=HTML).status_code == 400


def test_datasets_of_a_concept_are_a_feed(reader: FlaskClient) -> None:
    feed = feedparser.parse(reader.get(f"/feeds/datasets.atom?concept={TOPIC}water").data)
    assert not feed.bozo
    assert feed.feed.title == "Datasets – water"
    assert [entry.title for entry in feed.entries] == ["Bathing places", "Landed fish", "Tides"]
    assert feed.entries[0].updated.startswith("2026-03-01")
    of_catalog = feedparser.parse(reader.get("/feeds/datasets.atom?catalog=harbour").data)
    assert len(of_catalog.entries) == 5
    assert reader.get("/feeds/datasets.atom?catalog=none").status_code == 404
    assert reader.get("/feeds/datasets.atom?page=9").status_code == 404
