"""How a change becomes durable, then visible: append to the log, project, publish a snapshot.

One writer at a time, across threads, processes and nodes that share a log. A process that dies at
any moment leaves a log that is whole and projections that the next writer catches up from it.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from rdflib import URIRef

from vocab_server.database.log import ChangeLog, Details, LoggedChange, Within
from vocab_server.editing.engine import EngineProjection
from vocab_server.editing.runs import Log, Steps, forward, singly
from vocab_server.errors import ConflictError, Phrase, StoreUnavailableError
from vocab_server.rdf.change import Change, Patch, Triple, to_lines
from vocab_server.rdf.query import bind
from vocab_server.store.base import Store
from vocab_server.store.engine import Engine
from vocab_server.store.holding import held
from vocab_server.store.projection import RdfProjection
from vocab_server.store.snapshots import Snapshots, number_of

LOCK = "write.lock"
MANY = 20_000  # triples that make it worth while to begin early
TOLD = 5  # statements that an error message quotes


class Projection(Protocol):
    """Something made from the change log: an index, statistics, the RDF store itself.

    Its files are never written to in place, but made anew and renamed: a draft begins with links
    to those of a snapshot.
    """

    name: str
    takes_each: bool  # whether changes come one by one, not many small ones composed

    def __init__(self, directory: Path) -> None:
        """Open it in the directory that holds the projections, as ``name``."""

    def position(self) -> int:
        """The number of the last change it holds."""

    def begin(self, patch: Patch, number: int, /) -> None:
        """A change that fills a new graph is coming: start what needs no store for it."""

    def apply(self, patch: Patch, number: int, store: Store, /) -> None:
        """Take in a change; ``store`` already holds it. To apply one again does no harm."""

    def snapshot(self, directory: Path) -> None:
        """Put an immutable copy into a snapshot's directory."""

    def close(self) -> None:
        """Release locks and files."""


Step = Callable[[str], None]
Turn = Callable[[], AbstractContextManager[object]]
_Pending = tuple[Projection, list[LoggedChange]]  # what a projection has not taken in


