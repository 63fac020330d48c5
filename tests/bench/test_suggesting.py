"""How suggestions are measured: on real tagged datasets, never with a publisher's own choices."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vocab_server.bench.bed import BASE
from vocab_server.bench.mllm import Mllm, annif
from vocab_server.bench.suggesting import quality_of
from vocab_server.bench.tagged import COLLECTIONS, Tagged, folds, opened, tagged_datasets, there
from vocab_server.search.described import Described
from vocab_server.search.mentions import Source
from vocab_server.search.suggesting import suggest
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of

EXAMPLES = COLLECTIONS[0]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with opened(EXAMPLES, None, tmp_path_factory.mktemp("tagged") / "site") as found:
        yield found


def test_the_examples_are_tagged_datasets_of_two_publishers(services: Services) -> None:
    tagged = tagged_datasets(services, EXAMPLES)
    assert len(tagged) == 60
    assert all(each.described.title and each.concepts for each in tagged)
    assert [len(part) for part in folds(tagged)] == [1, 1]
    assert set.union(*folds(tagged)) == {each.publisher for each in tagged}


def test_nothing_is_asked_of_who_was_learned_from(services: Services) -> None:
    tagged = tagged_datasets(services, EXAMPLES)

    def right(training: list[Tagged], asked: list[Tagged]) -> list[list[str]]:
        assert {e.publisher for e in training}.isdisjoint(e.publisher for e in asked)
        return [sorted(each.concepts) for each in asked]

    assert quality_of(tagged, right).values() == (1.0, 1.0, 1.0)
    assert quality_of(tagged, lambda _, asked: [["urn:x"] for _each in asked]).values() == (0, 0, 0)


def test_what_stands_lower_counts_less() -> None:
    (one, two) = (Tagged(p, Described(title="a"), frozenset({"urn:a", "urn:b"})) for p in "xy")
    found = quality_of([one, two], lambda _, asked: [["urn:z", "urn:a"] for _each in asked])
    assert found.values() == (0.0, 0.5, 0.5)


def test_suggestions_find_what_publishers_chose(services: Services) -> None:
    view = services.published.view()
    source = Source(view.index, view.cards, (), ("sv", "en"), view.datasets)
    tagged = tagged_datasets(services, EXAMPLES)
    alone = [
        {str(found.concept) for found in suggest(source, each.described, 5)} & each.concepts
        for each in tagged
    ]
    assert sum(map(bool, alone)) > 0.8 * len(tagged)


def test_only_what_is_at_hand_is_measured(tmp_path: Path) -> None:
    assert there(None) == there(tmp_path) == [EXAMPLES]


@pytest.mark.skipif(annif() is None, reason="Annif is not installed")
def test_mllm_is_trained_and_asked(services: Services, tmp_path: Path) -> None:
    vocabulary = tmp_path / "themes.nt"
    services.published.view().store.dump(graph_of(BASE, "themes"), vocabulary)
    tagged = tagged_datasets(services, EXAMPLES)
    (tmp_path / "mllm").mkdir()
    found = Mllm(vocabulary, "sv", tmp_path / "mllm").suggested(tagged[:40], tagged[40:], 5)
    assert len(found) == len(tagged) - 40
    assert any(
        set(concepts) & each.concepts for concepts, each in zip(found, tagged[40:], strict=True)
    )
