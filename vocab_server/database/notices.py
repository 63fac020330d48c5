"""Notices: what accounts are told, and in which way each wants to be told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from vocab_server.database.notice_models import NoticePreferenceRow, NoticeRow

MOST_COUNTED = 100  # unread notices; more are as many


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that an account is told; ``subject`` is the number of a draft or a proposal."""

    id: int
    kind: str
    subject: int
    title: str
    actor: str
    text: str
    time: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Preference:
    """The language of an account's mail ("" for the usual one), and which kinds it gets none of."""

    language: str = ""
    unmailed: frozenset[str] = frozenset()


class Notices:
    """The notices of all accounts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, account: int, *, limit: int, offset: int = 0) -> tuple[list[Notice], int]:
        """A page of what an account was told, newest first, and how much there is."""
        own = NoticeRow.account == account
        rows = select(NoticeRow).where(own).order_by(NoticeRow.id.desc())
        with Session(self._engine) as session:
            found = list(map(_notice, session.scalars(rows.limit(limit).offset(offset))))
            count = select(func.count()).select_from(NoticeRow).where(own)
            return found, session.scalar(count) or 0

    def count_unread(self, account: int) -> int:
        """How many notices an account has not read, counted up to MOST_COUNTED."""
        unread = select(NoticeRow.id).where(NoticeRow.account == account, NoticeRow.read.is_(None))
        with Session(self._engine) as session:
            counted = select(func.count()).select_from(unread.limit(MOST_COUNTED).subquery())
            return session.scalar(counted) or 0

    def mark_read(self, account: int, last: int, only: int | None = None) -> None:
        """Note that an account has read its notices up to one, or only one of them.

        What came after the last one that was shown is not read.
        """
        chosen = [NoticeRow.account == account, NoticeRow.read.is_(None), NoticeRow.id <= last]
        if only is not None:
            chosen.append(NoticeRow.id == only)
        with Session(self._engine) as session, session.begin():
            session.execute(update(NoticeRow).where(*chosen).values(read=datetime.now(UTC)))

    def preference(self, account: int) -> Preference:
        """How an account wants to be told."""
        with Session(self._engine) as session:
            return preferences(session, [account])[account]

    def set_preference(self, account: int, language: str, unmailed: Iterable[str]) -> None:
        """Set the language of an account's mail, and the kinds that it gets none of."""
        with Session(self._engine) as session, session.begin():
            _set_preference(session, account, language, unmailed)

    def note_language(self, account: int, language: str) -> None:
        """Take a language for an account's mail when it has none yet."""
        with Session(self._engine) as session, session.begin():
            found = preferences(session, [account])[account]
            if not found.language:
                _set_preference(session, account, language, found.unmailed)

    def unmail(self, account: int, kind: str) -> None:
        """Mail an account no more of a kind."""
        with Session(self._engine) as session, session.begin():
            found = preferences(session, [account])[account]
            _set_preference(session, account, found.language, found.unmailed | {kind})


def preferences(session: Session, accounts: Collection[int]) -> dict[int, Preference]:
    """How accounts want to be told; the usual where an account said nothing."""
    rows = select(NoticePreferenceRow).where(NoticePreferenceRow.account.in_(accounts))
    said = {
        row.account: Preference(row.language, frozenset(row.unmailed.split()))
        for row in session.scalars(rows)
    }
    return {account: said.get(account, Preference()) for account in accounts}


def _set_preference(session: Session, account: int, language: str, unmailed: Iterable[str]) -> None:
    kinds = " ".join(sorted(unmailed))
    session.merge(NoticePreferenceRow(account=account, language=language, unmailed=kinds))


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        title=row.title,
        actor=row.actor,
        text=row.text,
        time=row.time,
        is_read=row.read is not None,
    )
