import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from vocab_server.errors import (
    BusyError,
    ForbiddenError,
    InvalidError,
    NotOfferedError,
    QueryStoppedError,
    StoreUnavailableError,
    TooLargeError,
    VocabServerError,
)
from vocab_server.store import crew
from vocab_server.store.crew import NICE
from vocab_server.store.sandbox import Answer, Limits, PublicQuery, QueryPool

pytestmark = pytest.mark.alone  # what is bounded by time here is measured

MIB = 1024 * 1024
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
LIMITS = Limits(seconds=1, memory=256 * MIB, result=8 * MIB, processes=2)
NEVER_ENDS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"  # 9 million solutions

DATA = """
INSERT DATA {
  GRAPH <g:a> { <x:a> <x:p> 1 ; <x:blank> <urn:vocab-server:genid:b1> }
  GRAPH <g:b> { <x:b> <x:p> 2 }
} ;
INSERT { GRAPH <g:many> { ?iri <x:q> ?n } }
WHERE {
  { SELECT (?a * 1000 + ?b * 100 + ?c * 10 + ?d AS ?n) {
    VALUES ?a { 0 1 2 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 }
    VALUES ?c { 0 1 2 3 4 5 6 7 8 9 } VALUES ?d { 0 1 2 3 4 5 6 7 8 9 } } }
  BIND (IRI(CONCAT("x:n", STR(?n))) AS ?iri)
}"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot with two small graphs and one of 3000 triples."""
    directory = tmp_path_factory.mktemp("stores")
    engine = ox.Store(str(directory / "store"))
    engine.update(DATA)
    engine.backup(str(directory / "snapshot"))
    return directory / "snapshot"


@pytest.fixture(scope="module")
def pool() -> Iterator[QueryPool]:
    pool = QueryPool(LIMITS)
    yield pool
    pool.close()


@pytest.fixture
def single() -> Iterator[QueryPool]:
    """A pool of one process, which shows who occupies it."""
    pool = QueryPool(Limits(seconds=1, memory=256 * MIB, result=500 * MIB, processes=1))
    yield pool
    pool.close()


def public(text: str, **more: tuple[str, ...]) -> PublicQuery:
    return PublicQuery(text, JSON, TURTLE, **more)  # type: ignore[arg-type]


def values(answer: Answer) -> list[str]:
    assert answer.whole is not None
    rows = json.loads(answer.whole)["results"]["bindings"]
    return sorted(" ".join(row[name]["value"] for name in sorted(row)) for row in rows)


def is_running(pid: int) -> bool:
    """Whether any thread of a process is left; what only waits to be buried is not running."""
    for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if stat.read_text().rpartition(")")[2].split()[0] not in "ZX":
                return True
    return False


