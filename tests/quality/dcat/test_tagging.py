"""How datasets are tagged: each check finds each of its examples, and only it does."""

import pytest
from rdflib import URIRef

from tests.quality.test_checks import GRAPH, named, write
from vocab_server.quality.check import Check
from vocab_server.quality.dcat.tagging import TAGGING_CHECKS, findings_of_tags
from vocab_server.quality.running import run
from vocab_server.rdf.graph_names import tags_graph
from vocab_server.store.embedded import EmbeddedStore

EXAMPLES = [(check, text) for check in TAGGING_CHECKS for text in check.examples]
NEIGHBOURS = [(check, text) for check in TAGGING_CHECKS for text in check.neighbours]
CATALOG = URIRef("https://example.org/catalogs/lakes")


def found(store: EmbeddedStore, graph: URIRef = GRAPH) -> set[tuple[str, str]]:
    return {(one.check.id, str(one.value)) for one in run(store, graph, TAGGING_CHECKS)}


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=named)
def test_an_example_is_found_by_its_check_only(check: Check, example: str) -> None:
    store = EmbeddedStore.in_memory()
    write(store, example)
    assert {identifier for identifier, _ in found(store)} == {check.id}


@pytest.mark.parametrize(("check", "neighbour"), NEIGHBOURS, ids=named)
def test_a_neighbour_is_not_found(check: Check, neighbour: str) -> None:
    store = EmbeddedStore.in_memory()
    write(store, neighbour)
    assert check.id not in {identifier for identifier, _ in found(store)}


VOCABULARY = """:water a skos:Concept ; skos:prefLabel "Vatten"@sv, "مياه"@ar ;
    skos:broader :nature . :nature a skos:Concept . :pond a skos:Concept ; owl:deprecated true ."""
DATASETS = """<https://d.example/a> a dcat:Dataset ; dcat:keyword "vatten"@sv, "مياه"@ar .
    <https://d.example/b> a dcat:Dataset ; dct:subject <https://elsewhere.example/sea> ."""
TAGS = """<https://d.example/b> dct:subject :water, :nature, :pond ."""


@pytest.fixture
def site() -> EmbeddedStore:
    """A store with a vocabulary, a catalog and its tags, in a graph each."""
    store = EmbeddedStore.in_memory()
    write(store, VOCABULARY)
    write(store, DATASETS, CATALOG)
    write(store, TAGS, tags_graph(CATALOG))
    return store


def test_tags_are_compared_with_the_vocabularies_of_the_site(site: EmbeddedStore) -> None:
    place = "https://example.org/animals/"
    assert found(site, CATALOG) == {
        ("DCT-5", "https://elsewhere.example/sea"),
        ("DCT-6", f"{place}pond"),
        ("DCT-7", f"{place}nature"),
        ("DCT-8", "None"),
        ("DCT-9", "vatten"),
        ("DCT-9", "مياه"),
    }


def test_one_dataset_is_looked_at_by_itself(site: EmbeddedStore) -> None:
    lines = [
        b"<https://d.example/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        b" <http://www.w3.org/ns/dcat#Dataset> .",
        b"<https://d.example/a> <http://purl.org/dc/terms/subject>"
        b" <https://example.org/animals/gone> .",
        '<https://d.example/a> <http://www.w3.org/ns/dcat#keyword> "مياه"@ar .'.encode(),
    ]
    told = [(one.check.id, str(one.focus)) for one in findings_of_tags(site, lines)]
    assert told == [("DCT-5", "https://d.example/a"), ("DCT-9", "https://d.example/a")]


def test_a_circle_of_concepts_ends_the_way_up(site: EmbeddedStore) -> None:
    write(site, ":nature skos:broader :water .")
    assert ("DCT-7", "https://example.org/animals/nature") in found(site, CATALOG)


def test_every_text_is_there_in_both_languages() -> None:
    for check in TAGGING_CHECKS:
        for words in (check.title, check.meaning, check.remedy):
            assert words.en and words.sv and words.en != words.sv
