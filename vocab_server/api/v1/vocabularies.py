"""REST API: the vocabularies, and the concepts at the top of each."""

from datetime import datetime
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.parameters import find_iri, window
from vocab_server.api.v1.shapes import answer, concept_item, language, lens_of, listed
from vocab_server.errors import NotFoundError
from vocab_server.levels import level
from vocab_server.rdf.languages import display_tag
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("api_vocabularies", __name__, url_prefix="/api/v1/vocabularies")


@bp.get("")
def index() -> ResponseReturnValue:
    """All vocabularies, by id."""
    wanted, found = window(), view().vocabularies
    times = services().log.last_times()
    page = found[wanted.offset : wanted.offset + wanted.limit]
    return listed((_summary(vocabulary, times) for vocabulary in page), len(found))


@bp.get("/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    """One vocabulary."""
    vocabulary = view().vocabulary(identifier)
    described = vocabulary.description(lens_of(vocabulary.graph).languages)
    more = {"description": described.text} if described else {}
    return answer(_summary(vocabulary, services().log.last_times()) | more)


@bp.get("/<identifier>/top")
def top(identifier: str) -> ResponseReturnValue:
    """The concepts at the top of a vocabulary or of one of its schemes, in order."""
    vocabulary, wanted, scheme = view().vocabulary(identifier), window(), find_iri("scheme")
    if scheme is not None and not vocabulary.has_scheme(scheme):
        raise NotFoundError(f"The vocabulary {identifier!r} has no concept scheme {scheme}.")
    lens = lens_of(vocabulary.graph)
    found = level(lens, None, offset=wanted.offset, limit=wanted.limit, scheme=scheme)
    return listed(map(concept_item, found.items), found.total)


def _summary(vocabulary: Vocabulary, times: dict[URIRef, datetime]) -> dict[str, Any]:
    counted = view().statistics(vocabulary.graph)
    title = vocabulary.title(lens_of(vocabulary.graph).languages)
    changed = g.release.issued if "release" in g else times.get(vocabulary.graph)
    return {
        "id": vocabulary.id,
        "iri": vocabulary.schemes[0].iri if vocabulary.schemes else vocabulary.graph,
        "graph": vocabulary.graph,
        "title": title.text,
        "lang": display_tag(title.language or language()),
        "languages": [display_tag(tag) for tag in counted.languages if tag],
        "concepts": counted.concepts,
        "modified": changed.isoformat() if changed else None,
        "release": _release(vocabulary),
    }


def _release(vocabulary: Vocabulary) -> str | None:
    """The name of the newest release, or of that which is read; else the version that it gives."""
    if "release" in g:
        return str(g.release.name)
    releases = view().releases.get(vocabulary.graph, ())
    if releases:
        return releases[0].name
    return str(vocabulary.version) if vocabulary.version else None
