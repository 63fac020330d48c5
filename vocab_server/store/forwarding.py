"""Queries from outside, passed on to a remote engine once they are known to be harmless.

Why twice: engines differ in what they can be told to refuse, and one that also takes updates may
take them at the address for queries. So a query first runs here, in a query process, over a store
with nothing in it: what cannot be read as a query goes nowhere.
"""

import threading
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any

from vocab_server.errors import BusyError
from vocab_server.store import query_text
from vocab_server.store.at_hand import AtHand
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.engine import Engine, dataset_of
from vocab_server.store.frames import FIRST
from vocab_server.store.remote import Bounds
from vocab_server.store.sandbox import Answer, PublicQuery, QueryPool, Watch
from vocab_server.store.snapshots import number_of

EACH = 4  # queries under way at an engine for one that would run here
CHUNK = 256 * 1024  # bytes


class Forwarding:
    """See QueryPool. Queries over snapshots in ``published`` go to the engine, others stay here.

    ``nothing`` is where the empty store is, which is made when it is not there.
    """

    def __init__(
        self, pool: QueryPool, engine: Engine, bounds: Bounds, published: Path, nothing: Path
    ) -> None:
        self._pool = pool
        self._engine = engine
        self._bounds = bounds
        self._published = published
        self._nothing = nothing
        self._places = threading.BoundedSemaphore(pool.processes * EACH)
        self._watch: Watch = nullcontext
        if not nothing.exists():
            _make_empty(nothing)

    def watched(self, watch: Watch) -> None:
        """See QueryPool."""
        self._watch = watch

    def start(self) -> None:
        """See QueryPool."""
        self._pool.start()

    def run(self, store: Path, query: PublicQuery, at_hand: AtHand | None = None) -> Answer:
        """See QueryPool."""
        with self._watch():
            if store.parent.parent != self._published:
                return self._pool.run(store, query, at_hand)
            self._engine.demand(number_of(store.parent))
            asked = query_text.forwarded(query.text, query.base_iri)
            media_type = self._demand_harmless(query, asked)
            return self._forwarded(store.parent, query, asked, media_type)

    def pids(self) -> list[int]:
        """See QueryPool."""
        return self._pool.pids()

    def close(self) -> None:
        """See QueryPool."""
        self._pool.close()

    def _demand_harmless(self, query: PublicQuery, text: str) -> str:
        """The media type of the answer to a query, which has nothing to find here."""
        tried = PublicQuery(text, query.results_type, query.graph_type)
        answer = self._pool.run(self._nothing, tried)
        answer.close()
        return answer.media_type

    def _forwarded(self, snapshot: Path, query: PublicQuery, text: str, media_type: str) -> Answer:
        dataset = [("default-graph-uri", graph) for graph in query.default_graphs]
        dataset += [("named-graph-uri", graph) for graph in query.named_graphs]
        if not dataset and not query_text.has_dataset_clause(text):
            dataset += dataset_of(self._engine.traits_at(snapshot))
        if not self._places.acquire(blocking=False):
            raise BusyError("Too many queries are on their way; try again in a moment.")
        file: Any = SpooledTemporaryFile(CHUNK)  # noqa: SIM115  (closed by _pieces)
        try:
            self._engine.store.forward(text, media_type, file, self._bounds, dataset)
        except BaseException:
            file.close()
            raise
        finally:
            self._places.release()
        return _answer(media_type, file)


def _make_empty(path: Path) -> None:
    """Make a store with nothing in it, though another process may be about to make it too."""
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as work:
        EmbeddedStore.at(Path(work) / path.name).close()
        with suppress(OSError):  # it is there by now
            (Path(work) / path.name).rename(path)


def _answer(media_type: str, file: IO[bytes]) -> Answer:
    size = file.tell()
    file.seek(0)
    if size > FIRST:
        return Answer(media_type, _pieces(file))
    with file:
        whole = file.read()
    return Answer(media_type, iter((whole,)), whole)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece
