"""A site with a small hierarchy and a catalog, for tests that change it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cataloguing import TOPICS, read_catalog, read_vocabulary
from tests.conftest import BASE
from vocab_server.config import Settings
from vocab_server.services import Services, open_services


@pytest.fixture
def topics(tmp_path: Path) -> Iterator[Services]:
    """Services over the vocabulary of TOPICS and no catalog."""
    opened = open_services(Settings(data=tmp_path / "data", base_url=BASE))
    read_vocabulary(opened, tmp_path, "topics", TOPICS)
    yield opened
    opened.close()


@pytest.fixture
def harbour(topics: Services, tmp_path: Path) -> Services:
    """The same with the catalog ``harbour``."""
    read_catalog(topics, tmp_path, "harbour")
    return topics
