"""Checks of data: which are asked for, how far each has come, and what the last one found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, case, delete, func, or_, select, update
from sqlalchemy.orm import Session, defer

from vocab_server.database.data_models import DataCheckRow, DataColumnRow
from vocab_server.database.inserting import insert_into
from vocab_server.errors import InvalidError

LOST = timedelta(minutes=15)  # after which a check that was begun is begun anew
AGAIN = timedelta(days=30)  # after which a file is looked into again
ASKED = 500  # distributions that one query looks up
MOST_COLUMNS = 50  # that are declared for one distribution


class State(StrEnum):
    """How far a check has come."""

    WAITING = "waiting"
    FETCHING = "fetching"
    READING = "reading"
    COMPARING = "comparing"
    DONE = "done"


_RUNNING = (State.FETCHING, State.READING, State.COMPARING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A distribution that is to be checked: whose it is, and in which catalog."""

    distribution: str
    dataset: str
    catalog: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands; see DataCheckRow."""

    violations: int
    values: float | None
    metadata: float | None
    management: float | None


@dataclass(frozen=True, slots=True)
class DataCheck:
    """A check of a distribution; see DataCheckRow. ``ended`` and ``report`` are the last one's."""

    distribution: str
    dataset: str
    state: State
    asked: datetime
    account: str
    catalog: str
    started: datetime | None
    ended: datetime | None
    url: str
    report: Mapping[str, Any] | None
    standing: Standing


class DataChecks:
    """The checks, one for each distribution that was ever checked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, wanted: Iterable[Wanted], account: str, now: datetime) -> int:
        """Check distributions as soon as the background comes to them; how many did not wait yet.

        What is known of them stays until then. One query for some thousands.
        """
        listed = {str(one.distribution): one for one in wanted}
        with Session(self._engine) as session, session.begin():
            rows = _held(session, list(listed))
            fresh = [one for name, one in listed.items() if name not in rows]
            again = [row for row in rows.values() if row.state == State.DONE]
            for row in again:
                one = listed[row.distribution]
                row.dataset, row.catalog = str(one.dataset), one.catalog
                row.account, row.asked, row.state = account, now, State.WAITING
            return len(again) + _add(session, fresh, account, now)

    def take(self, now: datetime) -> DataCheck | None:
        """The check that waits longest, which is begun with this; None when none waits.

        One that was begun and never ended is begun anew after LOST, and a file is looked into
        again AGAIN after the last time, when nothing else waits.
        """
        ready = or_(
            DataCheckRow.state == State.WAITING,
            DataCheckRow.state.in_(_RUNNING) & (DataCheckRow.started < now - LOST),
            (DataCheckRow.state == State.DONE) & (DataCheckRow.ended < now - AGAIN),
        )
        is_old = case((DataCheckRow.state == State.DONE, 1), else_=0)
        first = select(DataCheckRow).where(ready).order_by(is_old, DataCheckRow.asked).limit(1)
        with Session(self._engine) as session, session.begin():
            row = session.scalars(first.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.state, row.started = State.FETCHING, now
            return _check(row)

    def reach(self, distribution: str, state: State) -> None:
        """Tell how far a check has come."""
        chosen = update(DataCheckRow).where(DataCheckRow.distribution == distribution)
        with Session(self._engine) as session, session.begin():
            session.execute(chosen.values(state=state.value))

    def finish(
        self,
        distribution: str,
        url: str,
        report: Mapping[str, Any],
        standing: Standing,
        now: datetime,
    ) -> None:
        """Keep what a check found."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(DataCheckRow, distribution)
            row.state, row.url, row.report, row.ended = State.DONE, url, dict(report), now
            row.violations, row.values_score = standing.violations, standing.values
            row.metadata_score = standing.metadata
            row.management_score = standing.management

    def known(self, distributions: Iterable[str]) -> set[str]:
        """Those of some distributions that were ever asked for."""
        listed, found = list(distributions), set[str]()
        with Session(self._engine) as session:
            for start in range(0, len(listed), ASKED):
                own = DataCheckRow.distribution.in_(listed[start : start + ASKED])
                found.update(session.scalars(select(DataCheckRow.distribution).where(own)))
        return found

    def in_catalog(self, catalog: str, after: str) -> list[Wanted]:
        """The ASKED distributions of a catalog that come after one by their names, in order."""
        of = DataCheckRow
        asked = (
            select(of.distribution, of.dataset)
            .where(of.catalog == catalog, of.distribution > after)
            .order_by(of.distribution)
            .limit(ASKED)
        )
        with Session(self._engine) as session:
            return [Wanted(r.distribution, r.dataset, catalog) for r in session.execute(asked)]

    def forget(self, distributions: Iterable[str]) -> None:
        """Check some distributions no longer, and keep nothing of what was found; at most ASKED."""
        named = DataCheckRow.distribution.in_(list(distributions))
        with Session(self._engine) as session, session.begin():
            session.execute(delete(DataCheckRow).where(named))

    def of_catalog(self, catalog: str, *, limit: int, offset: int = 0) -> list[DataCheck]:
        """A page of the checks of a catalog, those with most to correct first, without reports."""
        asked = (
            select(DataCheckRow)
            .options(defer(DataCheckRow.report))
            .where(DataCheckRow.catalog == catalog)
            .order_by(DataCheckRow.violations.desc(), DataCheckRow.distribution)
        )
        with Session(self._engine) as session:
            rows = session.scalars(asked.limit(limit).offset(offset))
            return [_check(row, with_report=False) for row in rows]

    def count(self, catalog: str) -> int:
        """How many distributions of a catalog were checked or wait for it."""
        asked = select(func.count()).where(DataCheckRow.catalog == catalog)
        with Session(self._engine) as session:
            return session.scalar(asked) or 0

    def averages(self, catalog: str) -> Standing:
        """The mean scores of the files of a catalog, and how many places are to be corrected."""
        of = DataCheckRow
        means = [
            func.avg(column) for column in (of.values_score, of.metadata_score, of.management_score)
        ]
        asked = select(func.sum(of.violations), *means).where(of.catalog == catalog)
        with Session(self._engine) as session:
            violations, *scores = session.execute(asked).one()
        return Standing(violations or 0, *(None if s is None else round(s, 1) for s in scores))

    def find(self, distribution: str) -> DataCheck | None:
        """The check of a distribution, None when there never was one."""
        with Session(self._engine) as session:
            row = session.get(DataCheckRow, str(distribution))
            return None if row is None else _check(row)

    def columns(self, distribution: str) -> dict[str, tuple[str, str]]:
        """The columns that are declared to hold concepts: the vocabulary of each, and by what."""
        asked = select(DataColumnRow).where(DataColumnRow.distribution == distribution)
        with Session(self._engine) as session:
            rows = session.scalars(asked.order_by(DataColumnRow.name))
            return {row.name: (row.scheme, row.by) for row in rows}

    def declare(self, distribution: str, name: str, scheme: str, by: str) -> None:
        """Declare a column to hold concepts of a vocabulary; not any longer when that is "".

        Raises InvalidError for too many.
        """
        known = self.columns(distribution)
        if scheme and name not in known and len(known) >= MOST_COLUMNS:
            raise InvalidError(
                "At most %(most_columns)s columns of a file hold concepts.",
                most_columns=MOST_COLUMNS,
            )
        with Session(self._engine) as session, session.begin():
            if scheme:
                row = {"scheme": scheme, "by": by}
                insert = insert_into(session, DataColumnRow)
                added = insert.values(distribution=distribution, name=name, **row)
                keys = [DataColumnRow.distribution, DataColumnRow.name]
                session.execute(added.on_conflict_do_update(index_elements=keys, set_=row))
                return
            own = DataColumnRow.distribution == distribution
            session.execute(delete(DataColumnRow).where(own, DataColumnRow.name == name))


