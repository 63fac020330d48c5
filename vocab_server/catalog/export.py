"""Parts of a catalog as its publisher has it: whole datasets with all that belongs to them."""

from collections.abc import Iterable, Sequence

from rdflib import URIRef

from vocab_server.catalog.describing import own_lines
from vocab_server.rdf.namespaces import DCAT, RDF
from vocab_server.rdf.query import bind, is_iri
from vocab_server.store.base import Reader

DEEPEST = 6  # steps from a dataset to what belongs to it

_CATALOGS = """CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph {
    ?s a dcat:Catalog ; ?p ?o FILTER (?p NOT IN (dcat:dataset, dcat:record)) } }"""
_LISTED = """CONSTRUCT { ?s dcat:dataset ?d } WHERE { VALUES ?d { $resources }
    GRAPH $graph { ?s dcat:dataset ?d } }"""
_SIZE = f" <{DCAT.byteSize}> ".encode()
_TYPE = f"<{RDF.type}>".encode()
_ENTRIES = {f"<{DCAT[name]}>".encode() for name in ("Dataset", "DatasetSeries", "Catalog")}


def datasets_of(store: Reader, graphs: Sequence[URIRef], datasets: Sequence[URIRef]) -> set[bytes]:
    """Lines of N-Triples: datasets, all that belongs to them, and the catalogs that list them.

    What belongs to a dataset is what it leads to within its catalog, up to DEEPEST steps, but no
    other dataset or catalog. A few queries for each catalog and step.
    """
    if not (graphs and datasets):
        return set()
    heads = {line for graph in graphs for line in store.lines(bind(_CATALOGS, graph=graph))}
    own = set(own_lines(store, graphs, datasets))
    found = heads | own
    for graph in graphs:
        found.update(store.lines(bind(_LISTED, graph=graph, resources=datasets)))
    seen = set(datasets) | _subjects(heads)
    level = (_objects(own) | _objects(heads)) - seen
    for _ in range(DEEPEST):
        if not level:
            break
        seen |= level
        read = _without_entries(own_lines(store, graphs, sorted(level)))
        found |= read
        level = _objects(read) - seen
    return {sized(line) for line in found}


def sized(line: bytes) -> bytes:
    """A line whose size in bytes has the type that DCAT 3 gives it; stores know integers only."""
    if _SIZE in line:
        return line.replace(b"XMLSchema#integer>", b"XMLSchema#nonNegativeInteger>")
    return line


def _without_entries(lines: Iterable[bytes]) -> set[bytes]:
    """The lines without those of datasets and catalogs, which are parts of their own."""
    lines = set(lines)
    entries = {
        subject
        for subject, predicate, value in (line.split(b" ", 2) for line in lines)
        if predicate == _TYPE and value.removesuffix(b" .") in _ENTRIES
    }
    return {line for line in lines if line.split(b" ", 1)[0] not in entries}


def _subjects(lines: set[bytes]) -> set[URIRef]:
    return {URIRef(line.split(b" ", 1)[0][1:-1].decode()) for line in lines}


def _objects(lines: set[bytes]) -> set[URIRef]:
    values = (line.split(b" ", 2)[2] for line in lines)
    found = {URIRef(value[1:-3].decode()) for value in values if value.startswith(b"<")}
    return {iri for iri in found if is_iri(iri)}
