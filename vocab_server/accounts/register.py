"""The register of accounts: find, add, change, deactivate; roles; passwords.

Each change is one transaction, together with its line in the audit trail.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account, By, account_of
from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.passwords import check_password, hash_password
from vocab_server.accounts.roles import EVERYWHERE, Grant, Role
from vocab_server.accounts.rules import Rule, broken
from vocab_server.accounts.sessions import end_sessions
from vocab_server.accounts.tokens import revoke_all
from vocab_server.database.account_models import AccountRow, GrantRow
from vocab_server.errors import NotFoundError

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST_DISPLAY_NAME = 200  # characters
LONGEST_EMAIL = 254  # characters (RFC 5321, 4.5.3.1.3, less the brackets)


def normal_name(name: str) -> str:
    """A name as it is kept: capitals do not count."""
    return name.replace("\0", "").strip().lower()  # PostgreSQL keeps no NUL


def find_account(database: Engine, name: str) -> Account:
    """The account with this name. Raises NotFoundError."""
    with Session(database) as session:
        return account_of(_row(session, name))


def has_accounts(database: Engine) -> bool:
    """Whether there is any account yet."""
    with Session(database) as session:
        return session.scalar(select(AccountRow.id).limit(1)) is not None


def list_accounts(
    database: Engine, text: str = "", *, limit: int, offset: int = 0
) -> tuple[list[Account], int]:
    """A page of the accounts, by name, and how many there are.

    With a text those that have it in name, display name or e-mail address.
    """
    columns = (AccountRow.name, AccountRow.display_name, AccountRow.email)
    has_text = or_(*(column.icontains(text, autoescape=True) for column in columns))
    rows = select(AccountRow).where(has_text).order_by(AccountRow.name)
    with Session(database) as session:
        total = session.scalar(select(func.count()).select_from(AccountRow).where(has_text))
        found = session.scalars(rows.limit(limit).offset(offset))
        return [account_of(row) for row in found], total or 0


def holders_by_scope(database: Engine, role: Role) -> list[tuple[str, list[str]]]:
    """Who has a role in what it names, by its id, with their shown names; who is active only."""
    rows = (
        select(GrantRow.scope, AccountRow)
        .join(AccountRow, GrantRow.account == AccountRow.id)
        .where(GrantRow.role == role, GrantRow.scope != EVERYWHERE, AccountRow.is_active)
        .order_by(GrantRow.scope, AccountRow.name)
    )
    found: dict[str, list[str]] = {}
    with Session(database) as session:
        for scope, row in session.execute(rows):
            found.setdefault(scope, []).append(account_of(row).shown_name)
    return list(found.items())


def add_account(
    database: Engine,
    by: By,
    name: str,
    *,
    password: str = "",
    display_name: str = "",
    email: str = "",
    grants: frozenset[Grant] = frozenset(),
) -> Account:
    """Add an account; one without a password can only sign in with OpenID.

    Raises AccountRuleError.
    """
    name = normal_name(name)
    if not NAME.fullmatch(name):
        allowed = "letters a to z, digits and . _ @ + -, beginning with a letter or digit"
        raise broken(Rule.NAME_FORM, f"The name {name[:100]!r} must be made of {allowed}.")
    _check_texts(display_name, email)
    kept = _checked_hash(password, name, display_name, email) if password else ""
    with Session(database) as session, session.begin():
        row = AccountRow(
            name=name,
            display_name=display_name.strip(),
            email=email.strip(),
            is_active=True,
            password_hash=kept,
            created=datetime.now(UTC),
            grants=[GrantRow(role=grant.role, scope=grant.scope) for grant in sorted(grants)],
        )
        _add(session, row)
        note(session, by, Act.ACCOUNT_ADDED, name)
        for grant in sorted(grants):
            note(session, by, Act.ROLE_GIVEN, name, _told(grant))
        return account_of(row)


def change_account(
    database: Engine,
    by: By,
    name: str,
    *,
    display_name: str | None = None,
    email: str | None = None,
    is_active: bool | None = None,
) -> Account:
    """Change what is given; whoever is deactivated is signed out everywhere at once.

    Raises NotFoundError, and AccountRuleError when nobody would be left to administer.
    """
    _check_texts(display_name or "", email or "")
    with Session(database) as session, session.begin():
        if is_active is not None:
            _lock_administrators(session)
        row = _row(session, name)
        changes = {"display_name": display_name, "email": email}
        for field, value in changes.items():
            if value is not None and getattr(row, field) != value.strip():
                setattr(row, field, value.strip())
                note(session, by, Act.ACCOUNT_CHANGED, row.name, field.replace("_", " "))
        if is_active is not None and is_active != row.is_active:
            _switch(session, by, row, is_active)
        return account_of(row)


def give_role(database: Engine, by: By, name: str, grant: Grant) -> Account:
    """Give a role; nothing happens when the account has it. Raises NotFoundError."""
    with Session(database) as session, session.begin():
        row = _row(session, name)
        if grant not in account_of(row).grants:
            row.grants.append(GrantRow(role=grant.role, scope=grant.scope))
            session.flush()
            note(session, by, Act.ROLE_GIVEN, row.name, _told(grant))
        return account_of(row)


def take_role(database: Engine, by: By, name: str, grant: Grant) -> Account:
    """Take a role; nothing happens when the account has it not.

    Raises NotFoundError, and AccountRuleError when nobody would be left to administer.
    """
    with Session(database) as session, session.begin():
        _lock_administrators(session)
        row = _row(session, name)
        for kept in list(row.grants):
            if (kept.role, kept.scope) == (grant.role, grant.scope):
                row.grants.remove(kept)
                session.flush()
                note(session, by, Act.ROLE_TAKEN, row.name, _told(grant))
                _check_administrators(session, {grant})
        return account_of(row)


def set_password(database: Engine, by: By, name: str, password: str) -> None:
    """Set a password, and sign the account out everywhere.

    Set by somebody else, it also revokes the account's tokens: somebody may have had the old one.
    Raises NotFoundError, and AccountRuleError for a bad password.
    """
    known = find_account(database, name)
    kept = _checked_hash(password, known.name, known.display_name, known.email)
    with Session(database) as session, session.begin():
        row = _row(session, name)
        row.password_hash = kept
        end_sessions(session, row.id)
        note(session, by, Act.PASSWORD_CHANGED, row.name)
        if by.name != row.name:
            revoke_all(session, by, row)


def _add(session: Session, row: AccountRow) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise broken(Rule.NAME_TAKEN, f"There is an account {row.name!r} already.") from None


def _row(session: Session, name: str) -> AccountRow:
    found = _find(session, normal_name(name))
    if found is None:
        raise NotFoundError("There is no account %(name)r.", name=name[:100])
    return found


def _find(session: Session, name: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.name == name))


def _check_texts(display_name: str, email: str) -> None:
    if len(display_name) > LONGEST_DISPLAY_NAME:
        raise broken(Rule.TEXT_TOO_LONG, f"At most {LONGEST_DISPLAY_NAME} characters are kept.")
    if email and (len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email.strip())):
        raise broken(Rule.EMAIL_FORM, f"{email[:100]!r} is no e-mail address.")


def _checked_hash(password: str, *words: str) -> str:
    check_password(password, *words)
    return hash_password(password)


def _switch(session: Session, by: By, row: AccountRow, is_active: bool) -> None:
    row.is_active = is_active
    session.flush()
    note(session, by, Act.ACCOUNT_ACTIVATED if is_active else Act.ACCOUNT_DEACTIVATED, row.name)
    if not is_active:
        end_sessions(session, row.id)
        _check_administrators(session, account_of(row).grants)


def _check_administrators(session: Session, lost: Collection[Grant]) -> None:
    """Somebody who can administer must be left. The caller has locked their rows."""
    if Grant(Role.ADMINISTRATOR) in lost and not session.scalars(_ADMINISTRATORS).all():
        raise broken(Rule.LAST_ADMINISTRATOR, "The last administrator must stay one, and active.")


def _lock_administrators(session: Session) -> None:
    """Let nobody else take an administrator away until the transaction ends.

    Before anything is changed, and in one order, so that two who do so wait and do not block each
    other for ever (PostgreSQL, 13.3.4).
    """
    session.execute(_ADMINISTRATORS.with_for_update())


def _told(grant: Grant) -> str:
    return f"{grant.role} {grant.scope}".strip()


_ADMINISTRATORS = (
    select(AccountRow.id)
    .join(GrantRow, GrantRow.account == AccountRow.id)
    .where(GrantRow.role == Role.ADMINISTRATOR, AccountRow.is_active)
    .order_by(AccountRow.id)
)
