"""kill -9 at any moment: what was said saved is there, and nothing is ever half there."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import tantivy

from tests.editing.processes import (
    BASE,
    GRAPHS,
    PROJECTIONS,
    Worker,
    commit_and_die,
    commit_for_ever,
    current_round,
    current_version,
    die_at_step,
    die_in_the_log,
    dumped,
    import_for_ever,
    increment,
    load_for_ever,
    make_database,
    next_round,
    opened,
    replayed,
    watch,
    write_versions,
)
from vocab_server.editing.commit import Writer
from vocab_server.skos.statistics import GraphStatistics, read_statistics
from vocab_server.skos.vocabularies import graph_of
from vocab_server.store.embedded import EmbeddedStore

KILLS = 25  # of a process that commits
EARLY_KILLS = 10  # of a process that writes into a new directory
LOAD_KILLS = 6  # of a process that loads a big change
IMPORT_KILLS = 2  # of a process that imports a file
LONGEST = 0.5  # seconds until a kill
CHANCE = random.Random(20)  # noqa: S311  (the same moments each time)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory whose log is empty."""
    return make_database(tmp_path)


@pytest.fixture
def watcher(data: Path) -> Iterator[Worker]:
    """A process that reads all the time; none of what it reads is half of anything."""
    stop = data / "stop"
    worker = Worker(watch, data, stop)
    yield worker
    stop.touch()
    whole, broken = worker.rest()
    assert whole
    assert not broken


def check(data: Path) -> int:
    """Start without help; all projections say what the log says. The number of the last change."""
    with opened(data) as (writer, log):
        with writer.open() as transaction:
            expected = replayed(log)
            assert dumped(transaction.store, list(expected)) == expected
            assert {p.position() for p in transaction.projections} == {log.last()}
        path = writer.snapshots.current()
        assert path is not None
        check_snapshot(path, expected)
        check_tidy(data, writer)
        return log.last()


def check_snapshot(path: Path, expected: dict) -> None:
    store = EmbeddedStore.read_only(path / "store")
    assert dumped(store, list(expected)) == expected
    store.close()
    for graph, counted in read_statistics(path).items():
        anew = GraphStatistics()
        anew.count([b"\n".join(expected[graph])], 1)
        assert counted.to_json() == anew.to_json()


def check_tidy(data: Path, writer: Writer) -> None:
    """Nothing is left of what was killed."""
    assert not (data / "loading").exists()
    assert not list(data.glob("snapshots/*.new"))
    assert not list(data.glob("*.nt"))
    writer.snapshots.collect()
    assert len(list(data.glob("snapshots/0*"))) <= 2  # the current one and one that is read


def check_index(data: Path) -> None:
    """The index holds what one holds that is made anew."""
    with opened(data) as (writer, _):
        names = documents(data / "index")
        writer.rebuild()
        assert documents(data / "index") == names


def documents(index: Path) -> list[str]:
    searcher = tantivy.Index.open(str(index)).searcher()
    found = searcher.search(tantivy.Query.all_query(), limit=100_000).hits
    return sorted(str(searcher.doc(address).to_dict()) for _, address in found)


def test_what_was_said_committed_survives_kills_at_any_moment(data: Path, watcher: Worker) -> None:
    said = 0
    for _ in range(KILLS):
        worker = Worker(commit_for_ever, data)
        worker.inbox.poll(LONGEST)  # until it has begun
        time.sleep(CHANCE.uniform(0, LONGEST))
        said = max([said, *worker.kill()])
        assert check(data) in (2 * said, 2 * said + 2)
        with opened(data) as (writer, _), writer.open() as transaction:
            said = current_round(transaction.store)
    assert said
    check_index(data)


@pytest.mark.parametrize("moment", range(EARLY_KILLS))
def test_a_kill_at_the_very_start_leaves_nothing_in_the_way(data: Path, moment: int) -> None:
    worker = Worker(commit_for_ever, data)
    time.sleep(LONGEST * moment / EARLY_KILLS)
    said = max([0, *worker.kill()])
    assert check(data) in (2 * said, 2 * said + 2)


@pytest.mark.parametrize("moment", ["apply", "snapshot"])
@pytest.mark.parametrize("place", range(len(PROJECTIONS) + 1))
def test_a_change_that_is_in_the_log_is_taken_in_later(data: Path, place: int, moment: str) -> None:
    with opened(data) as (writer, _), writer.open() as transaction:
        next_round(transaction)
    worker = Worker(commit_and_die, data, 2, place, moment)
    assert worker.rest() == []
    with opened(data) as (writer, log):
        assert log.last() == 4
        with writer.open() as transaction:
            assert current_round(transaction.store) == 2
    check(data)
    check_index(data)


STEPS = {"log": 1, "store": 2, "statistics.json": 2, "outline": 2, "index": 2, "snapshot": 2}


@pytest.mark.parametrize("step", STEPS)
def test_a_commit_is_whole_from_the_log_on(data: Path, step: str, watcher: Worker) -> None:
    with opened(data) as (writer, _), writer.open() as transaction:
        next_round(transaction)
    assert Worker(die_at_step, data, step).rest() == []
    with opened(data) as (writer, _), writer.open() as transaction:
        assert current_round(transaction.store) == STEPS[step]
    check(data)


def test_half_a_change_in_the_log_is_none(data: Path) -> None:
    with opened(data) as (writer, _), writer.open() as transaction:
        next_round(transaction)
    assert Worker(die_in_the_log, data).rest() == []
    assert check(data) == 2


def test_a_big_change_is_wholly_there_or_not_at_all(data: Path) -> None:
    files = write_versions(data)
    killed_loading = said = 0
    for _ in range(LOAD_KILLS):
        worker = Worker(load_for_ever, data, files)
        wait_for_load(data, worker)
        time.sleep(CHANCE.uniform(0, 0.1))
        worker.process.kill()
        worker.process.join()
        killed_loading += (data / "loading").exists()
        said = max([said, *worker.kill()])
        with opened(data) as (writer, log):
            with writer.open() as transaction:
                current_version(transaction.store)
            assert log.last() - said in (0, 1)
            said = log.last()
    assert killed_loading
    for file in files:
        file.unlink()
    check(data)


def wait_for_load(data: Path, worker: Worker) -> None:
    while not (data / "loading").exists() and worker.process.is_alive():
        time.sleep(0.002)


def test_a_killed_import_is_wholly_there_or_not_at_all(data: Path) -> None:
    files = write_versions(data)
    graph = graph_of(BASE, "big")
    for _ in range(IMPORT_KILLS):
        worker = Worker(import_for_ever, data, files[:2])
        worker.inbox.poll(60)  # until the first import is said to be in
        time.sleep(CHANCE.uniform(0, 2))
        said = max([0, *worker.kill()])
        with opened(data) as (writer, log), writer.open() as transaction:
            assert current_version(transaction.store, graph) in (0, 1)
            assert log.last() - said in (0, 1)
    for file in files:
        file.unlink()
    check(data)


def test_writers_in_several_processes_lose_no_update(data: Path) -> None:
    workers = [Worker(increment, data, 20) for _ in range(4)]
    numbers = [number for worker in workers for number in worker.rest()]
    assert sorted(numbers) == list(range(1, 81))
    with opened(data) as (writer, log), writer.open() as transaction:
        (line,) = dumped(transaction.store, GRAPHS[:1])[GRAPHS[0]]
        assert b'"80"' in line
        assert log.last() == 80
