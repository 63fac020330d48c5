"""The RDF store as a projection of the change log: what it holds can always be made again."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from rdflib import Literal, URIRef

from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Patch
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader, Store
from vocab_server.store.embedded import EmbeddedStore

LOG = URIRef("urn:vocab-server:log")  # the graph that says which change the store has reached
BULK = 1_000_000  # bytes of N-Triples; bigger changes are loaded as files, which is faster

_LOCKED = "/LOCK: "  # what the engine names when another process has the store open
_POSITION = "SELECT ?number WHERE { GRAPH $log { $log schema:version ?number } }"
_REACHED = """DELETE WHERE { GRAPH $log { $log schema:version ?number } } ;
INSERT DATA { GRAPH $log { $log schema:version $number } }"""


class RdfProjection:
    """The RDF store in ``directory``/store, open for writing.

    The default graph of the store is the union of its named graphs, the one of LOG excepted: an
    engine that is asked to make the union itself counts a triple once for every graph it is in.

    A change is applied in one SPARQL update together with its number. Bigger ones are loaded from
    the file ``loading``, which a dying process can leave half done: that the file is there tells,
    and the store is then made anew from the last snapshot, which is whole.
    """

    name = "store"
    takes_each = False

    def __init__(self, directory: Path, base: Path | None) -> None:
        self._directory = directory
        self._loading = directory / "loading"
        self._path = directory / self.name
        directory.mkdir(parents=True, exist_ok=True)
        if self._loading.exists() or not self._path.exists():
            self._start_from(base)
        self.store = EmbeddedStore.at(self._path)

    @classmethod
    def from_snapshot(cls, directory: Path, snapshot: Path | None) -> Self:
        """The projection, begun from a snapshot when it is new or broken.

        From nothing when the snapshot is broken too.
        """
        base = snapshot / cls.name if snapshot else None
        try:
            return cls(directory, base)
        except StoreUnavailableError as error:
            if _LOCKED in str(error):  # in use, not broken
                raise
        for start in (base, None):
            (directory / "loading").touch()
            with suppress(StoreUnavailableError):
                return cls(directory, start)
        raise StoreUnavailableError(
            "No store can be made in %(directory)s. Is the disk full?", directory=directory
        )

    def position(self) -> int:
        """The number of the last change that the store holds."""
        return reached(self.store)

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: nothing can begin."""

    def apply(self, patch: Patch, number: int, _store: Store) -> None:
        """Put a change, which has this number in the log, into the store."""
        added, removed = list(_some(patch.added_blocks())), list(_some(patch.removed_blocks()))
        if sum(map(len, (*added, *removed))) < BULK:
            self.store.update(to_update(patch.graph, added, removed, number))
            return
        with self._loading.open("wb") as file:
            file.writelines(patch.added_blocks())
        self.store.remove(patch.graph, patch.removed_blocks())
        self.store.remove_unheld(patch.removed_blocks())
        self.store.load(patch.graph, self._loading)
        self.store.load(None, self._loading)
        self.store.update(bind(_REACHED, log=LOG, number=Literal(number)))
        self._loading.unlink()

    def snapshot(self, directory: Path) -> None:
        """Put an immutable copy of the store into a snapshot's directory."""
        self.store.backup(directory / self.name)

    def close(self) -> None:
        """Give up the store's lock."""
        self.store.close()

    def _start_from(self, base: Path | None) -> None:
        shutil.rmtree(self._path, ignore_errors=True)
        if base is not None:
            copy = EmbeddedStore.read_only(base)
            copy.backup(self._path)
            copy.close()
        self._loading.unlink(missing_ok=True)


def reached(store: Reader) -> int:
    """The number of the last change that a store holds; 0 when it says none."""
    rows = store.select(bind(_POSITION, log=LOG))
    return max((int(str(row["number"])) for row in rows), default=0)


def _some(found: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks up to BULK bytes: enough to tell a small change from a big one."""
    size = 0
    for block in found:
        yield block
        size += len(block)
        if size >= BULK:
            return


def to_update(graph: URIRef, added: list[bytes], removed: list[bytes], number: int) -> str:
    """One SPARQL update request, so that an engine applies all of it or none."""
    name = f"<{graph}>"
    gone, come = b"".join(removed).decode(), b"".join(added).decode()
    rows = "".join(f"({line.removesuffix(' .')})" for line in gone.splitlines())
    parts = [
        bind(_REACHED, log=LOG, number=Literal(number)),
        f"DELETE DATA {{ GRAPH {name} {{\n{gone}}} }}",
        f"DELETE {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{\n{rows}\n}}"
        " FILTER NOT EXISTS { GRAPH ?any { ?s ?p ?o } } }",
        f"INSERT DATA {{ GRAPH {name} {{\n{come}}} {come} }}",
    ]
    return " ;\n".join(parts if removed else [parts[0], parts[3]])
