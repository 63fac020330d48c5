"""Proposals and the drafts that they go into: every step there is, and two curators at once."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from rdflib import URIRef

from tests.conftest import BASE
from vocab_server.accounts.roles import Permission
from vocab_server.config import Settings
from vocab_server.database.proposals import Asked, Proposal, Proposer
from vocab_server.editing.importing import Source, import_file
from vocab_server.editing.proposing import TRANSITIONS, State, check_transition
from vocab_server.editing.workflow import State as DraftState
from vocab_server.errors import ConflictError, ForbiddenError
from vocab_server.services import Services, open_services

ALL = frozenset(Permission)
GRAPH = URIRef(f"{BASE}/vocabularies/water")
WATER = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/a> a skos:Concept ; skos:prefLabel "water"@en ."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The services over a vocabulary of one concept."""
    folder: Path = tmp_path_factory.mktemp("proposing")
    made = open_services(Settings(data=folder / "data", base_url=BASE))
    file = folder / "water.ttl"
    file.write_text(WATER)
    import_file(made.writer, BASE, "water", Source(file, file.name), "test")
    yield made
    made.close()


def propose(opened: Services, label: str = "Ice") -> Proposal:
    asked = Asked(graph=GRAPH, kind="missing", label=label, label_language="en")
    store = opened.published.view().store
    return opened.proposals.propose(store, asked, Proposer("anna"), ("en",))


def read(opened: Services, proposal: Proposal) -> Proposal:
    return opened.proposals.table.get(proposal.id)


def test_nothing_but_the_table_of_steps_is_allowed(opened: Services) -> None:
    proposal = propose(opened)
    for before, after in product(State, State):
        found = Proposal(**{**_fields(proposal), "state": before})
        if (before, after) not in TRANSITIONS:
            with pytest.raises(ConflictError):
                check_transition(found, after, ALL, False)
            continue
        check_transition(found, after, {TRANSITIONS[before, after]}, False)
        with pytest.raises(ForbiddenError):
            check_transition(found, after, ALL - {TRANSITIONS[before, after]}, False)


def _fields(proposal: Proposal) -> dict[str, object]:
    return {name: getattr(proposal, name) for name in Proposal.__dataclass_fields__}


def test_of_two_who_accept_at_once_one_does(opened: Services) -> None:
    proposal = propose(opened)  # as both of them read it
    first = opened.accepting.accept(proposal, None, "carl", ALL)
    with pytest.raises(ConflictError):
        opened.accepting.accept(proposal, None, "cora", ALL)
    accepted = read(opened, proposal)
    assert accepted.draft == first.id
    drafts, _ = opened.drafts.table.page(author="cora", limit=10)
    assert [draft.state for draft in drafts] == [DraftState.WITHDRAWN]
    log = opened.drafts.branches.log(drafts[0])
    assert log.last() == drafts[0].base  # nothing was made in it


def test_what_went_into_a_draft_that_was_given_up_can_be_accepted_again(
    opened: Services,
) -> None:
    proposal = propose(opened, "Snow")
    first = opened.accepting.accept(proposal, None, "carl", ALL)
    with pytest.raises(ConflictError):
        opened.accepting.accept(read(opened, proposal), None, "carl", ALL)
    opened.drafts.step(first.id, DraftState.WITHDRAWN, "carl", ALL)
    second = opened.accepting.accept(read(opened, proposal), None, "carl", ALL)
    assert read(opened, proposal).draft == second.id != first.id


def test_a_draft_of_another_state_or_with_it_already_is_refused(opened: Services) -> None:
    asked = Asked(
        graph=GRAPH,
        kind="label",
        concept="https://example.org/a",
        label="Aqua",
        label_language="la",
        is_preferred=False,
    )
    store = opened.published.view().store
    twice = [opened.proposals.propose(store, asked, Proposer("anna"), ("en",)) for _ in range(2)]
    draft = opened.accepting.accept(twice[0], None, "carl", ALL)
    with pytest.raises(ConflictError, match="has this already"):
        opened.accepting.accept(twice[1], draft.id, "carl", ALL)
    assert read(opened, twice[1]).state == State.OPEN
    opened.drafts.step(draft.id, DraftState.WITHDRAWN, "carl", ALL)
    with pytest.raises(ConflictError, match="Open a new one"):
        opened.accepting.accept(twice[1], draft.id, "carl", ALL)
