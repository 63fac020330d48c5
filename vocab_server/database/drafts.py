"""Drafts as the database keeps them: which there are, in which state, and who took each step."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rdflib import URIRef
from sqlalchemy import ColumnElement, Engine, func, select, update
from sqlalchemy.orm import Session

from vocab_server.database.draft_models import (
    DraftChangeRow,
    DraftReviewRow,
    DraftRow,
    PolicyRow,
)
from vocab_server.errors import ConflictError, NotFoundError


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of one vocabulary, at the moment it was read.

    ``base`` is the number of the published change that it starts from, ``generation`` counts its
    bases, ``published`` is the number of the change it became.
    """

    id: int
    graph: URIRef
    title: str
    purpose: str
    state: str
    author: str
    base: int
    generation: int
    created: datetime
    modified: datetime
    scheduled: datetime | None
    scheduled_by: str | None
    published: int | None


@dataclass(frozen=True, slots=True)
class Review:
    """A step of a draft: ``verdict`` is the state that it led to."""

    author: str
    time: datetime
    verdict: str
    text: str


class DraftTable:
    """The drafts of all vocabularies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(
        self, graph: URIRef, title: str, purpose: str, author: str, base: int, state: str
    ) -> Draft:
        """A new draft without changes."""
        now = datetime.now(UTC)
        row = DraftRow(
            graph=str(graph),
            title=title,
            purpose=purpose,
            state=state,
            author=author,
            base=base,
            generation=1,
            created=now,
            modified=now,
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            return _draft(row)

    def get(self, identifier: int) -> Draft:
        """The draft with this id. Raises NotFoundError."""
        with Session(self._engine) as session:
            row = session.get(DraftRow, identifier)
            if row is None:
                raise NotFoundError("There is no draft %(draft)s.", draft=identifier)
            return _draft(row)

    def page(
        self,
        *,
        graph: URIRef | None = None,
        graphs: Collection[URIRef] | None = None,
        states: Sequence[str] = (),
        author: str | None = None,
        limit: int,
        offset: int = 0,
    ) -> tuple[list[Draft], int]:
        """A page of the chosen drafts, that which was worked on last first, and how many."""
        chosen: list[ColumnElement[bool]] = []
        if graphs is not None:
            chosen.append(DraftRow.graph.in_(sorted(map(str, graphs))))
        if graph is not None:
            chosen.append(DraftRow.graph == str(graph))
        if states:
            chosen.append(DraftRow.state.in_(states))
        if author is not None:
            chosen.append(DraftRow.author == author)
        rows = select(DraftRow).where(*chosen).order_by(DraftRow.modified.desc(), DraftRow.id)
        with Session(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(DraftRow).where(*chosen)) or 0
            return [_draft(row) for row in session.scalars(rows.limit(limit).offset(offset))], total

    def due(self, state: str, now: datetime) -> list[int]:
        """The drafts in this state whose time has come, that which waits longest first."""
        chosen = (
            select(DraftRow.id)
            .where(DraftRow.state == state, DraftRow.scheduled <= now)
            .order_by(DraftRow.scheduled, DraftRow.id)
        )
        with Session(self._engine) as session:
            return list(session.scalars(chosen))

    def change(self, draft: Draft, **columns: Any) -> Draft:
        """The draft with other values in some columns.

        Raises ConflictError when its state or base is no longer what the caller read.
        """
        with Session(self._engine) as session, session.begin():
            change_row(session, draft, **columns)
        return self.get(draft.id)

    def step(self, draft: Draft, verdict: str, author: str, text: str, **columns: Any) -> Draft:
        """The draft in another state, with who brought it there and what they said.

        Raises ConflictError when its state or base is no longer what the caller read.
        """
        with Session(self._engine) as session, session.begin():
            record_step(session, draft, verdict, author, text, **columns)
        return self.get(draft.id)

    def reviews(self, draft: int) -> list[Review]:
        """The steps of a draft, oldest first."""
        chosen = select(DraftReviewRow).where(DraftReviewRow.draft == draft)
        with Session(self._engine) as session:
            return [
                Review(row.author, row.time, row.verdict, row.text)
                for row in session.scalars(chosen.order_by(DraftReviewRow.id))
            ]

    def authors(self, draft: Draft) -> list[str]:
        """Who made the draft or a change in it, each once, in the order of their names."""
        chosen = select(DraftChangeRow.author).where(DraftChangeRow.draft == draft.id).distinct()
        with Session(self._engine) as session:
            return sorted({draft.author, *session.scalars(chosen)})

    def allows_own_approval(self, graph: URIRef) -> bool:
        """Whether who worked on a draft of this vocabulary may approve it."""
        with Session(self._engine) as session:
            row = session.get(PolicyRow, str(graph))
            return row is not None and row.allows_own_approval

    def allow_own_approval(self, graph: URIRef, allowed: bool) -> None:
        """Set whether who worked on a draft of this vocabulary may approve it."""
        with Session(self._engine) as session, session.begin():
            session.merge(PolicyRow(graph=str(graph), allows_own_approval=allowed))


def change_row(session: Session, draft: Draft, **columns: Any) -> None:
    """Change a draft's row as long as state and base are what the caller read.

    Raises ConflictError when they are not.
    """
    chosen = update(DraftRow).where(
        DraftRow.id == draft.id,
        DraftRow.state == draft.state,
        DraftRow.generation == draft.generation,
    )
    changed = session.connection().execute(
        chosen.values({"modified": datetime.now(UTC), **columns})
    )
    if not changed.rowcount:
        raise ConflictError(
            "Draft %(draft)s was changed by somebody else meanwhile. Look again.", draft=draft.id
        )


def record_step(
    session: Session, draft: Draft, verdict: str, author: str, text: str, **columns: Any
) -> None:
    """Bring a draft into the state ``verdict``. Raises ConflictError as ``change_row`` does."""
    change_row(session, draft, state=verdict, **columns)
    now = datetime.now(UTC)
    session.add(DraftReviewRow(draft=draft.id, author=author, time=now, verdict=verdict, text=text))


def _draft(row: DraftRow) -> Draft:
    return Draft(
        id=row.id,
        graph=URIRef(row.graph),
        title=row.title,
        purpose=row.purpose,
        state=row.state,
        author=row.author,
        base=row.base,
        generation=row.generation,
        created=row.created,
        modified=row.modified,
        scheduled=row.scheduled,
        scheduled_by=row.scheduled_by,
        published=row.published,
    )
