"""Reading whole graphs: the W3C's tests of the Graph Store HTTP Protocol, and what they leave out.

The server refuses the requests of the suite that write; their effect then goes in as an edit does,
so that the reading ones find what they expect.
"""

from dataclasses import replace
from email import message_from_bytes
from urllib.parse import parse_qs, quote

import pytest
import requests
from rdflib import Dataset, Graph, URIRef
from rdflib.compare import isomorphic

from tests.api.conftest import GraphStore
from tests.api.w3c import MISSING, Case, Exchange, cases
from tests.conftest import Server
from vocab_server.skos.vocabularies import register

INDIRECT = cases("graph-store-protocol", "manifest-indirect.ttl")
DIRECT = cases("graph-store-protocol", "manifest-direct.ttl")
NOT_APPLICABLE = {
    "put_get_default": "the default graph is all graphs together, so there is nothing to put in it",
    "post_get_new_graph": "a new graph comes from an import, and POST is refused like all writing",
}
REFUSED = {403, 405}
FORMS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/n-quads": "nquads",
    "application/trig": "trig",
    "text/n3": "n3",
}


def name_of(exchange: Exchange) -> str:
    """The graph that a request names by ?graph=, decoded once."""
    return parse_qs(exchange.query[1:])["graph"][0]


def address_of(server: Server, exchange: Exchange) -> str:
    """A vocabulary's address, which names its graph: /gsp/person/1.ttl is that of person-1.

    It has a page for who takes anything, so a request of the suite without Accept asks for RDF.
    """
    identifier = exchange.path.removeprefix("/gsp/").removesuffix(".ttl").replace("/", "-")
    return f"{server.url}/vocabularies/{identifier}"


def send(exchange: Exchange, url: str) -> requests.Response:
    return requests.request(
        exchange.method,
        url,
        data=exchange.body,
        headers=exchange.headers,
        timeout=20,
        allow_redirects=True,
    )


def carry_out(store: GraphStore, exchange: Exchange, name: str) -> None:
    """Do what a refused request asked for."""
    if exchange.method == "POST":
        store.add(name, sent(exchange))
    else:
        store.put(name, sent(exchange))


def sent(exchange: Exchange) -> Graph:
    """The triples in the body of a request, which may have several parts."""
    graph, head = Graph(), f"Content-Type: {exchange.headers.get('content-type', '')}\r\n\r\n"
    for part in message_from_bytes(head.encode() + exchange.body).walk():
        if not part.is_multipart():
            graph.parse(data=part.get_payload(decode=True), format="turtle")
    return graph


def check(exchange: Exchange, answer: requests.Response) -> None:
    assert answer.status_code in exchange.statuses, answer.text
    if exchange.graph is not None:
        assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
        assert isomorphic(Graph().parse(data=answer.content), Graph().parse(data=exchange.graph))


def play(store: GraphStore, exchange: Exchange, url: str, name: str) -> None:
    """Send a request; when it writes, see it refused and do it by an edit."""
    answer = send(exchange, url)
    if exchange.is_reading:
        check(exchange, answer)
    else:
        assert answer.status_code in REFUSED
        carry_out(store, exchange, name)


@pytest.mark.skipif(not INDIRECT, reason=MISSING)
@pytest.mark.parametrize("case", [c for c in INDIRECT if c.name not in NOT_APPLICABLE], ids=str)
def test_a_case_with_named_graphs_passes(graph_store: GraphStore, case: Case) -> None:
    for name in {name_of(exchange) for exchange in case.exchanges}:
        graph_store.put(name, Graph())
    for exchange in case.exchanges:
        url = f"{graph_store.server.url}/rdf-graph-store{exchange.query}"
        play(graph_store, exchange, url, name_of(exchange))


@pytest.mark.skipif(not DIRECT, reason=MISSING)
@pytest.mark.parametrize("case", DIRECT, ids=str)
def test_a_case_with_graphs_that_have_addresses_passes(graph_store: GraphStore, case: Case) -> None:
    server = graph_store.server
    for address in {address_of(server, exchange) for exchange in case.exchanges}:
        registered = register(server.url, address.rpartition("/")[2], "Persons")
        graph_store.writer.commit([registered], "w3c", "Test data")
        graph_store.put(address, Graph())
    for exchange in case.exchanges:
        address = address_of(server, exchange)
        accept = {"accept": "text/turtle"} | exchange.headers
        play(graph_store, replace(exchange, headers=accept), address, address)


