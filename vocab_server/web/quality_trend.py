"""What was found in a vocabulary over time, and since its newest release."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from vocab_server.database.quality_runs import QualityRuns
from vocab_server.quality.check import Check, Level, Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.verdict import Verdict, level_of
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary

SHOWN = 12  # runs


@dataclass(frozen=True, slots=True)
class Run:
    """What was found at a time, and how many more than the time before (None for the first)."""

    time: datetime
    by_severity: Mapping[Severity, int]
    total: int
    more: int | None


@dataclass(frozen=True, slots=True)
class Since:
    """How many findings there are more and fewer, check by check, than in a release.

    Of the checks that could be run both times.
    """

    release: str
    more: int
    fewer: int


def told_checks(vocabulary: Vocabulary) -> list[Check]:
    """The checks of which a vocabulary's reports tell."""
    settings = services().quality.settings(vocabulary.graph)
    return [check for check in CHECKS if level_of(check, settings) is not Level.IGNORE]


def trend(vocabulary: Vocabulary, checks: Collection[Check]) -> list[Run]:
    """What some checks found the last SHOWN times, newest first."""
    severities = {check.id: check.severity for check in checks}
    runs: list[Run] = []
    for run in reversed(QualityRuns(services().database).newest(vocabulary.graph, SHOWN + 1)):
        counts = Counter(dict.fromkeys(Severity, 0))
        for check, count in run.counts.items():
            if check in severities:
                counts[severities[check]] += count
        more = counts.total() - runs[-1].total if runs else None
        runs.append(Run(run.time, counts, counts.total(), more))
    return runs[-SHOWN:][::-1]


def since_release(vocabulary: Vocabulary, verdict: Verdict) -> Since | None:
    """What changed since the newest release, when the state before it was checked."""
    releases = view().releases.get(vocabulary.graph, ())
    newest = max(releases, key=lambda release: release.number, default=None)
    if newest is None:
        return None
    run = QualityRuns(services().database).at(vocabulary.graph, newest.number)
    if run is None:
        return None
    changes = [
        row.count - run.counts[row.check.id]
        for row in verdict.rows
        if row.check.id in run.counts and not row.failure
    ]
    more = sum(change for change in changes if change > 0)
    return Since(newest.name, more, more - sum(changes))
