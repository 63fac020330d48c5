"""Reports on data as text and JSON."""

from collections.abc import Iterator
from typing import Any

from vocab_server.quality.check import Severity
from vocab_server.quality.data.fault import DataFinding, DataReport, Place
from vocab_server.quality.data.faults import get_fault
from vocab_server.quality.data.scores import scores

_WHERE = ("sheet", "cell", "row", "column", "line")
_ORDER = list(Severity)


def gravest_first(report: DataReport) -> list[DataFinding]:
    """The findings in the order in which they are to be read."""
    return sorted(
        report.findings, key=lambda f: (_ORDER.index(get_fault(f.fault).severity), f.fault)
    )


def count(report: DataReport, severity: Severity) -> int:
    """How many places have faults of a severity."""
    return sum(f.count for f in report.findings if get_fault(f.fault).severity is severity)


def lines_of(report: DataReport, name: str, language: str = "en") -> Iterator[str]:
    """One line for each place of a fault, as compilers write them."""
    for found in gravest_first(report):
        fault = get_fault(found.fault)
        for place in found.places:
            value = f": {place.value!r}" if place.value else ""
            note = f" ({_noted(found, place, language)})" if place.note else ""
            where = f" {told_place(place)}" if told_place(place) else ""
            title = fault.title.said(language)
            times = f", {place.times} times" if place.times > 1 else ""
            yield f"{name}:{where} {fault.id} {fault.severity} {title}{value}{times}{note}"
        told = sum(place.times for place in found.places)
        if found.count > told:
            yield f"{name}: {fault.id} {found.count - told} more"


def told_place(place: Place) -> str:
    """Where it is: ``row 3, column name, line 3``; "" for the file as a whole."""
    told = [(word, getattr(place, word)) for word in _WHERE]
    return ", ".join(f"{word} {value}" for word, value in told if value not in (None, "", 0))


def _noted(found: DataFinding, place: Place, language: str) -> str:
    words = get_fault(found.fault).note
    return f"{words.said(language)}: {place.note}" if words else place.note


def to_json(report: DataReport, language: str = "en") -> dict[str, Any]:
    """A report as programs read it: every fault with its texts, every place that is known."""
    return {
        "format": report.format,
        "encoding": report.encoding,
        "size": report.size,
        "rows": report.rows,
        "scores": {kind.value: value for kind, value in scores(report).items()},
        "columns": [
            {"name": column.name, "filled": column.filled, "kind": column.kind}
            for column in report.columns
        ],
        "findings": [_finding_json(found, language) for found in gravest_first(report)],
    }


def _finding_json(found: DataFinding, language: str) -> dict[str, Any]:
    fault = get_fault(found.fault)
    return {
        "check": fault.id,
        "severity": fault.severity.value,
        "score": fault.score.value,
        "title": fault.title.said(language),
        "remedy": fault.remedy.said(language),
        "source": fault.source,
        "count": found.count,
        "places": [place.said() for place in found.places],
    }
