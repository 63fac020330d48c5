"""What people answered to suggestions: how often each was accepted and how often dismissed.

Counted by concept and by the words that led to it, so that one word that misleads is not held
against the others. A dataset counts once for a concept, with the last that was decided.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vocab_server.database.tag_models import PHRASE, SuggestionAnswerRow


@dataclass(frozen=True, slots=True)
class Answers:
    """How often a suggestion was accepted, and how often dismissed."""

    accepted: int = 0
    dismissed: int = 0


class SuggestionAnswers:
    """The answers to suggestions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, pairs: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Answers]:
        """What was answered, by concept and the words that led to it; what never was is left out.

        One query, for at most some hundred pairs.
        """
        table = SuggestionAnswerRow
        asked = select(table).where(
            table.concept.in_({concept for concept, _ in pairs}),
            table.phrase.in_({phrase[:PHRASE] for _, phrase in pairs}),
        )
        with Session(self._engine) as session:
            return {
                (row.concept, row.phrase): Answers(row.accepted, row.dismissed)
                for row in session.scalars(asked)
            }


def count_answer(
    session: Session, concept: str, phrase: str, *, accepted: bool, step: int = 1
) -> None:
    """Count an answer, or with a ``step`` of -1 take one back."""
    key = {"concept": concept, "phrase": phrase[:PHRASE]}
    row = session.get(SuggestionAnswerRow, key)
    if row is None:
        row = SuggestionAnswerRow(**key, accepted=0, dismissed=0)
        session.add(row)
    if accepted:
        row.accepted = max(0, row.accepted + step)
    else:
        row.dismissed = max(0, row.dismissed + step)
    session.flush()
