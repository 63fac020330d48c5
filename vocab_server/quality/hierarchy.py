"""The relations between concepts in memory, for what property paths cannot do.

Why: on a hierarchy with some circles the queries ``broader+`` of three checks took more than a
minute each; walking the same edges here takes as long as without circles.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from rdflib import URIRef

from vocab_server.quality.part import Part
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

Pair = tuple[str, str]  # a subject and an object, as N-Triples writes them

# Read in one query: around an edit there is little of each, and a query takes longer than that.
_TOGETHER = (
    SKOS.broader,
    SKOS.narrower,
    SKOS.broaderTransitive,
    SKOS.narrowerTransitive,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.related,
    SKOS.relatedMatch,
    SKOS.exactMatch,
    SKOS.hasTopConcept,
    SKOS.topConceptOf,
)
RELATIONS = frozenset(_TOGETHER)
_EDGES = """CONSTRUCT { ?one ?property ?other } WHERE { VALUES ?property { $properties }
    GRAPH $graph { ?one ?property ?other FILTER (isIRI(?other)) } }"""


class Hierarchy:
    """The relations between the concepts of a graph. Concepts are named as N-Triples does.

    They are read from ``part`` where that is all that the graph has.
    """

    def __init__(self, store: Reader, graph: URIRef, part: Part | None = None) -> None:
        self._store = store
        self._part = part
        self._graph = graph
        self._read: dict[URIRef, list[Pair]] = {}

    def pairs(self, *properties: URIRef) -> Iterator[Pair]:
        """The statements with these properties."""
        for found in properties:
            if found not in self._read and self._part:
                self._read[found] = _between(self._part, found)
            elif found not in self._read:
                self._read_pairs(_TOGETHER if found in _TOGETHER else (found,))
            yield from self._read[found]

    @cached_property
    def broader(self) -> Mapping[str, set[str]]:
        """What is right above each concept, as broader and narrower say (SKOS Reference, S25)."""
        return edges(self.pairs(SKOS.broader), self.pairs(SKOS.narrower))

    @cached_property
    def above(self) -> Mapping[str, set[str]]:
        """What is above each concept in any way, also by mapping (S22, S41)."""
        upward = self.pairs(SKOS.broader, SKOS.broaderTransitive, SKOS.broadMatch)
        return edges(upward, self.pairs(SKOS.narrower, SKOS.narrowerTransitive, SKOS.narrowMatch))

    @cached_property
    def related(self) -> Mapping[str, set[str]]:
        """What each concept is related to, in both directions (S23)."""
        found = list(self.pairs(SKOS.related, SKOS.relatedMatch))
        return edges(found, found)

    def ancestors(self, concept: str, above: Mapping[str, set[str]]) -> set[str]:
        """All that is above a concept; itself only when it is in a circle."""
        found: set[str] = set()
        waiting = list(above.get(concept, ()))
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting += above.get(here, ())
        return found

    def _read_pairs(self, properties: Collection[URIRef]) -> None:
        read: dict[str, list[Pair]] = {f"<{one}>": [] for one in properties}
        query = bind(_EDGES, graph=self._graph, properties=properties)
        for line in self._store.lines(query):
            subject, predicate, value, _ = line.decode().split(" ", 3)
            read[predicate].append((subject, value))
        self._read.update(zip(properties, read.values(), strict=True))


def _between(part: Part, path: URIRef) -> list[Pair]:
    return [(one.decode(), other.decode()) for one, other in part.pairs(path) if other[:1] == b"<"]


def statement(subject: str, predicate: URIRef, value: str) -> bytes:
    """A line of N-Triples without its end."""
    return f"{subject} <{predicate}> {value} .".encode()


def edges(forward: Iterable[Pair], backward: Iterable[Pair] = ()) -> dict[str, set[str]]:
    """The pairs by their first, and those of ``backward`` turned around."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for start, end in forward:
        found[start].add(end)
    for end, start in backward:
        found[start].add(end)
    return dict(found)


def clusters(pairs: Iterable[Pair]) -> dict[str, str]:
    """What hangs together: for each that is in a pair the first, in order, of its cluster."""
    heads: dict[str, str] = {}

    def head(of: str) -> str:
        while (next_one := heads.setdefault(of, of)) != of:
            heads[of] = heads.setdefault(next_one, next_one)  # halves the way for the next time
            of = heads[of]
        return of

    for one, other in pairs:
        first, second = sorted((head(one), head(other)))
        heads[second] = first
    return {each: head(each) for each in list(heads)}
