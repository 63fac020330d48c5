"""What is measured, part by part."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from rdflib import Literal, URIRef

from vocab_server.bench.bed import HTML, JSON, TURTLE, VOCABULARY, Bed, Supply, page, tree_level
from vocab_server.bench.checking import measure_checks
from vocab_server.bench.endurance import measure_endurance
from vocab_server.bench.finding import measure_search
from vocab_server.bench.load import compare, load, milliseconds
from vocab_server.bench.scoring import measure_scores
from vocab_server.bench.shapes import measure_shapes
from vocab_server.bench.targets import Result, result
from vocab_server.errors import VocabServerError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import open_services
from vocab_server.skos.vocabularies import graph_of

DISTINCT = 10_000  # queries before texts differ only in a comment
REPEATED = 200  # queries and pages that are asked for again and again
SINGLE = 200  # requests whose times are taken one by one
FIRST = 20  # requests before times are taken
COMMITS = 12
ROUNDS = 3  # in which a small and a large vocabulary take turns

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the benchmark; ``measure`` takes a test bed and seconds for each load."""

    name: str
    measure: Callable[[Bed, float], Iterator[Result]]
    for_files: bool = False  # whether it says something about any vocabulary


def measure_import(bed: Bed, _seconds: float) -> Iterator[Result]:
    """An import with log and search index, beside the reference that only loads."""
    name = "import" if bed.is_generated else "import of a file"
    yield result(name, bed.name, bed.seconds_to_import, bed.seconds_to_load)


def measure_queries(bed: Bed, seconds: float) -> Iterator[Result]:
    """Point queries over HTTP: each another one, then the same ones again and again."""
    for kind, count in (("uncached", DISTINCT), ("repeated", REPEATED)):
        sent, sent_native = bed.point_queries(bed.concepts.take(count))
        if kind == "repeated":
            load(bed.ours, sent, JSON, 1)
        ours, native = compare(
            ((bed.ours, sent), (bed.native, sent_native)),
            JSON,
            seconds,
            distinct=kind == "uncached",
        )
        yield result(f"queries, {kind}", bed.name, ours.rate, native.rate)
        yield result(
            f"queries, {kind}, processor",
            bed.name,
            1000 / ours.rate_of_core,
            1000 / native.rate_of_core,
        )


def measure_pages(bed: Bed, seconds: float) -> Iterator[Result]:
    """A concept's page and its Turtle: asked for again and again, then each for the first time."""
    for kind, accept in (("page", HTML), ("Turtle", TURTLE)):
        repeated = [page(iri) for iri in bed.concepts.take(REPEATED)]
        milliseconds(bed.ours, repeated, accept)
        load(bed.ours, repeated, accept, 1)
        (found,) = compare([(bed.ours, repeated)], accept, seconds)
        yield result(f"{kind}, repeated", bed.name, found.rate_of_core)
        yield result(f"{kind}, repeated, all cores", bed.name, found.rate)
        fresh = [page(iri) for iri in bed.concepts.take(FIRST + SINGLE)]
        taken = milliseconds(bed.ours, fresh, accept)[min(FIRST, len(fresh) // 2) :]
        yield result(f"{kind}, uncached", bed.name, median(taken))


def measure_commit(bed: Bed, _seconds: float) -> Iterator[Result]:
    """One edit committed, projected and published; and until a reader has seen it."""
    taken = [_commit(bed, iri) for iri in bed.concepts.take(COMMITS)]
    yield result("commit", bed.name, median(committed for committed, _ in taken))
    yield result("commit, until it is read", bed.name, median(read for _, read in taken))


def measure_memory(bed: Bed, seconds: float) -> Iterator[Result]:
    """The most memory of a process that answers, after pages and queries of all kinds.

    Beside it, for comparison, that of what works in the background, in processes that come and go.
    """
    concepts = bed.concepts.take(DISTINCT)
    queries, _ = bed.point_queries(concepts)
    pages = [page(iri) for iri in concepts]
    load(bed.ours, queries, JSON, seconds, distinct=True)
    load(bed.ours, pages, HTML, 2 * seconds)
    load(bed.ours, pages, TURTLE, seconds)
    yield result("memory", bed.name, bed.ours.peak_memory())
    yield result("memory, in the background", bed.name, bed.ours.peak_memory_of_duties())


def measure_growth(small: Bed, large: Bed) -> Iterator[Result]:
    """The same questions to a small and to a large vocabulary, in turns."""
    for name, ask in _GROWTHS:
        taken: dict[str, list[float]] = {small.name: [], large.name: []}
        for bed in (small, large):
            ask(bed)
        for bed in (small, large) * ROUNDS:
            taken[bed.name] += ask(bed)
        yield result(name, large.name, median(taken[large.name]), median(taken[small.name]))


def _fresh(concepts: Supply) -> list[str]:
    """As many as can be had in every round, and in one before, so that none comes twice."""
    return concepts.take(max(1, min(SINGLE // ROUNDS, concepts.total // (ROUNDS + 1))))


def _ask_tree_levels(bed: Bed) -> list[float]:
    paths = [tree_level(iri) for iri in _fresh(bed.inner_concepts)]
    return milliseconds(bed.ours, paths, HTML)


def _ask_pages(bed: Bed) -> list[float]:
    paths = [page(iri) for iri in _fresh(bed.concepts)]
    return milliseconds(bed.ours, paths, HTML)


def _ask_queries(bed: Bed) -> list[float]:
    paths, _ = bed.point_queries(_fresh(bed.concepts))
    return milliseconds(bed.ours, paths, JSON)


def _ask_commits(bed: Bed) -> list[float]:
    return [_commit(bed, iri)[0] for iri in bed.concepts.take(COMMITS // ROUNDS)]


# Levels first: the tree beside a page opens some of them.
_GROWTHS: tuple[tuple[str, Callable[[Bed], list[float]]], ...] = (
    ("growth of a tree level", _ask_tree_levels),
    ("growth of a page", _ask_pages),
    ("growth of a query", _ask_queries),
    ("growth of a commit", _ask_commits),
)


def _commit(bed: Bed, iri: str) -> tuple[float, float]:
    """Milliseconds until an edit is committed, and until a reader has been given it.

    Raises VocabServerError when the reader is given what was there before.
    """
    text = f"measured {next(_numbers)}"
    added = (URIRef(iri), SKOS.altLabel, Literal(text, lang="en"))
    change = Change(graph_of(bed.settings.base, VOCABULARY), added=frozenset({added}))
    services = open_services(bed.settings)
    milliseconds(bed.ours, [page(iri)], TURTLE)
    start = time.perf_counter()
    services.writer.commit([change], "bench", "One alternative label")
    committed = time.perf_counter()
    found = bed.read(page(iri), TURTLE)
    read = time.perf_counter()
    services.close()
    if text.encode() not in found:
        raise VocabServerError("A reader was given an old snapshot after a commit.")
    return (committed - start) * 1000, (read - start) * 1000


PARTS = (
    Part("import", measure_import, for_files=True),
    Part("queries", measure_queries, for_files=True),
    Part("pages", measure_pages, for_files=True),
    Part("search", measure_search, for_files=True),
    Part("quality", measure_checks, for_files=True),
    Part("scoring", measure_scores),
    Part("shapes", measure_shapes),
    Part("memory", measure_memory),
    Part("commit", measure_commit),
    Part("load", measure_endurance),
)