def wait_until(true: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return true()


# Answers


def test_a_short_answer_is_whole(pool: QueryPool, store: Path) -> None:
    answer = pool.run(store, public("SELECT ?s { ?s <x:p> 2 }"))
    assert answer.media_type == JSON
    assert values(answer) == ["x:b"]
    assert b"".join(answer.chunks) == answer.whole


def test_a_long_answer_comes_in_parts(pool: QueryPool, store: Path) -> None:
    answer = pool.run(store, public("SELECT * { ?s ?p ?o . ?t <x:p> 1 , ?v }"))
    parts = list(answer.chunks)
    assert answer.whole is None
    assert len(parts) > 1
    assert len(json.loads(b"".join(parts))["results"]["bindings"]) == 3003


def test_ask_and_construct_have_their_own_media_types(pool: QueryPool, store: Path) -> None:
    assert pool.run(store, public("ASK { <x:a> <x:p> 1 }")).whole == b'{"head":{},"boolean":true}'
    built = pool.run(store, public("CONSTRUCT { <x:s> <x:t> ?o } { <x:b> ?p ?o }"))
    assert built.media_type == TURTLE
    assert b"<x:s> <x:t> 2 ." in (built.whole or b"")


def test_a_stand_in_comes_out_as_a_blank_node(pool: QueryPool, store: Path) -> None:
    answer = pool.run(store, public("SELECT ?o { ?s <x:blank> ?o }"))
    assert b'"type":"bnode","value":"b1"' in (answer.whole or b"")


def test_a_relative_iri_is_resolved(pool: QueryPool, store: Path) -> None:
    query = PublicQuery("SELECT ?o { <b> <p> ?o }", JSON, None, base_iri="x:")
    assert values(pool.run(store, query)) in ([], ["2"])
    query = PublicQuery("SELECT (<b> AS ?iri) {}", JSON, None, base_iri="http://x/a")
    assert values(pool.run(store, query)) == ["http://x/b"]


def test_a_process_reads_the_store_it_is_told(pool: QueryPool, store: Path, tmp_path: Path) -> None:
    ox.Store(str(tmp_path / "other")).update("INSERT DATA { GRAPH <g:x> { <x:z> <x:p> 7 } }")
    for _ in range(3):
        assert values(pool.run(tmp_path / "other", public("SELECT ?o { ?s ?p ?o }"))) == ["7"]
        assert values(pool.run(store, public("SELECT ?o { ?s <x:p> ?o }"))) == ["1", "2"]


def test_a_store_that_is_replaced_is_opened_anew(pool: QueryPool, tmp_path: Path) -> None:
    path = tmp_path / "store"
    for number in ("1", "2"):
        new = tmp_path / number
        ox.Store(str(new)).update(f"INSERT DATA {{ GRAPH <g:x> {{ <x:z> <x:p> {number} }} }}")
        if path.exists():
            path.rename(tmp_path / "old")
        new.rename(path)
        for _ in range(4):
            assert values(pool.run(path, public("SELECT ?o { ?s ?p ?o }"))) == [number]


def test_a_missing_store_is_told(pool: QueryPool, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be opened"):
        pool.run(tmp_path / "none", public("ASK {}"))


# Datasets (SPARQL 1.1 Protocol, 2.1.4)

DEFAULT = "SELECT ?o { ?s <x:p> ?o }"
NAMED = "SELECT ?o { GRAPH ?g { ?s <x:p> ?o } }"


@pytest.mark.parametrize(
    ("text", "default", "named", "expected"),
    [
        (DEFAULT, (), (), ["1", "2"]),
        (NAMED, (), (), ["1", "2"]),
        (DEFAULT, ("g:a",), (), ["1"]),
        (DEFAULT, ("g:a", "g:b"), (), ["1", "2"]),
        (DEFAULT, ("g:none",), (), []),
        (NAMED, ("g:a",), (), []),
        (DEFAULT, (), ("g:a",), []),
        (NAMED, (), ("g:a",), ["1"]),
        (NAMED, ("g:a",), ("g:b",), ["2"]),
        ("SELECT ?o FROM <g:b> { ?s <x:p> ?o }", (), (), ["2"]),
        ("SELECT ?o FROM <g:b> { GRAPH ?g { ?s <x:p> ?o } }", (), (), []),
        ("SELECT ?o FROM NAMED <g:b> { ?s <x:p> ?o }", (), (), []),
        ("SELECT ?o FROM NAMED <g:b> { GRAPH ?g { ?s <x:p> ?o } }", (), (), ["2"]),
        ("SELECT ?o FROM <g:b> { ?s <x:p> ?o }", ("g:a",), (), ["1"]),
        ("SELECT ?o FROM <g:b> { ?s <x:p> ?o }", (), ("g:a",), []),
        ("SELECT ?o FROM NAMED <g:b> { GRAPH ?g { ?s <x:p> ?o } }", ("g:a",), (), []),
    ],
)
def test_a_query_sees_its_dataset_only(
    pool: QueryPool,
    store: Path,
    text: str,
    default: tuple[str, ...],
    named: tuple[str, ...],
    expected: list[str],
) -> None:
    query = public(text, default_graphs=default, named_graphs=named)
    assert values(pool.run(store, query)) == expected


def test_the_default_graph_may_be_the_stores_own(tmp_path: Path) -> None:
    engine = ox.Store(str(tmp_path / "store"))
    engine.update("INSERT DATA { <x:a> <x:p> 1 GRAPH <g:a> { <x:a> <x:p> 1 } }")
    del engine
    pool = QueryPool(LIMITS, union=False)
    assert values(pool.run(tmp_path / "store", public(DEFAULT))) == ["1"]
    pool.close()


# Refusals


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("SELECT * {\n ?s ?p", InvalidError, "2:7"),
        ("SELECT * { ?s none:p ?o }", InvalidError, "cannot be read"),
        ("DELETE WHERE { ?s ?p ?o }", InvalidError, "cannot be read"),
        ("SELECT * { ?s ?p '\ud800' }", InvalidError, "surrogate"),
        ("ASK {} #" + "x" * 64 * 1024, TooLargeError, "64 KiB"),
        ("ASK {} #" + "å" * 33 * 1024, TooLargeError, "64 KiB"),
    ],
)
def test_what_cannot_be_read_is_refused(
    pool: QueryPool, store: Path, text: str, error: type[VocabServerError], message: str
) -> None:
    with pytest.raises(error, match=message):
        pool.run(store, public(text))


