"""The SPARQL 1.1 Protocol over real HTTP: the W3C's tests, and what they leave out."""

import json
import time
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
import requests
from rdflib import Dataset, Graph

from tests.api.conftest import GraphStore
from tests.api.w3c import MISSING, Case, Exchange, cases
from tests.conftest import Server

CASES = cases("protocol", "manifest.ttl")
NEEDS_UPDATE = "updates are refused by design: what changes goes through review and the log"
NOT_APPLICABLE = {
    "update_dataset_default_graph": NEEDS_UPDATE,
    "update_dataset_default_graphs": NEEDS_UPDATE,
    "update_dataset_named_graphs": NEEDS_UPDATE,
    "update_dataset_full": NEEDS_UPDATE,
    "update_post_form": NEEDS_UPDATE,
    "update_post_direct": NEEDS_UPDATE,
    "update_base_uri": NEEDS_UPDATE,
}
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
GRAPHS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/n-quads": "nquads",
    "application/trig": "trig",
    "text/n3": "n3",
}
KINDS = {"boolean": {JSON, XML}, "tabular": {JSON, XML, CSV, TSV}, "RDF": set(GRAPHS)}
WATER = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
SELECT = f"SELECT ?label {{ <{WATER}> skos:prefLabel ?label FILTER (LANG(?label) = 'sv') }}"
SELECT = f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> {SELECT}"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{WATER}> ?p ?o }}"
NEVER_ENDS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def send(server: Server, exchange: Exchange) -> requests.Response:
    """The answer to a request of the suite; nothing is added to what it says."""
    request = requests.Request(exchange.method, f"{server.url}/sparql{exchange.query}")
    request.headers.update(exchange.headers)
    prepared = request.prepare()
    prepared.body = exchange.body or None
    prepared.headers["Content-Length"] = str(len(exchange.body))
    with requests.Session() as session:
        return session.send(prepared, timeout=20)


def ask(server: Server, query: str, accept: str = JSON, **more: str) -> requests.Response:
    url = f"{server.url}/sparql"
    return requests.get(url, {"query": query, **more}, headers={"Accept": accept}, timeout=20)


def rows(answer: requests.Response) -> list[dict[str, str]]:
    found = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def truth(answer: requests.Response) -> bool:
    if answer.headers["Content-Type"] == JSON:
        return bool(answer.json()["boolean"])
    return ElementTree.fromstring(answer.content).findtext(".//{*}boolean") == "true"  # noqa: S314


@pytest.fixture(scope="module")
def w3c(graph_store: GraphStore) -> Server:
    """The server with the graphs that the suite asks about."""
    for file, name in dict.fromkeys(graph for case in CASES for graph in case.graphs):
        graph_store.put(name, Graph().parse(file))
    return graph_store.server


@pytest.mark.skipif(not CASES, reason=MISSING)
@pytest.mark.parametrize("case", [c for c in CASES if c.name not in NOT_APPLICABLE], ids=str)
def test_a_case_of_the_w3c_passes(w3c: Server, case: Case) -> None:
    for exchange in case.exchanges:
        answer = send(w3c, exchange)
        assert answer.status_code in exchange.statuses, answer.text
        if exchange.boolean is not None:
            assert truth(answer) == exchange.boolean
        if exchange.kind:
            assert answer.headers["Content-Type"].partition(";")[0] in KINDS[exchange.kind]


@pytest.mark.skipif(not CASES, reason=MISSING)
@pytest.mark.parametrize("case", [c for c in CASES if c.name in NOT_APPLICABLE], ids=str)
def test_a_case_of_the_w3c_that_updates_is_refused(w3c: Server, case: Case) -> None:
    update = case.exchanges[0]
    answer = send(w3c, update)
    assert answer.status_code == 403
    assert "reviewed" in answer.json()["detail"]


@pytest.mark.skipif(not CASES, reason=MISSING)
def test_the_suite_has_no_case_that_nobody_decided_on() -> None:
    assert set(NOT_APPLICABLE) <= {case.name for case in CASES}
    assert len(CASES) == 34


