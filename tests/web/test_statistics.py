"""The statistics of a vocabulary, as a page and as JSON."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.browser.conftest import HERE
from tests.conftest import BASE, SHARED
from tests.web.test_pages import read
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.services import Services
from vocab_server.web.statistics import LEVELS, Level, levels

EMPTY = "<https://example.org/s> a <http://www.w3.org/2004/02/skos/core#ConceptScheme> .\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the hard cases, and a vocabulary without concepts."""
    folder = tmp_path_factory.mktemp("statistics")
    made = create_app(Settings(data=folder / "data", base_url=BASE))
    opened: Services = made.extensions["vocab_server"]
    empty = folder / "empty.nt"
    empty.write_text(EMPTY)
    for name, path in (("hard", HERE / "hard-cases.ttl"), ("empty", empty)):
        import_file(opened.writer, BASE, name, Source(path, path.name), "test")
    yield made
    opened.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_figures_are_those_of_the_file(client: FlaskClient) -> None:
    found = client.get("/vocabularies/hard/statistics.json").json
    # at the top: animal, many, hostile, bare, colour; under pet and predator: dog, cat
    assert found["conceptsByDepth"] == [5, 5, 2]
    assert (found["concepts"], found["topConcepts"]) == (19, 5)
    # in no tree: two strays and three in a circle; alone: the strays, hostile, bare, colour
    assert (found["deprecated"], found["inNoTree"], found["orphans"]) == (2, 5, 5)
    by_language = {counted["lang"]: counted for counted in found["languages"]}
    assert by_language["ko"] == {
        "lang": "ko",
        "prefLabel": 6,
        "coverage": round(6 / 19, 4),
        "altLabel": 1,
        "hiddenLabel": 0,
        "definition": 0,
    }
    assert by_language["en"]["definition"] == 3
    assert found["mappings"]["exactMatch"] == found["mappings"]["closeMatch"] == 2
    assert found["documentation"]["scopeNote"] == 2


def test_the_page_says_what_the_json_says(client: FlaskClient) -> None:
    page = read(client, "/vocabularies/hard/statistics")
    rows = _rows(client.get("/vocabularies/hard/statistics").text)
    assert {"Top concepts 5 29%", "Level 2 5 29%", "Level 3 2 12%"} <= rows
    bars = [attributes["width"] for attributes in page.all("rect")]
    assert str(round(100 * 5 / 17, 2)) in bars
    assert not any("style" in attributes for _, attributes in page.found)


def _rows(page: str) -> set[str]:
    """What each row of each table says."""
    found = re.findall("<tr>(.*?)</tr>", page, re.DOTALL)
    return {" ".join(re.sub("<[^>]*>", " ", row).split()) for row in found}


def test_a_vocabulary_without_concepts_says_so(client: FlaskClient) -> None:
    page = read(client, "/vocabularies/empty/statistics")
    assert "There are no concepts here yet." in page.text
    assert "Nothing in this vocabulary has a name." in page.text
    assert client.get("/vocabularies/empty/statistics.json").json["concepts"] == 0


def test_an_unknown_vocabulary_has_no_statistics(client: FlaskClient) -> None:
    assert client.get("/vocabularies/none/statistics").status_code == 404
    assert client.get("/vocabularies/none/statistics.json").status_code == 404


def test_the_vocabulary_page_leads_there(client: FlaskClient) -> None:
    page = read(client, "/vocabularies/hard")
    links = [attributes.get("href") for attributes in page.all("a")]
    assert {"/vocabularies/hard/statistics", "/vocabularies/hard/picture"} <= set(links)


@pytest.mark.parametrize("deep", [0, 1, LEVELS, LEVELS + 1, 20_000])
def test_the_table_of_levels_is_short_and_counts_all(deep: int) -> None:
    found = levels((1,) * deep)
    assert len(found) == min(deep, LEVELS)
    assert sum(level.concepts for level in found) == deep
    assert [level.first for level in found] == list(range(len(found)))
    if deep > LEVELS:
        assert found[-1] == Level(LEVELS - 1, deep - 1, deep - LEVELS + 1)


def test_a_deep_chain_is_counted_whole(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    source = SHARED / "bad" / "derived" / "chain-20000-deep.ttl"
    if not source.exists():
        pytest.skip(f"{source} is not here.")
    opened: Services = app.extensions["vocab_server"]
    import_file(opened.writer, BASE, "chain", Source(source, source.name), "test")
    found = client.get("/vocabularies/chain/statistics.json").json
    assert found["conceptsByDepth"] == [1] * 20_000
    assert "Levels 24 to 20,000" in read(client, "/vocabularies/chain/statistics").text
