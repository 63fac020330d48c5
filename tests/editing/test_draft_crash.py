"""kill -9 at any moment of work on drafts, and many at work at once: nothing is lost."""

import random
import threading
import time
from pathlib import Path

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import SKOS

from tests.editing.draft_processes import (
    ALL,
    GRAPH,
    change_for_ever,
    note,
    opened,
    publish_and_die,
    publish_for_ever,
    work_on,
)
from tests.editing.processes import BASE, Worker
from tests.editing.test_crash import check_snapshot, documents
from vocab_server.editing.runs import Log
from vocab_server.editing.workflow import State
from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Change, to_lines
from vocab_server.rdf.query import bind
from vocab_server.services import Services

KILLS = 12  # of a process that changes a draft
PUBLISH_KILLS = 12  # of a process that opens and publishes drafts
CHANGES = 10  # in each of twenty drafts
LONGEST = 0.8  # seconds until a kill
CHANCE = random.Random(20)  # noqa: S311  (the same moments each time)
HELD = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with a published vocabulary."""
    services = opened(tmp_path)
    services.writer.commit([note(0, 0)], "me", "The first")
    services.close()
    return tmp_path


def lines_of(log: Log) -> dict:
    """The lines of every graph, as a log alone tells them."""
    graphs: dict = {}
    for change in log.since(0):
        lines = graphs.setdefault(change.graph, set())
        for block in change.removed_blocks():
            lines.difference_update(block.splitlines())
        for block in change.added_blocks():
            lines.update(block.splitlines())
    return graphs


def check_draft(services: Services, identifier: int) -> int:
    """A draft's store, statistics and index are what its log says. How many changes it has."""
    draft = services.drafts.table.get(identifier)
    services.draft_views.close()
    with services.drafts.open(identifier):
        pass
    view = services.draft_views.view(draft)
    log = services.drafts.branches.log(draft)
    check_snapshot(view.path, lines_of(log))
    assert sum(1 for _ in services.settings.data.glob(f"drafts/{identifier}-*")) == 1
    return log.last() - draft.base


def test_what_was_said_kept_in_a_draft_survives_kills(data: Path) -> None:
    services = opened(data)
    draft = services.drafts.begin(GRAPH, "Notes", "", "anna").id
    said = 0
    for _ in range(KILLS):
        worker = Worker(change_for_ever, data, draft)
        worker.inbox.poll(10)  # until it has begun
        time.sleep(CHANCE.uniform(0, LONGEST))
        said = max([said, *worker.kill()])
        kept = check_draft(services, draft)
        assert kept in (said, said + 1)
        said = kept
    assert said
    assert documents(services.draft_views.view(services.drafts.table.get(draft)).path / "index")
    services.close()


def test_a_draft_is_published_whole_or_not_at_all(data: Path) -> None:
    said: set[int] = set()
    pace = 0.0  # seconds that it takes to publish a draft, on this machine at this moment
    for _ in range(PUBLISH_KILLS):
        worker = Worker(publish_for_ever, data)
        worker.inbox.recv()
        begun = time.monotonic()
        if not pace:
            said.add(worker.inbox.recv())
            pace = time.monotonic() - begun
        time.sleep(CHANCE.uniform(0, 1.5 * pace))
        said.update(worker.kill())
        check_published(data, said - {0})


def check_published(data: Path, said: set[int]) -> None:
    services = opened(data)
    with services.writer.open():
        pass
    held = set(to_lines(services.published.view().store.construct(bind(HELD, graph=GRAPH))))
    drafts, _ = services.drafts.table.page(limit=1000)
    for draft in drafts:
        lines = {line for number in range(2) for line in to_lines(note(draft.id, number).added)}
        if draft.state == State.PUBLISHED:
            assert lines <= held
            assert services.log.get(draft.published or 0).details["draft"] == draft.id
        else:
            assert draft.id not in said
            assert not lines & held
    check_snapshot(services.published.view().path, lines_of(services.log))
    services.drafts.sweep()
    names = {path.name for path in data.glob("drafts/*-*")}
    live = {f"{draft.id}-1" for draft in drafts if draft.state != State.PUBLISHED}
    assert {name.removesuffix(".new") for name in names} <= live
    services.close()


STEPS = {"log": False, "store": True, "statistics.json": True, "index": True, "snapshot": True}


@pytest.mark.parametrize("step", STEPS)
def test_publishing_is_whole_from_the_log_on(data: Path, step: str) -> None:
    services = opened(data)
    draft = services.drafts.begin(GRAPH, "Notes", "", "anna").id
    for number in range(2):
        services.drafts.commit(draft, note(draft, number), "anna", "Note")
    services.drafts.step(draft, State.IN_REVIEW, "anna", ALL)
    services.drafts.step(draft, State.APPROVED, "cleo", ALL)
    assert Worker(publish_and_die, data, draft, step).rest() == []
    assert (services.drafts.table.get(draft).state == State.PUBLISHED) == STEPS[step]
    if not STEPS[step]:
        services.publisher.publish(draft, "dora", ALL)
    services.close()
    check_published(data, {draft})


def test_twenty_drafts_at_once_lose_nothing(data: Path) -> None:
    owners = list(range(1, 21))
    workers = [Worker(work_on, data, owners[start::4], CHANGES) for start in range(4)]
    services = opened(data)
    for number in range(10):  # somebody fixes something else meanwhile
        services.writer.commit([note(99, number)], "eve", "Fix")
    said = [worker.rest() for worker in workers]
    assert [kept for kept, _ in said] == [5 * CHANGES] * 4
    assert [conflicts for _, conflicts in said] == [0] * 4
    drafts, total = services.drafts.table.page(limit=100)
    assert total == 20
    for draft in drafts:
        owner = int(draft.author.split()[1])
        lines = {line for number in range(CHANGES) for line in to_lines(note(owner, number).added)}
        is_published = draft.state == State.PUBLISHED
        assert is_published == (owner % 2 == 0)
        held = published_lines(services)
        if is_published:
            assert lines <= held
        else:
            assert check_draft(services, draft.id) == CHANGES
            assert not lines & held
    assert {*to_lines(note(99, 9).added)} <= published_lines(services)
    assert len(published_lines(services)) == 1 + 10 + 10 * CHANGES
    check_snapshot(services.published.view().path, lines_of(services.log))
    services.close()


def published_lines(services: Services) -> set[str]:
    return set(to_lines(services.published.view().store.construct(bind(HELD, graph=GRAPH))))


def test_many_in_one_draft_lose_nothing(data: Path) -> None:
    """Threads that all rename the same concept: each change is kept or a clear conflict."""
    services = opened(data)
    draft = services.drafts.begin(GRAPH, "Names", "", "anna").id
    first = name(0)
    services.drafts.commit(draft, Change(GRAPH, frozenset({first})), "anna", "Name")
    outcomes: list[int | None] = []

    def rename(to: int) -> None:
        change = Change(GRAPH, frozenset({name(to)}), frozenset({first}))
        try:
            outcomes.append(services.drafts.commit(draft, change, "bo", "Rename"))
        except ConflictError as error:
            assert error.statements
            outcomes.append(None)

    threads = [threading.Thread(target=rename, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [2, *[None] * 7]
    assert check_draft(services, draft) == 2
    services.close()


def name(number: int) -> tuple:
    return (URIRef(f"{BASE}/1"), SKOS.prefLabel, Literal(f"name {number}", lang="en"))
