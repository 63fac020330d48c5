"""Scores of datasets and of what they belong to, now and over time.

Only what differs from what is there is written, so that scoring again costs reading.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from vocab_server.database.score_models import (
    DatasetScoreRow,
    PastScoreRow,
    ScorePlaceRow,
    ScoreSummaryRow,
    ScoringRow,
)

ASKED = 500  # IRIs that one query looks up
AT_ONCE = 1_000  # rows that are in memory at a time
MOST_DAYS = 3_660  # of a trend
_ONE = 1  # the id of the only row of its table


class Kind(StrEnum):
    """What datasets belong to."""

    CATALOG = "catalog"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class DatasetScore:
    """The scores of a dataset; see DatasetScoreRow. ``places`` are catalogs and publishers."""

    iri: str
    places: tuple[str, ...]
    mqa: int
    tags: int
    unknown: int
    lacking: int
    results: tuple[float | bool | None, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The mean scores of a place; see ScoreSummaryRow."""

    place: str
    kind: Kind
    datasets: int
    mqa: float
    tags: float
    details: Mapping[str, Any]
    day: date = date.min


@dataclass(frozen=True, slots=True)
class Point:
    """The mean scores on a day."""

    day: date
    mqa: float
    tags: float
    datasets: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far scoring has come; see ScoringRow. At work while ``done`` is less than ``total``."""

    number: int = 0
    rules: str = ""
    whole: datetime | None = None
    ended: datetime | None = None
    done: int = 0
    total: int = 0

    @property
    def is_at_work(self) -> bool:
        """Whether it is not at its end yet."""
        return self.done < self.total


class Scores:
    """The scores in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def progress(self) -> Progress:
        """How far scoring has come."""
        with Session(self._engine) as session:
            row = session.get(ScoringRow, _ONE)
            if row is None:
                return Progress()
            return Progress(row.number, row.rules, row.whole, row.ended, row.done, row.total)

    def note(self, progress: Progress) -> None:
        """Keep how far scoring has come."""
        names = Progress.__dataclass_fields__
        row = ScoringRow(id=_ONE, **{name: getattr(progress, name) for name in names})
        with Session(self._engine) as session, session.begin():
            session.merge(row)

    def keep(self, scores: Sequence[DatasetScore], day: date) -> set[str]:
        """Keep the scores of some hundred datasets; the places whose scores this changes."""
        with Session(self._engine) as session, session.begin():
            before = _held(session, [score.iri for score in scores])
            new = [score for score in scores if before.get(score.iri) != score]
            _delete(session, [score.iri for score in new])
            _insert(session, new, day)
        old = [before[score.iri] for score in new if score.iri in before]
        return {place for score in (*new, *old) for place in score.places}

    def forget(self, iris: Collection[str]) -> set[str]:
        """Take datasets out that are no longer scored; the places whose scores this changes."""
        changed: set[str] = set()
        for some in _batches(sorted(iris)):
            with Session(self._engine) as session, session.begin():
                found = _held(session, some)
                _delete(session, list(found))
            changed.update(place for score in found.values() for place in score.places)
        return changed

    def find(self, iri: str) -> DatasetScore | None:
        """The scores of a dataset, or None when it is not scored."""
        with Session(self._engine) as session:
            return _held(session, [iri]).get(iri)

    def iris(self) -> set[str]:
        """All datasets that are scored."""
        with Session(self._engine) as session:
            return set(session.scalars(select(DatasetScoreRow.iri)))

    def in_place(self, place: str) -> Iterator[DatasetScore]:
        """The scores of all datasets of a place, without their other places."""
        rows = select(DatasetScoreRow).where(DatasetScoreRow.iri.in_(_of_place(place)))
        with Session(self._engine) as session:
            for row in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
                yield _score(row, (place,))

    def lacking(
        self, place: str, bit: int, *, limit: int, offset: int = 0
    ) -> tuple[list[DatasetScore], int]:
        """A page of the datasets of a place where a metric fails, by IRI; and how many."""
        chosen = (
            DatasetScoreRow.iri.in_(_of_place(place)),
            DatasetScoreRow.lacking.bitwise_and(1 << bit) != 0,
        )
        rows = select(DatasetScoreRow).where(*chosen).order_by(DatasetScoreRow.iri)
        count = select(func.count()).select_from(DatasetScoreRow).where(*chosen)
        with Session(self._engine) as session:
            found = session.scalars(rows.limit(limit).offset(offset))
            return [_score(row, (place,)) for row in found], session.scalar(count) or 0

    def summarize(self, summary: Summary, day: date) -> None:
        """Keep the scores of a place from a day on, unless they are as before."""
        last = self.summary(summary.place)
        if last is not None and replace(last, day=summary.day) == summary:
            return
        row = ScoreSummaryRow(
            place=summary.place,
            day=day,
            kind=summary.kind,
            datasets=summary.datasets,
            mqa=summary.mqa,
            tags=summary.tags,
            details=json.dumps(summary.details, sort_keys=True),
        )
        with Session(self._engine) as session, session.begin():
            session.merge(row)

    def summary(self, place: str) -> Summary | None:
        """The scores of a place now, or None when it never had any."""
        newest = (
            select(ScoreSummaryRow)
            .where(ScoreSummaryRow.place == place)
            .order_by(ScoreSummaryRow.day.desc())
            .limit(1)
        )
        with Session(self._engine) as session:
            row = session.scalar(newest)
            return _summary(row) if row else None

    def summaries(
        self, kind: Kind, until: date | None = None, *, limit: int | None = None, offset: int = 0
    ) -> list[Summary]:
        """The scores of places of a kind that have datasets, by place; now or on a day."""
        rows = _newest(kind, until).order_by(ScoreSummaryRow.place).limit(limit).offset(offset)
        with Session(self._engine) as session:
            return [_summary(row) for row in session.scalars(rows)]

    def count_places(self, kind: Kind) -> int:
        """How many places of a kind have datasets."""
        places = _newest(kind, None).with_only_columns(ScoreSummaryRow.place).subquery()
        with Session(self._engine) as session:
            return session.scalar(select(func.count()).select_from(places)) or 0

    def first_day(self) -> date | None:
        """The day from which on there are scores; None when there are none."""
        with Session(self._engine) as session:
            return session.scalar(select(func.min(ScoreSummaryRow.day)))

    def trend(self, place: str) -> list[Point]:
        """The scores of a place over time, oldest first: a point for each day they changed."""
        rows = (
            select(ScoreSummaryRow)
            .where(ScoreSummaryRow.place == place)
            .order_by(ScoreSummaryRow.day.desc())
            .limit(MOST_DAYS)
        )
        with Session(self._engine) as session:
            found = [Point(r.day, r.mqa, r.tags, r.datasets) for r in session.scalars(rows)]
        return found[::-1]

    def trend_of_dataset(self, iri: str) -> list[Point]:
        """The scores of a dataset over time, oldest first: a point for each day they changed."""
        rows = (
            select(PastScoreRow)
            .where(PastScoreRow.iri == iri)
            .order_by(PastScoreRow.day.desc())
            .limit(MOST_DAYS)
        )
        with Session(self._engine) as session:
            found = [Point(row.day, row.mqa, row.tags) for row in session.scalars(rows)]
        return found[::-1]


