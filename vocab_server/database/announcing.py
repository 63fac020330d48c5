"""Nodes hear from one another that the log has grown (PostgreSQL, LISTEN and NOTIFY).

What they hear is only a reason to look: who missed it looks anyway after a while.
"""

from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from vocab_server.database import unpooled

CHANNEL = "vocab_server_log"


def announce(session: Session) -> None:
    """Tell all nodes, when the transaction is kept, that the log has grown."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, "")))


class Listener:
    """A connection that hears when another node has written; made again when it breaks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = unpooled(engine)
        self._connection: Connection | None = None

    def wait(self, seconds: float) -> bool:
        """Whether something was announced within so many seconds.

        Raises SQLAlchemyError when the database does not answer; the next time it is asked anew.
        """
        if self._connection is None:
            self._connection = self._listening()
        driver: Any = self._connection.connection.driver_connection  # one of psycopg
        try:
            return any(driver.notifies(timeout=seconds, stop_after=1))
        except self._engine.dialect.loaded_dbapi.Error as error:
            self.close()
            raise OperationalError(None, None, error) from error

    def close(self) -> None:
        """Hear no more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _listening(self) -> Connection:
        opened = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        opened.exec_driver_sql(f"LISTEN {CHANNEL}")
        return opened
