"""A resource as RDF: what dereferencing its IRI gives (Cool URIs for the Semantic Web)."""

import io
import json
from collections.abc import Sequence
from typing import Any

from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from vocab_server.rdf.namespaces import DCT, HYDRA, SKOS
from vocab_server.rdf.query import Value, bind
from vocab_server.rdf.skolem import PREFIX, is_skolem
from vocab_server.store.base import Reader

PAGE = 1_000  # narrower concepts, members or top concepts in one description

# Narrower concepts, top concepts and members can be tens of thousands: they come a page at a time.
_DESCRIBE = """CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES (?s ?p ?o) { $view } }
  UNION
  { { SELECT DISTINCT ?p ?o WHERE { LISTED } LIMIT LIMIT_ OFFSET OFFSET_ }
    BIND ($resource AS ?s) }
  UNION { GRAPH ?graph {
    { $resource ?p ?o BIND ($resource AS ?s)
      FILTER (?p NOT IN (skos:narrower, skos:hasTopConcept, skos:member)) }
    UNION
    { $resource ?near ?s . ?s ?p ?o
      FILTER (?near IN (skosxl:prefLabel, skosxl:altLabel, skosxl:hiddenLabel)
              || STRSTARTS(STR(?s), "STAND_IN")) }
    UNION
    { $resource ?near ?between . ?between ?far ?s . ?s ?p ?o
      FILTER (STRSTARTS(STR(?between), "STAND_IN") && STRSTARTS(STR(?s), "STAND_IN")) }
    UNION
    { $resource skos:broader|skos:related|skos:inScheme|^skos:narrower ?s .
      ?s ?p ?o FILTER (?p IN (skos:prefLabel, dct:title)) } }
    FILTER (?graph IN ($graphs)) } }"""
_LISTED = """GRAPH ?listed {
    { VALUES ?p { skos:narrower skos:hasTopConcept skos:member } $resource ?p ?o }
    UNION { ?o skos:broader $resource BIND (skos:narrower AS ?p) }
    UNION { ?o skos:topConceptOf $resource BIND (skos:hasTopConcept AS ?p) } }
  FILTER (?listed IN ($graphs))"""
_MORE = """SELECT DISTINCT ?p ?o WHERE { LISTED } LIMIT 1 OFFSET OFFSET_"""

CONTEXT = {
    "skos": str(SKOS),
    "dct": str(DCT),
    "hydra": str(HYDRA),
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "Concept": "skos:Concept",
    "ConceptScheme": "skos:ConceptScheme",
    "Collection": "skos:Collection",
    **{
        name: {"@id": f"skos:{name}", "@container": "@language"}
        for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "example")
    },
    "notation": "skos:notation",
    **{
        name: {"@id": f"skos:{name}", "@type": "@id"}
        for name in (
            "broader",
            "narrower",
            "related",
            "inScheme",
            "topConceptOf",
            "hasTopConcept",
            "member",
            "exactMatch",
            "closeMatch",
            "broadMatch",
            "narrowMatch",
            "relatedMatch",
        )
    },
    "title": {"@id": "dct:title", "@container": "@language"},
    "isReplacedBy": {"@id": "dct:isReplacedBy", "@type": "@id"},
    "deprecated": {"@id": "owl:deprecated", "@type": "xsd:boolean"},
}


def describe(
    store: Reader,
    graphs: Sequence[URIRef],
    resource: URIRef,
    media_type: str,
    *,
    page: int = 1,
    view: Sequence[tuple[Node, Node, Node]] = (),
) -> bytes:
    """What the graphs say of a resource, serialized.

    All its own triples, its SKOS-XL labels and blank nodes with theirs, the names of its nearest
    neighbours, and a page of at most PAGE narrower concepts, top concepts and members, also where
    only their side states the relation (SKOS Reference S8, S25). ``view`` says which page it is.
    """
    query = _query(_DESCRIBE, graphs, resource, page - 1, view=view)
    if media_type == "application/ld+json":
        return _json_ld(store.construct(query), resource)
    written = io.BytesIO()
    store.write(query, media_type, written)
    return written.getvalue()


def has_more(store: Reader, graphs: Sequence[URIRef], resource: URIRef, pages: int) -> bool:
    """Whether more is listed than fits into so many pages."""
    return bool(store.select(_query(_MORE, graphs, resource, pages)))


def _query(
    text: str, graphs: Sequence[URIRef], resource: URIRef, skipped: int, **values: Value
) -> str:
    named = {f"graph{place}": graph for place, graph in enumerate(graphs)}
    text = text.replace("LISTED", _LISTED)
    text = text.replace("$graphs", ", ".join(f"$graph{n}" for n in range(len(graphs))))
    text = text.replace("STAND_IN", PREFIX)
    text = text.replace("LIMIT_", str(PAGE)).replace("OFFSET_", str(skipped * PAGE))
    return bind(text, resource=resource, **named, **values)


def _json_ld(described: Graph, resource: URIRef) -> bytes:
    """JSON-LD with the names that CONTEXT gives (JSON-LD 1.1, 5.2), the resource itself first.

    In a fixed order, so that all server processes give the same bytes and the same ETag.
    """
    shown = Graph()
    for triple in described:
        shown.add(tuple(map(_blank, triple)))  # type: ignore[arg-type]
    text = shown.serialize(format="json-ld", context=CONTEXT, auto_compact=False)
    document = json.loads(text)
    nodes = document.pop("@graph", None) or [
        {key: document.pop(key) for key in list(document) if key != "@context"}
    ]
    for node in nodes:
        if node.get("deprecated") in ("true", "false"):
            node["deprecated"] = node["deprecated"] == "true"
    own = str(resource)
    document["@graph"] = sorted(
        map(_in_order, nodes), key=lambda node: (node["id"] != own, node["id"])
    )
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _blank(term: Node) -> Node:
    """A blank node for the IRI that stands for one."""
    if isinstance(term, URIRef) and is_skolem(term):
        return BNode(f"b{term.removeprefix(PREFIX)}")
    return term


def _in_order(value: Any) -> Any:
    """JSON-LD with its sets in order; the order of a list means something and stays."""
    if isinstance(value, dict):
        return {k: v if k == "@list" else _in_order(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=json.dumps)
    return value
