"""The few statements around an edit in memory, for what needs no query.

Why: to read the text of a query takes the engine longer than to look through a hundred statements.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Self

from rdflib import RDF, URIRef

from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

Term = bytes  # as N-Triples writes it
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"


class Part:
    """All statements of a graph that holds few, as lines of N-Triples that a store wrote."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines: defaultdict[Term, list[bytes]] = defaultdict(list)
        for line in lines:
            self._lines[line.split(b" ", 2)[1]].append(line)
        self._pairs: dict[Term, list[tuple[Term, Term]]] = {}

    @classmethod
    def of(cls, store: Reader, graph: URIRef) -> Self:
        """All that a store has in a graph."""
        return cls(store.lines(bind(_ALL, graph=graph)))

    @property
    def paths(self) -> Iterable[Term]:
        """The properties of the statements."""
        return self._lines.keys()

    @cached_property
    def classes(self) -> set[Term]:
        """What something is said to be."""
        return self.values(RDF.type)

    def lines(self, paths: Iterable[URIRef]) -> list[bytes]:
        """The statements with some properties."""
        return [line for path in paths for line in self._lines.get(term(path), ())]

    def pairs(self, *paths: URIRef) -> Iterator[tuple[Term, Term]]:
        """Subject and object of each statement with some properties."""
        for path in map(term, paths):
            if path not in self._pairs and path in self._lines:
                self._pairs[path] = [_ends(line) for line in self._lines[path]]
            yield from self._pairs.get(path, ())

    def subjects(self, *paths: URIRef) -> set[Term]:
        """What has one of some properties."""
        return {subject for subject, _ in self.pairs(*paths)}

    def values(self, *paths: URIRef) -> set[Term]:
        """The values of some properties."""
        return {value for _, value in self.pairs(*paths)}

    def members(self, *classes: URIRef) -> set[Term]:
        """What is said to be of one of some classes."""
        wanted = frozenset(map(term, classes))
        return {subject for subject, value in self.pairs(RDF.type) if value in wanted}


Clue = Callable[[Part], object]  # something true where a check may find something in a part


@lru_cache(maxsize=1_000)  # of the terms that checks name
def term(iri: URIRef) -> Term:
    """An IRI as N-Triples writes it."""
    return f"<{iri}>".encode()


def _ends(line: bytes) -> tuple[Term, Term]:
    subject, _, value = line.removesuffix(b" .").split(b" ", 2)
    return subject, value
