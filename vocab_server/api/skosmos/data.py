"""One concept: its names, its RDF, its mappings, and where it is shown."""

import json
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from vocab_server.api.skosmos.answers import (
    CONTEXT,
    MOST,
    PREFIX,
    Body,
    answer,
    asked_concept,
    asked_iri,
    asked_language,
    get_vocabulary,
    lens_of,
    short,
    vocabulary_of,
)
from vocab_server.errors import NotOfferedError
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, content_type, find_format, negotiate
from vocab_server.rdf.languages import display_tag
from vocab_server.rdf.namespaces import DCT, OWL, PREFIXES, RDF, RDFS, SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import document_url, view
from vocab_server.skos.concepts import MAPPINGS, get_concept
from vocab_server.skos.description import describe
from vocab_server.skos.hierarchy import Item
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("data", __name__)
entity_bp = Blueprint("entity", __name__)

JSON, JSON_LD, HTML = "application/json", "application/ld+json", "text/html"
OFFERS = ("application/rdf+xml", "text/turtle", JSON_LD, JSON)
WRITERS = {"application/rdf+xml": "xml", "text/turtle": "turtle"}
_NAMES = ("prefLabel", "altLabel", "hiddenLabel")
_KEYS = {
    str(SKOS[name]): name
    for name in (
        *_NAMES,
        "broader",
        "narrower",
        "related",
        "inScheme",
        "exactMatch",
        "closeMatch",
        "broadMatch",
        "narrowMatch",
        "relatedMatch",
    )
} | {str(RDFS.label): "label"}
_CONTEXT = {
    "isothes": PREFIXES["iso-thes"],
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "dct": str(DCT),
    "dc11": "http://purl.org/dc/elements/1.1/",
    "lang": "@language",
    "value": "@value",
    "graph": "@graph",
    **{name: short(iri) for iri, name in sorted(_KEYS.items(), key=lambda pair: pair[1])},
}
_ABOVE = """CONSTRUCT { $resource skos:broader ?above } WHERE { GRAPH $graph {
    ?above skos:narrower $resource } }"""
_AROUND = """CONSTRUCT { ?near a ?type ; skos:prefLabel ?name } WHERE { VALUES ?near { $near }
    GRAPH ?graph { { ?near a ?type } UNION { ?near skos:prefLabel ?name } } }"""


@bp.get("/label", defaults={"vocid": ""})
@bp.get("/<vocid>/label")
def label(vocid: str) -> ResponseReturnValue:
    """The names of a concept in one language."""
    vocabulary = get_vocabulary(vocid) if vocid else vocabulary_of(asked_iri())
    iri = asked_concept(vocabulary)
    lens = lens_of(vocabulary)
    concept = get_concept(lens, iri)
    body: Body = {"uri": iri}
    for names in concept.names:
        if names.language.lower() != lens.wanted:
            continue
        if names.preferred:
            body["prefLabel"] = names.preferred.text
        for key, listed in (("altLabel", names.alternative), ("hiddenLabel", names.hidden)):
            if listed:
                body[key] = [name.text for name in listed]
    context = {name: f"skos:{name}" for name in _NAMES} | {"@language": display_tag(lens.wanted)}
    return answer(body, context)


@bp.get("/data", defaults={"vocid": ""})
@bp.get("/<vocid>/data")
def show(vocid: str) -> ResponseReturnValue:
    """A concept as RDF, with the names of all that it links to; or where the whole file is."""
    if vocid and not request.args.get("uri"):
        return _download(get_vocabulary(vocid))
    vocabulary = get_vocabulary(vocid) if vocid else vocabulary_of(asked_iri())
    iri = asked_concept(vocabulary)
    media_type = _accepted(OFFERS)
    described = _described(vocabulary, iri)
    if media_type in WRITERS:
        written = described.serialize(format=WRITERS[media_type], encoding="utf-8")
        response = Response(written, content_type=content_type(media_type))
    else:
        text = json.dumps(_compact(described), ensure_ascii=False)
        response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.vary.add("Accept")
    return response


@bp.get("/<vocid>/mappings")
def mappings(vocid: str) -> ResponseReturnValue:
    """The concepts of other vocabularies that one is mapped to, as JSKOS mappings."""
    vocabulary = get_vocabulary(vocid)
    iri = asked_concept(vocabulary)
    lens = lens_of(vocabulary)
    concept = get_concept(lens, iri)
    listed = [
        {
            "uri": found.item.iri,
            "notation": found.item.notation or found.item.iri.rpartition("/")[2],
            "type": [str(found.relation)],
            "prefLabel": found.item.label.text,
            "from": {"memberSet": [{"uri": iri}]},
            "to": {"memberSet": [_member(found.item)]},
            "fromScheme": {"uri": vocabulary.schemes[0].iri} if vocabulary.schemes else {},
            "hrefLink": document_url(found.item.iri) if found.item.is_known else found.item.iri,
            "lang": display_tag(found.item.label.language or lens.wanted),
            "vocabName": urlsplit(found.item.iri).netloc,
            "typeLabel": found.relation.rpartition("#")[2],
        }
        for found in concept.mappings[:MOST]
    ]
    graph = Graph()
    for triple in view().store.construct(_own_mappings(vocabulary, iri)):
        graph.add(triple)
    return answer({"mappings": listed, "graph": _compact(graph)["graph"]}, _CONTEXT)