def test_a_bad_graph_name_is_refused(pool: QueryPool, store: Path) -> None:
    with pytest.raises(InvalidError):
        pool.run(store, public("ASK {}", default_graphs=("not an IRI",)))
    with pytest.raises(TooLargeError):
        pool.run(store, public("ASK {}", default_graphs=("g:" + "x" * 300_000,)))


@pytest.mark.parametrize(
    ("query", "offer"),
    [
        (PublicQuery("ASK {}", None, TURTLE), JSON),
        (PublicQuery("CONSTRUCT WHERE { ?s ?p ?o }", JSON, None), TURTLE),
    ],
)
def test_a_result_nobody_accepts_is_refused(
    pool: QueryPool, store: Path, query: PublicQuery, offer: str
) -> None:
    with pytest.raises(NotOfferedError) as caught:
        pool.run(store, query)
    assert offer in caught.value.offers


# SERVICE


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[object]]]:
    """The address of a server on this machine, and who has called it."""
    callers: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.02)
    stopping = threading.Event()

    def listen() -> None:
        while not stopping.is_set():
            with suppress(TimeoutError):
                connection, caller = server.accept()
                callers.append(caller)
                connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", callers
    stopping.set()
    thread.join()
    server.close()


# What stands for @ is the SERVICE clause.
CALLS = [
    "SELECT * { @ }",
    "ASK { @ }",
    "DESCRIBE ?s { @ }",
    "SELECT * { ?a ?b ?c FILTER EXISTS { @ } }",
    "SELECT * { ?a ?b ?c } ORDER BY (EXISTS { @ })",
    "SELECT * { ?a ?b ?c # x\r@\n }",
    'SELECT * { VALUES ?x { "a\\u0022\\u0020" } @ VALUES ?z { "\\u0020\\u0022c" } }',
    "SELECT * { ?a ?b ?c FILTER(?c<'x>') @ FILTER('a'!='b>') }",
    "SELECT * { ?a ?b ?c . ?a <x:p> 1 @ }",
]


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize("text", CALLS)
def test_nothing_is_sent_to_other_servers(
    pool: QueryPool,
    store: Path,
    endpoint: tuple[str, list[object]],
    text: str,
    silent: str,
) -> None:
    address, callers = endpoint
    clause = f"SERVICE {silent} <{address}> {{ ?s ?p ?o }}"
    with pytest.raises(ForbiddenError, match="SERVICE is refused"):
        pool.run(store, public(text.replace("@", clause)))
    assert callers == []


