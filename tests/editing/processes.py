"""What the tests of writing run in processes of their own, to be killed at any moment.

They come from a server process that has imported all this and opened nothing: forking after a
store is open loses what it writes.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy
from rdflib import Literal, URIRef

from vocab_server.database import migrate, open_database
from vocab_server.database.log import ChangeLog
from vocab_server.database.turns import Kind, Turns
from vocab_server.editing.commit import Projection, Step, Transaction, Writer
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.change import Change, FileChange, Patch, Triple
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.search.index import IndexProjection
from vocab_server.search.lists import count_names
from vocab_server.skos.outline import OutlineProjection
from vocab_server.skos.statistics import StatisticsProjection, read_statistics
from vocab_server.store.base import Reader, Store
from vocab_server.store.embedded import EmbeddedStore

PROJECTIONS = (StatisticsProjection, OutlineProjection, IndexProjection)
GRAPHS = (URIRef("https://example.org/one"), URIRef("https://example.org/two"))
SIZE = 50  # concepts in each graph; all of them change in every commit
BIG = 12_000  # concepts in a graph that is loaded from a file
BASE = "https://example.org"

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.editing.processes", "tests.editing.draft_processes"])
_LABELS = "SELECT DISTINCT ?label WHERE { GRAPH $graph { ?s skos:prefLabel ?label } }"
_SIZE = "SELECT (COUNT(*) AS ?size) WHERE { GRAPH $graph { ?s ?p ?o } }"


class Worker:
    """A function that runs in a process of its own and sends what it has to say."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self.inbox, outbox = _CONTEXT.Pipe(duplex=False)
        self.process: BaseProcess = _CONTEXT.Process(
            target=work, args=(outbox, *arguments), daemon=True
        )
        self.process.start()
        outbox.close()

    def kill(self) -> list[int]:
        """End the process as ``kill -9`` does; all that it said."""
        self.process.kill()
        return self.rest()

    def rest(self) -> list[int]:
        """All that it says until it ends."""
        said: list[int] = []
        try:
            while True:
                said.append(self.inbox.recv())
        except EOFError:
            pass
        self.inbox.close()
        self.process.join()
        self.process.close()
        return said


@contextmanager
def opened(
    data: Path, projections: Sequence[type[Projection]] = PROJECTIONS
) -> Iterator[tuple[Writer, ChangeLog]]:
    """A writer and its log, over a database whose tables are there."""
    engine = open_database(f"sqlite:///{data / 'log.sqlite'}")
    try:
        log = ChangeLog(engine)
        yield Writer(data, log, projections), log
    finally:
        engine.dispose()


def make_database(data: Path) -> Path:
    """An empty log in a directory."""
    engine = open_database(f"sqlite:///{data / 'log.sqlite'}")
    migrate(engine)
    engine.dispose()
    return data


def round_of(number: int) -> frozenset[Triple]:
    """What one graph says in a round."""
    label = Literal(f"round {number}", lang="en")
    return frozenset((URIRef(f"{BASE}/{n}"), SKOS.prefLabel, label) for n in range(SIZE))


def current_round(store: Reader, graph: URIRef = GRAPHS[0]) -> int:
    """The round that a graph is in; 0 when it is empty. AssertionError when it is in several."""
    labels = store.select(bind(_LABELS, graph=graph))
    assert len(labels) <= 1, labels
    return int(str(labels[0]["label"]).split()[1]) if labels else 0


def toggle(number: int) -> list[Patch]:
    """The patches from one round to the next, for both graphs."""
    return [Change.between(graph, round_of(number - 1), round_of(number)) for graph in GRAPHS]


def first_round() -> list[Patch]:
    """The patches into round 1 from nothing."""
    return [Change(graph, round_of(1)) for graph in GRAPHS]


def next_round(transaction: Transaction, step: Step = lambda _: None) -> int:
    """Commit the next round; its number."""
    number = current_round(transaction.store) + 1
    patches = toggle(number) if number > 1 else first_round()
    transaction.commit(patches, "worker", f"Round {number}", step)
    return number


def commit_for_ever(outbox: Connection, data: Path) -> None:
    """Say 0 at the start, then the number of each round when it is committed."""
    outbox.send(0)
    with opened(data) as (writer, _):
        while True:
            with writer.open() as transaction:
                number = next_round(transaction)
            outbox.send(number)


def commit_and_die(outbox: Connection, data: Path, last: int, place: int, moment: str) -> None:
    """Commit a round, and die inside of a projection that stands at this place."""

    class Deadly:
        name = "deadly"
        takes_each = False

        def __init__(self, directory: Path) -> None:
            pass

        def position(self) -> int:
            return last

        def begin(self, patch: Patch, number: int) -> None:
            pass

        def apply(self, patch: Patch, number: int, store: Store) -> None:
            if moment == "apply":
                die()

        def snapshot(self, directory: Path) -> None:
            (directory / "half").touch()
            die()

        def close(self) -> None:
            pass

    projections = [*PROJECTIONS[:place], Deadly, *PROJECTIONS[place:]]
    with opened(data, projections) as (writer, _), writer.open() as transaction:
        outbox.send(next_round(transaction))


def die_at_step(outbox: Connection, data: Path, step: str) -> None:
    """Commit a round, and die when a step of it begins."""
    with opened(data) as (writer, _), writer.open() as transaction:
        next_round(transaction, lambda name: die() if name == step else None)
        outbox.send(0)


