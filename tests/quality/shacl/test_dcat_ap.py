"""The official shapes of DCAT-AP on real catalogs: the store finds what pyshacl finds."""

from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib.namespace import SH

from tests.conftest import SHARED
from tests.quality.shacl.suite import found, literals_as_written
from vocab_server.quality.shacl.reference import run_reference
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.quality.shacl.validation import is_compiled, validate

OFFICIAL = SHARED / "suites" / "semic-DCAT-AP"
CATALOGS = SHARED / "dcat"
FORMATS = {".ttl": "turtle", ".rdf": "xml", ".xml": "xml", ".jsonld": "json-ld", ".trig": "trig"}
LARGE = 1_000  # statements; pyshacl takes 16 s for the whole shapes on the largest
SMALL = 60
WHOLE = "3.0.1/shacl/dcat-ap-SHACL.ttl"
BASIC = "3.0.1/html/shacl/shapes.ttl"
LISTS = "3.0.1/html/shacl/mdr-vocabularies.shape.ttl"
HIGH_VALUE = "3.0.0-hvd/shacl/hvd-SHACL.ttl"

__all__ = ["literals_as_written"]
pytestmark = pytest.mark.skipif(not CATALOGS.exists(), reason=f"{CATALOGS} is not here.")


@cache
def official(name: str) -> Shapes:
    return Shapes(Graph().parse(OFFICIAL / name))


def catalogs() -> list[Graph]:
    """Every catalog that rdflib reads, once: many are there in several formats."""
    read: dict[frozenset[tuple[object, ...]], Graph] = {}
    for file in sorted(CATALOGS.rglob("*")):
        if file.suffix in FORMATS and (graph := parsed(file)) is not None:
            read.setdefault(frozenset(map(without_names, graph)), graph)
    return list(read.values())


def parsed(file: Path) -> Graph | None:
    graph = Graph()
    try:
        dataset = Dataset(default_union=True).parse(file, format=FORMATS[file.suffix])
    except Exception:  # whatever a parser raises at files that are made to be bad
        return None
    for quad in dataset.quads():
        graph.add(quad[:3])
    is_bad = any(" " in term for triple in graph for term in triple if isinstance(term, URIRef))
    return None if is_bad else graph


def without_names(triple: tuple[object, ...]) -> tuple[object, ...]:
    return tuple("a blank node" if isinstance(term, BNode) else term for term in triple)


def shapes_for(graph: Graph) -> list[str]:
    if len(graph) > LARGE:
        return [BASIC]
    return [WHOLE, LISTS, HIGH_VALUE] if len(graph) < SMALL else [WHOLE]


def test_every_catalog_gives_the_results_of_pyshacl() -> None:
    read = catalogs()
    results = 0
    for graph in read:
        for name in shapes_for(graph):
            shapes = official(name)
            ours = found(validate(graph, shapes))
            assert ours == found(list(run_reference(graph, shapes.graph))), name
            results += ours.total()
    assert (len(read), results > 4_000) == (116, True)


@pytest.mark.parametrize("name", [WHOLE, BASIC, LISTS, HIGH_VALUE])
def test_the_store_runs_all_of_the_official_shapes(name: str) -> None:
    assert is_compiled(official(name))


def test_references_to_nothing_are_left_out() -> None:
    written = Graph().parse(OFFICIAL / WHOLE)
    named = set(written.objects(None, SH.property))
    assert len(named - set(written.subjects(SH.path))) == 2
    assert len(named - set(official(WHOLE).graph.objects(None, SH.property))) == 2
