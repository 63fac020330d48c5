"""Datasets for programs: listed, read, tagged and untagged, as `/openapi.json` describes it."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cataloguing import HARBOUR, TOPIC, make_harbour
from tests.conftest import BASE
from tests.people import TESTER, services_of
from vocab_server.accounts.register import find_account
from vocab_server.accounts.tokens import create_token
from vocab_server.catalog.resources import dataset_id

BEACHES = dataset_id(BASE, f"{HARBOUR}beaches")
BERTHS = dataset_id(BASE, f"{HARBOUR}berths")
LIST = "/api/v1/datasets"
TAGS = f"{LIST}/{BERTHS}/tags?concept="
BATHING = quote(f"{TOPIC}bathing", safe="")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_harbour(tmp_path_factory.mktemp("datasets"))
    yield app
    services_of(app).close()


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return site.test_client()


def token(site: Flask, name: str, *scopes: str) -> dict[str, str]:
    database = services_of(site).database
    account = find_account(database, name)
    text, _ = create_token(database, TESTER, account, scopes=scopes or ("write",))
    return {"Authorization": f"Bearer {text}"}


def ids(reader: FlaskClient, query: str) -> list[str]:
    answer = reader.get(f"{LIST}?{query}").get_json()
    assert answer["total"] == len(answer["items"])
    return sorted(item["iri"].removeprefix(HARBOUR) for item in answer["items"])


def test_a_list_finds_narrower_concepts_unless_told_not_to(reader: FlaskClient) -> None:
    assert ids(reader, f"concept={TOPIC}nature") == ["beaches", "catches", "plans"]
    assert ids(reader, f"concept={TOPIC}nature&includeNarrower=false") == ["plans"]
    assert ids(reader, f"concept={TOPIC}nature&publisher={HARBOUR}office") == ["beaches", "catches"]
    assert ids(reader, "q=badplats&lang=sv") == ["beaches"]
    assert ids(reader, "catalog=harbour&format=csv") == ["beaches"]


def test_a_list_gives_titles_publishers_and_tags(reader: FlaskClient) -> None:
    (item,) = reader.get(f"{LIST}?q=badplatser&lang=sv").get_json()["items"]
    assert (item["title"], item["lang"], item["catalog"]) == ("Badplatser", "sv", ["harbour"])
    assert item["publisher"][0]["prefLabel"] == "Hamnkontoret"
    assert [tag["prefLabel"] for tag in item["tags"]] == ["bad", "fiske"]
    assert reader.get(f"{LIST}/{item['id']}").get_json()["iri"] == item["iri"]


def test_a_list_comes_in_parts(reader: FlaskClient) -> None:
    first = reader.get(f"{LIST}?limit=3").get_json()
    rest = reader.get(f"{LIST}?limit=3&offset=3").get_json()
    assert (len(first["items"]), len(rest["items"]), rest["total"]) == (3, 1, 4)
    assert reader.get(f"{LIST}?offset=1000000000").get_json()["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "concept=no iri", "includeNarrower=maybe"])
def test_a_bad_parameter_is_refused_by_name(reader: FlaskClient, query: str) -> None:
    answer = reader.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert query.partition("=")[0] in answer.get_json()["detail"]


def test_a_tag_is_put_told_with_its_origin_and_deleted(site: Flask, reader: FlaskClient) -> None:
    harbourer = token(site, "harbourer")
    assert reader.put(TAGS + BATHING, headers=harbourer).status_code == 201
    assert reader.put(TAGS + BATHING, headers=harbourer).status_code == 200
    tags = {tag["iri"]: tag for tag in reader.get(f"{LIST}/{BERTHS}").get_json()["tags"]}
    assert tags[f"{TOPIC}bathing"]["origin"] == "picked"
    assert tags[f"{TOPIC}boats"]["origin"] == "harvested"
    assert {tag["status"] for tag in tags.values()} == {"current"}
    assert "berths" in ids(reader, f"concept={TOPIC}water")
    assert reader.delete(TAGS + BATHING, headers=harbourer).status_code == 200
    assert "berths" not in ids(reader, f"concept={TOPIC}water")
    decisions = services_of(site).tag_decisions.of([f"{HARBOUR}berths"])
    assert [(d.account, d.status) for d in decisions] == [("harbourer", "rejected")]


def test_nobody_tags_without_the_right_to(site: Flask, reader: FlaskClient) -> None:
    assert reader.put(TAGS + BATHING).status_code == 401
    assert reader.put(TAGS + BATHING, headers=token(site, "stranger")).status_code == 403
    reading = token(site, "harbourer", "read")
    assert reader.delete(TAGS + BATHING, headers=reading).status_code == 403


def test_unknown_datasets_and_concepts_are_not_found(site: Flask, reader: FlaskClient) -> None:
    harbourer = token(site, "harbourer")
    nothing = TAGS + quote("https://example.org/nothing", safe="")
    assert reader.put(nothing, headers=harbourer).status_code == 404
    assert (
        reader.put(f"{LIST}/nothing/tags?concept={BATHING}", headers=harbourer).status_code == 404
    )
    assert reader.put(f"{LIST}/{BERTHS}/tags", headers=harbourer).status_code == 400
    assert reader.get(f"{LIST}/nothing").status_code == 404


def test_a_rejected_tag_does_not_come_with_the_next_harvest(
    site: Flask, reader: FlaskClient
) -> None:
    fishing = quote(f"{TOPIC}fishing", safe="")
    address = f"{LIST}/{BEACHES}/tags?concept={fishing}"
    assert reader.delete(address, headers=token(site, "harbourer")).status_code == 200
    opened = services_of(site)
    view = opened.published.view()
    themes = {(f"{HARBOUR}beaches", f"{TOPIC}{name}") for name in ("fishing", "bathing")}
    change = opened.tagger("harbour")(view.store, view.catalog("harbour").graph, themes)
    assert not change.added
