"""Concepts: by IRI or notation, of a vocabulary, at its top, below and above another."""

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.jskos import shapes
from vocab_server.api.jskos.answers import Body, listed, several, several_iris, whole, window
from vocab_server.api.parameters import is_tag
from vocab_server.errors import InvalidError
from vocab_server.levels import level
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.find import Wanted, search
from vocab_server.search.lists import list_concepts
from vocab_server.skos.trails import ways
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("concepts", __name__)

NOTATIONS = 50  # notations that one request may name
_IN_SCHEME = """{ ?concept skos:inScheme $scheme } UNION { ?concept skos:topConceptOf $scheme }
    UNION { $scheme skos:hasTopConcept ?concept }"""
_PAGE = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { WHERE_
    FILTER NOT EXISTS { ?concept owl:deprecated true } } } LIMIT LIMIT_ OFFSET OFFSET_"""
_COUNT = """SELECT (COUNT(DISTINCT ?concept) AS ?count) WHERE { GRAPH $graph { WHERE_
    FILTER NOT EXISTS { ?concept owl:deprecated true } } }"""

# Gives a page of the concepts of a scheme, and how many it has.
Pages = Callable[[Vocabulary, str, int, int], tuple[list[URIRef], int]]


@bp.get("/voc/top")
def top() -> ResponseReturnValue:
    """The top concepts of a scheme, or of all."""
    return _of_schemes(_tops)


@bp.get("/voc/concepts")
def of_vocabulary() -> ResponseReturnValue:
    """The concepts of a scheme."""
    if not several("uri"):
        raise InvalidError("Parameter `uri` (the URI of a concept scheme) is missing.")
    return _of_schemes(_members)


@bp.get("/concepts")
def index() -> ResponseReturnValue:
    """The concepts with one of the IRIs or notations, or of a vocabulary; else none."""
    limit, offset = window()
    if not several("uri") and not several("notation"):
        return _of_schemes(_members, "voc") if several("voc") else listed([], 0, limit, offset)
    found = [body for body in _named() if _in_chosen_scheme(body)]
    return listed(found[offset : offset + limit], len(found), limit, offset)


@bp.get("/data")
def data() -> ResponseReturnValue:
    """Concepts and schemes by IRI, those that there are."""
    asked = several_iris("uri")
    wanted = set(map(str, asked))
    schemes = [
        shapes.scheme(vocabulary, scheme)
        for vocabulary in view().vocabularies
        for scheme in shapes.schemes_of(vocabulary)
        if str(scheme.iri) in wanted
    ]
    known = {scheme["uri"] for scheme in schemes}
    return whole([*schemes, *by_iri([iri for iri in asked if str(iri) not in known])])


@bp.get("/concepts/narrower", endpoint="narrower")
@bp.get("/narrower", endpoint="old_narrower")
def narrower() -> ResponseReturnValue:
    """The concepts right below one."""
    limit, offset = window()
    homes = shapes.vocabularies_of(several_iris("uri")[:1])
    for iri, vocabulary in homes.items():
        lens = shapes.lens_for(vocabulary, _language())
        found = level(lens, iri, offset=offset, limit=limit)
        bodies = shapes.concepts([item.iri for item in found.items], lens, vocabulary)
        return listed(bodies, found.total, limit, offset)
    return listed([], 0, limit, offset)


@bp.get("/concepts/ancestors", endpoint="ancestors")
@bp.get("/ancestors", endpoint="old_ancestors")
def ancestors() -> ResponseReturnValue:
    """The concepts above one, the nearest first; one way to the top, where there are several."""
    homes = shapes.vocabularies_of(several_iris("uri")[:1])
    for iri, vocabulary in homes.items():
        lens = shapes.lens_for(vocabulary, _language())
        way = [up for up, _ in ways(lens, [iri])[iri]]
        return whole(shapes.concepts(way[-2::-1], lens, vocabulary))
    return whole([])


def by_iri(iris: Iterable[URIRef]) -> list[Body]:
    """The concepts with these IRIs, those that there are, in the order given."""
    asked = list(iris)
    homes = shapes.vocabularies_of(asked)
    bodies: dict[str, Body] = {}
    for vocabulary in view().vocabularies:
        own = [iri for iri in asked if iri in homes and homes[iri].id == vocabulary.id]
        found = shapes.concepts(own, shapes.lens_for(vocabulary, _language()), vocabulary)
        bodies |= {body["uri"]: body for body in found}
    return [bodies[str(iri)] for iri in asked if str(iri) in bodies]


def chosen(parameter: str) -> list[tuple[Vocabulary, str]]:
    """The vocabularies and schemes that a parameter names by IRI; all of them without."""
    wanted = set(several(parameter))
    if not wanted:
        return [(vocabulary, shapes.scheme_iri(vocabulary)) for vocabulary in view().vocabularies]
    return [
        (vocabulary, str(scheme.iri))
        for vocabulary in view().vocabularies
        for scheme in shapes.schemes_of(vocabulary)
        if str(scheme.iri) in wanted
    ]


def _language() -> str:
    """The first language that the client names, or ""."""
    tag = request.args.get("language", "").partition(",")[0]
    return tag.lower() if is_tag(tag) else ""


def _of_schemes(pages: Pages, parameter: str = "uri") -> Response:
    """A page over the concepts of the chosen schemes, one scheme after the other."""
    limit, offset = window()
    bodies: list[Body] = []
    before = 0
    for vocabulary, scheme in chosen(parameter):
        room, start = limit - len(bodies), max(0, offset - before)
        found, total = pages(vocabulary, scheme, max(1, room), start)
        if room:
            lens = shapes.lens_for(vocabulary, _language())
            bodies += shapes.concepts(found, lens, vocabulary)
        before += total
    return listed(bodies, before, limit, offset)


def _tops(vocabulary: Vocabulary, scheme: str, limit: int, offset: int) -> tuple[list[URIRef], int]:
    several_tops = len(vocabulary.schemes) > 1 and several("uri")
    lens = shapes.lens_for(vocabulary, _language())
    chosen = URIRef(scheme) if several_tops else None
    found = level(lens, None, offset=offset, limit=limit, scheme=chosen)
    return [item.iri for item in found.items], found.total


def _members(
    vocabulary: Vocabulary, scheme: str, limit: int, offset: int
) -> tuple[list[URIRef], int]:
    if len(vocabulary.schemes) > 1:
        return _selected(_IN_SCHEME, vocabulary, scheme, limit, offset)
    return list_concepts(view().index, vocabulary.graph, limit=limit, offset=offset)


def _selected(
    where: str, vocabulary: Vocabulary, scheme: str, limit: int, offset: int
) -> tuple[list[URIRef], int]:
    """A page of the concepts of one scheme of several."""
    page = _PAGE.replace("LIMIT_", str(limit)).replace("OFFSET_", str(offset))
    found, counted = (
        view().store.select(
            bind(query.replace("WHERE_", where), graph=vocabulary.graph, scheme=URIRef(scheme))
        )
        for query in (page, _COUNT)
    )
    return [URIRef(row["concept"]) for row in found], int(str(counted[0]["count"]))


def _named() -> list[Body]:
    """The concepts with one of the IRIs or notations that the request names."""
    found = several_iris("uri")
    for notation in several("notation")[:NOTATIONS]:
        hits, _ = search(view().index, Wanted(notation, deprecated=None), limit=NOTATIONS)
        found += [
            hit.concept for hit in hits if hit.label_property == "notation" and hit.text == notation
        ]
    return by_iri(dict.fromkeys(found))


def _in_chosen_scheme(body: Body) -> bool:
    wanted = set(several("voc"))
    return not wanted or bool({scheme["uri"] for scheme in body["inScheme"]} & wanted)