@pytest.mark.parametrize("update", ["CLEAR ALL", "INSERT DATA { <x:a> <x:b> 1 }", "nonsense"])
def test_an_update_in_any_way_is_refused_and_changes_nothing(server: Server, update: str) -> None:
    url, count = f"{server.url}/sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = rows(ask(server, count))
    direct = {"Content-Type": "application/sparql-update"}
    answers = (
        requests.post(url, update.encode(), headers=direct, timeout=20),
        requests.post(url, {"update": update}, timeout=20),
        requests.get(url, {"update": update}, timeout=20),
    )
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert rows(ask(server, count)) == before


def test_an_update_sent_as_a_query_is_no_query(server: Server) -> None:
    assert ask(server, "INSERT DATA { <x:a> <x:b> 1 }").status_code == 400


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (JSON, JSON),
        (XML, XML),
        (CSV, CSV),
        (TSV, TSV),
        ("application/json", JSON),
        ("text/xml", XML),
        ("*/*", JSON),
        ("text/*", CSV),
        (f"{CSV};q=0.1, {XML};q=0.9", XML),
        (f"{JSON};q=0, */*", XML),
        ("text/csv; charset=utf-8", CSV),
    ],
)
def test_a_table_comes_in_the_form_that_accept_names(
    server: Server, accept: str, expected: str
) -> None:
    answer = ask(server, SELECT, accept)
    assert answer.headers["Content-Type"].partition(";")[0] == expected
    assert "Accept" in answer.headers["Vary"]
    assert "Miljö" in answer.content.decode()


@pytest.mark.parametrize(("accept", "form"), GRAPHS.items())
def test_a_graph_comes_in_every_form_and_says_the_same(
    server: Server, accept: str, form: str
) -> None:
    answer = ask(server, CONSTRUCT, accept)
    assert answer.headers["Content-Type"].partition(";")[0] == accept
    expected = Graph().parse(data=ask(server, CONSTRUCT, "application/n-triples").text, format="nt")
    found = Dataset(default_union=True).parse(data=answer.content, format=form)
    assert set(found[::]) == set(expected)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/x-trig", "application/trig"),
        ("text/x-nquads", "application/n-quads"),
        ("text/rdf+n3", "text/n3"),
        ("text/turtle, text/n3", "text/turtle"),
        ("text/turtle;q=0.8, text/n3", "text/n3"),
        ("text/n3;q=0.8, application/trig;q=0.9", "application/trig"),
        ("application/*", "application/ld+json"),
    ],
)
def test_a_graph_comes_in_the_form_that_accept_likes_best(
    server: Server, accept: str, expected: str
) -> None:
    answer = ask(server, f"DESCRIBE <{WATER}>", accept)
    assert answer.headers["Content-Type"].partition(";")[0] == expected


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        (SELECT, "json", JSON),
        (SELECT, "xml", XML),
        (SELECT, "csv", CSV),
        (SELECT, "tsv", TSV),
        (SELECT, JSON, JSON),
        (CONSTRUCT, "ttl", "text/turtle"),
        (CONSTRUCT, "turtle", "text/turtle"),
        (CONSTRUCT, "n3", "text/n3"),
        (CONSTRUCT, "nq", "application/n-quads"),
        (CONSTRUCT, "trig", "application/trig"),
        (CONSTRUCT, "rdf", "application/rdf+xml"),
        (CONSTRUCT, "rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (CONSTRUCT, "json-ld", "application/ld+json"),
        (CONSTRUCT, "nt", "application/n-triples"),
    ],
)
def test_the_format_parameter_goes_before_accept(
    server: Server, query: str, name: str, expected: str
) -> None:
    answer = ask(server, query, "text/html", format=name)
    assert answer.headers["Content-Type"].partition(";")[0] == expected


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "text/turtle"), (CONSTRUCT, CSV), (SELECT, "image/png"), (SELECT, f"{JSON};q=0")],
)
def test_an_answer_that_nobody_accepts_is_406_with_the_list(
    server: Server, query: str, accept: str
) -> None:
    answer = ask(server, query, accept)
    assert answer.status_code == 406
    listed = set(GRAPHS) if query == CONSTRUCT else {JSON, XML, CSV, TSV}
    assert all(media_type in answer.json()["detail"] for media_type in listed)
    assert "Accept" in answer.headers["Vary"]


