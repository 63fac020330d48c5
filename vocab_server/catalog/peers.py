"""Which catalogs are of organisations like another: of the same ADMS publisher type."""

from collections.abc import Sequence

from rdflib import URIRef

from vocab_server.catalog.catalogs import Registration
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
    kinds = {(str(r["graph"]), r["kind"]) for r in store.select(bind(_KINDS, graphs=graphs))}
    own = {kind for graph, kind in kinds if graph == str(catalog.graph)}
    others = [graph for graph in graphs if graph != catalog.graph]
    alike = [graph for graph in others if any((str(graph), kind) in kinds for kind in own)]
    return alike or others
