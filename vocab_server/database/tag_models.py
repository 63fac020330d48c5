"""The table of decisions about tags: who made them, and what was rejected."""

from datetime import datetime

from sqlalchemy import Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

SHORT = 20  # characters of an origin or a status
PHRASE = 200  # characters of the words that led to a suggestion


class TagDecisionRow(Base):
    """The last decision about one concept for one dataset.

    ``status`` is confirmed or rejected. ``keyword`` and ``language`` are what a tag was made of, of
    what was suggested the words that led to it, "" for what other datasets have,
    and ``confidence`` how sure we were, from 0 to 1, where it was suggested.
    """

    __tablename__ = "tag_decision"

    dataset: Mapped[str] = mapped_column(Text, primary_key=True)
    concept: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    catalog: Mapped[str] = mapped_column(String(NAME), index=True)
    status: Mapped[str] = mapped_column(String(SHORT))
    origin: Mapped[str] = mapped_column(String(SHORT))
    account: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
    keyword: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None] = mapped_column(Float)


class SuggestionAnswerRow(Base):
    """How often a concept was accepted and dismissed where ``phrase`` led to it.

    "" stands for what other datasets have.
    """

    __tablename__ = "suggestion_answer"

    concept: Mapped[str] = mapped_column(Text, primary_key=True)
    phrase: Mapped[str] = mapped_column(String(PHRASE), primary_key=True)
    accepted: Mapped[int] = mapped_column(Integer)
    dismissed: Mapped[int] = mapped_column(Integer)
