"""A file compared with what is said of it: in its description, and by its server."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vocab_server.quality.data.fault import DataFinding, DataReport, Findings, Place

NEAR = 0.1  # of the stated size
_MEDIA_TYPES = {
    "csv": ("text/csv", "text/tab-separated-values", "application/csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    "xls": ("application/vnd.ms-excel",),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet",),
    "json": ("application/json", "application/ld+json", "application/geo+json"),
    "geojson": ("application/geo+json", "application/vnd.geo+json", "application/json"),
    "xml": ("application/xml", "text/xml"),
}
# What is built on XML or JSON, or is a table, under names of its own.
_SAME = {
    "xml": {"xml", "gml", "kml", "rdf", "rss", "atom", "gpx", "svg", "owl", "xbrl"},
    "json": {"json", "jsonld", "geojson", "topojson"},
    "geojson": {"json", "geojson"},
    "csv": {"csv", "tsv", "txt"},
    "xls": {"xls", "xlsx"},
}
# Days between updates, by the last part of the EU's frequencies; others promise nothing.
_DAYS = {
    "UPDATE_CONT": 1,
    "HOURLY": 1,
    "DAILY": 1,
    "WEEKLY": 7,
    "BIWEEKLY": 14,
    "MONTHLY": 31,
    "QUARTERLY": 92,
    "ANNUAL_2": 183,
    "ANNUAL": 366,
    "BIENNIAL": 731,
}
_UNSEEN = ("", "html")  # formats that tell nothing of the file that is meant


@dataclass(frozen=True, slots=True)
class Stated:
    """What a description says: ``format`` and ``media_type`` as short words, ``size`` in bytes.

    ``frequency`` is an IRI of the EU's frequencies; "" and 0 are for what is not said.
    """

    format: str = ""
    media_type: str = ""
    size: int = 0
    frequency: str = ""
    has_contact: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server said of the file that it sent, from ``url`` at last."""

    url: str
    media_type: str
    changed: datetime | None
    has_validator: bool


def compare(
    report: DataReport, stated: Stated, sent: Sent, now: datetime
) -> tuple[DataFinding, ...]:
    """The faults of description and delivery, beside those of the values in a report."""
    findings = Findings()
    _compare_formats(report.format, stated, findings)
    if stated.size and report.size and abs(report.size - stated.size) > NEAR * stated.size:
        findings.add("FMT-6", Place(value=str(stated.size), note=str(report.size)))
    _look_at_delivery(report.format, sent, findings)
    _look_at_age(stated, sent, now, findings)
    if not stated.has_contact:
        findings.add("MAN-4")
    return findings.found()


def _compare_formats(found: str, stated: Stated, findings: Findings) -> None:
    claimed = stated.format or stated.media_type
    if not claimed:
        findings.add("FMT-4", Place(note=found))
    elif found not in _UNSEEN and not is_same(found, claimed):
        findings.add("FMT-1", Place(value=claimed, note=found))
    both = stated.format and stated.media_type
    if both and not is_same(stated.format, stated.media_type):
        findings.add("FMT-3", Place(value=stated.format, note=stated.media_type))


def is_same(found: str, claimed: str) -> bool:
    """Whether a file of one format may be called another."""
    return found == claimed or claimed in _SAME.get(found, ())


def _look_at_delivery(form: str, sent: Sent, findings: Findings) -> None:
    expected = _MEDIA_TYPES.get(form)
    is_xml = form == "xml" and sent.media_type.endswith("+xml")
    if expected and sent.media_type not in expected and not is_xml:
        findings.add("FMT-2", Place(value=expected[0], note=sent.media_type or "–"))
    if sent.url.startswith("http:"):
        findings.add("MAN-2", Place(value=sent.url))
    if not sent.has_validator:
        findings.add("MAN-3")


def _look_at_age(stated: Stated, sent: Sent, now: datetime, findings: Findings) -> None:
    days = _DAYS.get(stated.frequency.rpartition("/")[2])
    if days and sent.changed and now - sent.changed > 2 * timedelta(days=days):
        findings.add("MAN-1", Place(note=f"{sent.changed:%Y-%m-%d}"))
