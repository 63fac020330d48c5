"""Files of any RDF format, checked by shapes from anywhere: read and run in processes apart."""

from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import Graph

from vocab_server.quality.shacl.literals import graph_of_file
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.validation import LIMITS, ShapeLimits, validate_files
from vocab_server.store.parsing import ParseLimits, parse

PARSE_LIMITS = ParseLimits()
Named = tuple[Path, str]  # a file, and what its sender calls it


def check_by_shapes(
    data: Named,
    shapes: Named,
    *,
    base_iri: str,
    parse_limits: ParseLimits = PARSE_LIMITS,
    limits: ShapeLimits = LIMITS,
) -> tuple[list[ShaclResult], Graph]:
    """What breaks the shapes, in the order of nodes, and the shapes as they were read.

    Raises as ``parsing.parse`` and ``validate_files`` do.
    """
    with TemporaryDirectory(prefix="vocab-server-check-") as work:
        read = Path(work) / "data.nt", Path(work) / "shapes.nt"
        for (source, name), target in zip((data, shapes), read, strict=True):
            parse(
                source,
                file_name=name,
                base_iri=base_iri,
                target=target,
                as_written=True,
                limits=parse_limits,
            )
        results = validate_files(read[0], read[1], limits)
        return sorted(results, key=_place), graph_of_file(read[1])


def _place(found: ShaclResult) -> tuple[str, ...]:
    path = found.path.sparql if found.path else ""
    return str(found.focus), path, str(found.component), str(found.value)
