"""Mail that is on its way: kept until it is sent, tried again later and later, given up at last."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from vocab_server.database.notice_models import MailRow

CLAIM = timedelta(minutes=10)  # in which whoever took a mail must be done with it
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440))


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was taken to be sent; ``attempts`` counts this one."""

    id: int
    recipient: str
    language: str
    subject: str
    text: str
    unsubscribe: str
    attempts: int


class Outbox:
    """The mail of all processes; none is taken by two at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, now: datetime) -> Mail | None:
        """The mail that is due longest, for the caller alone; None when none is due.

        When the caller dies it is due again after CLAIM.
        """
        with Session(self._engine) as session, session.begin():
            due = select(MailRow).where(MailRow.due <= now).order_by(MailRow.due, MailRow.id)
            row = session.scalar(due.limit(1))
            if row is None:
                return None
            mail = _mail(row)
            mine = update(MailRow).where(MailRow.id == row.id, MailRow.due == row.due)
            taken = session.connection().execute(
                mine.values(due=now + CLAIM, attempts=MailRow.attempts + 1)
            )
            return mail if taken.rowcount else None

    def sent(self, mail: Mail) -> None:
        """Forget a mail that was sent."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(MailRow).where(MailRow.id == mail.id))

    def failed(self, mail: Mail, problem: str, *, is_final: bool) -> datetime | None:
        """Note that a mail could not be sent; when to try again, or None when never."""
        tries = len(WAITS) if is_final else mail.attempts - 1
        due = datetime.now(UTC) + WAITS[tries] if tries < len(WAITS) else None
        with Session(self._engine) as session, session.begin():
            own = update(MailRow).where(MailRow.id == mail.id)
            session.execute(own.values(due=due, problem=problem[:1_000]))
        return due

    def waiting(self) -> list[tuple[str, int, str]]:
        """What is not sent: recipient, attempts, and the last problem; oldest first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(MailRow).order_by(MailRow.id).limit(1_000))
            return [(row.recipient, row.attempts, row.problem) for row in rows]


def _mail(row: MailRow) -> Mail:
    return Mail(
        id=row.id,
        recipient=row.recipient,
        language=row.language,
        subject=row.subject,
        text=row.text,
        unsubscribe=row.unsubscribe,
        attempts=row.attempts + 1,
    )
