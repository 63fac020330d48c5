"""How a change becomes durable, then visible: append to the log, project, publish a snapshot.

One writer at a time, across threads and processes. A process that dies at any moment leaves a
log that is whole and projections that the next writer catches up from it.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock
from rdflib import URIRef

from vocab_server.database.log import ChangeLog, LoggedChange
from vocab_server.rdf.change import Change, Patch
from vocab_server.rdf.query import bind
from vocab_server.store.base import Store
from vocab_server.store.holding import held
from vocab_server.store.projection import RdfProjection
from vocab_server.store.snapshots import Snapshots, number_of

MANY = 20_000  # triples that make it worth while to begin early


class Projection(Protocol):
    """Something made from the change log: an index, statistics, the RDF store itself."""

    name: str

    def __init__(self, directory: Path) -> None:
        """Open it in the directory that holds the projections, as ``name``."""

    def position(self) -> int:
        """The number of the last change it holds."""

    def begin(self, patch: LoggedChange, number: int, /) -> None:
        """A change that fills a new graph is coming: start what needs no store for it."""

    def apply(self, patch: LoggedChange, number: int, store: Store, /) -> None:
        """Take in a change; ``store`` already holds it. To apply one again does no harm."""

    def snapshot(self, directory: Path) -> None:
        """Put an immutable copy into a snapshot's directory."""

    def close(self) -> None:
        """Release locks and files."""


Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Transaction:
    """The right to write, for as long as ``Writer.open`` is."""

    log: ChangeLog
    store: Store
    projections: tuple[Projection, ...]
    snapshots: Snapshots

    def commit(
        self, patches: Sequence[Patch], author: str, message: str, step: Step = lambda _: None
    ) -> int | None:
        """Keep the patches, all of them or none, and show them to readers.

        What a ``Change`` adds that is there already, or removes that is not, is left out first;
        other patches must already say no more than the difference. No two patches are for the
        same graph. Returns the number of the last change, or None when nothing was left to do.
        ``step`` is told what happens next.
        """
        if len({patch.graph for patch in patches}) < len(patches):
            raise ValueError("Two patches change the same graph: make one of them.")
        left = [patch for patch in (self._net(patch) for patch in patches) if patch]
        if not left:
            return None
        step("log")
        number = self.log.append(left, author, message)
        self.catch_up(step)
        return number

    def catch_up(self, step: Step = lambda _: None) -> None:
        """Take in what the log has and the projections have not, and publish it."""
        pending = [(each, self.log.since(each.position())) for each in self.projections]
        for projection, changes in pending:
            self._begin(projection, changes)
        for projection, changes in pending:
            for change in changes:
                step(projection.name)
                projection.apply(change, change.number, self.store)
        is_behind = any(changes for _, changes in pending)
        current = self.snapshots.current()
        if is_behind or current is None or number_of(current) != self.log.last():
            self.publish(step)

    def is_ahead(self) -> bool:
        """Whether a projection holds what the log has not: the log is an older copy of itself."""
        last = self.log.last()
        return any(projection.position() > last for projection in self.projections)

    def publish(self, step: Step = lambda _: None) -> None:
        """Show readers what the projections hold."""
        step("snapshot")
        self.snapshots.publish(self.log.last(), self._build)

    def _begin(self, projection: Projection, changes: Sequence[LoggedChange]) -> None:
        seen: set[URIRef] = set()
        for change in changes:
            is_first = change.graph not in seen
            seen.add(change.graph)
            if is_first and change.added >= MANY and not self._is_held(change.graph):
                projection.begin(change, change.number)

    def _is_held(self, graph: URIRef) -> bool:
        return self.store.ask(bind(_HELD, graph=graph))

    def _build(self, directory: Path) -> None:
        for projection in self.projections:
            projection.snapshot(directory)

    def _net(self, patch: Patch) -> Patch | None:
        if not isinstance(patch, Change):
            return patch
        added = held(self.store, patch.graph, patch.added)
        removed = held(self.store, patch.graph, patch.removed - patch.added)
        new = frozenset(triple for triple, is_there in added.items() if not is_there)
        old = frozenset(triple for triple, is_there in removed.items() if is_there)
        return Change(patch.graph, new, old - added.keys()) or None


class Writer:
    """The way in. ``directory`` holds the projections, the snapshots and the write lock."""

    def __init__(
        self, directory: Path, log: ChangeLog, projections: Sequence[type[Projection]] = ()
    ) -> None:
        self._directory = directory
        self._log = log
        self._projections = tuple(projections)
        self.snapshots = Snapshots(directory / "snapshots")

    @contextmanager
    def open(self) -> Iterator[Transaction]:
        """Wait for the turn to write; what a dead writer left undone is done first."""
        with self._turn():
            with self._opened(self.snapshots.current()) as transaction:
                if not transaction.is_ahead():
                    transaction.catch_up()
                    yield transaction
                    return
            with self._opened_anew() as transaction:
                transaction.catch_up()
                yield transaction

    def commit(self, patches: Sequence[Patch], author: str, message: str) -> int | None:
        """One commit on its own. See Transaction.commit."""
        with self.open() as transaction:
            return transaction.commit(patches, author, message)

    def rebuild(self, step: Step = lambda _: None) -> None:
        """Throw the projections away and make them anew from the log.

        Readers go on with the current snapshot until the new one is there.
        """
        with self._turn(), self._opened_anew() as transaction:
            transaction.catch_up(step)
            transaction.publish(step)

    def _turn(self) -> FileLock:
        self._directory.mkdir(parents=True, exist_ok=True)
        return FileLock(self._directory / "write.lock")

    @contextmanager
    def _opened(self, base: Path | None) -> Iterator[Transaction]:
        with ExitStack() as opened:
            rdf = RdfProjection.from_snapshot(self._directory, base)
            opened.callback(rdf.close)
            others: list[Projection] = []
            for make in self._projections:
                others.append(make(self._directory))
                opened.callback(others[-1].close)
            yield Transaction(self._log, rdf.store, (rdf, *others), self.snapshots)

    def _opened_anew(self) -> AbstractContextManager[Transaction]:
        for name in (RdfProjection.name, *(made.name for made in self._projections)):
            _delete(self._directory / name)
        return self._opened(None)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


_HELD = "ASK { GRAPH $graph { ?s ?p ?o } }"
