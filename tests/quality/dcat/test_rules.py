"""What each profile asks of a catalog: found where it is broken, and nowhere else."""

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from tests.conftest import SHARED
from vocab_server.catalog.profiles import PROFILES, RULES
from vocab_server.quality.check import Finding, Severity
from vocab_server.quality.dcat.asked import asked_by
from vocab_server.quality.dcat.checks import CATALOG_CHECKS, checks_of
from vocab_server.quality.dcat.shapes import read_shapes, shapes_of
from vocab_server.quality.running import run
from vocab_server.quality.shacl.literals import line_of
from vocab_server.quality.shacl.reference import run_reference
from vocab_server.quality.shacl.validation import DATA, is_compiled, loaded, validate

PREFIXES = """@prefix : <https://ekebro.example/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
    @prefix dct: <http://purl.org/dc/terms/> . @prefix dcatap: <http://data.europa.eu/r5r/> .
    @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix spdx: <http://spdx.org/rdf/terms#> .
    @prefix eu: <http://publications.europa.eu/resource/authority/> . """
SOUND = """
    :c a dcat:Catalog ; dct:title "Ekebros data"@sv ; dct:description "All data."@sv ;
        dct:publisher :p ; dct:license <http://creativecommons.org/publicdomain/zero/1.0/> ;
        dcat:dataset :d .
    :p a foaf:Organization ; foaf:name "Ekebro"@sv ;
        dct:type <http://purl.org/adms/publishertype/LocalAuthority> .
    :d a dcat:Dataset ; dct:title "Badvatten"@sv, "Bathing water"@en ;
        dct:description "Prover."@sv ; dct:publisher :p ; dcat:keyword "bad"@sv, "vatten"@sv ;
        dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI>, :water ;
        dct:issued "2026"^^xsd:gYear ; dct:modified "2026-03-01T12:00:00Z"^^xsd:dateTime ;
        dcat:contactPoint :k ; dcat:distribution :x .
    :k a vcard:Organization ; vcard:fn "Miljö" ; vcard:hasEmail <mailto:data@ekebro.example> .
    :x a dcat:Distribution ; dcat:accessURL <https://ekebro.example/bad.csv> ;
        dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;
        dcat:byteSize "48200"^^xsd:nonNegativeInteger . """
# What is said instead, or besides, and the one violation or the one new warning that follows.
REGULATION = ":d dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj> ."
PUBLISHERS = """dct:publisher :p, :q . :q a foaf:Organization ; foaf:name "Q"@sv ;
    dct:type <http://purl.org/adms/publishertype/LocalAuthority> . :c dct:license"""
FAULTS = [
    ("dcat-ap", 'dct:title "Badvatten"@sv, "Bathing water"@en ;', "", "DCT-1.Dataset.title"),
    ("dcat-ap", 'dct:description "All data."@sv ;', "", "DCT-1.Catalog.description"),
    ("dcat-ap", "dct:publisher :p ; dct:license", PUBLISHERS,
     "DCT-1.Catalog.publisher.too-many"),
    ("dcat-ap", '"Prover."@sv', ":prover", "DCT-1.Dataset.description.kind"),
    ("dcat-ap", '"2026"^^xsd:gYear', '"snart"', "DCT-4.Dataset.issued"),
    ("dcat-ap", '"2026"^^xsd:gYear', '"2026-02-30"^^xsd:date', "DCT-4.Dataset.issued"),
    ("dcat-ap", '"48200"^^xsd:nonNegativeInteger', '"48 kB"', "DCT-1.Distribution.byteSize.number"),
    ("dcat-ap", '"48200"^^xsd:nonNegativeInteger', '"48200"^^xsd:integer',
     "DCT-1.Distribution.byteSize.number"),
    ("dcat-ap", "<http://publications.europa.eu/resource/authority/file-type/CSV>", '"CSV"',
     "DCT-3.Distribution.format"),
    ("dcat-ap-se", "<http://publications.europa.eu/resource/authority/file-type/CSV>", ":csv",
     "DCT-3.Distribution.format.se"),
    ("dcat-ap", "<http://publications.europa.eu/resource/authority/data-theme/ENVI>,", "",
     "DCT-3.Dataset.theme"),
    ("dcat-ap", "<mailto:data@ekebro.example>", "<https://ekebro.example/kontakt>",
     "DCT-1.Kind.hasEmail.email"),
    ("dcat-ap", ":k a vcard:Organization ;", ":k", "DCT-2.Dataset.contactPoint.part"),
    ("dcat-ap", 'dcat:keyword "bad"@sv, "vatten"@sv ;', "", "DCT-2.Dataset.keyword"),
    ("dcat-ap-se", ":d a dcat:Dataset ;", f"{REGULATION} :d a dcat:Dataset ;",
     "DCT-11.Dataset.hvdCategory"),
    ("dcat-ap-hvd", ":d a dcat:Dataset ;", f"{REGULATION} :d a dcat:Dataset ;",
     "DCT-11.Dataset.hvdCategory"),
]  # fmt: skip


def read(turtle: str) -> Graph:
    return Graph().parse(data=f"{PREFIXES}{turtle}", format="turtle")


def findings(graph: Graph, profile: str) -> list[Finding]:
    with loaded([b"".join(map(line_of, graph))]) as store:
        return list(run(store, DATA, checks_of(profile)))


