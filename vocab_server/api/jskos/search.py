"""Search and suggestions, for concepts and for vocabularies."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.jskos.answers import Body, listed, several_iris, window
from vocab_server.api.jskos.concepts import by_iri, chosen
from vocab_server.api.jskos.vocabularies import all_schemes
from vocab_server.rdf.languages import chain
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import view
from vocab_server.search.find import Hit, Wanted
from vocab_server.search.find import search as find
from vocab_server.search.text import folded, plain
from vocab_server.services import services
from vocab_server.skos.below import Relation

bp = Blueprint("search", __name__)

LONGEST = 400  # characters of a text to search for


@bp.get("/concepts/search", endpoint="search")
@bp.get("/search", endpoint="old_search")
def search() -> ResponseReturnValue:
    """The concepts that a text finds, best first."""
    limit, offset = window()
    hits, total = _hits(limit, offset)
    return listed(by_iri(dict.fromkeys(hit.concept for hit in hits)), total, limit, offset)


@bp.get("/concepts/suggest", endpoint="suggest")
@bp.get("/suggest", endpoint="old_suggest")
def suggest() -> ResponseReturnValue:
    """The same for the moment of typing, as OpenSearch suggestions unless ``format=jskos``."""
    limit, offset = window()
    hits, total = _hits(limit, offset)
    found = by_iri(dict.fromkeys(hit.concept for hit in hits))
    return _suggested(found, total, limit, offset)


@bp.get("/voc/search")
def search_vocabularies() -> ResponseReturnValue:
    """The vocabularies that a text finds."""
    limit, offset = window()
    found = _found_schemes()
    return listed(found[offset : offset + limit], len(found), limit, offset)


@bp.get("/voc/suggest")
def suggest_vocabularies() -> ResponseReturnValue:
    """The same as suggestions."""
    limit, offset = window()
    found = _found_schemes()
    return _suggested(found[offset : offset + limit], len(found), limit, offset)


def _text() -> str:
    asked = request.args.get("search") or request.args.get("query") or ""
    return asked.strip()[:LONGEST]


def _hits(limit: int, offset: int) -> tuple[list[Hit], int]:
    """The best matches, and how many there are at least."""
    if not _text():
        return [], 0
    wanted = Wanted(_text(), [v.graph for v, _ in chosen("voc")], among=_of_types())
    if not wanted.graphs:
        return [], 0
    hits, has_more = find(view().index, wanted, limit=limit, offset=offset)
    total = offset + len(hits) + has_more
    return [hit for hit in hits if _is_used(hit)], total


def _is_used(hit: Hit) -> bool:
    """Whether the request looks in this kind of name: ``use`` is notation, label or both."""
    used = request.args.get("use", "notation,label").split(",")
    return ("notation" if hit.label_property == "notation" else "label") in used


def _of_types() -> dict[URIRef, frozenset[URIRef]] | None:
    """The concepts of the wanted types, by vocabulary; None for all."""
    types = several_iris("type")
    if not types or SKOS.Concept in types:
        return None
    return {
        vocabulary.graph: frozenset[URIRef]().union(
            *(view().sets.find(Relation.TYPE, vocabulary.graph, kind) for kind in types)
        )
        for vocabulary, _ in chosen("voc")
    }


def _found_schemes() -> list[Body]:
    """The schemes with a title or an id in which the text is, those that begin with it first."""
    text = folded(plain(_text()))
    if not text:
        return []
    ranked = [(_rank(scheme, text), scheme["uri"], scheme) for scheme in all_schemes()]
    return [scheme for rank, _, scheme in sorted(ranked, key=lambda r: r[:2]) if rank < 3]


def _rank(scheme: Body, text: str) -> int:
    """0 for the whole name, 1 for its beginning, 2 for a part of it, 3 for none."""
    names = [folded(plain(n)) for n in (*scheme["prefLabel"].values(), *scheme.get("notation", ()))]
    ranks = [0 if n == text else 1 if n.startswith(text) else 2 for n in names if text in n]
    return min(ranks, default=3)


def _suggested(found: Sequence[Body], total: int, limit: int, offset: int) -> Response:
    if request.args.get("format", "").lower() == "jskos":
        return listed(found, total, limit, offset)
    content: list[Any] = [
        _text(),
        [_name(item) for item in found],
        ["" for _ in found],
        [item["uri"] for item in found],
    ]
    response = jsonify(content)
    response.headers.extend(_paging(listed([], total, limit, offset)))
    return response


def _paging(response: Response) -> list[tuple[str, str]]:
    return [(name, response.headers[name]) for name in ("X-Total-Count", "Link")]


def _name(item: Body) -> str:
    """Notation and label, in the first of the client's languages that has one."""
    names = item.get("prefLabel", {})
    wanted = request.args.get("language", "").lower().split(",")[:20]
    fallbacks = (*wanted[1:], *services().settings.languages)
    label = next((names[tag] for tag in chain(wanted[0], fallbacks, names)), "")
    return " ".join([*item.get("notation", ())[:1], *([label] if label else [])])
