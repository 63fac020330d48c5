"""The tables of the change log (SQLAlchemy 2 declarative)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAME = 200  # characters of an account's name


class Base(DeclarativeBase):
    """What all tables share."""


class UtcTime(TypeDecorator[datetime]):
    """A moment; SQLite keeps no time zone, so all are kept in UTC and come back with it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """See TypeDecorator."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """See TypeDecorator."""
        return value.replace(tzinfo=UTC) if value else None  # a session is in UTC


class ChangeColumns:
    """What is kept of every change, published or in a draft.

    ``details`` tells programs what the message tells people: the act and what it was done to.
    """

    author: Mapped[str] = mapped_column(String(NAME))
    message: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcTime, index=True)
    added: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    checksum: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class PartColumns:
    """A block of the statements of a change: compressed lines of N-Triples."""

    position: Mapped[int] = mapped_column(primary_key=True)
    is_removal: Mapped[bool]
    lines: Mapped[bytes] = mapped_column(LargeBinary)


class ChangeRow(ChangeColumns, Base):
    """One published change of one named graph; rows are only ever added."""

    __tablename__ = "change"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  (SQLAlchemy's own form)

    number: Mapped[int] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(Text, index=True)
    parts: Mapped[list["ChangePart"]] = relationship(
        order_by="ChangePart.position", cascade="all, delete-orphan"
    )


class ChangePart(PartColumns, Base):
    """A block of a published change."""

    __tablename__ = "change_part"

    change: Mapped[int] = mapped_column(ForeignKey("change.number"), primary_key=True)


class WithdrawnRow(Base):
    """An IRI that was withdrawn: it answers 410 for ever."""

    __tablename__ = "withdrawn"

    iri: Mapped[str] = mapped_column(Text, primary_key=True)
    graph: Mapped[str] = mapped_column(Text, index=True)
    change: Mapped[int] = mapped_column(ForeignKey("change.number"))
    reason: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcTime)
