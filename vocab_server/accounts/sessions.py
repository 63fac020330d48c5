"""Who is signed in in which browser, kept here, so that signing out ends it for good.

A browser holds a random secret, we its hash: a copy of the database signs nobody in
(OWASP ASVS 5.0, 7.2 to 7.4).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, or_, select
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account, By, account_of
from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.keys import hash_secret, make_secret
from vocab_server.database.account_models import AccountRow, SessionRow

IDLE = timedelta(hours=12)  # a working day, without a click
LONGEST = timedelta(days=7)
SEEN = timedelta(minutes=5)  # how exactly the last click is kept: each noting costs a write


def begin_session(database: Engine, by: By, account: Account) -> str:
    """Sign an account in; the secret for the browser. Sessions that are over are swept away."""
    now, secret = datetime.now(UTC), make_secret()
    over = or_(SessionRow.last_seen <= now - IDLE, SessionRow.created <= now - LONGEST)
    row = SessionRow(hash=hash_secret(secret), account=account.id, created=now, last_seen=now)
    with Session(database) as session, session.begin():
        session.execute(delete(SessionRow).where(over))
        session.add(row)
        note(session, by, Act.SIGNED_IN, account.name)
    return secret


def find_session(database: Engine, secret: str) -> Account | None:
    """Whose session this is; None when it is over, or its account no longer active."""
    now = datetime.now(UTC)
    found = (
        select(SessionRow, AccountRow)
        .join(AccountRow, AccountRow.id == SessionRow.account)
        .where(
            SessionRow.hash == hash_secret(secret),
            SessionRow.last_seen > now - IDLE,
            SessionRow.created > now - LONGEST,
            AccountRow.is_active,
        )
    )
    with Session(database) as session:
        row = session.execute(found).one_or_none()
        if row is None:
            return None
        kept, owner = row
        account = account_of(owner)
        if kept.last_seen < now - SEEN:
            kept.last_seen = now
            session.commit()
        return account


def end_session(database: Engine, by: By, secret: str) -> None:
    """Sign out in one browser."""
    with Session(database) as session, session.begin():
        session.execute(delete(SessionRow).where(SessionRow.hash == hash_secret(secret)))
        note(session, by, Act.SIGNED_OUT, by.name)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which an account is signed in; ``is_here`` is the one that asks."""

    created: datetime
    last_seen: datetime
    is_here: bool


def list_sessions(database: Engine, account: Account, secret: str) -> list[OpenSession]:
    """Where an account is signed in, the newest first, 100 at most; ``secret`` is of who asks."""
    now, own = datetime.now(UTC), hash_secret(secret)
    found = select(SessionRow).where(
        SessionRow.account == account.id,
        SessionRow.last_seen > now - IDLE,
        SessionRow.created > now - LONGEST,
    )
    with Session(database) as session:
        rows = session.scalars(found.order_by(SessionRow.created.desc()).limit(100))
        return [OpenSession(row.created, row.last_seen, row.hash == own) for row in rows]


def end_other_sessions(database: Engine, by: By, account: Account, secret: str) -> None:
    """Sign an account out in all browsers but the one with this secret."""
    others = delete(SessionRow).where(
        SessionRow.account == account.id, SessionRow.hash != hash_secret(secret)
    )
    with Session(database) as session, session.begin():
        session.execute(others)
        note(session, by, Act.SIGNED_OUT, account.name, "everywhere else")


def end_sessions(session: Session, account: int) -> None:
    """Sign an account out everywhere, in a transaction of somebody else's."""
    session.execute(delete(SessionRow).where(SessionRow.account == account))
