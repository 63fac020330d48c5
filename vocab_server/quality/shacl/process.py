"""A process that runs shapes from outside, and that its parent may stop at any time.

``python -m vocab_server.quality.shacl.process`` reads a ShapesJob as JSON from standard input and
writes the results into a file; a line of JSON on standard output tells ``done`` or ``failed``.
Why: shapes may hold SPARQL, and take any time and memory.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import rdflib
import rdflib.plugins.sparql
from rdflib import Graph
from rdflib.namespace import SH

from vocab_server.errors import InvalidError, VocabServerError
from vocab_server.quality.shacl.compiled import run
from vocab_server.quality.shacl.literals import graph_of_file
from vocab_server.quality.shacl.place import Ground
from vocab_server.quality.shacl.reference import run_reference
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.results_file import write_results
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.quality.shacl.shapes_job import ShapesJob
from vocab_server.quality.shacl.validation import DATA, is_compiled, loaded_file
from vocab_server.store.confinement import confine, run_with_deep_stack
from vocab_server.store.failures import failure_of

LARGEST = 4 * 1024**3  # bytes of a file that we write


def main() -> None:
    """Do the job that standard input describes."""
    job = ShapesJob(**json.loads(sys.stdin.buffer.read()))
    is_confined = confine(job.memory, parent=job.parent, files=LARGEST)
    rdflib.NORMALIZE_LITERALS = False  # a shape may ask for one form of two with the same value
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False  # in a Dataset FROM <file:…> reads it
    try:
        number = run_with_deep_stack(lambda: _run(job, may_ask_others=not is_confined))
        message: dict[str, object] = {"done": {"results": number}}
    except VocabServerError as error:
        message = failure_of(error)
    sys.stdout.write(json.dumps(message) + "\n")


def _run(job: ShapesJob, *, may_ask_others: bool) -> int:
    shapes = Shapes(graph_of_file(Path(job.shapes)))
    if may_ask_others:
        _refuse_services(shapes.graph)
    return write_results(_results(job, shapes), Path(job.target))


def _results(job: ShapesJob, shapes: Shapes) -> Iterator[ShaclResult]:
    if job.only_reference or not is_compiled(shapes):
        yield from run_reference(graph_of_file(Path(job.data)), shapes.graph)
        return
    with loaded_file(Path(job.data)) as store:
        yield from run(Ground(store, DATA, shapes))


def _refuse_services(shapes: Graph) -> None:
    """Refuse queries that ask other servers, where the system does not keep them from it."""
    for name in ("select", "ask", "construct", "update"):
        for query in shapes.objects(None, SH[name]):
            if "service" in str(query).lower():
                raise InvalidError("Shapes may not ask other servers (SERVICE) here.")


if __name__ == "__main__":
    main()
