"""Tombstones: what was withdrawn as a mistake that nobody should see. Its IRI is never used again.

Not in the store, where any query would find it; with the log, so that a rebuild does not lose it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import URIRef
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.database.models import WithdrawnRow
from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Patch

ASKED = 500  # IRIs that one query looks up


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a withdrawn resource; ``change`` is the one that took it away."""

    iri: URIRef
    graph: URIRef
    change: int
    reason: str
    time: datetime


class Withdrawn:
    """The resources that were withdrawn."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, iri: str) -> Tombstone | None:
        """The tombstone of an IRI, or None."""
        with Session(self._engine) as session:
            row = session.get(WithdrawnRow, iri)
            return _tombstone(row) if row else None

    def among(self, iris: Collection[str]) -> set[str]:
        """Those of the IRIs that were withdrawn."""
        wanted, found = sorted(set(iris)), set[str]()
        with Session(self._engine) as session:
            for start in range(0, len(wanted), ASKED):
                some = wanted[start : start + ASKED]
                found |= set(
                    session.scalars(select(WithdrawnRow.iri).where(WithdrawnRow.iri.in_(some)))
                )
        return found

    def of(self, graph: URIRef) -> frozenset[URIRef]:
        """All that was withdrawn from a graph: few, because they are mistakes."""
        with Session(self._engine) as session:
            found = session.scalars(
                select(WithdrawnRow.iri).where(WithdrawnRow.graph == str(graph))
            )
            return frozenset(map(URIRef, found))


def keep_tombstone(session: Session, iri: URIRef, graph: URIRef, change: int, reason: str) -> None:
    """Note that a change withdraws a resource, in the transaction that keeps the change."""
    now = datetime.now(UTC)
    session.add(
        WithdrawnRow(iri=str(iri), graph=str(graph), change=change, reason=reason, time=now)
    )


def refuse_withdrawn(session: Session, patches: Iterable[Patch]) -> None:
    """Pass silently when no patch brings back what was withdrawn from its graph.

    Raises ConflictError, with the IRI.
    """
    for patch in patches:
        chosen = select(WithdrawnRow.iri).where(WithdrawnRow.graph == str(patch.graph))
        names = [f"<{iri}>".encode() for iri in session.scalars(chosen)]
        for block in patch.added_blocks() if names else ():
            _refuse(block, names)


def _refuse(block: bytes, names: Sequence[bytes]) -> None:
    for name in names:
        start = block.find(name)
        while start >= 0:
            if _is_term(block, start, start + len(name)):
                iri = name[1:-1].decode()
                raise ConflictError(
                    "%(iri)s was withdrawn and is never used again. Leave out what names it.",
                    concepts=(iri,),
                    iri=iri,
                )
            start = block.find(name, start + 1)


def _is_term(block: bytes, start: int, end: int) -> bool:
    """Whether a name in a block is a subject or an object, and not part of a text."""
    is_subject = start == 0 or block[start - 1 : start] == b"\n"
    is_object = block[end : end + 3] in (b" .\n", b" .") and block[start - 1 : start] == b" "
    return is_subject or is_object


def _tombstone(row: WithdrawnRow) -> Tombstone:
    return Tombstone(
        iri=URIRef(row.iri),
        graph=URIRef(row.graph),
        change=row.change,
        reason=row.reason,
        time=row.time,
    )
