"""Signing in with name and password; why it failed is never told to whoever tries."""

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from vocab_server.accounts.account import Account, By, account_of
from vocab_server.accounts.audit import Act, note
from vocab_server.accounts.passwords import hash_password, is_outdated, is_right
from vocab_server.accounts.register import normal_name
from vocab_server.accounts.rules import Rule, broken
from vocab_server.accounts.throttle import count_attempt, forget_attempts
from vocab_server.database.account_models import AccountRow


def check_sign_in(database: Engine, name: str, password: str, address: str) -> Account:
    """The account that has this name and password.

    Takes as long and says the same whether the name is unknown, the account has no password or is
    not active, or the password is another one. Raises AccountRuleError, and TooManyAttemptsError
    before anything is looked at.
    """
    name = normal_name(name)
    count_attempt(database, name, address)
    with Session(database) as session:
        row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    fits = is_right(password, row.password_hash if row else "")
    if row is None or not fits or not row.is_active:
        _note_failure(database, name if row else "", address)
        raise broken(Rule.PASSWORD_WRONG, "Name or password is not right.")
    forget_attempts(database, name, address)
    if is_outdated(row.password_hash):
        _hash_anew(database, row, password)
    return account_of(row)


def _note_failure(database: Engine, name: str, address: str) -> None:
    with Session(database) as session, session.begin():
        note(session, By("", address), Act.SIGN_IN_FAILED, name)


def _hash_anew(database: Engine, row: AccountRow, password: str) -> None:
    """Keep a hash with the parameters of today, unless the password was changed meanwhile."""
    same = (AccountRow.id == row.id) & (AccountRow.password_hash == row.password_hash)
    kept = hash_password(password)
    with Session(database) as session, session.begin():
        session.execute(update(AccountRow).where(same).values(password_hash=kept))
