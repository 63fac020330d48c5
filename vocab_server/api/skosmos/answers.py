"""What all answers in the dialect of Skosmos share: JSON or JSONP, languages, errors as text."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request
from rdflib import URIRef

from vocab_server.api.parameters import is_tag
from vocab_server.api.problems import STATUS
from vocab_server.errors import InvalidError, NotFoundError, NotOfferedError, VocabServerError
from vocab_server.rdf.formats import negotiate
from vocab_server.rdf.languages import Label, display_tag
from vocab_server.rdf.namespaces import PREFIXES, SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.hierarchy import Item, Lens
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.embedded import can_hold

Body = dict[str, Any]

PREFIX = "/rest/v1"
MOST = 2_000  # members of one answer; Link names the rest
JSON_TYPES = ("application/json", "application/ld+json")
ONKI = "http://schema.onki.fi/onki#"
CONTEXT = {"skos": str(SKOS), "uri": "@id", "type": "@type"}
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*\Z", re.ASCII)
_SHORT = PREFIXES | {"isothes": PREFIXES["iso-thes"]}
_HOLDING = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { $resource ?property ?value } }"
_HELD = "ASK { GRAPH $graph { $resource ?property ?value } }"


def answer(body: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> Response:
    """A JSON body with its JSON-LD context, or a call of the function named as ``callback``."""
    whole = {"@context": CONTEXT | dict(context or {})} | dict(body)
    callback = request.args.get("callback", "")
    if not callback:
        text = json.dumps(whole, ensure_ascii=False)
        return _negotiated(Response(text, content_type=f"{_json_type()}; charset=utf-8"))
    if not _CALLBACK.match(callback):
        raise InvalidError("callback parameter is invalid")
    called = f"/**/{callback}({json.dumps(whole)});"
    return _negotiated(Response(called, content_type="application/javascript; charset=utf-8"))


def _negotiated(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def _json_type() -> str:
    try:
        return negotiate(request.headers.get("Accept"), JSON_TYPES)
    except NotOfferedError:
        return JSON_TYPES[0]


def refusal(error: VocabServerError) -> Response:
    """An error as a line of text: ``400 Bad Request : message``."""
    status = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    text = f"{status.value} {status.phrase} : {error}"
    return Response(text, status, content_type="text/plain; charset=utf-8")


def get_vocabulary(identifier: str) -> Vocabulary:
    """The vocabulary with this id. Raises NotFoundError."""
    found = next((v for v in view().vocabularies if v.id == identifier), None)
    if found is None:
        raise NotFoundError(f"Vocabulary id '{identifier}' not found.")
    return found


def asked_language(name: str = "lang") -> str:
    """The language tag of a parameter in lower case, or "" for what is none."""
    tag = request.args.get(name, "")
    return tag.lower() if is_tag(tag) else ""


def language_of(vocabulary: Vocabulary) -> str:
    """The language that is asked for, else the vocabulary's own."""
    return asked_language() or default_language(vocabulary)


def default_language(vocabulary: Vocabulary) -> str:
    """The first language of our settings that the vocabulary has, else its commonest."""
    first = services().settings.languages[0]
    present = view().lens(vocabulary.graph, first).languages
    return next((tag for tag in present if tag), first)


def lens_of(vocabulary: Vocabulary) -> Lens:
    """How to show the vocabulary to this client."""
    return view().lens(vocabulary.graph, language_of(vocabulary))


def asked_iri() -> URIRef:
    """The IRI of the parameter ``uri``. Raises InvalidError without one."""
    text = request.args.get("uri", "").strip()
    if not text:
        raise InvalidError("uri parameter missing")
    if not can_hold(text):
        raise _unknown(text)
    return URIRef(text)


def asked_concept(vocabulary: Vocabulary) -> URIRef:
    """The resource of the parameter ``uri``, which the vocabulary describes.

    Raises InvalidError without the parameter, NotFoundError when nothing is said of it.
    """
    iri = asked_iri()
    if not view().store.ask(bind(_HELD, graph=vocabulary.graph, resource=iri)):
        raise _unknown(iri)
    return iri


def vocabulary_of(iri: URIRef) -> Vocabulary:
    """The vocabulary that describes a resource, best the one whose namespace it is in.

    Raises NotFoundError when there is none.
    """
    rows = view().store.select(bind(_HOLDING, resource=iri))
    graphs = {row["graph"] for row in rows}
    found = [v for v in view().vocabularies if v.graph in graphs]
    if not found:
        raise _unknown(iri)
    return min(found, key=lambda v: (not iri.startswith(v.registration.namespace), v.id))


def _unknown(iri: str) -> NotFoundError:
    return NotFoundError(f"Could not find concept <{iri}>")


def natural(name: str, default: int, most: int = MOST) -> int:
    """A number in the query; the default for what is none or negative, at most ``most``."""
    text = request.args.get(name, "")
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
    return min(found, most)


def page(default: int = MOST) -> tuple[int, int]:
    """How many are wanted, and from which on; no limit, or 0, gives as many as there may be."""
    return natural("limit", default) or default, natural("offset", 0, 10_000_000)


def with_next(response: Response, limit: int, offset: int, total: int) -> Response:
    """The response, with a link to what did not fit into it (RFC 8288)."""
    if offset + limit < total:
        here = request.args.to_dict() | {"limit": str(limit), "offset": str(offset + limit)}
        address = services().settings.base + quote(request.path)
        response.headers["Link"] = f'<{address}?{urlencode(here)}>; rel="next"'
    return response


def short(iri: str) -> str:
    """An IRI with its usual prefix, if there is one."""
    for prefix, space in _SHORT.items():
        if iri.startswith(space) and iri != space and "/" not in iri.removeprefix(space):
            return f"{prefix}:{iri.removeprefix(space)}"
    return iri


def in_words(label: Label, wanted: str) -> str:
    """A label as trees show it: one in another language names that in brackets."""
    tag = label.language.lower()
    if not tag or tag == wanted or tag.startswith(f"{wanted}-"):
        return label.text
    return f"{label.text} ({display_tag(tag)})"


def named(items: Iterable[Item]) -> list[Body]:
    """Concepts with nothing but their names."""
    return [{"uri": item.iri, "prefLabel": item.label.text} for item in items]


def with_notation(item: Item, body: Body) -> Body:
    """The body, with the concept's notation when it has one."""
    return body | ({"notation": item.notation} if item.notation else {})
