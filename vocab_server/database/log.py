"""The change log: the truth that the store and the search index are made from."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rdflib import URIRef
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from vocab_server.database.models import ChangePart, ChangeRow
from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Patch

LEVEL = 1  # of zlib: a tenth of the size at 90 MB/s


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change as the log keeps it; a Patch whose blocks are read from the database."""

    log: "ChangeLog"
    number: int
    graph: URIRef
    author: str
    message: str
    time: datetime
    added: int
    removed: int
    checksum: str

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

    def append(self, patches: Sequence[Patch], author: str, message: str) -> int:
        """Keep the patches for good, all of them or none; the number of the last one.

        When this returns the change survives power loss.
        """
        time = datetime.now(UTC)
        number = 0
        with Session(self._engine) as session, session.begin():
            for patch in patches:
                row = ChangeRow(graph=str(patch.graph), author=author, message=message, time=time)
                session.add(row)
                session.flush()
                _fill(session, row, patch)
                number = row.number
        return number

    def last(self) -> int:
        """The number of the newest change; 0 when there is none."""
        with Session(self._engine) as session:
            return session.scalar(select(func.max(ChangeRow.number))) or 0

    def since(self, number: int) -> list[LoggedChange]:
        """The changes after this number, oldest first, without their statements."""
        newer = select(ChangeRow).where(ChangeRow.number > number).order_by(ChangeRow.number)
        with Session(self._engine) as session:
            return [self._logged(row) for row in session.scalars(newer)]

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
            _column(after) > after,
        ]
        if until is not None:
            chosen.append(_column(until) <= until)
        rows = select(ChangeRow).where(*chosen).order_by(ChangeRow.number)
        with Session(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(ChangeRow).where(*chosen)) or 0
            found = session.scalars(rows.limit(limit).offset(offset))
            return [self._logged(row) for row in found], total

    def last_times(self) -> dict[URIRef, datetime]:
        """When each graph changed last."""
        newest = select(ChangeRow.graph, func.max(ChangeRow.time)).group_by(ChangeRow.graph)
        with Session(self._engine) as session:
            return {
                URIRef(graph): time.replace(tzinfo=UTC) for graph, time in session.execute(newest)
            }

    def blocks(self, number: int, *, is_removal: bool) -> Iterator[bytes]:
        """The statements that a change adds or removes, block by block.

        Raises StoreUnavailableError when a block is damaged.
        """
        chosen = (
            select(ChangePart.lines)
            .where(ChangePart.change == number, ChangePart.is_removal == is_removal)
            .order_by(ChangePart.position)
        )
        with Session(self._engine) as session:
            for packed in session.scalars(chosen.execution_options(yield_per=1)):
                yield _unpacked(packed, number)

    def _logged(self, row: ChangeRow) -> LoggedChange:
        return LoggedChange(
            log=self,
            number=row.number,
            graph=URIRef(row.graph),
            author=row.author,
            message=row.message,
            time=row.time.replace(tzinfo=UTC),
            added=row.added,
            removed=row.removed,
            checksum=row.checksum,
        )


def _column(bound: int | datetime) -> InstrumentedAttribute[Any]:
    return ChangeRow.time if isinstance(bound, datetime) else ChangeRow.number


def _fill(session: Session, row: ChangeRow, patch: Patch) -> None:
    digest = hashlib.sha256()
    position = 0
    counts = {False: 0, True: 0}
    for is_removal, found in ((True, patch.removed_blocks()), (False, patch.added_blocks())):
        for block in found:
            digest.update(block)
            counts[is_removal] += block.count(b"\n")
            part = ChangePart(
                change=row.number,
                position=position,
                is_removal=is_removal,
                lines=zlib.compress(block, LEVEL),
            )
            session.add(part)
            session.flush()
            session.expunge(part)
            position += 1
    row.removed, row.added = counts[True], counts[False]
    row.checksum = digest.hexdigest()


def _unpacked(packed: bytes, number: int) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise StoreUnavailableError(
            f"Change {number} in the log is damaged ({error}). Restore the database from a backup."
        ) from error
