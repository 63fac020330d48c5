"""Drafts: opened, changed, reviewed, withdrawn: all that comes before publishing."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from filelock import Timeout
from rdflib import URIRef
from sqlalchemy.orm import Session

from vocab_server.database.comments import Comments
from vocab_server.database.drafts import Draft, DraftTable, change_row, record_step
from vocab_server.database.log import Details, LoggedChange, Within
from vocab_server.editing.branches import Branches, Trial
from vocab_server.editing.commit import Transaction
from vocab_server.editing.undoing import inverse
from vocab_server.editing.workflow import (
    FINISHED,
    State,
    check_approval,
    check_editable,
    check_transition,
)
from vocab_server.errors import ConflictError, InvalidError, StaleError
from vocab_server.rdf.change import Patch
from vocab_server.store.base import Store
from vocab_server.store.snapshots import number_of

Act = Callable[[Store], Patch]  # makes the patch from the draft as it is in its turn
Check = Callable[[Trial], None]  # raises RuleBrokenError for what a patch would bring
Expected = Callable[[Draft], bool]  # whether a draft is what the caller read
PATIENCE = 2  # seconds
LONGEST_TITLE = 300  # characters
LONGEST_PURPOSE = 20_000  # characters
UNSCHEDULED: dict[str, None] = {"scheduled": None, "scheduled_by": None}


@dataclass(frozen=True, slots=True)
class Drafts:
    """All drafts: ``table`` knows them, ``branches`` holds what they are now."""

    table: DraftTable
    comments: Comments
    branches: Branches
    expected: Expected | None = None

    def as_read(self, expected: Expected) -> "Drafts":
        """These drafts for who read one: its turn comes only while it still is what they read."""
        return replace(self, expected=expected)

    def begin(self, graph: URIRef, title: str, purpose: str, author: str) -> Draft:
        """A new draft of a vocabulary, which starts as what is published now.

        Raises InvalidError for a title that is empty or longer than LONGEST_TITLE, and for a
        purpose longer than LONGEST_PURPOSE.
        """
        _check_words(title, purpose)
        snapshot, lease = self.branches.hold()
        with lease:
            draft = self.table.create(
                graph, title.strip(), purpose.strip(), author, number_of(snapshot), State.OPEN
            )
            with self.branches.turn(draft.id):
                self.branches.make(draft, snapshot)
                with self.branches.writer(draft).open():
                    pass  # its first snapshot
        return draft

    @contextmanager
    def turn(self, identifier: int) -> Iterator[Draft]:
        """The draft as it is, and stays until the block ends.

        Raises NotFoundError, and StaleError when it is not what the caller read.
        """
        self.table.get(identifier)
        with self.branches.turn(identifier):
            draft = self.table.get(identifier)
            self.refuse_unexpected(draft)
            yield draft

    def refuse_unexpected(self, draft: Draft) -> None:
        """Raises StaleError when a draft is not what the caller read."""
        if self.expected is not None and not self.expected(draft):
            raise StaleError(
                "Draft %(draft)s was changed since you read it. Look at it and try again.",
                draft=draft.id,
            )

    @contextmanager
    def open(self, identifier: int) -> Iterator[tuple[Draft, Transaction]]:
        """The right to change a draft until the block ends; what a dead writer left is done first.

        Raises NotFoundError, and ConflictError when it is published or withdrawn.
        """
        with self.turn(identifier) as draft:
            check_editable(draft.id, draft.state)
            with self.branches.writer(draft).open() as transaction:
                yield draft, transaction

    def commit(
        self,
        identifier: int,
        act: Act | Patch,
        author: str,
        message: str,
        details: Details | None = None,
        within: Within | None = None,
    ) -> int | None:
        """Keep a change in a draft and show it to its readers; its position among the changes.

        None when it changes nothing. A change to an approved draft takes the approval back.
        Raises ConflictError when something that a ``Change`` removes is not there, and for a
        draft that is published or withdrawn; what ``act`` raises goes through.
        """
        with self.open(identifier) as (draft, transaction):
            patch = act(transaction.store) if callable(act) else act
            number = transaction.commit(
                [patch],
                author,
                message,
                details=details,
                within=partial(_touch, draft, author, within),
                strict=True,
            )
            return None if number is None else number - draft.base

    def undo(
        self,
        identifier: int,
        position: int,
        author: str,
        message: str,
        way: Callable[[Store, LoggedChange], Patch] = inverse,
    ) -> int:
        """Take a change of a draft back, as a new change; the new one's position.

        Raises NotFoundError when the draft has no such change, and ConflictError, with the
        statements, when later changes are in the way. ``way`` makes the patch that undoes a
        change; what it raises goes through.
        """
        with self.open(identifier) as (draft, transaction):
            change = self.branches.log(draft).get(draft.base + position)
            number = transaction.commit(
                [way(transaction.store, change)],
                author,
                message,
                details={"kind": "undo", "change": position},
                within=partial(_touch, draft, author, None),
            )
            return (number or 0) - draft.base

    def step(
        self,
        identifier: int,
        state: State,
        account: str,
        permissions: Collection[str],
        text: str = "",
    ) -> Draft:
        """Bring a draft into another state, with words that all who see the draft can read.

        To publish it, see ``publishing``. Raises ConflictError when no draft goes from its state
        to that one, ForbiddenError when this account may not take the step, and InvalidError when
        changes are requested without a word on which.
        """
        with self.turn(identifier) as draft:
            check_transition(draft.state, state, permissions)
            if state == State.PUBLISHED:
                raise ConflictError("A draft is published by publishing it.")
            if state == State.APPROVED:
                self._check_approval(draft, account)
            if state == State.CHANGES_REQUESTED and not text.strip():
                raise InvalidError("Write which changes you ask for.")
            lost = {} if state == State.APPROVED else UNSCHEDULED
            changed = self.table.step(draft, state, account, text.strip(), **lost)
        if state in FINISHED:
            self.sweep()
        return changed

    def schedule(
        self, identifier: int, time: datetime | None, account: str, permissions: Collection[str]
    ) -> Draft:
        """Have an approved draft published at a time, or for None no longer.

        Raises ConflictError when it is not approved, ForbiddenError for who may not publish, and
        InvalidError when the time has passed.
        """
        if time is not None and time <= datetime.now(UTC):
            raise InvalidError(
                "%(time)s has passed. Choose a later time.", time=f"{time:%Y-%m-%d %H:%M}"
            )
        with self.turn(identifier) as draft:
            check_transition(draft.state, State.PUBLISHED, permissions)
            by = account if time is not None else None
            return self.table.change(draft, scheduled=time, scheduled_by=by)

    def describe(
        self, identifier: int, title: str | None = None, purpose: str | None = None
    ) -> Draft:
        """Give a draft another title or purpose; None leaves it.

        Raises as ``begin`` and ``commit`` do.
        """
        with self.turn(identifier) as draft:
            check_editable(draft.id, draft.state)
            title = draft.title if title is None else title
            purpose = draft.purpose if purpose is None else purpose
            _check_words(title, purpose)
            return self.table.change(draft, title=title.strip(), purpose=purpose.strip())

    def repair(self, draft: Draft) -> None:
        """Make what readers need of a draft, when it is lost. Raises as ``open`` does."""
        with self.open(draft.id) as (_, transaction):
            transaction.publish()

    def catch_up(self, draft: Draft) -> None:
        """Show readers what another node, or a dead writer, changed in a draft.

        Not when somebody on this node is at work in it; but what may have come from another node
        is waited for, for as long as PATIENCE.
        """
        seconds = PATIENCE if self.branches.is_shared else 0
        with suppress(Timeout), self.branches.own_turn(draft.id, seconds):
            if self._is_live(draft.id, draft.generation):
                with self.branches.writer(draft).open():
                    pass

    def begin_anew(self) -> None:
        """Delete all branches; each is made again when it is needed.

        So that nothing of a text that was deleted is left in their files.
        """
        self.branches.sweep(lambda *_: False)

    def sweep(self) -> None:
        """Delete the branches of drafts that are finished, and those before the last rebase."""
        self.branches.sweep(self._is_live)

    def _is_live(self, identifier: int, generation: int) -> bool:
        draft = self.table.get(identifier)
        return draft.state not in FINISHED and draft.generation == generation

    def _check_approval(self, draft: Draft, account: str) -> None:
        authors = self.table.authors(draft)
        check_approval(account, authors, self.table.allows_own_approval(draft.graph))


def _check_words(title: str, purpose: str) -> None:
    if not title.strip():
        raise InvalidError("The draft has no title. Say in a few words what it is for.")
    if len(title) > LONGEST_TITLE:
        raise InvalidError(
            "The title is longer than %(longest)s characters. Shorten it.",
            longest=LONGEST_TITLE,
        )
    if len(purpose) > LONGEST_PURPOSE:
        raise InvalidError(
            "The purpose is longer than %(longest)s characters. Shorten it.",
            longest=LONGEST_PURPOSE,
        )


def _touch(draft: Draft, author: str, within: Within | None, session: Session, number: int) -> None:
    """Note that a draft was changed; an approval is for what it was before."""
    if within:
        within(session, number)
    if draft.state != State.APPROVED:
        change_row(session, draft)
        return
    record_step(session, draft, State.IN_REVIEW, author, "", **UNSCHEDULED)
