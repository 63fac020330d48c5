"""The migrations make the tables that the models describe, from every version on."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from vocab_server.database import (
    account_models,
    migrate,
    open_database,
)


def test_migrations_make_what_the_models_describe(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, account_models.Base.metadata) == []
    migrate(engine)  # nothing to do, and nothing done
    assert "account" in inspect(engine).get_table_names()
    engine.dispose()
