"""A published change is taken back: as a new change, when it still applies."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Literal

from vocab_server.database.log import ChangeLog, LoggedChange
from vocab_server.database.withdrawn import Withdrawn
from vocab_server.editing.commit import Writer
from vocab_server.editing.undoing import take_back_published
from vocab_server.errors import ConflictError, InvalidError, TooLargeError
from vocab_server.rdf.change import Change
from vocab_server.rdf.composing import read_change, stream
from vocab_server.skos.acts.curation import MAX_NOTE, Curation, Policy
from vocab_server.store.base import Reader

MOST = 20_000  # statements of a change that is taken back


@dataclass(frozen=True, slots=True)
class Reverter:
    """What it takes to undo what is published in one vocabulary, by its ``policy``."""

    log: ChangeLog
    writer: Writer
    policy: Policy
    withdrawn: Withdrawn

    def preview(self, store: Reader, change: LoggedChange, reason: Literal) -> Change:
        """What would undo a change of what a store holds; nothing is kept.

        Raises ConflictError, with the statements, when later changes are in the way,
        RuleBrokenError when a rule would be broken, TooLargeError for a change of more than MOST
        statements, and InvalidError when nothing is left to undo.
        """
        self._refuse_gone(change)
        if change.added + change.removed > MOST:
            raise TooLargeError(
                "Change %(change)s has %(added)s statements; at most %(most)s are undone at once."
                " Import the release before it instead.",
                change=change.number,
                added=change.added + change.removed,
                most=MOST,
            )
        curation = Curation(store, change.graph, datetime.now(UTC), self.policy)
        made = take_back_published(curation, read_change(change), [reason])
        if not made:
            raise InvalidError(
                "Nothing of change %(change)s is left to undo.", change=change.number
            )
        return made

    def _refuse_gone(self, change: LoggedChange) -> None:
        names = [f"<{iri}>".encode() for iri in sorted(self.withdrawn.of(change.graph))]
        for _, block in stream(change) if names else ():
            if any(name in block for name in names):
                raise ConflictError(
                    "Change %(change)s speaks of what was withdrawn since, for ever.",
                    change=change.number,
                )

    def undo(self, change: LoggedChange, author: str, reason: Literal) -> int:
        """Take a change back; the number of the change that does. Raises as ``preview`` does."""
        if len(reason) > MAX_NOTE:
            raise InvalidError(
                "The reason is longer than %(longest)s characters. Shorten it.", longest=MAX_NOTE
            )
        with self.writer.open() as transaction:
            made = self.preview(transaction.store, change, reason)
            number = transaction.commit(
                [made],
                author,
                f"Undo change {change.number}: {change.message}",
                details={"kind": "undo", "change": change.number, "reason": str(reason)},
                strict=True,
            )
        if number is None:
            raise InvalidError(
                "Nothing of change %(change)s is left to undo.", change=change.number
            )
        return number
