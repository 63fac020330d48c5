"""Scores of metadata and tags, measured: datasets a second, whatever their number.

In a catalog of made-up datasets that are described and tagged as real ones are, with the shipped
vocabularies. From the database with the tags to the database with the scores.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from rdflib import Literal, URIRef

from vocab_server.bench.bed import BASE, Bed
from vocab_server.bench.processes import ours, timed
from vocab_server.bench.targets import Result, result
from vocab_server.catalog.profiles import AUTHORITY
from vocab_server.config import Settings
from vocab_server.editing.catalog_importing import import_catalog
from vocab_server.editing.importing import Source
from vocab_server.errors import VocabServerError
from vocab_server.operation.scoring import score
from vocab_server.rdf.change import Change
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.namespaces import DCT
from vocab_server.rdf.query import bind
from vocab_server.services import Services, open_services

FEW, MANY = 1_000, 4_000  # datasets
PUBLISHERS = 50
START = "https://catalog.example/"
_CONCEPTS = """SELECT DISTINCT ?concept ?name WHERE { GRAPH $graph {
    ?concept a skos:Concept ; skos:prefLabel ?name } FILTER (LANG(?name) = "sv") }
    ORDER BY ?concept"""
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
"""
_ABOUT = "Uppgifter om {name}, hur de kommer till och vad de är bra för. " * 4


def measure_scores(bed: Bed, _seconds: float) -> Iterator[Result]:
    """Everything scored, in a small and a large catalog; then what one change touches."""
    taken = {}
    for count in (FEW, MANY):
        settings = Settings(data=bed.directory / f"scored-{count}", base_url=BASE)
        environment = {"VOCAB_SERVER_DATA": str(settings.data), "VOCAB_SERVER_BASE_URL": BASE}
        timed(ours("init"), environment)
        with closing(open_services(settings)) as services:
            _fill(services, bed.directory / "datasets.ttl", count)
            taken[count] = _milliseconds(services)
            if count == MANY:
                changed = _milliseconds_of_change(services)
    yield result("scoring", bed.name, 1000 / taken[MANY])
    yield result("growth of scoring", bed.name, taken[MANY], taken[FEW])
    yield result("scoring after a change", bed.name, changed)


def _fill(services: Services, file: Path, count: int) -> None:
    """Read a catalog of so many datasets."""
    graph = URIRef(f"{BASE}/vocabularies/themes")
    named = services.published.view().store.select(bind(_CONCEPTS, graph=graph))
    written = (
        _DATASET.format(
            s=START,
            n=number,
            name=row["name"],
            about=_ABOUT.format(name=row["name"]),
            concept=row["concept"],
            publisher=number % PUBLISHERS,
            codes=AUTHORITY,
        )
        for number, row in enumerate(islice(cycle(named), count))
    )
    file.write_text(_PREFIXES + "".join(written), encoding="utf-8")
    source, tagger = Source(file, file.name), services.tagger("bench")
    import_catalog(services.writer, BASE, "bench", source, "bench", tagger)


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
