"""A draft becomes one change of what is published, now or at the time that was set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from vocab_server.accounts.roles import Permission
from vocab_server.database.drafts import Draft, record_step
from vocab_server.database.log import ChangeLog
from vocab_server.editing.commit import Step, Transaction, Writer
from vocab_server.editing.drafts import UNSCHEDULED, Check, Drafts
from vocab_server.editing.rebasing import meeting, run_check
from vocab_server.editing.workflow import State, check_transition
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Patch


@dataclass(frozen=True, slots=True)
class Publisher:
    """What it takes to publish drafts; ``check`` is the gate in front of what is published."""

    drafts: Drafts
    writer: Writer
    log: ChangeLog
    check: Check | None = None

    def publish(
        self,
        identifier: int,
        account: str,
        permissions: Collection[str],
        text: str = "",
        step: Step = lambda _: None,
    ) -> int:
        """Make an approved draft one published change; its number in the log.

        The change has the draft's title and author, and as details the draft's story. Raises
        ConflictError when the draft is not approved or does not go together with what was
        published since its base, ForbiddenError for who may not publish, and InvalidError when
        nothing would change; what the check raises goes through. The draft's files are left to
        the next sweep, which takes a second for those of a big vocabulary.
        """
        with self.drafts.turn(identifier) as draft:
            check_transition(draft.state, State.PUBLISHED, permissions)
            with meeting(self.drafts, self.log, draft) as met:
                patch = met.patch({})
                run_check(self.drafts, met, patch, self.check)
                with self.writer.open() as transaction:
                    if not self.log.since(met.number, graph=draft.graph):
                        number = self._commit(transaction, draft, patch, account, text, step)
                    else:  # something came between: look again, and nothing can come now
                        number = self._publish_anew(transaction, draft, account, text, step)
            self.drafts.branches.snapshots(draft).hide()
        return number

    def publish_due(self, now: datetime) -> list["Outcome"]:
        """Publish the approved drafts whose time has come, that which waits longest first.

        One that cannot be published is given back to its authors, with the reason.
        """
        due = self.drafts.table.due(State.APPROVED, now)
        return [outcome for outcome in map(self._publish_due, due) if outcome]

    def _publish_due(self, identifier: int) -> "Outcome | None":
        account = self.drafts.table.get(identifier).scheduled_by or ""
        try:
            number = self.publish(identifier, account, {Permission.PUBLISH})
        except (ConflictError, InvalidError) as error:
            return self._give_back(identifier, account, str(error))
        return Outcome(identifier, number)

    def _give_back(self, identifier: int, account: str, reason: str) -> "Outcome | None":
        with self.drafts.turn(identifier) as draft:
            if draft.state != State.APPROVED:
                return None  # somebody else published or changed it at this moment
            columns: dict[str, Any] = {**UNSCHEDULED}
            self.drafts.table.step(draft, State.CHANGES_REQUESTED, account, reason, **columns)
        return Outcome(identifier, None, reason)

    def _publish_anew(
        self, transaction: Transaction, draft: Draft, account: str, text: str, step: Step
    ) -> int:
        with meeting(self.drafts, self.log, draft) as met:
            patch = met.patch({})
            run_check(self.drafts, met, patch, self.check)
            return self._commit(transaction, draft, patch, account, text, step)

    def _commit(
        self,
        transaction: Transaction,
        draft: Draft,
        patch: Patch,
        account: str,
        text: str,
        step: Step,
    ) -> int:
        number = transaction.commit(
            [patch],
            draft.author,
            draft.title,
            step,
            details=self._story(draft, account),
            within=partial(_note, draft, account, text),
            strict=True,
        )
        if number is None:
            raise InvalidError(
                "Draft %(draft)s changes nothing in what is published. Withdraw it instead.",
                draft=draft.id,
            )
        return number

    def _story(self, draft: Draft, account: str) -> dict[str, Any]:
        reviews = self.drafts.table.reviews(draft.id)
        return {
            "kind": "draft",
            "draft": draft.id,
            "title": draft.title,
            "purpose": draft.purpose,
            "authors": self.drafts.table.authors(draft),
            "reviewers": sorted({r.author for r in reviews if r.verdict == State.APPROVED}),
            "publisher": account,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a draft whose time had come: its number in the log, or what was wrong."""

    draft: int
    number: int | None
    problem: str = ""


def _note(draft: Draft, account: str, text: str, session: Session, number: int) -> None:
    record_step(session, draft, State.PUBLISHED, account, text, published=number)
