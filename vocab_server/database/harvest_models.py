"""The tables of harvests: sources, runs, and which datasets each source had."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

SHORT = 20  # characters of a kind or an outcome
DIGEST = 32  # characters


class HarvestSourceRow(Base):
    """Where a catalog is harvested from; ``every`` is in hours, 0 for only by hand.

    ``due`` is when it is next, None for never.
    """

    __tablename__ = "harvest_source"

    catalog: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    kind: Mapped[str] = mapped_column(String(SHORT))
    address: Mapped[str] = mapped_column(Text)
    every: Mapped[int] = mapped_column(Integer)
    due: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    etag: Mapped[str] = mapped_column(Text)
    last_modified: Mapped[str] = mapped_column(Text)


class HarvestRunRow(Base):
    """One run; the counts are of datasets, ``problems`` a JSON list of sentences.

    ``told`` once those who look after the catalog have their notices, if it is worth one.
    """

    __tablename__ = "harvest_run"
    __table_args__ = (Index("ix_harvest_run_catalog", "catalog", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    catalog: Mapped[str] = mapped_column(String(NAME))
    started: Mapped[datetime] = mapped_column(UtcTime)
    ended: Mapped[datetime] = mapped_column(UtcTime)
    author: Mapped[str] = mapped_column(String(NAME))
    outcome: Mapped[str] = mapped_column(String(SHORT))
    added: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    removed: Mapped[int] = mapped_column(Integer)
    unchanged: Mapped[int] = mapped_column(Integer)
    missing: Mapped[int] = mapped_column(Integer)
    problems: Mapped[str] = mapped_column(Text)
    number: Mapped[int | None] = mapped_column(Integer)
    told: Mapped[bool] = mapped_column(default=False, index=True)


class HarvestItemRow(Base):
    """A dataset that a source had; since when, and for how many runs, it has not.

    ``gone`` is when it was given up and taken out, ``identifier`` the one in addresses here.
    """

    __tablename__ = "harvest_item"

    catalog: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    dataset: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    identifier: Mapped[str] = mapped_column(Text, index=True)
    digest: Mapped[str] = mapped_column(String(DIGEST))
    title: Mapped[str] = mapped_column(Text)
    missing_since: Mapped[datetime | None] = mapped_column(UtcTime)
    missing_runs: Mapped[int] = mapped_column(Integer)
    gone: Mapped[datetime | None] = mapped_column(UtcTime)
