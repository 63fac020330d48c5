"""Where drafts live: each in a directory that is a copy of a published snapshot, by hard links.

A branch can always be made again, from the current snapshot, the changes published since the
draft's base taken back, and the draft's own log. So it is deleted without harm.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from vocab_server.database import is_shared
from vocab_server.database.draft_log import DraftLog
from vocab_server.database.drafts import Draft
from vocab_server.database.log import ChangeLog
from vocab_server.database.turns import Kind, Turns
from vocab_server.editing.commit import Projection, Writer
from vocab_server.editing.runs import backward
from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Patch
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.projection import RdfProjection
from vocab_server.store.snapshots import Lease, Snapshots, number_of

UNFINISHED = ".new"
TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Trial:
    """What is published, a patch, and a way to make what would be with it, which takes long."""

    published: Reader
    patch: Patch
    after: Callable[[], AbstractContextManager[Reader]]


class Branches:
    """The branches below ``directory``; they begin as what ``published`` has.

    ``is_shared`` is whether other nodes may change the same drafts.
    """

    def __init__(
        self,
        directory: Path,
        engine: Engine,
        published: Writer,
        projections: Sequence[type[Projection]],
    ) -> None:
        self._directory = directory
        self._engine = engine
        self._turns = Turns(engine)
        self.is_shared = is_shared(engine)
        self._published = published
        self._projections = tuple(projections)

    def turn(self, draft: int) -> AbstractContextManager[object]:
        """Wait for the right to change a draft; no other draft waits."""
        return self._turns.take(self._lock(draft), Kind.DRAFT, draft)

    def own_turn(self, draft: int, seconds: float = -1) -> AbstractContextManager[object]:
        """Wait for the right to change what this node has of a draft.

        Raises filelock.Timeout after so many seconds, never when they are negative.
        """
        return FileLock(self._lock(draft), timeout=seconds)

    def log(self, draft: Draft) -> DraftLog:
        """The draft's changes."""
        return DraftLog(self._engine, draft)

    def writer(self, draft: Draft) -> Writer:
        """The way into a draft's branch, which is made when it is not there.

        The caller holds the draft's turn, or its turn on this node.
        """
        path = self._path(draft)
        if not path.exists():
            snapshot, lease = self.hold(draft.base)
            with lease:
                self.make(draft, snapshot)
        return Writer(path, self.log(draft), self._projections)

    def snapshots(self, draft: Draft) -> Snapshots:
        """What readers see of a draft."""
        return Snapshots(self._path(draft) / "snapshots")

    def hold(self, least: int = 0) -> tuple[Path, Lease]:
        """The published snapshot, which is not collected before its lease is closed.

        One that holds the change ``least``, which may have come from another node. Raises
        StoreUnavailableError when nothing is published.
        """
        current = self._published.snapshots.current()
        if current is None or number_of(current) < least:
            self._published.follow()
        found = self._published.snapshots.open()
        if found is None:
            raise StoreUnavailableError("Nothing is published yet. Run: vocab-server init")
        return found

    def make(self, draft: Draft, snapshot: Path) -> None:
        """Begin a branch from a published snapshot, whose number may be above the draft's base.

        Half a branch, of a process that died, is never taken for one.
        """
        path = self._path(draft)
        unfinished = path.with_name(f"{path.name}{UNFINISHED}")
        shutil.rmtree(unfinished, ignore_errors=True)
        log = ChangeLog(self._engine)
        writer = Writer(unfinished, self.log(draft), self._projections)
        writer.begin(snapshot, lambda number: backward(log, number, draft.base))
        unfinished.rename(path)

    @contextmanager
    def trial(self, draft: Draft, snapshot: Path, patch: Patch) -> Iterator[Trial]:
        """A patch tried on a published snapshot. The caller holds the draft's turn."""
        with closing(EmbeddedStore.read_only(snapshot / RdfProjection.name)) as published:
            yield Trial(published, patch, partial(self._tried, draft, snapshot, patch))

    @contextmanager
    def _tried(self, draft: Draft, snapshot: Path, patch: Patch) -> Iterator[Reader]:
        path = self._directory / f"{draft.id}-{TRIAL}"
        shutil.rmtree(path, ignore_errors=True)  # of a process that died
        try:
            with closing(RdfProjection.from_snapshot(path, snapshot)) as rdf:
                rdf.apply(patch, number_of(snapshot), rdf.store)
                yield rdf.store
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def sweep(self, is_live: Callable[[int, int], bool]) -> None:
        """Delete branches that are no longer; one that somebody reads goes another time.

        ``is_live`` is asked for a draft's id and generation.
        """
        for path in self._directory.glob("*-*"):
            draft, _, generation = path.name.removesuffix(UNFINISHED).partition("-")
            if generation != TRIAL and is_live(int(draft), int(generation)):
                continue
            with suppress(Timeout), self.own_turn(int(draft), seconds=0):
                if generation == TRIAL or not is_live(int(draft), int(generation)):
                    _delete(path)

    def _lock(self, draft: int) -> Path:
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._directory / f"{draft}.lock"

    def _path(self, draft: Draft) -> Path:
        return self._directory / f"{draft.id}-{draft.generation}"


def _delete(branch: Path) -> None:
    if Snapshots(branch / "snapshots").clear():
        shutil.rmtree(branch)
