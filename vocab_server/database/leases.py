"""Leases: of several processes that could do a duty, one does it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vocab_server.database.notice_models import LeaseRow


def take_lease(database: Engine, name: str, holder: str, seconds: float) -> bool:
    """Whether a duty is the holder's for so many seconds from now.

    Who has it may take it again; others when its time is over.
    """
    now = datetime.now(UTC)
    until = now + timedelta(seconds=seconds)
    free = or_(LeaseRow.holder == holder, LeaseRow.until <= now)
    with Session(database) as session, session.begin():
        taken = session.connection().execute(
            update(LeaseRow).where(LeaseRow.name == name, free).values(holder=holder, until=until)
        )
        if taken.rowcount:
            return True
        if session.get(LeaseRow, name) is not None:
            return False
    try:
        with Session(database) as session, session.begin():
            session.add(LeaseRow(name=name, holder=holder, until=until))
    except IntegrityError:  # another process was faster
        return False
    return True


def end_lease(database: Engine, name: str, holder: str) -> None:
    """Give a duty back, when it is the holder's."""
    own = delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder)
    with Session(database) as session, session.begin():
        session.execute(own)
