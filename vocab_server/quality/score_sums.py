"""The scores of many datasets together: means, how many lack what, and what gains most.

Pure. The columns are the 23 metrics of MQA and then our six parts of tag quality, in the order of
their tables; so is what the database keeps of a dataset.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vocab_server.quality import mqa, tag_quality
from vocab_server.quality.check import Words

Results = Sequence[float | bool | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A metric or a part of tag quality, as both are counted."""

    id: str
    points: int
    title: Words
    meaning: Words
    remedy: Words
    source: str
    is_ours: bool


COLUMNS = (
    *(
        Column(m.id, m.points, m.title, m.meaning, m.remedy, m.source, is_ours=False)
        for m in mqa.METRICS
    ),
    *(
        Column(p.id, p.points, p.title, p.meaning, p.remedy, p.source, is_ours=True)
        for p in tag_quality.PARTS
    ),
)
PLACE = {column.id: place for place, column in enumerate(COLUMNS)}
RULES = hashlib.sha256(repr([(c.id, c.points) for c in COLUMNS]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sum:
    """How a column comes out over many datasets: points in all, and how many fail or wait."""

    points: float
    lacking: int
    unknown: int


@dataclass(slots=True)
class Tally:
    """Counts datasets one by one."""

    datasets: int = 0
    mqa: int = 0
    tags: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    _points: list[float] = field(default_factory=lambda: [0.0] * len(COLUMNS))
    _lacking: list[int] = field(default_factory=lambda: [0] * len(COLUMNS))
    _unknown: list[int] = field(default_factory=lambda: [0] * len(COLUMNS))

    def add(self, points: int, tag_points: int, results: Results) -> None:
        """Count a dataset."""
        self.datasets += 1
        self.mqa += points
        self.tags += tag_points
        self.grades[mqa.grade_of(points).id] += 1
        for place, result in enumerate(results):
            if result is None:
                self._unknown[place] += 1
            else:
                self._points[place] += result * COLUMNS[place].points
                self._lacking[place] += result < 1

    def details(self) -> dict[str, Any]:
        """The counts by column and grade, for JSON."""
        return {
            "grades": dict(self.grades),
            "columns": {
                column.id: [round(points, 1), lacking, unknown]
                for column, points, lacking, unknown in zip(
                    COLUMNS, self._points, self._lacking, self._unknown, strict=True
                )
            },
        }


def sums_of(details: Mapping[str, Any]) -> dict[str, Sum]:
    """What ``Tally.details`` gave, by column; without those that a former version had not."""
    return {id_: Sum(*found) for id_, found in details.get("columns", {}).items() if id_ in PLACE}


def unknown_mean(datasets: int, sums: Mapping[str, Sum]) -> float:
    """How many points of a dataset nobody looked at yet, in the mean."""
    unknown = sum(COLUMNS[PLACE[id_]].points * each.unknown for id_, each in sums.items())
    return round(unknown / max(1, datasets), 1)


@dataclass(frozen=True, slots=True)
class Gain:
    """What would bring so many points in all if it held for ``datasets`` more."""

    column: Column
    datasets: int
    points: float


def fix_first(datasets: int, sums: Mapping[str, Sum]) -> list[Gain]:
    """What is lacking, what brings most points first; what nobody looked at yet is not in it."""
    found = [
        Gain(
            COLUMNS[PLACE[id_]],
            each.lacking,
            round((datasets - each.unknown) * COLUMNS[PLACE[id_]].points - each.points, 1),
        )
        for id_, each in sums.items()
        if each.lacking
    ]
    return sorted(found, key=lambda gain: (-gain.points, gain.column.id))


def lacking_bits(results: Results) -> int:
    """A bit for each column that fails."""
    return sum(1 << p for p, result in enumerate(results) if result is not None and result < 1)
