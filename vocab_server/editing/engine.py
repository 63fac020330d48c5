"""A remote SPARQL engine as a projection of the change log.

The engine takes in each change as it is in the log, in bounded requests, and its number last. What
broke off half-way is sent again: to remove and add the same statements once more does no harm.
Changes are not composed: what a statement became in between would be left behind by a composed
change that was sent in part.
"""

from pathlib import Path
from typing import cast

from vocab_server.database.log import ChangeLog, LoggedChange
from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Patch
from vocab_server.store.base import Store
from vocab_server.store.engine import Engine, keep_traits


class EngineProjection:
    """See Projection. The last of all, so that readers who ask it are at most a moment ahead."""

    name = "engine"
    takes_each = True

    def __init__(self, engine: Engine, log: ChangeLog) -> None:
        self._engine = engine
        self._log = log
        self._merges: bool | None = None  # not known

    def position(self) -> int:
        """See Projection. Raises StoreUnavailableError when the engine has another log."""
        mark = self._engine.mark()
        if mark is None:
            return 0
        same = [each.checksum for each in self._log.since(mark.number - 1, until=mark.number)]
        if same != [mark.checksum]:
            raise StoreUnavailableError(
                f"The SPARQL engine has change {mark.number} of another change log than this. If no"
                " other server uses it, empty it and fill it again with: vocab-server rebuild"
            )
        return mark.number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: nothing can begin."""

    def apply(self, patch: Patch, number: int, _store: Store) -> None:
        """See Projection."""
        checksum = cast(LoggedChange, patch).checksum  # takes_each
        engine = self._engine
        engine.begin(patch.graph)
        engine.store.remove(patch.graph, patch.removed_blocks())
        engine.store.put(patch.graph, patch.added_blocks())
        if not self._merging():
            engine.store.remove_unheld(patch.removed_blocks())
            engine.store.put(None, patch.added_blocks())
        engine.reached(number, checksum)

    def snapshot(self, directory: Path) -> None:
        """See Projection: what the engine does, so that readers need not ask it."""
        if self._log.last():
            keep_traits(directory, self._engine.traits())

    def close(self) -> None:
        """See Projection."""

    def _merging(self) -> bool:
        if self._merges is None:
            self._merges = self._engine.is_merging()
        return self._merges