@dataclass(frozen=True, slots=True)
class Transaction:
    """The right to write, for as long as ``Writer.open`` is."""

    log: Log
    store: Store
    projections: tuple[Projection, ...]
    snapshots: Snapshots

    def commit(
        self,
        patches: Sequence[Patch],
        author: str,
        message: str,
        step: Step = lambda _: None,
        *,
        details: Details | None = None,
        within: Within | None = None,
        strict: bool = False,
    ) -> int | None:
        """Keep the patches, all of them or none, and show them to readers.

        What a ``Change`` adds that is there already, or removes that is not, is left out first;
        other patches must already say no more than the difference. No two patches are for the
        same graph. Returns the number of the last change, or None when nothing was left to do.
        ``step`` is told what happens next; ``details`` and ``within`` are for the log. Raises
        ConflictError when it is to be ``strict`` and something that a ``Change`` removes is not
        there.
        """
        if len({patch.graph for patch in patches}) < len(patches):
            raise ValueError("Two patches change the same graph: make one of them.")
        left = [patch for patch in (self._net(patch, strict) for patch in patches) if patch]
        if not left:
            return None
        step("log")
        number = self.log.append(left, author, message, details, within, after=self.position())
        try:
            self.catch_up(step)
        except StoreUnavailableError as error:
            raise StoreUnavailableError(
                "This is kept as change %(number)s, but it cannot be shown yet. %(error)s",
                number=number,
                error=error,
            ) from error
        return number

    def catch_up(self, step: Step = lambda _: None) -> None:
        """Take in what the log has and the projections have not, and publish it.

        What another node appends meanwhile is left for the next time.
        """
        last = self.log.last()
        pending = self._pending(last)
        for projection, changes in pending:
            self._begin(projection, changes)
        for projection, changes in pending:
            self.take_in(projection, self._way(projection, changes), step)
        is_behind = any(changes for _, changes in pending)
        current = self.snapshots.current()
        if is_behind or current is None or number_of(current) != last:
            self.publish(step)

    def position(self) -> int:
        """The number of the last change that the store holds."""
        return self.projections[0].position()

    def take_in(self, projection: Projection, steps: Steps, step: Step = lambda _: None) -> None:
        """Bring a projection to another change."""
        for patch, number in steps:
            step(projection.name)
            projection.apply(patch, number, self.store)

    def is_ahead(self) -> bool:
        """Whether a projection holds what the log has not: the log is an older copy of itself."""
        last = self.log.last()
        return any(projection.position() > last for projection in self.projections)

    def publish(self, step: Step = lambda _: None) -> None:
        """Show readers what the projections hold."""
        step("snapshot")
        self.snapshots.publish(self.position(), self._build)

    def _pending(self, last: int) -> list[_Pending]:
        """The projections, each with what the log has up to ``last`` and it has not."""
        missing: dict[int, list[LoggedChange]] = {last: []}
        found = []
        for projection in self.projections:
            position = projection.position()
            if position not in missing:
                missing[position] = self.log.since(position, until=last)
            found.append((projection, missing[position]))
        return found

    def _way(self, projection: Projection, changes: Sequence[LoggedChange]) -> Steps:
        return singly(changes) if projection.takes_each else forward(self.log, changes)

    def _begin(self, projection: Projection, changes: Sequence[LoggedChange]) -> None:
        graphs = [change.graph for change in changes]
        for place, change in enumerate(changes):
            is_first = change.graph not in graphs[:place]
            is_alone = graphs[place + 1 : place + 2] != [change.graph]  # not taken in with others
            if is_first and is_alone and change.added >= MANY and not self._is_held(change.graph):
                projection.begin(change, change.number)

    def _is_held(self, graph: URIRef) -> bool:
        return self.store.ask(bind(_HELD, graph=graph))

    def _build(self, directory: Path) -> None:
        for projection in self.projections:
            projection.snapshot(directory)

    def _net(self, patch: Patch, strict: bool) -> Patch | None:
        if not isinstance(patch, Change):
            return patch
        added = held(self.store, patch.graph, patch.added)
        removed = held(self.store, patch.graph, patch.removed - patch.added)
        if strict:
            _refuse_missing(triple for triple, is_there in removed.items() if not is_there)
        new = frozenset(triple for triple, is_there in added.items() if not is_there)
        old = frozenset(triple for triple, is_there in removed.items() if is_there)
        return Change(patch.graph, new, old - added.keys()) or None


def _refuse_missing(triples: Iterable[Triple]) -> None:
    lines = to_lines(triples)
    if lines:
        more = Phrase(" and %(number)s more", number=len(lines) - TOLD) if len(lines) > TOLD else ""
        raise ConflictError(
            "Somebody changed this meanwhile. No longer there: %(lines)s%(more)s. Look at it as it"
            " is now and try again.",
            statements=tuple(lines),
            lines=" ".join(lines[:TOLD]),
            more=more,
        )


