"""The change log: the truth that the store and the search index are made from."""

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, repeat
from typing import Any, Protocol

from rdflib import URIRef
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from vocab_server.database import is_shared
from vocab_server.database.announcing import announce
from vocab_server.database.models import ChangeColumns, ChangePart, ChangeRow, PartColumns
from vocab_server.database.withdrawn import refuse_withdrawn
from vocab_server.errors import ConflictError, NotFoundError, StoreUnavailableError
from vocab_server.rdf.change import Patch

LARGEST = 2**31 - 1  # number that a change can have
PARTS = 8  # blocks that are in memory at a time
PASSED = "Somebody else changed something at this moment. Look at it as it is now and try again."
LEVEL = 1  # of zlib: a tenth of the size at 90 MB/s

Details = Mapping[str, Any]  # what JSON can hold
Within = Callable[[Session, int], None]  # more to do in the transaction that keeps a change
Block = tuple[bool, bytes]  # whether the lines were removed, and the lines


class Blocks(Protocol):
    """Where the statements of numbered changes are kept."""

    def blocks(self, number: int, *, is_removal: bool) -> Iterator[bytes]:
        """The statements that a change adds or removes. Raises StoreUnavailableError."""


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change as the log keeps it; a Patch whose blocks are read from the database."""

    log: Blocks
    number: int
    graph: URIRef
    author: str
    message: str
    time: datetime
    added: int
    removed: int
    checksum: str
    details: Details

    def added_blocks(self) -> Iterator[bytes]:
        """See Patch. Raises StoreUnavailableError when the row is damaged."""
        return self.log.blocks(self.number, is_removal=False)

    def removed_blocks(self) -> Iterator[bytes]:
        """See Patch. Raises StoreUnavailableError when the row is damaged."""
        return self.log.blocks(self.number, is_removal=True)


class ChangeLog:
    """Changes in the order in which they were committed, numbered from 1 without end."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(
        self,
        patches: Sequence[Patch],
        author: str,
        message: str,
        details: Details | None = None,
        within: Within | None = None,
        after: int | None = None,
    ) -> int:
        """Keep the patches for good, all of them or none; the number of the last one.

        When this returns the change survives power loss. ``within`` is called before the end of
        the transaction, with the number. Raises ConflictError when one would bring back what was
        withdrawn, and when the last change is not that of the number ``after``.
        """
        about = description(author, message, details)
        number = 0
        with together(self._engine) as session:
            refuse_withdrawn(session, patches)
            next_numbers = self._next(session, after)
            for patch in patches:
                row = ChangeRow(number=next(next_numbers), graph=str(patch.graph), **about)
                session.add(row)
                session.flush()
                fill(session, row, row.number, ChangePart, patch)
                number = row.number
            announce(session)
            if within:
                within(session, number)
        return number

    def _next(self, session: Session, after: int | None) -> Iterator[int | None]:
        """The numbers to give; None for those that the database gives.

        PostgreSQL's own would leave gaps. That one is given once shuts out a writer whose turn
        ended unnoticed.
        """
        last = session.scalar(select(func.max(ChangeRow.number))) or 0
        refuse_passed(last, after)
        return count(last + 1) if is_shared(self._engine) else repeat(None)

    def last(self) -> int:
        """The number of the newest change; 0 when there is none."""
        with Session(self._engine) as session:
            return session.scalar(select(func.max(ChangeRow.number))) or 0

    def last_of(self, graph: URIRef, until: int) -> int:
        """The number of the newest change of a graph up to and with ``until``, 0 without one."""
        newest = select(func.max(ChangeRow.number)).where(
            ChangeRow.graph == str(graph), ChangeRow.number <= until
        )
        with Session(self._engine) as session:
            return session.scalar(newest) or 0

    def get(self, number: int) -> LoggedChange:
        """The change with this number. Raises NotFoundError."""
        with Session(self._engine) as session:
            row = session.get(ChangeRow, number)
            if row is None:
                raise NotFoundError("There is no change %(number)s.", number=number)
            return self._logged(row)

    def since(
        self, number: int, *, until: int | None = None, graph: URIRef | None = None
    ) -> list[LoggedChange]:
        """The changes after this number, oldest first, without their statements.

        Up to and with ``until``, and only those of ``graph``, where these are given.
        """
        newer = select(ChangeRow).where(*_between(number, until, graph)).order_by(ChangeRow.number)
        with Session(self._engine) as session:
            return [self._logged(row) for row in session.scalars(newer)]

    def stream(
        self, number: int, *, until: int | None = None, graph: URIRef | None = None
    ) -> Iterator[Block]:
        """The statements of all changes that ``since`` lists, in order.

        Raises StoreUnavailableError when a block is damaged.
        """
        found = (
            select(ChangePart.change, ChangePart.is_removal, ChangePart.lines)
            .join(ChangeRow)
            .where(*_between(number, until, graph))
            .order_by(ChangePart.change, ChangePart.position)
        )
        found = found.execution_options(yield_per=PARTS)
        with Session(self._engine) as session, session.execute(found) as rows:
            for change, is_removal, packed in rows:
                yield is_removal, unpacked(packed, change)

    def size(self, number: int, *, until: int, graph: URIRef) -> tuple[int, int]:
        """How many statements the changes that ``since`` lists add, and how many they remove."""
        sums = select(func.sum(ChangeRow.added), func.sum(ChangeRow.removed))
        with Session(self._engine) as session:
            added, removed = session.execute(sums.where(*_between(number, until, graph))).one()
            return added or 0, removed or 0

    def newest(
        self, graph: URIRef, *, until: int, limit: int, offset: int = 0
    ) -> tuple[list[LoggedChange], int]:
        """A page of the changes of a graph, newest first, and how many there are.

        Up to the change ``until``, that one too; without their statements.
        """
        chosen = [ChangeRow.graph == str(graph), ChangeRow.number <= until]
        rows = select(ChangeRow).where(*chosen).order_by(ChangeRow.number.desc())
        with Session(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(ChangeRow).where(*chosen)) or 0
            found = session.scalars(rows.limit(limit).offset(offset))
            return [self._logged(row) for row in found], total

    def numbered(self, numbers: Collection[int]) -> dict[int, LoggedChange]:
        """The changes with these numbers, without their statements; at most some hundreds."""
        with Session(self._engine) as session:
            rows = session.scalars(select(ChangeRow).where(ChangeRow.number.in_(numbers)))
            return {row.number: self._logged(row) for row in rows}

    def number_at(self, time: datetime) -> int:
        """The number of the last change that was there at a time; 0 before the first."""
        newest = select(func.max(ChangeRow.number)).where(ChangeRow.time <= time)
        with Session(self._engine) as session:
            return session.scalar(newest) or 0

    def block(self, number: int, position: int) -> Block:
        """One block of the statements of a change.

        Raises NotFoundError when there is none, StoreUnavailableError when it is damaged.
        """
        with Session(self._engine) as session:
            part = session.get(ChangePart, {"change": number, "position": position})
            if part is None:
                raise NotFoundError(
                    "Change %(number)s has no block %(position)s.", number=number, position=position
                )
            return part.is_removal, unpacked(part.lines, number)

    def page(
        self,
        graphs: Sequence[URIRef],
        *,
        after: int | datetime = 0,
        until: int | datetime | None = None,
        limit: int,
        offset: int = 0,
    ) -> tuple[list[LoggedChange], int]:
        """A page of the changes of some graphs after a number or a time, and how many there are.

        Up to the number or time ``until``, that one too. Oldest first, without their statements.
        """
        chosen = [
            ChangeRow.graph.in_([str(graph) for graph in graphs]),
            _column(after) > _bounded(after),
        ]
        if until is not None:
            chosen.append(_column(until) <= _bounded(until))
        rows = select(ChangeRow).where(*chosen).order_by(ChangeRow.number)
        with Session(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(ChangeRow).where(*chosen)) or 0
            found = session.scalars(rows.limit(limit).offset(offset))
            return [self._logged(row) for row in found], total

    def changed(self, graph: URIRef) -> datetime | None:
        """When a graph changed last after it came here; None when it is as it came."""
        own = ChangeRow.graph == str(graph)
        first = select(func.min(ChangeRow.number)).where(own).scalar_subquery()
        with Session(self._engine) as session:
            return session.scalar(
                select(func.max(ChangeRow.time)).where(own, ChangeRow.number > first)
            )

    def last_times(self) -> dict[URIRef, datetime]:
        """When each graph changed last."""
        newest = select(ChangeRow.graph, func.max(ChangeRow.time)).group_by(ChangeRow.graph)
        with Session(self._engine) as session:
            return {URIRef(graph): time for graph, time in session.execute(newest)}

    def blocks(self, number: int, *, is_removal: bool) -> Iterator[bytes]:
        """The statements that a change adds or removes, block by block.

        Raises StoreUnavailableError when a block is damaged.
        """
        chosen = (
            select(ChangePart.lines)
            .where(ChangePart.change == number, ChangePart.is_removal == is_removal)
            .order_by(ChangePart.position)
        )
        chosen = chosen.execution_options(yield_per=1)
        with Session(self._engine) as session, session.scalars(chosen) as found:
            for packed in found:
                yield unpacked(packed, number)

    def _logged(self, row: ChangeRow) -> LoggedChange:
        return logged(self, row, row.number, URIRef(row.graph))


