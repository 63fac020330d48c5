"""The service description: the W3C's three tests, and whether what it promises is true."""

import pytest
import requests
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from tests.api.w3c import MISSING, SUITE
from tests.conftest import Server

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
FORMATS = "http://www.w3.org/ns/formats/"
MEDIA_TYPES = {
    "SPARQL_Results_JSON": "application/sparql-results+json",
    "SPARQL_Results_XML": "application/sparql-results+xml",
    "SPARQL_Results_CSV": "text/csv",
    "SPARQL_Results_TSV": "text/tab-separated-values",
    "Turtle": "text/turtle",
    "JSON-LD": "application/ld+json",
    "RDF_XML": "application/rdf+xml",
    "N-Triples": "application/n-triples",
    "N-Quads": "application/n-quads",
    "TriG": "application/trig",
    "N3": "text/n3",
}
# What the vocabulary allows: the class or the values at both ends of its properties
# (SPARQL 1.1 Service Description, 3.4).
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.resultFormat: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
INSTANCES = {
    SD.Feature: {
        SD.DereferencesURIs,
        SD.UnionDefaultGraph,
        SD.RequiresDataset,
        SD.EmptyGraphs,
        SD.BasicFederatedQuery,
    },
    SD.Language: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
}


@pytest.fixture(scope="module")
def described(server: Server) -> Graph:
    answer = requests.get(f"{server.url}/sparql", timeout=20)
    return Graph().parse(data=answer.content, format="turtle")


def test_the_suite_still_has_the_three_tests_below() -> None:
    file = SUITE / "service-description" / "manifest.ttl"
    if not file.exists():
        pytest.skip(MISSING)
    manifest = Graph().parse(file)
    kind = URIRef("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#ServiceDescriptionTest")
    names = {str(test).rpartition("#")[2] for test in manifest.subjects(RDF.type, kind)}
    assert names == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "turtle"),
        ("*/*", "turtle"),
        ("text/turtle", "turtle"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
        ("application/n-triples", "nt"),
    ],
)
def test_returns_rdf(server: Server, accept: str | None, form: str) -> None:
    headers = {"Accept": accept}  # None takes away what the client would send
    answer = requests.get(f"{server.url}/sparql", headers=headers, timeout=20)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert Graph().parse(data=answer.content, format=form)
    assert "Accept" in answer.headers["Vary"]


def test_has_endpoint_triple(server: Server, described: Graph) -> None:
    endpoint = URIRef(f"{server.url}/sparql")
    assert list(described.objects(None, SD.endpoint)) == [endpoint]


def test_conforms_to_schema(described: Graph) -> None:
    stated = {p for p in described.predicates(unique=True) if p.startswith(SD)}
    assert stated <= set(SCHEMA)
    assert len(list(described.subjects(RDF.type, SD.Service))) == 1
    for wanted, (domain, values) in SCHEMA.items():
        for subject, value in described.subject_objects(wanted):
            assert (subject, RDF.type, domain) in described
            allowed = value in INSTANCES.get(values, ()) or (value, RDF.type, values) in described
            assert values is None or allowed


def test_every_result_format_is_really_given(server: Server, described: Graph) -> None:
    formats = {str(f).removeprefix(FORMATS) for f in described.objects(None, SD.resultFormat)}
    assert formats == set(MEDIA_TYPES)
    for media_type in MEDIA_TYPES.values():
        is_table = "results" in media_type or media_type in (
            "text/csv",
            MEDIA_TYPES["SPARQL_Results_TSV"],
        )
        query = (
            "SELECT * { ?s ?p ?o } LIMIT 1" if is_table else "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
        )
        answer = requests.get(
            f"{server.url}/sparql", {"query": query}, headers={"Accept": media_type}, timeout=20
        )
        assert answer.headers["Content-Type"].partition(";")[0] == media_type


def test_every_named_graph_is_there_with_its_number_of_triples(
    server: Server, described: Graph
) -> None:
    for named in described.objects(None, SD.namedGraph):
        name = described.value(named, SD.name)
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        answer = requests.get(f"{server.url}/sparql", {"query": query}, timeout=20)
        counted = answer.json()["results"]["bindings"][0]["n"]["value"]
        content = described.value(named, SD.graph)
        assert described.value(content, VOID.triples) == Literal(int(counted))


def test_a_browser_gets_the_page_of_the_editor(server: Server) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    answer = requests.get(f"{server.url}/sparql", headers=browser, timeout=20)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_nobody_who_takes_neither_rdf_nor_html_gets_one(server: Server) -> None:
    answer = requests.get(f"{server.url}/sparql", headers={"Accept": "image/png"}, timeout=20)
    assert answer.status_code == 406
