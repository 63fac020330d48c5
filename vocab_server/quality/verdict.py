"""What a report means for a vocabulary: what blocks, what is accepted, what is left."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vocab_server.database.quality import Accepted, QualitySettings
from vocab_server.quality.check import BLOCKING, Check, Level, Severity
from vocab_server.quality.report import Report


@dataclass(frozen=True, slots=True)
class Row:
    """A check in a vocabulary: ``count`` findings, of which so many are ``accepted``."""

    check: Check
    level: Level
    count: int
    accepted: int
    failure: str = ""

    @property
    def open(self) -> int:
        """The findings that nobody accepted."""
        return self.count - self.accepted

    @property
    def blocks(self) -> bool:
        """Whether it stops publishing and releases."""
        return self.level in BLOCKING and self.open > 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A vocabulary's checks, the gravest first; what is ignored is left out."""

    rows: tuple[Row, ...]

    @property
    def blocking(self) -> list[Row]:
        """The checks that stop publishing and releases."""
        return [row for row in self.rows if row.blocks]

    @property
    def failures(self) -> list[Row]:
        """The checks that could not be run."""
        return [row for row in self.rows if row.failure]

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings that nobody accepted there are of each severity."""
        found = Counter(dict.fromkeys(Severity, 0))
        for row in self.rows:
            found[row.check.severity] += row.open
        return found

    def row(self, check: Check) -> Row | None:
        """The row of a check, None when it is ignored."""
        return next((row for row in self.rows if row.check == check), None)


def level_of(check: Check, settings: QualitySettings) -> Level:
    """What a check stops in a vocabulary with these settings."""
    found = settings.levels.get(check.id)
    return Level(found) if found in set(Level) else check.level


def judge(report: Report, settings: QualitySettings, accepted: Sequence[Accepted]) -> Verdict:
    """What a report means by the settings of its vocabulary and what was accepted in it."""
    whole = {one.check for one in accepted if not one.identity}
    single = report.count_of({one.identity for one in accepted if one.identity})
    rows = []
    for result in report.results():
        check, level = result.check, level_of(result.check, settings)
        if level is not Level.IGNORE:
            taken = result.count if check.id in whole else single.get(check.id, 0)
            rows.append(Row(check, level, result.count, taken, result.failure))
    order = list(Severity)
    rows.sort(key=lambda row: (not row.blocks, order.index(row.check.severity)))
    return Verdict(tuple(rows))
