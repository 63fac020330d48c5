"""The search, measured: what it finds, and how fast it suggests while somebody types."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from statistics import mean, median
from urllib.parse import urlencode

from rdflib import Literal, URIRef

from vocab_server.bench.bed import BASE, HTML, JSON, VOCABULARY, Bed, page, tree_level
from vocab_server.bench.building import measure_build, measure_trees
from vocab_server.bench.client import Connection
from vocab_server.bench.load import load, milliseconds
from vocab_server.bench.processes import ours, timed
from vocab_server.bench.searches import SEARCHES, SOURCES
from vocab_server.bench.targets import Result, result
from vocab_server.config import Settings
from vocab_server.errors import VocabServerError
from vocab_server.rdf.query import bind
from vocab_server.search.find import Wanted, search
from vocab_server.search.lists import letters, list_names
from vocab_server.services import open_services
from vocab_server.skos.vocabularies import graph_of
from vocab_server.views import View

SUGGESTED = 10  # concepts for one text
TYPED = 3_000  # names that are typed, letter by letter; enough that few texts come twice
ASKED = 200  # pages of a kind that are asked for
CONTAINED = 20  # texts that are also looked for by a query
LENGTHS = (1, 2, 3, 5, 8, 12)  # letters that have been typed when suggestions are asked for
PATIENCE = 30  # seconds for these queries
COMPARED = 5  # letters of the texts that are also looked for by a query
_CONTAINS = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { ?concept skos:prefLabel ?label
    FILTER (CONTAINS(LCASE(STR(?label)), $text)) } } LIMIT 10"""


def measure_search(bed: Bed, seconds: float) -> Iterator[Result]:
    """What is found of what people type, and how soon; beside a query that filters all names."""
    bed.seconds_to_import  # noqa: B018  (it must be there before it is searched)
    graph = graph_of(bed.settings.base, VOCABULARY)
    with closing(open_services(bed.settings)) as services:
        view = services.published.view()
        texts = typed(view, graph)
        taken = sorted(_milliseconds(view, text) for text in texts)
    yield from _measure_found(bed)
    yield result("suggestion, 1 of 2", bed.name, taken[len(taken) // 2])
    yield result("suggestion, 99 of 100", bed.name, taken[len(taken) * 99 // 100])
    paths = [suggestions(text) + "&run=" for text in texts]
    served = load(bed.ours, paths, HTML, seconds, distinct=True)
    yield result("suggestions", bed.name, served.rate)
    yield result("suggestions, one core", bed.name, served.rate_of_core)
    yield from _measure_reading(bed, texts)
    yield from measure_trees(bed)
    yield from measure_build(bed)
    compared = [text for text in texts if len(text) == COMPARED][:CONTAINED] or texts[-1:]
    yield result(
        "suggestion over HTTP",
        bed.name,
        median(milliseconds(bed.ours, map(suggestions, compared), HTML)),
        median(_filtered(bed, [_filter(graph, text) for text in compared])),
    )


def _filtered(bed: Bed, paths: list[str]) -> Iterator[float]:
    """Milliseconds of queries over all names; of one that is stopped, until the answer says so.

    With many names they take seconds each, so there are no more than fit into PATIENCE.
    Raises VocabServerError for any other answer.
    """
    end = time.perf_counter() + PATIENCE
    with Connection(bed.ours.port) as connection:
        for path in paths:
            start = time.perf_counter()
            status, _ = connection.get(path, JSON)
            yield (time.perf_counter() - start) * 1000
            if status not in (HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE):
                raise VocabServerError(f"{path} answers {status}.")
            if time.perf_counter() > end:
                break


def _measure_reading(bed: Bed, texts: list[str]) -> Iterator[Result]:
    """Pages, levels of the tree and searches over HTTP, each asked for once."""
    searched = random.Random(1).sample(texts, min(ASKED, len(texts)))  # noqa: S311  (the same each run)
    asked = {
        "pages": map(page, bed.concepts.take(ASKED)),
        "levels of the tree": map(tree_level, bed.inner_concepts.take(ASKED)),
        "searches": (f"/search?{urlencode({'q': text})}" for text in searched),
    }
    for name, paths in asked.items():
        taken = sorted(milliseconds(bed.ours, paths, HTML))
        yield result(f"{name}, 95 of 100", bed.name, taken[len(taken) * 95 // 100])


def _measure_found(bed: Bed) -> Iterator[Result]:
    """How much of the table is found in the vocabulary, or in the shipped one when it is ours."""
    source = {Path(place).name: name for name, place in SOURCES.items()}.get(bed.file.name)
    if bed.is_generated:
        settings = Settings(data=bed.directory / "shipped", base_url=BASE)
        environment = {"VOCAB_SERVER_DATA": str(settings.data), "VOCAB_SERVER_BASE_URL": BASE}
        timed(ours("init"), environment)
        yield from _found(settings, "themes", graph_of(BASE, "themes"))
    elif source is not None:
        yield from _found(bed.settings, source, graph_of(BASE, VOCABULARY))


def _found(settings: Settings, vocabulary: str, graph: URIRef) -> Iterator[Result]:
    """The share of expected names among the first hits, and the mean of 1 / place."""
    rows = [row for _, row in SEARCHES if row.vocabulary == vocabulary]
    with closing(open_services(settings)) as services:
        index = services.published.view().index
        places = [row.rank(search(index, row.wanted(graph), limit=SUGGESTED)[0]) for row in rows]
    yield result("searches that find", vocabulary, mean(place is not None for place in places))
    yield result("mean reciprocal rank", vocabulary, mean(1 / p if p else 0 for p in places))


def typed(view: View, graph: URIRef) -> list[str]:
    """The beginnings of names from all over the alphabet, and the names with a letter left out."""
    language = next(iter(view.statistics(graph).languages), "")
    shelves = letters(view.index, graph, language)
    each = max(1, TYPED // max(1, len(shelves)))
    named = [
        name.text
        for letter in shelves
        for name in list_names(view.index, graph, language, letter, limit=each, offset=0)[0]
    ]
    begun = [name[:length] for name in named for length in LENGTHS if len(name) >= length]
    return list(dict.fromkeys([*begun, *(name[:2] + name[3:] for name in named)]))


def _milliseconds(view: View, text: str) -> float:
    start = time.perf_counter()
    search(view.index, Wanted(text, stem_languages=("sv", "en")), limit=SUGGESTED)
    return (time.perf_counter() - start) * 1000


def suggestions(text: str) -> str:
    """The path of what is suggested for a text."""
    return f"/search/suggestions?{urlencode({'q': text})}"


def _filter(graph: URIRef, text: str) -> str:
    query = bind(_CONTAINS, graph=graph, text=Literal(text.lower()))
    return f"/sparql?{urlencode({'query': query})}"
