"""Who may do what: every permission, every role, and the table that says which has which.

The only place where a permission is given; ``identity.requires`` is where one is asked for.
"""

from dataclasses import dataclass
from enum import StrEnum

from vocab_server.accounts.rules import Rule, broken

EVERYWHERE = ""  # the scope of a role that holds in every vocabulary or catalog
LONGEST_SCOPE = 200  # characters


class Permission(StrEnum):
    """Everything that can be allowed, from the least to the most."""

    READ_DRAFTS = "read-drafts"
    """See drafts that are shared for comment."""

    PROPOSE = "propose"
    """Propose a concept or a better label on behalf of a catalog."""

    TAG_DATASETS = "tag-datasets"
    """Tag the datasets of a catalog with concepts, and untag them."""

    EDIT_DATASETS = "edit-datasets"
    """Add, change and remove datasets of a catalog."""

    EDIT_DRAFTS = "edit-drafts"
    """Start drafts of a vocabulary, change them and hand them in for review."""

    REVIEW_DRAFTS = "review-drafts"
    """Approve drafts of others, or ask for changes."""

    PUBLISH = "publish"
    """Publish approved drafts of a vocabulary."""

    RELEASE = "release"
    """Freeze a release of a vocabulary."""

    MANAGE_VOCABULARIES = "manage-vocabularies"
    """Add vocabularies and change their settings."""

    MANAGE_CATALOGS = "manage-catalogs"
    """Add catalogs and change where they are harvested from."""

    READ_AUDIT = "read-audit"
    """See who signed in and who changed accounts."""

    MANAGE_ACCOUNTS = "manage-accounts"
    """Add and change accounts, and give and take roles."""


class Role(StrEnum):
    """What an account is here for."""

    ADMINISTRATOR = "administrator"
    CURATOR = "curator"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    READER = "reader"


class Reach(StrEnum):
    """What a role can be narrowed to."""

    SITE = "site"
    VOCABULARY = "vocabulary"
    CATALOG = "catalog"


REACH = {
    Role.ADMINISTRATOR: Reach.SITE,
    Role.CURATOR: Reach.VOCABULARY,
    Role.EDITOR: Reach.VOCABULARY,
    Role.PUBLISHER: Reach.CATALOG,
    Role.READER: Reach.SITE,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.CURATOR: frozenset(
        {
            Permission.EDIT_DRAFTS,
            Permission.REVIEW_DRAFTS,
            Permission.PUBLISH,
            Permission.RELEASE,
        }
    ),
    Role.EDITOR: frozenset({Permission.EDIT_DRAFTS}),
    Role.PUBLISHER: frozenset(
        {Permission.PROPOSE, Permission.TAG_DATASETS, Permission.EDIT_DATASETS}
    ),
    Role.READER: frozenset({Permission.READ_DRAFTS}),
}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role in one vocabulary or catalog (its id), or everywhere."""

    role: Role
    scope: str = EVERYWHERE

    def allows(self, permission: Permission, scope: str) -> bool:
        """Whether this role, by itself, allows something in a vocabulary or catalog."""
        return permission in GRANTS[self.role] and self.scope in (EVERYWHERE, scope)


SIGNED_IN = Grant(Role.READER)  # what everybody has who is signed in


def grant_of(role: str, scope: str = EVERYWHERE) -> Grant:
    """The grant that two texts name. Raises AccountRuleError for what is none."""
    if role not in set(Role):
        raise broken(Rule.ROLE_UNKNOWN, f"There is no role {role!r}; use {', '.join(Role)}.")
    if scope and REACH[Role(role)] is Reach.SITE:
        raise broken(Rule.ROLE_HAS_NO_SCOPE, f"The role {role} holds everywhere or not at all.")
    if len(scope) > LONGEST_SCOPE:
        raise broken(Rule.SCOPE_UNKNOWN, f"{scope[:50]!r} is the id of no vocabulary or catalog.")
    return Grant(Role(role), scope)


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that allow something, the most modest first."""
    return tuple(role for role in reversed(Role) if permission in GRANTS[role])
