"""Damaged files and rows, and a clock that was set back: it heals itself, or says how to."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.changing import DATED, edit, put
from tests.conftest import environment, start_server
from tests.editing.processes import dumped, replayed
from tests.people import TESTER, add_person
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Grant, Role
from vocab_server.accounts.tokens import create_token
from vocab_server.config import Settings
from vocab_server.errors import StoreUnavailableError
from vocab_server.operation.doctor import examine
from vocab_server.services import Services, open_services

pytestmark = pytest.mark.faults

DATABASE = "vocab-server.sqlite"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data=tmp_path / "data")
    with closing(open_services(made)) as services:
        put(services, "zoo", "Zoo", DATED)
        edit(services, "zoo", added=":new a skos:Concept .")
    return made


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    opened = open_services(settings)
    yield opened
    opened.close()


def is_whole(services: Services) -> bool:
    """Whether store and readers have what the log says."""
    with services.writer.open() as transaction:
        expected = replayed(services.log)
        assert dumped(transaction.store, list(expected)) == expected
    view = services.published.view()
    return {graph: view.statistics(graph).triples for graph in expected} == {
        graph: len(lines) for graph, lines in expected.items()
    }


def overwrite(directory: Path, pattern: str) -> None:
    """Fill files with nonsense, without touching those that they are linked to."""
    found = [path for path in sorted(directory.glob(pattern)) if path.is_file()]
    assert found, pattern
    for path in found:
        size = path.stat().st_size
        path.unlink()
        path.write_bytes(b"\x00nonsense" * (size // 9 + 1))


WRITERS = ("store/CURRENT", "store/MANIFEST-*", "index/meta.json", "statistics.json", "index/*.idx")


@pytest.mark.parametrize("pattern", WRITERS)
def test_a_damaged_file_of_the_writer_heals_itself(settings: Settings, pattern: str) -> None:
    overwrite(settings.data, pattern)
    with closing(open_services(settings)) as services:
        edit(services, "zoo", added=":more a skos:Concept .")
        if pattern == "index/*.idx":  # which only reading tells
            services.writer.rebuild()
        assert is_whole(services)
    assert {f.checkup.id for f in examine(settings) if f.problems} == {"base-url"}


@pytest.mark.parametrize("pattern", ["store/*.sst", "index/*.term", "statistics.json"])
def test_a_damaged_snapshot_is_made_anew(settings: Settings, pattern: str) -> None:
    overwrite((settings.data / "snapshots" / "current").resolve(), pattern)
    found = {f.checkup.id: f.problems for f in examine(settings) if f.problems}
    remedies = {problem.remedy for problems in found.values() for problem in problems}
    assert any("vocab-server rebuild" in remedy for remedy in remedies)
    done = subprocess.run(
        [sys.executable, "-m", "vocab_server", "rebuild"],
        env=environment(settings.data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with closing(open_services(settings)) as services:
        assert is_whole(services)


def test_a_damaged_row_of_the_log_stops_a_rebuild_and_nothing_else(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data / DATABASE)) as database:
        database.execute("UPDATE change_part SET lines = x'00' WHERE change = 2")
        database.commit()
    with closing(open_services(settings)) as services:
        edit(services, "zoo", added=":more a skos:Concept .")
        view = services.published.view()
        graph = view.vocabulary("zoo").graph
        before = view.statistics(graph)
        with pytest.raises(StoreUnavailableError, match=r"Change 2 .* damaged.*Restore"):
            services.writer.rebuild()
        assert services.published.view().statistics(graph) == before, "readers go on"


def test_a_clock_that_was_set_back_changes_no_order(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data / DATABASE)) as database:
        database.execute("UPDATE change SET time = '2099-01-01 00:00:00.000000'")
        database.commit()
    with closing(open_services(settings)) as services:
        edit(services, "zoo", added=":after a skos:Concept .")
        assert [change.number for change in services.log.since(0)] == [1, 2, 3, 4]
        services.writer.rebuild()
        assert is_whole(services)
    assert "clock" in {f.checkup.id for f in examine(settings) if f.problems}


def test_a_server_that_is_killed_while_it_is_written_to_keeps_every_word(
    settings: Settings, full: bool
) -> None:
    with closing(open_services(settings)) as services:
        add_person(services.database, "anna", Grant(Role.CURATOR))
        anna = find_account(services.database, "anna")
        token, _ = create_token(services.database, TESTER, anna, scopes=("write",))
        graph = services.published.view().vocabulary("zoo").graph
        services.drafts.begin(graph, "More", "More animals", "anna")
    said: list[str] = []
    for number in range(500 if full else 2):
        kill_while_writing(settings, token, said, writes=1 + number % 7)
        with closing(open_services(settings)) as services:
            draft = services.drafts.table.get(1)
            changes = services.drafts.branches.log(draft).since(draft.base)
            assert len(changes) in (len(said), len(said) + 1), "the last one may be unsaid"
            said += ["unsaid"] * (len(changes) - len(said))
            assert is_whole(services)
            seen = services.draft_views.view(draft).statistics(graph).concepts
            assert seen == services.published.view().statistics(graph).concepts + len(said)
    assert said


def kill_while_writing(settings: Settings, token: str, said: list[str], writes: int) -> None:
    """Write until so many writes are acknowledged, then kill all processes in the next one."""
    url = {"VOCAB_SERVER_BASE_URL": settings.base, "VOCAB_SERVER_WORKERS": "1"}
    server = start_server(settings.data, **url)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    killer = None
    for number in range(writes + 1):
        if number == writes:
            group = children(server.process.pid)
            kill = f"sleep 0.0{writes}; kill -9 {server.process.pid} {' '.join(group)}"
            killer = subprocess.Popen(["sh", "-c", kill])
        body = {"do": "create", "prefLabel": {"en": f"Animal {len(said)} {time.time_ns()}"}}
        try:
            answer = session.post(f"{server.url}/api/v1/drafts/1/changes", json=body, timeout=30)
        except requests.RequestException:
            break
        assert answer.ok, answer.text
        said.append(answer.text)
    assert killer
    killer.wait()
    server.process.wait()
    session.close()


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