@contextmanager
def together(engine: Engine) -> Iterator[Session]:
    """A transaction that appends. Raises ConflictError when another writer was faster."""
    try:
        with Session(engine) as session, session.begin():
            yield session
    except IntegrityError as error:
        raise ConflictError(PASSED) from error


def refuse_passed(last: int, after: int | None) -> None:
    """Raises ConflictError when the last change of a log is not the one it is to be."""
    if after is not None and last != after:
        raise ConflictError(PASSED)


def _bounded(bound: int | datetime) -> int | datetime:
    """A number that PostgreSQL takes for one of a change."""
    return bound if isinstance(bound, datetime) else min(bound, LARGEST)


def _column(bound: int | datetime) -> InstrumentedAttribute[Any]:
    return ChangeRow.time if isinstance(bound, datetime) else ChangeRow.number


def logged(log: Blocks, row: ChangeColumns, number: int, graph: URIRef) -> LoggedChange:
    """What a row tells of a change with this number, whose statements the log has."""
    return LoggedChange(
        log=log,
        number=number,
        graph=graph,
        author=row.author,
        message=row.message,
        time=row.time,
        added=row.added,
        removed=row.removed,
        checksum=row.checksum,
        details=row.details or {},
    )


def description(author: str, message: str, details: Details | None) -> dict[str, Any]:
    """The columns that tell who made a change, when, and what it is."""
    return {
        "author": author,
        "message": message,
        "time": datetime.now(UTC),
        "details": dict(details) if details else None,
    }


