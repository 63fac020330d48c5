"""Copies of a database in one SQLite file, and which version of the tables a database has."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
)

from vocab_server.database import (
    MIGRATIONS,
    VERSION,
    is_shared,
    migrate,
    open_database,
    revision_in,
)
from vocab_server.errors import StoreUnavailableError

ROWS = 50  # that are copied at a time: some have a megabyte


def revisions() -> tuple[str, ...]:
    """The versions of the tables that there have been, the newest first."""
    from alembic.config import Config  # see database.migrate
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def revision_of(engine: Engine) -> str:
    """The version of the tables in a database; "" when there are none."""
    with engine.connect() as connection:
        return revision_in(connection)


def copy_database(engine: Engine, target: Path) -> None:
    """Copy a database as it is at one moment to a SQLite file; those who write go on meanwhile.

    Raises StoreUnavailableError when what was copied is damaged.
    """
    if not is_shared(engine):
        _copy_file(engine, target)
        return
    copy = open_database(f"sqlite:///{target}")
    try:
        migrate(copy, revision_of(engine))
        at_once = engine.connect().execution_options(isolation_level="REPEATABLE READ")
        with at_once as source, copy.begin() as into:
            copy_rows(source, into)
        with closing(copy.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode=DELETE")  # the copy is one file
    finally:
        copy.dispose()


def _copy_file(engine: Engine, target: Path) -> None:
    """In one step: the copy begins anew whenever somebody writes (sqlite.org/backup.html)."""
    with closing(engine.raw_connection()) as connection, closing(sqlite3.connect(target)) as copy:
        connection.driver_connection.backup(copy)  # type: ignore[union-attr]  # one of sqlite3
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy is one file
        found = damage(copy)
    if found:
        raise StoreUnavailableError("The database is damaged: %(found)s", found=found)


@contextmanager
def filled(engine: Engine, source: Path) -> Iterator[None]:
    """A PostgreSQL without rows gets all of a SQLite file, kept when the block ends well."""
    migrate(engine)
    copy = open_database(f"sqlite:///{source}")
    try:
        with copy.connect() as rows, engine.begin() as into:
            copy_rows(rows, into)
            yield
    finally:
        copy.dispose()


def holds_something(engine: Engine) -> bool:
    """Whether a database has a change or an account."""
    found = inspect(engine)
    with engine.connect() as connection:
        return any(
            connection.scalar(select(literal(1)).select_from(table(name)).limit(1)) is not None
            for name in ("change", "account")
            if found.has_table(name)
        )


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy all rows to a database that has the same tables without any."""
    tables = MetaData()
    tables.reflect(target)
    for found in tables.sorted_tables:
        if found.name == VERSION:
            continue
        rows = source.execute(select(found).execution_options(yield_per=ROWS))
        for some in rows.mappings().partitions():
            target.execute(insert(found), [dict(row) for row in some])
        if target.dialect.name == "postgresql":
            _go_on_counting(target, found)


def _go_on_counting(target: Connection, found: Table) -> None:
    """Let the next row have the number after the last."""
    key = found.autoincrement_column
    if key is None:
        return
    last = target.scalar(select(func.max(key)))
    sequence = target.scalar(select(func.pg_get_serial_sequence(found.name, key.name)))
    if last is not None and sequence is not None:
        target.execute(select(func.setval(sequence, last)))


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
