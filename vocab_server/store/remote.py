"""A SPARQL 1.1 engine behind HTTP as a store (SPARQL 1.1 Protocol)."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from rdflib import Graph, URIRef

from vocab_server.errors import InvalidError, QueryStoppedError, StoreUnavailableError
from vocab_server.rdf.query import to_sparql
from vocab_server.rdf.skolem import Writable
from vocab_server.store.base import Row
from vocab_server.store.connection import Address, Connection
from vocab_server.store.embedded import to_rdflib
from vocab_server.store.serialization import (
    is_table,
    parse_graph,
    parse_results,
    serialize,
    write_graph,
    write_triples,
)

TABLE = "application/sparql-results+json"
LINES = "application/n-triples"
STATEMENTS = 500  # in one request: of 2 000 Virtuoso makes more program than it runs
BYTES = 256 * 1024  # of statements in one request, unless one alone has more
CHANGING = 300.0  # seconds for one update
MIB = 1024 * 1024
IN_MEMORY = MIB  # bytes of an answer before it goes to a file
PIECE = 64 * 1024  # bytes

# Virtuoso says so when it leaves out what is beyond its own bounds of rows and of time.
_CUT_OFF = ("X-SPARQL-MaxRows", "X-SQL-State")
_GRAPH_TYPES = {LINES: LINES, "text/plain": LINES, "text/ntriples": LINES}  # others are Turtle
_TURTLE = "text/turtle"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one answer may take: seconds, and bytes."""

    seconds: float = 20.0
    size: int = 256 * MIB


OWN = Bounds()


