"""Catalogs for harvesters: the publisher's own triples, and what follows from the tags."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.namespace import RDF, SKOS

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog_file
from tests.conftest import BASE, SHARED
from tests.people import services_of
from vocab_server.rdf.namespaces import DCAT, DCT, HYDRA

THEME = URIRef("http://publications.europa.eu/resource/authority/data-theme/TRAN")
NORWAY = SHARED / "dcat" / "no" / "datanorge_2018_05_31.jsonld"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_harbour(tmp_path_factory.mktemp("dcat"))
    yield app
    services_of(app).close()


@pytest.fixture
def harvester(site: Flask) -> FlaskClient:
    return site.test_client()


def graph(harvester: FlaskClient, address: str, form: str = "xml") -> Graph:
    answer = harvester.get(address)
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.data, format=form)


def feed(harvester: FlaskClient, address: str) -> Graph:
    """All pages together, as a harvester that follows hydra:next reads them."""
    whole, seen = Graph(), set()
    following: str | None = address
    while following and following not in seen:
        seen.add(following)
        page = graph(harvester, following)
        whole += page
        found = next(page.objects(None, HYDRA.next), None)
        following = str(found).removeprefix(BASE) if found else None
    return whole


def derived(whole: Graph) -> Graph:
    """A graph without what only this server adds: hydra, tags, keywords, themes and concepts."""
    left = Graph()
    skipped = {
        s
        for kind in (HYDRA.Collection, HYDRA.PartialCollectionView)
        for s in whole.subjects(RDF.type, kind)
    }
    for s, p, o in whole:
        if s not in skipped and (s, RDF.type, SKOS.Concept) not in whole:
            left.add((s, p, o))
    return left


def test_the_file_of_a_catalog_is_what_its_publisher_said(harvester: FlaskClient) -> None:
    source = Graph().parse(data=CATALOG, format="turtle")
    assert isomorphic(graph(harvester, "/catalogs/harbour.ttl", "turtle"), source)
    assert isomorphic(graph(harvester, "/catalogs/harbour.rdf"), source)


def test_the_feed_is_the_source_and_what_follows_from_the_tags(harvester: FlaskClient) -> None:
    source = Graph().parse(data=CATALOG, format="turtle")
    found = derived(feed(harvester, "/catalogs/harbour/dcat"))
    berths = URIRef(f"{HARBOUR}berths")
    added = {
        (URIRef(f"{HARBOUR}{dataset}"), DCT.subject, URIRef(f"{TOPIC}{concept}"))
        for dataset, concept in (
            ("beaches", "bathing"),
            ("beaches", "fishing"),
            ("catches", "fishing"),
            ("berths", "boats"),
            ("plans", "nature"),
        )
    }
    added |= {
        (URIRef(f"{HARBOUR}{dataset}"), DCAT.keyword, Literal(text, lang=tag))
        for dataset, text, tag in (
            ("beaches", "bathing", "en"),
            ("beaches", "bad", "sv"),
            ("beaches", "fishing", "en"),
            ("beaches", "fiske", "sv"),
            ("catches", "fishing", "en"),
            ("catches", "fiske", "sv"),
            ("berths", "boats", "en"),
            ("berths", "båtar", "sv"),
            ("plans", "nature", "en"),
            ("plans", "natur", "sv"),
            ("plans", "자연", "ko"),
        )
    }
    for triple in (*added, (berths, DCAT.theme, THEME)):  # by the mapping of what is above boats
        source.add(triple)
    assert to_isomorphic(found) == to_isomorphic(source)


def test_concepts_come_with_what_the_shapes_ask_for(harvester: FlaskClient) -> None:
    found = graph(harvester, "/datasets/dcat")
    boats = URIRef(f"{TOPIC}boats")
    assert (boats, RDF.type, SKOS.Concept) in found
    assert set(found.objects(boats, SKOS.prefLabel)) == {
        Literal("boats", lang="en"),
        Literal("båtar", lang="sv"),
    }


def test_pages_lead_to_each_other_and_hold_each_dataset_once(harvester: FlaskClient) -> None:
    first = harvester.get("/datasets/dcat?limit=3")
    assert first.mimetype == "application/rdf+xml"
    pages = [graph(harvester, f"/datasets/dcat?limit=3&page={page}") for page in (1, 2)]
    datasets = [set(page.subjects(RDF.type, DCAT.Dataset)) for page in pages]
    assert [len(found) for found in datasets] == [3, 1] and not datasets[0] & datasets[1]
    assert harvester.get("/datasets/dcat?limit=3&page=3").status_code == 404
    assert harvester.get("/datasets/dcat?page=x").status_code == 400
    assert harvester.get("/catalogs/nothing/dcat").status_code == 404
    whole = feed(harvester, "/datasets/dcat?limit=3")
    assert len(set(whole.subjects(RDF.type, DCAT.Dataset))) == 4
    assert set(whole.objects(None, HYDRA.totalItems)) == {Literal(4)}


@pytest.mark.parametrize(
    ("accept", "media_type", "form"),
    [
        ("text/turtle", "text/turtle", "turtle"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("*/*", "application/rdf+xml", "xml"),
    ],
)
def test_a_harvester_gets_the_format_it_asks_for(
    harvester: FlaskClient, accept: str, media_type: str, form: str
) -> None:
    answer = harvester.get("/catalogs/harbour/dcat", headers={"Accept": accept})
    assert answer.mimetype == media_type
    read = Graph().parse(data=answer.data, format=form)
    assert len(set(read.subjects(RDF.type, DCAT.Dataset))) == 4


@pytest.mark.skipif(not NORWAY.exists(), reason="The shared test data is not here.")
def test_a_real_catalog_comes_out_as_it_went_in(site: Flask, harvester: FlaskClient) -> None:
    opened = services_of(site)
    read_catalog_file(opened, NORWAY, "norge")
    kept = opened.published.view().store.lines(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}/catalogs/norge> {{ ?s ?p ?o }} }}"
    )
    answer = harvester.get("/catalogs/norge.nt")
    named = {line for line in answer.data.splitlines() if b"_:" not in line}
    assert named == {line for line in kept if b"urn:vocab-server:genid:" not in line}
    assert len(answer.data.splitlines()) == len(kept)
    page = graph(harvester, "/catalogs/norge/dcat?limit=20&page=2")
    assert len(set(page.subjects(RDF.type, DCAT.Dataset))) == 20
    for distribution in page.objects(None, DCAT.distribution):
        assert page.value(distribution, DCAT.accessURL) is not None
