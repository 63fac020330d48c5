"""Tokens: what they open, and that they stop opening it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.accounts.test_roles import somebody
from tests.people import TESTER, add_person
from vocab_server.accounts.register import give_role, take_role
from vocab_server.accounts.roles import Grant, Permission, Role
from vocab_server.accounts.tokens import (
    MOST_DAYS,
    SCOPES,
    bounds,
    create_token,
    find_token,
    list_tokens,
    revoke_token,
)
from vocab_server.database.account_models import TokenRow
from vocab_server.errors import AccountRuleError, NotFoundError

ADMINISTRATOR = Grant(Role.ADMINISTRATOR)


def test_a_token_is_its_owner_within_its_scopes(database: Engine) -> None:
    root = add_person(database, "root", ADMINISTRATOR)
    text, made = create_token(database, TESTER, root, scopes=["edit-drafts"], label="script")
    found = find_token(database, text)
    assert found
    assert (found.name, made.label, made.is_good) == ("root", "script", True)
    assert {p.value for p in Permission if found.may(p)} == {"edit-drafts"}


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("read", {Permission.READ_DRAFTS}),
        ("write", set(Permission) - {Permission.MANAGE_ACCOUNTS, Permission.READ_AUDIT}),
        *((permission.value, {permission}) for permission in Permission),
    ],
)
def test_a_scope_lets_through_what_it_says(scope: str, allowed: set[Permission]) -> None:
    assert bounds([scope]) == allowed
    assert scope in SCOPES


@given(st.lists(st.sampled_from([*SCOPES, "unknown"])), st.sampled_from(Role))
def test_a_token_never_allows_more_than_its_account(scopes: list[str], role: Role) -> None:
    owner = somebody(Grant(role))
    program = replace(owner, bounds=bounds(scopes))
    assert all(owner.may(found) for found in Permission if program.may(found))


def test_a_token_is_no_more_than_its_owner_has_become(database: Engine) -> None:
    add_person(database, "other", ADMINISTRATOR)
    root = add_person(database, "root", ADMINISTRATOR)
    text, _ = create_token(database, TESTER, root, scopes=["write"])
    give_role(database, TESTER, "root", Grant(Role.EDITOR, "themes"))
    take_role(database, TESTER, "root", ADMINISTRATOR)
    found = find_token(database, text)
    assert found
    assert found.may(Permission.EDIT_DRAFTS, "themes")
    assert not found.may(Permission.PUBLISH, "themes")


def test_only_a_hash_of_a_token_is_kept(database: Engine) -> None:
    text, _ = create_token(database, TESTER, add_person(database, "anna"))
    assert len(text) > 40
    with Session(database) as session:
        [row] = session.scalars(select(TokenRow))
        kept = [str(getattr(row, column.key)) for column in TokenRow.__table__.columns]
    assert not any(text.removeprefix("vocab_") in value for value in kept)
    assert find_token(database, row.hash) is None


def test_a_token_past_its_day_opens_nothing(database: Engine) -> None:
    anna = add_person(database, "anna")
    text, _ = create_token(database, TESTER, anna, days=1)
    assert find_token(database, text)
    with Session(database) as session, session.begin():
        session.execute(update(TokenRow).values(expires=datetime.now(UTC) - timedelta(seconds=1)))
    assert find_token(database, text) is None
    assert not list_tokens(database, anna, limit=1)[0][0].is_good


def test_a_revoked_token_opens_nothing(database: Engine) -> None:
    anna, bo = add_person(database, "anna"), add_person(database, "bo")
    text, made = create_token(database, TESTER, anna)
    with pytest.raises(NotFoundError):
        revoke_token(database, TESTER, bo, made.id)
    assert find_token(database, text)
    for _ in range(2):
        revoke_token(database, TESTER, anna, made.id)
    assert find_token(database, text) is None


@pytest.mark.parametrize("text", ["", "vocab_", "vocab_guess", "x" * 100_000, "å", "\ud800"])
def test_a_guess_opens_nothing(database: Engine, text: str) -> None:
    create_token(database, TESTER, add_person(database, "anna"))
    assert find_token(database, text) is None


def test_the_last_use_is_kept(database: Engine) -> None:
    anna = add_person(database, "anna")
    text, made = create_token(database, TESTER, anna)
    assert made.last_used is None
    find_token(database, text)
    [listed] = list_tokens(database, anna, limit=1)[0]
    assert listed.last_used
    assert datetime.now(UTC) - listed.last_used < timedelta(minutes=1)


def test_tokens_are_listed_newest_first_page_by_page(database: Engine) -> None:
    anna = add_person(database, "anna")
    for number in range(5):
        create_token(database, TESTER, anna, label=str(number))
    found, total = list_tokens(database, anna, limit=2, offset=2)
    assert ([one.label for one in found], total) == (["2", "1"], 5)


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"scopes": ["king"]}, "token-scope-unknown"),
        ({"scopes": []}, "token-scope-unknown"),
        ({"days": 0}, "token-days"),
        ({"days": MOST_DAYS + 1}, "token-days"),
        ({"label": "x" * 201}, "token-label"),
    ],
    ids=str,
)
def test_a_token_that_cannot_be_is_refused(
    database: Engine, wish: dict[str, object], rule: str
) -> None:
    anna = add_person(database, "anna")
    with pytest.raises(AccountRuleError) as refused:
        create_token(database, TESTER, anna, **wish)  # type: ignore[arg-type]
    assert refused.value.rule == rule
    assert list_tokens(database, anna, limit=1)[1] == 0
