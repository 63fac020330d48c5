"""REST API: search for concepts by what people type."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, json, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.parameters import (
    LONGEST,
    find_iri,
    flag,
    is_tag,
    number,
    text,
    window,
)
from vocab_server.api.v1.shapes import (
    chosen_vocabularies,
    language,
    lens_of,
    listed,
    named,
    steps,
    vocabulary_of,
)
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.rdf.languages import display_tag
from vocab_server.reading import document_url, view
from vocab_server.search.documents import RANKS
from vocab_server.search.find import Hit, Wanted, search
from vocab_server.services import services
from vocab_server.skos.below import SEARCHED, Relation
from vocab_server.skos.trails import Steps, ways

bp = Blueprint("api_search", __name__, url_prefix="/api/v1")

SUGGESTIONS = 10  # that a browser shows
MOST_SUGGESTIONS = 50


@bp.get("/search")
def find() -> ResponseReturnValue:
    """The concepts that a text names, best match first."""
    wanted, place = _wanted(text("q")), window()
    hits, more = search(view().index, wanted, limit=place.limit, offset=place.offset)
    hits = _own_language_first(hits)
    found = place.offset + len(hits) if hits or not place.offset else 0
    return listed(_items(hits), found + more, more=more)


@bp.get("/suggestions")
def suggestions() -> ResponseReturnValue:
    """What a browser offers while one types (OpenSearch Suggestions 1.1)."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    limit = number("limit", SUGGESTIONS, 1, MOST_SUGGESTIONS)
    hits, _ = search(view().index, _wanted(typed), limit=limit)
    ways_to, base = _ways(hits), services().settings.base
    content = [
        typed,
        [hit.text for hit in hits],
        [" › ".join(name.text for _, name in ways_to[hit.graph, hit.concept]) for hit in hits],
        [base + document_url(hit.concept) for hit in hits],
    ]
    return Response(
        json.dumps(content), content_type="application/x-suggestions+json; charset=utf-8"
    )


def _wanted(typed: str) -> Wanted:
    names_in = request.args.get("searchLang")
    if names_in is not None and not is_tag(names_in):
        raise InvalidError(
            "The parameter searchLang must be a language tag, for example en or pt-BR."
        )
    graphs = [vocabulary.graph for vocabulary in chosen_vocabularies()]
    return Wanted(
        text=typed,
        graphs=graphs,
        language=names_in,
        stem_languages=(language(), *services().settings.languages),
        among=_among(graphs),
        deprecated=None if flag("deprecated") else False,
    )


def _among(graphs: Iterable[URIRef]) -> Mapping[URIRef, frozenset[URIRef]] | None:
    """The concepts that ``under``, ``group`` and ``type`` leave, by vocabulary; None for all."""
    given = [(relation, iri) for relation in SEARCHED if (iri := find_iri(relation)) is not None]
    if not given:
        return None
    for relation, iri in given:
        if relation != Relation.TYPE and vocabulary_of(iri) is None:
            raise NotFoundError(f"No vocabulary that is searched describes {iri}.")
    sets = view().sets
    return {
        graph: frozenset.intersection(*(sets.find(kind, graph, iri) for kind, iri in given))
        for graph in graphs
    }


def _own_language_first(hits: list[Hit]) -> list[Hit]:
    """Among equally good matches those in the language that names are wanted in, if one is."""
    if "lang" not in request.args:
        return hits
    wanted = language().partition("-")[0]
    return sorted(
        hits,
        key=lambda hit: (
            -hit.score,
            RANKS[hit.label_property],
            hit.language.partition("-")[0] != wanted,
        ),
    )


def _items(hits: list[Hit]) -> list[dict[str, Any]]:
    ways_to, ids = _ways(hits), {v.graph: v.id for v in view().vocabularies}
    deprecated = _deprecated(hits) if flag("deprecated") else frozenset()
    return [
        {
            "iri": hit.concept,
            **named(ways_to[hit.graph, hit.concept][-1][1]),
            "vocabulary": ids[hit.graph],
            "matched": _matched(hit),
            "path": steps(ways_to[hit.graph, hit.concept]),
            "score": hit.score,
            **({"deprecated": True} if hit.concept in deprecated else {}),
        }
        for hit in hits
    ]


def _matched(hit: Hit) -> dict[str, str]:
    found = {"text": hit.text, "property": hit.label_property, "kind": hit.kind.value}
    return found | ({"lang": display_tag(hit.language)} if hit.language else {})


def _ways(hits: Iterable[Hit]) -> dict[tuple[URIRef, URIRef], Steps]:
    """Names and places; two queries for each vocabulary, for what was not shown before."""
    by_graph: dict[URIRef, list[URIRef]] = defaultdict(list)
    for hit in hits:
        by_graph[hit.graph].append(hit.concept)
    return {
        (graph, concept): way
        for graph, concepts in by_graph.items()
        for concept, way in ways(lens_of(graph), concepts).items()
    }


def _deprecated(hits: Iterable[Hit]) -> frozenset[URIRef]:
    graphs = {hit.graph for hit in hits}
    return frozenset().union(*(view().sets.deprecated(graph) for graph in graphs))
