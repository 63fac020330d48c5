"""The keyword desk: one decision tags all datasets, now and at the next harvest, and is undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import URIRef

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog
from tests.conftest import BASE
from tests.people import HTML, add_person, send, services_of, signed_in
from vocab_server.accounts.roles import Grant, Role
from vocab_server.database.keywords import KeywordDecisions
from vocab_server.tagging.tags import Origin, list_tags

SHORE = CATALOG.replace("harbour.example", "shore.example")
WORDS = {  # the same word as four people write it
    HARBOUR: '<https://harbour.example/plans> dcat:keyword "Båt-trafik"@sv, "Harbour"@en .',
    "https://shore.example/": '<https://shore.example/plans> dcat:keyword "båt trafik"@sv .'
    '<https://shore.example/catches> dcat:keyword "BAT TRAFIK", "Fiske"@sv .',
}
FORM = "bat trafik"
DATASETS = ("harbour.example/plans", "shore.example/plans", "shore.example/catches")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keywords")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Flask]:
    made = make_harbour(folder)
    opened = services_of(made)
    read_catalog(opened, folder, "harbour", CATALOG + WORDS[HARBOUR])
    read_catalog(opened, folder, "shore", SHORE + WORDS["https://shore.example/"])
    add_person(opened.database, "curator", Grant(Role.CURATOR, "topics"))
    add_person(opened.database, "other", Grant(Role.CURATOR, "elsewhere"))
    yield made
    opened.close()


@pytest.fixture
def curator(app: Flask) -> Iterator[FlaskClient]:
    """Somebody who curates the topics; what they decided is undone afterwards."""
    client = signed_in(app, "curator")
    yield client
    for form in KeywordDecisions(services_of(app).database).forms():
        send(client, "/keywords/undo", "/keywords/decided", form=form)


def origins(app: Flask, dataset: str, concept: str) -> list[str]:
    opened = services_of(app)
    name = dataset.partition(".")[0]
    graph = URIRef(f"{BASE}/catalogs/{name}")
    tags = list_tags(opened.published.view().store, URIRef(f"https://{dataset}"), [graph])
    return [tag.origin for tag in tags if tag.concept == URIRef(f"{TOPIC}{concept}")]


def decide(client: FlaskClient, **fields: str) -> int:
    asked = {"form": FORM, "verdict": "concept", "concept": f"{TOPIC}boats"} | fields
    return send(client, "/keywords/decide", "/keywords", **asked).status_code


def test_spellings_are_one_keyword_with_count_publishers_and_candidates(
    curator: FlaskClient,
) -> None:
    page = curator.get("/keywords", headers=HTML).text
    assert page.count("form=bat+trafik") == 1
    row = page[page.index("form=bat+trafik") :].partition("</tr>")[0]
    assert '<td class="number">3</td>' in row and "The harbour office" in row
    assert f'value="{TOPIC}traffic"' in row  # by the end of the word
    assert "fiske" in curator.get("/keywords?q=fisk", headers=HTML).text
    assert "no keyword to decide" in curator.get("/keywords?q=qqqq", headers=HTML).text


def test_one_decision_tags_every_dataset_now_and_later(
    app: Flask, folder: Path, curator: FlaskClient
) -> None:
    assert decide(curator) == 303
    for dataset in DATASETS:
        assert origins(app, dataset, "boats") == [Origin.RECONCILED]
    assert "form=bat+trafik" not in curator.get("/keywords", headers=HTML).text
    more = '<https://shore.example/beaches> dcat:keyword "båt/trafik" .'
    without = WORDS["https://shore.example/"].replace('"båt trafik"@sv', '"x"')
    read_catalog(services_of(app), folder, "shore", SHORE + without + more)
    assert origins(app, "shore.example/beaches", "boats") == [Origin.RECONCILED]
    assert origins(app, "shore.example/plans", "boats") == []  # the word is no longer there
    assert origins(app, "shore.example/berths", "boats") == [Origin.HARVESTED]
    read_catalog(services_of(app), folder, "shore", SHORE + WORDS["https://shore.example/"])
    page = "/keywords/decided"
    assert send(curator, "/keywords/undo", page, form=FORM).status_code == 303
    for dataset in DATASETS:
        assert origins(app, dataset, "boats") == []
    assert origins(app, "shore.example/berths", "boats") == [Origin.HARVESTED]
    assert "form=bat+trafik" in curator.get("/keywords", headers=HTML).text


def test_what_somebody_took_away_does_not_come_again(app: Flask, curator: FlaskClient) -> None:
    opened = services_of(app)
    decide(curator)
    publisher = signed_in(app, "harbourer")
    card = next(
        card
        for card in opened.published.view().datasets.with_keyword(FORM)
        if "harbour.example" in card.iri
    )
    page = f"/datasets/{card.id}"
    assert send(publisher, f"{page}/untag", page, concept=f"{TOPIC}boats").status_code == 303
    send(curator, "/keywords/undo", "/keywords/decided", form=FORM)
    decide(curator)
    assert origins(app, DATASETS[0], "boats") == []
    assert origins(app, DATASETS[1], "boats") == [Origin.RECONCILED]


def test_the_word_becomes_a_name_in_a_draft_and_is_taken_back(
    app: Flask, curator: FlaskClient
) -> None:
    assert decide(curator, label="hiddenLabel") == 303
    decision = KeywordDecisions(services_of(app).database).find(FORM)
    assert decision is not None and decision.draft
    opened = services_of(app)
    draft = opened.drafts.table.get(decision.draft)
    hidden = "<http://www.w3.org/2004/02/skos/core#hiddenLabel>"
    names = f"ASK {{ GRAPH ?g {{ <{TOPIC}boats> {hidden} ?label }} }}"
    assert opened.draft_views.view(draft).store.ask(names)
    page = curator.get("/keywords/decided", headers=HTML).text
    assert f"/drafts/{decision.draft}" in page
    send(curator, "/keywords/undo", "/keywords/decided", form=FORM)
    assert not opened.draft_views.view(draft).store.ask(names)
    assert decide(curator, label="prefLabel") == 422
    assert KeywordDecisions(opened.database).find(FORM) is None


def test_a_keyword_is_no_topic_or_needs_a_concept(app: Flask, curator: FlaskClient) -> None:
    assert decide(curator, verdict="no-topic") == 303
    assert "no topic" in curator.get("/keywords/decided", headers=HTML).text
    assert decide(curator, verdict="no-topic") == 409
    send(curator, "/keywords/undo", "/keywords/decided", form=FORM)
    assert decide(curator, verdict="needed", vocabulary="topics") == 303
    decision = KeywordDecisions(services_of(app).database).find(FORM)
    assert decision is not None and decision.proposal
    proposals = services_of(app).proposals.table
    assert "trafik" in proposals.get(decision.proposal).asked.label.casefold()
    send(curator, "/keywords/undo", "/keywords/decided", form=FORM)
    assert proposals.get(decision.proposal).state == "declined"


def test_what_is_no_decision_changes_nothing(app: Flask, curator: FlaskClient) -> None:
    last = services_of(app).log.last()
    assert decide(curator, verdict="maybe") == 422
    assert decide(curator, concept="no address") == 422
    assert decide(curator, concept=f"{TOPIC}none") == 404
    assert decide(curator, form="nobody has this") == 404
    assert decide(signed_in(app, "other")) == 403
    publisher = signed_in(app, "harbourer")
    assert publisher.get("/keywords", headers=HTML).status_code == 403
    assert app.test_client().get("/keywords", headers=HTML).status_code == 303
    assert services_of(app).log.last() == last
    shown = curator.get(f"/keywords/decide?form={FORM}&find=fish", headers=HTML).text
    assert f'value="{TOPIC}fishing"' in shown
