"""How often one may try to sign in: counted in the database, so for all processes and restarts.

Attempts are counted from the first one on and forgotten after a while, so nobody is locked out for
ever, not even by somebody who goes on trying: a refused attempt does not count. Few attempts at
one account from one address are borne, many at one account from all over, so that a stranger
cannot keep its owner out.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from sqlalchemy import Engine, case, delete, update
from sqlalchemy.orm import Session

from vocab_server.database.account_models import AttemptRow
from vocab_server.database.inserting import insert_into
from vocab_server.errors import Phrase, TooManyAttemptsError

PERIOD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in a PERIOD, for each account, each address, or each pair of them."""

    attempts: int
    by_account: bool = False
    by_address: bool = False

    def key(self, name: str, address: str) -> str:
        """A hash of whom this counts for: what was typed as a name may be a password."""
        counted = (self.by_account and name, self.by_address and network(address))
        return hashlib.sha256(repr(counted).encode("utf-8", "surrogatepass")).hexdigest()


OF_PAIR = Limit(5, by_account=True, by_address=True)
OF_ADDRESS = Limit(30, by_address=True)
OF_ACCOUNT = Limit(100, by_account=True)
LIMITS = (OF_PAIR, OF_ADDRESS, OF_ACCOUNT)
OF_PROPOSALS = Limit(10, by_account=True, by_address=True)  # of one address
OF_ACCOUNTS_PROPOSALS = Limit(200, by_account=True)
_PROPOSALS = "proposals "  # no account has a name with a space


def network(address: str) -> str:
    """What one customer of a network has: an IPv4 address, or 64 bits of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.exploded[:19])
    return str(found)


def count_attempt(database: Engine, name: str, address: str) -> None:
    """Count an attempt before it is made, so that many at the same time are counted too.

    Raises TooManyAttemptsError when it may not be made; it is then not counted.
    """
    now = datetime.now(UTC)
    with Session(database) as session, session.begin():
        session.execute(delete(AttemptRow).where(AttemptRow.since <= now - PERIOD))
        for limit in LIMITS:
            count, since = _count(session, limit.key(name, address), now)
            if count > limit.attempts:
                raise TooManyAttemptsError(max(1, ceil((since + PERIOD - now).total_seconds())))


def count_proposal(database: Engine, account: str, address: str) -> None:
    """Count something that somebody sends us: by account, else by network address.

    Raises TooManyAttemptsError when it was too often; it is then not counted.
    """
    limit = OF_ACCOUNTS_PROPOSALS if account else OF_PROPOSALS
    now, key = datetime.now(UTC), limit.key(_PROPOSALS + account, address)
    with Session(database) as session, session.begin():
        session.execute(delete(AttemptRow).where(AttemptRow.since <= now - PERIOD))
        count, since = _count(session, key, now)
        if count > limit.attempts:
            wait = max(1, ceil((since + PERIOD - now).total_seconds()))
            raise TooManyAttemptsError(wait, Phrase("proposals and comments"))


def forget_attempts(database: Engine, name: str, address: str) -> None:
    """What follows from a good attempt: the pair's are forgotten, the others are one less."""
    others = [OF_ADDRESS.key(name, address), OF_ACCOUNT.key(name, address)]
    one_less = update(AttemptRow).values(count=AttemptRow.count - 1)
    with Session(database) as session, session.begin():
        session.execute(delete(AttemptRow).where(AttemptRow.key == OF_PAIR.key(name, address)))
        session.execute(one_less.where(AttemptRow.key.in_(others)))


def _count(session: Session, key: str, now: datetime) -> tuple[int, datetime]:
    """Count one more, in one statement; how many there are and since when."""
    fresh = insert_into(session, AttemptRow)
    is_over = AttemptRow.since <= now - PERIOD
    counted = fresh.values(key=key, count=1, since=now).on_conflict_do_update(
        index_elements=[AttemptRow.key],
        set_={
            "count": case((is_over, 1), else_=AttemptRow.count + 1),
            "since": case((is_over, now), else_=AttemptRow.since),
        },
    )
    row = session.execute(counted.returning(AttemptRow.count, AttemptRow.since)).one()
    return row.count, row.since  # type: ignore[return-value]  # tuple.count is a method to mypy
