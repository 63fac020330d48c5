"""The table of decisions about keywords."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

SHORT = 20  # characters of a verdict


class KeywordDecisionRow(Base):
    """What a word means in every catalog; ``form`` is its normal form.

    ``concept`` is "" unless the verdict is that it is one. ``draft`` is where the word became a
    label, by the change ``act`` of it, and ``proposal`` what was made of it.
    """

    __tablename__ = "keyword_decision"

    form: Mapped[str] = mapped_column(Text, primary_key=True)
    verdict: Mapped[str] = mapped_column(String(SHORT))
    concept: Mapped[str] = mapped_column(Text, index=True)
    proposal: Mapped[int | None] = mapped_column(Integer)
    draft: Mapped[int | None] = mapped_column(Integer)
    act: Mapped[int | None] = mapped_column(Integer)
    account: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
