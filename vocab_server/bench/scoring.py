"""Scores of metadata and tags, measured: datasets a second, whatever their number.

In a catalog of made-up datasets that are described and tagged as real ones are, with a small tree
of concepts. From the store with the tags to the database with the scores.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from rdflib import Literal, URIRef

from vocab_server.bench.bed import BASE, Bed
from vocab_server.bench.targets import Result, result
from vocab_server.catalog.profiles import AUTHORITY
from vocab_server.config import Settings
from vocab_server.editing.catalog_importing import import_catalog
from vocab_server.editing.importing import Source, import_file
from vocab_server.errors import VocabServerError
from vocab_server.operation.scoring import score
from vocab_server.rdf.change import Change
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.namespaces import DCT
from vocab_server.services import Services, open_services

EACH = 700  # datasets for each second that a load takes: 4 200 in the usual run
TIMES = 4  # growth compares a catalog this much smaller
LEAST = 10  # datasets
CONCEPTS = 300
PUBLISHERS = 50
START = "https://catalog.example/"
_CONCEPT = """<{s}concept-{n}> a skos:Concept ; skos:prefLabel "ämne {n}"@sv, "topic {n}"@en ;
    skos:definition "Det som hör till ämne nummer {n}."@sv ; skos:broader <{s}concept-{up}> .
"""
_DATASET = """<{s}{n}> a dcat:Dataset ; dct:title "{name} i kommun {n}"@sv, "Data {n}"@en ;
    dct:description "{about}"@sv ; dct:subject <{concept}> ;
    dcat:keyword "{name}"@sv, "ord {n}"@sv ;
    dct:publisher <{s}office-{publisher}> ; dct:accessRights <{codes}access-right/PUBLIC> ;
    dcat:contactPoint <{s}desk> ; dct:modified "2026-01-01" ;
    dcat:distribution <{s}{n}-csv>, <{s}{n}-web> .
<{s}{n}-csv> a dcat:Distribution ; dcat:accessURL <{s}{n}.csv> ; dcat:downloadURL <{s}{n}.csv> ;
    dct:format <{codes}file-type/CSV> ; dct:license <{codes}licence/CC0> .
<{s}{n}-web> a dcat:Distribution ; dcat:accessURL <{s}{n}.html> .
<{s}office-{publisher}> a foaf:Agent ; foaf:name "Kommun {publisher}"@sv .
"""
_PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
_ABOUT = "Uppgifter om {name}, hur de kommer till och vad de är bra för. " * 4


def measure_scores(bed: Bed, seconds: float) -> Iterator[Result]:
    """Everything scored, in a small and a large catalog; then what one change touches."""
    many = max(LEAST, int(EACH * seconds))
    few = max(LEAST, many // TIMES)
    with closing(_services(bed.directory / "scored-few", few)) as services:
        small = _milliseconds(services)
    with closing(_services(bed.directory / "scored-many", many)) as services:
        large = _milliseconds(services)
        changed = _milliseconds_of_change(services)
    yield result("scoring", bed.name, 1000 / large)
    yield result("growth of scoring", bed.name, large, small)
    yield result("scoring after a change", bed.name, changed)


def _services(folder: Path, count: int) -> Services:
    """A site with a catalog of so many datasets."""
    services = open_services(Settings(data=folder, base_url=BASE))
    topics, datasets = folder / "topics.ttl", folder / "datasets.ttl"
    topics.write_text(_PREFIXES + "".join(map(_concept, range(1, CONCEPTS))), encoding="utf-8")
    import_file(services.writer, BASE, "topics", Source(topics, topics.name), "bench")
    datasets.write_text(_PREFIXES + "".join(map(_dataset, range(count))), encoding="utf-8")
    source, tagger = Source(datasets, datasets.name), services.tagger("bench")
    import_catalog(services.writer, BASE, "bench", source, "bench", tagger)
    return services


def _concept(number: int) -> str:
    """A concept in a tree with ten under each."""
    return _CONCEPT.format(s=START, n=number, up=number // 10)


def _dataset(number: int) -> str:
    place = 1 + number % (CONCEPTS - 1)
    return _DATASET.format(
        s=START,
        n=number,
        name=f"ämne {place}",
        about=_ABOUT.format(name=f"ämne {place}"),
        concept=f"{START}concept-{place}",
        publisher=number % PUBLISHERS,
        codes=AUTHORITY,
    )


def _milliseconds(services: Services) -> float:
    """Milliseconds a dataset for all of them. Raises VocabServerError when it scored none."""
    start = time.perf_counter()
    scored = score(services, datetime.now(UTC))
    if not scored:
        raise VocabServerError("Nothing was scored.")
    return (time.perf_counter() - start) * 1000 / scored


def _milliseconds_of_change(services: Services) -> float:
    """Milliseconds to score what one change touches, with the means of its catalog."""
    added = (URIRef(f"{START}0"), DCT.issued, Literal("2026-01-01"))
    change = Change(source_graph(BASE, "bench"), added=frozenset({added}))
    services.writer.commit([change], "bench", "A date")
    start = time.perf_counter()
    scored = score(services, datetime.now(UTC))
    if scored != 1:
        raise VocabServerError(f"One dataset was changed, and {scored} were scored.")
    return (time.perf_counter() - start) * 1000
