"""A published mistake that nobody should see is withdrawn, for ever."""

from dataclasses import dataclass
from functools import partial

from rdflib import URIRef
from sqlalchemy.orm import Session

from vocab_server.database.withdrawn import keep_tombstone
from vocab_server.editing.commit import Writer
from vocab_server.errors import InvalidError
from vocab_server.skos.withdrawing import withdraw

LONGEST = 500  # characters of a reason


@dataclass(frozen=True, slots=True)
class Withdrawer:
    """What it takes to withdraw what is published."""

    writer: Writer

    def withdraw(self, graph: URIRef, concept: URIRef, author: str, reason: str) -> int:
        """Take a concept away and block its IRI; the number of the change that does.

        Raises InvalidError without a reason, and as ``skos.withdrawing.withdraw`` does.
        """
        text = " ".join(reason.split())
        if not text:
            raise InvalidError("There is no reason. Say in a sentence why it is withdrawn.")
        if len(text) > LONGEST:
            raise InvalidError(
                "The reason is longer than %(longest)s characters. Shorten it.", longest=LONGEST
            )
        with self.writer.open() as transaction:
            change = withdraw(transaction.store, graph, concept)
            details = {"kind": "withdrawal", "reason": text}
            keep = partial(_keep, concept, graph, text)
            number = transaction.commit(
                [change], author, "Withdrawal", details=details, within=keep, strict=True
            )
        return number or 0


def _keep(concept: URIRef, graph: URIRef, reason: str, session: Session, number: int) -> None:
    keep_tombstone(session, concept, graph, number, reason)
