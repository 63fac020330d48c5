from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from rdflib import Literal, URIRef

from tests.strategies import CONCEPTS, edits, play
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.skos.statistics import (
    LONG,
    GraphStatistics,
    StatisticsProjection,
    read_statistics,
)
from vocab_server.store.embedded import EmbeddedStore

GRAPH = URIRef("https://example.org/vocabularies/animals")
OTHER = URIRef("https://example.org/vocabularies/plants")
DOG, CAT, *_ = CONCEPTS
STORE = EmbeddedStore.in_memory()  # counting needs none


def change(added: set[Triple] = frozenset(), removed: set[Triple] = frozenset()) -> Change:
    return Change(GRAPH, frozenset(added), frozenset(removed))


def counted(triples: frozenset[Triple]) -> dict[str, Any]:
    """The counts of some triples, made in one go."""
    statistics = GraphStatistics()
    statistics.count(Change(GRAPH, triples).added_blocks(), 1)
    return statistics.to_json()


@pytest.fixture
def projection(tmp_path: Path) -> Iterator[StatisticsProjection]:
    """Statistics of nothing yet."""
    yield StatisticsProjection(tmp_path)


@settings(max_examples=100, deadline=None)
@given(edits)
def test_counts_kept_up_to_date_are_those_counted_anew(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    held: frozenset[Triple] = frozenset()
    with TemporaryDirectory() as directory:
        projection = StatisticsProjection(Path(directory))
        for number, (added, removed) in enumerate(play(edits), 1):
            projection.apply(Change(GRAPH, added, removed), number, STORE)
            held = (held | added) - removed
        kept = read_statistics(Path(directory))
        assert {graph: s.to_json() for graph, s in kept.items()} == (
            {GRAPH: counted(held)} if held else {}
        )
        assert StatisticsProjection(Path(directory)).position() == number


def test_labels_are_counted_by_property_and_language(
    projection: StatisticsProjection, tmp_path: Path
) -> None:
    labels = {
        (DOG, SKOS.prefLabel, Literal("dog", lang="en")),
        (DOG, SKOS.prefLabel, Literal('say "hund"@sv', lang="sv")),
        (CAT, SKOS.prefLabel, Literal("cat", lang="en")),
        (CAT, SKOS.altLabel, Literal('"@en')),
        (CAT, SKOS.definition, Literal("It owns the house.", lang="en")),
        (CAT, RDF.type, SKOS.Concept),
    }
    projection.apply(change(labels), 1, STORE)
    found = read_statistics(tmp_path)[GRAPH]
    assert found.languages == {"en": 2, "sv": 1}
    assert found.labels["altLabel"] == {"": 1}
    assert found.labels["definition"] == {"en": 1}
    assert (found.triples, found.concepts) == (6, 1)


def test_long_triples_are_counted_while_they_are_there(
    projection: StatisticsProjection, tmp_path: Path
) -> None:
    long = {(DOG, SKOS.definition, Literal("x" * LONG))}
    projection.apply(change({(DOG, SKOS.definition, Literal("x" * (LONG - 200))), *long}), 1, STORE)
    assert read_statistics(tmp_path)[GRAPH].long == 1
    projection.apply(change(set(), long), 2, STORE)
    assert read_statistics(tmp_path)[GRAPH].long == 0


def test_older_statistics_do_not_say_that_nothing_is_long() -> None:
    older = GraphStatistics().to_json()
    del older["long"]
    assert GraphStatistics.from_json(older).long


def test_a_graph_that_is_emptied_is_no_longer_listed(
    projection: StatisticsProjection, tmp_path: Path
) -> None:
    triples = {(DOG, RDF.type, SKOS.Concept)}
    projection.apply(change(triples), 1, STORE)
    projection.apply(Change(OTHER, frozenset(triples)), 2, STORE)
    projection.apply(change(set(), triples), 3, STORE)
    assert set(read_statistics(tmp_path)) == {OTHER}


@pytest.mark.parametrize(
    "text", ["", "{", '{"position": 3}', '{"graphs": {}}', "\xff", '{"position": 3, "graphs": {}}']
)
def test_a_damaged_file_is_counted_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "statistics.json").write_text(text, "latin-1")
    assert StatisticsProjection(tmp_path).position() == 0
