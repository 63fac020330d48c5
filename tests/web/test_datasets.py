"""Pages of catalogs and datasets: found by concept, in the reader's language, tagged by form."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog
from tests.conftest import BASE
from tests.people import HTML, send, services_of, signed_in
from vocab_server.catalog.resources import dataset_id

BEACHES = dataset_id(BASE, f"{HARBOUR}beaches")
PLANS = dataset_id(BASE, f"{HARBOUR}plans")
SWEDISH = {**HTML, "Accept-Language": "sv"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Topics and the catalog of the harbour, with one publisher of it and one of another."""
    app = make_harbour(tmp_path_factory.mktemp("datasets"))
    yield app
    services_of(app).close()


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return site.test_client()


def test_a_list_narrows_down_by_concepts_with_counts(reader: FlaskClient) -> None:
    page = reader.get(f"/datasets?concept={TOPIC}water", headers=HTML).text
    assert "2 datasets" in page
    assert "Bathing places" in page and "Landed fish" in page and "Plans" not in page
    assert f"concept={TOPIC.replace(':', '%3A').replace('/', '%2F')}bathing" in page
    both = f"/datasets?concept={TOPIC}bathing&concept={TOPIC}boats"
    assert "No dataset matches" in reader.get(both, headers=HTML).text


def test_pages_are_in_the_readers_language(reader: FlaskClient) -> None:
    page = reader.get(f"/datasets/{BEACHES}", headers=SWEDISH).text
    assert '<span lang="sv" dir="auto">Badplatser</span>' in page
    assert "Hamnkontoret" in page and "desk@harbour.example" in page
    listed = reader.get("/datasets", headers=SWEDISH).text
    assert '<span lang="en" dir="auto">Landed fish</span> <span class="language-tag">(en)' in listed
    listed = reader.get("/catalogs", headers=SWEDISH).text
    assert "Hamnens data" in listed and '<td class="number">4</td>' in listed
    assert "4 av 4 datamängder" in reader.get("/catalogs/harbour", headers=SWEDISH).text
    assert "4 of 4 datasets" in reader.get("/catalogs/harbour", headers=HTML).text


@pytest.mark.parametrize(
    ("page", "accepted", "twin"),
    [
        ("/catalogs", "application/rdf+xml", "/datasets/dcat"),
        (f"/datasets/{BEACHES}", "application/json", f"/api/v1/datasets/{BEACHES}"),
        (f"/datasets/{BEACHES}", "text/turtle", f"/resource?iri={HARBOUR}beaches"),
    ],
)
def test_who_accepts_data_is_led_to_it(
    reader: FlaskClient, page: str, accepted: str, twin: str
) -> None:
    answer = reader.get(page, headers={"Accept": accepted})
    assert (answer.status_code, unquote(answer.location)) == (303, twin)
    found = reader.get(answer.location, headers={"Accept": accepted})
    assert (found.status_code, found.mimetype) == (200, accepted)
    assert "Accept" in reader.get(page, headers=HTML).vary


def test_all_catalogs_are_named_by_few_queries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_harbour(tmp_path)
    services, asked = services_of(app), []
    prefix = (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n"
    )
    own = '<urn:{n}> a dcat:Catalog ; dct:title "Catalog no. {n}"@en, "Katalog nr {n}"@sv .'
    for number in range(3):
        read_catalog(services, tmp_path, f"own{number}", prefix + own.format(n=number))
    read_catalog(services, tmp_path, "two", prefix + own.format(n=7) + own.format(n=8))
    store = type(services.published.view().store)
    select = store.select
    monkeypatch.setattr(store, "select", lambda self, q: asked.append(q) or select(self, q))
    page = app.test_client().get("/catalogs", headers=SWEDISH).text
    assert all(f"Katalog nr {number}" in page for number in range(3)) and "Hamnens data" in page
    assert "Katalog nr 7" not in page and "two" in page
    assert len(asked) <= 3
    services.close()


def test_a_concept_says_how_many_datasets_it_has(reader: FlaskClient) -> None:
    page = reader.get(f"/resource?iri={TOPIC}nature", headers=HTML).text
    assert "3 datasets" in page and "1 of them with this concept itself" in page
    described = reader.get(f"/resource?iri={TOPIC}nature&format=ttl")
    assert described.status_code == 200
    assert "datasets" not in described.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/datasets/nothing", 404),
        ("/catalogs/nothing", 404),
        ("/datasets?catalog=nothing", 404),
        ("/datasets?concept=no iri", 400),
        ("/datasets?publisher=no iri", 400),
        ("/datasets?page=0", 200),
        ("/datasets?page=999999999999", 200),
        ("/datasets?q=%22+OR+(.*", 200),
        ("/datasets?format=%3Cscript%3Ealert(1)%3C/script%3E", 200),
        ("/datasets?q=%3Cscript%3Ealert(1)%3C/script%3E", 200),
    ],
)
def test_bad_addresses_are_refused_in_words(reader: FlaskClient, address: str, status: int) -> None:
    answer = reader.get(address, headers=HTML)
    assert answer.status_code == status
    assert "<script>alert" not in answer.text


def test_a_publisher_tags_and_untags_by_form(site: Flask) -> None:
    browser = signed_in(site, "harbourer")
    address = f"/datasets/{PLANS}"
    found = browser.get(f"{address}?find=boat", headers=HTML).text
    assert f'value="{TOPIC}boats"' in found
    added = send(browser, f"{address}/tags", address, concept=f"{TOPIC}boats")
    assert added.status_code == 303
    page = browser.get(address, headers=HTML).text
    assert "The category is added." in page
    assert f'value="{TOPIC}boats"' in page
    unknown = send(browser, f"{address}/tags", address, concept="https://example.org/nothing")
    assert unknown.status_code == 422 and "No vocabulary here has a concept" in unknown.text
    assert send(browser, f"{address}/untag", address, concept=f"{TOPIC}boats").status_code == 303
    assert f'value="{TOPIC}boats"' not in browser.get(address, headers=HTML).text


def test_others_neither_see_the_form_nor_may_send_it(site: Flask, reader: FlaskClient) -> None:
    address = f"/datasets/{PLANS}"
    browser = signed_in(site, "stranger")
    assert "Find a category" not in browser.get(address, headers=HTML).text
    assert "Find a category" not in reader.get(address, headers=HTML).text
    refused = send(browser, f"{address}/tags", address, concept=f"{TOPIC}boats")
    assert refused.status_code == 403


def test_descriptions_with_html_are_read_as_text(tmp_path: Path) -> None:
    app = make_harbour(tmp_path)
    written = "<p>Where <b>people</b> swim.</p><p>In summer&nbsp;only.</p>"
    held = CATALOG.replace('"Where people swim."@en', f'"{written}"@en')
    read_catalog(services_of(app), tmp_path, "harbour", held)
    reader = app.test_client()
    assert "Where people swim. In summer only." in reader.get("/datasets", headers=HTML).text
    page = reader.get(f"/datasets/{BEACHES}", headers=HTML).text
    assert "Where people swim." in page and "&lt;p&gt;" not in page
    assert "Where people swim. In" in reader.get("/feeds/datasets.atom").text
    services_of(app).close()
