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

MIB = 1024 * 1024
# What mallopt(3) takes, by the numbers that malloc.h gives. By default each thread gets a heap of
# its own, of whose free memory no other thread has any use, though few run at the same time; and
# the library gives back to the system, a hundred times a second, what it asks for again at once.
_HEAPS = {
    -8: 2,  # M_ARENA_MAX: heaps between which threads are spread
    -3: MIB,  # M_MMAP_THRESHOLD: bytes from which a block is apart, and given back when it is free
    -1: 4 * MIB,  # M_TRIM_THRESHOLD: free bytes at the end of a heap that are kept
    1: 0,  # M_MXFAST: no lists of small blocks that are put together again with every big one
}


def create_app() -> Flask:
    """What a server process runs."""
    _set_up_heaps()
    return app.create_served_app(told())


def _set_up_heaps() -> None:
    """Tell the system's library how to keep memory for a server of many threads."""
    with suppress(AttributeError):  # of the GNU C library only
        mallopt = ctypes.CDLL(None).mallopt
        for parameter, value in _HEAPS.items():
            mallopt(parameter, value)


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
