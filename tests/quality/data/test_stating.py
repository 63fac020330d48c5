"""A file compared with what its description and its server say of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vocab_server.quality.data.fault import DataReport
from vocab_server.quality.data.stating import Sent, Stated, compare, is_same

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
REPORT = DataReport("csv", "utf-8", size=1_000, rows=10)
STATED = Stated("csv", "csv", size=1_050, frequency=FREQUENCY)
SENT = Sent("https://a.example/a.csv", "text/csv", datetime(2026, 10, 1, tzinfo=UTC), True)


def test_what_agrees_has_no_fault() -> None:
    assert compare(REPORT, STATED, SENT, NOW) == ()
    gml = replace(REPORT, format="xml")
    sent = replace(SENT, media_type="application/gml+xml")
    assert compare(gml, replace(STATED, format="gml", media_type=""), sent, NOW) == ()


@pytest.mark.parametrize(
    ("fault", "report", "stated", "sent", "note"),
    [
        ("FMT-1", {"format": "json"}, {}, {"media_type": "application/json"}, "json"),
        ("FMT-2", {}, {}, {"media_type": "text/plain"}, "text/plain"),
        ("FMT-3", {}, {"media_type": "json"}, {}, "json"),
        ("FMT-4", {}, {"format": "", "media_type": ""}, {}, "csv"),
        ("FMT-6", {"size": 1_200}, {}, {}, "1200"),
        ("MAN-1", {}, {}, {"changed": datetime(2026, 8, 1, tzinfo=UTC)}, "2026-08-01"),
        ("MAN-2", {}, {}, {"url": "http://a.example/a.csv"}, ""),
        ("MAN-3", {}, {}, {"changed": None, "has_validator": False}, ""),
        ("MAN-4", {}, {"has_contact": False}, {}, ""),
    ],
)
def test_what_differs_is_told(
    fault: str,
    report: dict[str, object],
    stated: dict[str, object],
    sent: dict[str, object],
    note: str,
) -> None:
    found = compare(
        replace(REPORT, **report),  # type: ignore[arg-type]
        replace(STATED, **stated),  # type: ignore[arg-type]
        replace(SENT, **sent),  # type: ignore[arg-type]
        NOW,
    )
    assert [(one.fault, one.places[0].note) for one in found] == [(fault, note)]


@pytest.mark.parametrize(
    ("found", "claimed", "expected"),
    [("json", "geojson", True), ("csv", "xlsx", False), ("xml", "rdf", True), ("csv", "txt", True)],
)
def test_a_format_may_have_several_names(found: str, claimed: str, expected: bool) -> None:
    assert is_same(found, claimed) is expected
