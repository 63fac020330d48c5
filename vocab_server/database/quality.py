"""What each vocabulary asks for in quality, and the findings that somebody accepted."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from rdflib import URIRef
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from vocab_server.database.inserting import insert_into
from vocab_server.database.quality_models import QualityExceptionRow, QualitySettingsRow
from vocab_server.errors import InvalidError, NotFoundError

Noting = Callable[[Session], None]  # writes down, in the same transaction, who did it
LONGEST = 2_000  # characters of a reason
MOST = 10_000  # exceptions in a vocabulary


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """``levels`` of checks that are not as usual, and ``languages`` that concepts must have."""

    levels: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that stops nothing; all findings of the check when ``identity`` is ""."""

    id: int
    check: str
    identity: str
    focus: str
    reason: str
    author: str
    time: datetime
    expires: date | None


def _not_noted(_session: Session) -> None:
    """Nobody did it: a program or a test."""


class QualityTable:
    """The settings and exceptions of all vocabularies, which are named by their graphs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settings(self, graph: URIRef) -> QualitySettings:
        """What a vocabulary asks for."""
        with Session(self._engine) as session:
            row = session.get(QualitySettingsRow, str(graph))
            if row is None:
                return QualitySettings()
            return QualitySettings(dict(row.levels), tuple(row.languages))

    def change(
        self,
        graph: URIRef,
        levels: Mapping[str, str],
        languages: Collection[str],
        noting: Noting = _not_noted,
    ) -> None:
        """Let a vocabulary ask for something else."""
        row = {"levels": dict(levels), "languages": sorted(set(languages))}
        with Session(self._engine) as session, session.begin():
            added = insert_into(session, QualitySettingsRow).values(graph=str(graph), **row)
            keys = [QualitySettingsRow.graph]
            session.execute(added.on_conflict_do_update(index_elements=keys, set_=row))
            noting(session)

    def exceptions(self, graph: URIRef, day: date | None = None) -> list[Accepted]:
        """What is accepted in a vocabulary on a day, today if it is not said; newest first."""
        today = day or datetime.now(UTC).date()
        rows = (
            select(QualityExceptionRow)
            .where(QualityExceptionRow.graph == str(graph))
            .order_by(QualityExceptionRow.id.desc())
            .limit(MOST)
        )
        with Session(self._engine) as session:
            found = map(_accepted, session.scalars(rows))
            return [one for one in found if one.expires is None or one.expires >= today]

    def accept(
        self,
        graph: URIRef,
        check: str,
        identity: str,
        focus: str,
        reason: str,
        author: str,
        expires: date | None = None,
        noting: Noting = _not_noted,
    ) -> None:
        """Accept a finding, or for an empty identity all of a check.

        Raises InvalidError without a reason, for one longer than LONGEST, and for a day that has
        passed.
        """
        if not reason.strip():
            raise InvalidError("Say why it is accepted.")
        if len(reason) > LONGEST:
            raise InvalidError(
                "The reason is longer than %(longest)s characters. Shorten it.", longest=LONGEST
            )
        if expires is not None and expires < datetime.now(UTC).date():
            raise InvalidError("The day until which it is accepted has passed.")
        row = QualityExceptionRow(
            graph=str(graph),
            check_id=check,
            identity=identity,
            focus=focus,
            reason=reason.strip(),
            author=author,
            time=datetime.now(UTC),
            expires=expires,
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)
            noting(session)

    def withdraw(self, graph: URIRef, identifier: int, noting: Noting = _not_noted) -> None:
        """Accept something no longer. Raises NotFoundError."""
        chosen = delete(QualityExceptionRow).where(
            QualityExceptionRow.graph == str(graph), QualityExceptionRow.id == identifier
        )
        with Session(self._engine) as session, session.begin():
            if not session.execute(chosen).rowcount:  # type: ignore[attr-defined]
                raise NotFoundError(
                    "There is no exception %(identifier)s in this vocabulary.",
                    identifier=identifier,
                )
            noting(session)


def _accepted(row: QualityExceptionRow) -> Accepted:
    return Accepted(
        id=row.id,
        check=row.check_id,
        identity=row.identity,
        focus=row.focus,
        reason=row.reason,
        author=row.author,
        time=row.time,
        expires=row.expires,
    )
