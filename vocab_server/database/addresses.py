"""The IRIs that drafts gave to new things: they stay taken, whatever becomes of the draft."""

from collections.abc import Collection

from rdflib import URIRef
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.database.draft_models import AddressRow

ASKED = 500  # IRIs that one query looks up

NO_DRAFT = -1  # for who works in none


class Addresses:
    """Which draft gave out which IRI; one that was published is known without it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def is_taken(self, iri: URIRef, draft: int) -> bool:
        """Whether another draft gave this IRI out."""
        with Session(self._engine) as session:
            row = session.get(AddressRow, str(iri))
            return row is not None and row.draft != draft


def keep_addresses(session: Session, iris: Collection[URIRef], draft: int) -> None:
    """Note that a draft gives out these IRIs.

    Raises IntegrityError, at once or at the end of the transaction, when another draft did.
    """
    wanted = sorted(map(str, iris))
    for start in range(0, len(wanted), ASKED):
        some = wanted[start : start + ASKED]
        own = select(AddressRow.iri).where(AddressRow.iri.in_(some), AddressRow.draft == draft)
        there = set(session.scalars(own))
        session.add_all(AddressRow(iri=iri, draft=draft) for iri in some if iri not in there)
