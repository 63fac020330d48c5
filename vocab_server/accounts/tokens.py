"""Personal tokens: what a program shows in place of a person (RFC 6750), with bounds and an end.

A token never allows more than its account; of a token only a hash is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account, By, account_of
from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.keys import hash_secret, make_secret
from vocab_server.accounts.roles import Permission
from vocab_server.accounts.rules import Rule, broken
from vocab_server.database.account_models import AccountRow, TokenRow
from vocab_server.errors import NotFoundError

PREFIX = "vocab_"  # by which scanners of repositories find a token that was let out
DAYS = 90
MOST_DAYS = 366
LONGEST_LABEL = 200  # characters
USED = timedelta(minutes=1)  # how exactly the last use is kept: each noting costs a write

# What must be asked for by its own name: a program seldom needs it.
GUARDED = frozenset({Permission.MANAGE_ACCOUNTS, Permission.READ_AUDIT})
SCOPES: dict[str, frozenset[Permission]] = {
    "read": frozenset({Permission.READ_DRAFTS}),
    "write": frozenset(Permission) - GUARDED,
    **{permission.value: frozenset({permission}) for permission in Permission},
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it in a list."""

    id: int
    label: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime
    last_used: datetime | None
    revoked: datetime | None

    @property
    def is_good(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked is None and self.expires > datetime.now(UTC)


def create_token(
    database: Engine,
    by: By,
    account: Account,
    *,
    label: str = "",
    scopes: Sequence[str] = ("read",),
    days: int = DAYS,
) -> tuple[str, Token]:
    """Make a token; the text, which is never seen again, and what is kept of it.

    Raises AccountRuleError.
    """
    _check(label, scopes, days)
    text, now = PREFIX + make_secret(), datetime.now(UTC)
    row = TokenRow(
        account=account.id,
        label=label.strip(),
        hash=hash_secret(text),
        scopes=" ".join(dict.fromkeys(scopes)),
        created=now,
        expires=now + timedelta(days=days),
    )
    with Session(database) as session, session.begin():
        session.add(row)
        session.flush()
        note(session, by, Act.TOKEN_CREATED, account.name, _told(row))
        return text, _token(row)


def find_token(database: Engine, text: str) -> Account | None:
    """Whose token this is, with no more permissions than it gives; None when it is not good."""
    now = datetime.now(UTC)
    found = (
        select(TokenRow, AccountRow)
        .join(AccountRow, AccountRow.id == TokenRow.account)
        .where(
            TokenRow.hash == hash_secret(text),
            TokenRow.revoked.is_(None),
            TokenRow.expires > now,
            AccountRow.is_active,
        )
    )
    with Session(database) as session:
        row = session.execute(found).one_or_none()
        if row is None:
            return None
        token, owner = row
        account = replace(account_of(owner), bounds=bounds(token.scopes.split()))
        if token.last_used is None or token.last_used < now - USED:
            token.last_used = now
            session.commit()
        return account


def bounds(scopes: Sequence[str]) -> frozenset[Permission]:
    """The permissions that some scopes let through; an unknown one lets nothing through."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def list_tokens(
    database: Engine, account: Account, *, limit: int, offset: int = 0
) -> tuple[list[Token], int]:
    """A page of the tokens of an account, newest first, and how many there are."""
    own = select(TokenRow).where(TokenRow.account == account.id).order_by(TokenRow.id.desc())
    with Session(database) as session:
        total = session.scalar(select(func.count()).select_from(own.subquery()))
        rows = session.scalars(own.limit(limit).offset(offset))
        return [_token(row) for row in rows], total or 0


def revoke_token(database: Engine, by: By, account: Account, number: int) -> None:
    """Revoke a token of an account, now. Raises NotFoundError when it is somebody else's."""
    with Session(database) as session, session.begin():
        row = session.get(TokenRow, number)
        if row is None or row.account != account.id:
            raise NotFoundError(
                "%(account)s has no token with the number %(number)s.",
                account=account.name,
                number=number,
            )
        _revoke(session, by, account.name, row)


def revoke_all(session: Session, by: By, owner: AccountRow) -> None:
    """Revoke all tokens of an account, in a transaction of somebody else's."""
    good = select(TokenRow).where(TokenRow.account == owner.id, TokenRow.revoked.is_(None))
    for row in session.scalars(good):
        _revoke(session, by, owner.name, row)


def _revoke(session: Session, by: By, owner: str, row: TokenRow) -> None:
    if row.revoked is None:
        row.revoked = datetime.now(UTC)
        note(session, by, Act.TOKEN_REVOKED, owner, _told(row))


def _check(label: str, scopes: Sequence[str], days: int) -> None:
    if len(label) > LONGEST_LABEL:
        raise broken(Rule.TOKEN_LABEL, f"The label has at most {LONGEST_LABEL} characters.")
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        said = f"There is no scope {unknown[0]!r}. " if unknown else ""
        raise broken(Rule.TOKEN_SCOPE_UNKNOWN, f"{said}Use one or more of: {', '.join(SCOPES)}.")
    if not 1 <= days <= MOST_DAYS:
        raise broken(Rule.TOKEN_DAYS, f"A token is good for 1 to {MOST_DAYS} days.")


def _told(row: TokenRow) -> str:
    return f"{row.id} {row.label}: {row.scopes}"


def _token(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        label=row.label,
        scopes=tuple(row.scopes.split()),
        created=row.created,
        expires=row.expires,
        last_used=row.last_used,
        revoked=row.revoked,
    )
