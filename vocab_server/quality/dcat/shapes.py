"""The shapes that we serve and check with, made from what each profile asks."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, SH, XSD
from rdflib.term import Node

from vocab_server.catalog.profiles import PROFILES, REGULATION, Profile
from vocab_server.quality.check import SHACL_SEVERITY, Words
from vocab_server.quality.dcat.asked import (
    VALUE_VARIANTS,
    VARIANTS,
    Asked,
    Fault,
    asked_by,
    is_text,
    name_of,
)
from vocab_server.quality.dcat.texts import meaning_of, remedy_of, title_of
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.rdf.namespaces import DCATAP

SHAPES = Namespace("urn:vocab-server:shape:")  # where nobody said at which address they are served
_DATES = (XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth)


def shapes_of(profile: Profile, names: Namespace = SHAPES, classes: Namespace = SHAPES) -> Graph:
    """The shapes of a profile: a node shape for each class, a property shape for each demand.

    Those of demands are called ``names`` and the id of the check, the others ``classes`` and the
    name of the class.
    """
    graph = Graph()
    for prefix, namespace in (("sh", SH), ("check", names), ("dcatap", DCATAP), ("dct", DCTERMS)):
        graph.bind(prefix, namespace)
    for asked in asked_by(profile):
        _add(graph, asked, names, classes)
    return graph


@lru_cache(maxsize=len(PROFILES))
def read_shapes(profile: str) -> Shapes:
    """The shapes of a profile, ready to be run."""
    return Shapes(shapes_of(PROFILES[profile]))


def _add(graph: Graph, asked: Asked, names: Namespace, classes: Namespace) -> None:
    shape = names[asked.id]
    if asked.fault is Fault.HIGH_VALUE:
        _target(graph, shape, asked)
        graph.add((shape, RDF.type, SH.NodeShape))
        _add_condition(graph, shape, asked)
    else:
        whole = classes[name_of(asked.rule.of)]
        _target(graph, whole, asked)
        graph.add((whole, RDF.type, SH.NodeShape))
        graph.add((whole, SH.property, shape))
        graph.add((shape, RDF.type, SH.PropertyShape))
        graph.add((shape, SH.path, asked.rule.property))
        _CONSTRAINTS[asked.fault](graph, shape, asked)
    graph.add((shape, SH.severity, SHACL_SEVERITY[asked.severity]))
    graph.add((shape, DCTERMS.source, Literal(asked.source)))
    for language in ("en", "sv"):
        for predicate, text in _texts(asked).items():
            graph.add((shape, predicate, Literal(text.said(language), lang=language)))


def _texts(asked: Asked) -> dict[URIRef, Words]:
    title, remedy = title_of(asked), remedy_of(asked)
    message = Words(f"{title.en}. {remedy.en}", f"{title.sv}. {remedy.sv}")
    if asked.fault is Fault.HIGH_VALUE:  # of a node shape, which has neither name nor description
        return {SH.message: message, DCTERMS.description: meaning_of(asked)}
    return {SH.name: title, SH.description: meaning_of(asked), SH.message: message}


def _target(graph: Graph, shape: Node, asked: Asked) -> None:
    for kind in VARIANTS.get(asked.rule.of, (asked.rule.of,)):
        graph.add((shape, SH.targetClass, kind))


def _add_condition(graph: Graph, shape: Node, asked: Asked) -> None:
    """What is not under the regulation, or has the property."""
    under, is_other, has = BNode(), BNode(), BNode()
    graph.add((is_other, SH["not"], under))
    _add_property(graph, under, DCATAP.applicableLegislation, {SH.hasValue: REGULATION})
    _add_property(graph, has, asked.rule.property, {SH.minCount: Literal(1)})
    _add_list(graph, shape, SH["or"], (is_other, has))


def _add_property(graph: Graph, shape: Node, path: URIRef, said: dict[URIRef, Node]) -> None:
    graph.add((shape, SH.path, path))
    for predicate, value in said.items():
        graph.add((shape, predicate, value))


def _add_list(graph: Graph, shape: Node, predicate: URIRef, members: Iterable[Node]) -> None:
    listed = BNode()
    Collection(graph, listed, list(members))
    graph.add((shape, predicate, listed))


def _add_choice(graph: Graph, shape: Node, predicate: URIRef, values: Iterable[URIRef]) -> None:
    """Have a property or another of these values; one needs no list."""
    choices = list(values)
    if len(choices) == 1:
        graph.add((shape, predicate, choices[0]))
        return
    nodes = []
    for value in choices:
        node = BNode()
        graph.add((node, predicate, value))
        nodes.append(node)
    _add_list(graph, shape, SH["or"], nodes)


def _code(graph: Graph, shape: Node, asked: Asked) -> None:
    """Each value from the list."""
    listed = asked.code_list
    if listed.values:
        _add_list(graph, shape, SH["in"], map(URIRef, listed.values))
    else:
        starts = "|".join(start.replace(".", "[.]") for start in listed.starts)
        graph.add((shape, SH.pattern, Literal(f"^({starts})")))


def _one_of(graph: Graph, shape: Node, asked: Asked) -> None:
    """One value at least from the list (DCAT-AP 3.0.1, controlled vocabularies, data themes)."""
    value = BNode()
    graph.add((shape, SH.qualifiedValueShape, value))
    graph.add((shape, SH.qualifiedMinCount, Literal(1)))
    _code(graph, value, asked)


def _is(predicate: URIRef, value: Node) -> Callable[[Graph, Node, Asked], None]:
    def add(graph: Graph, shape: Node, _asked: Asked) -> None:
        graph.add((shape, predicate, value))

    return add


def _kind(graph: Graph, shape: Node, asked: Asked) -> None:
    graph.add((shape, SH.nodeKind, SH.Literal if is_text(asked.rule) else SH.BlankNodeOrIRI))


def _part(graph: Graph, shape: Node, asked: Asked) -> None:
    if asked.rule.part is not None:
        kinds = VALUE_VARIANTS.get(asked.rule.part, (asked.rule.part,))
        _add_choice(graph, shape, SH["class"], kinds)


_CONSTRAINTS: dict[Fault, Callable[[Graph, Node, Asked], None]] = {
    Fault.MISSING: _is(SH.minCount, Literal(1)),
    Fault.TOO_MANY: _is(SH.maxCount, Literal(1)),
    Fault.KIND: _kind,
    Fault.DATE: lambda graph, shape, _asked: _add_choice(graph, shape, SH.datatype, _DATES),
    Fault.NUMBER: _is(SH.datatype, XSD.nonNegativeInteger),
    Fault.EMAIL: _is(SH.pattern, Literal("^mailto:[^@ ]+@[^@ ]+[.][^@ ]+$")),
    Fault.CODE: _code,
    Fault.ONE_OF: _one_of,
    Fault.PART: _part,
}
