"""The tables of quality control: what is asked for and accepted, what was found, who mends it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

CHECK = 20  # characters of a check's id
IDENTITY = 32  # characters of a finding's identity


class QualitySettingsRow(Base):
    """What a vocabulary asks for where it is not as usual: levels by check, languages."""

    __tablename__ = "quality_settings"

    graph: Mapped[str] = mapped_column(Text, primary_key=True)
    levels: Mapped[dict[str, Any]] = mapped_column(JSON)
    languages: Mapped[list[Any]] = mapped_column(JSON)


class QualityExceptionRow(Base):
    """A finding that somebody accepted, or all of a check when ``identity`` is empty."""

    __tablename__ = "quality_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(Text, index=True)
    check_id: Mapped[str] = mapped_column(String(CHECK))
    identity: Mapped[str] = mapped_column(String(IDENTITY))
    focus: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[date | None] = mapped_column(Date)


class QualityRunRow(Base):
    """What the checks found in a state of a vocabulary: counts by check, ``number`` in the log."""

    __tablename__ = "quality_run"

    graph: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    time: Mapped[datetime] = mapped_column(UtcTime)
    seconds: Mapped[float]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class FindingTaskRow(Base):
    """Who looks after a finding."""

    __tablename__ = "finding_task"

    graph: Mapped[str] = mapped_column(Text, primary_key=True)
    identity: Mapped[str] = mapped_column(String(IDENTITY), primary_key=True)
    check_id: Mapped[str] = mapped_column(String(CHECK))
    focus: Mapped[str] = mapped_column(Text)
    assignee: Mapped[str] = mapped_column(String(NAME), index=True)
    author: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)


class FindingCommentRow(Base):
    """What somebody said about a finding."""

    __tablename__ = "finding_comment"
    __table_args__ = (Index("ix_finding_comment_finding", "graph", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(Text)
    identity: Mapped[str] = mapped_column(String(IDENTITY))
    check_id: Mapped[str] = mapped_column(String(CHECK))
    focus: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
    text: Mapped[str] = mapped_column(Text)
