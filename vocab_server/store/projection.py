"""The RDF store as a projection of the change log: what it holds can always be made again."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from rdflib import Literal, URIRef

from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Patch
from vocab_server.rdf.query import bind
from vocab_server.store.base import Store
from vocab_server.store.embedded import EmbeddedStore

LOG = URIRef("urn:vocab-server:log")  # the graph that says which change the store has reached
BULK = 1_000_000  # bytes of N-Triples; bigger changes are loaded as files, which is faster

_POSITION = "SELECT ?number WHERE { GRAPH $log { $log schema:version ?number } }"
_REACHED = """DELETE WHERE { GRAPH $log { $log schema:version ?number } } ;
INSERT DATA { GRAPH $log { $log schema:version $number } }"""


class RdfProjection:
    """The RDF store in ``directory``/store, open for writing.

    A change is applied in one SPARQL update together with its number. Bigger ones are loaded
    file by file, which a dying process can leave half done: the file ``loading`` tells, and the
    store is then made anew from the last snapshot, which is whole.
    """

    name = "store"

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
        """The projection, begun from a snapshot when it is new or broken."""
        base = snapshot / cls.name if snapshot else None
        try:
            return cls(directory, base)
        except StoreUnavailableError as error:
            if "lock" in str(error).lower():  # in use, not broken
                raise
            (directory / "loading").touch()
            return cls(directory, base)

    def position(self) -> int:
        """The number of the last change that the store holds."""
        rows = self.store.select(bind(_POSITION, log=LOG))
        return max((int(str(row["number"])) for row in rows), default=0)

    def apply(self, patch: Patch, number: int, _store: Store) -> None:
        """Put a change, which has this number in the log, into the store."""
        added, removed = list(_some(patch.added_blocks())), list(_some(patch.removed_blocks()))
        if sum(map(len, (*added, *removed))) < BULK:
            self.store.update(_update(patch.graph, added, removed, number))
            return
        self._loading.touch()
        self.store.remove(patch.graph, patch.removed_blocks())
        with tempfile.NamedTemporaryFile(dir=self._directory, suffix=".nt") as file:
            for block in patch.added_blocks():
                file.write(block)
            file.flush()
            self.store.load(patch.graph, Path(file.name))
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


def _some(found: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks up to BULK bytes: enough to tell a small change from a big one."""
    size = 0
    for block in found:
        yield block
        size += len(block)
        if size >= BULK:
            return


def _update(graph: URIRef, added: list[bytes], removed: list[bytes], number: int) -> str:
    """One SPARQL update request, so that an engine applies all of it or none."""
    name = f"<{graph}>"
    parts = [
        bind(_REACHED, log=LOG, number=Literal(number)),
        f"DELETE DATA {{ GRAPH {name} {{\n{b''.join(removed).decode()}}} }}",
        f"INSERT DATA {{ GRAPH {name} {{\n{b''.join(added).decode()}}} }}",
    ]
    return " ;\n".join(parts)
