"""The database: the change log, and all that must never be published."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from vocab_server.errors import StoreUnavailableError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY = 30_000  # milliseconds that a writer waits for another


def open_database(url: str) -> Engine:
    """The database that a SQLAlchemy URL names; SQLite is set to lose nothing that was said saved.

    WAL with synchronous=FULL makes a committed row survive power loss (sqlite.org, PRAGMA
    synchronous).
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={BUSY}")
        cursor.close()

    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to this version's shape; a new database gets all of them.

    Raises StoreUnavailableError when the database does not answer or cannot be written.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreUnavailableError(
            "The database %(shown)s cannot be used: %(orig)s. Is its disk full, read-only or of"
            " another user? Run: vocab-server doctor",
            shown=shown,
            orig=error.orig,
        ) from error
