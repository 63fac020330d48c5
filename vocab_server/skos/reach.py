"""What a tag counts for: itself, or what stands in its place, all above, and what means the same.

So that whoever asks for a concept finds what was tagged with anything below it, also what was
tagged before a concept was merged into another (dct:isReplacedBy), or with a concept of another
vocabulary where the two are an exact match (skos:exactMatch; SKOS Reference, 10.6.7).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from rdflib import URIRef

from vocab_server.rdf.change import Patch
from vocab_server.rdf.graph_names import is_of_catalogs
from vocab_server.rdf.namespaces import DCT, OWL, SKOS
from vocab_server.rdf.query import bind, is_iri
from vocab_server.store.base import Reader

ASKED = 500  # concepts that one query looks up
HIGHEST = 60  # levels that are followed upward

_UP = """SELECT DISTINCT ?concept ?other ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { { ?concept skos:broader ?other } UNION { ?other skos:narrower ?concept }
        UNION { ?concept skos:exactMatch ?other } UNION { ?other skos:exactMatch ?concept } }
    FILTER (isIRI(?other)) }"""
_ABOVE = """SELECT DISTINCT ?concept ?other ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { { ?concept skos:broader ?other } UNION { ?other skos:narrower ?concept } }
    FILTER (isIRI(?other)) }"""
_INSTEAD = """SELECT DISTINCT ?concept ?other ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept dct:isReplacedBy ?other } FILTER (isIRI(?other)) }"""
_LINKING = "|".join(
    re.escape(iri)
    for iri in (SKOS.broader, SKOS.narrower, SKOS.exactMatch, DCT.isReplacedBy, OWL.deprecated)
)
_LINE = re.compile(rf"^<([^>]*)> <(?:{_LINKING})> (?:<([^>]*)>)?".encode(), re.MULTILINE)

Links = dict[URIRef, set[URIRef]]


def reach_of(store: Reader, concepts: Iterable[URIRef]) -> dict[URIRef, frozenset[URIRef]]:
    """For each concept all that count it, itself among them.

    What was split into several counts for itself only, until somebody chooses. A query for each
    ASKED concepts and level, whatever the size of the vocabularies.
    """
    start = {iri for iri in concepts if is_iri(iri)}
    instead = _followed(start, lambda level: _links(store, _INSTEAD, level))
    ends = {iri: _ends(iri, instead) for iri in start}
    settled = {end for found in ends.values() if len(found) == 1 for end in found}
    above = _followed(settled, lambda level: _links(store, _UP, level))
    return {iri: _reach(iri, ends[iri], above) for iri in start}


def depths_of(store: Reader, concepts: Iterable[URIRef]) -> dict[URIRef, int]:
    """The level of each concept on its shortest way up: 1 for one that stands at the top.

    One in a circle that leads nowhere up has the level where the circle closes.
    """
    start = {iri for iri in concepts if is_iri(iri)}
    above = _followed(start, lambda level: _links(store, _ABOVE, level))
    return {iri: _depth(iri, above) for iri in start}


def _depth(concept: URIRef, above: Links) -> int:
    level, seen, depth = {concept}, {concept}, 1
    while all(above.get(iri) for iri in level):
        higher = set().union(*(above[iri] for iri in level)) - seen
        if not higher:
            break
        seen |= higher
        level, depth = higher, depth + 1
    return depth


def relinked(patch: Patch) -> set[str]:
    """The concepts of which a change says, or says no more, where they stand or what is instead."""
    found: set[str] = set()
    for blocks in (patch.added_blocks(), patch.removed_blocks()):
        for block in blocks:
            for match in _LINE.finditer(block):
                found.update(part.decode() for part in match.groups() if part)
    return found


def _reach(
    concept: URIRef, ends: frozenset[URIRef], above: Mapping[URIRef, set[URIRef]]
) -> frozenset[URIRef]:
    found = {concept}
    waiting = list(ends) if len(ends) == 1 else []
    while waiting:
        iri = waiting.pop()
        if iri not in found or iri == concept:
            found.add(iri)
            waiting.extend(up for up in above.get(iri, ()) if up not in found)
    return frozenset(found)


def _ends(concept: URIRef, instead: Links) -> frozenset[URIRef]:
    """Where the replacements of a concept lead in the end; itself when nothing replaces it."""
    ends: set[URIRef] = set()
    seen: set[URIRef] = set()
    waiting = [concept]
    while waiting:
        iri = waiting.pop()
        if iri in seen:
            continue
        seen.add(iri)
        further = instead.get(iri, set())
        waiting.extend(further)
        if not further:
            ends.add(iri)
    return frozenset(ends) or frozenset({concept})


def _followed(start: set[URIRef], step: Callable[[set[URIRef]], Links]) -> Links:
    """The links from some concepts on, level by level, each concept once."""
    found: Links = {}
    level = start
    for _ in range(HIGHEST):
        if not level:
            break
        links = step(level)
        found.update({iri: links.get(iri, set()) for iri in level})
        level = set().union(*links.values()) - found.keys()
    return found


def _links(store: Reader, query: str, concepts: set[URIRef]) -> Links:
    found: Links = defaultdict(set)
    listed: Sequence[URIRef] = sorted(concepts)
    for begin in range(0, len(listed), ASKED):
        asked = bind(query, concepts=listed[begin : begin + ASKED])
        for row in store.select(asked):
            if not is_of_catalogs(str(row["graph"])) and row["other"] != row["concept"]:
                found[URIRef(row["concept"])].add(URIRef(row["other"]))
    return dict(found)
