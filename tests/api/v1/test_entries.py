"""Datasets, series and interfaces that programs enter, with the checks of the forms."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cataloguing import make_harbour
from tests.people import HTML, TESTER, add_person, send, services_of, signed_in
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.catalog.profiles import ACCESS_RIGHTS, AUTHORITY, PUBLISHER_TYPES

API = "/api/v1/catalogs/town"
FILE = {
    "accessURL": "https://town.example/trees.csv",
    "format": f"{AUTHORITY}file-type/CSV",
    "byteSize": 1200,
}
DATASET: dict[str, Any] = {
    "title": {"en": "Street trees", "sv": "Gatuträd"},
    "description": {"en": "All trees along streets."},
    "keyword": {"sv": ["träd", "gata"]},
    "accessRights": f"{ACCESS_RIGHTS}/PUBLIC",
    "contactPoint": {"fn": {"en": "The desk"}, "hasEmail": "data@town.example"},
    "temporal": {"start": "2020-01-01", "end": "2025-12-31"},
    "distribution": [FILE],
    "stage": "published",
}
SERVICE: dict[str, Any] = {
    "title": {"en": "Trees by program"},
    "endpointURL": ["https://api.town.example/trees"],
    "format": f"{AUTHORITY}file-type/JSON",
    "stage": "published",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_harbour(tmp_path_factory.mktemp("entries"))
    database = services_of(app).database
    add_person(database, "boss", Grant(Role.ADMINISTRATOR))
    add_person(database, "clerk", Grant(Role.PUBLISHER, "town"))
    made = send(
        signed_in(app, "boss"),
        "/catalogs/new",
        identifier="town",
        publisher="The town",
        kind=f"{PUBLISHER_TYPES}/LocalAuthority",
        title="Data of the town",
        description="What the town knows.",
    )
    assert made.status_code == 303
    yield app
    services_of(app).close()


@pytest.fixture(scope="module")
def clerk(site: Flask) -> dict[str, str]:
    return bearer(site, "clerk")


@pytest.fixture
def program(site: Flask) -> FlaskClient:
    return site.test_client()


def bearer(site: Flask, name: str) -> dict[str, str]:
    database = services_of(site).database
    text, _ = create_token(database, TESTER, find_account(database, name), scopes=("write",))
    return {"Authorization": f"Bearer {text}"}


def made(
    program: FlaskClient, clerk: dict[str, str], content: dict[str, Any], kind: str = "datasets"
) -> TestResponse:
    answer = program.post(f"{API}/{kind}", json=content, headers=clerk)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_dataset_is_entered_read_changed_and_withdrawn(
    program: FlaskClient, clerk: dict[str, str]
) -> None:
    new = made(program, clerk, DATASET)
    held = new.get_json()
    assert held["stage"] == "published" and held["missing"] == []
    assert held["keyword"] == {"sv": ["gata", "träd"]} and held["issued"] == held["modified"]
    address = new.headers["Location"]
    read = program.get(address, headers=clerk)
    assert read.get_json() == held and read.headers["ETag"] == new.headers["ETag"]
    assert "Street trees" in program.get(f"/datasets/{held['id']}", headers=HTML).text
    changed = {**held, "title": {"en": "All trees"}}
    seen = {**clerk, "If-Match": read.headers["ETag"]}
    put = program.put(address, json=changed, headers=seen)
    assert put.status_code == 200 and put.get_json() == changed | {"title": {"en": ["All trees"]}}
    gone = program.delete(address, headers={**clerk, "If-Match": put.headers["ETag"]})
    assert gone.status_code == 200 and gone.get_json()["stage"] == "withdrawn"
    assert "All trees" not in program.get("/catalogs/town/dcat?format=ttl").text
    assert "Taken away" in program.get(f"/datasets/{held['id']}", headers=HTML).text


def test_interfaces_and_series_are_entered_and_linked(
    program: FlaskClient, clerk: dict[str, str]
) -> None:
    about = {"title": {"en": "Trees by year"}, "description": {"en": "x"}, "stage": "published"}
    series = made(program, clerk, about, "series").get_json()
    dataset = made(program, clerk, {**DATASET, "inSeries": series["iri"]}).get_json()
    service = made(program, clerk, {**SERVICE, "servesDataset": dataset["iri"]}, "services")
    assert service.get_json()["servesDataset"] == [dataset["iri"]]
    feed = program.get("/catalogs/town/dcat?format=ttl").text
    assert "Trees by program" in feed and "Trees by year" in feed
    for kind, held in (("series", series), ("services", service.get_json())):
        listed = program.get(f"{API}/{kind}?limit=100").get_json()
        assert held["id"] in [item["id"] for item in listed["items"]]
        other = program.get(f"{API}/datasets/{held['id']}", headers=clerk)
        assert other.status_code == 404
    listed = program.get(f"{API}/datasets?limit=100").get_json()
    assert dataset["iri"] in [item["iri"] for item in listed["items"]]


def test_files_of_a_list_are_kept_added_and_taken_away(
    program: FlaskClient, clerk: dict[str, str]
) -> None:
    new = made(program, clerk, DATASET)
    held, tag = new.get_json(), new.headers["ETag"]
    (first,) = held["distribution"]
    two = {**held, "distribution": [first, {**FILE, "accessURL": "https://town.example/b.csv"}]}
    address = new.headers["Location"]
    put = program.put(address, json=two, headers={**clerk, "If-Match": tag})
    files = put.get_json()["distribution"]
    assert first in files and len(files) == 2
    none = program.put(
        address,
        json={**two, "distribution": []},
        headers={**clerk, "If-Match": put.headers["ETag"]},
    ).get_json()
    assert none["distribution"] == [] and none["stage"] == "planned"
    assert none["missing"] == ["distribution"]
    assert first["iri"] not in program.get("/catalogs/town.ttl").text


def test_what_somebody_else_changed_is_not_overwritten(
    program: FlaskClient, clerk: dict[str, str], site: Flask
) -> None:
    new = made(program, clerk, DATASET)
    address, tag = new.headers["Location"], new.headers["ETag"]
    form = f"/catalogs/town/assets/{new.get_json()['id']}"
    browser = signed_in(site, "clerk")
    saved = send(browser, form, **{"title.en": "By hand", "stage": "planned"})
    assert saved.status_code == 303
    before = program.get("/catalogs/town.ttl").text
    stale = {**clerk, "If-Match": tag}
    assert program.put(address, json=DATASET, headers=stale).status_code == 412
    assert program.delete(address, headers=stale).status_code == 412
    assert program.put(address, json=DATASET, headers=clerk).status_code == 428
    assert program.delete(address, headers=clerk).status_code == 428
    assert program.get("/catalogs/town.ttl").text == before and "By hand" in before


@pytest.mark.parametrize(
    ("field", "value", "blamed"),
    [
        ("title", {}, "title"),
        ("title", "Trees", "title"),
        ("title", {"en": ["a", "b"]}, "title.en"),
        ("title", {"not a tag": "x"}, "title.not a tag"),
        ("landingPage", "javascript:alert(1)", "landingPage"),
        ("accessRights", "urn:none", "accessRights"),
        ("accessRights", {"a": "b"}, "accessRights"),
        ("issued", "soon", "issued"),
        ("inSeries", "https://elsewhere.example/series", "inSeries"),
        ("contactPoint", {"hasEmail": "desk"}, "contactPoint.hasEmail"),
        ("contactPoint", [], "contactPoint"),
        ("temporal", {"end": "1999-01-01", "start": "2000-01-01"}, "temporal.end"),
        ("temporal", {"middle": "2000-01-01"}, "temporal.middle"),
        ("distribution", {}, "distribution"),
        ("distribution", [{"accessURL": "no"}], "distribution.0.accessURL"),
        ("distribution", [{"iri": "urn:other"}], "distribution.0.iri"),
        ("stage", "open", "stage"),
        ("checks", ["none"], "checks"),
        ("available", "soon", "available"),
        ("reason", {"en": "a", "sv": "b"}, "reason"),
        ("colour", "red", "colour"),
        ("identifier", "a\u0000b", "identifier"),
    ],
)
def test_a_bad_value_is_blamed_at_its_field_and_nothing_changes(
    program: FlaskClient, clerk: dict[str, str], field: str, value: object, blamed: str
) -> None:
    before = program.get("/catalogs/town.ttl").text
    answer = program.post(f"{API}/datasets", json={**DATASET, field: value}, headers=clerk)
    assert answer.status_code == 422
    assert blamed in [each["field"] for each in answer.get_json()["fields"]]
    assert program.get("/catalogs/town.ttl").text == before


def test_only_publishers_of_the_catalog_enter_data(
    program: FlaskClient, clerk: dict[str, str], site: Flask
) -> None:
    other = bearer(site, "harbourer")
    assert program.post(f"{API}/datasets", json=DATASET).status_code == 401
    assert program.post(f"{API}/datasets", json=DATASET, headers=other).status_code == 403
    harvested = program.post("/api/v1/catalogs/harbour/datasets", json=DATASET, headers=other)
    assert harvested.status_code == 403
    nowhere = program.post("/api/v1/catalogs/nowhere/datasets", json=DATASET, headers=clerk)
    assert nowhere.status_code == 404
    assert program.get(f"{API}/datasets/none", headers=clerk).status_code == 404
    assert program.post(f"{API}/datasets", data="x", headers=clerk).status_code == 415
