"""The application as a whole, over the vocabularies that come with it."""

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from tests.conftest import BASE

PAGES = (
    "/",
    "/about",
    "/accessibility",
    "/privacy",
    "/docs",
    "/docs/roles",
    "/vocabularies",
    "/vocabularies/themes",
    "/vocabularies/themes/index",
    "/vocabularies/themes/deprecated",
    "/vocabularies/data-theme",
    "/doc/themes",
    "/doc/themes/bathing-water",
    "/sparql",
)
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_both_languages(
    client: FlaskClient, path: str, language: str
) -> None:
    response = client.get(path, headers=HTML | {"Accept-Language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.text


def test_an_identifier_leads_to_its_description(client: FlaskClient) -> None:
    response = client.get("/id/themes/bathing-water")
    assert response.status_code == 303
    assert response.headers["Location"] == "/doc/themes/bathing-water"
    assert 'rel="describedby"' in response.headers["Link"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
    ],
)
def test_a_concept_answers_in_every_rdf_form(client: FlaskClient, accept: str, form: str) -> None:
    response = client.get("/doc/themes/bathing-water", headers={"Accept": accept})
    assert response.mimetype == accept
    described = Graph().parse(data=response.data, format=form)
    concept = URIRef(f"{BASE}/id/themes/bathing-water")
    assert "Badvatten" in {str(label) for label in described.objects(concept, SKOS.prefLabel)}