def test_a_clause_that_slips_past_the_text_is_stopped_by_the_process(
    endpoint: tuple[str, list[object]],
) -> None:
    address, callers = endpoint
    code = f"""
import os, sys
import pyoxigraph as ox
from vocab_server.store.confinement import confine, run_with_deep_stack
from vocab_server.store.query_process import _explain
confine(10**9, parent=int(sys.argv[1]))
for clause in ("<{address}>", "SILENT <{address}>", "<http://example.org/>"):
    try:
        print(len(list(ox.Store().query("SELECT * {{ SERVICE %s {{ ?s ?p ?o }} }}" % clause))))
    except OSError as error:
        print(_explain(error)[0])
"""
    ended = subprocess.run(
        [sys.executable, "-c", code, str(os.getpid())],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["service", "1", "service"]
    assert callers == []


# Bounds

BOMBS = {
    "count": NEVER_ENDS,
    "order": LONG + " ORDER BY ?a LIMIT 1",
    "minus": "SELECT * { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?g ?h . ?i ?j ?k } }",
    "distinct": "SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 9000000",
    "doubling": "SELECT ?x40 { BIND ('xxxxxxxx' AS ?x0) "
    + " ".join(f"BIND (CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
    + "}",
    "path": "SELECT (COUNT(*) AS ?n) { ?s <x:p>* ?o . ?t <x:p>* ?u . ?v <x:p>* ?w }",
    "offset": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } OFFSET 1000000000000000000",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER (REGEX(STR(?c), STR(?f))) }",
    "union": "SELECT * {" + " UNION ".join(["{ ?s ?p ?o }"] * 3000) + "}",
    "result": LONG,
}
# Enough to overflow an ordinary stack or to keep the planner busy; some are refused, and a fast
# machine even answers some.
NESTED = {
    "planner": "SELECT * {" + "".join(f"?v{i} <x:q> ?v{i + 1} . " for i in range(299)) + "}",
    "collection": "SELECT * { ?s ?p " + "(" * 190 + "1" + ")" * 190 + " }",
    "not": "SELECT (" + "!" * 60_000 + "true AS ?x) {}",
    "plus": "SELECT (" + "1+" * 30_000 + "1 AS ?x) {}",
    "or": "ASK { FILTER (" + "?x||" * 15_000 + "?x) }",
    "groups": "SELECT * " + "{" * 32_000 + "}" * 32_000,
    "calls": "SELECT (" + "STR(" * 12_000 + "1" + ")" * 12_000 + " AS ?x) {}",
    "subselects": "SELECT * " + "{ SELECT * " * 5_000 + "{}" + "}" * 5_000,
}


@pytest.mark.parametrize("bomb", [*BOMBS, *NESTED])
def test_a_bomb_ends_in_time_and_others_are_answered(
    pool: QueryPool, store: Path, bomb: str
) -> None:
    text = {**BOMBS, **NESTED}[bomb]
    outcome: list[object] = []

    def explode() -> None:
        try:
            outcome.append(sum(map(len, pool.run(store, public(text)).chunks)))
        except (QueryStoppedError, InvalidError) as error:
            outcome.append(error)

    assert values(pool.run(store, public(DEFAULT))) == ["1", "2"]
    assert wait_until(lambda: len(pool.pids()) == 2, 15)
    begun = time.monotonic()
    thread = threading.Thread(target=explode)
    thread.start()
    time.sleep(0.05)
    asked = time.monotonic()
    assert values(pool.run(store, public(DEFAULT))) == ["1", "2"]
    assert time.monotonic() - asked < 1
    thread.join()
    assert time.monotonic() - begun < LIMITS.seconds + 1
    assert len(outcome) == 1
    assert bomb in NESTED or isinstance(outcome[0], QueryStoppedError)
    assert wait_until(lambda: [is_running(pid) for pid in pool.pids()] == [True, True], 15)


def test_a_query_that_takes_too_long_is_told_so(pool: QueryPool, store: Path) -> None:
    with pytest.raises(QueryStoppedError, match=r"stopped after 1 seconds\. Add a LIMIT"):
        pool.run(store, public(NEVER_ENDS))


@pytest.mark.parametrize("bomb", ["doubling", "order", "minus"])
def test_a_query_that_takes_too_much_memory_is_told_so(store: Path, bomb: str) -> None:
    pool = QueryPool(Limits(seconds=20, memory=64 * MIB, result=MIB, processes=1))
    with pytest.raises(QueryStoppedError, match=r"more than 64 MiB of memory\. Add a LIMIT"):
        pool.run(store, public(BOMBS[bomb]))
    assert pool.run(store, public("ASK {}")).whole
    pool.close()


def test_a_result_is_cut_with_an_error(pool: QueryPool, store: Path) -> None:
    answer = pool.run(store, public(LONG))
    size = 0
    with pytest.raises(QueryStoppedError, match="more than 8 MiB"):
        for chunk in answer.chunks:
            size += len(chunk)
    assert size <= LIMITS.result


def test_a_result_that_flows_past_the_deadline_is_cut(single: QueryPool, store: Path) -> None:
    answer = single.run(store, public(LONG))
    begun = time.monotonic()
    with pytest.raises(QueryStoppedError):
        list(answer.chunks)
    assert time.monotonic() - begun < 2


def test_a_long_query_makes_room_for_short_ones(store: Path) -> None:
    pool = QueryPool(Limits(seconds=3, memory=256 * MIB, result=MIB, processes=1))
    pool.run(store, public("ASK {}"))
    (long,) = pool.pids()
    thread = threading.Thread(target=lambda: suppress_stopped(pool, store))
    thread.start()
    time.sleep(0.1)
    for _ in range(3):
        assert pool.run(store, public("ASK {}")).whole
    assert thread.is_alive()
    assert os.getpriority(os.PRIO_PROCESS, long) == NICE
    with pytest.raises(BusyError, match="Too many long queries") as caught:
        pool.run(store, public(NEVER_ENDS))
    assert caught.value.retry_after == 1
    thread.join()
    assert wait_until(lambda: len(pool.pids()) == 1)
    assert long not in pool.pids()
    pool.close()


def has_stopped(pid: int) -> bool:
    """Whether all threads of a process have: the signal goes to one, which tells the others."""
    told = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat"))
    return all(text.rpartition(")")[2].split()[0] == "T" for text in told)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
@pytest.mark.parametrize(("slow", "processes"), [(30.0, 1), (0.1, 2)])
def test_a_query_that_waits_is_not_one_that_works(
    store: Path, monkeypatch: pytest.MonkeyPatch, slow: float, processes: int
) -> None:
    pool = QueryPool(Limits(seconds=20, memory=256 * MIB, result=MIB, processes=1))
    monkeypatch.setattr(crew, "SLOW", 30.0)
    pool.run(store, public("ASK {}"))
    monkeypatch.setattr(crew, "SLOW", slow)
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGSTOP)
    assert wait_until(lambda: has_stopped(pid))
    thread = threading.Thread(target=pool.run, args=(store, public("ASK {}")))
    thread.start()
    time.sleep(crew.SHORT + 0.1)
    assert wait_until(lambda: len(pool.pids()) == processes)
    os.kill(pid, signal.SIGCONT)
    thread.join()
    assert wait_until(lambda: (pid in pool.pids()) == (processes == 1))
    pool.close()


