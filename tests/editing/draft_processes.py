"""What the tests of drafts run in processes of their own, to be killed at any moment."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from rdflib import Literal, URIRef

from tests.editing.processes import BASE, die
from vocab_server.accounts.roles import Permission
from vocab_server.config import Settings
from vocab_server.editing.workflow import State
from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services, open_services

GRAPH = URIRef(f"{BASE}/vocabularies/animals")
ALL = frozenset(Permission)


def opened(data: Path) -> Services:
    """The services over a data directory, as a server process has them."""
    return open_services(Settings(data=data, base_url=BASE))


def note(owner: int, number: int) -> Change:
    """One statement about a concept that is another one for every owner."""
    concept = URIRef(f"{BASE}/{owner}")
    return Change(GRAPH, frozenset({(concept, SKOS.altLabel, Literal(f"n{number}", lang="en"))}))


def change_for_ever(outbox: Connection, data: Path, draft: int) -> None:
    """Say 0 at the start, then the position of each change that is kept in a draft."""
    outbox.send(0)
    services = opened(data)
    while True:
        last = services.drafts.branches.log(services.drafts.table.get(draft)).page(limit=1)[1]
        position = services.drafts.commit(draft, note(draft, last + 1), "anna", "Note")
        outbox.send(position)


def publish_for_ever(outbox: Connection, data: Path) -> None:
    """Begin, change, approve and publish drafts; say the id of each that is published."""
    outbox.send(0)
    services = opened(data)
    while True:
        draft = services.drafts.begin(GRAPH, "Notes", "", "anna").id
        for number in range(2):
            services.drafts.commit(draft, note(draft, number), "anna", "Note")
        services.drafts.step(draft, State.IN_REVIEW, "anna", ALL)
        services.drafts.step(draft, State.APPROVED, "cleo", ALL)
        services.publisher.publish(draft, "dora", ALL)
        outbox.send(draft)


def publish_and_die(outbox: Connection, data: Path, draft: int, step: str) -> None:
    """Publish a draft, and die when a step of it begins."""
    services = opened(data)
    services.publisher.publish(
        draft, "dora", ALL, step=lambda name: die() if name == step else None
    )
    outbox.send(draft)


def work_on(outbox: Connection, data: Path, owners: Sequence[int], changes: int) -> None:
    """Let each owner, in a thread, change a draft, and publish it if the owner's number is even.

    Says how many changes were kept, and how many clear conflicts there were.
    """
    services = opened(data)
    with ThreadPoolExecutor(len(owners)) as threads:
        said = list(threads.map(lambda owner: _work(services, owner, changes), owners))
    outbox.send(sum(kept for kept, _ in said))
    outbox.send(sum(conflicts for _, conflicts in said))
    services.close()


def _work(services: Services, owner: int, changes: int) -> tuple[int, int]:
    name = f"owner {owner}"
    draft = services.drafts.begin(GRAPH, "Notes", "", name).id
    for number in range(changes):
        services.drafts.commit(draft, note(owner, number), name, "Note")
    if owner % 2:
        return changes, 0
    services.drafts.step(draft, State.IN_REVIEW, name, ALL)
    services.drafts.step(draft, State.APPROVED, "cleo", ALL)
    try:
        services.publisher.publish(draft, "dora", ALL)
    except ConflictError:
        return changes, 1
    return changes, 0
