"""Who may do what. Stories pin what each role can do; the walk pins that it can do nothing else."""

import inspect
from datetime import UTC, datetime

import pytest

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import (
    GRANTS,
    REACH,
    Grant,
    Permission,
    Reach,
    Role,
    grant_of,
    roles_with,
)
from vocab_server.errors import AccountRuleError

# What the interface promises of each role, written down a second time and in full on purpose.
STORIES = {
    "administrator": {
        "read-drafts", "propose", "tag-datasets", "edit-datasets", "edit-drafts", "review-drafts",
        "publish", "release", "manage-vocabularies", "manage-catalogs", "read-audit",
        "manage-accounts",
    },
    "curator": {"edit-drafts", "review-drafts", "publish", "release"},
    "editor": {"edit-drafts"},
    "publisher": {"propose", "tag-datasets", "edit-datasets"},
    "reader": {"read-drafts"},
}  # fmt: skip
TRIPLES = [(role, permission) for role in Role for permission in Permission]


def somebody(*grants: Grant, is_active: bool = True) -> Account:
    now = datetime.now(UTC)
    return Account(1, "anna", "", "", is_active, True, now, frozenset(grants))


def test_the_roles_are_those_of_the_interface() -> None:
    assert {role.value for role in Role} == set(STORIES) == {role.value for role in GRANTS}


@pytest.mark.parametrize(("role", "permission"), TRIPLES)
def test_a_role_allows_what_its_story_tells_and_nothing_else(
    role: Role, permission: Permission
) -> None:
    everybody = permission == "read-drafts"
    assert somebody(Grant(role)).may(permission) is (permission in STORIES[role] or everybody)


def test_who_has_no_role_reads_shared_drafts_and_no_more() -> None:
    assert {p.value for p in Permission if somebody().may(p)} == {"read-drafts"}


@pytest.mark.parametrize("role", [role for role in Role if REACH[role] is not Reach.SITE])
def test_a_role_in_one_place_allows_nothing_in_another(role: Role) -> None:
    person = somebody(Grant(role, "themes"))
    for permission in STORIES[role]:
        assert person.may(Permission(permission), "themes")
        assert person.may_anywhere(Permission(permission))
        assert not person.may(Permission(permission), "other")
        assert not person.may(Permission(permission), "*")
        assert not person.may(Permission(permission))  # everywhere


def test_no_permission_belongs_to_vocabularies_and_to_catalogs() -> None:
    """So a role in the vocabulary "x" allows nothing in a catalog "x"."""
    for permission in Permission:
        reaches = {REACH[role] for role in roles_with(permission)} - {Reach.SITE}
        assert len(reaches) <= 1, permission


def test_who_is_not_active_may_nothing() -> None:
    person = somebody(Grant(Role.ADMINISTRATOR), is_active=False)
    assert not any(person.may_anywhere(permission) for permission in Permission)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("king", ""),
        ("administrator", "themes"),
        ("reader", "themes"),
        ("editor", "x" * 201),
    ],
)
def test_a_grant_that_cannot_be_is_refused(role: str, scope: str) -> None:
    with pytest.raises(AccountRuleError):
        grant_of(role, scope)


def test_every_permission_is_described() -> None:
    source = inspect.getsource(Permission)
    assert source.count('    """') == 1 + len(Permission)
