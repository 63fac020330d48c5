"""All labels of resources in a sketch, by kind, those of SKOS-XL too (SKOS Reference, B.3)."""

from collections import defaultdict
from collections.abc import Collection

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.rdf.namespaces import SKOS, SKOSXL
from vocab_server.skos.sketch import Sketch

EXTENDED = {
    SKOS.prefLabel: SKOSXL.prefLabel,
    SKOS.altLabel: SKOSXL.altLabel,
    SKOS.hiddenLabel: SKOSXL.hiddenLabel,
}
KINDS = tuple(EXTENDED)
PLAIN: dict[Identifier, URIRef] = {extended: plain for plain, extended in EXTENDED.items()}

Labels = dict[Identifier, set[Literal]]


def labels_in(sketch: Sketch, resources: Collection[Identifier]) -> dict[Identifier, Labels]:
    """The labels of each resource by kind: skos:prefLabel, skos:altLabel, skos:hiddenLabel."""
    found: dict[Identifier, Labels] = {iri: defaultdict(set) for iri in resources}
    for resource, kind, value in sketch.find(resources, KINDS):
        if isinstance(value, Literal):
            found[resource][kind].add(value)
    for resource, kind, _, text in extended_labels(sketch, resources):
        found[resource][kind].add(text)
    return found


def extended_labels(
    sketch: Sketch, resources: Collection[Identifier]
) -> list[tuple[Identifier, URIRef, Identifier, Literal]]:
    """The SKOS-XL labels: resource, plain kind, the label as a resource, its text."""
    links = sketch.find(resources, PLAIN.keys())
    forms = sketch.find({form for _, _, form in links}, [SKOSXL.literalForm])
    texts = [(form, text) for form, _, text in forms if isinstance(text, Literal)]
    return sorted(
        (resource, PLAIN[kind], form, text)
        for resource, kind, form in links
        for found, text in texts
        if found == form
    )


def language_of(literal: Literal) -> str:
    """The language tag as labels are compared: in lower case, "" for none (RFC 5646, 2.1.1)."""
    return (literal.language or "").lower()
