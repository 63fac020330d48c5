"""Pages of harvests: a source is named, harvested in the background, and every run is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.cataloguing import make_harbour
from tests.conftest import BASE
from tests.harvest.servers import Site, datasets, running_site
from tests.people import HTML, add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.background import DUTIES, do_once
from vocab_server.catalog.resources import dataset_id
from vocab_server.database.harvests import Harvests, Source
from vocab_server.operation.harvesting import GRACE, harvest

SWEDISH = {**HTML, "Accept-Language": "sv"}
DUTY = next(duty for duty in DUTIES if duty.name == "harvest")


@pytest.fixture(scope="module")
def town() -> Iterator[Site]:
    with running_site() as opened:
        yield opened


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, town: Site) -> Iterator[Flask]:
    made = make_harbour(tmp_path_factory.mktemp("harvests"), internal_hosts=(town.host,))
    add_person(services_of(made).database, "boss", Grant(Role.ADMINISTRATOR))
    yield made
    services_of(made).close()


def test_a_source_is_named_harvested_and_told_of(app: Flask, town: Site) -> None:
    boss = signed_in(app, "boss")
    page = "/harvests/new"
    fields = {"catalog": "town", "kind": "dcat", "address": town.url("/c"), "every": "24"}
    for wrong, words in (
        ({"catalog": "No Name"}, "cannot name a catalog"),
        ({"address": "ftp://x"}, "is not the address"),
        ({"every": "-1"}, "Choose from 0"),
        ({"address": ""}, "Write the address."),
    ):
        refused = send(boss, page, **fields | wrong)
        assert refused.status_code == 422 and words in refused.text
    assert Harvests(services_of(app).database).sources() == []
    town.says("/c", datasets("a", "b"))
    assert send(boss, page, **fields).headers["Location"] == "/harvests/town"
    assert "not harvested yet" in boss.get("/harvests/town", headers=HTML).text
    assert do_once(app, DUTY, "test")
    shown = boss.get("/harvests/town", headers=HTML).text
    assert "2 added, 0 changed, 0 removed, 0 unchanged" in shown
    town.fails("/c", 500)
    assert send(boss, "/harvests/town/now", "/harvests/town").status_code == 303
    assert do_once(app, DUTY, "test")
    told = boss.get("/harvests/town/runs/2", headers=SWEDISH).text
    assert "Misslyckades; ingenting ändrades" in told and "500 Server Error" in told
    assert "Failed" in boss.get("/harvests", headers=HTML).text
    assert boss.get("/harvests/town/runs/99", headers=HTML).status_code == 404
    assert boss.get("/harvests/none", headers=HTML).status_code == 404
    assert "/harvests/town" in boss.get("/catalogs/town", headers=HTML).text


def test_harvests_are_for_who_looks_after_the_catalog(app: Flask, town: Site) -> None:
    Harvests(services_of(app).database).set(Source("harbour", "dcat", town.url("/h")))
    own = signed_in(app, "harbourer")
    assert own.get("/harvests/harbour", headers=HTML).status_code == 200
    assert town.url("/h") in own.get("/harvests/harbour", headers=HTML).text
    assert "Save and harvest" not in own.get("/harvests/harbour", headers=HTML).text
    assert own.get("/harvests/town", headers=HTML).status_code == 403
    assert "/harvests/town" not in own.get("/harvests", headers=HTML).text
    assert own.get("/harvests/new", headers=HTML).status_code == 403
    assert send(own, "/harvests/harbour", kind="file", address="x", every="1").status_code == 200
    assert Harvests(services_of(app).database).get("harbour").kind == "dcat"
    assert app.test_client().get("/harvests", headers=HTML).status_code in (302, 303, 401)


def test_the_address_of_what_is_gone_says_so(app: Flask, town: Site) -> None:
    services, now = services_of(app), datetime(2026, 11, 24, tzinfo=UTC)
    Harvests(services.database).set(Source("gone", "dcat", town.url("/g")))
    town.says("/g", datasets("stays", "leaves"))
    harvest(services, "gone", "test", now=now)
    town.says("/g", datasets("stays"))
    reader, iri = app.test_client(), "https://town.example/leaves"
    for days in (0, 1, GRACE.days):
        assert reader.get(f"/resource?iri={iri}").status_code == 200
        harvest(services, "gone", "test", now=now + timedelta(days=days))
    for path in (f"/datasets/{dataset_id(BASE, iri)}", f"/resource?iri={iri}"):
        answer = reader.get(path, headers=HTML)
        assert answer.status_code == 410
        assert "leaves" in answer.text and "2026-11-26" in answer.text
    assert reader.get(f"/api/v1/datasets/{dataset_id(BASE, iri)}").status_code == 410
    boss = signed_in(app, "boss")
    assert "Taken out" in boss.get("/harvests/gone", headers=HTML).text


def test_a_publisher_is_told_once_that_harvests_fail(app: Flask, town: Site) -> None:
    services, own = services_of(app), signed_in(app, "harbourer")
    telling = next(duty for duty in DUTIES if duty.name == "tell-people")
    Harvests(services.database).set(Source("harbour", "dcat", town.url("/failing")))
    town.fails("/failing", 500)
    for _ in range(2):
        run = harvest(services, "harbour", "test")
        assert do_once(app, telling, "test")
    shown = own.get("/account/notifications", headers=SWEDISH).text
    assert "Skörden av katalogen ”harbour” misslyckades" in shown and "500 Server" in shown
    assert f"/harvests/harbour/runs/{run.id - 1}" in shown
    assert f"/harvests/harbour/runs/{run.id}" not in shown
    stranger = signed_in(app, "stranger").get("/account/notifications", headers=HTML).text
    assert "harbour" not in stranger
    town.says("/failing", datasets("a"))
    harvest(services, "harbour", "test")
    town.fails("/failing", 500)
    again = harvest(services, "harbour", "test")
    assert do_once(app, telling, "test")
    shown = own.get("/account/notifications", headers=SWEDISH).text
    assert f"/harvests/harbour/runs/{again.id}" in shown


def test_a_source_is_forgotten_and_its_datasets_stay(app: Flask, town: Site) -> None:
    table = Harvests(services_of(app).database)
    table.set(Source("leaving", "dcat", town.url("/leaving"), every=0))
    town.says("/leaving", datasets("kept"))
    harvest(services_of(app), "leaving", "test")
    own = signed_in(app, "harbourer")
    assert send(own, "/harvests/leaving/remove", "/harvests").status_code == 403
    boss = signed_in(app, "boss")
    assert send(boss, "/harvests/leaving/remove", "/harvests/leaving").status_code == 303
    shown = boss.get("/harvests", headers=HTML).text
    assert "leaving is harvested no more" in shown and "/harvests/leaving" not in shown
    assert boss.get("/harvests/leaving", headers=HTML).status_code == 404
    assert send(boss, "/harvests/leaving/remove", "/harvests/new").status_code == 404
    assert boss.get("/resource?iri=https://town.example/kept").status_code == 200