def _newest(kind: Kind, until: date | None) -> Select[ScoreSummaryRow]:
    """The last scores of each place of a kind that has datasets then."""
    last = (
        select(ScoreSummaryRow.place, func.max(ScoreSummaryRow.day).label("day"))
        .where(ScoreSummaryRow.kind == kind)
        .group_by(ScoreSummaryRow.place)
    )
    if until is not None:
        last = last.where(ScoreSummaryRow.day <= until)
    of = last.subquery()
    return (
        select(ScoreSummaryRow)
        .join(of, (ScoreSummaryRow.place == of.c.place) & (ScoreSummaryRow.day == of.c.day))
        .where(ScoreSummaryRow.datasets > 0)
    )


def _of_place(place: str) -> Select[str]:
    return select(ScorePlaceRow.iri).where(ScorePlaceRow.place == place)


def _held(session: Session, iris: Sequence[str]) -> dict[str, DatasetScore]:
    places: dict[str, list[str]] = {}
    for row in session.scalars(select(ScorePlaceRow).where(ScorePlaceRow.iri.in_(iris))):
        places.setdefault(row.iri, []).append(row.place)
    rows = session.scalars(select(DatasetScoreRow).where(DatasetScoreRow.iri.in_(iris)))
    return {row.iri: _score(row, sorted(places.get(row.iri, ()))) for row in rows}


def _delete(session: Session, iris: Sequence[str]) -> None:
    for table in (DatasetScoreRow, ScorePlaceRow):
        session.execute(delete(table).where(table.iri.in_(iris)))


def _insert(session: Session, scores: Sequence[DatasetScore], day: date) -> None:
    if not scores:
        return
    iris = [score.iri for score in scores]
    session.execute(delete(PastScoreRow).where(PastScoreRow.iri.in_(iris), PastScoreRow.day == day))
    past = [{"iri": s.iri, "day": day, "mqa": s.mqa, "tags": s.tags} for s in scores]
    session.execute(insert(PastScoreRow), past)
    session.execute(insert(DatasetScoreRow), [_row(score) for score in scores])
    places = [{"place": place, "iri": s.iri} for s in scores for place in s.places]
    if places:
        session.execute(insert(ScorePlaceRow), places)


def _row(score: DatasetScore) -> dict[str, object]:
    return {
        "iri": score.iri,
        "mqa": score.mqa,
        "tags": score.tags,
        "unknown": score.unknown,
        "lacking": score.lacking,
        "results": json.dumps(score.results),
    }


def _score(row: DatasetScoreRow, places: Iterable[str]) -> DatasetScore:
    return DatasetScore(
        iri=row.iri,
        places=tuple(places),
        mqa=row.mqa,
        tags=row.tags,
        unknown=row.unknown,
        lacking=row.lacking,
        results=tuple(json.loads(row.results)),
    )


def _summary(row: ScoreSummaryRow) -> Summary:
    return Summary(
        place=row.place,
        kind=Kind(row.kind),
        datasets=row.datasets,
        mqa=row.mqa,
        tags=row.tags,
        details=json.loads(row.details),
        day=row.day,
    )


def _batches(iris: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(iris), ASKED):
        yield iris[start : start + ASKED]
