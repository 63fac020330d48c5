"""Who looks after the findings of checks, and what people say about them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import URIRef
from sqlalchemy import Delete, Engine, delete, func, select
from sqlalchemy.orm import Session

from vocab_server.database.inserting import insert_into
from vocab_server.database.quality_models import FindingCommentRow, FindingTaskRow
from vocab_server.errors import InvalidError

LONGEST = 2_000  # characters of a comment
SHOWN = 200  # comments on a finding
MOST = 10_000  # tasks of a vocabulary that are listed


@dataclass(frozen=True, slots=True)
class Named:
    """A finding as tables name it: its identity, the id of its check, what it is about."""

    graph: URIRef
    identity: str
    check: str
    focus: str


@dataclass(frozen=True, slots=True)
class FindingComment:
    """What somebody said about a finding."""

    author: str
    time: datetime
    text: str


class FindingTable:
    """The tasks and comments of all vocabularies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def assign(self, finding: Named, assignee: str, author: str) -> None:
        """Let an account look after a finding; nobody for ""."""
        row = {
            "check_id": finding.check,
            "focus": finding.focus,
            "assignee": assignee,
            "author": author,
            "time": datetime.now(UTC),
        }
        keys = [FindingTaskRow.graph, FindingTaskRow.identity]
        with Session(self._engine) as session, session.begin():
            if not assignee:
                session.execute(_task(finding.graph, finding.identity))
                return
            insert = insert_into(session, FindingTaskRow)
            added = insert.values(graph=str(finding.graph), identity=finding.identity, **row)
            session.execute(added.on_conflict_do_update(index_elements=keys, set_=row))

    def assignees(self, graph: URIRef, identities: Collection[str]) -> dict[str, str]:
        """Who looks after some findings, at most a page of them; others are left out."""
        rows = select(FindingTaskRow.identity, FindingTaskRow.assignee).where(
            FindingTaskRow.graph == str(graph), FindingTaskRow.identity.in_(identities)
        )
        with Session(self._engine) as session:
            return {row.identity: row.assignee for row in session.execute(rows)}

    def all_assignees(self, graph: URIRef) -> dict[str, str]:
        """Who looks after which findings of a vocabulary, at most MOST."""
        rows = (
            select(FindingTaskRow.identity, FindingTaskRow.assignee)
            .where(FindingTaskRow.graph == str(graph))
            .limit(MOST)
        )
        with Session(self._engine) as session:
            return {row.identity: row.assignee for row in session.execute(rows)}

    def of(self, assignee: str, *, limit: int, offset: int = 0) -> tuple[list[Named], int]:
        """A page of what an account looks after, newest first, and how much there is."""
        own = FindingTaskRow.assignee == assignee
        rows = select(FindingTaskRow).where(own).order_by(FindingTaskRow.time.desc())
        with Session(self._engine) as session:
            found = [
                Named(URIRef(row.graph), row.identity, row.check_id, row.focus)
                for row in session.scalars(rows.limit(limit).offset(offset))
            ]
            count = select(func.count()).select_from(FindingTaskRow).where(own)
            return found, session.scalar(count) or 0

    def comment(self, finding: Named, author: str, text: str) -> None:
        """Say something about a finding. Raises InvalidError for no text and a too long one."""
        if not text.strip():
            raise InvalidError("The comment is empty. Write what you want to say.")
        if len(text) > LONGEST:
            raise InvalidError(
                "The comment is longer than %(longest)s characters. Shorten it.", longest=LONGEST
            )
        row = FindingCommentRow(
            graph=str(finding.graph),
            identity=finding.identity,
            check_id=finding.check,
            focus=finding.focus,
            author=author,
            time=datetime.now(UTC),
            text=text.strip(),
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)

    def comments(self, graph: URIRef, identity: str) -> list[FindingComment]:
        """What was said about a finding, oldest first, the newest SHOWN."""
        rows = (
            select(FindingCommentRow)
            .where(FindingCommentRow.graph == str(graph), FindingCommentRow.identity == identity)
            .order_by(FindingCommentRow.id.desc())
            .limit(SHOWN)
        )
        with Session(self._engine) as session:
            found = [FindingComment(r.author, r.time, r.text) for r in session.scalars(rows)]
        return found[::-1]

    def known(self, graph: URIRef, identity: str) -> Named | None:
        """A finding that somebody looked after or spoke of, which may be mended since."""
        comments = select(FindingCommentRow).where(
            FindingCommentRow.graph == str(graph), FindingCommentRow.identity == identity
        )
        with Session(self._engine) as session:
            row: FindingTaskRow | FindingCommentRow | None
            row = session.get(FindingTaskRow, (str(graph), identity))
            row = row or session.scalars(comments.limit(1)).first()
            return Named(graph, identity, row.check_id, row.focus) if row else None


def _task(graph: URIRef, identity: str) -> Delete:
    return delete(FindingTaskRow).where(
        FindingTaskRow.graph == str(graph), FindingTaskRow.identity == identity
    )
