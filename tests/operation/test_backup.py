"""Backup and restore: all that was acknowledged comes back, and nothing is ever overwritten."""

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from alembic import command
from alembic.config import Config
from rdflib import URIRef
from sqlalchemy import text

from tests.changing import DATED, let_through, put
from tests.conftest import BASE, Server, environment, start_server, stop_server
from tests.editing.processes import replayed
from tests.operation.conftest import run
from tests.people import TESTER, add_person
from tests.postgresql import Cluster
from vocab_server.accounts.keys import session_key
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.config import Settings
from vocab_server.database import MIGRATIONS, open_database
from vocab_server.database.copying import revisions
from vocab_server.editing.releases import unpacked
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.operation.archive import DATABASE, Manifest, describe, write_archive
from vocab_server.operation.backup import UNFINISHED, back_up
from vocab_server.operation.restoring import restore
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.services import Services, open_services

ANIMALS = 5  # that are published


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a vocabulary, a release, a draft, accounts and a key; only to read."""
    place = tmp_path_factory.mktemp("source") / "data"
    with closing(open_services(Settings(data=place))) as services:
        put(services, "zoo", "Zoo", DATED)
        let_through(services, "zoo")
        services.releases.freeze("zoo", "2026-1", "anna")
        add_person(services.database, "anna", Grant(Role.CURATOR))
        begun = services.drafts.begin(graph_of(services), "More", "More animals", "anna")
        cat = frozenset({(URIRef(f"{BASE}/id/zoo/cat"), RDF.type, SKOS.Concept)})
        services.drafts.commit(begun.id, Change(begun.graph, cat), "anna", "A cat")
    session_key("", place)
    return place


def graph_of(services: Services) -> URIRef:
    return services.published.view().vocabulary("zoo").graph


@pytest.fixture
def file(data: Path, tmp_path: Path) -> Path:
    target = tmp_path / "backup"
    back_up(Settings(data=data), target)
    return target


def told(services: Services) -> dict[str, object]:
    """All that must come back, as the log, the store, the accounts and the drafts tell it."""
    graphs = replayed(services.log)
    view = services.published.view()
    draft = services.drafts.table.get(1)
    release = view.releases[graph_of(services)][0]
    return {
        "graphs": graphs,
        "store": {graph: view.statistics(graph).triples for graph in graphs},
        "account": find_account(services.database, "anna"),
        "draft": draft,
        "in the draft": services.draft_views.view(draft).statistics(draft.graph).concepts,
        "release": b"".join(unpacked(services.releases.file(release))),
        "key": (services.settings.data / "secret-key").read_bytes(),
    }


def test_all_that_cannot_be_made_again_comes_back(data: Path, file: Path, tmp_path: Path) -> None:
    target = Settings(data=tmp_path / "restored")
    restore(target, file)
    with (
        closing(open_services(Settings(data=data))) as before,
        closing(open_services(target)) as after,
    ):
        assert told(after) == told(before)
    assert sorted(path.name for path in target.data.glob("restoring*")) == []
    assert (target.data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert target.data.stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_goes_into_postgresql_and_back(
    data: Path, file: Path, tmp_path: Path, cluster: Cluster
) -> None:
    shared = Settings(data=tmp_path / "shared", database=cluster.create())
    restore(shared, file)
    with closing(open_services(Settings(data=data))) as before:
        expected = told(before)
    with closing(open_services(shared)) as services:
        assert told(services) == expected
        add_person(services.database, "bo")  # what is new has a number of its own
        assert services.drafts.begin(graph_of(services), "Next", "", "bo").id == 2
    back_up(shared, tmp_path / "second")
    again = Settings(data=tmp_path / "again")
    restore(again, tmp_path / "second")
    with closing(open_services(again)) as services:
        assert told(services) == expected
        assert find_account(services.database, "bo").name == "bo"


def test_a_postgresql_that_holds_something_is_not_overwritten(
    file: Path, tmp_path: Path, cluster: Cluster
) -> None:
    target = Settings(data=tmp_path / "one", database=cluster.create())
    restore(target, file)
    other = Settings(data=tmp_path / "two", database=target.database)
    with pytest.raises(InvalidError, match="holds something already"):
        restore(other, file)
    assert not other.data.exists()


def test_of_a_postgresql_without_tables_there_is_no_backup(
    tmp_path: Path, cluster: Cluster
) -> None:
    empty = Settings(data=tmp_path / "data", database=cluster.create())
    with pytest.raises(NotFoundError, match="nothing to back up"):
        back_up(empty, tmp_path / "backup")
    gone = Settings(data=empty.data, database=cluster.url("gone"))
    found = run(gone.data, "backup", tmp_path / "backup", VOCAB_SERVER_DATABASE=gone.database)
    assert found.returncode == 1
    assert 'database "gone" does not exist' in found.stderr
    assert "Traceback" not in found.stderr
    assert list(tmp_path.glob("*backup*")) == []


@pytest.fixture
def serving(data: Path, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server over a copy of the data, and a token of somebody who may write."""
    copy = tmp_path / "serving"
    shutil.copytree(data, copy, symlinks=True)
    with closing(open_services(Settings(data=copy))) as services:
        anna = find_account(services.database, "anna")
        token = create_token(services.database, TESTER, anna, scopes=("write",))[0]
    server = start_server(copy, VOCAB_SERVER_WORKERS="2", VOCAB_SERVER_BASE_URL=BASE)
    yield server, token
    stop_server(server)


