"""Copies of a SQLite database, and which version of the tables a database has."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from vocab_server.database import MIGRATIONS
from vocab_server.errors import StoreUnavailableError


def revisions() -> tuple[str, ...]:
    """The versions of the tables that there have been, the newest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def revision_of(engine: Engine) -> str:
    """The version of the tables in a database; "" when there are none."""
    if not inspect(engine).has_table("alembic_version"):
        return ""
    with engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def copy_database(engine: Engine, target: Path) -> None:
    """Copy a SQLite database as it is at one moment; those who write go on meanwhile.

    In one step, because the copy begins anew whenever somebody writes between two
    (sqlite.org/backup.html). Raises StoreUnavailableError when what was copied is damaged.
    """
    with closing(engine.raw_connection()) as connection, closing(sqlite3.connect(target)) as copy:
        connection.driver_connection.backup(copy)  # type: ignore[union-attr]  # one of sqlite3
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy is one file
        found = damage(copy)
    if found:
        raise StoreUnavailableError("The database is damaged: %(found)s", found=found)


def damage(connection: sqlite3.Connection) -> str:
    """What is wrong with the pages of a database; "" for nothing (sqlite.org, quick_check)."""
    try:
        rows = connection.execute("PRAGMA quick_check(3)").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if rows == [("ok",)] else "; ".join(str(row[0]) for row in rows)


def file_damage(engine: Engine) -> str:
    """What is wrong with the file of a SQLite database; "" for nothing, and for other databases."""
    if engine.url.get_backend_name() != "sqlite":
        return ""
    with closing(engine.raw_connection()) as connection:
        return damage(connection.driver_connection)  # type: ignore[arg-type]  # one of sqlite3
