"""The application as ``vocab-server serve`` runs it: it tells of the commands and duties too."""

import inspect
from collections.abc import Iterator

import click
from flask import Flask

from vocab_server import app
from vocab_server.background import DUTIES
from vocab_server.cli import cli
from vocab_server.web.references import Above, Told


def create_app() -> Flask:
    """What a server process runs."""
    return app.create_served_app(told())


def told() -> Above:
    """What the documentation tells of the rooms above the pages."""
    duties = [
        Told(duty.name, f"{duty.interval:g} s", inspect.getdoc(duty.run) or "") for duty in DUTIES
    ]
    return Above(tuple(_commands(cli, "vocab-server")), tuple(duties))


def _commands(group: click.Group, path: str) -> Iterator[Told]:
    """Every command below a group, with how it is called; in alphabetical order."""
    for name in sorted(group.commands):
        command, called = group.commands[name], f"{path} {name}"
        if isinstance(command, click.Group):
            yield from _commands(command, called)
            continue
        context = click.Context(command, info_name=called)
        use = " ".join([called, *command.collect_usage_pieces(context), *_options(command)])
        yield Told(called, use.replace(" [OPTIONS]", ""), inspect.cleandoc(command.help or ""))


def _options(command: click.Command) -> Iterator[str]:
    """The options of a command, as one types them."""
    for option in command.params:
        if isinstance(option, click.Option):
            value = "" if option.is_flag else f" {option.make_metavar(click.Context(command))}"
            yield f"[{option.opts[-1]}{value}]"
