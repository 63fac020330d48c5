"""A shape at the nodes that it is about, as patterns of SPARQL."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from vocab_server.quality.shacl.literals import as_name, written
from vocab_server.quality.shacl.shapes import Shape, Shapes
from vocab_server.rdf.query import to_sparql
from vocab_server.store.base import Row, Store

_SET = "urn:vocab-server:focus:"


class Ground:
    """A store of its own with the data to be checked, in which sets of nodes are put down.

    The data is in ``graph``, with its literals and blank nodes as ``literals`` says.
    """

    def __init__(self, store: Store, graph: URIRef, shapes: Shapes) -> None:
        self.store, self.shapes = store, shapes
        self._graph = to_sparql(graph)
        self._numbers = count(1)
        self._subclasses: dict[Node, list[URIRef]] = {}

    def data(self, pattern: str) -> str:
        """A pattern, looked for in the data."""
        return f"GRAPH {self._graph} {{ {pattern} }}"

    def subclasses(self, kind: Node) -> list[URIRef]:
        """A class and those under it (SHACL, 1.4: "SHACL subclass")."""
        if kind not in self._subclasses:
            pattern = self.data(f"?kind <{RDFS.subClassOf}>+ {written(kind)} FILTER isIRI(?kind)")
            rows = self.store.select(f"SELECT DISTINCT ?kind WHERE {{ {pattern} }}")
            under = {URIRef(row["kind"]) for row in rows} - {kind}
            self._subclasses[kind] = [as_name(kind), *sorted(under)]
        return self._subclasses[kind]

    @contextmanager
    def nodes(self, pattern: str, variable: str) -> Iterator[str]:
        """A pattern for ?focus: the nodes that another pattern binds a variable to."""
        name = f"<{_SET}{next(self._numbers)}>"
        held = f"GRAPH {name} {{ {name} <{RDF.value}> %s }}"
        self.store.update(f"INSERT {{ {held % variable} }} WHERE {{ {pattern} }}")
        try:
            yield held % "?focus"
        finally:
            self.store.update(f"DROP SILENT GRAPH {name}")

    def target_of(self, shape: Shape) -> str:
        """A pattern for ?focus: the nodes that a shape is about (SHACL, 2.1.3)."""
        parts = [
            _TARGETS[kind](self, value)
            for kind, value in sorted(set(self.shapes.targets(shape)), key=str)
        ]
        return " UNION ".join(f"{{ {part} }}" for part in parts)

    def instances(self, kind: Node) -> str:
        """A pattern for ?focus: the instances of a class (SHACL, 1.4: "SHACL instance")."""
        kinds = " ".join(map(to_sparql, self.subclasses(kind)))
        return f"VALUES ?target {{ {kinds} }} {self.data(f'?focus <{RDF.type}> ?target')}"


_TARGETS: dict[URIRef, Callable[[Ground, Node], str]] = {
    SH.targetClass: Ground.instances,
    SH.targetNode: lambda _ground, node: f"VALUES ?focus {{ {written(node)} }}",
    SH.targetSubjectsOf: lambda ground, name: ground.data(
        f"?focus {to_sparql(as_name(name))} ?any"
    ),
    SH.targetObjectsOf: lambda ground, name: ground.data(f"?any {to_sparql(as_name(name))} ?focus"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A shape at nodes: ``focus`` is a pattern that binds ?focus to each of them."""

    ground: Ground
    shape: Shape
    focus: str

    @property
    def step(self) -> str:
        """A pattern from ?focus to ?value: to itself for node shapes."""
        if self.shape.path is None:
            return "BIND (?focus AS ?value)"
        return self.ground.data(f"?focus {self.shape.path.sparql} ?value")

    @property
    def reached(self) -> str:
        """A pattern for the nodes and their values."""
        return f"{self.focus} {self.step}"

    @property
    def properties(self) -> Iterable[URIRef]:
        """The properties that the shape has property shapes for."""
        return self.ground.shapes.properties_of(self.shape)

    def data(self, pattern: str) -> str:
        """A pattern, looked for in the data."""
        return self.ground.data(pattern)

    def subclasses(self, kind: Node) -> list[URIRef]:
        """See Ground."""
        return self.ground.subclasses(kind)

    def select(self, query: str) -> list[Row]:
        """The solutions of a query."""
        return self.ground.store.select(query)
