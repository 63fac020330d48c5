"""Property paths of shapes (SHACL, 2.3.1) as SPARQL text."""

from dataclasses import dataclass, field

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from vocab_server.errors import InvalidError
from vocab_server.rdf.query import to_sparql

DEEPEST = 50  # paths inside each other
_MARKED = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


@dataclass(frozen=True, slots=True)
class Path:
    """A path: as SPARQL, and the node that tells it in its graph. Equal when the SPARQL is."""

    sparql: str
    node: Node = field(compare=False)

    @property
    def property(self) -> URIRef | None:
        """The property, when the path is no more than one."""
        return self.node if isinstance(self.node, URIRef) else None


def read_path(graph: Graph, node: Node) -> Path:
    """The path that a node tells. Raises InvalidError for what is none."""
    return Path(_text(graph, node, DEEPEST), node)


def _text(graph: Graph, node: Node, deepest: int) -> str:
    if isinstance(node, URIRef):
        return to_sparql(node)
    if deepest == 0:
        raise InvalidError("A path of the shapes leads into itself.")
    if (node, RDF.first, None) in graph:
        return f"({'/'.join(_members(graph, node, deepest))})"
    if (found := graph.value(node, SH.alternativePath)) is not None:
        return f"({'|'.join(_members(graph, found, deepest))})"
    if (found := graph.value(node, SH.inversePath)) is not None:
        return f"(^{_text(graph, found, deepest - 1)})"
    for kind, mark in _MARKED.items():
        if (found := graph.value(node, kind)) is not None:
            return f"({_text(graph, found, deepest - 1)}{mark})"
    raise InvalidError("A shape has a path that is none. (SHACL, 2.3.1)")


def _members(graph: Graph, node: Node, deepest: int) -> list[str]:
    try:
        found = [_text(graph, member, deepest - 1) for member in graph.items(node)]
    except ValueError as error:
        raise InvalidError("A list in the shapes leads into itself.") from error
    if not found:
        raise InvalidError("A shape has a path of nothing. (SHACL, 2.3.1)")
    return found
