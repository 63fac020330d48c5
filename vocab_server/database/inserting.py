"""INSERT ... ON CONFLICT, so that two who add one row at the same moment both succeed."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from vocab_server.database.models import Base

_INSERT: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def insert_into(session: Session, table: type[Base]) -> Any:
    """An INSERT into a table in the dialect of the session's database, which has ON CONFLICT."""
    return _INSERT[session.get_bind().dialect.name](table)
