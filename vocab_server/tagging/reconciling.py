"""Tags that follow from decisions about keywords: one decision, all datasets, now and later."""

from collections.abc import Callable, Iterable, Sequence

from rdflib import URIRef

from vocab_server.rdf.change import Change
from vocab_server.rdf.graph_names import tags_graph
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader
from vocab_server.tagging.tags import (
    Origin,
    add_tag,
    harvested_tags,
    known_concepts,
    origin_iri,
    remove_tags,
)

ASKED = 500  # datasets of one query

Pairs = Iterable[tuple[str, str]]
Tagged = set[tuple[URIRef, URIRef]]
Decided = Callable[[str], str | None]  # which concept a keyword is

_RECONCILED = """SELECT ?dataset ?concept WHERE { GRAPH $graph {
    ?note dct:type $type ; oa:hasTarget ?dataset ; oa:hasBody ?concept } }"""
_ALL = "SELECT ?dataset ?concept WHERE { GRAPH $graph { ?dataset dct:subject ?concept } }"
_SOME = """SELECT ?dataset ?concept WHERE { VALUES ?dataset { $datasets }
    GRAPH $graph { ?dataset dct:subject ?concept } }"""
_SOME_RECONCILED = """SELECT ?dataset ?concept WHERE { VALUES ?dataset { $datasets }
    GRAPH $graph { ?note oa:hasTarget ?dataset ; dct:type $type ; oa:hasBody ?concept } }"""
_KEYWORDS = """SELECT ?dataset ?word WHERE { VALUES ?dataset { $datasets }
    GRAPH $graph { ?dataset dcat:keyword ?word } }"""


def tags_of_source(
    store: Reader,
    source: URIRef,
    themes: Pairs,
    keywords: Pairs = (),
    *,
    rejected: Iterable[tuple[str, str]] = (),
    decided: Decided = lambda _: None,
) -> Change:
    """The change that makes the tags of a catalog follow what its publisher now says.

    ``themes`` as in ``harvested_tags``; ``keywords`` are pairs of a dataset and a free word;
    ``decided`` says which concept a word is.
    """
    no = set(rejected)
    stated = harvested_tags(store, source, themes, no)
    graph, kind = tags_graph(source), origin_iri(source, Origin.RECONCILED)
    there = _pairs(store, bind(_ALL, graph=graph))
    there = (there | _tagged(stated.added)) - _tagged(stated.removed)
    reconciled = _pairs(store, bind(_RECONCILED, graph=graph, type=kind))
    wanted = _wanted(store, keywords, decided, no)
    more = _moved(store, source, wanted, there, reconciled)
    added = stated.added | more.added
    return Change(graph, added=added, removed=(stated.removed | more.removed) - added)


def reconciled_tags(
    store: Reader,
    source: URIRef,
    datasets: Sequence[URIRef],
    decided: Decided,
    rejected: Iterable[tuple[str, str]],
) -> Change:
    """The change that makes the tags of some datasets in a catalog follow decisions on keywords.

    What somebody took away, ``rejected``, does not come again.
    """
    graph, kind = tags_graph(source), origin_iri(source, Origin.RECONCILED)
    there: Tagged = set()
    reconciled: Tagged = set()
    words: set[tuple[str, str]] = set()
    for start in range(0, len(datasets), ASKED):
        some = list(datasets[start : start + ASKED])
        there |= _pairs(store, bind(_SOME, graph=graph, datasets=some))
        reconciled |= _pairs(store, bind(_SOME_RECONCILED, graph=graph, datasets=some, type=kind))
        rows = store.select(bind(_KEYWORDS, graph=source, datasets=some))
        words |= {(str(row["dataset"]), str(row["word"])) for row in rows}
    return _moved(store, source, _wanted(store, words, decided, set(rejected)), there, reconciled)


def _wanted(
    store: Reader, keywords: Pairs, decided: Decided, rejected: set[tuple[str, str]]
) -> Tagged:
    found = {
        (dataset, concept) for dataset, word in keywords if (concept := decided(word))
    } - rejected
    known = known_concepts(store, {concept for _, concept in found})
    return {(URIRef(dataset), URIRef(c)) for dataset, c in found if c in known}


def _moved(
    store: Reader, source: URIRef, wanted: Tagged, there: Tagged, reconciled: Tagged
) -> Change:
    """The change from the tags that are there, some of them by decisions, to what is wanted."""
    changes = [
        add_tag(source, dataset, concept, Origin.RECONCILED)
        for dataset, concept in sorted(wanted - there)
    ]
    gone = remove_tags(store, source, sorted(reconciled - wanted))
    added = frozenset(triple for change in changes for triple in change.added)
    return Change(tags_graph(source), added=added, removed=gone.removed)


def _tagged(triples: Iterable[tuple[object, object, object]]) -> Tagged:
    return {(URIRef(str(d)), URIRef(str(c))) for d, _, c in triples}


def _pairs(store: Reader, query: str) -> Tagged:
    return {(URIRef(row["dataset"]), URIRef(row["concept"])) for row in store.select(query)}
