"""What people say about drafts, and about single concepts in them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import URIRef
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from vocab_server.database.draft_models import DraftCommentRow, DraftRow
from vocab_server.errors import InvalidError, NotFoundError

LONGEST = 20_000  # characters of a comment


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said; about the whole draft when ``concept`` is None."""

    id: int
    draft: int
    concept: URIRef | None
    author: str
    time: datetime
    text: str
    is_resolved: bool


class Comments:
    """The discussions of all drafts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, draft: int, author: str, text: str, concept: URIRef | None = None) -> Comment:
        """Say something about a draft or a concept in it.

        Raises NotFoundError when there is no such draft, and InvalidError for a text that is empty
        or longer than LONGEST.
        """
        if not text.strip():
            raise InvalidError("The comment is empty. Write what you want to say.")
        if len(text) > LONGEST:
            raise InvalidError(
                "The comment is longer than %(longest)s characters. Shorten it.", longest=LONGEST
            )
        row = DraftCommentRow(
            draft=draft,
            concept=str(concept) if concept is not None else None,
            author=author,
            time=datetime.now(UTC),
            text=text.strip(),
            resolved=False,
        )
        with Session(self._engine) as session, session.begin():
            if session.get(DraftRow, draft) is None:
                raise NotFoundError("There is no draft %(draft)s.", draft=draft)
            session.add(row)
            session.flush()
            return _comment(row)

    def page(
        self, draft: int, *, concept: URIRef | None = None, limit: int, offset: int = 0
    ) -> tuple[list[Comment], int]:
        """A page of what was said about a draft, or about one concept in it, and how much.

        Oldest first.
        """
        chosen = [DraftCommentRow.draft == draft]
        if concept is not None:
            chosen.append(DraftCommentRow.concept == str(concept))
        rows = select(DraftCommentRow).where(*chosen).order_by(DraftCommentRow.id)
        count = select(func.count()).select_from(DraftCommentRow).where(*chosen)
        with Session(self._engine) as session:
            found = [_comment(row) for row in session.scalars(rows.limit(limit).offset(offset))]
            return found, session.scalar(count) or 0

    def resolve(self, draft: int, comment: int, *, is_resolved: bool = True) -> Comment:
        """Mark what a comment asked for as done, or as open again. Raises NotFoundError."""
        with Session(self._engine) as session, session.begin():
            row = session.get(DraftCommentRow, comment)
            if row is None or row.draft != draft:
                raise NotFoundError(
                    "There is no comment %(comment)s in draft %(draft)s.",
                    comment=comment,
                    draft=draft,
                )
            row.resolved = is_resolved
            return _comment(row)


def _comment(row: DraftCommentRow) -> Comment:
    return Comment(
        id=row.id,
        draft=row.draft,
        concept=URIRef(row.concept) if row.concept is not None else None,
        author=row.author,
        time=row.time,
        text=row.text,
        is_resolved=row.resolved,
    )
