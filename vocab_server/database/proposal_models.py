"""The tables of proposals: what people ask of a vocabulary, and what is said about it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vocab_server.database.models import NAME, Base, UtcTime

WORD = 20  # characters of a kind or a state


class ProposalRow(Base):
    """What somebody asks of a vocabulary.

    ``account`` is who proposed it, or else ``name`` and ``email`` as they were typed: these two
    are never shown. ``follow`` is the secret in the address where who proposed it follows it.
    ``made`` is the concept that it became, ``votes`` how many want it too.
    """

    __tablename__ = "proposal"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  (SQLAlchemy's own form)

    id: Mapped[int] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(Text, index=True)
    kind: Mapped[str] = mapped_column(String(WORD))
    state: Mapped[str] = mapped_column(String(WORD), index=True)
    title: Mapped[str] = mapped_column(Text)
    title_language: Mapped[str] = mapped_column(String(50))
    concept: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    label_language: Mapped[str] = mapped_column(String(50))
    is_preferred: Mapped[bool]
    definition: Mapped[str] = mapped_column(Text)
    broader: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    dataset_title: Mapped[str] = mapped_column(Text)
    dataset_url: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(String(NAME), index=True)
    name: Mapped[str] = mapped_column(String(NAME))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(50))
    follow: Mapped[str] = mapped_column(String(64), unique=True)
    created: Mapped[datetime] = mapped_column(UtcTime, index=True)
    votes: Mapped[int] = mapped_column(default=0, index=True)
    draft: Mapped[int | None] = mapped_column(ForeignKey("draft.id"), index=True)
    made: Mapped[str] = mapped_column(Text, default="")


class ProposalEntryRow(Base):
    """Something that was done with a proposal, or said about it.

    ``account`` is "" where it was the proposer, who has none. ``told`` once those whom it
    concerns have their notices.
    """

    __tablename__ = "proposal_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    kind: Mapped[str] = mapped_column(String(WORD))
    account: Mapped[str] = mapped_column(String(NAME))
    time: Mapped[datetime] = mapped_column(UtcTime)
    text: Mapped[str] = mapped_column(Text)
    told: Mapped[bool] = mapped_column(default=False, index=True)


class ProposalVoteRow(Base):
    """Somebody who wants a proposal too."""

    __tablename__ = "proposal_vote"

    proposal: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    time: Mapped[datetime] = mapped_column(UtcTime)


class ProposalPolicyRow(Base):
    """Who may propose something for a vocabulary, where it is not as usual."""

    __tablename__ = "proposal_policy"

    graph: Mapped[str] = mapped_column(Text, primary_key=True)
    audience: Mapped[str] = mapped_column(String(WORD))
