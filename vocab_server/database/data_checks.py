"""Checks of data: which are asked for, how far each has come, and what the last one found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import Session

from vocab_server.database.data_models import DataCheckRow, DataColumnRow
from vocab_server.errors import InvalidError

LOST = timedelta(minutes=15)  # after which a check that was begun is begun anew
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
class DataCheck:
    """A check of a distribution; see DataCheckRow. ``ended`` and ``report`` are the last one's."""

    distribution: str
    dataset: str
    state: State
    asked: datetime
    account: str
    started: datetime | None
    ended: datetime | None
    url: str
    report: Mapping[str, Any] | None


class DataChecks:
    """The checks, one for each distribution that was ever checked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, distribution: str, dataset: str, account: str, now: datetime) -> None:
        """Check a distribution as soon as the background comes to it; what is known stays."""
        with Session(self._engine) as session, session.begin():
            row = session.get(DataCheckRow, distribution)
            if row is not None and row.state != State.DONE:
                return
            if row is None:
                row = DataCheckRow(distribution=str(distribution), url="", report=None)
                session.add(row)
            row.dataset, row.account, row.asked = str(dataset), account, now
            row.state = State.WAITING

    def take(self, now: datetime) -> DataCheck | None:
        """The check that waits longest, which is begun with this; None when none waits.

        One that was begun and never ended is begun anew after LOST.
        """
        ready = or_(
            DataCheckRow.state == State.WAITING,
            DataCheckRow.state.in_(_RUNNING) & (DataCheckRow.started < now - LOST),
        )
        first = select(DataCheckRow).where(ready).order_by(DataCheckRow.asked).limit(1)
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

    def finish(self, distribution: str, url: str, report: Mapping[str, Any], now: datetime) -> None:
        """Keep what a check found."""
        chosen = update(DataCheckRow).where(DataCheckRow.distribution == distribution)
        with Session(self._engine) as session, session.begin():
            session.execute(chosen.values(state=State.DONE, url=url, report=report, ended=now))

    def find(self, distribution: str) -> DataCheck | None:
        """The check of a distribution, None when there never was one."""
        return self.find_all([distribution]).get(str(distribution))

    def find_all(self, distributions: Collection[str]) -> dict[str, DataCheck]:
        """The checks of some distributions of which there were any."""
        asked = select(DataCheckRow).where(
            DataCheckRow.distribution.in_(list(map(str, distributions)))
        )
        with Session(self._engine) as session:
            return {row.distribution: _check(row) for row in session.scalars(asked)}

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
            raise InvalidError(f"At most {MOST_COLUMNS} columns of a file hold concepts.")
        with Session(self._engine) as session, session.begin():
            if scheme:
                session.merge(
                    DataColumnRow(distribution=distribution, name=name, scheme=scheme, by=by)
                )
                return
            own = DataColumnRow.distribution == distribution
            session.execute(delete(DataColumnRow).where(own, DataColumnRow.name == name))


def _check(row: DataCheckRow) -> DataCheck:
    return DataCheck(
        row.distribution,
        row.dataset,
        State(row.state),
        _aware(row.asked),
        row.account,
        _aware(row.started) if row.started else None,
        _aware(row.ended) if row.ended else None,
        row.url,
        row.report,
    )


def _aware(time: datetime) -> datetime:
    """A time with its zone, which SQLite forgets."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time