DATASETS = [
    ("ASK { <x:one> ?p ?o . <x:two> ?p ?other }", {}, True),
    ("ASK { GRAPH <x:g1> { <x:one> ?p ?o } }", {}, True),
    ("ASK { GRAPH <x:g2> { <x:one> ?p ?o } }", {}, False),
    ("ASK FROM <x:g1> { <x:one> ?p ?o }", {}, True),
    ("ASK FROM <x:g1> { <x:two> ?p ?o }", {}, False),
    ("ASK FROM <x:g1> FROM <x:g2> { <x:one> ?p ?o . <x:two> ?p ?other }", {}, True),
    ("ASK FROM <x:g1> { GRAPH ?g { ?s ?p ?o } }", {}, False),
    ("ASK FROM NAMED <x:g1> { GRAPH ?g { <x:one> ?p ?o } }", {}, True),
    ("ASK FROM NAMED <x:g1> { <x:one> ?p ?o }", {}, False),
    ("ASK FROM NAMED <x:g1> { GRAPH ?g { <x:two> ?p ?o } }", {}, False),
    ("ASK { <x:two> ?p ?o }", {"default-graph-uri": "x:g1"}, False),
    ("ASK { <x:one> ?p ?o }", {"default-graph-uri": "x:g1"}, True),
    ("ASK { GRAPH ?g { <x:one> ?p ?o } }", {"default-graph-uri": "x:g1"}, False),
    ("ASK { GRAPH ?g { <x:one> ?p ?o } }", {"named-graph-uri": "x:g1"}, True),
    ("ASK { <x:one> ?p ?o }", {"named-graph-uri": "x:g1"}, False),
    ("ASK FROM <x:g2> { <x:one> ?p ?o }", {"default-graph-uri": "x:g1"}, True),
    ("ASK { ?s ?p ?o }", {"default-graph-uri": "x:nothing"}, False),
]


@pytest.fixture(scope="module")
def two_graphs(graph_store: GraphStore) -> Server:
    graph_store.put("x:g1", Graph().parse(data="<x:one> <x:p> 1 ."))
    graph_store.put("x:g2", Graph().parse(data="<x:two> <x:p> 2 ."))
    return graph_store.server


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize(("query", "dataset", "expected"), DATASETS)
def test_a_query_sees_the_dataset_that_it_names(
    two_graphs: Server, query: str, dataset: dict[str, str], expected: bool, way: str
) -> None:
    url = f"{two_graphs.url}/sparql"
    direct = {"Content-Type": "application/sparql-query"}
    ways: dict[str, Callable[[], requests.Response]] = {
        "get": lambda: requests.get(url, {"query": query, **dataset}, timeout=20),
        "form": lambda: requests.post(url, {"query": query, **dataset}, timeout=20),
        "direct": lambda: requests.post(url, query, params=dataset, headers=direct, timeout=20),
    }
    assert truth(ways[way]()) is expected


def test_a_dataset_in_the_address_of_a_form_counts_as_well(two_graphs: Server) -> None:
    url, dataset = f"{two_graphs.url}/sparql", {"default-graph-uri": "x:g1"}
    form = {"query": "ASK { <x:two> ?p ?o }"}
    assert truth(requests.post(url, form, params=dataset, timeout=20)) is False


def test_blank_nodes_are_blank_nodes_in_every_form(graph_store: GraphStore) -> None:
    graph_store.put("x:blank", Graph().parse(data="<x:a> <x:b> [ <x:c> [ <x:d> 1 ] ] ."))
    table = "SELECT * FROM <x:blank> { ?s ?p ?o }"
    graph = "CONSTRUCT FROM <x:blank> WHERE { ?s ?p ?o }"
    server = graph_store.server
    for query, forms in ((table, (JSON, XML, CSV, TSV)), (graph, tuple(GRAPHS))):
        for accept in forms:
            answer = ask(server, query, accept)
            assert answer.status_code == 200
            assert "genid" not in answer.text
            assert any(sign in answer.text for sign in ("_:", "bnode", "nodeID", "[", '"@id"'))


