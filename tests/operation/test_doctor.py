"""The doctor: every fault is found by its own check-up, explained, and nothing is changed."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from werkzeug.serving import make_server

from tests.changing import DATED, edit, put
from tests.conftest import free_port
from tests.mail_server import mail_server
from tests.operation.conftest import run
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.database import MIGRATIONS, open_database
from vocab_server.operation.checkups import CHECKUPS
from vocab_server.operation.doctor import Finding, examine
from vocab_server.services import open_services

DATABASE = "vocab-server.sqlite"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("whole") / "data"
    with closing(open_services(Settings(data=data))) as services:
        put(services, "zoo", "Zoo", DATED)
    return data


@pytest.fixture(scope="module")
def url(whole: Path) -> Iterator[str]:
    """The address of the application, which answers on it."""
    port = free_port()
    settings = Settings(data=whole, base_url=f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, create_app(settings), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield settings.base_url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(whole: Path, url: str, tmp_path: Path) -> Settings:
    """A copy that a test may spoil."""
    data = tmp_path / "data"
    shutil.copytree(whole, data, symlinks=True)
    return Settings(data=data, base_url=url)


def ill(settings: Settings) -> dict[str, Finding]:
    found = list(examine(settings))
    assert [finding.checkup for finding in found] == list(CHECKUPS)
    return {finding.checkup.id: finding for finding in found if finding.problems}


def test_there_is_nothing_wrong_with_what_is_whole(settings: Settings) -> None:
    before = listed(settings)
    assert ill(settings) == {}
    assert all(finding.looked for finding in examine(settings))
    assert listed(settings) == before


def listed(settings: Settings) -> list[Path]:
    """The files, those excepted that SQLite makes while it has a database open."""
    found = settings.data.rglob("*")
    return sorted(path for path in found if not path.name.startswith(f"{DATABASE}-"))


def snapshot_files(settings: Settings, pattern: str) -> list[Path]:
    """Files of the current snapshot, no longer shared with anything."""
    files = sorted((settings.data / "snapshots" / "current").resolve().glob(pattern))
    assert files, pattern
    for file in files:
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
    return files


def flip(*patterns: str) -> Callable[[Settings], None]:
    """Change a byte early in the files that fit the patterns."""

    def spoil(settings: Settings) -> None:
        for pattern in patterns:
            for file in snapshot_files(settings, pattern):
                content = bytearray(file.read_bytes())
                content[len(content) // 20] ^= 0xFF
                file.write_bytes(content)

    return spoil


def lose(pattern: str) -> Callable[[Settings], None]:
    def spoil(settings: Settings) -> None:
        snapshot_files(settings, pattern)[0].unlink()

    return spoil


def sql(statement: str, *values: object) -> Callable[[Settings], None]:
    def spoil(settings: Settings) -> None:
        with closing(sqlite3.connect(settings.data / DATABASE)) as database:
            database.execute(statement, values)
            database.commit()

    return spoil


def spoil_page(settings: Settings) -> None:
    """Write nonsense over the first page of a table that nothing at the start looks into."""
    file = settings.data / DATABASE
    where = "SELECT rootpage FROM sqlite_master WHERE name = 'proposal'"
    with closing(sqlite3.connect(file)) as database:
        (page,) = database.execute(where).fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : (page - 1) * 4096 + 64] = b"\xff" * 64
    file.write_bytes(content)


def no_database(settings: Settings) -> None:
    (settings.data / DATABASE).write_bytes(b"This is a letter and no database at all." * 200)


def older_tables(settings: Settings) -> None:
    engine = open_database(settings.database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    engine.dispose()


def fall_behind(settings: Settings) -> None:
    """As after a crash between the log and the store."""
    snapshots = settings.data / "snapshots"
    old = snapshots / (snapshots / "current").readlink()
    shutil.copytree(old, settings.data / "old")
    with closing(open_services(settings)) as services:
        edit(services, "zoo", added=":new a skos:Concept .")
    shutil.rmtree(snapshots / (snapshots / "current").readlink())
    shutil.move(settings.data / "old", old)
    (snapshots / "current").unlink()
    (snapshots / "current").symlink_to(old.name)


def short_key(settings: Settings) -> None:
    (settings.data / "secret-key").write_text("short")
    (settings.data / "secret-key").chmod(0o600)


FAULTS = {
    "open to others": ("permissions", lambda s: s.data.chmod(0o755), "chmod 700"),
    "key open to others": (
        "permissions",
        lambda s: (s.data / "secret-key").chmod(0o644),
        "chmod 600",
    ),
    "short key": ("secret-key", short_key, "a new one is made"),
    "lost database": ("database", lambda s: (s.data / DATABASE).unlink(), "restore FILE"),
    "a letter": ("database", no_database, "restore FILE"),
    "older tables": ("database", older_tables, "brings them up to date"),
    "newer tables": (
        "database",
        sql("UPDATE alembic_version SET version_num = '9999'"),
        "Install the newest",
    ),
    "damaged pages": ("database-file", spoil_page, "restore FILE"),
    "damaged row": (
        "change-log",
        sql("UPDATE change_part SET lines = ? WHERE change = 2", b"\x00\x01"),
        "restore FILE",
    ),
    "changed row": ("change-log", sql("UPDATE change SET checksum = 'ab'"), "restore FILE"),
    "lost row": ("change-log", sql("DELETE FROM change_part WHERE change = 2"), "restore FILE"),
    "clock": ("clock", sql("UPDATE change SET time = '2099-01-01 00:00:00.000000'"), "NTP"),
    "behind": ("snapshot", fall_behind, "catches up"),
    "ahead": ("snapshot", sql("DELETE FROM change WHERE number = 2"), "VOCAB_SERVER_DATABASE"),
    "nothing published": (
        "snapshot",
        lambda s: (s.data / "snapshots" / "current").unlink(),
        "rebuild",
    ),
    "damaged store": ("store", flip("store/*.sst"), "rebuild"),
    "lost store file": ("store", lose("store/CURRENT"), "rebuild"),
    "damaged index": ("index", flip("index/*.term"), "rebuild"),
    "damaged lists": ("index", flip("changes/*.store"), "rebuild"),
    "damaged list of files": ("index", lambda s: empty(s, "index/meta.json"), "rebuild"),
    "lost index": ("index", lose("index/*.idx"), "rebuild"),
    "damaged outline": ("index", lambda s: empty(s, "outline.json"), "rebuild"),
    "damaged table": ("index", lambda s: empty(s, "structure/*.sqlite"), "rebuild"),
}


def empty(settings: Settings, pattern: str) -> None:
    snapshot_files(settings, pattern)[0].write_bytes(b"{" * 5000)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_its_checkup(settings: Settings, fault: str) -> None:
    checkup, spoil, remedy = FAULTS[fault]
    spoil(settings)
    found = ill(settings)
    assert checkup in found, found
    assert any(remedy in problem.remedy for problem in found[checkup].problems)
    needing = {row.id for row in CHECKUPS if checkup in row.needs}
    assert not needing & set(found), "nothing is said of what rests on it"


def test_an_address_that_nobody_answers_is_told(settings: Settings) -> None:
    silent = Settings(data=settings.data, base_url=f"http://127.0.0.1:{free_port()}")
    assert set(ill(silent)) == {"base-url"}


def test_a_mail_server_is_greeted(settings: Settings) -> None:
    with mail_server() as inbox:
        told = replace(settings, smtp=f"smtp://127.0.0.1:{inbox.port}", mail_from="a@example.org")
        assert "mail" not in ill(told)
    assert "VOCAB_SERVER_SMTP" in ill(told)["mail"].problems[0].remedy


def test_a_database_that_is_far_away_and_silent_is_told_without_its_password(
    settings: Settings,
) -> None:
    far = f"postgresql+psycopg://anna:geheim@127.0.0.1:{free_port()}/vocab"
    done = run(settings.data, "doctor", VOCAB_SERVER_DATABASE=far)
    assert done.returncode == 1
    assert "geheim" not in done.stdout + done.stderr


def test_a_full_disk_is_told(settings: Settings) -> None:
    """A sparse file takes no room, but a store so big needs twice as much that no disk has."""
    with (settings.data / "store" / "999999.sst").open("wb") as file:
        file.truncate(shutil.disk_usage(settings.data).free // 2 + 1)
    assert set(ill(settings)) == {"disk"}


def test_the_command_says_what_to_do_and_exits_with_1(settings: Settings) -> None:
    base = {"VOCAB_SERVER_BASE_URL": settings.base_url}
    well = run(settings.data, "doctor", "--json", **base)
    assert (well.returncode, json.loads(well.stdout)["healthy"]) == (0, True)
    settings.data.chmod(0o755)
    unwell = run(settings.data, "doctor", **base)
    assert unwell.returncode == 1
    assert f"What to do: Run: chmod 700 {settings.data}" in unwell.stdout
    assert unwell.stdout.count("PROBLEM") == 1
