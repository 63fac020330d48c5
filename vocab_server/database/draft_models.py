"""The tables of drafts: what is in work, and what is said about it; none of it is published."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, ChangeColumns, PartColumns, UtcTime

STATE = 20  # characters of a state or a verdict


class DraftRow(Base):
    """A draft of one vocabulary.

    ``base`` is the number of the published change that it starts from; ``generation`` counts how
    often it was given another base. ``published`` is the change it became.
    """

    __tablename__ = "draft"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  (SQLAlchemy's own form)

    id: Mapped[int] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(Text, index=True)
    title: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(STATE), index=True)
    author: Mapped[str] = mapped_column(String(NAME))
    base: Mapped[int]
    generation: Mapped[int] = mapped_column(default=1)
    created: Mapped[datetime] = mapped_column(UtcTime)
    modified: Mapped[datetime] = mapped_column(UtcTime, index=True)
    scheduled: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    scheduled_by: Mapped[str | None] = mapped_column(String(NAME))
    published: Mapped[int | None] = mapped_column(ForeignKey("change.number"))


class DraftChangeRow(ChangeColumns, Base):
    """One change in a draft; those of earlier generations are kept as they were."""

    __tablename__ = "draft_change"
    __table_args__ = (
        UniqueConstraint("draft", "generation", "position"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    generation: Mapped[int]
    position: Mapped[int]


class DraftChangePart(PartColumns, Base):
    """A block of a change in a draft."""

    __tablename__ = "draft_change_part"

    change: Mapped[int] = mapped_column(ForeignKey("draft_change.id"), primary_key=True)


class DraftCommentRow(Base):
    """Something said about a draft, or about one concept in it."""

    __tablename__ = "draft_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    concept: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
    text: Mapped[str] = mapped_column(Text)
    resolved: Mapped[bool] = mapped_column(default=False)


class DraftReviewRow(Base):
    """A step of a draft from one state to another, and who took it with what words.

    ``told`` once those whom it concerns have their notices.
    """

    __tablename__ = "draft_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    author: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
    verdict: Mapped[str] = mapped_column(String(STATE))
    text: Mapped[str] = mapped_column(Text)
    told: Mapped[bool] = mapped_column(default=False, index=True)


class AddressRow(Base):
    """An IRI that a draft gave to something: nobody else may ever give it out."""

    __tablename__ = "address"

    iri: Mapped[str] = mapped_column(Text, primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"))


class PolicyRow(Base):
    """How a vocabulary is edited and reviewed, where it is not as usual."""

    __tablename__ = "review_policy"

    graph: Mapped[str] = mapped_column(Text, primary_key=True)
    allows_own_approval: Mapped[bool]
    address: Mapped[str] = mapped_column(String(STATE), default="label", server_default="label")
    prefix: Mapped[str] = mapped_column(Text, default="", server_default="")
    digits: Mapped[int] = mapped_column(default=1, server_default="1")
    notation_pattern: Mapped[str] = mapped_column(Text, default="", server_default="")
