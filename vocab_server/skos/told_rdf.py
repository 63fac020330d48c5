"""What changed between releases as RDF: one cs:ChangeSet for each thing (ChangeSet vocabulary).

The statements that went and came are reified (RDF 1.1 Semantics, D.1), as that vocabulary says;
dct:type says which group of changes it belongs to, and dct:subject which kind.
"""

from collections.abc import Iterable, Iterator

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Identifier

from vocab_server.rdf.change import Triple
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS
from vocab_server.skos.telling import Kind, Told
from vocab_server.skos.told_groups import group_of

CS = Namespace("http://purl.org/vocab/changeset/schema#")
_PLACES = (Kind.CREATED, Kind.REMOVED, Kind.MOVED, Kind.PLACED, Kind.TAKEN)
_PROPERTIES = (
    dict.fromkeys(_PLACES, SKOS.broader)
    | dict.fromkeys((Kind.MERGED, Kind.SPLIT, Kind.REPLACED, Kind.RESTORED), DCT.isReplacedBy)
    | {Kind.RELATED: SKOS.related, Kind.UNRELATED: SKOS.related}
    | {Kind.REORDERED: SKOS.member, Kind.DEPRECATED: OWL.deprecated}
)
_CLASSED = (Kind.CREATED, Kind.REMOVED)


def told_graph(address: URIRef, items: Iterable[tuple[int, Told]]) -> Graph:
    """The change sets of numbered items, named after the address of the whole difference."""
    graph = Graph()
    graph.bind("cs", CS)
    graph.bind("dct", DCT)
    graph.bind("skos", SKOS)
    for number, item in items:
        for triple in _described(URIRef(f"{address}#change-{number}"), address, item):
            graph.add(triple)
    return graph


def _described(own: URIRef, address: URIRef, item: Told) -> Iterator[Triple]:
    yield own, RDF.type, CS.ChangeSet
    yield own, CS.subjectOfChange, item.concept
    yield own, DCT.isPartOf, address
    yield own, DCT.type, Literal(str(group_of(item)))
    yield own, DCT.subject, Literal(str(item.kind))
    for text in item.texts:
        yield own, CS.changeReason if item.kind not in _CLASSED else DCT.title, text
    for relation, statements in ((CS.removal, _removed(item)), (CS.addition, _added(item))):
        for number, (predicate, value) in enumerate(statements, 1):
            name = URIRef(f"{own}-{relation.removeprefix(CS)}-{number}")
            yield own, relation, name
            yield name, RDF.type, RDF.Statement
            yield name, RDF.subject, item.concept
            yield name, RDF.predicate, predicate
            yield name, RDF.object, value


def _removed(item: Told) -> list[tuple[Identifier, Identifier]]:
    found = [(item.was or _property(item), value) for value in item.before]
    return [*found, *_classes(item)] if item.kind is Kind.REMOVED else found


def _added(item: Told) -> list[tuple[Identifier, Identifier]]:
    found = [(_property(item), value) for value in item.after]
    if item.kind is Kind.CREATED:
        return [*_classes(item), *found]
    if item.kind in (Kind.MERGED, Kind.SPLIT, Kind.REPLACED, Kind.DEPRECATED):
        return [(OWL.deprecated, Literal(True)), *found]
    return found


def _classes(item: Told) -> list[tuple[Identifier, Identifier]]:
    return [(RDF.type, item.property)] if item.property is not None else []


def _property(item: Told) -> Identifier:
    known = _PROPERTIES.get(item.kind)
    if known is not None:
        return known
    return item.property if item.property is not None else RDF.value
