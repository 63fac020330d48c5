"""``vocab-server token``."""

import click

from vocab_server import config
from vocab_server.accounts.account import OPERATOR
from vocab_server.accounts.register import find_account
from vocab_server.accounts.tokens import (
    DAYS,
    MOST_DAYS,
    SCOPES,
    Token,
    create_token,
    list_tokens,
    revoke_token,
)
from vocab_server.services import open_services

MOST = 1_000  # tokens of an account that are listed


@click.group()
def token() -> None:
    """Make, list and revoke personal tokens, which programs show in place of a person."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=["write"],
    show_default=True,
    type=click.Choice(list(SCOPES)),
    help="What the token lets through; more than once for more.",
)
@click.option("--days", default=DAYS, show_default=True, type=click.IntRange(1, MOST_DAYS))
@click.option("--label", default="made on the command line", help="What the token is for.")
def create(name: str, scopes: tuple[str, ...], days: int, label: str) -> None:
    """Make a token for the account NAME and print it, alone, on standard output.

    It is shown only now, and never allows more than the account may do.
    """
    services = open_services(config.load())
    account = find_account(services.database, name)
    text, made = create_token(
        services.database, OPERATOR, account, label=label, scopes=scopes, days=days
    )
    click.echo(f"Token {made.id}, good until {made.expires:%Y-%m-%d}, shown only now:", err=True)
    click.echo(text)


@token.command("list")
@click.argument("name")
def list_(name: str) -> None:
    """List the newest tokens of the account NAME: number, state, scopes, what it is for."""
    services = open_services(config.load())
    account = find_account(services.database, name)
    for found in list_tokens(services.database, account, limit=MOST)[0]:
        click.echo(f"{found.id}  {_state(found)}  {' '.join(found.scopes)}  {found.label}")


@token.command()
@click.argument("name")
@click.argument("number", type=int)
def revoke(name: str, number: int) -> None:
    """Revoke the token with this NUMBER of the account NAME."""
    services = open_services(config.load())
    account = find_account(services.database, name)
    revoke_token(services.database, OPERATOR, account, number)
    click.echo(f"Revoked token {number} of {account.name}.", err=True)


def _state(found: Token) -> str:
    if found.revoked:
        return "revoked"
    return f"until {found.expires:%Y-%m-%d}" if found.is_good else "expired"