@pytest.fixture(scope="module")
def usual() -> dict[str, set[str]]:
    """What the sound catalog lacks of what profiles recommend."""
    return {name: {f.check.id for f in findings(read(SOUND), name)} for name in PROFILES}


@pytest.mark.parametrize("profile", ["dcat-ap", "dcat-ap-hvd", "dcat-ap-se"])
def test_a_sound_catalog_breaks_nothing(profile: str) -> None:
    grave = [f for f in findings(read(SOUND), profile) if f.check.severity is Severity.VIOLATION]
    assert [finding.message() for finding in grave] == []


@pytest.mark.parametrize(("profile", "right", "wrong", "check"), FAULTS)
def test_a_fault_is_found_and_nothing_else(
    usual: dict[str, set[str]], profile: str, right: str, wrong: str, check: str
) -> None:
    assert right in SOUND
    found = {f.check.id for f in findings(read(SOUND.replace(right, wrong)), profile)}
    assert found - usual[profile] == {check}


def test_a_finding_says_what_where_and_how_in_both_languages() -> None:
    wrong = read(SOUND.replace('"48200"^^xsd:nonNegativeInteger', '"48 kB"'))
    (found,) = [f for f in findings(wrong, "dcat-ap") if f.check.severity is Severity.VIOLATION]
    assert found.focus == URIRef("https://ekebro.example/x")
    assert found.path == URIRef("http://www.w3.org/ns/dcat#byteSize")
    assert found.message("en") == (
        'File: “Size” is no whole number: "48 kB". Write digits only, with the type'
        " xsd:nonNegativeInteger. In bytes. Example: 48200"
    )
    assert found.message("sv") == (
        'Fil: ”Storlek” är inget heltal: "48 kB". Skriv bara siffror, med typen'
        " xsd:nonNegativeInteger. I byte. Exempel: 48200"
    )
    assert found.check.source == "DCAT-AP 3.0.1, Distribution, dcat:byteSize"


def test_an_api_under_the_regulation_must_be_documented() -> None:
    service = f"""{SOUND} :s a dcat:DataService ; dct:title "API"@en ;
        dcat:endpointURL <https://ekebro.example/api> ; dct:publisher :p ;
        dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj> ."""
    found = {f.check.id for f in findings(read(service), "dcat-ap-hvd")}
    assert {i for i in found if i.startswith("DCT-11")} == {
        "DCT-11.DataService.contactPoint",
        "DCT-11.DataService.hvdCategory",
        "DCT-11.DataService.page",
    }
    assert not [f for f in findings(read(service), "dcat-ap") if f.check.id.startswith("DCT-11")]


@pytest.mark.parametrize("profile", ["dcat-ap", "dcat-ap-hvd", "dcat-ap-se"])
def test_every_demand_is_a_shape_with_texts_in_both_languages(profile: str) -> None:
    graph = shapes_of(PROFILES[profile])
    assert is_compiled(read_shapes(profile))
    for check in checks_of(profile):
        shape = URIRef(f"urn:vocab-server:shape:{check.id}")
        texts = {text.language: str(text) for text in graph.objects(shape, SH.message)}
        assert set(texts) == {"en", "sv"}
        assert texts["en"] != texts["sv"]


def test_no_two_demands_have_one_name() -> None:
    for profile in PROFILES.values():
        names = [asked.id for asked in asked_by(profile)]
        assert len(names) == len(set(names))
    assert {rule.of for rule in RULES} == {
        asked.rule.of for p in PROFILES.values() for asked in asked_by(p)
    }
    assert len(CATALOG_CHECKS) > 250


def mandatory(graph: Graph) -> set[tuple[URIRef, URIRef]]:
    """The pairs of class and property that shapes demand, as violations."""
    return {
        (target, path)
        for shape, target in graph.subject_objects(SH.targetClass)
        for named in graph.objects(shape, SH.property)
        if graph.value(named, SH.minCount) is not None
        and graph.value(named, SH.severity) in (None, SH.Violation)
        for path in graph.objects(named, SH.path)
        if isinstance(target, URIRef) and isinstance(path, URIRef)
    }


OFFICIAL = SHARED / "suites" / "semic-DCAT-AP" / "3.0.1" / "shacl" / "dcat-ap-SHACL.ttl"
# Classes that none of our rows are about.
NOT_OURS = {"Relationship"}


@pytest.mark.skipif(not OFFICIAL.exists(), reason=f"{OFFICIAL} is not here.")
def test_our_table_demands_what_the_official_shapes_demand() -> None:
    ours, theirs = mandatory(shapes_of(PROFILES["dcat-ap"])), mandatory(Graph().parse(OFFICIAL))
    assert {pair for pair in theirs - ours if pair[0].rpartition("#")[2] not in NOT_OURS} == set()
    classes = {target for target, _path in theirs}
    assert {pair for pair in ours - theirs if pair[0] in classes} == set()


@pytest.mark.skipif(not OFFICIAL.exists(), reason=f"{OFFICIAL} is not here.")
@pytest.mark.parametrize("profile", ["dcat-ap", "dcat-ap-se"])
def test_pyshacl_finds_the_same_with_the_shapes_that_we_serve(profile: str) -> None:
    graph = Graph().parse(SHARED / "dcat" / "no" / "nav-2017-10-31.ttl")
    shapes = read_shapes(profile)
    ours, theirs = validate(graph, shapes), list(run_reference(graph, shapes.graph))
    assert len(ours) > 100
    assert sorted(map(repr, set(ours))) == sorted(map(repr, set(theirs)))
