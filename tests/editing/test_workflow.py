"""The story of a draft; a walk over all pairs of states pins that nothing else is allowed."""

from itertools import product

import pytest

from vocab_server.accounts.roles import Permission
from vocab_server.editing.workflow import (
    TRANSITIONS,
    State,
    check_approval,
    check_editable,
    check_transition,
    next_states,
)
from vocab_server.errors import ConflictError, ForbiddenError

EDITOR, CURATOR = {Permission.EDIT_DRAFTS}, set(Permission)

# Written out once more: the table is not its own oracle.
ALLOWED = {
    "open": {"in-review": "edit-drafts", "withdrawn": "edit-drafts"},
    "in-review": {
        "open": "edit-drafts",
        "changes-requested": "review-drafts",
        "approved": "review-drafts",
        "withdrawn": "edit-drafts",
    },
    "changes-requested": {"in-review": "edit-drafts", "withdrawn": "edit-drafts"},
    "approved": {
        "in-review": "edit-drafts",
        "changes-requested": "review-drafts",
        "published": "publish",
        "withdrawn": "edit-drafts",
    },
    "published": {},
    "withdrawn": {"open": "edit-drafts"},
}


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_a_step_needs_its_permission_and_no_other(before: State, after: State) -> None:
    needed = ALLOWED[before].get(after)
    if needed is None:
        with pytest.raises(ConflictError, match=f"{before} cannot become {after}"):
            check_transition(before, after, CURATOR)
        return
    check_transition(before, after, {Permission(needed)})
    with pytest.raises(ForbiddenError, match="needs the role"):
        check_transition(before, after, CURATOR - {Permission(needed)})


@pytest.mark.parametrize("state", State)
def test_the_next_steps_are_those_that_are_allowed(state: State) -> None:
    assert next_states(state, CURATOR) == list(ALLOWED[state])
    mine = [after for after, needed in ALLOWED[state].items() if needed == "edit-drafts"]
    assert next_states(state, EDITOR) == mine


def test_every_state_is_reached_from_open() -> None:
    reached = {State.OPEN}
    for _ in State:
        reached |= {after for before, after in TRANSITIONS if before in reached}
    assert reached == set(State)


def test_approving_needs_somebody_else() -> None:
    check_approval("cleo", {"anna", "bo"}, allows_own=False)
    check_approval("anna", {"anna"}, allows_own=True)
    with pytest.raises(ForbiddenError, match="anna worked on this draft"):
        check_approval("anna", {"anna", "bo"}, allows_own=False)


@pytest.mark.parametrize("state", State)
def test_what_is_finished_is_not_changed(state: State) -> None:
    if state in (State.PUBLISHED, State.WITHDRAWN):
        with pytest.raises(ConflictError, match=f"Draft 7 is {state}"):
            check_editable(7, state)
    else:
        check_editable(7, state)