def suppress_stopped(pool: QueryPool, store: Path) -> None:
    with suppress(QueryStoppedError):
        pool.run(store, public(NEVER_ENDS))


def test_those_who_wait_are_served_in_turn(single: QueryPool, store: Path) -> None:
    single.run(store, public("ASK {}"))
    served: list[int] = []

    def ask(number: int) -> None:
        single.run(store, public("SELECT (COUNT(*) AS ?n) { ?a <x:q> ?b . ?c <x:q> 5 }"))
        served.append(number)

    busy = threading.Thread(target=suppress_stopped, args=(single, store))
    busy.start()
    time.sleep(0.05)
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in (*threads, busy):
        thread.join()
    assert served == sorted(served)
    assert len(served) == 5


def test_a_slow_reader_does_not_hold_a_process(single: QueryPool, store: Path) -> None:
    query = public("SELECT * { ?a ?b ?c . ?d <x:p> ?f . ?g <x:p> ?i . ?j <x:p> ?k }")
    slow = single.run(store, query)
    assert slow.whole is None
    first = next(slow.chunks)
    for _ in range(20):
        single.run(store, public("ASK {}"))
    rest = b"".join(slow.chunks)
    assert len(json.loads(first + rest)["results"]["bindings"]) == 8 * 3003


def test_closing_an_answer_stops_its_query(store: Path) -> None:
    pool = QueryPool(Limits(seconds=30, memory=256 * MIB, result=4000 * MIB, processes=1))
    answer = pool.run(store, public("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    next(answer.chunks)
    before = pool.pids()
    answer.close()
    assert pool.run(store, public("ASK {}")).whole
    assert pool.pids() != before
    assert list(answer.chunks) == []
    pool.close()


def test_closing_an_answer_that_is_complete_leaves_the_process_alone(
    single: QueryPool, store: Path
) -> None:
    answer = single.run(store, public("SELECT * { ?s ?p ?o . ?t <x:p> ?v }"))
    pids = single.pids()
    single.run(store, public("ASK {}"))
    answer.close()
    single.run(store, public("ASK {}"))
    assert single.pids() == pids


# Processes


def test_a_killed_process_is_replaced(pool: QueryPool, store: Path) -> None:
    pool.run(store, public("ASK {}"))
    os.kill(pool.pids()[0], signal.SIGKILL)
    for _ in range(5):
        assert pool.run(store, public("ASK {}")).whole


def test_a_process_killed_at_work_fails_one_query(single: QueryPool, store: Path) -> None:
    single.run(store, public("ASK {}"))
    threading.Timer(0.2, os.kill, (single.pids()[0], signal.SIGKILL)).start()
    with pytest.raises(QueryStoppedError, match="ended unexpectedly"):
        single.run(store, public(NEVER_ENDS))
    assert single.run(store, public("ASK {}")).whole


def test_ctrl_c_is_for_the_server(single: QueryPool, store: Path) -> None:
    single.run(store, public("ASK {}"))
    pids = single.pids()
    os.kill(pids[0], signal.SIGINT)
    assert single.run(store, public("ASK {}")).whole
    assert single.pids() == pids


def test_a_process_starts_without_rdflib() -> None:
    code = "import sys, vocab_server.store.query_process; print('rdflib' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ended.stdout == b"False\n"


def test_a_process_is_not_told_the_servers_secrets(
    single: QueryPool, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOCAB_SERVER_SECRET_KEY", "geheim")
    single.run(store, public("ASK {}"))
    assert b"geheim" not in Path(f"/proc/{single.pids()[0]}/environ").read_bytes()


def test_close_leaves_no_process_and_stops_queries(store: Path) -> None:
    pool = QueryPool(Limits(seconds=30, memory=256 * MIB, result=MIB, processes=2))
    pool.run(store, public("ASK {}"))
    pids = pool.pids()
    thread = threading.Thread(target=lambda: suppress_stopped(pool, store))
    thread.start()
    time.sleep(0.1)
    pool.close()
    assert not any(map(is_running, pids))
    thread.join(5)
    assert not thread.is_alive()


def test_a_pool_that_is_forgotten_leaves_no_process(store: Path) -> None:
    pool = QueryPool(LIMITS)
    pool.run(store, public("ASK {}"))
    pids = pool.pids()
    del pool
    assert wait_until(lambda: not any(map(is_running, pids)))


PARENT = """
import os, sys, threading, time
from pathlib import Path
from vocab_server.store.sandbox import Limits, PublicQuery, QueryPool
pool = QueryPool(Limits(seconds=60, memory=10**9, result=10**9, processes=2))
store = Path(sys.argv[1])
def ask(text):
    return pool.run(store, PublicQuery(text, "application/sparql-results+json", None))
ask("ASK {}")
"""
SAY = "print(*pool.pids(), flush=True)\n"
BUSY = f"threading.Thread(target=ask, args=({NEVER_ENDS!r},), daemon=True).start()\n"


def start_parent(store: Path, code: str) -> tuple[subprocess.Popen[str], list[int]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT + code, str(store)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.stdout.close()
    return parent, pids


def test_the_death_of_the_server_leaves_no_process(store: Path) -> None:
    parent, pids = start_parent(store, BUSY + "time.sleep(0.5)\n" + SAY + "time.sleep(60)")
    assert len(pids) >= 2  # the long query's is aside
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not any(map(is_running, pids)))


@pytest.mark.parametrize("busy", ["", BUSY], ids=["idle", "busy"])
def test_the_end_of_the_server_leaves_no_process(store: Path, busy: str) -> None:
    parent, pids = start_parent(store, busy + SAY)
    assert parent.wait(10) == 0
    assert len(pids) == 2
    assert wait_until(lambda: not any(map(is_running, pids)))


def test_a_fork_has_processes_of_its_own(store: Path) -> None:
    code = """
own = set(pool.pids())
child = os.fork()
if child == 0:
    ask("ASK {}")
    os._exit(0 if pool.pids() and not own & set(pool.pids()) else 1)
status = os.waitpid(child, 0)[1]
print(status, ask("ASK {}").whole.decode(), own == set(pool.pids()), flush=True)
"""
    ended = subprocess.run(
        [sys.executable, "-c", PARENT + code, str(store)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == '0 {"head":{},"boolean":true} True\n'


def test_a_process_that_dies_while_idle_is_replaced_without_a_query(
    pool: QueryPool, store: Path
) -> None:
    assert values(pool.run(store, public(DEFAULT))) == ["1", "2"]
    assert wait_until(lambda: len(pool.pids()) == 2)
    killed = pool.pids()[0]
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: killed not in pool.pids(), 15)
    assert wait_until(lambda: [is_running(pid) for pid in pool.pids()] == [True, True], 15)
