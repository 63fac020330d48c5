"""Reconciliation Service API 0.2, for OpenRefine and Cocoda, with the routes of its 1.0 draft.

Identifiers are whole IRIs, of concepts, of types and of properties.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, json, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Identifier

from vocab_server.__version__ import __version__
from vocab_server.api import queries
from vocab_server.api.bodies import json_body, read_json
from vocab_server.api.parameters import LONGEST, iri, number
from vocab_server.api.v1.shapes import lens_of
from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import DCT, SKOS
from vocab_server.reading import shown, view
from vocab_server.search.find import Wanted, search
from vocab_server.search.reconciling import Candidate, Query, Source, reconcile
from vocab_server.services import services
from vocab_server.skos.concepts import get_concept
from vocab_server.skos.hierarchy import Lens, local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.trails import ways
from vocab_server.skos.values import values_of
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("reconcile", __name__, url_prefix="/reconcile/<identifier>")

DRAFT = "1.0-draft"
SUGGESTED = 10  # entities, properties or types at a time
MOST_VALUES = 100  # values of one property of one concept
WIDTH, HEIGHT = 430, 300  # CSS pixels of a preview
PROPERTIES = {
    SKOS.prefLabel: "Preferred label",
    SKOS.altLabel: "Alternative label",
    SKOS.hiddenLabel: "Hidden label",
    SKOS.notation: "Notation",
    SKOS.definition: "Definition",
    SKOS.scopeNote: "Scope note",
    SKOS.example: "Example",
    SKOS.note: "Note",
    SKOS.broader: "Broader",
    SKOS.narrower: "Narrower",
    SKOS.related: "Related",
    SKOS.inScheme: "In scheme",
    SKOS.topConceptOf: "Top concept of",
    SKOS.exactMatch: "Exact match",
    SKOS.closeMatch: "Close match",
    SKOS.broadMatch: "Broad match",
    SKOS.narrowMatch: "Narrow match",
    SKOS.relatedMatch: "Related match",
    DCT.isReplacedBy: "Replaced by",
    DCT.modified: "Modified",
}
_CONCEPT = {"id": str(SKOS.Concept), "name": "Concept"}
_RELATIONS = (SKOS.broader, SKOS.narrower, SKOS.related)
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,99}\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?\Z")


@bp.route("", methods=["GET", "POST"])
@bp.route("/", methods=["GET", "POST"])
def endpoint(identifier: str) -> ResponseReturnValue:
    """What the service can do; or the answer to ``queries`` or to ``extend``."""
    vocabulary = view().vocabulary(identifier)
    if "queries" in request.values:
        asked = queries.read_batch(read_json(request.values["queries"]), _property)
        found = _reconciled(vocabulary, list(asked.values()))
        return _answer({key: {"result": r} for key, r in zip(asked, found, strict=True)})
    if "extend" in request.values:
        return _answer(_extended(vocabulary, read_json(request.values["extend"])))
    if request.method == "POST":
        raise InvalidError("Send the parameter queries or extend, as a form.")
    if request.args.get("version") == DRAFT:
        return _answer(_draft_manifest(vocabulary))
    return _answer(_manifest(vocabulary))


@bp.post("/match")
def match(identifier: str) -> ResponseReturnValue:
    """The same as ``queries``, as the draft of version 1.0 writes it."""
    asked = queries.read_draft_batch(json_body(), _property)
    found = _reconciled(view().vocabulary(identifier), asked)
    return jsonify({"results": [{"candidates": candidates} for candidates in found]})


@bp.get("/suggest/entity")
def suggest_entity(identifier: str) -> ResponseReturnValue:
    """Concepts whose names begin like what is typed."""
    vocabulary = view().vocabulary(identifier)
    lens, start = lens_of(vocabulary.graph), number("cursor", 0, 0, 1_000)
    wanted = Wanted(
        request.args.get("prefix", "")[:LONGEST], (vocabulary.graph,), None, lens.languages[:2]
    )
    hits, _ = search(view().index, wanted, limit=SUGGESTED, offset=start)
    ways_to = ways(lens, [hit.concept for hit in hits])
    result = [
        {
            "id": concept,
            "name": way[-1][1].text,
            "description": " › ".join(name.text for _, name in way[:-1]),
            "notable": [_CONCEPT],
        }
        for concept, way in ways_to.items()
    ]
    return _answer({"result": result})


@bp.get("/suggest/property")
def suggest_property(identifier: str) -> ResponseReturnValue:
    """Properties whose names hold what is typed."""
    view().vocabulary(identifier)
    return _answer({"result": _suggested(PROPERTIES)})


@bp.get("/suggest/type")
def suggest_type(identifier: str) -> ResponseReturnValue:
    """Classes of the vocabulary whose names hold what is typed."""
    return _answer({"result": _suggested(_classes(view().vocabulary(identifier)))})


@bp.get("/preview")
def preview(identifier: str) -> ResponseReturnValue:
    """A concept in a few lines, for a frame of the announced size in any page."""
    concept = get_concept(lens_of(view().vocabulary(identifier).graph), iri("id"))
    return render_template(
        "reconcile/preview.html",
        concept=concept,
        label=shown(concept.label),
        definitions=[shown(text) for text in concept.definitions[:1]],
        alternative=[shown(label) for n in concept.names for label in n.alternative][:10],
        path=[shown(item.label) for item in (concept.paths[0] if concept.paths else ())],
    )


@bp.post("/extend")
def extend(identifier: str) -> ResponseReturnValue:
    """Values of properties for concepts, as the draft of version 1.0 asks for them."""
    found = _extended(view().vocabulary(identifier), json_body())
    rows = [
        {"id": concept, "properties": [{"id": p, "values": v} for p, v in row.items()]}
        for concept, row in found["rows"].items()
    ]
    return jsonify({"meta": found["meta"], "rows": rows})


@bp.get("/extend/propose")
def propose(identifier: str) -> ResponseReturnValue:
    """Properties that concepts of this vocabulary have."""
    counted = view().statistics(view().vocabulary(identifier).graph).properties
    limit = number("limit", len(PROPERTIES), 1, 1_000)
    found = [{"id": p, "name": n} for p, n in PROPERTIES.items() if counted[str(p)]]
    wanted = request.args.get("type", str(SKOS.Concept))
    return _answer({"properties": found[:limit], "type": wanted, "limit": limit})


def _manifest(vocabulary: Vocabulary) -> dict[str, Any]:
    base, here = services().settings.base, f"/reconcile/{vocabulary.id}"
    kinds = ("entity", "property", "type")
    propose_at = {"service_url": base, "service_path": f"{here}/extend/propose"}
    return {
        "versions": ["0.2"],
        "name": vocabulary.title(lens_of(vocabulary.graph).languages).text,
        "identifierSpace": vocabulary.registration.namespace,
        "schemaSpace": str(SKOS),
        "serviceVersion": __version__,
        "documentation": f"{base}/vocabularies/{vocabulary.id}",
        "defaultTypes": [_CONCEPT],
        "view": {"url": f"{base}/resource?iri={{{{id}}}}"},
        "preview": {
            "url": f"{base}{here}/preview?id={{{{id}}}}",
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": {
            kind: {"service_url": base, "service_path": f"{here}/suggest/{kind}"} for kind in kinds
        },
        "extend": {"propose_properties": propose_at, "property_settings": _settings()},
        "batchSize": queries.BATCH,
    }


def _draft_manifest(vocabulary: Vocabulary) -> dict[str, Any]:
    """The manifest as the draft of version 1.0 has it, where routes are fixed."""
    found = _manifest(vocabulary)
    settings = [
        {
            "id": setting["name"],
            "name": setting["label"],
            "type": setting["type"],
            "default": setting["default"],
            "helpText": setting["help_text"],
        }
        for setting in _settings()
    ]
    return found | {
        "versions": [DRAFT],
        "suggest": dict.fromkeys(found["suggest"], True),
        "preview": {"width": WIDTH, "height": HEIGHT},
        "view": {"url": f"{services().settings.base}/resource?iri={{id}}"},
        "extend": {"proposeProperties": True, "propertySettings": settings},
    }


def _settings() -> list[dict[str, Any]]:
    return [
        {
            "name": "limit",
            "label": "Limit",
            "type": "number",
            "default": 0,
            "help_text": "Largest number of values in a row; 0 for no limit",
        },
        {
            "name": "language",
            "label": "Language",
            "type": "text",
            "default": "",
            "help_text": "Language tag of texts, for example en; empty for all languages",
        },
    ]


def _answer(content: Mapping[str, Any]) -> Response:
    """JSON, or a call of a function for clients from before CORS (JSONP)."""
    callback = request.values.get("callback")
    if callback is None:
        return jsonify(content)
    if not _CALLBACK.match(callback):
        raise InvalidError("The parameter callback must be the name of a JavaScript function.")
    text = json.dumps(content).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Response(f"/**/{callback}({text});", content_type="text/javascript; charset=utf-8")


def _property(named: str) -> URIRef:
    """A property by its IRI, or by its local name when it is one of ours."""
    found = next((iri for iri in PROPERTIES if local_name(iri) == named), None)
    return found or URIRef(named)


def _reconciled(vocabulary: Vocabulary, asked: list[Query]) -> list[list[dict[str, Any]]]:
    lens = lens_of(vocabulary.graph)
    space = vocabulary.registration.namespace
    source = Source(view().store, view().index, vocabulary.graph, space, lens.languages[:2])
    found = reconcile(source, asked)
    concepts = [candidate.concept for candidates in found for candidate in candidates]
    ways_to = ways(lens, concepts)
    return [[_candidate(c, ways_to[c.concept]) for c in candidates] for candidates in found]


def _candidate(found: Candidate, way: Iterable[tuple[URIRef, Label]]) -> dict[str, Any]:
    *above, name = (label.text for _, label in way)
    return {
        "id": found.concept,
        "name": name,
        "score": found.score,
        "match": found.is_match,
        "description": " › ".join(above),
        "type": [{"id": t, "name": local_name(t)} for t in found.types] or [_CONCEPT],
    }


def _suggested(names: Mapping[URIRef, str]) -> list[dict[str, str]]:
    typed = request.args.get("prefix", "").strip().casefold()
    start = number("cursor", 0, 0, 1_000)
    found = [
        {"id": str(iri), "name": name}
        for iri, name in names.items()
        if typed in name.casefold() or typed in local_name(iri).casefold() or typed == iri
    ]
    return found[start : start + SUGGESTED]


def _classes(vocabulary: Vocabulary) -> dict[URIRef, str]:
    counted = view().statistics(vocabulary.graph).classes
    classes = dict.fromkeys([SKOS.Concept, *(URIRef(iri) for iri, n in counted.items() if n > 0)])
    names = labels_of(view().store, classes, lens_of(vocabulary.graph).languages)
    return {iri: names[iri].text if iri in names else local_name(iri) for iri in classes}


def _extended(vocabulary: Vocabulary, content: Any) -> dict[str, Any]:
    ids, wanted = queries.read_extension(content)
    lens = lens_of(vocabulary.graph)
    properties = {named: _property(named) for named, _ in wanted}
    values = values_of(lens.store, lens.graph, map(URIRef, ids), properties.values())
    iris = {v for own in values.values() for vs in own.values() for v in vs if type(v) is URIRef}
    names = labels_of(lens.store, iris, lens.languages)
    rows = {
        one: {
            named: _cells(lens, values.get(URIRef(one), {}).get(properties[named], ()), names, how)
            for named, how in wanted
        }
        for one in ids
    }
    return {"meta": [_meta(named, properties[named]) for named, _ in wanted], "rows": rows}


def _meta(named: str, iri: URIRef) -> dict[str, Any]:
    found: dict[str, Any] = {"id": named, "name": PROPERTIES.get(iri, local_name(iri))}
    return found | {"type": _CONCEPT} if iri in _RELATIONS else found


def _cells(
    lens: Lens,
    values: Iterable[Identifier],
    names: Mapping[URIRef, Label],
    how: queries.Settings,
) -> list[dict[str, Any]]:
    wanted = [
        value
        for value in values
        if not how.language
        or not isinstance(value, Literal)
        or not value.language
        or value.language.lower() == how.language.lower()
    ]
    return [_cell(value, names) for value in wanted[: how.limit or MOST_VALUES]]


def _cell(value: Identifier, names: Mapping[URIRef, Label]) -> dict[str, Any]:
    text = str(value)
    if isinstance(value, URIRef):
        return {"id": text, "name": names[value].text} if value in names else {"str": text}
    datatype = value.datatype if isinstance(value, Literal) else None
    if datatype == XSD.date and _DATE.match(text):
        return {"date": f"{text}T00:00:00"}
    if datatype == XSD.dateTime and _TIME.match(text):
        return {"date": text}
    if datatype == XSD.integer and text.lstrip("-").isdigit():
        return {"int": int(text)}
    return {"str": text}
