"""Who decided what about tags, and what was rejected."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.database.suggestion_answers import count_answer
from vocab_server.database.tag_models import TagDecisionRow

SUGGESTED = "suggested"  # the origin of what we suggested


class Status(StrEnum):
    """What was decided about a concept for a dataset."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one concept for one dataset; see TagDecisionRow."""

    dataset: str
    concept: str
    catalog: str
    status: Status
    origin: str
    account: str
    time: datetime
    keyword: str | None = None
    language: str | None = None
    confidence: float | None = None


class TagDecisions:
    """The decisions about tags; the last one about a concept for a dataset holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rejected(self, catalog: str) -> set[tuple[str, str]]:
        """The pairs of dataset and concept that must not be made tags of again by a machine."""
        rejected = select(TagDecisionRow.dataset, TagDecisionRow.concept).where(
            TagDecisionRow.catalog == catalog, TagDecisionRow.status == Status.REJECTED
        )
        with Session(self._engine) as session:
            return {(dataset, concept) for dataset, concept in session.execute(rejected)}

    def of(self, datasets: Collection[str]) -> list[Decision]:
        """All decisions about some datasets, by dataset and concept."""
        asked = (
            select(TagDecisionRow)
            .where(TagDecisionRow.dataset.in_(datasets))
            .order_by(TagDecisionRow.dataset, TagDecisionRow.concept)
        )
        with Session(self._engine) as session:
            return [_decision(row) for row in session.scalars(asked)]

    def keep(self, *decisions: Decision) -> None:
        """Keep decisions that change no tag."""
        with Session(self._engine) as session, session.begin():
            for decision in decisions:
                keep_decision(session, decision)


def keep_decision(session: Session, decision: Decision) -> None:
    """Keep a decision, in place of an earlier one, in a transaction that somebody else ends.

    What was suggested and is taken away again keeps the words that had led to it.
    """
    found = session.get(TagDecisionRow, (decision.dataset, decision.concept))
    before = _decision(found) if found else None
    keyword = decision.keyword
    if keyword is None and before and before.origin == decision.origin == SUGGESTED:
        keyword = before.keyword
    kept = replace(decision, keyword=keyword)
    session.merge(
        TagDecisionRow(
            dataset=kept.dataset,
            concept=kept.concept,
            catalog=kept.catalog,
            status=str(kept.status),
            origin=kept.origin,
            account=kept.account,
            time=kept.time,
            keyword=kept.keyword,
            language=kept.language,
            confidence=kept.confidence,
        )
    )
    for told, step in ((before, -1), (kept, 1)):
        if told and told.origin == SUGGESTED and told.keyword is not None:
            is_accepted = told.status is Status.CONFIRMED
            count_answer(session, told.concept, told.keyword, accepted=is_accepted, step=step)


def _decision(row: TagDecisionRow) -> Decision:
    return Decision(
        row.dataset,
        row.concept,
        row.catalog,
        Status(row.status),
        row.origin,
        row.account,
        row.time,
        row.keyword,
        row.language,
        row.confidence,
    )
