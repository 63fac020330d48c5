"""A remote SPARQL engine as a projection of the change log.

The engine takes in each change as it is in the log, in bounded requests, and its number last. What
broke off half-way is sent again: to remove and add the same statements once more does no harm.
Changes are not composed: what a statement became in between would be left behind by a composed
change that was sent in part.
"""

from itertools import islice
from pathlib import Path
from typing import cast

from rdflib import URIRef

from vocab_server.database.log import ChangeLog, LoggedChange
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.rdf.change import Patch
from vocab_server.store.base import Store
from vocab_server.store.engine import Engine, Mark, keep_traits
from vocab_server.store.remote import STATEMENTS, bounded


class EngineProjection:
    """See Projection. The last of all, so that readers who ask it are at most a moment ahead."""

    name = "engine"
    takes_each = True

    def __init__(self, engine: Engine, log: ChangeLog) -> None:
        self._engine = engine
        self._log = log
        self._graphs: set[URIRef] = set()
        self._merges: bool | None = None  # not known

    def position(self) -> int:
        """See Projection. Raises StoreUnavailableError when the engine has another log."""
        mark = self._engine.mark()
        if mark is None:
            return 0
        there = self._log.since(mark.number - 1, until=mark.number)
        if [_name(change) for change in there] != [mark.change]:
            raise StoreUnavailableError(
                "The SPARQL engine has change %(number)s of another change log than"
                " this. If no other server uses it, empty it and fill it again with:"
                " vocab-server rebuild",
                number=mark.number,
            )
        return mark.number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: nothing can begin."""

    def apply(self, patch: Patch, number: int, _store: Store) -> None:
        """See Projection. A change that fits into one request is one: engines do that whole."""
        change = cast(LoggedChange, patch)  # takes_each
        mark = Mark(number, _name(change))
        self._begin(patch.graph)
        if change.added + change.removed <= STATEMENTS and self._at_once(change, mark):
            return
        store = self._engine.store
        store.remove(patch.graph, patch.removed_blocks())
        store.put(patch.graph, patch.added_blocks())
        if not self._merges:
            store.remove_unheld(patch.removed_blocks())
            store.put(None, patch.added_blocks())
        self._engine.reached(mark)

    def _begin(self, graph: URIRef) -> None:
        """Say that a graph is ours before anything is in it; find out what the engine does."""
        if not self._graphs:
            self._graphs = set(self._engine.graphs())
        if graph not in self._graphs:
            self._engine.begin(graph)
            self._graphs.add(graph)
        if self._merges is None:
            self._merges = self._engine.is_merging()

    def _at_once(self, change: LoggedChange, mark: Mark) -> bool:
        """Whether the change could be made in one request."""
        removed = list(islice(bounded(change.removed_blocks()), 2)) or [[]]
        added = list(islice(bounded(change.added_blocks()), 2)) or [[]]
        if len(removed) + len(added) > 2:  # few statements, with long texts
            return False
        try:
            self._engine.apply(change.graph, removed[0], added[0], bool(self._merges), mark)
        except InvalidError:  # it cannot hold one of the statements, which is then told
            return False
        return True

    def snapshot(self, directory: Path) -> None:
        """See Projection: what the engine does, so that readers need not ask it."""
        if self._log.last():
            keep_traits(directory, self._engine.traits())

    def close(self) -> None:
        """See Projection."""


def _name(change: LoggedChange) -> str:
    """What tells a change from those of other logs, also from one that says the same."""
    return f"{change.checksum} {change.time:%Y-%m-%dT%H:%M:%SZ}"
