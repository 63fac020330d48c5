"""What was decided about free keywords, by their normal forms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from vocab_server.database.keyword_models import KeywordDecisionRow

ASKED = 500  # forms that one query looks up


class Verdict(StrEnum):
    """What a keyword is."""

    CONCEPT = "concept"
    """A concept of a vocabulary here."""

    NO_TOPIC = "no-topic"
    """Not what data is about: a place, a publisher, a format."""

    NEEDED = "needed"
    """A topic that no vocabulary here has a concept for."""


@dataclass(frozen=True, slots=True)
class KeywordDecision:
    """What a keyword is, in every catalog; see KeywordDecisionRow."""

    form: str
    verdict: Verdict
    account: str
    time: datetime
    concept: str = ""
    proposal: int | None = None
    draft: int | None = None
    act: int | None = None


class KeywordDecisions:
    """The decisions about keywords; the last one about a form holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def forms(self) -> set[str]:
        """The forms that something was decided about."""
        with Session(self._engine) as session:
            return set(session.scalars(select(KeywordDecisionRow.form)))

    def concepts(self) -> dict[str, str]:
        """The concept of each form that is one."""
        asked = select(KeywordDecisionRow.form, KeywordDecisionRow.concept).where(
            KeywordDecisionRow.verdict == Verdict.CONCEPT
        )
        with Session(self._engine) as session:
            return {row.form: row.concept for row in session.execute(asked)}

    def verdicts(self) -> dict[str, Verdict]:
        """What each form that something was decided about is."""
        asked = select(KeywordDecisionRow.form, KeywordDecisionRow.verdict)
        with Session(self._engine) as session:
            return {row.form: Verdict(row.verdict) for row in session.execute(asked)}

    def verdicts_of(self, forms: Iterable[str]) -> dict[str, Verdict]:
        """What those of the forms are that something was decided about; a query for each ASKED."""
        listed = sorted(set(forms))
        found: dict[str, Verdict] = {}
        with Session(self._engine) as session:
            for start in range(0, len(listed), ASKED):
                some = KeywordDecisionRow.form.in_(listed[start : start + ASKED])
                asked = select(KeywordDecisionRow.form, KeywordDecisionRow.verdict).where(some)
                found |= {row.form: Verdict(row.verdict) for row in session.execute(asked)}
        return found

    def find(self, form: str) -> KeywordDecision | None:
        """What was decided about a form, or None."""
        with Session(self._engine) as session:
            row = session.get(KeywordDecisionRow, form)
            return _decision(row) if row else None

    def page(self, *, limit: int, offset: int = 0) -> tuple[list[KeywordDecision], int]:
        """A page of the decisions, the latest first, and how many there are."""
        asked = select(KeywordDecisionRow).order_by(
            KeywordDecisionRow.time.desc(), KeywordDecisionRow.form
        )
        with Session(self._engine) as session:
            found = [_decision(row) for row in session.scalars(asked.limit(limit).offset(offset))]
            total = session.scalar(select(func.count()).select_from(KeywordDecisionRow))
            return found, total or 0

    def keep(self, decision: KeywordDecision) -> None:
        """Keep a decision, in place of an earlier one."""
        with Session(self._engine) as session, session.begin():
            keep_keyword(session, decision)

    def forget(self, form: str) -> None:
        """Let a keyword be undecided again."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(KeywordDecisionRow).where(KeywordDecisionRow.form == form))


def keep_keyword(session: Session, decision: KeywordDecision) -> None:
    """Keep a decision, in place of an earlier one, in a transaction that somebody else ends."""
    names = KeywordDecision.__dataclass_fields__
    session.merge(KeywordDecisionRow(**{name: getattr(decision, name) for name in names}))


def _decision(row: KeywordDecisionRow) -> KeywordDecision:
    return KeywordDecision(
        form=row.form,
        verdict=Verdict(row.verdict),
        account=row.account,
        time=row.time,
        concept=row.concept,
        proposal=row.proposal,
        draft=row.draft,
        act=row.act,
    )