def test_what_was_acknowledged_before_is_in_a_backup_of_a_server_at_work(
    serving: tuple[Server, str], tmp_path: Path
) -> None:
    server, token = serving
    acknowledged: list[str] = []
    stop = Event()
    writer = Thread(target=write_on, args=(server.url, token, acknowledged, stop))
    writer.start()
    counts = []
    try:
        for number in range(2):
            while len(acknowledged) < 2 * (number + 1):
                assert writer.is_alive()
                time.sleep(0.01)
            counts.append(len(acknowledged))
            done = run(server.data, "backup", tmp_path / f"backup-{number}")
            assert done.returncode == 0, done.stderr
    finally:
        stop.set()
        writer.join()
    for number, count in enumerate(counts):
        target = Settings(data=tmp_path / f"restored-{number}")
        restore(target, tmp_path / f"backup-{number}")
        with closing(open_services(target)) as services:
            draft = services.drafts.table.get(1)
            log = services.drafts.branches.log(draft)
            seen = services.draft_views.view(draft).statistics(draft.graph).concepts
            kept = [change.message for change in log.since(draft.base)]
        assert len(kept) >= count + 1, "what was said kept is there"
        assert seen == len(kept) + ANIMALS, "and the draft shows it all"


def write_on(url: str, token: str, acknowledged: list[str], stop: Event) -> None:
    """Add one concept after the other to the draft, until told to stop."""
    number = 0
    while not stop.is_set():
        number += 1
        made = {"do": "create", "prefLabel": {"en": f"Animal {number}"}}
        answer = requests.post(
            f"{url}/api/v1/drafts/1/changes",
            json=made,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert answer.ok, answer.text
        acknowledged.append(made["prefLabel"]["en"])


@pytest.mark.parametrize("taken", ["notes.txt", DATABASE, "secret-key", "store/CURRENT"])
def test_a_data_directory_that_holds_something_is_left_alone(
    file: Path, tmp_path: Path, taken: str
) -> None:
    data = tmp_path / "taken"
    (data / taken).parent.mkdir(parents=True)
    (data / taken).write_text("mine")
    with pytest.raises(InvalidError, match="holds something already"):
        restore(Settings(data=data), file)
    assert [path for path in data.rglob("*") if path.is_file()] == [data / taken]
    assert (data / taken).read_text() == "mine"


def test_a_new_disk_and_a_restore_that_died_are_no_obstacle(file: Path, tmp_path: Path) -> None:
    data = tmp_path / "disk"
    (data / "lost+found").mkdir(parents=True)
    (data / "restoring" / "store").mkdir(parents=True)
    done = run(data, "restore", file)
    assert done.returncode == 0
    assert "Restored up to change" in done.stderr
    again = run(data, "restore", file)
    assert (again.returncode, again.stdout) == (1, "")
    assert "holds something already" in again.stderr
    assert not (data / "restoring").exists()


def test_a_database_that_is_elsewhere_is_not_overwritten(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite"
    url = f"sqlite:///{elsewhere}"
    restore(Settings(data=tmp_path / "one", database=url), file)
    assert elsewhere.exists()
    with pytest.raises(InvalidError, match="is there already"):
        restore(Settings(data=tmp_path / "two", database=url), file)
    assert not (tmp_path / "two").exists()


def test_a_backup_that_is_damaged_anywhere_changes_nothing(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    spoilt = tmp_path / "spoilt"
    for place in range(20, len(whole), len(whole) // 11):
        spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        if not says_the_same(spoilt, file):
            refused(spoilt, tmp_path)
        spoilt.write_bytes(whole[:place])
        refused(spoilt, tmp_path)


def says_the_same(file: Path, other: Path) -> bool:
    """Whether two files unpack to the same bytes: some ways to pack are as good as others."""
    try:
        return gzip.decompress(file.read_bytes()) == gzip.decompress(other.read_bytes())
    except (OSError, EOFError, zlib.error):
        return False


def refused(file: Path, tmp_path: Path) -> str:
    data = tmp_path / "refused"
    with pytest.raises(InvalidError) as error:
        restore(Settings(data=data), file)
    assert not data.exists()
    return str(error.value)


def repacked(file: Path, target: Path, change, *extra: tarfile.TarInfo) -> Path:
    """A backup with another manifest and with more in it, otherwise well made."""
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
        for member in extra:
            new.addfile(member)
    return target


def link(name: str, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


def add_file(name: str):
    entry = {"name": name, "size": 0, "checksum": "0"}
    return lambda manifest: manifest["files"].append(entry)


@pytest.mark.parametrize(
    ("change", "extra", "words"),
    [
        (lambda m: m.update(format=99, version="9.9"), [], "9.9, which is newer"),
        (lambda m: m.update(revision="9999", version="9.9"), [], "whose database is newer"),
        (lambda m: m["files"].pop(), [], "is not as listed"),
        (add_file("releases/a/b.nt.gz"), [], "missing: releases/a/b.nt.gz"),
        (add_file("../outside"), [], "does not belong"),
        (add_file("/etc/releases/a/b.nt.gz"), [], "does not belong"),
        (add_file("releases/../../b.nt.gz"), [], "does not belong"),
        (lambda _: None, [link("evil", "/etc")], "is not as listed"),
        (
            lambda m: add_file("releases/a/b.nt.gz")(m),
            [link("releases/a/b.nt.gz", "/etc/passwd")],
            "is no file",
        ),
        (lambda m: m.pop("files"), [], "damaged"),
    ],
)
def test_what_no_backup_holds_is_refused(file: Path, tmp_path: Path, change, extra, words) -> None:
    made = repacked(file, tmp_path / "made", change, *extra)
    assert words in refused(made, tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello", gzip.compress(b"hello", mtime=0)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    refused(other, tmp_path)


@pytest.mark.parametrize("revision", revisions()[:0:-1])  # all but the newest
def test_a_backup_of_an_older_version_is_migrated(tmp_path: Path, revision: str) -> None:
    old = tmp_path / DATABASE
    engine = open_database(f"sqlite:///{old}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        row = "'urn:g', 'me', 'Old', '2026-01-01 00:00:00.000000', 0, 0, ''"
        columns = "graph, author, message, time, added, removed, checksum"
        connection.execute(text(f"INSERT INTO change ({columns}) VALUES ({row})"))  # noqa: S608
    engine.dispose()
    entry = describe(DATABASE, old)
    manifest = Manifest(1, "0.0.9", revision, "2026-01-01T00:00:00+00:00", BASE, 1, (entry,))
    write_archive(tmp_path / "backup", manifest, {DATABASE: old})
    target = Settings(data=tmp_path / "restored")
    restore(target, tmp_path / "backup")
    with closing(open_services(target)) as services:
        assert services.log.get(1).message == "Old"


def test_a_backup_that_is_killed_leaves_no_half_file(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    for moment in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED.format(moment=moment, target=target)],
            env=environment(data),
        )
        assert process.wait(30) == -signal.SIGKILL
        assert not target.exists()
    left = list(tmp_path.glob(f"{UNFINISHED}*"))
    assert left
    for path in left:
        os.utime(path, (0, 0))
    assert run(data, "backup", target).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["backup"], "old remains are swept"


KILLED = """
import os, signal, sys
from pathlib import Path
from vocab_server import config
from vocab_server.operation.backup import back_up
calls = ("sqlite3.connect", "sqlite3.connect/handle", "os.rename")
seen = 0
def die(event, arguments):
    global seen
    is_write = event == "open" and "backup-" in str(arguments[0]) or event in calls
    seen += is_write
    if is_write and (seen == {moment} + 2 or event == "os.rename"):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
back_up(config.load(), Path("{target}"))
"""


def test_a_disk_that_refuses_is_told_and_nothing_is_left(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    script = f"ulimit -f 160; exec {sys.executable} -m vocab_server backup {target}"
    done = subprocess.run(
        ["bash", "-c", script], env=environment(data), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_only_backups_are_replaced(data: Path, file: Path, tmp_path: Path) -> None:
    back_up(Settings(data=data), file)
    mine = tmp_path / "mine"
    mine.write_text("A letter")
    done = run(data, "backup", mine)
    assert (done.returncode, mine.read_text()) == (1, "A letter")
    assert "is there and no backup" in done.stderr


def test_there_is_nothing_to_back_up_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing to back up"):
        back_up(Settings(data=tmp_path / "none"), tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []
