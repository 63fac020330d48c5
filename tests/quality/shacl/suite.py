"""The W3C test suite for SHACL, as the manifests beside its cases tell it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from rdflib import BNode, Graph, Namespace
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from tests.conftest import SHARED
from vocab_server.quality.shacl.paths import read_path
from vocab_server.quality.shacl.results import ShaclResult

SUITE = SHARED / "suites" / "w3c-data-shapes" / "tests"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

Told = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Data, shapes, and the results that the suite expects: None where it expects a failure."""

    data: Graph
    shapes: Graph
    expected: Counter[Told] | None


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rdflib leave literals as they stand, as we read files for shapes."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def cases(group: str) -> list[Path]:
    """The files of a group that hold a case."""
    files = sorted((SUITE / group).rglob("*.ttl"))
    return [file for file in files if "sht:Validate" in file.read_text()]


def read_case(file: Path) -> Case:
    told = Graph().parse(file, publicID=file.as_uri())
    (test,) = told.subjects(RDF.type, SHT.Validate)
    action, result = told.value(test, MF.action), told.value(test, MF.result)
    data, shapes = (
        told if str(name) == file.as_uri() else Graph().parse(str(name), publicID=str(name))
        for name in (told.value(action, SHT.dataGraph), told.value(action, SHT.shapesGraph))
    )
    if told.value(action, SHT.dataGraph) == told.value(action, SHT.shapesGraph):
        data = shapes
    return Case(data, shapes, None if result == SHT.Failure else _expected(told, result))


def _expected(report: Graph, node: Node | None) -> Counter[Told]:
    return Counter(
        (
            report.value(result, SH.focusNode),
            _path(report, report.value(result, SH.resultPath)),
            report.value(result, SH.value),
            report.value(result, SH.sourceConstraintComponent),
            _shape(report.value(result, SH.sourceShape)),
            report.value(result, SH.resultSeverity),
        )
        for result in report.objects(node, SH.result)
    )


def found(results: list[ShaclResult]) -> Counter[Told]:
    """Results in the form in which those of the suite are expected."""
    return Counter(
        (
            result.focus,
            result.path.sparql if result.path else None,
            result.value,
            result.component,
            _shape(result.shape),
            result.severity,
        )
        for result in results
    )


def _shape(node: Node | None) -> Node | None:
    """The shape, unless it has no name: then it has another one in each file."""
    return None if isinstance(node, BNode) else node


def _path(graph: Graph, node: Node | None) -> str | None:
    return None if node is None else read_path(graph, node).sparql
