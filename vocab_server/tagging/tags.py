"""Tags: one statement that a dataset is about a concept, kept apart from the publisher's own data.

In the graph of tags of a catalog a tag is ``dataset dct:subject concept``. How it came and when is
public too, as an annotation (W3C Web Annotation Vocabulary) whose target is the dataset and whose
body the concept; a tag without one came with the publisher's own data. Who did it, and what was
rejected, is in the database, where no query reaches it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.dates import write_time
from vocab_server.rdf.graph_names import is_of_catalogs, tags_graph
from vocab_server.rdf.namespaces import DCT, OA, RDF
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader
from vocab_server.store.holding import ASKED

NAME = 20  # characters of the name of an annotation

_TAGS = """SELECT ?concept ?type ?created WHERE { GRAPH $graph { $dataset dct:subject ?concept
    OPTIONAL { ?note oa:hasTarget $dataset ; oa:hasBody ?concept ; dct:type ?type .
        OPTIONAL { ?note dct:created ?created } } } } ORDER BY ?concept"""
_BARE = """SELECT ?dataset ?concept WHERE { GRAPH $graph { ?dataset dct:subject ?concept
    FILTER NOT EXISTS { ?note oa:hasTarget ?dataset ; oa:hasBody ?concept } } }"""
_ALL = "SELECT ?dataset ?concept WHERE { GRAPH $graph { ?dataset dct:subject ?concept } }"
_RECORDS = """SELECT ?dataset ?concept ?note ?p ?o WHERE { GRAPH $graph {
    VALUES ?dataset { $datasets } ?note oa:hasTarget ?dataset ; oa:hasBody ?concept ; ?p ?o } }"""
_HELD = """SELECT ?dataset ?concept WHERE { GRAPH $graph {
    VALUES ?dataset { $datasets } ?dataset dct:subject ?concept } }"""
_CONCEPTS = """SELECT DISTINCT ?concept ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept a skos:Concept } }"""


class Origin(StrEnum):
    """How a tag came."""

    PICKED = "picked"  # by somebody of the publisher
    HARVESTED = "harvested"  # with the publisher's own data
    RECONCILED = "reconciled"  # by a decision about a keyword
    SUGGESTED = "suggested"  # by us, and accepted by somebody


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept that a dataset is tagged with; ``source`` is the catalog whose tag it is.

    ``created`` is as RFC 3339 writes it, "" when it came with the publisher's data.
    """

    dataset: URIRef
    concept: URIRef
    source: URIRef
    origin: Origin = Origin.HARVESTED
    created: str = ""


def list_tags(store: Reader, dataset: URIRef, sources: Iterable[URIRef]) -> tuple[Tag, ...]:
    """The tags of a dataset in the catalogs that describe it, by catalog and concept."""
    return tuple(
        Tag(
            dataset,
            URIRef(row["concept"]),
            source,
            Origin(str(row["type"]).rpartition("#")[2]) if "type" in row else Origin.HARVESTED,
            str(row.get("created", "")),
        )
        for source in sources
        for row in store.select(bind(_TAGS, graph=tags_graph(source), dataset=dataset))
    )


def add_tag(
    source: URIRef,
    dataset: URIRef,
    concept: URIRef,
    origin: Origin = Origin.PICKED,
    time: datetime | None = None,
) -> Change:
    """The change that tags a dataset, with the record of how and when."""
    graph = tags_graph(source)
    tag = (dataset, DCT.subject, concept)
    if origin is Origin.HARVESTED:
        return Change(graph, added=frozenset({tag}))
    name = sha256(f"{dataset} {concept}".encode()).hexdigest()[:NAME]
    note = URIRef(f"{graph}#{name}")
    created = Literal(write_time(time or datetime.now(UTC)), datatype=XSD.dateTime)
    about: set[Triple] = {
        (note, RDF.type, OA.Annotation),
        (note, OA.hasTarget, dataset),
        (note, OA.hasBody, concept),
        (note, OA.motivatedBy, OA.classifying),
        (note, DCT.type, origin_iri(source, origin)),
        (note, DCT.created, created),
    }
    return Change(graph, added=frozenset({tag, *about}))


def remove_tag(store: Reader, source: URIRef, dataset: URIRef, concept: URIRef) -> Change:
    """The change that takes a tag away, with its record; empty when there is none."""
    return remove_tags(store, source, [(dataset, concept)])


def remove_tags(store: Reader, source: URIRef, pairs: Iterable[tuple[URIRef, URIRef]]) -> Change:
    """The change that takes several tags away, with their records; two queries for many."""
    graph, wanted = tags_graph(source), set(pairs)
    datasets = sorted({dataset for dataset, _ in wanted})
    gone: set[Triple] = set()
    for start in range(0, len(datasets), ASKED):
        some = datasets[start : start + ASKED]
        held = _pairs(store, bind(_HELD, graph=graph, datasets=some)) & wanted
        gone.update((dataset, DCT.subject, concept) for dataset, concept in held)
        for row in store.select(bind(_RECORDS, graph=graph, datasets=some)):
            if (URIRef(row["dataset"]), URIRef(row["concept"])) in wanted:
                gone.add((row["note"], row["p"], row["o"]))
    return Change(graph, removed=frozenset(gone))


def harvested_tags(
    store: Reader,
    source: URIRef,
    themes: Iterable[tuple[str, str]],
    rejected: Iterable[tuple[str, str]] = (),
) -> Change:
    """The change that makes the harvested tags of a catalog follow what its publisher now says.

    ``themes`` are pairs of a dataset and what it is said to be about; only concepts of the
    vocabularies here become tags. What somebody took away, ``rejected``, does not come again.
    """
    graph = tags_graph(source)
    pairs = set(themes) - set(rejected)
    known = known_concepts(store, {concept for _, concept in pairs})
    wanted = {(URIRef(dataset), URIRef(c)) for dataset, c in pairs if c in known}
    stated = _pairs(store, bind(_ALL, graph=graph))
    bare = _pairs(store, bind(_BARE, graph=graph))
    return Change(
        graph,
        added=frozenset((d, DCT.subject, c) for d, c in wanted - stated),
        removed=frozenset((d, DCT.subject, c) for d, c in bare - wanted),
    )


def known_concepts(store: Reader, iris: Iterable[str]) -> dict[str, URIRef]:
    """Those of the IRIs that are concepts of a vocabulary here, each with its graph."""
    listed = sorted(iris)
    found: dict[str, set[URIRef]] = defaultdict(set)
    for start in range(0, len(listed), ASKED):
        some = [URIRef(iri) for iri in listed[start : start + ASKED]]
        for row in store.select(bind(_CONCEPTS, concepts=some)):
            if not is_of_catalogs(str(row["graph"])):
                found[str(row["concept"])].add(URIRef(row["graph"]))
    return {iri: min(graphs) for iri, graphs in found.items()}


def origin_iri(source: str, origin: Origin) -> URIRef:
    """How an annotation names the way in which a tag came."""
    return URIRef(f"{source.rpartition('/')[0]}#{origin}")


def _pairs(store: Reader, query: str) -> set[tuple[URIRef, URIRef]]:
    return {(URIRef(row["dataset"]), URIRef(row["concept"])) for row in store.select(query)}
