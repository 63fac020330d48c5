"""What is the same for every application and every run is done once, so that tests need less time.

Nothing of ours is replaced: templates and rules are compiled by Jinja and Werkzeug as ever, and
tables are made by our migrations, but what this process has made before is taken as it was. Files
of tests are kept in memory, because thousands of small stores would wait for the disk most of the
time; what must survive the end of a process does so there too.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection
from werkzeug.routing import Rule

from vocab_server import database

MEMORY = Path("/dev/shm")  # a file system in memory, on Linux  # noqa: S108
YOUNG = 5_000  # objects that are made before Python looks which of them are garbage
ROOM = 6 << 30  # bytes that must be free there: the tests of a run take up to a third of it

Build = Callable[..., tuple[str, str]]


class Compiled(BytecodeCache):
    """The templates compiled in this process, by name and contents."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Let all applications of this process share what Jinja and Werkzeug compile for them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
    Rule._compile_builder = _remembering(Rule._compile_builder)  # type: ignore[method-assign]


def _remembering(compile_builder: Callable[[Rule, bool], Build]) -> Callable[[Rule, bool], Build]:
    kept: dict[tuple[Any, ...], Build] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Build:
        defaults = sorted((rule.defaults or {}).items())
        key = (rule.rule, *rule._trace, *defaults, append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    return remembered


def migrate_once() -> None:
    """Make the tables of a new SQLite database as the migrations made those of the first one."""
    upgrade, made = database._upgrade, list[str]()

    def upgraded(connection: Connection, revision: str) -> None:
        files: Any = connection.connection.driver_connection
        is_new = connection.dialect.name == "sqlite" and not database.revision_in(connection)
        if revision != "head" or not is_new:
            upgrade(connection, revision)
        elif made:
            for statement in made:
                files.execute(statement)
        else:
            upgrade(connection, revision)
            made.extend(list(files.iterdump())[1:-1])  # within a transaction of its own

    database._upgrade = upgraded


def keep_for_good() -> None:
    """Leave what there is now out of every search for garbage, as ``vocab-server`` does.

    Looking through all modules again and again took an eighth of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def work_in_memory() -> None:
    """Keep temporary files of this process and its children in memory, where there is room."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
