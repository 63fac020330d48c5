"""The RDF store as the rest of the system sees it: SPARQL 1.1 is the only port."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from rdflib import Graph, URIRef
from rdflib.term import Identifier

from vocab_server.rdf.skolem import Writable

Row = Mapping[str, Identifier]


class Reader(Protocol):
    """A dataset that SPARQL 1.1 can read; all that public pages and APIs are given.

    There are two ways to read: rows and graphs of rdflib terms for our own code,
    and ``write``, the engine's own bytes, for the wire. Any thread may read.
    Every method raises InvalidError for SPARQL the engine rejects and
    StoreUnavailableError when it does not answer.
    """

    def select(self, query: str) -> list[Row]:
        """The solutions; an unbound variable is absent from its row."""

    def ask(self, query: str) -> bool:
        """Whether an ASK query has a solution."""

    def construct(self, query: str) -> Graph:
        """The graph that a CONSTRUCT or DESCRIBE query builds."""

    def lines(self, query: str) -> list[bytes]:
        """The N-Triples of the graph that a CONSTRUCT query builds, a line maybe several times.

        For many: ten times as fast as ``construct``. Stand-ins for blank nodes keep their names.
        """

    def write(self, query: str, media_type: str, target: Writable) -> None:
        """Write the result of a query of any form, serialized, as it is computed.

        Stand-ins for blank nodes come out as blank nodes. Raises InvalidError, before anything
        is written, when the media type cannot hold a result of this kind.
        """

    def close(self) -> None:
        """Release files and connections; the store is unusable afterwards."""


class Store(Reader, Protocol):
    """A dataset that can also change."""

    def update(self, update: str) -> None:
        """Apply every operation of a SPARQL update request, or none of them."""

    def load(self, graph: URIRef | None, ntriples: Path) -> None:
        """Add a file of N-Triples to a graph, or for None to the default graph.

        Fast, and not all-or-nothing when the process dies.
        """

    def remove(self, graph: URIRef, ntriples: Iterable[bytes]) -> None:
        """Remove lines of N-Triples from a graph."""

    def remove_unheld(self, ntriples: Iterable[bytes]) -> None:
        """Remove from the default graph those lines of N-Triples that no named graph has."""

    def dump(self, graph: URIRef, target: Path) -> None:
        """Write a graph as N-Triples, with the stand-ins for blank nodes as they are kept."""
