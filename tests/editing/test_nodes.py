"""Several nodes on one PostgreSQL, each with a data directory of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from filelock import Timeout
from rdflib import Literal, URIRef

from tests.conftest import BASE
from tests.editing.processes import Worker, dumped, replayed, write_and_wait
from tests.postgresql import Cluster
from tests.strategies import CONCEPTS
from vocab_server.accounts.roles import Permission
from vocab_server.config import Settings
from vocab_server.database.announcing import Listener
from vocab_server.database.turns import Kind, Turns
from vocab_server.editing.workflow import State
from vocab_server.errors import ConflictError
from vocab_server.operation.following import start_following
from vocab_server.rdf.change import Change, to_lines
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.services import Services, open_services
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.snapshots import number_of

GRAPH = URIRef(f"{BASE}/vocabularies/animals")
DOG, *_ = CONCEPTS
ALL = frozenset(Permission)
HELD = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"

Start = Callable[[], Services]


@pytest.fixture
def url(cluster: Cluster) -> str:
    return cluster.with_tables()


@pytest.fixture
def start(url: str, tmp_path: Path) -> Iterator[Start]:
    """What starts one more node."""
    with ExitStack() as nodes:

        def started() -> Services:
            number = len(list(tmp_path.iterdir()))
            settings = Settings(data=tmp_path / f"node-{number}", base_url=BASE, database=url)
            node = nodes.enter_context(closing(open_services(settings)))
            with node.writer.open():
                pass
            return node

        yield started


@pytest.fixture
def one(start: Start) -> Services:
    node = start()
    node.writer.commit([Change(GRAPH, frozenset({(DOG, RDF.type, SKOS.Concept)}))], "me", "Dog")
    return node


@pytest.fixture
def two(one: Services, start: Start) -> Services:
    return start()


def named(text: str, language: str = "en") -> Change:
    return Change(GRAPH, frozenset({(DOG, SKOS.prefLabel, Literal(text, lang=language))}))


def held(node: Services) -> set[str]:
    """What readers of a node see."""
    return set(to_lines(node.published.view().store.construct(bind(HELD, graph=GRAPH))))


def position(node: Services) -> int:
    current = node.writer.snapshots.current()
    return number_of(current) if current else 0


def test_a_new_node_builds_itself_from_the_log(one: Services, start: Start) -> None:
    one.writer.commit([named("dog")], "me", "Named")
    fresh = start()
    assert held(fresh) == held(one)
    assert position(fresh) == 2


def test_what_one_node_writes_another_takes_in(one: Services, two: Services) -> None:
    one.writer.commit([named("dog")], "me", "Named")
    assert position(two) == 1
    two.writer.follow()
    assert held(two) == held(one)


def test_a_writer_first_takes_in_what_others_wrote(one: Services, two: Services) -> None:
    assert one.writer.commit([named("dog")], "me", "One") == 2
    assert two.writer.commit([named("dog")], "me", "The same") is None
    assert two.writer.commit([named("hund", "sv")], "me", "Two") == 3
    assert one.writer.commit([named("chien", "fr")], "me", "Three") == 4
    two.writer.follow()
    assert held(one) == held(two)
    assert len(held(two)) == 4


def test_nodes_that_write_at_the_same_time_lose_nothing(one: Services, two: Services) -> None:
    def write(node: Services, name: str) -> None:
        for number in range(5):
            node.writer.commit([named(f"{name} {number}")], name, "One more")

    threads = [
        threading.Thread(target=write, args=(node, name))
        for node, name in ((one, "anna"), (two, "bo"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for node in (one, two):
        node.writer.follow()
    assert [change.number for change in one.log.since(0)] == list(range(1, 12))
    assert held(one) == held(two)
    assert len(held(one)) == 11


def test_a_writer_whose_turn_ended_unnoticed_changes_nothing(
    one: Services, two: Services, cluster: Cluster, url: str
) -> None:
    with one.writer.open() as transaction:
        end_locks(cluster, url)
        assert two.writer.commit([named("hund", "sv")], "bo", "In between") == 2
        with pytest.raises(ConflictError, match="Somebody else"):
            transaction.commit([named("dog")], "anna", "Too late")
    assert one.writer.commit([named("dog")], "anna", "Again") == 3
    assert len(held(one)) == 3


def end_locks(cluster: Cluster, url: str) -> None:
    """Break the connections of who has a turn."""
    name = url.rpartition("/")[2]
    with cluster.connected(name) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
            " JOIN pg_database ON pg_database.oid = database AND datname = %s"
            " WHERE locktype = 'advisory' AND granted",
            [name],
        ).fetchall()
    assert ended == [(True,)]


def test_the_turn_of_a_node_that_dies_is_free(one: Services, url: str, tmp_path: Path) -> None:
    worker = Worker(write_and_wait, tmp_path / "node-dead", url)
    assert worker.inbox.poll(60)
    turns = Turns(one.database)
    with pytest.raises(Timeout), turns.take(tmp_path / "lock", Kind.LOG, seconds=0.1):
        pass
    worker.kill()
    with turns.take(tmp_path / "lock", Kind.LOG, seconds=10):
        pass


def test_turns_for_different_things_do_not_wait(one: Services, tmp_path: Path) -> None:
    first, second = Turns(one.database), Turns(one.database)
    with (
        first.take(tmp_path / "a", Kind.DRAFT, 1),
        second.take(tmp_path / "b", Kind.DRAFT, 2, seconds=0),
        second.take(tmp_path / "c", Kind.LOG, seconds=0),
        pytest.raises(Timeout),
        second.take(tmp_path / "d", Kind.DRAFT, 1, seconds=0),
    ):
        pass


def test_a_write_is_announced_and_a_failed_one_is_not(one: Services, two: Services) -> None:
    listener = Listener(two.database)
    assert not listener.wait(0.01)
    with pytest.raises(ValueError, match="no subject"):
        one.log.append([Change(GRAPH, frozenset({(Literal("x"), RDF.type, DOG)}))], "me", "Bad")
    assert not listener.wait(0.2)
    one.writer.commit([named("dog")], "me", "Named")
    assert listener.wait(5)
    listener.close()


def test_who_follows_goes_on_when_connections_broke(
    one: Services, two: Services, cluster: Cluster, url: str
) -> None:
    stop = threading.Event()
    (thread,) = start_following(two, stop)
    try:
        for name in ("dog", "hound"):
            one.writer.commit([named(name)], "me", name)
            until(lambda: position(two) == position(one))
            end_connections(cluster, url)
    finally:
        stop.set()
        thread.join()
    assert held(one) == held(two)


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.02)


def end_connections(cluster: Cluster, url: str) -> None:
    with cluster.connected() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [url.rpartition("/")[2]],
        )


def test_a_draft_is_worked_on_at_every_node(one: Services, two: Services) -> None:
    one.writer.commit([named("dog")], "me", "After the other node looked")
    draft = one.drafts.begin(GRAPH, "Hounds", "", "anna")
    assert two.drafts.commit(draft.id, named("hund", "sv"), "bo", "Swedish") == 1
    assert one.drafts.commit(draft.id, named("chien", "fr"), "anna", "French") == 2
    for node in (one, two):
        found = node.draft_views.view(node.drafts.table.get(draft.id)).store
        assert len(set(found.construct(bind(HELD, graph=GRAPH)))) == 4
    for state in (State.IN_REVIEW, State.APPROVED):
        two.drafts.step(draft.id, state, "eva", ALL)
    assert two.publisher.publish(draft.id, "eva", ALL) == 3
    one.writer.follow()
    assert held(one) == held(two)
    assert len(held(one)) == 4
    one.drafts.sweep()
    one.draft_views.close()


def test_all_that_a_node_holds_is_what_the_log_says(one: Services, two: Services) -> None:
    for number in range(3):
        (one, two)[number % 2].writer.commit([named(f"dog {number}")], "me", "One")
    for node in (one, two):
        node.writer.follow()
        expected = replayed(node.log)
        store = EmbeddedStore.read_only(node.published.view().path / "store")
        assert dumped(store, list(expected)) == expected
        store.close()
