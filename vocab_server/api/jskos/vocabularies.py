"""What there is: addresses, concept schemes, types."""

from collections.abc import Callable

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from vocab_server.api.jskos import shapes
from vocab_server.api.jskos.answers import Body, address, listed, several, whole, window
from vocab_server.reading import view
from vocab_server.services import services

bp = Blueprint("vocabularies", __name__)

VERSION = "2.1"  # of the JSKOS API
PATHS = {
    "schemes": "/voc",
    "top": "/voc/top",
    "voc-concepts": "/voc/concepts",
    "voc-suggest": "/voc/suggest",
    "voc-search": "/voc/search",
    "concepts": "/concepts",
    "data": "/data",
    "narrower": "/concepts/narrower",
    "ancestors": "/concepts/ancestors",
    "suggest": "/concepts/suggest",
    "search": "/concepts/search",
    "types": "/types",
}
NOT_HERE = ("mappings", "concordances", "annotations", "registries", "validate")
_SORTED: dict[str, Callable[[Body], str]] = {
    "label": lambda scheme: next(iter(scheme["prefLabel"].values()), "").casefold(),
    "notation": lambda scheme: "".join(scheme.get("notation", ())),
    "created": lambda scheme: str(scheme.get("created", "")),
    "modified": lambda scheme: str(scheme.get("modified", "")),
    "counter": lambda scheme: str(scheme.get("extent", "")).zfill(12),
}


@bp.get("/status")
def status() -> ResponseReturnValue:
    """What this API can do, and where (jskos-server, status.schema.json)."""
    reading = {"read": {"auth": False}}
    config = {
        "version": VERSION,
        "baseUrl": address("/"),
        "env": "production",
        "title": "vocab-server",
        "schemes": reading,
        "concepts": reading,
    }
    addresses: Body = {name: address(path) for name, path in PATHS.items()}
    view()
    return jsonify({"ok": 1, "config": config} | addresses | dict.fromkeys(NOT_HERE))


@bp.get("/voc")
def index() -> ResponseReturnValue:
    """The concept schemes that the parameters choose, all without any."""
    limit, offset = window()
    found = [scheme for scheme in all_schemes() if _is_wanted(scheme)]
    sort = _SORTED.get(request.args.get("sort", ""))
    if sort:
        found.sort(key=sort, reverse=request.args.get("order") == "desc")
    return listed(found[offset : offset + limit], len(found), limit, offset)


@bp.get("/types")
def types() -> ResponseReturnValue:
    """The types of the concepts of a scheme, or of all."""
    chosen = several("uri")
    found = [
        vocabulary
        for vocabulary in view().vocabularies
        if not chosen or {str(s.iri) for s in shapes.schemes_of(vocabulary)} & set(chosen)
    ]
    return whole(shapes.types(found, services().settings.languages))


def all_schemes() -> list[Body]:
    """All concept schemes of all vocabularies, by vocabulary."""
    return [
        shapes.scheme(vocabulary, scheme)
        for vocabulary in view().vocabularies
        for scheme in shapes.schemes_of(vocabulary)
    ]


def _is_wanted(scheme: Body) -> bool:
    """Whether a scheme has one of the values of each parameter that is given."""
    has = {
        "uri": [scheme["uri"]],
        "type": scheme["type"],
        "notation": scheme.get("notation", []),
        "languages": scheme["languages"],
        "license": [linked["uri"] for linked in scheme.get("license", ())],
        "publisher": [linked["uri"] for linked in scheme.get("publisher", ())],
        "subject": [],
        "partOf": [],
    }
    return all(
        not request.args.get(name) or set(_wanted(name)) & set(values)
        for name, values in has.items()
    )


def _wanted(name: str) -> list[str]:
    return [value for part in several(name) for value in part.split(",")]
