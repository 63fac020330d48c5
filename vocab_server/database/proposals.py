"""Proposals as the database keeps them: what is asked, what was said, and who wants it too."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from rdflib import URIRef
from sqlalchemy import Engine, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from vocab_server.database.proposal_models import (
    ProposalEntryRow,
    ProposalPolicyRow,
    ProposalRow,
    ProposalVoteRow,
)
from vocab_server.errors import ConflictError, NotFoundError

ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (ProposalRow.id.desc(),),
    "votes": (ProposalRow.votes.desc(), ProposalRow.id.desc()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a proposal asks for; "" for what it does not say.

    ``concept`` is what it is about, ``broader`` where it should stand (the top when "").
    ``is_preferred`` says whether the label is to be the preferred one.
    """

    graph: URIRef
    kind: str
    concept: str = ""
    label: str = ""
    label_language: str = ""
    is_preferred: bool = True
    definition: str = ""
    broader: str = ""
    reason: str = ""
    dataset_title: str = ""
    dataset_url: str = ""


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who proposes something: an account, or a name and an e-mail address, or nobody known.

    ``language`` is the one that they are written to in.
    """

    account: str = ""
    name: str = ""
    email: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal at the moment it was read."""

    id: int
    asked: Asked
    proposer: Proposer
    state: str
    title: str
    title_language: str
    follow: str
    created: datetime
    votes: int
    draft: int | None
    made: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something done or said: ``account`` is "" for a proposer who has none."""

    id: int
    kind: str
    account: str
    time: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Title:
    """What a proposal is called in lists, and in which language."""

    text: str
    language: str


class Proposals:
    """The proposals for all vocabularies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, asked: Asked, proposer: Proposer, title: Title, follow: str, state: str, kind: str
    ) -> Proposal:
        """A new proposal, and ``kind`` as the first entry of its story."""
        now = datetime.now(UTC)
        row = ProposalRow(
            **asdict(asked) | {"graph": str(asked.graph)},
            **asdict(proposer),
            title=title.text,
            title_language=title.language,
            follow=follow,
            state=state,
            created=now,
            votes=0,
            made="",
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            session.add(_entry(row.id, kind, proposer.account, "", now))
            return _proposal(row)

    def get(self, identifier: int) -> Proposal:
        """The proposal with this number. Raises NotFoundError."""
        with Session(self._engine) as session:
            row = session.get(ProposalRow, identifier)
            if row is None:
                raise NotFoundError("There is no proposal %(proposal)s.", proposal=identifier)
            return _proposal(row)

    def followed(self, secret: str) -> Proposal:
        """The proposal that somebody follows at an address. Raises NotFoundError."""
        with Session(self._engine) as session:
            row = session.scalar(select(ProposalRow).where(ProposalRow.follow == secret))
            if row is None:
                raise NotFoundError("There is no proposal at this address. Check that it is whole.")
            return _proposal(row)

    def page(
        self,
        *,
        graph: URIRef | None = None,
        states: Sequence[str] = (),
        shown: Sequence[str] | None = None,
        order: str = "newest",
        limit: int,
        offset: int = 0,
    ) -> tuple[list[Proposal], int]:
        """A page of the chosen proposals, and how many there are.

        With ``shown`` only what an account proposed, and what is in one of these states.
        """
        chosen = []
        if graph is not None:
            chosen.append(ProposalRow.graph == str(graph))
        if states:
            chosen.append(ProposalRow.state.in_(states))
        if shown is not None:
            chosen.append(or_(ProposalRow.account != "", ProposalRow.state.in_(shown)))
        rows = select(ProposalRow).where(*chosen).order_by(*ORDERS[order])
        count = select(func.count()).select_from(ProposalRow).where(*chosen)
        with Session(self._engine) as session:
            found = [_proposal(row) for row in session.scalars(rows.limit(limit).offset(offset))]
            return found, session.scalar(count) or 0

    def into(self, draft: int, state: str) -> list[Proposal]:
        """The proposals in a state that went into a draft, oldest first."""
        chosen = select(ProposalRow).where(ProposalRow.draft == draft, ProposalRow.state == state)
        with Session(self._engine) as session:
            return list(map(_proposal, session.scalars(chosen.order_by(ProposalRow.id))))

    def entries(
        self, proposal: int, *, limit: int, offset: int = 0, kind: str = ""
    ) -> tuple[list[Entry], int]:
        """A page of what was done and said, or of one kind of that, oldest first; how much."""
        chosen = [ProposalEntryRow.proposal == proposal]
        if kind:
            chosen.append(ProposalEntryRow.kind == kind)
        rows: Select[Any] = select(ProposalEntryRow).where(*chosen)
        count = select(func.count()).select_from(ProposalEntryRow).where(*chosen)
        part = rows.order_by(ProposalEntryRow.id).limit(limit).offset(offset)
        with Session(self._engine) as session:
            found = [Entry(r.id, r.kind, r.account, r.time, r.text) for r in session.scalars(part)]
            return found, session.scalar(count) or 0

    def say(self, proposal: int, kind: str, account: str, text: str) -> Entry:
        """Add to the story of a proposal."""
        row = _entry(proposal, kind, account, text, datetime.now(UTC))
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            return Entry(row.id, kind, account, row.time, text)

    def step(self, proposal: Proposal, state: str, account: str, text: str) -> Proposal:
        """The proposal in another state. Raises ConflictError when it is not what was read."""
        with Session(self._engine) as session, session.begin():
            record_state(session, proposal, state, account, text)
        return self.get(proposal.id)

    def run(self, act: Callable[[Session], None]) -> None:
        """Do something in a transaction."""
        with Session(self._engine) as session, session.begin():
            act(session)

    def forget_email(self, proposal: int) -> None:
        """Write no more to who proposed something and has no account."""
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(ProposalRow).where(ProposalRow.id == proposal).values({"email": ""})
            )

    def vote(self, proposal: int, account: str, *, wants: bool) -> int:
        """Let an account want a proposal, or no longer; how many want it now.

        Raises NotFoundError.
        """
        with Session(self._engine) as session, session.begin():
            # The row is locked first, so that votes at the same time are all counted.
            own = ProposalRow.id == proposal
            locked = session.connection().execute(
                update(ProposalRow).where(own).values(votes=ProposalRow.votes)
            )
            if not locked.rowcount:
                raise NotFoundError("There is no proposal %(proposal)s.", proposal=proposal)
            _set_vote(session, proposal, account, wants)
            votes = session.scalar(_count_votes(proposal)) or 0
            session.execute(update(ProposalRow).where(own).values(votes=votes))
            return votes

    def has_vote(self, proposal: int, account: str) -> bool:
        """Whether an account wants a proposal."""
        with Session(self._engine) as session:
            return session.get(ProposalVoteRow, (proposal, account)) is not None

    def audience(self, graph: URIRef) -> str | None:
        """Who may propose something for a vocabulary, None where nobody has said."""
        with Session(self._engine) as session:
            row = session.get(ProposalPolicyRow, str(graph))
            return row.audience if row else None

    def set_audience(self, graph: URIRef, audience: str) -> None:
        """Set who may propose something for a vocabulary."""
        with Session(self._engine) as session, session.begin():
            session.merge(ProposalPolicyRow(graph=str(graph), audience=audience))


