"""Which concepts a search stays among: what is under a concept, in a group, or of a type.

Small sets are listed once, so that the index stays among them; of large ones each hit is asked
about, so that no search goes through all of a vocabulary.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import URIRef

from vocab_server.rdf.query import bind
from vocab_server.search.cards import Cards
from vocab_server.skos.below import Relation
from vocab_server.store.base import Reader

FEW = 2_000  # concepts that are listed; a larger set is asked about concept by concept
REMEMBERED = 100  # sets of a snapshot, and ten thousand answers of each
ANSWERS = 10_000

_MORE = {
    Relation.UNDER: """SELECT DISTINCT ?concept WHERE { GRAPH $graph { VALUES ?from { $reached }
        ?concept skos:broader|^skos:narrower ?from } }""",
    Relation.GROUP: """SELECT DISTINCT ?concept WHERE { GRAPH $graph { VALUES ?from { $reached }
        ?from skos:member|(skos:memberList/rdf:rest*/rdf:first) ?concept
        FILTER (isIRI(?concept)) } }""",
    Relation.TYPE: """SELECT DISTINCT ?concept WHERE { GRAPH $graph {
        VALUES ?from { $reached } ?concept a ?from FILTER (isIRI(?concept)) } }""",
}
_ASKED = {
    Relation.GROUP: """SELECT ?iri WHERE { GRAPH $graph {
        $concept (^skos:member|((^rdf:first/(^rdf:rest)*)/^skos:memberList))+ ?iri
        FILTER (?iri = $iri) } } LIMIT 1""",
    Relation.TYPE: "SELECT ?iri WHERE { GRAPH $graph { $concept a ?iri FILTER (?iri = $iri) } }",
}


@dataclass(eq=False)
class Members:
    """The concepts of a graph that stand in a relation to a resource, at any distance."""

    store: Reader
    cards: Cards
    relation: Relation
    graph: URIRef
    iri: URIRef
    _known: dict[URIRef, bool] = field(default_factory=dict)

    @cached_property
    def few(self) -> frozenset[URIRef] | None:
        """All of them when they are no more than FEW, else None; one query a level."""
        found: set[URIRef] = set()
        level = {self.iri}
        while level:
            query = f"{_MORE[self.relation]} LIMIT {FEW + 1}"
            asked = bind(query, graph=self.graph, reached=[*level])
            reached = {URIRef(row["concept"]) for row in self.store.select(asked)}
            level = set() if self.relation == Relation.TYPE else reached - found
            found |= reached
            if len(found) > FEW:
                return None
        return frozenset(found)

    def __contains__(self, concept: URIRef) -> bool:
        if self.few is not None:
            return concept in self.few
        if len(self._known) > ANSWERS:
            self._known = {}
        if concept not in self._known:
            self._known[concept] = self._is_one(concept)
        return self._known[concept]

    def _is_one(self, concept: URIRef) -> bool:
        if self.relation == Relation.UNDER:
            return self.cards.is_under(self.graph, concept, self.iri)
        query = _ASKED[self.relation]
        asked = bind(query, graph=self.graph, concept=concept, iri=self.iri)
        return bool(self.store.select(asked))


@dataclass(frozen=True, slots=True)
class Common:
    """The concepts that several sets have in common."""

    sets: tuple[Members, ...]

    @property
    def few(self) -> frozenset[URIRef] | None:
        """All of them when one of the sets is listed, else None."""
        listed = [found.few for found in self.sets if found.few is not None]
        if not listed:
            return None
        smallest = min(listed, key=len)
        return frozenset(concept for concept in smallest if concept in self)

    def __contains__(self, concept: URIRef) -> bool:
        return all(concept in found for found in self.sets)


class Within:
    """The sets of one snapshot; those that were asked for are remembered."""

    def __init__(self, store: Reader, cards: Cards) -> None:
        self._store = store
        self._cards = cards
        self._kept: dict[tuple[Relation, URIRef, URIRef], Members] = {}

    def among(
        self, graphs: Iterable[URIRef], given: Mapping[Relation, URIRef]
    ) -> dict[URIRef, Common] | None:
        """The concepts that all of the relations leave, by vocabulary; None for all."""
        if not given:
            return None
        return {graph: Common(tuple(self._sets(graph, given))) for graph in graphs}

    def _sets(self, graph: URIRef, given: Mapping[Relation, URIRef]) -> Iterator[Members]:
        for relation, iri in given.items():
            key = relation, graph, iri
            found = self._kept.get(key)
            if found is None:
                if len(self._kept) >= REMEMBERED:
                    self._kept = {}
                found = Members(self._store, self._cards, relation, graph, iri)
                self._kept[key] = found
            yield found
