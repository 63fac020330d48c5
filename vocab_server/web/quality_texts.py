"""What pages say of checks and findings, and how findings are grouped."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext

from vocab_server.quality.check import Check, Finding, Level, Severity
from vocab_server.quality.uploads import Checked
from vocab_server.reading import interface_language

SEVERITIES = {
    Severity.VIOLATION: lazy_gettext("Violation"),
    Severity.WARNING: lazy_gettext("Warning"),
    Severity.INFORMATION: lazy_gettext("Information"),
}
LEVELS = {
    Level.ENFORCE: lazy_gettext("Refused while editing, and stops publishing"),
    Level.BLOCK: lazy_gettext("Stops publishing and releases"),
    Level.REPORT: lazy_gettext("Is told"),
    Level.IGNORE: lazy_gettext("Is not told"),
}


@dataclass(frozen=True, slots=True)
class CheckTexts:
    """A check in the reader's language; ``is_repaired`` when we can repair what it finds."""

    id: str
    title: str
    meaning: str
    remedy: str
    source: str
    severity: Severity
    is_repaired: bool
    by_hand: str


@dataclass(frozen=True, slots=True)
class Group:
    """What one check found: ``count`` in all, of which some are shown."""

    check: CheckTexts
    count: int
    findings: Sequence[Finding]


def texts_of(check: Check) -> CheckTexts:
    """A check in the reader's language."""
    language = interface_language()
    return CheckTexts(
        check.id,
        check.title.said(language),
        check.meaning.said(language),
        check.remedy.said(language),
        check.source,
        check.severity,
        check.repair is not None,
        check.by_hand.said(language) if check.by_hand else "",
    )


def by_check(found: Checked) -> list[Group]:
    """The findings by check, the gravest first."""
    grouped: dict[str, list[Finding]] = {}
    for finding in found.findings:
        grouped.setdefault(finding.check.id, []).append(finding)
    order = list(Severity)
    results = sorted(
        (result for result in found.results if result.count),
        key=lambda result: order.index(result.check.severity),
    )
    return [Group(texts_of(r.check), r.count, grouped.get(r.check.id, ())) for r in results]
