"""Reports for programs: JSON, CSV, SHACL validation reports, SARIF and JUnit."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Identifier

from vocab_server.quality.check import SHACL_SEVERITY, Check, Finding, Severity
from vocab_server.quality.report import Result
from vocab_server.rdf.namespaces import RDF, SH, SKOS, XSD

DQV = Namespace("http://www.w3.org/ns/dqv#")
COLUMNS = ("check", "severity", "focus", "path", "value", "message", "source")
_SARIF_LEVEL = {
    Severity.VIOLATION: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
}
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def finding_json(finding: Finding, language: str = "en") -> dict[str, Any]:
    """A finding as the interfaces for programs have it."""
    return {
        "id": finding.identity,
        "check": finding.check.id,
        "severity": finding.check.severity.value,
        "focus": str(finding.focus),
        "path": str(finding.path),
        "value": None if finding.value is None else str(finding.value),
        "message": finding.message(language),
        "source": finding.check.source,
    }


def failure_json(result: Result) -> dict[str, str]:
    """A check that could not be run."""
    return {"check": result.check.id, "failure": result.failure}


def to_json(findings: Iterable[Finding], results: Iterable[Result]) -> str:
    """The findings, and the checks that could not be run."""
    found: Mapping[str, Any] = {
        "findings": [finding_json(finding) for finding in findings],
        "failures": [failure_json(result) for result in results if result.failure],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def to_csv(findings: Iterable[Finding], results: Iterable[Result]) -> str:
    """A row for each finding, and one for each check that could not be run."""
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for finding in findings:
        writer.writerow({key: _cell(value) for key, value in finding_json(finding).items()})
    for result in results:
        if result.failure:
            writer.writerow({"check": result.check.id, "message": result.failure})
    return target.getvalue()


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def to_graph(findings: Iterable[Finding], checks: str) -> Graph:
    """A validation report (SHACL, 3.6); ``checks`` is what the addresses of checks begin with.

    It conforms when there is no violation: SHACL says so of any result, but with warnings and
    information counted nothing would ever conform.
    """
    graph, report = Graph(), BNode()
    graph.bind("sh", SH)
    graph.add((report, RDF.type, SH.ValidationReport))
    conforms = True
    for finding in findings:
        conforms = conforms and finding.check.severity != Severity.VIOLATION
        result = BNode()
        graph.add((report, SH.result, result))
        _add_result(graph, result, finding, checks)
    graph.add((report, SH.conforms, Literal(conforms, datatype=XSD.boolean)))
    return graph


def _add_result(graph: Graph, result: BNode, finding: Finding, checks: str) -> None:
    check = finding.check
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.focusNode, finding.focus))
    graph.add((result, SH.resultPath, finding.path))
    graph.add((result, SH.resultSeverity, SHACL_SEVERITY[check.severity]))
    graph.add((result, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent))
    graph.add((result, SH.sourceShape, URIRef(f"{checks}{check.id}")))
    if finding.value is not None:
        graph.add((result, SH.value, finding.value))
    for language in ("en", "sv"):
        message = Literal(finding.message(language), lang=language)
        graph.add((result, SH.resultMessage, message))


def measurements(
    graph: URIRef, counts: Mapping[Check, int], checks: str
) -> Iterator[tuple[Identifier, Identifier, Identifier]]:
    """How much each check found in a vocabulary (W3C Data Quality Vocabulary)."""
    for check, count in counts.items():
        measured, metric = BNode(), URIRef(f"{checks}{check.id}")
        yield measured, RDF.type, DQV.QualityMeasurement
        yield measured, DQV.computedOn, graph
        yield measured, DQV.isMeasurementOf, metric
        yield measured, DQV.value, Literal(count)
        yield metric, RDF.type, DQV.Metric
        for language in ("en", "sv"):
            yield metric, SKOS.prefLabel, Literal(check.title.said(language), lang=language)


def to_sarif(findings: Iterable[Finding], results: Iterable[Result], version: str) -> str:
    """For tools that show results beside code (OASIS SARIF 2.1.0)."""
    ran = list(results)
    rules = [
        {
            "id": result.check.id,
            "shortDescription": {"text": result.check.title.en},
            "fullDescription": {"text": result.check.meaning.en},
            "help": {"text": f"{result.check.remedy.en} ({result.check.source})"},
        }
        for result in ran
    ]
    found = [
        {
            "ruleId": finding.check.id,
            "level": _SARIF_LEVEL[finding.check.severity],
            "message": {"text": finding.message()},
            "locations": [{"logicalLocations": [{"fullyQualifiedName": str(finding.focus)}]}],
            "partialFingerprints": {"finding/v1": finding.identity},
        }
        for finding in findings
    ]
    driver = {"name": "vocab-server", "version": version, "rules": rules}
    document = {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": found}],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def to_junit(findings: Iterable[Finding], results: Iterable[Result], shown: int = 20) -> str:
    """For continuous integration (JUnit XML): a test for each check, failed by a violation."""
    by_check: dict[str, list[str]] = {}
    for finding in findings:
        messages = by_check.setdefault(finding.check.id, [])
        messages.append(f"{finding.focus} {finding.message()}")
    suite = Element("testsuite", name="vocab-server check")
    for result in results:
        check = result.check
        case = SubElement(
            suite, "testcase", name=f"{check.id} {check.title.en}", time=f"{result.seconds:.3f}"
        )
        messages = by_check.get(check.id, [])
        if result.failure:
            SubElement(case, "error", message=result.failure)
        elif messages and check.severity == Severity.VIOLATION:
            failure = SubElement(case, "failure", message=f"{len(messages)}: {check.title.en}")
            failure.text = _xml_text("\n".join(messages[:shown]))
        elif messages:
            SubElement(case, "system-out").text = _xml_text("\n".join(messages[:shown]))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode")


def _xml_text(text: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or sign >= " ")
