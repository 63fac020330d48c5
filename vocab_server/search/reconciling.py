"""Reconciliation: which concepts names in a table stand for, with scores from 0 to 100.

The scores say how much of the name agrees: 100 the whole preferred name, 80 and more a whole name
of any kind, less for a part of one (Reconciliation Service API 0.2, 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.rdf.namespaces import RDF
from vocab_server.rdf.query import bind
from vocab_server.search.find import Hit, Wanted, search
from vocab_server.search.looks import Kind
from vocab_server.skos.values import Values, values_of
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

CANDIDATES = 10  # for a name unless more are asked for
MOST = 100  # candidates for one name
WEIGHT = 0.3  # of the score is for properties, when any are given
OTHER_TYPE = 20  # points less for a type that should have been another
_SCORES = {
    Kind.EXACT: 100,
    Kind.MISSPELT: 70,
    Kind.PREFIX: 60,
    Kind.WORD: 50,
    Kind.INSIDE: 35,
}
_LESS = {"prefLabel": 0, "notation": 0, "altLabel": 10, "hiddenLabel": 20}
_BY_VALUE = """SELECT DISTINCT ?concept WHERE { GRAPH $graph {
    VALUES (?property ?value) { $pairs } ?concept ?property ?value } } LIMIT 100"""
_THERE = """SELECT DISTINCT ?iri WHERE { GRAPH $graph { VALUES ?iri { $iris } ?iri ?p ?o } }"""


@dataclass(frozen=True, slots=True)
class Query:
    """What one row of a table says of the concept that it stands for.

    ``types`` are looked for as ``type_strict`` says: any, all, or should, which only costs points.
    ``properties`` have a value each, compared as text or as identifier.
    """

    text: str = ""
    limit: int = CANDIDATES
    types: tuple[URIRef, ...] = ()
    type_strict: str = "any"
    properties: tuple[tuple[URIRef, tuple[str, ...]], ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that may be meant, how likely, and whether it is certain."""

    concept: URIRef
    score: float
    is_match: bool
    types: tuple[URIRef, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The vocabulary that names are compared with."""

    store: Reader
    index: tantivy.Searcher
    graph: URIRef
    namespace: str
    languages: Sequence[str]


def reconcile(source: Source, queries: Sequence[Query]) -> list[list[Candidate]]:
    """The candidates of each query, best first; two or three look-ups in the store for all."""
    ids = _identifiers(source, queries)
    found = [_found(source, query, ids) for query in queries]
    concepts = {concept for scored in found for concept in scored}
    asked = {RDF.type} | {iri for query in queries for iri, _ in query.properties}
    values = values_of(source.store, source.graph, concepts, asked)
    return [
        _candidates(query, scored, values) for query, scored in zip(queries, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    is_name: bool  # the whole preferred name, or the identifier


def _identifiers(source: Source, queries: Iterable[Query]) -> dict[str, URIRef]:
    """The concepts whose identifier, whole or without the namespace, is itself the text."""
    spelt: dict[URIRef, str] = {}
    for text in {query.text for query in queries}:
        for iri in (text, source.namespace + text):
            if text and can_hold(iri):
                spelt[URIRef(iri)] = text
    if not spelt:
        return {}
    asked = bind(_THERE, graph=source.graph, iris=list(spelt))
    rows = source.store.select(asked)
    return {spelt[URIRef(row["iri"])]: URIRef(row["iri"]) for row in rows}


def _found(source: Source, query: Query, ids: Mapping[str, URIRef]) -> dict[URIRef, _Scored]:
    """Concepts by name or identifier, or when there is no name by the values of properties."""
    if not query.text.strip():
        return _by_values(source, query)
    more = MOST if query.types or query.properties else 0
    wanted = Wanted(query.text, (source.graph,), query.language, source.languages)
    hits, _ = search(source.index, wanted, limit=query.limit + more)
    found = {hit.concept: _scored(query.text, hit) for hit in hits}
    if query.text in ids:
        found[ids[query.text]] = _Scored(100, is_name=ids[query.text] == URIRef(query.text))
    return found


def _by_values(source: Source, query: Query) -> dict[URIRef, _Scored]:
    texts = [(iri, text) for iri, texts in query.properties for text in texts]
    pairs = [(iri, URIRef(text)) for iri, text in texts if can_hold(iri) and can_hold(text)]
    found: dict[URIRef, _Scored] = {}
    if pairs:
        rows = source.store.select(bind(_BY_VALUE, graph=source.graph, pairs=pairs))
        found = {URIRef(row["concept"]): _Scored(100, is_name=False) for row in rows}
    for _, text in texts:
        wanted = Wanted(text, (source.graph,), query.language, source.languages)
        hits, _ = search(source.index, wanted, limit=MOST)
        found |= {hit.concept: _Scored(100, is_name=False) for hit in hits}
    return found


def _scored(text: str, hit: Hit) -> _Scored:
    less = _LESS[hit.label_property] + 5 * hit.is_folded
    share = 1.0
    if hit.kind not in (Kind.EXACT, Kind.MISSPELT):
        share = 0.5 + 0.5 * min(1.0, len(text) / max(1, len(hit.text)))
    is_name = hit.kind == Kind.EXACT and hit.label_property == "prefLabel" and not hit.is_folded
    return _Scored(max(1.0, _SCORES[hit.kind] * share - less), is_name)


def _candidates(query: Query, scored: Mapping[URIRef, _Scored], values: Values) -> list[Candidate]:
    found = []
    for concept, how in scored.items():
        own = values.get(concept, {})
        types = tuple(URIRef(iri) for iri in own.get(RDF.type, ()))
        if query.type_strict != "should" and not _has_types(query, types):
            continue
        share = _share(query, own)
        if not query.text.strip() and not share:
            continue
        score = how.score * (1 - WEIGHT) + 100 * WEIGHT * share if query.properties else how.score
        score -= OTHER_TYPE * (not _has_types(query, types))
        certain = how.is_name and share == 1
        found.append(Candidate(concept, round(max(0.0, score), 1), certain, types))
    ordered = sorted(found, key=lambda c: (-c.score, not c.is_match, c.concept))
    return _only_match(ordered)[: query.limit]


def _only_match(candidates: list[Candidate]) -> list[Candidate]:
    """A match is certain only when no other concept is one too."""
    if sum(candidate.is_match for candidate in candidates) <= 1:
        return candidates
    return [Candidate(c.concept, c.score, is_match=False, types=c.types) for c in candidates]


def _has_types(query: Query, types: Sequence[URIRef]) -> bool:
    if not query.types:
        return True
    among = [wanted in types for wanted in query.types]
    return all(among) if query.type_strict == "all" else any(among)


def _share(query: Query, own: Mapping[URIRef, Sequence[Identifier]]) -> float:
    """How many of the properties that a query gives have one of the values it gives."""
    if not query.properties:
        return 1
    held = [{str(value).casefold() for value in own.get(iri, ())} for iri, _ in query.properties]
    agreed = [
        any(text.casefold() in texts for text in wanted)
        for texts, (_, wanted) in zip(held, query.properties, strict=True)
    ]
    return sum(agreed) / len(agreed)
