"""Where concepts stand: the way from the top to each of many, for lists of search results."""

from collections.abc import Iterable

from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import bind
from vocab_server.skos.hierarchy import DEPTH, Lens, local_name
from vocab_server.skos.labels import labels_of

REMEMBERED = 50_000  # concepts whose place and name a lens remembers

_UP = """SELECT ?concept (MIN(?above) AS ?broader) WHERE { GRAPH $graph {
    VALUES ?concept { $concepts }
    { ?concept skos:broader ?above } UNION { ?above skos:narrower ?concept }
    FILTER EXISTS { ?above ?known ?value } } } GROUP BY ?concept"""


def trails(lens: Lens, concepts: Iterable[URIRef]) -> dict[URIRef, tuple[Label, ...]]:
    """The names of what stands above each concept, from the top down; the first way of several.

    One query a level for all concepts together, and one for the names. What was looked up is
    remembered, as search results lie under the same few concepts.
    """
    wanted = list(dict.fromkeys(concepts))
    _learn_places(lens, wanted)
    ways = {concept: _way(lens, concept) for concept in wanted}
    _learn_names(lens, {iri for way in ways.values() for iri in way})
    return {concept: tuple(lens.names[iri] for iri in way) for concept, way in ways.items()}


def _learn_places(lens: Lens, concepts: list[URIRef]) -> None:
    if len(lens.above) > REMEMBERED:
        lens.above.clear()
        lens.names.clear()
    level = concepts
    for _ in range(DEPTH):
        unknown = [iri for iri in level if iri not in lens.above]
        if unknown:
            lens.above.update(dict.fromkeys(unknown))
            for row in lens.store.select(bind(_UP, graph=lens.graph, concepts=unknown)):
                if "broader" in row:
                    lens.above[URIRef(row["concept"])] = URIRef(row["broader"])
        level = [up for up in {lens.above.get(iri) for iri in level} if up is not None]
        if not level:
            return


def _way(lens: Lens, concept: URIRef) -> list[URIRef]:
    way: list[URIRef] = []
    up = lens.above.get(concept)
    while up is not None and up not in way and up != concept and len(way) < DEPTH:
        way.insert(0, up)
        up = lens.above.get(up)
    return way


def _learn_names(lens: Lens, concepts: set[URIRef]) -> None:
    unknown = {iri for iri in concepts if iri not in lens.names}
    if unknown:
        found = labels_of(lens.store, unknown, lens.languages)
        lens.names.update({iri: found.get(iri) or Label(local_name(iri)) for iri in unknown})
