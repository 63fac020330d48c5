"""What changed in a vocabulary between two numbers of the log: two releases, or one and now.

Composed from the changes between them, so that it costs what changed and not what there is. What
the log says between two releases is what their files differ in: both come from the same lines.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import URIRef

from vocab_server.database.log import ChangeLog
from vocab_server.rdf.change import Patch, Reversed
from vocab_server.rdf.composing import compose, read_change
from vocab_server.skos.telling import Told, tell
from vocab_server.skos.told_groups import Group, grouped

MOST = 200_000  # statements that are told in words; an import of another vocabulary is more
COMPOSED = 1_000_000  # statements of changes that are made one for their net number; some seconds
REMEMBERED = 16  # differences


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed, in numbers of statements and in words by group.

    ``groups`` is None when there is more than MOST to tell: then it is there as a patch only, and
    for changes of more than COMPOSED statements the numbers are those of the changes together.
    """

    added: int
    removed: int
    groups: dict[Group, tuple[Told, ...]] | None

    def counts(self) -> dict[Group, int]:
        """How many items there are in each group that has any."""
        return {group: len(items) for group, items in (self.groups or {}).items() if items}


@contextmanager
def composed(log: ChangeLog, graph: URIRef, start: int, end: int) -> Iterator[Patch]:
    """The one patch that leads from change ``start`` of the log to change ``end``.

    Its lines are in files that are there until the block ends. It may lead back.
    """
    first, last = sorted((start, end))
    read = partial(log.stream, first, until=last, graph=graph)
    with TemporaryDirectory(prefix="vocab-server-") as work:
        patch = compose(graph, read, Path(work), "difference")
        yield patch if start <= end else Reversed(patch)


@lru_cache(maxsize=REMEMBERED)  # the log between two numbers never changes
def difference(log: ChangeLog, graph: URIRef, start: int, end: int) -> Difference:
    """What changed from one change of the log to another; the last ones are remembered."""
    first, last = sorted((start, end))
    more, less = log.size(first, until=last, graph=graph)
    if more + less > COMPOSED:
        return Difference(more, less, None) if start <= end else Difference(less, more, None)
    with composed(log, graph, start, end) as patch:
        added = sum(block.count(b"\n") for block in patch.added_blocks())
        removed = sum(block.count(b"\n") for block in patch.removed_blocks())
        if added + removed > MOST:
            return Difference(added, removed, None)
        return Difference(added, removed, grouped(tell(read_change(patch))))
