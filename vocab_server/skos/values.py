"""The values of chosen properties of many resources, in one query."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.rdf.skolem import is_skolem
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

Values = dict[URIRef, dict[URIRef, list[Identifier]]]

_STATED = """{ VALUES ?property { $properties } ?resource ?property ?value }
    UNION { VALUES (?extended ?property) { (skosxl:prefLabel skos:prefLabel)
        (skosxl:altLabel skos:altLabel) (skosxl:hiddenLabel skos:hiddenLabel) }
        ?resource ?extended ?form . ?form skosxl:literalForm ?value }"""
_IMPLIED = {
    SKOS.broader: "UNION { ?value skos:narrower ?resource BIND (skos:broader AS ?property) }",
    SKOS.narrower: "UNION { ?value skos:broader ?resource BIND (skos:narrower AS ?property) }",
    SKOS.related: "UNION { ?value skos:related ?resource BIND (skos:related AS ?property) }",
    SKOS.topConceptOf: """UNION { ?value skos:hasTopConcept ?resource
        BIND (skos:topConceptOf AS ?property) }""",
}


def values_of(
    store: Reader, graph: URIRef, resources: Iterable[URIRef], properties: Collection[URIRef]
) -> Values:
    """The values by resource and by property, in order; those too that SKOS says follow.

    What is implied: broader from narrower and the reverse (SKOS Reference S25), related from its
    own inverse (S23), top concepts from their schemes (S8), names from SKOS-XL labels (B.3).
    """
    asked = sorted({iri for iri in resources if can_hold(iri)})
    wanted = [iri for iri in dict.fromkeys(properties) if can_hold(iri)]
    found: Values = defaultdict(lambda: defaultdict(list))
    if not asked or not wanted:
        return found
    implied = " ".join(text for iri, text in _IMPLIED.items() if iri in wanted)
    query = f"""SELECT DISTINCT ?resource ?property ?value WHERE {{ GRAPH $graph {{
        VALUES ?resource {{ $resources }} {{ {_STATED} {implied} }} }} }}"""
    rows = store.select(bind(query, graph=graph, resources=asked, properties=wanted))
    for row in sorted(rows, key=lambda row: (row["resource"], row["property"], row["value"].n3())):
        if row["property"] in wanted and not is_skolem(row["value"]):
            found[URIRef(row["resource"])][URIRef(row["property"])].append(row["value"])
    return found
