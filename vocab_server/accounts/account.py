"""An account as the rest of the program sees it: who somebody is and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from vocab_server.accounts.roles import EVERYWHERE, GRANTS, SIGNED_IN, Grant, Permission, Role
from vocab_server.database.account_models import AccountRow


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in. ``bounds`` is what a token lets through; all for a browser."""

    id: int
    name: str
    display_name: str
    email: str
    is_active: bool
    has_password: bool
    created: datetime
    grants: frozenset[Grant]
    bounds: frozenset[Permission] = frozenset(Permission)

    @property
    def shown_name(self) -> str:
        """What people call them."""
        return self.display_name or self.name

    def may(self, permission: Permission, scope: str = EVERYWHERE) -> bool:
        """Whether they may do something in a vocabulary or catalog, named by its id.

        Without a scope: in all of them.
        """
        allowed = any(grant.allows(permission, scope) for grant in self._all_grants())
        return self._is_open_to(permission) and allowed

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether they may do something in at least one vocabulary or catalog."""
        allowed = any(permission in GRANTS[grant.role] for grant in self._all_grants())
        return self._is_open_to(permission) and allowed

    def named_scopes(self, permission: Permission) -> frozenset[str]:
        """The ids of vocabularies or catalogs that roles of theirs name and let them do this in.

        Not all of these need be here: a role can be given first.
        """
        if not self._is_open_to(permission):
            return frozenset()
        named = (g.scope for g in self.grants if permission in GRANTS[g.role])
        return frozenset(named) - {EVERYWHERE}

    def _all_grants(self) -> tuple[Grant, ...]:
        return (*self.grants, SIGNED_IN)

    def _is_open_to(self, permission: Permission) -> bool:
        return self.is_active and permission in self.bounds


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and from which network address ("" for the command line)."""

    name: str
    address: str = ""


OPERATOR = By("command line")  # no account has a name with a space


def account_of(row: AccountRow) -> Account:
    """What a row tells."""
    return Account(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        email=row.email,
        is_active=row.is_active,
        has_password=bool(row.password_hash),
        created=row.created,
        grants=frozenset(Grant(Role(grant.role), grant.scope) for grant in row.grants),
    )
