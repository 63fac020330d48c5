"""A concept that was split leaves a choice to its publishers, made for all datasets on one page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog, read_vocabulary
from tests.cataloguing import TOPICS as TOPIC_FILE
from tests.people import HTML, send, services_of, signed_in
from vocab_server.catalog.resources import dataset_id
from vocab_server.config import Settings
from vocab_server.web.choices import CONCEPTS

PAGE = "/catalogs/harbour/choices"
SPLIT = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> .
:fishing owl:deprecated true ; dct:isReplacedBy :angling, :trawling .
:angling a skos:Concept ; skos:prefLabel "angling"@en, "sportfiske"@sv ; skos:broader :water .
:trawling a skos:Concept ; skos:prefLabel "trawling"@en, "trålfiske"@sv ; skos:broader :water .
:nature owl:deprecated true .
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("choices")
    made = make_harbour(folder)
    assert "nothing to choose" in signed_in(made, "harbourer").get(PAGE, headers=HTML).text
    read_vocabulary(services_of(made), folder, "topics", TOPIC_FILE + SPLIT)
    yield made
    services_of(made).close()


def field(app: Flask, name: str) -> str:
    settings: Settings = services_of(app).settings
    return f"to-{dataset_id(settings.base, f'{HARBOUR}{name}')}"


def tags(app: Flask, name: str) -> set[str]:
    found = app.test_client().get(f"/api/v1/datasets/{field(app, name)[3:]}").get_json()
    return {tag["iri"].removeprefix(TOPIC) for tag in found["tags"]}


def test_what_was_split_is_shown_and_chosen_for_each_dataset(app: Flask) -> None:
    own = signed_in(app, "harbourer")
    assert PAGE in own.get("/catalogs/harbour", headers=HTML).text
    assert PAGE not in app.test_client().get("/catalogs/harbour", headers=HTML).text
    shown = own.get(PAGE, headers=HTML).text
    assert "Bathing places" in shown and "Landed fish" in shown and "Berths" not in shown
    assert f'value="{TOPIC}angling"' in shown and f'value="{TOPIC}trawling"' in shown
    swedish = own.get(PAGE, headers={**HTML, "Accept-Language": "sv"}).text
    assert "sportfiske" in swedish and "2 datamängder har den." in swedish
    nothing = send(own, PAGE, former=f"{TOPIC}fishing")
    assert nothing.status_code == 422 and "at least one dataset" in nothing.text
    chosen = {
        field(app, "beaches"): f"{TOPIC}angling",
        field(app, "catches"): [f"{TOPIC}angling", f"{TOPIC}trawling"],
    }
    before = services_of(app).log.last()
    partly = {**chosen, field(app, "catches"): f"{TOPIC}none"}
    assert send(own, PAGE, former=f"{TOPIC}fishing", **partly).status_code == 404
    assert services_of(app).log.last() == before
    assert send(own, PAGE, former=f"{TOPIC}fishing", **chosen).status_code == 303
    assert services_of(app).log.last() == before + 1
    assert tags(app, "beaches") == {"bathing", "angling"}
    assert tags(app, "catches") == {"angling", "trawling"}
    assert "fishing" not in own.get(PAGE, headers=HTML).text


def test_what_has_no_successor_is_taken_away(app: Flask) -> None:
    own = signed_in(app, "harbourer")
    assert "Nothing stands in its place" in own.get(PAGE, headers=HTML).text
    plans = {field(app, "plans"): "nothing"}
    assert send(own, PAGE, former=f"{TOPIC}nature", **plans).status_code == 303
    assert tags(app, "plans") == set()


def test_only_who_may_tag_gets_in_and_bad_input_changes_nothing(app: Flask) -> None:
    stranger = signed_in(app, "stranger")
    assert stranger.get(PAGE, headers=HTML).status_code == 403
    assert app.test_client().get(PAGE, headers=HTML).status_code in (302, 303, 401)
    own, before = signed_in(app, "harbourer"), tags(app, "berths")
    berths = {field(app, "berths"): f"{TOPIC}traffic"}
    assert send(own, PAGE, former="no iri", **berths).status_code == 422
    odd = {field(app, "berths"): "no iri"}
    assert send(own, PAGE, former=f"{TOPIC}boats", **odd).status_code == 422
    unknown = {"to-nothing": f"{TOPIC}traffic"}
    assert send(own, PAGE, former=f"{TOPIC}boats", **unknown).status_code == 404
    assert own.get("/catalogs/none/choices", headers=HTML).status_code == 404
    assert tags(app, "berths") == before


def test_many_concepts_come_in_pages(tmp_path: Path) -> None:
    app = make_harbour(tmp_path)
    services = services_of(app)
    names = [f"old{number}" for number in range(CONCEPTS + 2)]
    ended = "".join(f':{name} a skos:Concept ; skos:prefLabel "{name}"@en .\n' for name in names)
    read_vocabulary(services, tmp_path, "topics", TOPIC_FILE + ended)
    themes = ", ".join(f"topic:{name}" for name in names)
    read_catalog(services, tmp_path, "harbour", f"{CATALOG}:plans dcat:theme {themes} .")
    gone = ended.replace(" a skos:Concept", " a skos:Concept ; owl:deprecated true")
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    read_vocabulary(services, tmp_path, "topics", owl + TOPIC_FILE + gone)
    own = signed_in(app, "harbourer")
    pages = [own.get(f"{PAGE}?page={number}", headers=HTML).text for number in (1, 2)]
    assert [page.count("<section") for page in pages] == [CONCEPTS, 2]
    assert "page=2" in pages[0]
    services.close()