def record_state(
    session: Session, proposal: Proposal, state: str, account: str, text: str, **columns: Any
) -> None:
    """Bring a proposal into a state, with who did it and what they said.

    Raises ConflictError when it is no longer in the state that was read.
    """
    chosen = update(ProposalRow).where(
        ProposalRow.id == proposal.id, ProposalRow.state == proposal.state
    )
    if proposal.draft is not None:
        chosen = chosen.where(ProposalRow.draft == proposal.draft)
    changed = session.connection().execute(chosen.values({"state": state, **columns}))
    if not changed.rowcount:
        raise ConflictError(
            "Somebody else decided on proposal %(proposal)s meanwhile. Look.", proposal=proposal.id
        )
    session.add(_entry(proposal.id, state, account, text, datetime.now(UTC)))


def _set_vote(session: Session, proposal: int, account: str, wants: bool) -> None:
    there = session.get(ProposalVoteRow, (proposal, account))
    if wants and there is None:
        session.add(ProposalVoteRow(proposal=proposal, account=account, time=datetime.now(UTC)))
    if not wants:
        session.execute(
            delete(ProposalVoteRow).where(
                ProposalVoteRow.proposal == proposal, ProposalVoteRow.account == account
            )
        )
    session.flush()


def _count_votes(proposal: int) -> Select[Any]:
    votes = select(func.count()).select_from(ProposalVoteRow)
    return votes.where(ProposalVoteRow.proposal == proposal)


def _entry(proposal: int, kind: str, account: str, text: str, time: datetime) -> ProposalEntryRow:
    return ProposalEntryRow(
        proposal=proposal, kind=kind, account=account, time=time, text=text, told=False
    )


def _proposal(row: ProposalRow) -> Proposal:
    asked = {name: getattr(row, name) for name in Asked.__dataclass_fields__}
    return Proposal(
        id=row.id,
        asked=Asked(**asked | {"graph": URIRef(row.graph)}),
        proposer=Proposer(row.account, row.name, row.email, row.language),
        state=row.state,
        title=row.title,
        title_language=row.title_language,
        follow=row.follow,
        created=row.created,
        votes=row.votes,
        draft=row.draft,
        made=row.made,
    )
