import multiprocessing
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from vocab_server.config import Settings
from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services
from vocab_server.store.snapshots import Lease, Snapshots, number_of
from vocab_server.views import Published

FORKSERVER = multiprocessing.get_context("forkserver")


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    """A directory without any snapshot."""
    return Snapshots(tmp_path / "snapshots")


def write(text: str):
    """What fills a snapshot with one file."""
    return lambda directory: (directory / "text").write_text(text)


def names(snapshots: Snapshots) -> list[str]:
    return sorted(path.name for path in snapshots.path("").iterdir() if not path.is_symlink())


def test_where_nothing_was_published_there_is_nothing(snapshots: Snapshots) -> None:
    assert (snapshots.name(), snapshots.current(), snapshots.open()) == (None, None, None)


def test_the_newest_snapshot_is_the_current_one(snapshots: Snapshots) -> None:
    snapshots.publish(1, write("one"))
    path = snapshots.publish(2, write("two"))
    assert snapshots.current() == path
    assert (path / "text").read_text() == "two"
    assert number_of(path) == 2


def test_a_snapshot_that_nobody_reads_is_collected(snapshots: Snapshots) -> None:
    for number in (1, 2, 3):
        snapshots.publish(number, write(""))
    assert names(snapshots) == ["0000000003-0"]


def test_a_snapshot_that_is_read_is_kept_until_it_is_let_go(snapshots: Snapshots) -> None:
    snapshots.publish(1, write("one"))
    found = snapshots.open()
    assert found is not None
    path, lease = found
    snapshots.publish(2, write("two"))
    snapshots.publish(3, write("three"))
    assert (path / "text").read_text() == "one"
    assert names(snapshots) == ["0000000001-0", "0000000003-0"]
    lease.close()
    snapshots.collect()
    assert names(snapshots) == ["0000000003-0"]


def hold(pipe: Connection, directory: Path) -> None:
    """Hold the current snapshot until somebody says so."""
    found = Snapshots(directory).open()
    pipe.send(found is not None)
    pipe.recv()


@pytest.mark.parametrize("end", ["politely", "by a kill"])
def test_another_process_keeps_a_snapshot_for_as_long_as_it_lives(
    snapshots: Snapshots, end: str
) -> None:
    snapshots.publish(1, write("one"))
    here, there = FORKSERVER.Pipe()
    process = FORKSERVER.Process(target=hold, args=(there, snapshots.path("")))
    process.start()
    assert here.recv()
    snapshots.publish(2, write("two"))
    assert names(snapshots) == ["0000000001-0", "0000000002-0"]
    if end == "politely":
        here.send("enough")
    else:
        process.kill()
    process.join()
    process.close()
    here.close()
    there.close()
    snapshots.collect()
    assert names(snapshots) == ["0000000002-0"]


def test_whoever_opens_while_others_publish_gets_a_whole_snapshot(snapshots: Snapshots) -> None:
    snapshots.publish(0, write("0"))
    done = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not done.is_set():
            found = snapshots.open()
            if found is None:
                wrong.append("nothing")
                continue
            path, lease = found
            with lease:
                if (path / "text").read_text() != str(number_of(path)):
                    wrong.append(path.name)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 150):
        snapshots.publish(number, write(str(number)))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_the_same_number_can_be_published_again(snapshots: Snapshots) -> None:
    snapshots.publish(1, write("as it was"))
    path = snapshots.publish(1, write("made anew"))
    assert snapshots.current() == path
    assert (number_of(path), (path / "text").read_text()) == (1, "made anew")


def test_what_a_dead_process_left_unfinished_is_swept(snapshots: Snapshots) -> None:
    for name in ("0000000001-0.new", "0000000002-0.new"):
        snapshots.path(name).mkdir(parents=True)
        (snapshots.path(name) / "half").touch()
    snapshots.path("current.new").symlink_to("0000000001-0")
    path = snapshots.publish(1, write("one"))
    assert names(snapshots) == ["0000000001-0"]
    assert not (path / "half").exists()


def test_a_snapshot_that_cannot_be_built_changes_nothing(snapshots: Snapshots) -> None:
    snapshots.publish(1, write("one"))
    with pytest.raises(FileNotFoundError):
        snapshots.publish(2, lambda directory: (directory / "none" / "text").touch())
    assert snapshots.name() == "0000000001-0"
    snapshots.publish(2, write("two"))
    assert names(snapshots) == ["0000000002-0"]


def test_a_current_snapshot_that_was_removed_by_hand_is_none(snapshots: Snapshots) -> None:
    path = snapshots.publish(1, write("one"))
    for file in path.iterdir():
        file.unlink()
    path.rmdir()
    assert snapshots.open() is None
    assert snapshots.current() is None


def test_a_collected_snapshot_cannot_be_leased(snapshots: Snapshots) -> None:
    path = snapshots.publish(1, write("one"))
    snapshots.publish(2, write("two"))
    with pytest.raises(FileNotFoundError):
        Lease(path)


@pytest.fixture
def change() -> Change:
    """A first statement about a dog."""
    label = Literal("dog", lang="en")
    return Change(URIRef("urn:g"), frozenset({(URIRef("urn:dog"), SKOS.prefLabel, label)}))


@pytest.fixture
def published(services: Services, settings: Settings) -> Iterator[Published]:
    """What a server process reads, beside the services that write."""
    made = Published(services.writer.snapshots, settings)
    yield made
    made.close()


def test_readers_get_the_new_snapshot_when_they_next_ask(
    services: Services, published: Published, change: Change
) -> None:
    before = published.view()
    assert published.view() is before
    services.writer.commit([change], "me", "One")
    after = published.view()
    assert change.graph in after.graphs
    assert change.graph not in before.graphs  # who has begun goes on with what was there
    assert before.store.select("SELECT ?s { GRAPH ?g { ?s ?p ?o } }") is not None


def test_a_view_that_nobody_has_any_more_lets_its_snapshot_go(
    services: Services, published: Published, change: Change
) -> None:
    name = published.view().name
    services.writer.commit([change], "me", "One")
    assert services.writer.snapshots.path(name).exists()
    published.view()
    services.writer.commit([change.inverse()], "me", "Back")
    assert not services.writer.snapshots.path(name).exists()


def test_before_anything_is_published_readers_are_told_what_to_run(settings: Settings) -> None:
    with pytest.raises(StoreUnavailableError, match="vocab-server init"):
        Published(Snapshots(settings.data / "snapshots"), settings).view()
