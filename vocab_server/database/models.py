"""The tables of the database (SQLAlchemy 2 declarative)."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """What all tables share."""


class ChangeRow(Base):
    """One change of one named graph; rows are only ever added."""

    __tablename__ = "change"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  (SQLAlchemy's own form)

    number: Mapped[int] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(Text, index=True)
    author: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    added: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    checksum: Mapped[str] = mapped_column(String(64), default="")
    parts: Mapped[list["ChangePart"]] = relationship(
        order_by="ChangePart.position", cascade="all, delete-orphan"
    )


class ChangePart(Base):
    """A block of the statements of a change: compressed lines of N-Triples."""

    __tablename__ = "change_part"

    change: Mapped[int] = mapped_column(ForeignKey("change.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    is_removal: Mapped[bool]
    lines: Mapped[bytes] = mapped_column(LargeBinary)
