"""``vocab-server config show``."""

import json
from dataclasses import fields

import click
from sqlalchemy import make_url

from vocab_server import config
from vocab_server.store.connection import without_password

ADDRESSES = frozenset({"store", "store_update"})  # which may have passwords in them
SECRETS = frozenset({"secret_key", "openid_client_secret", "smtp"})


@click.group("config")
def config_group() -> None:
    """Look at the settings."""


@config_group.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(as_json: bool) -> None:
    """Print every setting with its value and where that comes from."""
    settings, origins = config.explain()
    rows = []
    for spec in fields(settings):
        text = _shown(spec.name, getattr(settings, spec.name))
        rows.append((config.PREFIX + spec.name.upper(), text, origins[spec.name]))
    if as_json:
        listed = [{"variable": v, "value": t, "origin": o} for v, t, o in rows]
        click.echo(json.dumps(listed, indent=1))
        return
    for variable, text, origin in rows:
        click.echo(f"{variable}={text}  ({origin})")


def _shown(name: str, value: object) -> str:
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    if name in SECRETS and text:
        return "(set)"
    if name in ADDRESSES:
        return without_password(text)
    if name == "database" and text:
        return make_url(text).render_as_string(hide_password=True)
    return text
