"""Turns: one at a time, over all processes of a node and, with PostgreSQL, over all nodes.

A file lock keeps the processes of one node apart, an advisory lock the nodes (PostgreSQL, 13.3.5).
Both end with who holds them: the one when the process dies, the other when its connection does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from time import monotonic, sleep

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text

from vocab_server.database import is_shared, unpooled

QUEUE = ".queue"  # beside a lock: of the processes of a node one asks the database at a time
AGAIN = 0.02  # seconds until a lock is asked for again by who waits for so long only

_KEEP = text("SELECT pg_advisory_lock(:kind, :number)")
_TRY = text("SELECT pg_try_advisory_lock(:kind, :number)")
_END = text("SELECT pg_advisory_unlock(:kind, :number)")


class Kind(IntEnum):
    """What a turn is for; the first half of an advisory lock's number."""

    LOG = 0x766F6362
    DRAFT = 0x766F6363
    SET_UP = 0x766F6364


class Turns:
    """The turns of who shares a database."""

    def __init__(self, engine: Engine) -> None:
        # Without a pool: who waits for a turn must not keep the one at work from the database.
        self._nodes = unpooled(engine) if is_shared(engine) else None

    @contextmanager
    def take(self, file: Path, kind: Kind, number: int = 0, seconds: float = -1) -> Iterator[None]:
        """Wait for a turn, which lasts until the block ends.

        ``file`` is the lock of this node, which ``FileLock`` alone takes too, for what concerns
        this node only. Raises filelock.Timeout after so many seconds, never when they are
        negative, and SQLAlchemy's OperationalError when the database does not answer.
        """
        if self._nodes is None:
            with FileLock(file, timeout=seconds):
                yield
            return
        with (
            FileLock(file.with_name(file.name + QUEUE), timeout=seconds),
            self._nodes.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            _wait(connection, {"kind": kind, "number": number}, seconds, file)
            with FileLock(file, timeout=seconds):
                yield  # the lock ends with the connection


def _wait(connection: Connection, key: dict[str, int], seconds: float, file: Path) -> None:
    """Raises filelock.Timeout after so many seconds, never when they are negative."""
    if seconds < 0:
        connection.execute(_KEEP, key)
        return
    end = monotonic() + seconds
    while not connection.scalar(_TRY, key):
        if monotonic() >= end:
            raise Timeout(str(file))
        sleep(AGAIN)
