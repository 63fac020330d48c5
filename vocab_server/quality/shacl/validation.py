"""The one entry to SHACL: data and shapes in, results out."""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import Graph, URIRef

from vocab_server.quality.shacl.compiled import run
from vocab_server.quality.shacl.components import unknown_patterns
from vocab_server.quality.shacl.literals import keep_literals, line_of
from vocab_server.quality.shacl.place import Ground
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.results_file import read_results
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.quality.shacl.shapes_job import ShapesJob
from vocab_server.rdf.change import blocks
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.parsing import MIB, run_apart

DATA = URIRef("urn:vocab-server:data")
_PROCESS = "vocab_server.quality.shacl.process"


@dataclass(frozen=True, slots=True)
class ShapeLimits:
    """How much shapes from outside may ask for: seconds, bytes of memory."""

    seconds: float = 120.0
    memory: int = 2048 * MIB


LIMITS = ShapeLimits()


def validate(data: Graph, shapes: Shapes, limits: ShapeLimits = LIMITS) -> list[ShaclResult]:
    """What breaks the shapes, each result as often as SHACL counts it.

    For shapes that we trust: those of SHACL Core are run here, others by pyshacl in a process
    apart. Raises InvalidError for shapes that are not well-formed, and TooLargeError beyond the
    limits.
    """
    if is_compiled(shapes):
        with loaded([b"".join(map(line_of, data))]) as store:
            return list(run(Ground(store, DATA, shapes)))
    return validate_by_reference(data, shapes, limits)


def validate_by_reference(
    data: Graph, shapes: Shapes, limits: ShapeLimits = LIMITS
) -> list[ShaclResult]:
    """The same by pyshacl, in a process apart."""
    with TemporaryDirectory(prefix="vocab-server-shapes-") as work:
        files = Path(work) / "data.nt", Path(work) / "shapes.nt"
        for file, graph in zip(files, (data, shapes.graph), strict=True):
            file.write_bytes(b"".join(map(line_of, graph)))
        return _apart(files[0], files[1], limits, only_reference=True)


def validate_files(data: Path, shapes: Path, limits: ShapeLimits = LIMITS) -> list[ShaclResult]:
    """The same for files of N-Triples, as ``parsing.parse`` writes them with ``as_written``.

    For shapes from anywhere: they are run in a process apart, whatever they use.
    """
    return _apart(data, shapes, limits, only_reference=False)


def _apart(
    data: Path, shapes: Path, limits: ShapeLimits, *, only_reference: bool
) -> list[ShaclResult]:
    with TemporaryDirectory(prefix="vocab-server-shapes-") as work:
        job = ShapesJob(
            name="The shapes",
            work=work,
            data=str(data.absolute()),
            shapes=str(shapes.absolute()),
            target=str(Path(work) / "results"),
            only_reference=only_reference,
            memory=limits.memory,
            parent=os.getpid(),
        )
        run_apart(_PROCESS, job, limits.seconds, lambda _done, _total: None)
        return list(read_results(Path(job.target)))


def is_compiled(shapes: Shapes) -> bool:
    """Whether the store can run shapes: those of SHACL Core with expressions that it knows."""
    return not shapes.outside() and not unknown_patterns(shapes)


def loaded_file(ntriples: Path) -> AbstractContextManager[EmbeddedStore]:
    """A store with a file of N-Triples in the graph DATA, its literals kept as they are."""
    return loaded(blocks(ntriples))


@contextmanager
def loaded(ntriples: Iterable[bytes]) -> Iterator[EmbeddedStore]:
    """The same for blocks of N-Triples."""
    with closing(EmbeddedStore.in_memory()) as store, TemporaryDirectory() as work:
        file = Path(work) / "data.nt"
        with file.open("wb") as target:
            target.writelines(map(keep_literals, ntriples))
        store.load(DATA, file)
        yield store
