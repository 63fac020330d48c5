from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from vocab_server.database import (
    MIGRATIONS,
    NEWEST,
    account_models,
    draft_models,
    migrate,
    open_database,
    quality_models,
    uploads,
)
from vocab_server.database.copying import revisions
from vocab_server.database.log import ChangeLog
from vocab_server.database.models import Base


def test_the_migrations_make_the_tables_that_the_models_tell(database: Engine) -> None:
    with database.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    migrate(database)  # nothing to do, and nothing done
    assert found == []
    assert account_models.AccountRow.__tablename__ in Base.metadata.tables
    assert draft_models.DraftRow.__tablename__ in Base.metadata.tables
    assert uploads.UploadRow.__tablename__ in Base.metadata.tables
    assert quality_models.QualityExceptionRow.__tablename__ in Base.metadata.tables


def test_the_newest_migration_is_known() -> None:
    """Who has it needs no look at the others."""
    assert revisions()[0] == NEWEST


def test_an_older_log_is_read_as_before(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'log.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = "'urn:g', 'me', 'Old', '2026-01-01 00:00:00.000000', 0, 0, ''"
        columns = "graph, author, message, time, added, removed, checksum"
        connection.execute(text(f"INSERT INTO change ({columns}) VALUES ({row})"))  # noqa: S608
    migrate(engine)
    assert (ChangeLog(engine).get(1).message, ChangeLog(engine).get(1).details) == ("Old", {})
    engine.dispose()
