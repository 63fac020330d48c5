"""Shapes that the suites do not try: literals as written, what is refused, what goes apart."""

import json
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH, XSD

from tests.quality.shacl.suite import literals_as_written
from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.quality.shacl.results import ShaclResult, report_of
from vocab_server.quality.shacl.shapes import Shapes
from vocab_server.quality.shacl.validation import (
    ShapeLimits,
    is_compiled,
    validate,
    validate_by_reference,
    validate_files,
)
from vocab_server.store.parsing import parse

__all__ = ["literals_as_written"]
PREFIXES = """@prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """
AT = ":shape a sh:NodeShape ; sh:targetNode :x ; sh:property [ sh:path :p ; %s ]"


def read(turtle: str) -> Graph:
    return Graph().parse(data=f"{PREFIXES}{turtle} .", format="turtle")


def results(data: str, constraint: str) -> list[ShaclResult]:
    return validate(read(data), Shapes(read(AT % constraint)))


def values(data: str, constraint: str) -> list[object]:
    return [result.value for result in results(data, constraint)]


def test_a_literal_is_told_as_it_is_written() -> None:
    assert values(':x :p "01"^^xsd:integer', "sh:maxInclusive 0") == [
        Literal("01", datatype=XSD.integer, normalize=False)
    ]


def test_two_ways_of_writing_a_number_are_two_values() -> None:
    (result,) = results(':x :p "01"^^xsd:integer, "1"^^xsd:integer', "sh:maxCount 1")
    assert result.component == SH.MaxCountConstraintComponent


@pytest.mark.parametrize(
    ("literal", "is_sound"),
    [
        ('"7"^^xsd:nonNegativeInteger', True),
        ('"-7"^^xsd:nonNegativeInteger', False),
        ('"seven"^^xsd:nonNegativeInteger', False),
        ('"7"^^xsd:integer', False),
        ('"7"', False),
    ],
)
def test_derived_integers_are_told_apart(literal: str, is_sound: bool) -> None:
    found = values(f":x :p {literal}", "sh:datatype xsd:nonNegativeInteger")
    assert (found == []) is is_sound


@pytest.mark.parametrize(
    ("literal", "is_sound"),
    [
        ('"2024-02-29"^^xsd:date', True),
        ('"2024-02-29Z"^^xsd:date', True),
        ('"2024-02-30"^^xsd:date', False),
        ('"29/2/2024"^^xsd:date', False),
        ('"2024-02-29"^^xsd:dateTime', False),
    ],
)
def test_a_day_that_is_none_is_found(literal: str, is_sound: bool) -> None:
    assert (values(f":x :p {literal}", "sh:datatype xsd:date") == []) is is_sound


def test_a_language_counts_once_whatever_its_case() -> None:
    (result,) = results(':x :p "a"@en-GB, "b"@EN-gb', "sh:uniqueLang true")
    assert result.component == SH.UniqueLangConstraintComponent


def test_a_pattern_that_looks_ahead_goes_to_pyshacl() -> None:
    shapes = Shapes(read(AT % 'sh:pattern "^(?!bad)"'))
    assert not is_compiled(shapes)
    assert [str(r.value) for r in validate(read(':x :p "bad", "good"'), shapes)] == ["bad"]


def test_what_a_shape_says_is_in_its_results() -> None:
    (result,) = results(":x :p 1", 'sh:maxCount 0 ; sh:message "None."@en ; sh:severity sh:Info')
    assert (result.severity, result.messages) == (SH.Info, (Literal("None.", lang="en"),))


def test_a_report_is_read_back() -> None:
    shapes = read(
        AT.replace("sh:path :p", "sh:path ( :p [ sh:inversePath :q ] )") % "sh:maxCount 0"
    )
    found = validate(read(":x :p :y . :z :q :y"), Shapes(shapes))
    report = report_of(found, shapes)
    (result,) = report.objects(None, SH.result)
    (path,) = report.objects(result, SH.resultPath)
    first, then = report.items(path)
    assert first == URIRef("https://example.org/p")
    assert report.value(then, SH.inversePath) == URIRef("https://example.org/q")
    assert list(report.objects(None, SH.conforms)) == [Literal(False)]


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        (":s a sh:NodeShape ; sh:targetNode :x ; sh:node :s", "said by itself"),
        (":s a sh:NodeShape ; sh:targetNode :x ; sh:property [ sh:minCount 1 ]", "no sh:path"),
        (AT % 'sh:minCount "many"', "no whole number"),
        (AT % "sh:qualifiedValueShape [] ; sh:qualifiedMinCount :many", "no whole number"),
        (AT % "sh:nodeKind :Thing", "no kind of node"),
        (AT % 'sh:equals "q"', "where a name belongs"),
        (AT % "sh:lessThan []", "where a name belongs"),
        (AT % 'sh:class "a b"', "where a name belongs"),
        (AT % "sh:datatype []", "where a name belongs"),
        (":s a sh:NodeShape ; sh:targetSubjectsOf [] ; sh:nodeKind sh:IRI", "a name belongs"),
        (":s a sh:NodeShape ; sh:targetClass 1 ; sh:nodeKind sh:IRI", "a name belongs"),
        (AT % 'sh:pattern "("', "cannot be run: missing"),
        (AT % "sh:pattern []", "must be a RDF Literal"),
        (AT % 'sh:sparql [ sh:select "SELECT nonsense" ]', "cannot be run: Expected"),
        (":s sh:targetNode :x ; sh:path [ :no :path ] ; sh:minCount 1", "a path that is none"),
    ],
)
def test_shapes_that_are_not_well_formed_are_refused(shapes: str, told: str) -> None:
    with pytest.raises(InvalidError, match=told):
        validate(read(":x :p 1"), Shapes(read(shapes)))


def test_pyshacl_apart_says_the_same_of_nested_shapes() -> None:
    data = read(":x :p [ :q 1 ], [ :q 2, 3 ], 4")
    shapes = Shapes(
        read(AT % "sh:nodeKind sh:BlankNode ; sh:property [ sh:path :q ; sh:maxCount 1 ]")
    )
    assert len(validate(data, shapes)) == 2
    assert set(validate(data, shapes)) == set(validate_by_reference(data, shapes))


def test_files_from_anywhere_are_run_apart_as_they_are_written(tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.nt"
    for target, text in ((data, ':x :p "01"^^xsd:integer'), (shapes, AT % "sh:in ( 1 )")):
        source = target.with_suffix(".ttl")
        source.write_text(f"{PREFIXES}{text} .")
        parse(source, base_iri="https://example.org/", target=target, as_written=True)
    (result,) = validate_files(data, shapes)
    assert result.value == Literal("01", datatype=XSD.integer, normalize=False)


def test_shapes_that_never_end_are_stopped(tmp_path: Path) -> None:
    query = "SELECT $this { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
    endless = f"sh:sparql [ sh:select {json.dumps(query)} ]"
    data = read(":x :p " + ", ".join(map(str, range(40))))
    with pytest.raises(TooLargeError, match="more than 2 seconds"):
        validate(data, Shapes(read(AT % endless)), ShapeLimits(seconds=2))


def test_a_query_in_a_shape_reads_no_file_of_the_server(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text(f'{PREFIXES}:x :secret "hidden" .')
    query = "SELECT $this ?value FROM $file { $this ?p ?value }".replace(
        "$file", f"<{secret.as_uri()}>"
    )
    reading = f":s a sh:NodeShape ; sh:targetNode :x ; sh:sparql [ sh:select {json.dumps(query)} ]"
    found = validate(read(':x :p "shown"'), Shapes(read(reading)))
    assert [result.value for result in found] == [Literal("shown")]
