"""What people really use against the endpoint: SPARQLWrapper, rdflib, pandas."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pandas
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

from tests.conftest import Server

SELECT = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?notation ?label { ?concept skos:notation ?notation ; skos:prefLabel ?label
FILTER (?notation = "ENVI-02-01" && LANG(?label) = "sv") }"""
CONSTRUCT = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?concept skos:prefLabel ?label } WHERE { ?concept skos:notation "ENVI-02-01" ;
skos:prefLabel ?label }"""
LABELS = {Literal("Badvatten", lang="sv"), Literal("Bathing water", lang="en")}


@pytest.fixture
def wrapper(server: Server) -> SPARQLWrapper:
    return SPARQLWrapper(f"{server.url}/sparql")


@pytest.fixture
def remote(server: Server) -> Iterator[Graph]:
    store = SPARQLStore(f"{server.url}/sparql")
    graph = Graph(store)
    yield graph
    graph.close()


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("request_method", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_reads_a_table_as_json(
    wrapper: SPARQLWrapper, method: str, request_method: str
) -> None:
    wrapper.setMethod(method)
    wrapper.setRequestMethod(request_method)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(SELECT)
    rows = wrapper.queryAndConvert()["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == ["Badvatten"]


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_reads_a_table_as_xml(wrapper: SPARQLWrapper, method: str) -> None:
    wrapper.setMethod(method)
    wrapper.setReturnFormat(XML)
    wrapper.setQuery(SELECT)
    document = wrapper.queryAndConvert()
    texts = [node.firstChild.data for node in document.getElementsByTagName("literal")]
    assert set(texts) == {"ENVI-02-01", "Badvatten"}


def test_sparqlwrapper_reads_a_table_as_csv(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(CSV)
    wrapper.setQuery(SELECT)
    assert wrapper.queryAndConvert() == b"notation,label\r\nENVI-02-01,Badvatten\r\n"


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("form", [XML, RDFXML, TURTLE, N3, JSONLD])
def test_sparqlwrapper_reads_a_graph_in_every_form(
    wrapper: SPARQLWrapper, form: str, method: str
) -> None:
    wrapper.setMethod(method)
    wrapper.setReturnFormat(form)
    wrapper.setQuery(CONSTRUCT)
    found = wrapper.queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found)
    assert set(graph.objects(None, SKOS.prefLabel)) == LABELS


def test_sparqlwrapper_asks(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery("ASK { ?s ?p ?o }")
    assert wrapper.queryAndConvert()["boolean"] is True


def test_sparqlwrapper_chooses_a_dataset(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(JSON)
    wrapper.addDefaultGraph("http://example.org/nothing-here")
    wrapper.setQuery("ASK { ?s ?p ?o }")
    assert wrapper.queryAndConvert()["boolean"] is False


def test_an_rdflib_graph_over_the_endpoint_answers_queries_and_patterns(remote: Graph) -> None:
    concept = remote.value(predicate=SKOS.notation, object=Literal("ENVI-02-01"))
    assert isinstance(concept, URIRef)
    assert set(remote.objects(concept, SKOS.prefLabel)) == LABELS
    assert [str(row.label) for row in remote.query(SELECT)] == ["Badvatten"]  # type: ignore[union-attr]
    assert (concept, RDF.type, SKOS.Concept) in remote


def test_rdflib_follows_an_identifier_to_its_description(server: Server) -> None:
    concept = URIRef(f"{server.url}/id/themes/bathing-water")
    assert set(Graph().parse(concept).objects(concept, SKOS.prefLabel)) == LABELS


def test_pandas_reads_a_query_as_a_table(server: Server) -> None:
    query = urlencode({"query": SELECT, "format": "csv"})
    table = pandas.read_csv(f"{server.url}/sparql?{query}")
    assert table.to_dict("records") == [{"notation": "ENVI-02-01", "label": "Badvatten"}]


def test_pandas_reads_a_query_by_accept(server: Server) -> None:
    url = f"{server.url}/sparql?{urlencode({'query': SELECT})}"
    accept = {"Accept": "text/tab-separated-values"}
    table = pandas.read_csv(url, sep="\t", storage_options=accept)
    assert list(table.columns) == ["?notation", "?label"]
