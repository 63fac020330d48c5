"""What follows from tags for who reads DCAT: EU themes, keywords, and the concepts themselves.

Derived when a catalog is exported and never stored: the curated mapping of a concept, or of its
nearest broader concept, decides on the theme (DCAT-AP 3.0.1, controlled vocabularies).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rdflib import Literal, URIRef
from rdflib.term import Node

from vocab_server.catalog.profiles import DATA_THEMES
from vocab_server.rdf.graph_names import is_of_catalogs, tags_graph
from vocab_server.rdf.namespaces import DCAT, DCT, RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.skos.resolving import Status, resolve_iris
from vocab_server.store.base import Reader

HIGHEST = 60  # levels that are followed upward for a theme

Derived = set[tuple[Node, Node, Node]]
Pairs = set[tuple[URIRef, URIRef]]

_TAGS = """SELECT DISTINCT ?dataset ?concept WHERE { VALUES ?dataset { $datasets }
    GRAPH $graph { ?dataset dct:subject ?concept } }"""
_MATCHES = """SELECT DISTINCT ?concept ?match WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept skos:exactMatch|skos:broadMatch ?match } }"""
_UP = """SELECT DISTINCT ?concept ?broader ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { { ?concept skos:broader ?broader } UNION { ?broader skos:narrower ?concept } }
    FILTER (isIRI(?broader)) }"""
_NAMES = """SELECT DISTINCT ?concept ?name ?scheme ?graph WHERE { VALUES ?concept { $concepts }
    GRAPH ?graph { ?concept a skos:Concept ; skos:prefLabel ?name
        OPTIONAL { ?concept skos:inScheme|skos:topConceptOf ?scheme } } }"""
_TITLES = """SELECT DISTINCT ?scheme ?title ?graph WHERE { VALUES ?scheme { $schemes }
    GRAPH ?graph { ?scheme dct:title|skos:prefLabel ?title } }"""


def derived_triples(
    store: Reader, sources: Iterable[URIRef], datasets: Iterable[URIRef]
) -> Derived:
    """All that follows from the tags of some datasets in some catalogs."""
    named = list(datasets)
    rows = [
        row
        for source in sources
        for row in store.select(bind(_TAGS, graph=tags_graph(source), datasets=named))
    ]
    pairs = _current(store, {(URIRef(r["dataset"]), URIRef(r["concept"])) for r in rows})
    concepts = {concept for _, concept in pairs}
    if not concepts:
        return set()
    names, stubs = _names(store, concepts)
    themes = themes_of(store, concepts)
    found: Derived = {(dataset, DCT.subject, concept) for dataset, concept in pairs} | stubs
    for dataset, concept in pairs:
        found |= {(dataset, DCAT.keyword, name) for name in names.get(concept, ())}
        found |= {(dataset, DCAT.theme, theme) for theme in themes.get(concept, ())}
    return found


def themes_of(store: Reader, concepts: Iterable[URIRef]) -> dict[URIRef, set[URIRef]]:
    """The EU themes of each concept: its own mapping, else that of the nearest above.

    One or two queries a level for all.
    """
    found: dict[URIRef, set[URIRef]] = defaultdict(set)
    waiting: dict[URIRef, set[URIRef]] = {iri: {iri} for iri in concepts}  # reached, by concept
    seen: dict[URIRef, set[URIRef]] = {iri: {iri} for iri in waiting}
    for _ in range(HIGHEST):
        if not waiting:
            break
        level = set().union(*waiting.values())
        matched = _matches(store, level)
        for iri, reached in waiting.items():
            found[iri].update(*(matched[up] for up in reached))
        open_ = {iri: reached for iri, reached in waiting.items() if not found[iri]}
        above = _above(store, set().union(*open_.values())) if open_ else {}
        waiting = _climbed(open_, above, seen)
    return {iri: themes for iri, themes in found.items() if themes}


def _climbed(
    reached: Mapping[URIRef, set[URIRef]],
    above: Mapping[URIRef, set[URIRef]],
    seen: dict[URIRef, set[URIRef]],
) -> dict[URIRef, set[URIRef]]:
    """The concepts one level higher, each looked at once."""
    found: dict[URIRef, set[URIRef]] = {}
    for iri, level in reached.items():
        higher = set().union(*(above.get(up, set()) for up in level)) - seen[iri]
        seen[iri] |= higher
        if higher:
            found[iri] = higher
    return found


def _matches(store: Reader, concepts: set[URIRef]) -> dict[URIRef, set[URIRef]]:
    found: dict[URIRef, set[URIRef]] = defaultdict(set)
    for iri in concepts:
        if iri.startswith(f"{DATA_THEMES}/"):
            found[iri].add(iri)
    for row in store.select(bind(_MATCHES, concepts=list(concepts))):
        if str(row["match"]).startswith(f"{DATA_THEMES}/"):
            found[URIRef(row["concept"])].add(URIRef(row["match"]))
    return found


def _above(store: Reader, concepts: set[URIRef]) -> dict[URIRef, set[URIRef]]:
    found: dict[URIRef, set[URIRef]] = defaultdict(set)
    for row in store.select(bind(_UP, concepts=list(concepts))):
        if not is_of_catalogs(str(row["graph"])):
            found[URIRef(row["concept"])].add(URIRef(row["broader"]))
    return found


def _current(store: Reader, pairs: Pairs) -> Pairs:
    """The pairs with what took the place of concepts that were merged."""
    resolved = resolve_iris(store, sorted({str(concept) for _, concept in pairs}), ())
    instead = {
        URIRef(found.iri): found.replaced_by[0][0]
        for found in resolved
        if found.status is Status.REPLACED
    }
    return {(dataset, instead.get(concept, concept)) for dataset, concept in pairs}


def _names(store: Reader, concepts: set[URIRef]) -> tuple[dict[URIRef, set[Literal]], Derived]:
    """The preferred labels of each concept, and what DCAT-AP asks to be said of the concepts."""
    names: dict[URIRef, set[Literal]] = defaultdict(set)
    stubs: Derived = set()
    for row in store.select(bind(_NAMES, concepts=list(concepts))):
        concept, name = URIRef(row["concept"]), row["name"]
        if is_of_catalogs(str(row["graph"])) or not isinstance(name, Literal):
            continue
        names[concept].add(name)
        stubs |= {(concept, RDF.type, SKOS.Concept), (concept, SKOS.prefLabel, name)}
        if "scheme" in row:
            stubs.add((concept, SKOS.inScheme, row["scheme"]))
    return names, stubs | _schemes(store, {o for _, p, o in stubs if p == SKOS.inScheme})


def _schemes(store: Reader, schemes: set[Node]) -> Derived:
    if not schemes:
        return set()
    found: Derived = set()
    for row in store.select(bind(_TITLES, schemes=sorted(schemes, key=str))):
        if not is_of_catalogs(str(row["graph"])):
            scheme = row["scheme"]
            found |= {(scheme, RDF.type, SKOS.ConceptScheme), (scheme, DCT.title, row["title"])}
    return found