def _held(session: Session, distributions: Sequence[str]) -> dict[str, DataCheckRow]:
    """The rows of those distributions that have one, without their reports."""
    found: dict[str, DataCheckRow] = {}
    for start in range(0, len(distributions), ASKED):
        some = distributions[start : start + ASKED]
        asked = select(DataCheckRow).where(DataCheckRow.distribution.in_(some))
        rows = session.scalars(asked.options(defer(DataCheckRow.report)))
        found |= {row.distribution: row for row in rows}
    return found


def _add(session: Session, fresh: Sequence[Wanted], account: str, now: datetime) -> int:
    """Add checks that wait; how many were not added by somebody else at the same moment."""
    added = 0
    for start in range(0, len(fresh), ASKED):
        rows = [
            {
                "distribution": str(one.distribution),
                "dataset": str(one.dataset),
                "catalog": one.catalog,
                "account": account,
                "asked": now,
                "state": State.WAITING.value,
                "url": "",
                "violations": 0,
            }
            for one in fresh[start : start + ASKED]
        ]
        insert = insert_into(session, DataCheckRow).values(rows).on_conflict_do_nothing()
        added += len(session.execute(insert.returning(DataCheckRow.distribution)).all())
    return added


def _check(row: DataCheckRow, *, with_report: bool = True) -> DataCheck:
    return DataCheck(
        row.distribution,
        row.dataset,
        State(row.state),
        row.asked,
        row.account,
        row.catalog,
        row.started,
        row.ended,
        row.url,
        row.report if with_report else None,
        Standing(row.violations, row.values_score, row.metadata_score, row.management_score),
    )
