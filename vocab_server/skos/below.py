"""Sets of concepts to search within: what lies under a concept, is in a group, or has a type."""

import threading
from collections import OrderedDict
from enum import StrEnum

from rdflib import URIRef

from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

REMEMBERED = 200_000  # concepts of all remembered sets together


class Relation(StrEnum):
    """How the concepts of a set belong together."""

    UNDER = "under"
    GROUP = "group"
    TYPE = "type"
    DEPRECATED = "deprecated"  # whatever the resource is


SEARCHED = (Relation.UNDER, Relation.GROUP, Relation.TYPE)
_QUERIES = {
    Relation.UNDER: """SELECT DISTINCT ?concept WHERE { GRAPH $graph {
        ?concept (skos:broader|^skos:narrower)+ $iri } }""",
    Relation.GROUP: """SELECT DISTINCT ?concept WHERE { GRAPH $graph {
        { $iri skos:member+ ?concept }
        UNION { $iri skos:memberList/rdf:rest*/rdf:first ?concept } } }""",
    Relation.TYPE: "SELECT DISTINCT ?concept WHERE { GRAPH $graph { ?concept a $iri } }",
    Relation.DEPRECATED: """SELECT DISTINCT ?concept WHERE { GRAPH $graph {
        ?concept owl:deprecated true } }""",
}


class ConceptSets:
    """Sets of concepts of one snapshot, each found by one query and remembered."""

    def __init__(self, store: Reader) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Relation, URIRef, URIRef], frozenset[URIRef]] = OrderedDict()

    def find(self, relation: Relation, graph: URIRef, iri: URIRef) -> frozenset[URIRef]:
        """The concepts of a graph that stand in a relation to a resource, at any distance."""
        key = relation, graph, iri
        found = self._kept.get(key)
        if found is None:
            rows = self._store.select(bind(_QUERIES[relation], graph=graph, iri=iri))
            found = frozenset(URIRef(row["concept"]) for row in rows)
            self._keep(key, found)
        return found

    def deprecated(self, graph: URIRef) -> frozenset[URIRef]:
        """The concepts of a graph that are deprecated."""
        return self.find(Relation.DEPRECATED, graph, graph)

    def _keep(self, key: tuple[Relation, URIRef, URIRef], found: frozenset[URIRef]) -> None:
        with self._lock:
            self._kept[key] = found
            while sum(map(len, self._kept.values())) > REMEMBERED and len(self._kept) > 1:
                self._kept.popitem(last=False)
