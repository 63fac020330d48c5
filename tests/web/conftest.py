"""A site with one vocabulary and somebody in every role, to be changed by one test only."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import BASE
from tests.people import add_person, services_of
from vocab_server.accounts.roles import REACH, Grant, Reach, Role
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file

VOCABULARY = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/a> a skos:Concept ; skos:prefLabel "water"@en, "vatten"@sv ."""


def make_site(folder: Path, **settings: object) -> Flask:
    """An application over a vocabulary ``water``, with accounts named as their roles."""
    app = create_app(Settings(data=folder / "data", **({"base_url": BASE} | settings)))  # type: ignore[arg-type]
    file = folder / "water.ttl"
    file.write_text(VOCABULARY)
    opened = services_of(app)
    import_file(opened.writer, BASE, "water", Source(file, file.name), "test")
    for role in Role:
        scope = "water" if REACH[role] is Reach.VOCABULARY else ""
        add_person(opened.database, role.value, Grant(role, scope))
    add_person(opened.database, "nobody")
    return app


@pytest.fixture(scope="session")
def people_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a site that no test changes: copied, it costs little."""
    folder = tmp_path_factory.mktemp("people")
    services_of(make_site(folder)).close()
    return folder / "data"


@pytest.fixture
def people_app(people_data: Path, tmp_path: Path) -> Iterator[Flask]:
    data = shutil.copytree(people_data, tmp_path / "data", symlinks=True)
    app = create_app(Settings(data=data, base_url=BASE))
    yield app
    services_of(app).close()
