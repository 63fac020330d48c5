"""The tables of scores: what each dataset has now, what each place had on each day."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import Base, UtcTime

KIND = 20  # characters of a kind of place


class DatasetScoreRow(Base):
    """The scores of a dataset now; ``results`` is a JSON list, in the order of the tables.

    ``lacking`` has a bit for each metric that fails. ``unknown`` is how many points nobody looked
    at yet.
    """

    __tablename__ = "dataset_score"

    iri: Mapped[str] = mapped_column(Text, primary_key=True)
    mqa: Mapped[int] = mapped_column(Integer)
    tags: Mapped[int] = mapped_column(Integer)
    unknown: Mapped[int] = mapped_column(Integer)
    lacking: Mapped[int] = mapped_column(BigInteger)
    results: Mapped[str] = mapped_column(Text)


class ScorePlaceRow(Base):
    """Which catalogs and publishers a scored dataset belongs to."""

    __tablename__ = "score_place"

    place: Mapped[str] = mapped_column(Text, primary_key=True)
    iri: Mapped[str] = mapped_column(Text, primary_key=True, index=True)


class PastScoreRow(Base):
    """The scores of a dataset from a day on, until the next row."""

    __tablename__ = "past_score"

    iri: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    mqa: Mapped[int] = mapped_column(Integer)
    tags: Mapped[int] = mapped_column(Integer)


class ScoreSummaryRow(Base):
    """The mean scores of a place from a day on, until the next row; ``details`` is JSON."""

    __tablename__ = "score_summary"

    place: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND), index=True)
    datasets: Mapped[int] = mapped_column(Integer)
    mqa: Mapped[float] = mapped_column(Float)
    tags: Mapped[float] = mapped_column(Float)
    details: Mapped[str] = mapped_column(Text)


class ScoringRow(Base):
    """How far scoring has come: one row. ``number`` is the last change that it has seen.

    ``rules`` names the tables it went by, ``whole`` is when all was last scored.
    """

    __tablename__ = "scoring"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    rules: Mapped[str] = mapped_column(String(64))
    whole: Mapped[datetime | None] = mapped_column(UtcTime)
    ended: Mapped[datetime | None] = mapped_column(UtcTime)
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
