"""A published change is taken back: as a new change, when it still applies."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Literal

from vocab_server.database.log import ChangeLog, LoggedChange
from vocab_server.database.withdrawn import Withdrawn
from vocab_server.editing.commit import Writer
from vocab_server.editing.undoing import CLASSES, inverse, take_back_published
from vocab_server.errors import ConflictError, InvalidError, TooLargeError
from vocab_server.rdf.change import Patch, Reversed
from vocab_server.rdf.composing import read_change, stream
from vocab_server.rdf.namespaces import RDF
from vocab_server.skos.acts.curation import MAX_NOTE, Curation, Policy
from vocab_server.store.base import Reader

MOST = 20_000  # statements of a change that is taken back after others


_MAKES = tuple(f" <{RDF.type}> <{made}> .".encode() for made in CLASSES)


@dataclass(frozen=True, slots=True)
class Reverter:
    """What it takes to undo what is published in one vocabulary, by its ``policy``."""

    log: ChangeLog
    writer: Writer
    policy: Policy
    withdrawn: Withdrawn

    def preview(self, store: Reader, change: LoggedChange, reason: Literal) -> Patch:
        """What would undo a change of what a store holds; nothing is kept.

        A change of more than MOST statements is undone as a whole, in little memory, while nothing
        came after it. Raises ConflictError, with the statements, when later changes are in the
        way, RuleBrokenError when a rule would be broken, TooLargeError for such a big change when
        something came after it or it made concepts, and InvalidError when nothing is left to undo.
        """
        self._refuse_gone(change)
        if is_big(change):
            return self._whole(store, change)
        curation = Curation(store, change.graph, datetime.now(UTC), self.policy)
        made = take_back_published(curation, read_change(change), [reason])
        if not made:
            raise InvalidError(
                "Nothing of change %(change)s is left to undo.", change=change.number
            )
        return made

    def is_latest(self, change: LoggedChange) -> bool:
        """Whether nothing was published in the vocabulary after a change."""
        found, _total = self.log.newest(change.graph, until=self.log.last(), limit=1, offset=0)
        return [each.number for each in found] == [change.number]

    def _whole(self, store: Reader, change: LoggedChange) -> Reversed:
        """What leads back to the state before, which kept the rules or not as it did then."""
        if not self.is_latest(change):
            raise TooLargeError(
                "Change %(change)s has %(size)s statements. One of more than %(most)s can be undone"
                " only while nothing came after it. Import the release before it instead.",
                change=change.number,
                size=change.added + change.removed,
                most=MOST,
            )
        if _makes_any(change):
            raise TooLargeError(
                "Change %(change)s has %(size)s statements and made new concepts, whose addresses"
                " must stay. Import the release before it instead.",
                change=change.number,
                size=change.added + change.removed,
            )
        return inverse(store, change)

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


def is_big(change: LoggedChange) -> bool:
    """Whether a change has too many statements to be looked at one by one."""
    return change.added + change.removed > MOST


def _makes_any(change: LoggedChange) -> bool:
    """Whether a change makes a concept or a collection."""
    return any(made in block for block in change.added_blocks() for made in _MAKES)
