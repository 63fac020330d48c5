"""Which catalogs are of organisations like another: of the same ADMS publisher type."""

from collections import defaultdict
from collections.abc import Sequence

from rdflib import URIRef

from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.profiles import PUBLISHER_TYPES
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

_KINDS = """SELECT DISTINCT ?graph ?kind WHERE { VALUES ?graph { $graphs }
    GRAPH ?graph { ?catalog a dcat:Catalog ; dct:publisher ?publisher .
        ?publisher dct:type ?kind } }"""


def peers_of(
    store: Reader, catalog: Registration, catalogs: Sequence[Registration]
) -> list[URIRef]:
    """The graphs of other catalogs whose publisher is of the same kind; all others if none is."""
    graphs = [each.graph for each in catalogs]
    kinds = kinds_of(store, graphs)
    own = kinds.get(catalog.graph, set())
    others = [graph for graph in graphs if graph != catalog.graph]
    alike = [graph for graph in others if own & kinds.get(graph, set())]
    return alike or others


def kinds_of(store: Reader, graphs: Sequence[URIRef]) -> dict[URIRef, set[str]]:
    """Of which kinds the organisations are that publish catalogs, by the graphs of these.

    With or without the number of the version of the list, which some write into a kind.
    """
    found: dict[URIRef, set[str]] = defaultdict(set)
    for row in store.select(bind(_KINDS, graphs=list(graphs))):
        kind = str(row["kind"]).replace(f"{PUBLISHER_TYPES}/1.0/", f"{PUBLISHER_TYPES}/")
        found[URIRef(row["graph"])].add(kind)
    return found
