"""``vocab-server user``."""

import json
import sys
from collections.abc import Iterator

import click

from vocab_server import config
from vocab_server.accounts.account import OPERATOR, Account
from vocab_server.accounts.passwords import make_password
from vocab_server.accounts.register import (
    add_account,
    change_account,
    find_account,
    give_role,
    list_accounts,
    set_password,
    take_role,
)
from vocab_server.accounts.roles import REACH, Grant, Reach, Role, grant_of
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.services import Services, open_services

PIECE = 500  # accounts read at a time

_ROLE = click.Choice([role.value for role in Role])
_vocabulary = click.option("--vocabulary", default="", help="The role's vocabulary; all if not.")
_catalog = click.option("--catalog", default="", help="The role's catalog; all if not.")
_password = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of input."
)


@click.group()
def user() -> None:
    """Add, list and change accounts."""


@user.command()
@click.argument("name")
@click.option("--role", type=_ROLE, required=True, help="What the account is for.")
@_vocabulary
@_catalog
@_password
@click.option("--display-name", default="", help="What colleagues call the person.")
@click.option("--email", default="")
def add(
    name: str,
    role: str,
    vocabulary: str,
    catalog: str,
    password_stdin: bool,
    display_name: str,
    email: str,
) -> None:
    """Add the account NAME with one role.

    Without --password-stdin a password is made, and printed alone on standard output.
    """
    services = open_services(config.load())
    grant = _grant(services, role, vocabulary, catalog)
    password = _read_password() if password_stdin else make_password()
    added = add_account(
        services.database,
        OPERATOR,
        name,
        password=password,
        display_name=display_name,
        email=email,
        grants=frozenset({grant}),
    )
    click.echo(f"Added {added.name}. Sign in at {services.settings.base}/sign-in", err=True)
    if not password_stdin:
        click.echo("The password, shown only now:", err=True)
        click.echo(password)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(as_json: bool) -> None:
    """List all accounts with their roles, by name."""
    services = open_services(config.load())
    found = [_described(account) for account in _all(services)]
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for one in found:
        state = "" if one["active"] else "  (not active)"
        roles = ", ".join(str(role) for role in one["roles"])  # type: ignore[attr-defined]
        click.echo(f"{one['name']}  {roles}{state}")


@user.command()
@click.argument("name")
@click.option("--display-name", help="What colleagues call the person.")
@click.option("--email")
@click.option("--give", type=_ROLE, help="Give this role.")
@click.option("--take", type=_ROLE, help="Take this role away.")
@_vocabulary
@_catalog
@click.option("--active/--not-active", "is_active", default=None, help="Whether it may sign in.")
@_password
def change(
    name: str,
    display_name: str | None,
    email: str | None,
    give: str | None,
    take: str | None,
    vocabulary: str,
    catalog: str,
    is_active: bool | None,
    password_stdin: bool,
) -> None:
    """Change what is given of the account NAME.

    A new password signs it out everywhere and revokes its tokens.
    """
    services = open_services(config.load())
    database = services.database
    given = _grant(services, give, vocabulary, catalog) if give else None
    taken = grant_of(take, vocabulary or catalog) if take else None
    find_account(database, name)
    if given:
        give_role(database, OPERATOR, name, given)
    if taken:
        take_role(database, OPERATOR, name, taken)
    if password_stdin:
        set_password(database, OPERATOR, name, _read_password())
    changed = change_account(
        database, OPERATOR, name, display_name=display_name, email=email, is_active=is_active
    )
    click.echo(f"Changed {changed.name}: {', '.join(_roles(changed)) or 'no role'}.", err=True)


def _grant(services: Services, role: str, vocabulary: str, catalog: str) -> Grant:
    """The grant that options name. Raises InvalidError for one that cannot be."""
    reach = REACH[Role(role)]
    if (vocabulary and reach is not Reach.VOCABULARY) or (catalog and reach is not Reach.CATALOG):
        needed = "bounds" if reach is Reach.SITE else f"another bound than --{reach}"
        raise InvalidError(f"The role {role} cannot have {needed}.")
    if vocabulary and vocabulary not in (known := _vocabularies(services)):
        raise InvalidError(f"There is no vocabulary {vocabulary!r} here, but {', '.join(known)}.")
    return grant_of(role, vocabulary or catalog)


def _vocabularies(services: Services) -> list[str]:
    try:
        return [found.id for found in services.published.view().vocabularies]
    except StoreUnavailableError:
        return []


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _all(services: Services) -> Iterator[Account]:
    offset = 0
    while True:
        found, total = list_accounts(services.database, limit=PIECE, offset=offset)
        yield from found
        offset += PIECE
        if offset >= total:
            return


def _described(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "displayName": account.display_name,
        "email": account.email,
        "active": account.is_active,
        "roles": _roles(account),
        "created": account.created.isoformat(),
    }


def _roles(account: Account) -> list[str]:
    return [f"{found.role} {found.scope}".strip() for found in sorted(account.grants)]
