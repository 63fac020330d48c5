"""A vocabulary with a past, for tests of lists and feeds of changes."""

from pathlib import Path

from rdflib import Graph, URIRef

from vocab_server.editing.importing import Source, import_file
from vocab_server.quality.check import Level
from vocab_server.quality.checks import CHECKS
from vocab_server.rdf.change import Change
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of, register

BASE = "http://127.0.0.1:8000"
SPACE = "https://example.org/zoo/"
PREFIXES = """
    @prefix : <https://example.org/zoo/> . @prefix dct: <http://purl.org/dc/terms/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATED = """
    <https://example.org/zoo> a skos:ConceptScheme ; skos:prefLabel "Zoo & friends"@en, "Djur"@sv .
    :dog a skos:Concept ; skos:prefLabel "dog"@en, "hund"@sv, "개"@ko, "كلب"@ar ;
        dct:created "2020-01-02"^^xsd:date ; dct:modified "2021-03-04T10:00:00+01:00" .
    :hound a skos:Concept ; skos:prefLabel "hound"@en, "사냥개"@ko, "كلب صيد"@ar ;
        owl:deprecated true ; dct:isReplacedBy :dog, <javascript:alert(1)> ;
        dct:created "2019-05-06"^^xsd:date ; dct:modified "2021-04-05"^^xsd:date .
    :unicorn a skos:Concept ; skos:prefLabel "unicorn"@en ; owl:deprecated true ;
        dct:modified "2021-05" .
    :hostile a skos:Concept ; dct:created "2018-01-01"^^xsd:date ;
        skos:prefLabel "<script>alert(1)</script>]]>\\u0007"@en .
    :bare a skos:Concept ; dct:created "2017"^^xsd:gYear .
"""
UNDATED = "".join(
    f':n{number} a skos:Concept ; skos:prefLabel "number {number:03}"@en .\n'
    for number in range(120)
)


def put(services: Services, identifier: str, title: str, turtle: str) -> None:
    """Make a vocabulary with what the Turtle says."""
    graph = Graph().parse(data=PREFIXES + turtle, format="turtle")
    change = Change(graph_of(BASE, identifier), added=frozenset(graph))
    services.writer.commit([register(BASE, identifier, title, SPACE), change], "test", title)


def let_through(services: Services, identifier: str) -> None:
    """Let a vocabulary that is faulty on purpose be released: nothing stops it."""
    levels = {check.id: Level.REPORT for check in CHECKS}
    services.quality.change(graph_of(BASE, identifier), levels, ())


def edit(services: Services, identifier: str, added: str = "", removed: str = "") -> None:
    """One change of a vocabulary."""
    sets = [
        frozenset(Graph().parse(data=PREFIXES + text, format="turtle")) for text in (added, removed)
    ]
    services.writer.commit([Change(graph_of(BASE, identifier), *sets)], "test", "An edit")


def name(local: str) -> URIRef:
    """A concept of the zoo."""
    return URIRef(SPACE + local)


def import_again(services: Services, identifier: str, file: Path) -> None:
    """Import a file as a new edition of a vocabulary."""
    import_file(services.writer, BASE, identifier, Source(file, file.name), "test")