def test_a_service_clause_is_refused_with_the_reason(server: Server) -> None:
    answer = ask(server, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert answer.status_code == 403
    assert "SERVICE is refused" in answer.json()["detail"]


def test_a_query_past_its_time_is_stopped_and_says_so(server: Server) -> None:
    started = time.monotonic()
    answer = ask(server, NEVER_ENDS)
    assert answer.status_code == 503
    assert "2 seconds" in answer.json()["detail"]
    assert time.monotonic() - started < 10
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


BAD = [
    ({"query": "ASK {"}, 400, "error at"),
    ({"query": ""}, 400, "cannot be read"),
    ({"query": "ASK {}", "format": "docx"}, 415, "docx"),
    ({"query": "ASK { #" + "x" * 100_000 + "\n}"}, 413, "64 KiB"),
    ({"query": "ASK {}", "default-graph-uri": "no iri"}, 400, "no iri"),
]


@pytest.mark.parametrize(("form", "status", "said"), BAD, ids=[row[2] for row in BAD])
def test_a_bad_request_is_a_problem_that_says_what_is_wrong(
    server: Server, form: dict[str, str], status: int, said: str
) -> None:
    answer = requests.post(f"{server.url}/sparql", form, timeout=20)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert said in answer.json()["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_no_query_in_a_form_is_a_bad_request(server: Server) -> None:
    assert requests.post(f"{server.url}/sparql", {"other": "x"}, timeout=20).status_code == 400


def test_head_says_what_get_says_without_the_body(server: Server) -> None:
    url, query = f"{server.url}/sparql", {"query": SELECT}
    got, head = requests.get(url, query, timeout=20), requests.head(url, params=query, timeout=20)
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


def test_options_lets_pages_of_other_sites_ask(server: Server) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = requests.options(f"{server.url}/sparql", headers=asked, timeout=20)
    assert answer.status_code == 204
    assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(server: Server, method: str) -> None:
    answer = requests.request(method, f"{server.url}/sparql", timeout=20)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_answer_has_an_etag_that_holds_until_the_data_change(graph_store: GraphStore) -> None:
    url = f"{graph_store.server.url}/sparql"
    query = {"query": "SELECT (COUNT(*) AS ?n) FROM <x:counted> { ?s ?p ?o }"}
    first = requests.get(url, query, timeout=20)
    known = {"If-None-Match": first.headers["ETag"]}
    again = requests.get(url, query, headers=known, timeout=20)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    graph_store.add("x:counted", Graph().parse(data="<x:a> <x:b> 1 ."))
    changed = requests.get(url, query, headers=known, timeout=20)
    assert changed.status_code == 200
    assert rows(changed) == [{"n": "1"}]


def test_a_repeated_post_is_answered_and_never_304(graph_store: GraphStore) -> None:
    url, form = f"{graph_store.server.url}/sparql", {"query": "ASK {}"}
    etag = requests.post(url, form, timeout=20).headers["ETag"]
    again = requests.post(url, form, headers={"If-None-Match": etag}, timeout=20)
    assert (again.status_code, again.json()["boolean"]) == (200, True)


@pytest.mark.parametrize("function", ["NOW()", "UUID()", "STRUUID()", "rand()"])
def test_what_is_different_each_time_is_never_kept(graph_store: GraphStore, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    first, second = (ask(graph_store.server, query) for _ in range(2))
    assert rows(first) != rows(second)
    assert first.headers["Cache-Control"] == "no-store"


def test_a_long_answer_is_streamed(server: Server) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    with requests.get(f"{server.url}/sparql", {"query": query}, stream=True, timeout=20) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert len(json.loads(answer.content)["results"]["bindings"]) == 20_000


def test_a_browser_gets_the_page_and_a_program_the_result(server: Server) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert ask(server, SELECT, browser).headers["Content-Type"].startswith("text/html")
    assert ask(server, SELECT, "*/*").headers["Content-Type"] == JSON
