"""The reference implementation, pyshacl: for shapes outside of SHACL Core."""

from collections.abc import Iterator

import pyshacl
from pyshacl.errors import ReportableRuntimeError, ValidationFailure
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Identifier, Node

from vocab_server.errors import InvalidError
from vocab_server.quality.shacl.paths import Path, read_path
from vocab_server.quality.shacl.results import ShaclResult


def run_reference(data: Graph, shapes: Graph) -> Iterator[ShaclResult]:
    """What breaks the shapes. Raises InvalidError for what pyshacl refuses."""
    try:
        _conforms, report, text = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    except ReportableRuntimeError as error:
        raise InvalidError(
            "The shapes cannot be run: %(message)s", message=error.message
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # queries and expressions of strangers, which only running tries
        raise InvalidError("The shapes cannot be run: %(message)s", message=error) from error
    if isinstance(report, ValidationFailure | bytes):
        raise InvalidError("The shapes cannot be run: %(text)s", text=text)
    for result in report.objects(None, SH.result):
        yield _result(report, result, shapes)


def _result(report: Graph, result: Node, shapes: Graph) -> ShaclResult:
    def one(predicate: URIRef) -> Identifier | None:
        found = report.value(result, predicate)
        return found if isinstance(found, Identifier) else None

    focus, shape = one(SH.focusNode), one(SH.sourceShape)
    if focus is None or shape is None:
        raise InvalidError("The shapes cannot be run: a result says nothing of its node.")
    return ShaclResult(
        focus=focus,
        path=_path(report, one(SH.resultPath), shapes, shape),
        value=one(SH.value),
        component=URIRef(str(one(SH.sourceConstraintComponent))),
        shape=shape,
        severity=URIRef(str(one(SH.resultSeverity) or SH.Violation)),
        messages=_texts(shapes, shape, SH.message) or _texts(report, result, SH.resultMessage),
    )


def _texts(graph: Graph, node: Node, predicate: URIRef) -> tuple[Literal, ...]:
    return tuple(text for text in graph.objects(node, predicate) if isinstance(text, Literal))


def _path(report: Graph, told: Node | None, shapes: Graph, shape: Node) -> Path | None:
    """The path of a result, with the node that tells it in the shapes: pyshacl copies it."""
    if told is None:
        return None
    path, own = read_path(report, told), shapes.value(shape, SH.path)
    return path if own is None or path.property else Path(path.sparql, own)
