"""The application as ``vocab-server serve`` runs it: it tells of the commands and duties too."""

import ctypes
import inspect
from collections.abc import Iterator
from contextlib import suppress

import click
from flask import Flask

from vocab_server import app
from vocab_server.background import DUTIES
from vocab_server.cli import cli
from vocab_server.web.references import Above, Told

ARENAS = 2  # heaps of memory between which threads are spread
_M_ARENA_MAX = -8  # of mallopt(3)


def create_app() -> Flask:
    """What a server process runs."""
    _bound_arenas()
    return app.create_served_app(told())


def _bound_arenas() -> None:
    """Let threads share heaps where the system's library would give each one of its own.

    What is free in one is of no use to another, and few threads run at the same time.
    """
    with suppress(AttributeError):  # of the GNU C library only
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


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
