"""Accounts: adding, changing, roles; what is refused changes nothing; all is written down."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.people import PASSWORD, TESTER, add_person
from vocab_server.accounts.account import By
from vocab_server.accounts.audit import Act, read_trail
from vocab_server.accounts.register import (
    add_account,
    change_account,
    find_account,
    give_role,
    has_accounts,
    list_accounts,
    set_password,
    take_role,
)
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.sessions import begin_session, find_session
from vocab_server.accounts.signing_in import check_sign_in
from vocab_server.accounts.tokens import create_token, find_token
from vocab_server.database.account_models import AccountRow
from vocab_server.errors import AccountRuleError, NotFoundError

ADMINISTRATOR = Grant(Role.ADMINISTRATOR)
OTHER = "another one, with words"


def acts(database: Engine, name: str = "") -> list[tuple[str, str, str]]:
    entries = read_trail(database, name=name, limit=100)[0]
    return [(entry.act, entry.target, entry.detail) for entry in reversed(entries)]


def test_an_account_is_added_with_its_roles(database: Engine) -> None:
    assert not has_accounts(database)
    grant = Grant(Role.CURATOR, "themes")
    add_account(
        database,
        TESTER,
        " Anna ",
        display_name="Anna Å",
        email="anna@x.se",
        grants=frozenset({grant}),
    )
    found = find_account(database, "ANNA")
    assert (found.name, found.display_name, found.email) == ("anna", "Anna Å", "anna@x.se")
    assert found.grants == {grant}
    assert found.is_active
    assert not found.has_password
    assert has_accounts(database)
    assert acts(database) == [
        ("account-added", "anna", ""),
        ("role-given", "anna", "curator themes"),
    ]
    [entry] = read_trail(database, act=Act.ACCOUNT_ADDED, limit=1)[0]
    assert (entry.account, entry.address) == ("tester", "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "fields", "rule"),
    [
        ("", {}, "name-form"),
        ("anna andersson", {}, "name-form"),
        ("-anna", {}, "name-form"),
        ("änna", {}, "name-form"),
        ("x" * 101, {}, "name-form"),
        ("taken", {}, "name-taken"),
        ("TAKEN", {}, "name-taken"),
        ("anna", {"email": "no address"}, "email-form"),
        ("anna", {"display_name": "x" * 201}, "text-too-long"),
        ("anna", {"password": "short"}, "password-short"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    database: Engine, name: str, fields: dict[str, str], rule: str
) -> None:
    add_account(database, TESTER, "taken")
    before = acts(database)
    with pytest.raises(AccountRuleError) as refused:
        add_account(database, TESTER, name, **fields)  # type: ignore[arg-type]
    assert refused.value.rule == rule
    assert acts(database) == before
    assert list_accounts(database, limit=10)[1] == 1


def test_two_who_add_the_same_name_at_once_do_not_both_get_it(database: Engine) -> None:
    def add(_: int) -> bool:
        try:
            add_account(database, TESTER, "anna")
        except AccountRuleError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(16))) == 1


def test_accounts_are_listed_page_by_page_and_found_by_any_of_their_names(database: Engine) -> None:
    for number in range(25):
        add_account(database, TESTER, f"person-{number:02}", display_name=f"No 100%_{number}")
    found, total = list_accounts(database, limit=10, offset=20)
    assert (next(one.name for one in found), len(found), total) == ("person-20", 5, 25)
    assert [one.name for one in list_accounts(database, "%_24", limit=10)[0]] == ["person-24"]
    assert list_accounts(database, "PERSON-0", limit=3)[1] == 10
    assert list_accounts(database, "nobody", limit=3) == ([], 0)


def test_only_what_changes_is_written_down(database: Engine) -> None:
    add_account(database, TESTER, "anna", display_name="Anna", email="anna@x.se")
    change_account(database, TESTER, "anna", display_name="Anna", email="new@x.se", is_active=True)
    assert acts(database)[1:] == [("account-changed", "anna", "email")]


def test_a_deactivated_account_is_out_at_once_everywhere(database: Engine) -> None:
    anna = add_person(database, "anna")
    secret = begin_session(database, TESTER, anna)
    token, _ = create_token(database, TESTER, anna)
    change_account(database, TESTER, "anna", is_active=False)
    assert find_session(database, secret) is None
    assert find_token(database, token) is None
    with pytest.raises(AccountRuleError, match="not right"):
        check_sign_in(database, "anna", PASSWORD, "192.0.2.1")
    change_account(database, TESTER, "anna", is_active=True)
    assert find_session(database, secret) is None, "the session is over for good"
    assert acts(database)[-2:] == [
        ("sign-in-failed", "anna", ""),
        ("account-activated", "anna", ""),
    ]


@pytest.mark.parametrize("way", ["take", "deactivate"])
def test_the_last_administrator_stays(database: Engine, way: str) -> None:
    add_person(database, "root", ADMINISTRATOR)
    add_person(database, "gone", ADMINISTRATOR)
    change_account(database, TESTER, "gone", is_active=False)
    before = acts(database)
    with pytest.raises(AccountRuleError) as refused:
        if way == "take":
            take_role(database, TESTER, "root", ADMINISTRATOR)
        else:
            change_account(database, TESTER, "root", email="x@x.se", is_active=False)
    assert refused.value.rule == "last-administrator"
    assert find_account(database, "root").grants == {ADMINISTRATOR}
    assert find_account(database, "root").is_active
    assert find_account(database, "root").email == ""
    assert acts(database) == before


def test_two_administrators_who_take_each_others_role_at_once_leave_one(database: Engine) -> None:
    for number in range(8):
        add_person(database, f"root-{number}", ADMINISTRATOR)

    def take(number: int) -> None:
        with contextlib.suppress(AccountRuleError):
            take_role(database, TESTER, f"root-{number}", ADMINISTRATOR)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(8)))
    left = [one for one in list_accounts(database, limit=10)[0] if ADMINISTRATOR in one.grants]
    assert len(left) == 1


def test_a_role_is_given_and_taken_once(database: Engine) -> None:
    add_account(database, TESTER, "anna")
    grant = Grant(Role.EDITOR, "themes")
    for _ in range(2):
        assert give_role(database, TESTER, "anna", grant).grants == {grant}
    for _ in range(2):
        assert take_role(database, TESTER, "anna", grant).grants == frozenset()
    assert acts(database)[1:] == [
        ("role-given", "anna", "editor themes"),
        ("role-taken", "anna", "editor themes"),
    ]


def test_a_new_password_ends_sessions_but_not_ones_own_tokens(database: Engine) -> None:
    anna = add_person(database, "anna")
    secret = begin_session(database, TESTER, anna)
    token, _ = create_token(database, TESTER, anna)
    set_password(database, By("anna"), "anna", OTHER)
    assert find_session(database, secret) is None
    assert find_token(database, token)
    assert check_sign_in(database, "anna", OTHER, "").name == "anna"


def test_a_password_that_somebody_else_sets_revokes_tokens_too(database: Engine) -> None:
    anna = add_person(database, "anna")
    token, _ = create_token(database, TESTER, anna)
    set_password(database, TESTER, "anna", OTHER)
    assert find_token(database, token) is None


def test_an_unknown_account_is_named(database: Engine) -> None:
    with pytest.raises(NotFoundError, match="no account 'nobody'"):
        find_account(database, "nobody")


def test_a_hash_of_old_parameters_is_made_anew_at_the_next_sign_in(database: Engine) -> None:
    add_account(database, TESTER, "anna")
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with Session(database) as session, session.begin():
        session.execute(
            AccountRow.__table__.update().values(password_hash=old)  # type: ignore[attr-defined]
        )
    check_sign_in(database, "anna", PASSWORD, "")
    with Session(database) as session:
        kept = session.scalar(select(AccountRow.password_hash))
        assert session.scalar(select(func.count()).select_from(AccountRow)) == 1
    assert kept
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert check_sign_in(database, "anna", PASSWORD, "").name == "anna"