class RemoteStore:
    """See Store. One request is applied whole; a change of several requests may stop half-way.

    Each thread keeps its own connections.
    """

    def __init__(self, query: Address, changes: Address) -> None:
        self.address = query
        self.changes = changes
        self._connection = Connection()

    def select(self, query: str, bounds: Bounds = OWN) -> list[Row]:
        """See Reader."""
        with self._table(query, bounds) as found:
            names = [variable.value for variable in found.variables]
            return [
                {
                    name: to_rdflib(term)
                    for name, term in zip(names, solution, strict=True)
                    if term is not None
                }
                for solution in found
            ]

    def ask(self, query: str) -> bool:
        """See Reader."""
        with self._table(query) as found:
            return bool(found)

    def construct(self, query: str) -> Graph:
        """See Reader."""
        built = Graph()
        with self._graph(query) as triples:
            for triple in triples:
                subject, predicate, value = (to_rdflib(term) for term in triple)
                built.add((subject, predicate, value))
        return built

    def lines(self, query: str) -> list[bytes]:
        """See Reader."""
        with SpooledTemporaryFile(IN_MEMORY) as target:
            with self._graph(query) as triples:
                write_triples(triples, LINES, target)
            target.seek(0)
            return target.read().splitlines()

    def write(self, query: str, media_type: str, target: Writable) -> None:
        """See Reader."""
        self.forward(query, media_type, target, OWN)

    def forward(
        self,
        query: str,
        media_type: str,
        target: Writable,
        bounds: Bounds,
        dataset: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Write the result of a query within bounds, read from the ``dataset``.

        That is pairs of a parameter of the protocol (SPARQL 1.1 Protocol, 2.1.4) and a graph.
        Raises QueryStoppedError past a bound of ours, or of the engine.
        """
        if is_table(media_type):
            with self._table(query, bounds, dataset) as found:
                serialize(found, media_type, target)
        else:
            with self._graph(query, bounds, dataset) as triples:
                write_graph(triples, media_type, target)

    def update(self, update: str) -> None:
        """See Store."""
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        body = _encoded(update)
        with self._connection.post(self.changes, body, headers, CHANGING) as answer:
            answer.raw.read(PIECE)  # so that the connection can be used again

    def takes_updates(self, harmless: str) -> bool:
        """Whether an update that is sent as a query, to the address for queries, is done."""
        try:
            with self._connection.post(self.address, [("query", harmless)], {}, OWN.seconds):
                return True
        except (InvalidError, StoreUnavailableError):
            return False

    def load(self, graph: URIRef | None, ntriples: Path) -> None:
        """See Store. In requests of a bounded size."""
        try:
            with ntriples.open("rb") as file:
                self.put(graph, file)
        except OSError as error:
            raise StoreUnavailableError(
                "The store did not answer: %(error)s", error=error
            ) from error

    def put(self, graph: URIRef | None, ntriples: Iterable[bytes]) -> None:
        """Add lines of N-Triples to a graph, or to the default graph, in bounded requests."""
        self._each(ntriples, lambda lines: insertion(graph, lines))

    def remove(self, graph: URIRef, ntriples: Iterable[bytes]) -> None:
        """See Store. In requests of a bounded size."""
        self._each(ntriples, lambda lines: deletion(graph, lines))

    def remove_unheld(self, ntriples: Iterable[bytes]) -> None:
        """See Store. In requests of a bounded size."""
        self._each(ntriples, deletion_of_unheld)

    def dump(self, graph: URIRef, target: Path) -> None:
        """See Store."""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {to_sparql(graph)} {{ ?s ?p ?o }} }}"
        with target.open("wb") as file, self._graph(query) as triples:
            write_triples(triples, LINES, file)

    def close(self) -> None:
        """See Reader. Connections of other threads go when those end."""
        self._connection.close()

    @contextmanager
    def _table(
        self, query: str, bounds: Bounds = OWN, dataset: Iterable[tuple[str, str]] = ()
    ) -> Iterator[Any]:
        with self._answered(query, TABLE, bounds, dataset) as (kind, body):
            if "json" not in kind:
                raise InvalidError(
                    "The result of this query is no table, but %(kind)s.", kind=kind or "nothing"
                )
            with _readable():
                yield parse_results(body)

    @contextmanager
    def _graph(
        self, query: str, bounds: Bounds = OWN, dataset: Iterable[tuple[str, str]] = ()
    ) -> Iterator[Iterable[Any]]:
        with self._answered(query, LINES, bounds, dataset) as (kind, body):
            if "json" in kind or "xml" in kind:
                raise InvalidError("The result of this query is a table, and no graph.")
            with _readable():
                yield parse_graph(body, _GRAPH_TYPES.get(kind, _TURTLE))

    @contextmanager
    def _answered(
        self, query: str, accept: str, bounds: Bounds, dataset: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[str, IO[bytes]]]:
        """The media type of an answer without parameters, and all of it in a file."""
        until = time.monotonic() + bounds.seconds
        _encoded(query)
        sent = [("query", query), *dataset]
        headers = {"Accept": accept}
        with self._connection.post(self.address, sent, headers, bounds.seconds) as answer:
            if any(name in answer.headers for name in _CUT_OFF):
                raise QueryStoppedError(
                    "The SPARQL engine gives only a part of so long an answer. Add a LIMIT, or"
                    " narrow the pattern down."
                )
            with SpooledTemporaryFile(IN_MEMORY) as body:
                for piece in answer.iter_content(PIECE):
                    _demand_within(bounds, until, body.tell() + len(piece))
                    body.write(piece)
                body.seek(0)
                kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                yield kind, body

    def _each(self, ntriples: Iterable[bytes], write: Callable[[list[bytes]], str]) -> None:
        for lines in bounded(ntriples):
            self._send(lines, write)

    def _send(self, lines: list[bytes], write: Callable[[list[bytes]], str]) -> None:
        """Send statements; those that the engine cannot hold are told and left out.

        Virtuoso holds no "zz"^^xsd:integer, and one such statement must not stop all others.
        """
        try:
            self.update(write(lines))
        except InvalidError as error:
            if len(lines) == 1:
                _log.warning("The SPARQL engine cannot hold %r: %s", lines[0].decode(), error)
                return
            middle = len(lines) // 2
            self._send(lines[:middle], write)
            self._send(lines[middle:], write)


def bounded(ntriples: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines of N-Triples, given in blocks, in lists of at most STATEMENTS lines and BYTES bytes."""
    held: list[bytes] = []
    size = 0
    for block in ntriples:
        for line in block.splitlines():
            if held and (len(held) >= STATEMENTS or size + len(line) > BYTES):
                yield held
                held, size = [], 0
            held.append(line)
            size += len(line)
    if held:
        yield held


def insertion(graph: URIRef | None, lines: list[bytes]) -> str:
    """The update that adds lines of N-Triples to a graph, or to the default graph."""
    return f"INSERT DATA {{ {_within(graph, lines)} }}"


def deletion(graph: URIRef, lines: list[bytes]) -> str:
    """The update that removes lines of N-Triples from a graph."""
    return f"DELETE DATA {{ {_within(graph, lines)} }}"


def deletion_of_unheld(lines: list[bytes]) -> str:
    """The update that removes from the default graph what no named graph has."""
    rows = "\n".join(f"({line.decode().removesuffix('.').rstrip()})" for line in lines)
    return (
        f"DELETE {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{\n{rows}\n}}"
        " FILTER NOT EXISTS { GRAPH ?any { ?s ?p ?o } } }"
    )


def _within(graph: URIRef | None, lines: list[bytes]) -> str:
    text = b"\n".join(lines).decode()
    return text if graph is None else f"GRAPH {to_sparql(graph)} {{\n{text}\n}}"


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidError("The SPARQL holds half of a surrogate pair.") from error


def _demand_within(bounds: Bounds, until: float, size: int) -> None:
    if time.monotonic() > until:
        raise QueryStoppedError(
            "The query was stopped after %(seconds)s seconds.", seconds=f"{bounds.seconds:g}"
        )
    if size > bounds.size:
        raise QueryStoppedError("The result has more than %(size)s MiB.", size=bounds.size // MIB)


@contextmanager
def _readable() -> Iterator[None]:
    """Turn what cannot be parsed into words."""
    try:
        yield
    except (SyntaxError, ValueError, OSError) as error:
        raise StoreUnavailableError(
            "What answers for the SPARQL engine is none: its answer cannot be read."
        ) from error
