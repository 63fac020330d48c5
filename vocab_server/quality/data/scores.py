"""Three scores of a check: what is in the file, how it is described, how it is given out.

Apart, as the Korean quality certificate has them: data that nobody can fetch may be well described,
and good values in a file without a description are good all the same.
"""

from collections.abc import Mapping

from vocab_server.quality.check import Severity
from vocab_server.quality.data.fault import DataFinding, DataReport, Score
from vocab_server.quality.data.faults import get_fault

WHOLE = 100.0
_POINTS = {Severity.VIOLATION: 40.0, Severity.WARNING: 15.0, Severity.INFORMATION: 3.0}
_UNREAD = {"GET-1", "GET-2", "FMT-5", "FMT-7"}  # which say that the values were not seen


def score(report: DataReport, kind: Score) -> float | None:
    """A score from 0 to 100; None when nothing can be told, as of the values of no file.

    Each fault takes points by its severity (40, 15 or 3), half of them for being there at all and
    half by the share of rows that have it. What keeps a file from being read leaves 0.
    """
    if kind is Score.VALUES and any(found.fault in _UNREAD for found in report.findings):
        return None
    own = [found for found in report.findings if get_fault(found.fault).score is kind]
    if any(get_fault(found.fault).is_fatal for found in own):
        return 0.0
    return round(max(0.0, WHOLE - sum(_cost(found, report.rows) for found in own)), 1)


def _cost(found: DataFinding, rows: int) -> float:
    share = min(1.0, found.count / rows) if rows else 1.0
    return _POINTS[get_fault(found.fault).severity] * (1 + share) / 2


def scores(report: DataReport) -> Mapping[Score, float | None]:
    """All three."""
    return {kind: score(report, kind) for kind in Score}
