"""Validation results (SHACL, 3.6.2), and reports of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Identifier, Node

from vocab_server.quality.shacl.paths import Path


@dataclass(frozen=True, slots=True)
class ShaclResult:
    """One validation result."""

    focus: Identifier
    path: Path | None
    value: Identifier | None
    component: URIRef
    shape: Node
    severity: URIRef
    messages: tuple[Literal, ...] = field(compare=False, default=())

    @property
    def message(self) -> str:
        """What the shape says of it, or else the name of the constraint."""
        said = " ".join(map(str, self.messages))
        return said or f"It breaks sh:{str(self.component).rpartition('#')[2]}."


def result_json(found: ShaclResult) -> dict[str, str | None]:
    """A result as JSON has it, with the keys of findings; terms are as N-Triples writes them."""
    return {
        "check": str(found.shape),
        "severity": str(found.severity).rpartition("#")[2].lower(),
        "focus": found.focus.n3(),
        "path": found.path.sparql if found.path else None,
        "value": None if found.value is None else found.value.n3(),
        "message": found.message,
        "source": str(found.component),
    }


def report_of(results: Iterable[ShaclResult], shapes: Graph) -> Graph:
    """The results as a validation report (SHACL, 3.6); it conforms when there are none."""
    graph, report = Graph(), BNode()
    graph.bind("sh", SH)
    graph.add((report, RDF.type, SH.ValidationReport))
    conforms = True
    for found in results:
        conforms = False
        result = BNode()
        graph.add((report, SH.result, result))
        for predicate, value in _said(found):
            graph.add((result, predicate, value))
        if found.path is not None:
            _copy(shapes, found.path.node, graph)
    graph.add((report, SH.conforms, Literal(conforms, datatype=XSD.boolean)))
    return graph


def _said(found: ShaclResult) -> Iterable[tuple[URIRef, Node]]:
    yield RDF.type, SH.ValidationResult
    yield SH.focusNode, found.focus
    yield SH.sourceConstraintComponent, found.component
    yield SH.sourceShape, found.shape
    yield SH.resultSeverity, found.severity
    if found.value is not None:
        yield SH.value, found.value
    if found.path is not None:
        yield SH.resultPath, found.path.node
    for message in found.messages:
        yield SH.resultMessage, message


def _copy(source: Graph, node: Node, target: Graph) -> None:
    """Copy what is said of a blank node, and of the blank nodes that it leads to."""
    left, seen = [node], set()
    while left:
        node = left.pop()
        if not isinstance(node, BNode) or node in seen:
            continue
        seen.add(node)
        for predicate, value in source.predicate_objects(node):
            target.add((node, predicate, value))
            left.append(value)
