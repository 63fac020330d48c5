"""Whether what readers see is whole: the files of the current snapshot."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import URIRef

from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.search.changes import ChangesProjection
from vocab_server.search.index import IndexProjection
from vocab_server.search.soundness import damaged_files
from vocab_server.skos.statistics import read_statistics
from vocab_server.store.embedded import EmbeddedStore

PIECE = 1024 * 1024  # bytes


def store_damage(snapshot: Path) -> Iterator[str]:
    """What is wrong with the RDF store of a snapshot: every statement in it is read once.

    Never by counting in a query: over a damaged block that goes on until memory is full.
    """
    try:
        expected = {graph: counted.triples for graph, counted in read_statistics(snapshot).items()}
        with closing(EmbeddedStore.read_only(snapshot / "store")) as store:
            for graph, triples in expected.items():
                found = _count(store, graph)
                if found != triples:
                    yield f"{graph} has {found} statements, not {triples}"
    except (InvalidError, StoreUnavailableError, OSError, ValueError, KeyError) as error:
        yield str(error)


def _count(store: EmbeddedStore, graph: URIRef) -> int:
    with TemporaryDirectory(prefix="vocab-server-") as work:
        dumped = Path(work) / "dump.nt"
        store.dump(graph, dumped)
        with dumped.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(PIECE), b""))


def index_damage(snapshot: Path) -> Iterator[str]:
    """What is wrong with the search index and the lists of a snapshot."""
    for name in (IndexProjection.name, ChangesProjection.name):
        yield from (f"{name}/{file}" for file in damaged_files(snapshot / name))
    for path in sorted((*snapshot.glob("*.json"), *snapshot.glob("*/*.sqlite"))):
        if not _can_be_read(path):
            yield path.relative_to(snapshot).as_posix()


def _can_be_read(path: Path) -> bool:
    try:
        if path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
            return True
        name = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(name, uri=True)) as table:
            return bool(table.execute("PRAGMA quick_check").fetchall() == [("ok",)])
    except (OSError, ValueError, sqlite3.DatabaseError):
        return False
