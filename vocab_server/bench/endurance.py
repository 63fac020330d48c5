"""Mixed requests for as long as one likes, with an edit and a hostile query a second beside them.

Requests come as fast as half of what the server could give in a first short while, and no faster
than PACE: a server without reserves has no response times to speak of.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from statistics import median
from urllib.parse import quote, urlencode

from rdflib import Literal, URIRef

from vocab_server.bench.bed import HTML, JSON, TURTLE, VOCABULARY, Bed, page, tree_level
from vocab_server.bench.client import Connection
from vocab_server.bench.finding import suggestions, typed
from vocab_server.bench.load import load
from vocab_server.bench.targets import Result, result
from vocab_server.errors import VocabServerError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services, open_services
from vocab_server.skos.vocabularies import graph_of

PACE = 2000  # requests a second that are wanted
RESERVE = 0.5  # share of what it can give that is asked for
FIRST = 0.1  # share of the time in which that is found out
CONNECTIONS = 64  # that pause between requests, as people do
REQUESTS = 20_000  # of all kinds, asked for in turn
EVERY = 1.0  # seconds between edits, and between hostile queries
ALIVE = 503  # the status of a query that was stopped; above it something broke

_EDITED = f"""SELECT ?text {{ ?concept <{SKOS.altLabel}> ?text
    FILTER STRSTARTS(?text, "edited ") }}"""
_CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_DOUBLING = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
HOSTILE = (
    f"SELECT ?x40 {{ BIND ('xxxxxxxx' AS ?x0) {_DOUBLING} }}",
    _CROSS,
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a LIMIT 1",
    "SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 9000000",
    "SELECT (COUNT(*) AS ?n) { ?s (^!a|!a)* ?o . ?t (^!a|!a)* ?u }",
    "SELECT * {" + " UNION ".join(["{ ?s ?p ?o }"] * 2000) + "}",
    "SELECT (" + "1+" * 30_000 + "1 AS ?x) {}",
    "SELECT * " + "{" * 30_000 + "}" * 30_000,
)
# How many of a hundred requests are of which kind.
SHARES = {"page": 30, "suggestion": 25, "query": 20, "Turtle": 10, "tree level": 10, "search": 5}


def measure_endurance(bed: Bed, seconds: float) -> Iterator[Result]:
    """What share is answered, how soon, what edits take meanwhile, and whether memory grows.

    Raises VocabServerError when an edit is lost, or an answer to a hostile query is no refusal.
    """
    asked = _requests(bed)
    before = bed.ours.memory()
    with closing(open_services(bed.settings)) as services:
        edits, attacks = _Edits(bed, services), _Attacks(bed)
        with _every(EVERY, edits.edit), _every(EVERY, attacks.attack):
            most = load(bed.ours, asked, HTML, max(FIRST * seconds, 0.1))
            pace = min(PACE, RESERVE * most.rate)
            remembered = bed.ours.memory()
            given = load(
                bed.ours,
                asked,
                HTML,
                seconds,
                connections=CONNECTIONS,
                pause=1000 * CONNECTIONS / pace,
            )
        edits.check()
        slowest = attacks.slowest()
    yield result("mixed load, the most", bed.name, most.rate)
    yield result("mixed load", bed.name, given.rate)
    yield result("mixed load, answered", bed.name, given.answered)
    yield result("mixed load, 99 of 100", bed.name, given.slow)
    yield result("mixed load, commit", bed.name, median(edits.taken))
    yield result("mixed load, hostile query", bed.name, slowest)
    after = bed.ours.memory()
    lasting = before.keys() & remembered.keys() & after.keys()
    yield result(
        "mixed load, memory",
        bed.name,
        sum(after[each] for each in lasting),
        sum(remembered[each] for each in lasting),
    )


class _Edits:
    """One alternative label at a time, for one concept after the other."""

    def __init__(self, bed: Bed, services: Services) -> None:
        self._bed = bed
        self._services = services
        self._graph = graph_of(bed.settings.base, VOCABULARY)
        self._made: list[str] = []
        self.taken: list[float] = []  # milliseconds

    def edit(self, number: int) -> None:
        text = f"edited {number} times, at {time.time_ns()}"
        (iri,) = self._bed.concepts.take(1)
        added = (URIRef(iri), SKOS.altLabel, Literal(text, lang="en"))
        change = Change(self._graph, added=frozenset({added}))
        start = time.perf_counter()
        self._services.writer.commit([change], "bench", "One alternative label")
        self.taken.append((time.perf_counter() - start) * 1000)
        self._made.append(text)

    def check(self) -> None:
        """Raises VocabServerError unless all that was committed is there."""
        query = urlencode({"query": _EDITED})
        found = self._bed.read(f"/sparql?{query}", "text/csv").decode()
        lost = [text for text in self._made if text not in found]
        if lost or not self._made:
            raise VocabServerError(f"{len(lost)} of {len(self._made)} edits were lost.")


class _Attacks:
    """Hostile queries over connections of their own; none waits for the one before to end."""

    def __init__(self, bed: Bed) -> None:
        self._port = bed.ours.port
        self._limit = bed.settings.sparql_timeout
        self._threads: list[threading.Thread] = []
        self._taken: list[float] = []
        self._wrong: list[str] = []

    def attack(self, number: int) -> None:
        query = HOSTILE[number % len(HOSTILE)]
        thread = threading.Thread(target=self._send, args=(query,))
        thread.start()
        self._threads.append(thread)

    def slowest(self) -> float:
        """The seconds of the answer that took longest.

        Raises VocabServerError for an answer that should not have come.
        """
        for thread in self._threads:
            thread.join()
        if self._wrong:
            raise VocabServerError(f"A hostile query was answered with {self._wrong[0]}")
        return max(self._taken)

    def _send(self, query: str) -> None:
        start = time.perf_counter()
        try:
            with Connection(self._port) as connection:
                status, body = connection.get(f"/sparql?query={quote(query, safe='')}", JSON)
        except OSError as error:
            self._wrong.append(f"{error!r} to {query[:100]}")
            return
        self._taken.append(time.perf_counter() - start)
        if status >= 500 and status != ALIVE:
            self._wrong.append(f"{status} to {query[:100]}: {body[:200].decode()}")


@contextmanager
def _every(seconds: float, act: Callable[[int], None]) -> Iterator[None]:
    """Act at once and then again and again, with the number of the turn, until this is left.

    Raises what ``act`` has raised.
    """
    stopping = threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            for number in itertools.count():
                act(number)
                if stopping.wait(seconds):
                    return
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
    if failed:
        raise failed[0]


def _requests(bed: Bed) -> list[str]:
    """Requests of all kinds with what each accepts: a few come often, most of them rarely."""
    chance = random.Random(1)  # noqa: S311  (the same at every run)
    concepts, inner = (supply.take(REQUESTS) for supply in (bed.concepts, bed.inner_concepts))
    queries, _ = bed.point_queries(concepts)
    with closing(open_services(bed.settings)) as services:
        texts = typed(services.published.view(), graph_of(bed.settings.base, VOCABULARY))
    chance.shuffle(texts)
    kinds: dict[str, tuple[Sequence[str], str]] = {
        "page": (list(map(page, concepts)), HTML),
        "Turtle": (list(map(page, concepts)), TURTLE),
        "tree level": (list(map(tree_level, inner)), HTML),
        "query": (queries, JSON),
        "suggestion": (list(map(suggestions, texts)), HTML),
        "search": ([f"/search?{urlencode({'q': text})}" for text in texts], HTML),
    }
    drawn = chance.choices(list(SHARES), list(SHARES.values()), k=REQUESTS)
    return [f"{_drawn(chance, kinds[kind][0])}\t{kinds[kind][1]}" for kind in drawn]


def _drawn(chance: random.Random, paths: Sequence[str]) -> str:
    """One of the paths; one at place n is drawn about 1/n times as often as the first (Zipf)."""
    return paths[int(len(paths) ** chance.random()) - 1]
