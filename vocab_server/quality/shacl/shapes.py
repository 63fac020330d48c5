"""Shapes read from a graph (SHACL Core)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

from vocab_server.errors import InvalidError
from vocab_server.quality.shacl.paths import Path, read_path

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
LISTS = (SH["in"], SH["and"], SH["or"], SH.xone, SH.languageIn, SH.ignoredProperties)
SINGLE = (SH["not"], SH.node, SH.property, SH.qualifiedValueShape)
# What is SHACL and not Core: SPARQL-based constraints and targets, components of one's own, rules.
_OUTSIDE = (
    *("sparql", "target", "rule", "js", "expression", "entailment", "values", "reifierShape"),
    *("parameter", "validator", "nodeValidator", "propertyValidator"),
)
_CLASSES_OUTSIDE = ("ConstraintComponent", "SPARQLFunction", "SPARQLTargetType", "JSFunction")


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape when it has a path.

    ``parameters`` are what is said of it, as terms or, for lists, tuples of terms.
    """

    node: Node
    path: Path | None
    severity: URIRef
    messages: tuple[Literal, ...]
    is_active: bool
    parameters: dict[URIRef, tuple[Node | tuple[Node, ...], ...]]

    def one(self, parameter: URIRef) -> Node | None:
        """The only value of a parameter. Raises InvalidError for several."""
        found = self.parameters.get(parameter, ())
        if len(found) > 1:
            name = str(parameter).removeprefix(str(SH))
            raise InvalidError(
                "The shape %(node)s has several values of sh:%(name)s.", node=self.node, name=name
            )
        return found[0] if found and not isinstance(found[0], tuple) else None

    def is_set(self, parameter: URIRef) -> bool:
        """Whether a parameter is true; "1" is not what SHACL asks for."""
        return str(self.one(parameter)) == "true"


class Shapes:
    """The shapes of a graph, read as they are asked for; any thread may ask.

    Raises InvalidError for shapes that are not well-formed, or say each other.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = without_dangling(graph)
        if leads_into_itself(graph):
            raise InvalidError("A shape is said by itself, which cannot be checked. (SHACL, 3.4.3)")
        self._read: dict[Node, Shape] = {}

    def get(self, node: Node) -> Shape:
        """A shape. Raises InvalidError for one that is not well-formed."""
        if node not in self._read:
            self._read[node] = self._shape(node)
        return self._read[node]

    def targeted(self) -> Iterator[Shape]:
        """The shapes that have targets, in order."""
        found = {shape for target in TARGETS for shape in self.graph.subjects(target)}
        yield from map(self.get, sorted(found | self.implicit_classes, key=str))

    @cached_property
    def implicit_classes(self) -> frozenset[Node]:
        """Shapes that are classes, whose instances are their targets (SHACL, 2.1.3.3)."""
        kinds = (SH.NodeShape, SH.PropertyShape)
        return frozenset(
            node
            for kind in (RDFS.Class, OWL.Class)
            for node in self.graph.subjects(RDF.type, kind)
            if any((node, RDF.type, shape) in self.graph for shape in kinds)
        )

    def targets(self, shape: Shape) -> Iterator[tuple[URIRef, Node]]:
        """What a shape is about: kinds of targets with their values."""
        for kind in TARGETS:
            for value in self.graph.objects(shape.node, kind):
                yield kind, value
        if shape.node in self.implicit_classes:
            yield SH.targetClass, shape.node

    def outside(self) -> list[str]:
        """What these shapes use that lies outside of SHACL Core, empty for nothing."""
        graph = self.graph
        used = [name for name in _OUTSIDE if (None, URIRef(f"{SH}{name}"), None) in graph]
        kinds = _CLASSES_OUTSIDE
        made = [name for name in kinds if (None, RDF.type, URIRef(f"{SH}{name}")) in graph]
        return [f"sh:{name}" for name in (*used, *made)]

    def siblings(self, shape: Shape) -> set[Node]:
        """The qualified value shapes beside that of a property shape (SHACL, 4.7.3)."""
        found = {
            other
            for parent in self.graph.subjects(SH.property, shape.node)
            for beside in self.graph.objects(parent, SH.property)
            for other in self.graph.objects(beside, SH.qualifiedValueShape)
        }
        return found - set(self.graph.objects(shape.node, SH.qualifiedValueShape))

    def properties_of(self, shape: Shape) -> Iterator[URIRef]:
        """The properties that a shape has property shapes for."""
        for node in self.graph.objects(shape.node, SH.property):
            path = self.graph.value(node, SH.path)
            if isinstance(path, URIRef):
                yield path

    def _shape(self, node: Node) -> Shape:
        path = self.graph.value(node, SH.path)
        said: dict[URIRef, list[Node | tuple[Node, ...]]] = {}
        for parameter, value in sorted(self.graph.predicate_objects(node)):
            listed = tuple(_items(self.graph, value)) if parameter in LISTS else value
            said.setdefault(URIRef(str(parameter)), []).append(listed)
        return Shape(
            node=node,
            path=None if path is None else read_path(self.graph, path),
            severity=_iri(self.graph.value(node, SH.severity)) or SH.Violation,
            messages=tuple(m for m in said.get(SH.message, ()) if isinstance(m, Literal)),
            is_active=str(self.graph.value(node, SH.deactivated)) != "true",
            parameters={key: tuple(values) for key, values in said.items()},
        )


def without_dangling(graph: Graph) -> Graph:
    """Shapes without the references to property shapes of which nothing is said.

    Two of DCAT-AP 3.0.1 are such, and make pyshacl end at any dcat:DataService. Raises InvalidError
    for a property shape of which something is said, but not its path.
    """
    dangling = [
        (shape, SH.property, named)
        for shape, named in graph.subject_objects(SH.property)
        if (named, SH.path, None) not in graph
    ]
    for _shape, _property, named in dangling:
        if (named, None, None) in graph:
            raise InvalidError(
                "The property shape %(named)s has no sh:path. (SHACL, 2.3)", named=named
            )
    if not dangling:
        return graph
    kept = Graph()
    kept += graph
    for reference in dangling:
        kept.remove(reference)
    return kept


def _items(graph: Graph, node: Node) -> list[Node]:
    try:
        return list(graph.items(node))
    except ValueError as error:
        raise InvalidError("A list in the shapes leads into itself.") from error


def _iri(node: Node | None) -> URIRef | None:
    return node if isinstance(node, URIRef) else None


def leads_into_itself(graph: Graph) -> bool:
    """Whether a shape is said by itself, which SHACL leaves undefined (SHACL, 3.4.3)."""
    edges: dict[Node, set[Node]] = {}
    for kind in SINGLE:
        for subject, value in graph.subject_objects(kind):
            edges.setdefault(subject, set()).add(value)
    for kind in (SH["and"], SH["or"], SH.xone):
        for subject, value in graph.subject_objects(kind):
            edges.setdefault(subject, set()).update(_items(graph, value))
    return _has_circle(edges)


def _has_circle(edges: dict[Node, set[Node]]) -> bool:
    left = {node: set(targets) & edges.keys() for node, targets in edges.items()}
    while ends := {node for node, targets in left.items() if not targets}:
        left = {node: targets - ends for node, targets in left.items() if node not in ends}
    return bool(left)
