"""An empty database with the tables of this version."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from vocab_server.database import migrate, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'accounts.sqlite'}")
    migrate(engine)
    yield engine
    engine.dispose()
