"""The change log of a draft: what was published up to its base, then its own changes."""

from collections.abc import Callable, Iterator, Sequence

from rdflib import URIRef
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from vocab_server.database.draft_models import DraftChangePart, DraftChangeRow
from vocab_server.database.drafts import Draft
from vocab_server.database.log import (
    PARTS,
    Block,
    ChangeLog,
    Details,
    LoggedChange,
    Within,
    description,
    fill,
    logged,
    refuse_passed,
    together,
    unpacked,
)
from vocab_server.errors import NotFoundError
from vocab_server.rdf.change import Patch

Shorten = Callable[[LoggedChange], Patch]
Extra = tuple[Patch, str, str, Details]


class DraftLog:
    """The log that a draft's projections are made from, as ChangeLog is that of the published.

    Numbers go on from the draft's base: its first change has the number after it. All changes are
    of the draft's own graph.
    """

    def __init__(self, engine: Engine, draft: Draft) -> None:
        self._engine = engine
        self._published = ChangeLog(engine)
        self._draft = draft
        self._own = (
            DraftChangeRow.draft == draft.id,
            DraftChangeRow.generation == draft.generation,
        )

    def append(
        self,
        patches: Sequence[Patch],
        author: str,
        message: str,
        details: Details | None = None,
        within: Within | None = None,
        after: int | None = None,
    ) -> int:
        """See ChangeLog."""
        number = 0
        with together(self._engine) as session:
            refuse_passed(self._draft.base + self._count(session), after)
            for patch in patches:
                number = self._append(session, patch, author, message, details)
            if within:
                within(session, number)
        return number

    def begin(
        self, changes: Sequence[LoggedChange], shorten: Shorten, last: Extra | None, within: Within
    ) -> None:
        """Fill the empty log of a new generation with changes, all in one transaction.

        ``shorten`` gives what is left of each; ``last`` is one change more: its patch, author,
        message and details.
        """
        with Session(self._engine) as session, session.begin():
            for position, change in enumerate(changes, 1):
                self._copy(session, position, change, shorten(change))
            if last is not None:
                self._append(session, *last)
            within(session, self._draft.base + len(changes))

    def _copy(self, session: Session, position: int, change: LoggedChange, patch: Patch) -> None:
        row = DraftChangeRow(
            draft=self._draft.id,
            generation=self._draft.generation,
            position=position,
            author=change.author,
            message=change.message,
            time=change.time,
            details=dict(change.details) or None,
        )
        session.add(row)
        session.flush()
        fill(session, row, row.id, DraftChangePart, patch)

    def _append(
        self, session: Session, patch: Patch, author: str, message: str, details: Details | None
    ) -> int:
        if patch.graph != self._draft.graph:
            raise ValueError(f"Draft {self._draft.id} is of {self._draft.graph} only.")
        position = self._count(session) + 1
        row = DraftChangeRow(
            draft=self._draft.id,
            generation=self._draft.generation,
            position=position,
            **description(author, message, details),
        )
        session.add(row)
        session.flush()
        fill(session, row, row.id, DraftChangePart, patch)
        return self._draft.base + position

    def last(self) -> int:
        """The number of the newest change; the base when there is none of its own."""
        with Session(self._engine) as session:
            return self._draft.base + self._count(session)

    def get(self, number: int) -> LoggedChange:
        """A change of the draft's own. Raises NotFoundError."""
        position = number - self._draft.base
        own = select(DraftChangeRow).where(*self._own, DraftChangeRow.position == position)
        with Session(self._engine) as session:
            row = session.scalar(own)
            if row is None:
                raise NotFoundError(
                    "Draft %(draft)s has no change %(position)s.",
                    draft=self._draft.id,
                    position=position,
                )
            return self._logged(row)

    def since(self, number: int, *, until: int | None = None) -> list[LoggedChange]:
        """See ChangeLog."""
        base = self._draft.base
        last = base if until is None else min(base, until)
        published = self._published.since(number, until=last) if number < last else []
        own = (
            select(DraftChangeRow)
            .where(*self._between(number, until))
            .order_by(DraftChangeRow.position)
        )
        with Session(self._engine) as session:
            return [*published, *(self._logged(row) for row in session.scalars(own))]

    def page(self, *, limit: int, offset: int = 0) -> tuple[list[LoggedChange], int]:
        """A page of the draft's own changes, oldest first, and how many there are."""
        own = select(DraftChangeRow).where(*self._own).order_by(DraftChangeRow.position)
        with Session(self._engine) as session:
            return [
                self._logged(row) for row in session.scalars(own.limit(limit).offset(offset))
            ], self._count(session)

    def stream(self, number: int, *, until: int | None = None) -> Iterator[Block]:
        """See ChangeLog."""
        base = self._draft.base
        if number < base:
            last = base if until is None else min(base, until)
            yield from self._published.stream(number, until=last)
        found = (
            select(DraftChangeRow.position, DraftChangePart.is_removal, DraftChangePart.lines)
            .join_from(DraftChangePart, DraftChangeRow)
            .where(*self._between(number, until))
            .order_by(DraftChangeRow.position, DraftChangePart.position)
            .execution_options(yield_per=PARTS)
        )
        with Session(self._engine) as session, session.execute(found) as rows:
            for position, is_removal, packed in rows:
                yield is_removal, unpacked(packed, base + position)

    def blocks(self, number: int, *, is_removal: bool) -> Iterator[bytes]:
        """See ChangeLog."""
        chosen = (
            select(DraftChangePart.lines)
            .join(DraftChangeRow)
            .where(
                *self._own,
                DraftChangeRow.position == number - self._draft.base,
                DraftChangePart.is_removal == is_removal,
            )
            .order_by(DraftChangePart.position)
        )
        chosen = chosen.execution_options(yield_per=1)
        with Session(self._engine) as session, session.scalars(chosen) as found:
            for packed in found:
                yield unpacked(packed, number)

    def _between(self, number: int, until: int | None) -> Iterator[ColumnElement[bool]]:
        yield from self._own
        yield DraftChangeRow.position > max(0, number - self._draft.base)
        if until is not None:
            yield DraftChangeRow.position <= until - self._draft.base

    def _count(self, session: Session) -> int:
        return session.scalar(select(func.max(DraftChangeRow.position)).where(*self._own)) or 0

    def _logged(self, row: DraftChangeRow) -> LoggedChange:
        return logged(self, row, self._draft.base + row.position, URIRef(self._draft.graph))
