"""How a draft goes from its first change to being published: who may take which step."""

from collections.abc import Collection
from enum import StrEnum

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission, roles_with
from vocab_server.errors import ConflictError, ForbiddenError, either


class State(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    IN_REVIEW = "in-review"
    CHANGES_REQUESTED = "changes-requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    (State.OPEN, State.IN_REVIEW): Permission.EDIT_DRAFTS,
    (State.OPEN, State.WITHDRAWN): Permission.EDIT_DRAFTS,
    (State.IN_REVIEW, State.OPEN): Permission.EDIT_DRAFTS,
    (State.IN_REVIEW, State.CHANGES_REQUESTED): Permission.REVIEW_DRAFTS,
    (State.IN_REVIEW, State.APPROVED): Permission.REVIEW_DRAFTS,
    (State.IN_REVIEW, State.WITHDRAWN): Permission.EDIT_DRAFTS,
    (State.CHANGES_REQUESTED, State.IN_REVIEW): Permission.EDIT_DRAFTS,
    (State.CHANGES_REQUESTED, State.WITHDRAWN): Permission.EDIT_DRAFTS,
    (State.APPROVED, State.IN_REVIEW): Permission.EDIT_DRAFTS,
    (State.APPROVED, State.CHANGES_REQUESTED): Permission.REVIEW_DRAFTS,
    (State.APPROVED, State.PUBLISHED): Permission.PUBLISH,
    (State.APPROVED, State.WITHDRAWN): Permission.EDIT_DRAFTS,
    (State.WITHDRAWN, State.OPEN): Permission.EDIT_DRAFTS,
}
FINISHED = (State.PUBLISHED, State.WITHDRAWN)  # nothing in these is changed any more
# What those see who may comment only: a draft that was handed in, and what became of it.
SHARED = (State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED, State.PUBLISHED)


def visible_states(account: Account, vocabulary: str) -> tuple[State, ...]:
    """The states in which somebody sees drafts of a vocabulary."""
    if any(account.may(p, vocabulary) for p in (Permission.EDIT_DRAFTS, Permission.REVIEW_DRAFTS)):
        return tuple(State)
    return SHARED if account.may(Permission.READ_DRAFTS) else ()


def check_transition(before: str, after: str, permissions: Collection[str]) -> None:
    """Pass silently when somebody with these permissions may take a draft from state to state.

    Raises ConflictError when nobody may, ForbiddenError when it needs another permission.
    """
    needed = TRANSITIONS.get((State(before), State(after)))
    if needed is None:
        raise ConflictError(
            "A draft that is %(before)s cannot become %(after)s.", before=before, after=after
        )
    if needed not in permissions:
        raise ForbiddenError(
            "To make a draft %(after)s that is %(before)s needs the role %(roles)s for its"
            " vocabulary.",
            after=after,
            before=before,
            roles=either(roles_with(needed)),
        )


def check_approval(account: str, authors: Collection[str], allows_own: bool) -> None:
    """Pass silently when this account may approve what these authors wrote.

    Raises ForbiddenError when it is one of them and the vocabulary does not allow that.
    """
    if account in authors and not allows_own:
        raise ForbiddenError(
            "%(account)s worked on this draft, so somebody else must approve it. A vocabulary can"
            " be set to allow it.",
            account=account,
        )


def check_editable(identifier: int, state: str) -> None:
    """Pass silently when a draft in this state can be changed. Raises ConflictError when not."""
    if State(state) in FINISHED:
        raise ConflictError(
            "Draft %(identifier)s is %(state)s and cannot be changed. Open a new one.",
            identifier=identifier,
            state=state,
        )


def next_states(before: str, permissions: Collection[str]) -> list[State]:
    """The states that somebody with these permissions can bring a draft into, in order."""
    return [
        after
        for (state, after), needed in TRANSITIONS.items()
        if state == before and needed in permissions
    ]
