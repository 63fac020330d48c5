"""The tables of notices: what people are told, how they want it, and mail that is on its way."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

WORD = 30  # characters of a kind of notice or the name of a duty


class NoticeRow(Base):
    """Something that an account is told: ``subject`` is the number of a draft or a proposal."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_account_read", "account", "read"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(WORD))
    subject: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(NAME))
    text: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcTime)
    read: Mapped[datetime | None] = mapped_column(UtcTime)


class NoticePreferenceRow(Base):
    """The language of an account's mail, and the kinds of notices that are not mailed to it."""

    __tablename__ = "notice_preference"

    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(50))
    unmailed: Mapped[str] = mapped_column(Text)  # words with spaces between


class MailRow(Base):
    """A mail that is to be sent; it goes when it is.

    ``due`` is when to try next, or None when we gave up; ``attempts`` were in vain so far, the
    last one for ``problem``.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    unsubscribe: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(UtcTime)
    due: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")


class LeaseRow(Base):
    """A duty in the background, and which process has it until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcTime)
