"""A running server whose graphs the tests here fill, beside the one that is only for reading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from rdflib import Graph, URIRef

from tests.conftest import Server, start_server, stop_server
from vocab_server.config import Settings
from vocab_server.editing.commit import Writer
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.skolem import PREFIX
from vocab_server.services import open_services


@dataclass(frozen=True, slots=True)
class GraphStore:
    """A server with its writer: what the protocols cannot write goes in as an edit does."""

    server: Server
    writer: Writer

    def put(self, name: str, graph: Graph) -> None:
        """Make a named graph hold these triples and no others."""
        with self.writer.open() as transaction:
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
            before = transaction.store.construct(query)
            change = Change.between(URIRef(name), before, _named(graph))
            transaction.commit([change], "w3c", "Test data")

    def add(self, name: str, graph: Graph) -> None:
        """Add triples to a named graph."""
        change = Change(URIRef(name), added=frozenset(_named(graph)))
        self.writer.commit([change], "w3c", "Test data")


def _named(graph: Graph) -> Iterable[Triple]:
    """The triples with IRIs for blank nodes, as reading a file gives them."""
    skolemized = graph.skolemize(authority="http://blank.example/")
    for triple in skolemized:
        yield tuple(  # type: ignore[misc]
            URIRef(PREFIX + str(term).rpartition("/")[2])
            if str(term).startswith("http://blank.example/")
            else term
            for term in triple
        )


@pytest.fixture(scope="session")
def graph_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A server over an empty data directory that tests write to; each uses graphs of its own."""
    data = tmp_path_factory.mktemp("graphs")
    server = start_server(data, VOCAB_SERVER_WORKERS="1", VOCAB_SERVER_SPARQL_PROCESSES="1")
    services = open_services(Settings(data=data, base_url=server.url))
    yield GraphStore(server, services.writer)
    services.close()
    stop_server(server)
