"""What projections are made from: logs, read so that many small changes are taken in as one.

Why: each change costs a projection its own commit, some 30 ms; a thousand of them composed cost
one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from vocab_server.database.log import Block, ChangeLog, Details, LoggedChange, Within
from vocab_server.rdf.change import Patch, Reversed
from vocab_server.rdf.composing import compose

RUN = 200_000  # statements of changes one after the other that are taken in as one

Steps = Iterator[tuple[Patch, int]]  # patches in order, and the change that each leads to


class Log(Protocol):
    """What projections are made from. See ChangeLog, which is the one of what is published."""

    def append(
        self,
        patches: Sequence[Patch],
        author: str,
        message: str,
        details: Details | None = None,
        within: Within | None = None,
        after: int | None = None,
    ) -> int:
        """Keep the patches for good, all of them or none; the number of the last one.

        Raises ConflictError when the last change is not that of the number ``after``.
        """

    def last(self) -> int:
        """The number of the newest change."""

    def since(self, number: int, *, until: int | None = None) -> list[LoggedChange]:
        """The changes after this number and up to ``until``, oldest first."""

    def stream(self, number: int, *, until: int | None = None) -> Iterator[Block]:
        """The statements of all changes after this number, in order."""


def forward(log: Log, changes: Sequence[LoggedChange]) -> Steps:
    """The way through changes of a log, in as few steps as may be."""
    for run in _runs(changes):
        with TemporaryDirectory(prefix="vocab-server-") as work:
            yield _as_one(log, run, Path(work)), run[-1].number


def singly(changes: Sequence[LoggedChange]) -> Steps:
    """The way through changes, each a step of its own, with its author and time."""
    return ((change, change.number) for change in changes)


def backward(log: ChangeLog, number: int, target: int) -> Steps:
    """The way from a change back to an earlier one."""
    runs = list(_runs(log.since(target, until=number)))
    ends = [target, *(run[-1].number for run in runs)]
    for run, end in reversed(list(zip(runs, ends, strict=False))):
        with TemporaryDirectory(prefix="vocab-server-") as work:
            yield Reversed(_as_one(log, run, Path(work))), end


def _as_one(log: Log, run: Sequence[LoggedChange], work: Path) -> Patch:
    if len(run) == 1:
        return run[0]
    read = partial(log.stream, run[0].number - 1, until=run[-1].number)
    return compose(run[0].graph, read, work, "run")


def _runs(changes: Iterable[LoggedChange]) -> Iterator[list[LoggedChange]]:
    """Changes one after the other of one graph, of RUN statements together or one alone."""
    run: list[LoggedChange] = []
    size = 0
    for change in changes:
        size += change.added + change.removed
        if run and (change.graph != run[-1].graph or size > RUN):
            yield run
            run, size = [], change.added + change.removed
        run.append(change)
    if run:
        yield run
