"""The rules of DCAT-AP on many datasets, by our shapes in the store and by pyshacl: how long each.

Both get the same data and the same shapes, read already, and must find the same.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from vocab_server.bench.bed import Bed
from vocab_server.bench.targets import Result, result
from vocab_server.catalog.profiles import AUTHORITY, DATA_THEMES
from vocab_server.errors import VocabServerError
from vocab_server.quality.dcat.shapes import read_shapes
from vocab_server.quality.shacl.compiled import run
from vocab_server.quality.shacl.literals import line_of
from vocab_server.quality.shacl.place import Ground
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.shacl.validation import DATA, loaded
from vocab_server.rdf.namespaces import DCAT, DCT, DCT_FORMAT, FOAF

DATASETS = 1_000
PROFILE = "dcat-ap"
_MADE = Namespace("https://example.org/data/")
_FAULTY = 10  # every so manieth dataset has faults


def measure_shapes(bed: Bed, _seconds: float) -> Iterator[Result]:
    """The shapes of DCAT-AP on DATASETS datasets, fewer in a small bed.

    Raises VocabServerError when results differ.
    """
    # Not at the top: server processes tell of this command, and need no second SHACL engine (9 MB).
    from vocab_server.quality.shacl.reference import run_reference

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # the faults are put in on purpose
    number = min(DATASETS, bed.concepts.total)
    data, shapes = made_catalog(number), read_shapes(PROFILE)
    with loaded([b"".join(map(line_of, data))]) as store:
        ours, found = _timed(run(Ground(store, DATA, shapes)))
    theirs, expected = _timed(run_reference(data, shapes.graph))
    if found != expected:
        raise VocabServerError("Our shapes and pyshacl find different things in a catalog.")
    yield result("DCAT-AP, rules, by pyshacl", f"{number} datasets", theirs, ours)


def _timed(results: Iterable[ShaclResult]) -> tuple[float, Counter[ShaclResult]]:
    start = time.process_time()
    found = Counter(results)
    return time.process_time() - start, found


def made_catalog(datasets: int) -> Graph:
    """A catalog of so many datasets with a file each, every tenth of them with faults."""
    graph = Graph()
    for number in range(datasets):
        for statement in _dataset(number, is_faulty=number % _FAULTY == 0):
            graph.add(statement)
    publisher = _MADE.publisher
    graph.add((_MADE.catalog, RDF.type, DCAT.Catalog))
    graph.add((_MADE.catalog, DCT.title, Literal("Data", lang="en")))
    graph.add((publisher, RDF.type, FOAF.Organization))
    graph.add((publisher, FOAF.name, Literal("Publisher", lang="en")))
    return graph


def _dataset(number: int, *, is_faulty: bool) -> Iterator[tuple[Node, Node, Node]]:
    dataset, file = _MADE[f"dataset-{number}"], _MADE[f"file-{number}"]
    yield _MADE.catalog, DCAT.dataset, dataset
    yield dataset, RDF.type, DCAT.Dataset
    yield dataset, DCAT.distribution, file
    yield dataset, DCT.description, Literal(f"What dataset {number} holds.", lang="en")
    yield dataset, DCT.publisher, _MADE.publisher
    yield dataset, DCAT.theme, URIRef(f"{DATA_THEMES}/ENVI")
    yield dataset, DCT.accrualPeriodicity, URIRef(f"{AUTHORITY}frequency/ANNUAL")
    for language in ("en", "sv"):
        yield dataset, DCAT.keyword, Literal(f"word {number % 100}", lang=language)
        if not is_faulty:
            yield dataset, DCT.title, Literal(f"Dataset {number}", lang=language)
    yield dataset, DCT.modified, Literal("soon" if is_faulty else "2026-03-01", datatype=XSD.date)
    yield file, RDF.type, DCAT.Distribution
    yield file, DCAT.accessURL, _MADE[f"{number}.csv"]
    form = Literal("CSV") if is_faulty else URIRef(f"{AUTHORITY}file-type/CSV")
    yield file, DCT_FORMAT, form
    yield file, DCAT.byteSize, Literal(str(number), datatype=XSD.nonNegativeInteger)
