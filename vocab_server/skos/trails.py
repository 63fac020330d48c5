"""Where concepts stand: the way from the top to each of many, for lists of search results."""

from collections.abc import Iterable

from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import bind
from vocab_server.skos.hierarchy import DEPTH, Lens, local_name
from vocab_server.skos.labels import labels_of

REMEMBERED = 50_000  # concepts whose place and name a lens remembers

# No path of any length: in a hierarchy that is 20 000 deep it would go on to the top.
_UP = """SELECT ?concept (MIN(?above) AS ?broader) WHERE { GRAPH $graph {
    VALUES ?concept { $concepts } ?concept skos:broader|^skos:narrower ?above
    FILTER EXISTS { ?above ?known ?value } } } GROUP BY ?concept"""

Steps = tuple[tuple[URIRef, Label], ...]


def trails(lens: Lens, concepts: Iterable[URIRef]) -> dict[URIRef, tuple[Label, ...]]:
    """The names of what stands above each concept, from the top down; the first way of several."""
    found = ways(lens, concepts)
    return {concept: tuple(name for _, name in way[:-1]) for concept, way in found.items()}


def ways(lens: Lens, concepts: Iterable[URIRef]) -> dict[URIRef, Steps]:
    """The way from the top down to each concept, itself last; the first of several.

    One query a level for what is above all concepts, and one for the names, as a rule. What was
    looked up is remembered, as search results lie under the same few concepts.
    """
    wanted = list(dict.fromkeys(concepts))
    _learn_places(lens, wanted)
    found = {concept: [*_way(lens, concept), concept] for concept in wanted}
    _learn_names(lens, {iri for way in found.values() for iri in way})
    return {concept: tuple((iri, lens.names[iri]) for iri in way) for concept, way in found.items()}


def _learn_places(lens: Lens, concepts: list[URIRef]) -> None:
    if len(lens.steps) > REMEMBERED or len(lens.names) > REMEMBERED:
        lens.steps.clear()
        lens.names.clear()
    level = set(concepts)
    for _ in range(DEPTH):
        unknown = sorted(iri for iri in level if iri not in lens.steps)
        if not unknown:
            break
        rows = lens.store.select(bind(_UP, graph=lens.graph, concepts=unknown))
        places = {URIRef(r["concept"]): URIRef(r["broader"]) for r in rows if "broader" in r}
        lens.steps.update(dict.fromkeys(unknown) | places)
        level = set(places.values())


def _way(lens: Lens, concept: URIRef) -> list[URIRef]:
    way: list[URIRef] = []
    up = lens.steps.get(concept)
    while up is not None and up not in way and up != concept and len(way) < DEPTH:
        way.insert(0, up)
        up = lens.steps.get(up)
    return way


def _learn_names(lens: Lens, concepts: set[URIRef]) -> None:
    unknown = {iri for iri in concepts if iri not in lens.names}
    if unknown:
        found = labels_of(lens.store, unknown, lens.languages)
        lens.names.update({iri: found.get(iri) or Label(local_name(iri)) for iri in unknown})
