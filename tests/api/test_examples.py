"""The example queries of the SPARQL page, on the vocabularies that come with the package."""

import json
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from vocab_server.api.examples import examples
from vocab_server.services import Services

TITLES = 10
NOTHING_YET = {"Deprecated concepts and what replaces them", "Concepts without a definition"}


@pytest.mark.parametrize("place", range(TITLES))
def test_an_example_query_finds_something(
    shipped_app: Flask, client: FlaskClient, place: int
) -> None:
    opened: Services = shipped_app.extensions["vocab_server"]
    with shipped_app.test_request_context():
        shown = examples(opened.published.view().vocabularies, "en")
        title, query = shown[place].title, shown[place].query
    accept = "application/n-triples" if "CONSTRUCT" in query else "application/json"
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == HTTPStatus.OK
    rows = (
        response.text.splitlines()
        if "CONSTRUCT" in query
        else json.loads(response.text)["results"]["bindings"]
    )
    assert bool(rows) == (title not in NOTHING_YET)


def test_there_are_ten_examples(shipped_app: Flask) -> None:
    opened: Services = shipped_app.extensions["vocab_server"]
    with shipped_app.test_request_context():
        assert len(examples(opened.published.view().vocabularies, "en")) == TITLES
