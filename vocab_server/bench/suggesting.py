"""Suggestions, measured on catalogs that are tagged: how often they are what people chose.

Nothing is learned from a publisher whose datasets are asked for. Beside them, in the same run and
with the same datasets to learn from: the most frequent concepts, and MLLM (``bench.mllm``).
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from vocab_server.bench.bed import BASE
from vocab_server.bench.cataloguing import dump
from vocab_server.bench.mllm import Mllm, annif
from vocab_server.bench.plan import Plan
from vocab_server.bench.tagged import (
    Collection,
    Tagged,
    folds,
    opened,
    tagged_datasets,
    there,
)
from vocab_server.bench.targets import Result, result
from vocab_server.editing.commit import Step
from vocab_server.search.mentions import Source
from vocab_server.search.suggesting import suggest
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of

LIMIT = 5  # concepts that are suggested
MEASURES = ("precision at 1", "recall at 5", "mean reciprocal rank")

Suggester = Callable[[Sequence[Tagged], Sequence[Tagged]], list[list[str]]]  # trained with, asked


@dataclass(frozen=True, slots=True)
class Quality:
    """How good suggestions are, each from 0 to 1; see MEASURES."""

    precision: float
    recall: float
    rank: float

    def values(self) -> tuple[float, float, float]:
        """In the order of MEASURES."""
        return self.precision, self.recall, self.rank


def measure_suggestions(work: Path, plan: Plan, step: Step) -> Iterator[Result]:
    """Every collection of tagged datasets that is at hand: ours beside both references."""
    for collection in there(plan.data):
        step(f"suggest, {collection.name}")
        with (
            tempfile.TemporaryDirectory(dir=work) as directory,
            opened(collection, plan.data, Path(directory) / "site") as services,
        ):
            yield from _measured(services, collection, Path(directory))


def _measured(services: Services, collection: Collection, directory: Path) -> Iterator[Result]:
    tagged = tagged_datasets(services, collection)
    suggesters: dict[str, Suggester] = {"ours": _ours(services, collection)}
    suggesters["the most frequent"] = _most_frequent
    if annif():
        suggesters["MLLM"] = _mllm(services, collection, directory / "mllm")
    measured = {name: quality_of(tagged, each) for name, each in suggesters.items()}
    ours = measured.pop("ours").values()
    for reference, quality in measured.items():
        for measure, mine, theirs in zip(MEASURES, ours, quality.values(), strict=True):
            yield result(f"suggested, {measure}, {reference}", collection.name, mine, theirs)


def quality_of(tagged: Sequence[Tagged], suggester: Suggester) -> Quality:
    """What a suggester achieves, each part of the publishers asked for after the others."""
    precisions, recalls, ranks = [], [], []
    for publishers in folds(tagged):
        asked = [each for each in tagged if each.publisher in publishers]
        training = [each for each in tagged if each.publisher not in publishers]
        for each, found in zip(asked, suggester(training, asked), strict=True):
            right = [concept in each.concepts for concept in found[:LIMIT]]
            precisions.append(float(right[:1] == [True]))
            recalls.append(sum(right) / len(each.concepts))
            ranks.append(1 / (right.index(True) + 1) if any(right) else 0.0)
    return Quality(mean(precisions), mean(recalls), mean(ranks))


def _most_frequent(training: Sequence[Tagged], asked: Sequence[Tagged]) -> list[list[str]]:
    counted = Counter(concept for each in training for concept in sorted(each.concepts))
    return [[concept for concept, _ in counted.most_common(LIMIT)]] * len(asked)


def _ours(services: Services, collection: Collection) -> Suggester:
    view = services.published.view()
    graph = graph_of(BASE, collection.vocabulary)

    def suggested(_training: Sequence[Tagged], asked: Sequence[Tagged]) -> list[list[str]]:
        source = Source(
            view.index,
            view.cards,
            (graph,),
            services.settings.languages,
            view.datasets,
            without_publishers=frozenset(each.publisher for each in asked),
        )
        return [
            [str(found.concept) for found in suggest(source, each.described, LIMIT)]
            for each in asked
        ]

    return suggested


def _mllm(services: Services, collection: Collection, directory: Path) -> Suggester:
    directory.mkdir()
    vocabulary = directory / "vocabulary.nt"
    graph = graph_of(BASE, collection.vocabulary)
    dump(services, graph, vocabulary)
    mllm = Mllm(vocabulary, collection.names, directory)
    return lambda training, asked: mllm.suggested(training, asked, LIMIT)