@pytest.mark.skipif(not INDIRECT, reason=MISSING)
@pytest.mark.parametrize("case", [c for c in INDIRECT if c.name in NOT_APPLICABLE], ids=str)
def test_what_only_writes_is_refused(server: Server, case: Case) -> None:
    query = case.exchanges[0].query.rstrip("?")
    answer = send(case.exchanges[0], f"{server.url}/rdf-graph-store{query}")
    assert answer.status_code in REFUSED
    assert "GET" in answer.headers["Allow"]


@pytest.mark.skipif(not INDIRECT, reason=MISSING)
def test_the_suite_has_no_case_that_nobody_decided_on() -> None:
    assert (len(INDIRECT), len(DIRECT)) == (9, 4)
    assert set(NOT_APPLICABLE) <= {case.name for case in INDIRECT}


@pytest.mark.parametrize(("accept", "form"), FORMS.items())
def test_a_graph_comes_in_every_form(server: Server, accept: str, form: str) -> None:
    url, name = f"{server.url}/rdf-graph-store", f"{server.url}/vocabularies/themes"
    answer = requests.get(url, {"graph": name}, headers={"Accept": accept}, timeout=20)
    assert answer.headers["Content-Type"].partition(";")[0] == accept
    assert "Accept" in answer.headers["Vary"]
    asked = requests.get(url, {"graph": name, "format": "nt"}, timeout=20)
    found = Graph()
    found += Dataset(default_union=True).parse(data=answer.content, format=form)[::]
    assert isomorphic(found, Graph().parse(data=asked.text, format="nt"))


def test_the_default_graph_is_all_graphs_together(server: Server) -> None:
    answer = requests.get(f"{server.url}/rdf-graph-store?default", timeout=20)
    everything = Graph().parse(data=answer.content, format="turtle")
    for identifier in ("themes", "data-theme"):
        part = requests.get(f"{server.url}/vocabularies/{identifier}.nt", timeout=20)
        named = {t for t in Graph().parse(data=part.text, format="nt") if isinstance(t[0], URIRef)}
        assert {t for t in named if isinstance(t[2], URIRef)} <= set(everything)


BAD = [
    ("", 400),
    ("?graph=x:a&graph=x:b", 400),
    ("?default&graph=x:a", 400),
    ("?graph=relative", 400),
    (f"?graph={quote('no iri')}", 400),
    ("?graph=x:nothing-here", 404),
]


@pytest.mark.parametrize(("query", "status"), BAD)
def test_a_graph_has_to_be_named_once_and_to_be_there(
    server: Server, query: str, status: int
) -> None:
    answer = requests.get(f"{server.url}/rdf-graph-store{query}", timeout=20)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/rdf-graph-store?default", "/vocabularies/themes.ttl"])
def test_who_has_a_graph_already_gets_304(server: Server, path: str) -> None:
    first = requests.get(server.url + path, timeout=20)
    for condition in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"other", W/{first.headers["ETag"]}'},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = requests.get(server.url + path, headers=condition, timeout=20)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    other = requests.get(server.url + path, headers={"If-None-Match": '"other"'}, timeout=20)
    assert other.content == first.content


@pytest.mark.parametrize("path", ["/rdf-graph-store?default", "/vocabularies/themes.ttl"])
def test_head_says_what_get_says_without_the_body(server: Server, path: str) -> None:
    got, head = (requests.request(m, server.url + path, timeout=20) for m in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Last-Modified", "Vary"):
        assert head.headers[name] == got.headers[name]
    assert head.headers.get("Content-Length") in (None, str(len(got.content)))


def test_each_form_of_a_graph_has_an_etag_of_its_own(server: Server) -> None:
    url = f"{server.url}/rdf-graph-store?default"
    answers = [requests.head(url, headers={"Accept": form}, timeout=20) for form in FORMS]
    assert len({answer.headers["ETag"] for answer in answers}) == len(FORMS)


def test_a_form_that_nobody_has_is_406_with_the_list(server: Server) -> None:
    url = f"{server.url}/rdf-graph-store?default"
    answer = requests.get(url, headers={"Accept": "image/png"}, timeout=20)
    assert answer.status_code == 406
    assert all(form in answer.json()["detail"] for form in FORMS)
