"""Which triples a graph has, asked in bounded queries."""

from collections.abc import Iterable

from rdflib import Literal, URIRef

from vocab_server.rdf.change import Triple
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

ASKED = 500  # triples that one query looks up

_HELD = """SELECT ?s ?p ?o (EXISTS { GRAPH $graph { ?s ?p ?o } } AS ?held) WHERE {
    VALUES (?s ?p ?o) { $rows } }"""


def held(store: Reader, graph: URIRef, triples: Iterable[Triple]) -> dict[Triple, bool]:
    """The triples in the store's own spelling of literals, and whether the graph has each."""
    listed = list(triples)
    return {
        (row["s"], row["p"], row["o"]): row["held"] == Literal(True)
        for start in range(0, len(listed), ASKED)
        for row in store.select(bind(_HELD, graph=graph, rows=listed[start : start + ASKED]))
    }
