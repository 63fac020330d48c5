"""Who is told of what: steps of drafts, entries of proposals and failed harvests become notices.

The steps themselves are the queue: they are kept, not yet told, in the transaction of what
happened, so nothing is told that did not happen, nothing is lost, and no request waits.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from vocab_server.accounts.roles import EVERYWHERE, Permission, roles_with
from vocab_server.database.account_models import AccountRow, GrantRow
from vocab_server.database.draft_models import DraftChangeRow, DraftReviewRow, DraftRow
from vocab_server.database.harvest_models import HarvestRunRow
from vocab_server.database.harvests import Outcome
from vocab_server.database.notice_models import MailRow, NoticeRow
from vocab_server.database.notices import Preference, preferences
from vocab_server.database.proposal_models import ProposalEntryRow, ProposalRow
from vocab_server.editing.proposing import Did
from vocab_server.editing.proposing import State as ProposalState
from vocab_server.editing.workflow import State

MOST = 100  # things that happened and are told in one transaction
LONGEST = 1_000  # characters of what somebody said that go into a notice


class About(StrEnum):
    """What people are told of."""

    PROPOSED = "proposal-made"
    COMMENTED = "proposal-commented"
    ANSWERED = "proposal-answered"
    ACCEPTED = "proposal-accepted"
    DECLINED = "proposal-declined"
    PROPOSAL_PUBLISHED = "proposal-published"
    SUBMITTED = "draft-submitted"
    CHANGES_REQUESTED = "draft-changes-requested"
    APPROVED = "draft-approved"
    PUBLISHED = "draft-published"
    HARVEST_FAILED = "harvest-failed"


OF_ENTRIES: dict[str, About] = {
    Did.PROPOSED: About.PROPOSED,
    Did.COMMENTED: About.COMMENTED,
    ProposalState.ANSWERED: About.ANSWERED,
    ProposalState.ACCEPTED: About.ACCEPTED,
    ProposalState.DECLINED: About.DECLINED,
}
OF_STEPS: dict[str, About] = {
    State.IN_REVIEW: About.SUBMITTED,
    State.CHANGES_REQUESTED: About.CHANGES_REQUESTED,
    State.APPROVED: About.APPROVED,
    State.PUBLISHED: About.PUBLISHED,
}


@dataclass(frozen=True, slots=True)
class Guest:
    """Who proposed something and has no account: an e-mail address, "" for none."""

    proposal: int
    email: str
    language: str
    follow: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``accounts`` are the names of those who are told of it.

    ``subject`` is the number of a draft, a proposal or a run, whose ``title`` is its catalog.
    """

    about: About
    subject: int
    title: str
    actor: str
    text: str
    time: datetime
    accounts: frozenset[str] = field(default_factory=frozenset)
    guest: Guest | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An event as one person is told of it: an account by its id, or a guest."""

    event: Event
    language: str
    account: int | None
    guest: Guest | None


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in its reader's language; ``unsubscribe`` is the address that ends such letters."""

    subject: str
    text: str
    unsubscribe: str


Write = Callable[[Letter], Written]


def tell(database: Engine, vocabulary_of: Callable[[str], str], write: Write | None) -> int:
    """Make the notices of what was not told yet, up to MOST of each kind; how many events.

    ``vocabulary_of`` gives the id of the vocabulary in a graph; ``write`` makes letters, None
    where no mail is sent.
    """
    with Session(database) as session, session.begin():
        events = [
            *_of_entries(session, vocabulary_of),
            *_of_steps(session, vocabulary_of),
            *_of_harvests(session),
        ]
        for event in events:
            _deliver(session, event, write)
        return len(events)


def _of_entries(session: Session, vocabulary_of: Callable[[str], str]) -> Iterator[Event]:
    untold = (
        select(ProposalEntryRow, ProposalRow)
        .join(ProposalRow, ProposalRow.id == ProposalEntryRow.proposal)
        .where(ProposalEntryRow.told.is_(False))
        .order_by(ProposalEntryRow.id)
        .limit(MOST)
    )
    for entry, proposal in session.execute(untold).all():
        entry.told = True
        about = OF_ENTRIES.get(entry.kind)
        if about is None:
            continue
        concerned = {proposal.account}
        if about is About.PROPOSED:
            concerned = _reviewers(session, vocabulary_of(proposal.graph))
        if about is About.COMMENTED:
            concerned = _discussing(session, entry, proposal, vocabulary_of(proposal.graph))
        is_own = not entry.account  # a guest's own words
        yield _of_proposal(
            proposal, about, entry.account, entry.text, entry.time, concerned, is_own
        )


def _discussing(
    session: Session, entry: ProposalEntryRow, proposal: ProposalRow, vocabulary: str
) -> set[str]:
    """Who said something about a proposal before, and the curators when its proposer speaks."""
    said = select(ProposalEntryRow.account).where(
        ProposalEntryRow.proposal == proposal.id, ProposalEntryRow.id < entry.id
    )
    found = {proposal.account, *session.scalars(said.distinct())}
    is_proposers = entry.account == proposal.account
    return found | (_reviewers(session, vocabulary) if is_proposers else set())


def _of_proposal(
    proposal: ProposalRow,
    about: About,
    actor: str,
    text: str,
    time: datetime,
    accounts: Iterable[str],
    is_own: bool,
) -> Event:
    has_guest = not proposal.account and bool(proposal.email) and not is_own
    guest = Guest(proposal.id, proposal.email, proposal.language, proposal.follow)
    return Event(
        about=about,
        subject=proposal.id,
        title=proposal.title,
        actor=actor,
        text=text[:LONGEST],
        time=time,
        accounts=frozenset(accounts) - {actor, ""},
        guest=guest if has_guest else None,
    )