def die_in_the_log(outbox: Connection, data: Path) -> None:
    """Die when half of a change is in the log's transaction."""

    class Halved:
        graph = GRAPHS[1]

        def added_blocks(self) -> Iterator[bytes]:
            yield b"<urn:half> <urn:half> <urn:half> .\n" * 100_000
            die()

        def removed_blocks(self) -> Iterator[bytes]:
            yield from ()

    with opened(data) as (writer, _), writer.open() as transaction:
        transaction.commit([toggle(2)[0], Halved()], "worker", "Half")


def die() -> None:
    """What ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def load_for_ever(outbox: Connection, data: Path, files: Sequence[Path]) -> None:
    """Turn a graph into what one file says and then the other, by turns."""
    with opened(data) as (writer, log):
        while True:
            with writer.open() as transaction:
                before = current_version(transaction.store)
                after = 1 if before is None else 1 - before
                removed = files[before] if before is not None else files[2]
                patch = FileChange(GRAPHS[0], files[after], removed)
                transaction.commit([patch], "worker", f"Version {after}")
            outbox.send(log.last())


def import_for_ever(outbox: Connection, data: Path, files: Sequence[Path]) -> None:
    """Import one file and then the other, by turns, as the command does."""
    with opened(data) as (writer, log):
        while True:
            for file in files:
                import_file(writer, BASE, "big", Source(file, file.name), "worker")
                outbox.send(log.last())


def write_versions(directory: Path) -> list[Path]:
    """Two files of N-Triples for the same concepts, and an empty one."""
    files = [directory / f"{name}.nt" for name in ("zero", "one", "none")]
    for version, file in enumerate(files[:2]):
        with file.open("w") as lines:
            for n in range(BIG):
                lines.write(f'<{BASE}/{n}> <{SKOS.prefLabel}> "version {version}"@en .\n')
    files[2].touch()
    return files


def current_version(store: Reader, graph: URIRef = GRAPHS[0]) -> int | None:
    """The version that a graph is in, None when it is empty. AssertionError for a mixture."""
    labels = store.select(bind(_LABELS, graph=graph))
    if not labels:
        return None
    size = store.select(bind(_SIZE, graph=graph))[0]["size"]
    assert (len(labels), int(str(size))) == (1, BIG)
    return int(str(labels[0]["label"]).split()[1])


def increment(outbox: Connection, data: Path, times: int) -> None:
    """Add one to a number that others add to as well; say the number of each change."""
    counter = URIRef(f"{BASE}/counter")
    query = bind("SELECT ?n WHERE { GRAPH $graph { ?s rdf:value ?n } }", graph=GRAPHS[0])
    with opened(data, PROJECTIONS[:1]) as (writer, _):
        for _ in range(times):
            with writer.open() as transaction:
                rows = transaction.store.select(query)
                before = int(str(rows[0]["n"])) if rows else 0
                change = Change(
                    GRAPHS[0],
                    frozenset({(counter, RDF.value, Literal(before + 1))}),
                    frozenset({(counter, RDF.value, Literal(before))}),
                )
                outbox.send(transaction.commit([change], "worker", "One more"))


def watch(outbox: Connection, data: Path, stop: Path) -> None:
    """Read snapshot after snapshot; say in the end how many were whole and how many were not."""
    counts = {True: 0, False: 0}
    with opened(data) as (writer, _):
        while not stop.exists():
            found = writer.snapshots.open()
            if found is None:
                time.sleep(0.01)
                continue
            path, lease = found
            with lease:
                counts[is_whole(path)] += 1
    outbox.send(counts[True])
    outbox.send(counts[False])


def is_whole(snapshot: Path) -> bool:
    """Whether store, statistics and index of a snapshot are all in one and the same round."""
    store = EmbeddedStore.read_only(snapshot / "store")
    statistics = read_statistics(snapshot)
    index = tantivy.Index.open(str(snapshot / "index")).searcher()
    rounds = {current_round(store, graph) for graph in GRAPHS}
    size = SIZE if rounds != {0} else 0
    counts = {count_names(index, graph, "en") for graph in GRAPHS}
    triples = {statistics[graph].triples if graph in statistics else 0 for graph in GRAPHS}
    stored = {int(str(store.select(bind(_SIZE, graph=g))[0]["size"])) for g in GRAPHS}
    store.close()
    return len(rounds) == 1 and counts == triples == stored == {size}


def replayed(log: ChangeLog) -> dict[URIRef, set[bytes]]:
    """The lines of every graph, as the log alone tells them."""
    graphs: dict[URIRef, set[bytes]] = {}
    for change in log.since(0):
        lines = graphs.setdefault(change.graph, set())
        for block in change.removed_blocks():
            lines.difference_update(block.splitlines())
        for block in change.added_blocks():
            lines.update(block.splitlines())
    return {graph: lines for graph, lines in graphs.items() if lines}


def dumped(store: Store, graphs: Sequence[URIRef]) -> dict[URIRef, set[bytes]]:
    """The lines of some graphs, as the store tells them."""
    found: dict[URIRef, set[bytes]] = {}
    with TemporaryDirectory() as directory:
        for graph in graphs:
            store.dump(graph, Path(directory) / "dump.nt")
            lines = (Path(directory) / "dump.nt").read_bytes().split(b"\n")[:-1]
            if lines:
                found[graph] = set(lines)
    return found


def write_and_wait(outbox: Connection, data: Path, url: str) -> None:
    """Take the turn to write at a node, say so, and keep it."""
    engine = open_database(url)
    with Turns(engine).take(data.with_suffix(".lock"), Kind.LOG):
        outbox.send(0)
        time.sleep(600)
