"""What the checks found in each vocabulary, over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import URIRef
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.database.quality_models import QualityRunRow


@dataclass(frozen=True, slots=True)
class QualityRun:
    """What each check (its id) found when change ``number`` was the newest of a vocabulary."""

    number: int
    time: datetime
    seconds: float
    counts: Mapping[str, int]


class QualityRuns:
    """The runs of all vocabularies, which are named by their graphs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, graph: URIRef, number: int, counts: Mapping[str, int], seconds: float) -> None:
        """Keep what was found; it replaces what was found in the same state before."""
        row = QualityRunRow(
            graph=str(graph),
            number=number,
            time=datetime.now(UTC),
            seconds=seconds,
            counts=dict(counts),
        )
        with Session(self._engine) as session, session.begin():
            session.merge(row)

    def newest(self, graph: URIRef, limit: int) -> list[QualityRun]:
        """The last runs, newest first."""
        rows = (
            select(QualityRunRow)
            .where(QualityRunRow.graph == str(graph))
            .order_by(QualityRunRow.number.desc())
            .limit(limit)
        )
        with Session(self._engine) as session:
            return list(map(_run, session.scalars(rows)))

    def at(self, graph: URIRef, number: int) -> QualityRun | None:
        """The last run of a state that is no newer than a number in the log."""
        rows = (
            select(QualityRunRow)
            .where(QualityRunRow.graph == str(graph), QualityRunRow.number <= number)
            .order_by(QualityRunRow.number.desc())
            .limit(1)
        )
        with Session(self._engine) as session:
            row = session.scalars(rows).first()
            return None if row is None else _run(row)


def _run(row: QualityRunRow) -> QualityRun:
    return QualityRun(row.number, row.time, row.seconds, dict(row.counts))