class Writer:
    """The way in. ``directory`` holds the projections, the snapshots and the write lock.

    What is not there begins as the current snapshot has it. ``turn`` is the turn to write of who
    shares the log with other nodes, which takes the write lock too. ``engine`` takes in every
    change before readers see it.
    """

    def __init__(
        self,
        directory: Path,
        log: Log,
        projections: Sequence[type[Projection]] = (),
        turn: Turn | None = None,
        engine: Engine | None = None,
    ) -> None:
        self._directory = directory
        self._log = log
        self._projections = tuple(projections)
        self._turn = turn
        self._engine = engine
        self.snapshots = Snapshots(directory / "snapshots")

    @contextmanager
    def open(self) -> Iterator[Transaction]:
        """Wait for the turn to write; what a dead writer left undone is done first.

        What is missing here is taken in before, as long as other nodes can still write.
        """
        if self._turn:
            self.follow()
        with (self._turn or self._own_turn)(), self._caught_up() as transaction:
            yield transaction

    def follow(self, seconds: float = -1) -> None:
        """Show readers of this node all that is in the log.

        Raises filelock.Timeout when another process is at it for so many seconds, never when they
        are negative.
        """
        if self._is_current():
            return
        with self._own_turn(seconds):
            if not self._is_current():
                with self._caught_up():
                    pass

    def renew(self) -> None:
        """Take in what is missing here, and make anew what another version of the program wrote.

        A snapshot of the last change may have indexes of that version, which ``follow`` takes for
        good.
        """
        with self._own_turn(), self._caught_up():
            pass

    def is_at_work(self) -> bool:
        """Whether somebody writes at this moment."""
        try:
            with self._own_turn(seconds=0):
                return False
        except Timeout:
            return True

    def commit(self, patches: Sequence[Patch], author: str, message: str) -> int | None:
        """One commit on its own. See Transaction.commit."""
        with self.open() as transaction:
            return transaction.commit(patches, author, message)

    def begin(self, snapshot: Path, way: Callable[[int], Steps]) -> None:
        """Start as a snapshot of another directory; ``way`` leads on from its last change."""
        with self._own_turn(), self._opened(snapshot) as transaction:
            for projection in transaction.projections:
                transaction.take_in(projection, way(projection.position()))

    def rebuild(self, step: Step = lambda _: None) -> None:
        """Throw the projections away and make them anew from the log.

        Readers go on with the current snapshot until the new one is there.
        """
        with self._own_turn(), self._opened_anew() as transaction:
            transaction.catch_up(step)
            transaction.publish(step)

    def _own_turn(self, seconds: float = -1) -> FileLock:
        """The turn to change what is in the directory."""
        self._directory.mkdir(parents=True, exist_ok=True)
        return FileLock(self._directory / LOCK, timeout=seconds)

    def _is_current(self) -> bool:
        current = self.snapshots.current()
        return current is not None and number_of(current) == self._log.last()

    @contextmanager
    def _caught_up(self) -> Iterator[Transaction]:
        with self._opened(self.snapshots.current()) as transaction:
            if not transaction.is_ahead():
                transaction.catch_up()
                yield transaction
                return
        with self._opened_anew() as transaction:
            transaction.catch_up()
            yield transaction

    @contextmanager
    def _opened(self, base: Path | None) -> Iterator[Transaction]:
        with ExitStack() as opened:
            rdf = RdfProjection.from_snapshot(self._directory, base)
            opened.callback(rdf.close)
            others: list[Projection] = []
            for make in self._projections:
                if base is not None:
                    _begin(self._directory / make.name, base / make.name)
                others.append(make(self._directory))
                opened.callback(others[-1].close)
            if self._engine is not None and isinstance(self._log, ChangeLog):
                others.append(EngineProjection(self._engine, self._log))
            yield Transaction(self._log, rdf.store, (rdf, *others), self.snapshots)

    def _opened_anew(self) -> AbstractContextManager[Transaction]:
        for name in (RdfProjection.name, *(made.name for made in self._projections)):
            _delete(self._directory / name)
        if self._engine is not None:
            self._engine.clear()
        return self._opened(None)


def _begin(path: Path, snapshot: Path) -> None:
    """Make what is not there of the snapshot's files, linked."""
    if path.exists() or not snapshot.exists():
        return
    unfinished = path.with_name(f"{path.name}.begun")
    _delete(unfinished)  # of a process that died
    if snapshot.is_dir():
        shutil.copytree(snapshot, unfinished, copy_function=os.link)
    else:
        unfinished.hardlink_to(snapshot)
    unfinished.rename(path)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


_HELD = "ASK { GRAPH $graph { ?s ?p ?o } }"
