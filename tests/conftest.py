"""What tests share: real stores, the real application, a real server, real data."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.once import compile_once, keep_for_good, migrate_once, work_in_memory
from tests.postgresql import Cluster, running_cluster
from vocab_server.app import create_app
from vocab_server.cli import cli
from vocab_server.cli.loading import load_shipped
from vocab_server.config import Settings
from vocab_server.database import migrate, open_database
from vocab_server.services import Services, open_services

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"  # real vocabularies and test suites; not everywhere
BASE = "http://127.0.0.1:8000"
# What takes longest, files and directories, in this order: it starts first where processes share
# the files among them, so that at the end none of them waits for another.
LONGEST = (
    "tests/bench/test_bench.py",
    "tests/browser/test_accessibility.py",
    "tests/quality/shacl/test_dcat_ap.py",
    "tests/quality/test_vocabularies.py",
    "tests/faults/",
    "tests/search/test_searches.py",
    "tests/scenarios/",
    "tests/browser/",
    "tests/clients/",
    "tests/operation/",
    "tests/attacks/",
    "tests/store/",
    "tests/editing/",
)
START = 60  # seconds that a server may take until it answers


def pytest_configure() -> None:
    """Do once what is the same for all tests, and keep their files in memory."""
    work_in_memory()
    compile_once()
    migrate_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much is tried of what disk, memory, files and clock can do."""
    parser.addoption("--faults", choices=["short", "full"], default="short")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put first what takes longest, when this is one of several processes; see LONGEST."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.nodeid))  # in a file the order stays


def pytest_collection_finish() -> None:
    """Let nobody look for garbage in what all tests need."""
    keep_for_good()


def _place(test: str) -> int:
    places = (place for place, start in enumerate(LONGEST) if test.startswith(start))
    return next(places, len(LONGEST))


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers and where it keeps its data."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, url: str = BASE, **settings: str) -> dict[str, str]:
    """The environment of a command that works on a data directory."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VOCAB_")},
        "VOCAB_SERVER_DATA": str(data),
        "VOCAB_SERVER_BASE_URL": url,
        **settings,
    }


def start_server(data: Path, **settings: str) -> Server:
    """A server process on a free port, when it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "vocab_server", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(data, url, **settings))
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            requests.get(f"{url}/robots.txt", timeout=1)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return Server(url, data, process)
    process.kill()
    raise TimeoutError(f"The server did not answer within {START} seconds.")


def stop_server(server: Server) -> None:
    """End a server as an operator does, and wait until it has."""
    server.process.terminate()
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def command(server: Server, *arguments: str | Path, given: str = "") -> str:
    """What a command on the data of a server at work prints on standard output.

    It runs in this process, which has long read what another one would take a second to read.
    """
    where = {"VOCAB_SERVER_DATA": str(server.data), "VOCAB_SERVER_BASE_URL": server.url}
    runner = CliRunner(env=where)
    done = runner.invoke(cli, [*map(str, arguments)], input=given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of the tests' own."""
    with running_cluster(free_port()) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A new database with its tables, of each kind in turn."""
    if request.param == "postgresql":
        engine = open_database(request.getfixturevalue("cluster").with_tables())
    else:
        engine = open_database(f"sqlite:///{tmp_path / 'database.sqlite'}")
        migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose data directory is new."""
    return Settings(data=tmp_path / "data", base_url=BASE)


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """The services over an empty, published data directory."""
    opened = open_services(settings)
    with opened.writer.open():
        pass
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shipped_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the vocabularies that come with the package; only for reading."""
    settings = Settings(data=tmp_path_factory.mktemp("shipped"), base_url=BASE)
    app = create_app(settings)
    opened: Services = app.extensions["vocab_server"]
    load_shipped(opened)
    yield app
    opened.close()


@pytest.fixture
def client(shipped_app: Flask) -> FlaskClient:
    """A client of the application over the shipped vocabularies."""
    return shipped_app.test_client()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server over the shipped vocabularies; only for reading."""
    data = tmp_path_factory.mktemp("server")
    started = start_server(data, VOCAB_SERVER_SPARQL_TIMEOUT="2")
    command(started, "init")
    yield started
    stop_server(started)