def fill(
    session: Session, row: ChangeColumns, key: int, part: type[PartColumns], patch: Patch
) -> None:
    """Keep the statements of a patch for a row, block by block."""
    digest = hashlib.sha256()
    position = 0
    counts = {False: 0, True: 0}
    for is_removal, found in ((True, patch.removed_blocks()), (False, patch.added_blocks())):
        for block in found:
            digest.update(block)
            counts[is_removal] += block.count(b"\n")
            kept = part(
                change=key,  # type: ignore[call-arg]  # each table of parts has its own
                position=position,
                is_removal=is_removal,
                lines=zlib.compress(block, LEVEL),
            )
            session.add(kept)
            session.flush()
            session.expunge(kept)
            position += 1
    row.removed, row.added = counts[True], counts[False]
    row.checksum = digest.hexdigest()


def _between(number: int, until: int | None, graph: URIRef | None) -> Iterator[ColumnElement[bool]]:
    yield ChangeRow.number > number
    if until is not None:
        yield ChangeRow.number <= until
    if graph is not None:
        yield ChangeRow.graph == str(graph)


def unpacked(packed: bytes, number: int) -> bytes:
    """The statements of a block. Raises StoreUnavailableError when it is damaged."""
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise StoreUnavailableError(
            "Change %(number)s in the log is damaged (%(error)s). Restore the database from a"
            " backup.",
            number=number,
            error=error,
        ) from error