def _of_steps(session: Session, vocabulary_of: Callable[[str], str]) -> Iterator[Event]:
    untold = (
        select(DraftReviewRow, DraftRow)
        .join(DraftRow, DraftRow.id == DraftReviewRow.draft)
        .where(DraftReviewRow.told.is_(False))
        .order_by(DraftReviewRow.id)
        .limit(MOST)
    )
    for step, draft in session.execute(untold).all():
        step.told = True
        about = OF_STEPS.get(step.verdict)
        if about is None:
            continue
        time = step.time
        concerned = _concerned(session, about, draft, vocabulary_of(draft.graph)) - {step.author}
        text, names = step.text[:LONGEST], frozenset(concerned)
        yield Event(about, draft.id, draft.title, step.author, text, time, names)
        if about is About.PUBLISHED:
            yield from _fulfilled(session, draft, step.author, time)


def _fulfilled(session: Session, draft: DraftRow, actor: str, time: datetime) -> Iterator[Event]:
    """What those are told whose proposals went into a draft that is published now."""
    accepted = select(ProposalRow).where(
        ProposalRow.draft == draft.id, ProposalRow.state == ProposalState.ACCEPTED
    )
    for proposal in session.scalars(accepted.order_by(ProposalRow.id)):
        about, who = About.PROPOSAL_PUBLISHED, {proposal.account}
        yield _of_proposal(proposal, about, actor, "", time, who, is_own=False)


def _of_harvests(session: Session) -> Iterator[Event]:
    """The first of some failed harvests in a row: the next ones fail for the same reason."""
    table = HarvestRunRow
    untold = select(table).where(table.told.is_(False)).order_by(table.id).limit(MOST)
    for run in session.scalars(untold).all():
        run.told = True
        if run.outcome == Outcome.FAILED and _went_well_before(session, run):
            text = " ".join(json.loads(run.problems))[:LONGEST]
            names, time = _publishers(session, run.catalog), run.ended
            yield Event(About.HARVEST_FAILED, run.id, run.catalog, "", text, time, names)


def _went_well_before(session: Session, run: HarvestRunRow) -> bool:
    table = HarvestRunRow
    before = select(table.outcome).where(table.catalog == run.catalog, table.id < run.id)
    return session.scalar(before.order_by(table.id.desc()).limit(1)) != Outcome.FAILED


def _publishers(session: Session, catalog: str) -> frozenset[str]:
    """The names of those who look after a catalog, else of those who look after all."""
    found = (
        select(AccountRow.name)
        .join(GrantRow, GrantRow.account == AccountRow.id)
        .where(GrantRow.role.in_(roles_with(Permission.EDIT_DATASETS)))
    )
    own = frozenset(session.scalars(found.where(GrantRow.scope == catalog)))
    return own or frozenset(session.scalars(found.where(GrantRow.scope == EVERYWHERE)))


def _concerned(session: Session, about: About, draft: DraftRow, vocabulary: str) -> set[str]:
    changed = select(DraftChangeRow.author).where(DraftChangeRow.draft == draft.id).distinct()
    authors = {draft.author, *session.scalars(changed)}
    if about is About.SUBMITTED:
        return _reviewers(session, vocabulary) - authors
    if about is not About.PUBLISHED:
        return authors
    approved = select(DraftReviewRow.author).where(
        DraftReviewRow.draft == draft.id, DraftReviewRow.verdict == State.APPROVED
    )
    return authors | set(session.scalars(approved.distinct()))


def _reviewers(session: Session, vocabulary: str) -> set[str]:
    """The names of those who review what is done in a vocabulary."""
    found = (
        select(AccountRow.name)
        .join(GrantRow, GrantRow.account == AccountRow.id)
        .where(
            GrantRow.role.in_(roles_with(Permission.REVIEW_DRAFTS)),
            or_(GrantRow.scope == EVERYWHERE, GrantRow.scope == vocabulary),
        )
    )
    return set(session.scalars(found))


def _deliver(session: Session, event: Event, write: Write | None) -> None:
    active = select(AccountRow).where(AccountRow.name.in_(event.accounts), AccountRow.is_active)
    rows = session.scalars(active.order_by(AccountRow.id)).all()
    wishes = preferences(session, [row.id for row in rows])
    for row in rows:
        session.add(_notice(event, row.id))
        if write and row.email and event.about not in wishes[row.id].unmailed:
            _put(session, write, row.email, _letter(event, row.id, wishes[row.id]))
    if write and event.guest:
        letter = Letter(event, event.guest.language, None, event.guest)
        _put(session, write, event.guest.email, letter)


def _letter(event: Event, account: int, wish: Preference) -> Letter:
    return Letter(event, wish.language, account, None)


def _notice(event: Event, account: int) -> NoticeRow:
    return NoticeRow(
        account=account,
        kind=event.about,
        subject=event.subject,
        title=event.title,
        actor=event.actor,
        text=event.text,
        time=event.time,
    )


def _put(session: Session, write: Write, recipient: str, letter: Letter) -> None:
    written, now = write(letter), datetime.now(UTC)
    session.add(
        MailRow(
            recipient=recipient,
            language=letter.language,
            subject=written.subject,
            text=written.text,
            unsubscribe=written.unsubscribe,
            created=now,
            due=now,
            attempts=0,
            problem="",
        )
    )
