"""The database: the change log, and all that must never be published."""

from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    TimeoutError,  # of the pool
)

from vocab_server.errors import Phrase, StoreUnavailableError

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0015"  # of the migrations
VERSION = "alembic_version"  # the table that tells which of them a database has had
BUSY = 30_000  # milliseconds that a writer waits for another
POOL = 3  # connections to PostgreSQL that a process keeps
MORE = 7  # and so many more while it has much to do: 9 processes of 3 nodes stay under 100
# What is cut off is noticed within seconds (libpq, 34.1.2): it goes on with what it has then.
CONNECTING: dict[str, Any] = {
    "connect_timeout": 3,  # seconds
    "keepalives_idle": 5,  # seconds
    "keepalives_interval": 2,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
# The locks of a node that is cut off end after 20 seconds, those of one that dies at once. Times
# come back in UTC. Only who turned durability off has it turned on.
SESSION = """SELECT set_config('TimeZone', 'UTC', false),
set_config('tcp_keepalives_idle', '10', false),
set_config('tcp_keepalives_interval', '5', false),
set_config('tcp_keepalives_count', '2', false),
CASE current_setting('synchronous_commit') WHEN 'off'
THEN set_config('synchronous_commit', 'on', false) END"""
# What is raised when the database is gone, starting, full, or one that only copies another.
UNUSABLE = (InterfaceError, InternalError, OperationalError, TimeoutError)
SETTING_UP = 0x766F6361  # the number of the lock that who makes or changes tables holds


def open_database(url: str) -> Engine:
    """The database that a SQLAlchemy URL names, set to lose nothing that was said saved.

    For SQLite, WAL with synchronous=FULL makes a committed row survive power loss (sqlite.org,
    PRAGMA synchronous).
    """
    if make_url(url).get_backend_name() == "postgresql":
        return _postgresql(url, pool_pre_ping=True, pool_size=POOL, max_overflow=MORE)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={BUSY}")
        cursor.close()

    return engine


def is_shared(engine: Engine) -> bool:
    """Whether the database is one that several nodes can share."""
    return engine.dialect.name == "postgresql"


def unpooled(engine: Engine) -> Engine:
    """The same PostgreSQL with a connection for each who asks, which ends when they close it."""
    return _postgresql(engine.url, poolclass=NullPool, pool_reset_on_return=None)


def _postgresql(url: URL | str, **pool: Any) -> Engine:
    engine = create_engine(url, connect_args=CONNECTING, **pool)

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _record: object) -> None:
        connection.execute(SESSION)  # type: ignore[attr-defined]  # one of psycopg
        connection.commit()  # type: ignore[attr-defined]

    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to this version's shape; a new database gets all of them.

    ``revision`` is an older version that a new database is to have.

    Raises StoreUnavailableError when the database does not answer or cannot be written.
    """
    try:
        with engine.begin() as connection:
            if is_shared(engine):
                _check_encoding(connection)
                # Nodes may start at the same time.
                connection.execute(text(f"SELECT pg_advisory_xact_lock({SETTING_UP})"))
            if revision_in(connection) != (NEWEST if revision == "head" else revision):
                _upgrade(connection, revision)
    except DBAPIError as error:
        shown = engine.url.render_as_string(hide_password=True)
        question = (
            Phrase(
                "Does it run, is VOCAB_SERVER_DATABASE right, and may this user make tables in it?"
            )
            if is_shared(engine)
            else Phrase("Is its disk full, read-only or of another user?")
        )
        reason = str(error.orig).strip()
        raise StoreUnavailableError(
            "The database %(shown)s cannot be used: %(reason)s. %(question)s"
            " Run: vocab-server doctor",
            shown=shown,
            reason=reason,
            question=question,
        ) from error


def revision_in(connection: Connection) -> str:
    """The version of the tables in a database; "" when there are none."""
    if not inspect(connection).has_table(VERSION):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _upgrade(connection: Connection, revision: str) -> None:
    # Not with the others: it takes 10 MB that a process of a server need not have.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _check_encoding(connection: Connection) -> None:
    """Raises StoreUnavailableError when the database cannot keep the languages of the world."""
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StoreUnavailableError(
            "The database has the encoding %(encoding)s, which cannot keep every"
            " language. Make it anew: createdb --encoding=UTF8"
            " --template=template0 NAME",
            encoding=encoding,
        )