@entity_bp.get("/entity")
def entity() -> ResponseReturnValue:
    """Where a concept is described: its page for readers, its data for programs."""
    iri = asked_iri()
    named = request.args.get("vocab", "")
    vocabulary = get_vocabulary(named) if named else vocabulary_of(iri)
    iri = asked_concept(vocabulary)
    media_type = _accepted((HTML, *OFFERS))
    if media_type == HTML:
        chosen = asked_language()
        address = document_url(iri)
        address += f"{'&' if '?' in address else '?'}lang={chosen}" if chosen else ""
    else:
        query = urlencode({"uri": iri, "format": media_type})
        address = f"{PREFIX}/{vocabulary.id}/data?{query}"
    response = redirect(address, HTTPStatus.SEE_OTHER)
    response.headers["Vary"] = "Accept"
    return response


def _accepted(offers: tuple[str, ...]) -> str:
    """The format that ``format`` or Accept names. Raises NotOfferedError."""
    wanted = request.args.get("format")
    try:
        if wanted is None:
            return negotiate(request.headers.get("Accept"), offers)
        return wanted if wanted in offers else negotiate(wanted, offers)
    except NotOfferedError as error:
        known = " ".join(offers)
        message = f"Unsupported format. Supported MIME types are: {known}"
        raise NotOfferedError(message, offers) from error


def _download(vocabulary: Vocabulary) -> ResponseReturnValue:
    wanted = _accepted(tuple(form.media_type for form in DESCRIPTION_FORMATS))
    form = find_format(wanted, DESCRIPTION_FORMATS) or DESCRIPTION_FORMATS[0]
    response = redirect(f"{vocabulary.graph}.{form.extension}", HTTPStatus.SEE_OTHER)
    response.headers["Vary"] = "Accept"
    return response


def _described(vocabulary: Vocabulary, iri: URIRef) -> Graph:
    """What the vocabulary says of a concept, with types and names of all that it links to."""
    store, graph = view().store, vocabulary.graph
    nt = describe(store, [graph], iri, "application/n-triples")
    described = Graph().parse(data=nt, format="nt")
    described += store.construct(bind(_ABOVE, graph=graph, resource=iri))
    links = described.predicate_objects(iri)
    near = sorted({o for p, o in links if isinstance(o, URIRef) and p != RDF.type})
    if near:
        described += store.construct(bind(_AROUND, near=near))
    for prefix, space in (CONTEXT | _CONTEXT).items():
        if str(space).startswith("http"):
            described.bind(prefix, str(space))
    return described


def _own_mappings(vocabulary: Vocabulary, iri: URIRef) -> str:
    query = """CONSTRUCT { $iri ?p ?o } WHERE { VALUES ?p { skos:prefLabel rdf:type $mappings }
        GRAPH $graph { $iri ?p ?o } }"""
    return bind(query, graph=vocabulary.graph, iri=iri, mappings=MAPPINGS)


def _member(item: Item) -> Body:
    body: Body = {"uri": item.iri}
    if item.notation:
        body["notation"] = [item.notation]
    if item.is_known:
        body["prefLabel"] = {display_tag(item.label.language): item.label.text}
    return body


def _compact(described: Graph) -> dict[str, Any]:
    """JSON-LD compacted as Skosmos does, one node after the other by IRI (JSON-LD 1.1 API, 5)."""
    nodes = [
        _node(subject, described.predicate_objects(subject))
        for subject in sorted(set(described.subjects()), key=str)
    ]
    return {"@context": CONTEXT | _CONTEXT, "graph": nodes}


def _node(subject: Node, values: Iterable[tuple[Node, Node]]) -> Body:
    found: dict[str, list[Any]] = defaultdict(list)
    for relation, value in values:
        if relation == RDF.type:
            found["type"].append(short(str(value)))
        else:
            key = _KEYS.get(str(relation)) or _short_in_context(str(relation))
            found[key].append(_value(value))
    body: Body = {"uri": str(subject) if isinstance(subject, URIRef) else f"_:{subject}"}
    for key, listed in sorted(found.items()):
        ordered = sorted(listed, key=lambda value: json.dumps(value, sort_keys=True))
        body[key] = ordered[0] if len(ordered) == 1 else ordered
    return body


def _short_in_context(iri: str) -> str:
    """A property with its prefix, where the context has that."""
    name = short(iri)
    return name if name.partition(":")[0] in CONTEXT | _CONTEXT else iri


def _value(value: Node) -> Any:
    if isinstance(value, URIRef):
        return {"uri": str(value)}
    if not isinstance(value, Literal):
        return {"uri": f"_:{value}"}
    if value.language:
        return {"lang": display_tag(value.language), "value": str(value)}
    if value.datatype == XSD.boolean:
        return str(value) in ("true", "1")
    if value.datatype is not None and value.datatype != XSD.string:
        return {"type": str(value.datatype), "value": str(value)}
    return str(value)
