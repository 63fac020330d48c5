"""What is known of assets besides what is public, and what people asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from vocab_server.database.asset_models import AssetRow, DataRequestRow


@dataclass(frozen=True, slots=True)
class AssetNote:
    """See AssetRow; ``checks`` are in order."""

    iri: str
    catalog: str
    account: str
    changed: datetime
    hidden: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What somebody asked for; see DataRequestRow."""

    concept: str
    text: str
    email: str
    time: datetime


class Assets:
    """The notes on assets."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, iri: str) -> AssetNote | None:
        """The note on an asset, or None."""
        with Session(self._engine) as session:
            return find_note(session, iri)

    def hidden(self, catalog: str, limit: int) -> list[AssetNote]:
        """Assets of a catalog that are internal, by IRI."""
        asked = select(AssetRow).where(AssetRow.catalog == catalog, AssetRow.hidden != "")
        with Session(self._engine) as session:
            return [
                _note(row) for row in session.scalars(asked.order_by(AssetRow.iri).limit(limit))
            ]

    def count_hidden(self) -> dict[str, int]:
        """How many internal assets each catalog has."""
        asked = select(AssetRow.catalog, func.count()).where(AssetRow.hidden != "")
        with Session(self._engine) as session:
            rows = session.execute(asked.group_by(AssetRow.catalog))
            return {row[0]: row[1] for row in rows}

    def last_changes(self) -> dict[str, datetime]:
        """When something was last entered in each catalog."""
        asked = select(AssetRow.catalog, func.max(AssetRow.changed).label("changed"))
        with Session(self._engine) as session:
            rows = session.execute(asked.group_by(AssetRow.catalog))
            return {row.catalog: row.changed for row in rows}

    def keep(self, *notes: AssetNote) -> None:
        """Keep notes, in place of earlier ones."""
        with Session(self._engine) as session, session.begin():
            keep_notes(session, notes)


class DataRequests:
    """What people asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, request: DataRequest) -> None:
        """Keep what somebody asked for."""
        with Session(self._engine) as session, session.begin():
            session.add(
                DataRequestRow(
                    concept=request.concept,
                    text=request.text,
                    email=request.email,
                    time=request.time,
                )
            )

    def counts(self, limit: int) -> list[tuple[str, int]]:
        """The concepts that most is asked for under, the most frequent first."""
        number = func.count()
        asked = select(DataRequestRow.concept, number).group_by(DataRequestRow.concept)
        with Session(self._engine) as session:
            rows = session.execute(
                asked.order_by(number.desc(), DataRequestRow.concept).limit(limit)
            )
            return [(concept, count) for concept, count in rows]

    def count(self, concept: str) -> int:
        """How many asked for data under a concept itself."""
        asked = select(func.count()).where(DataRequestRow.concept == concept)
        with Session(self._engine) as session:
            return session.scalar(asked) or 0

    def under(self, concepts: Collection[str], limit: int) -> list[DataRequest]:
        """What was asked for under some concepts, the newest first."""
        asked = select(DataRequestRow).where(DataRequestRow.concept.in_(concepts))
        with Session(self._engine) as session:
            rows = session.scalars(asked.order_by(DataRequestRow.id.desc()).limit(limit))
            return [DataRequest(r.concept, r.text, r.email, r.time) for r in rows]


def find_note(session: Session, iri: str) -> AssetNote | None:
    """The note on an asset as a transaction sees it, or None."""
    row = session.get(AssetRow, iri)
    return _note(row) if row else None


def keep_notes(session: Session, notes: Sequence[AssetNote]) -> None:
    """Keep notes in a transaction that somebody else ends."""
    for note in notes:
        session.merge(
            AssetRow(
                iri=note.iri,
                catalog=note.catalog,
                hidden=note.hidden,
                checks=" ".join(note.checks),
                account=note.account,
                changed=note.changed,
            )
        )


def _note(row: AssetRow) -> AssetNote:
    return AssetNote(
        iri=row.iri,
        catalog=row.catalog,
        account=row.account,
        changed=row.changed,
        hidden=row.hidden,
        checks=tuple(row.checks.split()),
    )
