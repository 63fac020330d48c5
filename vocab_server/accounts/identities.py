"""Accounts as an OpenID provider knows them: by issuer and subject, never by e-mail address.

An e-mail address can change hands; subject within issuer cannot (OpenID Connect Core 1.0, 5.7).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account, By, account_of
from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.register import (
    LONGEST_DISPLAY_NAME,
    NAME,
    add_account,
    normal_name,
)
from vocab_server.accounts.rules import Rule, broken
from vocab_server.database.account_models import AccountRow, IdentityRow
from vocab_server.errors import AccountRuleError

_NOT_IN_NAMES = re.compile(r"[^a-z0-9._@+-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as a provider describes them; ``email`` only when the provider has checked it."""

    issuer: str
    subject: str
    name: str = ""
    display_name: str = ""
    email: str = ""


def find_identified(database: Engine, identity: Identity) -> Account | None:
    """The account of somebody whom a provider knows, active or not; None when there is none."""
    known = (IdentityRow.issuer == identity.issuer, IdentityRow.subject == identity.subject)
    found = select(AccountRow).join(IdentityRow, IdentityRow.account == AccountRow.id).where(*known)
    with Session(database) as session:
        row = session.scalar(found)
        return account_of(row) if row else None


def list_identities(database: Engine, account: Account) -> list[tuple[str, str]]:
    """How providers know an account: pairs of issuer and subject."""
    own = select(IdentityRow).where(IdentityRow.account == account.id)
    with Session(database) as session:
        found = session.scalars(own.order_by(IdentityRow.issuer, IdentityRow.subject))
        return [(row.issuer, row.subject) for row in found]


def connect(database: Engine, by: By, account: Account, identity: Identity) -> None:
    """Let somebody whom a provider knows sign in as an account.

    Raises AccountRuleError when the provider's somebody is another account already.
    """
    with Session(database) as session, session.begin():
        known = session.get(IdentityRow, (identity.issuer, identity.subject))
        if known and known.account != account.id:
            raise broken(Rule.IDENTITY_TAKEN, "That sign-in belongs to another account already.")
        if known is None:
            row = IdentityRow(issuer=identity.issuer, subject=identity.subject, account=account.id)
            session.add(row)
            detail = f"{identity.subject} at {identity.issuer}"
            note(session, by, Act.IDENTITY_CONNECTED, account.name, detail)


def add_identified(database: Engine, identity: Identity, address: str) -> Account:
    """A new account, without a role, for somebody whom a provider knows."""
    for name in _free_names(identity):
        try:
            account = add_account(
                database,
                By(name, address),
                name,
                display_name=identity.display_name[:LONGEST_DISPLAY_NAME],
                email=identity.email,
            )
        except AccountRuleError as error:
            if error.rule != Rule.NAME_TAKEN:
                raise
        else:
            connect(database, By(name, address), account, identity)
            return account
    raise AssertionError("There is always a free name.")


def _free_names(identity: Identity) -> Iterator[str]:
    wish = _NOT_IN_NAMES.sub("-", normal_name(identity.name)).strip("._@+-")[:80]
    base = wish if NAME.fullmatch(wish) else "account"
    yield base
    for number in count(2):
        yield f"{base}-{number}"
