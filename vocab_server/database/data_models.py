"""The tables of link checks, and of checks of data."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

SHORT = 20  # characters of a state or a kind


class LinkRow(Base):
    """An address in a catalog: what its server answered last, and when it is asked again.

    ``status`` is that of HTTP, 0 where nothing answered, None while nothing is known. ``successes``
    and ``failures`` are how many came last in a row.
    """

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_host", "host", "due"),)

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    due: Mapped[datetime] = mapped_column(UtcTime, index=True)
    checked: Mapped[datetime | None] = mapped_column(UtcTime)
    status: Mapped[int | None] = mapped_column(Integer)
    trouble: Mapped[str] = mapped_column(String(SHORT))
    media_type: Mapped[str] = mapped_column(Text)
    last_modified: Mapped[str] = mapped_column(Text)
    successes: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)


class LinkHostRow(Base):
    """A server, and from when on it may be asked again."""

    __tablename__ = "link_host"

    host: Mapped[str] = mapped_column(Text, primary_key=True)
    free: Mapped[datetime] = mapped_column(UtcTime)


class DataCheckRow(Base):
    """The check of a distribution's file: the one that waits or runs, and what the last found.

    ``report`` is a DataReport as JSON, None until there is one; ``url`` what was fetched. Scores
    are from 0 to 100, None where nothing can be told; ``violations`` are places to be corrected.
    """

    __tablename__ = "data_check"
    __table_args__ = (Index("ix_data_check_catalog", "catalog", "violations"),)

    distribution: Mapped[str] = mapped_column(Text, primary_key=True)
    dataset: Mapped[str] = mapped_column(Text, index=True)
    state: Mapped[str] = mapped_column(String(SHORT), index=True)
    asked: Mapped[datetime] = mapped_column(UtcTime)
    account: Mapped[str] = mapped_column(String(NAME))
    catalog: Mapped[str] = mapped_column(String(NAME))
    started: Mapped[datetime | None] = mapped_column(UtcTime)
    ended: Mapped[datetime | None] = mapped_column(UtcTime)
    url: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    violations: Mapped[int] = mapped_column(Integer)
    values_score: Mapped[float | None] = mapped_column(Float)
    metadata_score: Mapped[float | None] = mapped_column(Float)
    management_score: Mapped[float | None] = mapped_column(Float)


class DataColumnRow(Base):
    """A column that is declared to hold concepts of a vocabulary; see DataJob.concepts."""

    __tablename__ = "data_column"

    distribution: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    scheme: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(SHORT))
