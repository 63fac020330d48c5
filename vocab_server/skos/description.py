"""A resource as RDF: what dereferencing its IRI gives (Cool URIs for the Semantic Web)."""

import io
import json
from collections.abc import Sequence

from rdflib import Graph, URIRef

from vocab_server.rdf.namespaces import DCT, SKOS
from vocab_server.rdf.query import bind
from vocab_server.rdf.skolem import PREFIX
from vocab_server.store.base import Reader

PAGE = 1_000  # narrower concepts, members or top concepts in one description

# Narrower concepts, top concepts and members can be tens of thousands: they come a page at a time.
_DESCRIBE = """CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph {
    { $resource ?p ?o BIND ($resource AS ?s)
      FILTER (?p NOT IN (skos:narrower, skos:hasTopConcept, skos:member)) }
    UNION
    { { SELECT DISTINCT ?p ?o WHERE { GRAPH ?listed {
          { VALUES ?p { skos:narrower skos:hasTopConcept skos:member } $resource ?p ?o }
          UNION { ?o skos:broader $resource BIND (skos:narrower AS ?p) }
          UNION { ?o skos:topConceptOf $resource BIND (skos:hasTopConcept AS ?p) } }
        FILTER (?listed IN ($graphs)) } ORDER BY ?p ?o LIMIT LIMIT_ OFFSET OFFSET_ }
      BIND ($resource AS ?s) }
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
    FILTER (?graph IN ($graphs)) }"""

CONTEXT = {
    "skos": str(SKOS),
    "dct": str(DCT),
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
) -> bytes:
    """What the graphs say of a resource, serialized.

    All its own triples, its SKOS-XL labels and blank nodes with theirs, the names of its nearest
    neighbours, and a page of at most PAGE narrower concepts, top concepts and members, also where
    only their side states the relation (SKOS Reference S8, S25).
    """
    query = _query(graphs, resource, page)
    if media_type == "application/ld+json":
        return _json_ld(store.construct(query))
    written = io.BytesIO()
    store.write(query, media_type, written)
    return written.getvalue()


def _query(graphs: Sequence[URIRef], resource: URIRef, page: int) -> str:
    named = {f"graph{place}": graph for place, graph in enumerate(graphs)}
    text = _DESCRIBE.replace("$graphs", ", ".join(f"$graph{n}" for n in range(len(graphs))))
    text = text.replace("STAND_IN", PREFIX)
    text = text.replace("LIMIT_", str(PAGE)).replace("OFFSET_", str((page - 1) * PAGE))
    return bind(text, resource=resource, **named)


def _json_ld(described: Graph) -> bytes:
    """JSON-LD with the names that CONTEXT gives (JSON-LD 1.1, 5.2)."""
    text = described.serialize(format="json-ld", context=CONTEXT, auto_compact=False)
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1).encode()
