"""Parts of a catalog as its publisher has it: whole datasets with all that belongs to them."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from rdflib import URIRef

from vocab_server.catalog.describing import described_by, linked, own_lines
from vocab_server.catalog.entering import missing_of
from vocab_server.catalog.kinds import kind_of
from vocab_server.catalog.resources import Resource
from vocab_server.catalog.stages import Stage, stage_named
from vocab_server.rdf.namespaces import DCAT, RDF
from vocab_server.rdf.query import bind, is_iri
from vocab_server.store.base import Reader

DEEPEST = 6  # steps from a dataset to what belongs to it

_CATALOGS = """CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph {
    ?s a dcat:Catalog ; ?p ?o FILTER (?p NOT IN (dcat:dataset, dcat:record)) } }"""
_LISTED = """CONSTRUCT { ?s dcat:dataset ?d } WHERE { VALUES ?d { $resources }
    GRAPH $graph { ?s dcat:dataset ?d } }"""
_WITH_SERVICES = """SELECT DISTINCT ?graph WHERE { VALUES ?graph { $graphs }
    GRAPH ?graph { ?catalog dcat:service ?service } }"""
_SIZE = f" <{DCAT.byteSize}> ".encode()
_TYPE = f"<{RDF.type}>".encode()
_ENTRIES = {f"<{DCAT[name]}>".encode() for name in ("Dataset", "Catalog")}
_SHARED = {f"<{DCAT[name]}>".encode() for name in ("DatasetSeries", "DataService")}
_SERVES = f"<{DCAT.servesDataset}>".encode()


def datasets_of(store: Reader, graphs: Sequence[URIRef], datasets: Sequence[URIRef]) -> set[bytes]:
    """Lines of N-Triples: datasets, all that belongs to them, and the catalogs that list them.

    What belongs to a dataset is what it leads to within its catalog, up to DEEPEST steps, but no
    other dataset or catalog. Series and interfaces that are not open yet, or no longer, are left
    out with what leads to them. A few queries for each catalog and step.
    """
    heads = {line for graph in graphs for line in store.lines(bind(_CATALOGS, graph=graph))}
    own = set(own_lines(store, graphs, datasets))
    found = heads | own
    for graph in graphs if datasets else ():
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
    return {sized(line) for line in _without_closed(found, datasets)}


def with_services(store: Reader, graphs: Sequence[URIRef]) -> list[URIRef]:
    """Those of the graphs whose catalog lists an interface."""
    rows = store.select(bind(_WITH_SERVICES, graphs=graphs)) if graphs else []
    return sorted(URIRef(row["graph"]) for row in rows)


def services_in(lines: Iterable[bytes]) -> list[URIRef]:
    """The interfaces that catalogs list, in order."""
    return linked(lines, [DCAT.service])


def _without_closed(lines: set[bytes], datasets: Collection[URIRef]) -> Iterator[bytes]:
    """The lines without what is not open, and without what is said to be given elsewhere."""
    shared = {
        line.split(b" ", 1)[0] for line in lines if line.split(b" ", 2)[2][:-2] in _SHARED
    } - {f"<{iri}>".encode() for iri in datasets}
    described = described_by(line for line in lines if line.split(b" ", 1)[0] in shared)
    ours = {iri for iri, values in described.items() if stage_named(Resource(iri, values))}
    closed = {iri for iri in ours if not _is_open(Resource.of(iri, described))}
    named, left = ({f"<{iri}>".encode() for iri in some} for some in (ours, closed))
    here = {f"<{iri}>".encode() for iri in datasets}
    for line in lines:
        subject, predicate, value = line.split(b" ", 2)
        is_elsewhere = predicate == _SERVES and subject in named and value[:-2] not in here
        if not (subject in left or value[:-2] in left or is_elsewhere):
            yield line


def _is_open(entry: Resource) -> bool:
    """Whether others may have an entry that was entered here: all that is mandatory is there."""
    return stage_named(entry) is Stage.PUBLISHED and not missing_of(entry, kind_of(entry).of)


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
