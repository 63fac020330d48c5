"""Oxigraph inside this process: the engine that needs no server."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import InvalidError, Phrase, StoreUnavailableError
from vocab_server.rdf.skolem import Writable
from vocab_server.store.at_hand import AtHand
from vocab_server.store.base import Row
from vocab_server.store.serialization import serialize

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def can_hold(iri: str) -> bool:
    """Whether the store takes this text for an absolute IRI (RFC 3987)."""
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True


class EmbeddedStore:
    """See Store. Holds the lock of its directory while it is open for writing."""

    def __init__(self, engine: ox.Store) -> None:
        self._engine: Any = engine  # its results have no common type

    @classmethod
    def in_memory(cls) -> Self:
        """A store that is gone when it is closed."""
        return cls(ox.Store())

    @classmethod
    def at(cls, path: Path) -> Self:
        """The store in a directory, made when it is new, open for writing.

        Raises StoreUnavailableError when another process has it open for writing.
        """
        with _our_errors():
            return cls(ox.Store(str(path)))

    @classmethod
    def read_only(cls, path: Path) -> Self:
        """The store in a directory that nobody writes to."""
        with _our_errors():
            return cls(ox.Store.read_only(str(path)))

    def select(self, query: str) -> list[Row]:
        """See Reader."""
        with _our_errors():
            solutions = self._engine.query(query)
            names = [variable.value for variable in solutions.variables]
            return [
                {
                    name: to_rdflib(term)
                    for name, term in zip(names, solution, strict=True)
                    if term is not None
                }
                for solution in solutions
            ]

    def ask(self, query: str) -> bool:
        """See Reader."""
        with _our_errors():
            return bool(self._engine.query(query))

    def construct(self, query: str) -> Graph:
        """See Reader."""
        built = Graph()
        with _our_errors():
            for triple in self._engine.query(query):
                subject, predicate, value = (to_rdflib(term) for term in triple)
                built.add((subject, predicate, value))
        return built

    def lines(self, query: str) -> list[bytes]:
        """See Reader."""
        target = io.BytesIO()
        with _our_errors():
            ox.serialize(self._engine.query(query), target, ox.RdfFormat.N_TRIPLES)
        return target.getvalue().splitlines()

    def write(self, query: str, media_type: str, target: Writable) -> None:
        """See Reader."""
        with _our_errors():
            serialize(self._engine.query(query), media_type, target)

    def update(self, update: str) -> None:
        """See Store."""
        with _our_errors():
            self._engine.update(update)

    def load(self, graph: URIRef | None, ntriples: Path) -> None:
        """See Store."""
        name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        with _our_errors():
            self._engine.bulk_load(path=str(ntriples), format=ox.RdfFormat.N_TRIPLES, to_graph=name)

    def add(self, graph: URIRef, ntriples: Iterable[bytes]) -> None:
        """Add lines of N-Triples to a graph: a few, that are in memory."""
        name = ox.NamedNode(graph)
        with _our_errors():
            self._engine.load(
                input=b"\n".join(ntriples), format=ox.RdfFormat.N_TRIPLES, to_graph=name
            )

    def remove(self, graph: URIRef, ntriples: Iterable[bytes]) -> None:
        """See Store."""
        name = ox.NamedNode(graph)
        with _our_errors():
            for quad in _parsed(ntriples):
                self._engine.remove(ox.Quad(quad.subject, quad.predicate, quad.object, name))

    def remove_unheld(self, ntriples: Iterable[bytes]) -> None:
        """See Store."""
        with _our_errors():
            for quad in _parsed(ntriples):
                triple = (quad.subject, quad.predicate, quad.object)
                held = self._engine.quads_for_pattern(*triple, None)
                if all(found.graph_name == ox.DefaultGraph() for found in held):
                    self._engine.remove(ox.Quad(*triple, ox.DefaultGraph()))

    def dump(self, graph: URIRef, target: Path) -> None:
        """See Store."""
        with _our_errors():
            self._engine.dump(
                str(target), ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(str(graph))
            )

    def backup(self, path: Path) -> None:
        """An independent copy in a new directory on the same disk, by hard links."""
        with _our_errors():
            self._engine.backup(str(path))

    def flush(self) -> None:
        """Force what was written onto the disk."""
        with _our_errors():
            self._engine.flush()

    def at_hand(self) -> AtHand:
        """The same store, for small queries from outside."""
        return AtHand(self._engine)

    def close(self) -> None:
        """See Reader."""
        self.__dict__.pop("_engine", None)


def to_rdflib(term: Any) -> Identifier:
    """The rdflib term for an engine's term; lexical forms stay as they are."""
    if isinstance(term, ox.NamedNode):
        return str.__new__(URIRef, term.value)  # without rdflib's check: the store made it
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == _STRING:
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(datatype), normalize=False)


def _parsed(ntriples: Iterable[bytes]) -> Iterator[ox.Quad]:
    for lines in ntriples:
        yield from ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise InvalidError(
            "The SPARQL or RDF cannot be read: %(error)s", error=Phrase(error.msg)
        ) from error
    except (ValueError, TypeError, UnicodeEncodeError) as error:
        raise InvalidError("%(error)s", error=error) from error
    except (OSError, RuntimeError, MemoryError) as error:
        raise StoreUnavailableError("The store did not answer: %(error)s", error=error) from error
