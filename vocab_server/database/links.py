"""What addresses in catalogs and vocabularies answered last, and when they are asked next.

The intervals are those of the EU's method: each success in a row makes them a week longer, at most
four times, and a failure makes them short again (data.europa.eu, MQA methodology). The first
failure after a success is looked at again the next day, because most are over by then.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Engine, delete, func, or_, select, update
from sqlalchemy.orm import Session

from vocab_server.database.data_models import LinkHostRow, LinkRow
from vocab_server.outbound import Trouble

WEEK = timedelta(weeks=1)
SOON = timedelta(days=1)  # after the first failure
LONGER = 4  # weeks that successes add at most
ASKED = 500  # addresses that one query looks up


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; ``status`` is 0 when it did not, None when it may not be asked."""

    status: int | None
    trouble: Trouble = Trouble.NONE
    media_type: str = ""
    last_modified: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the address is there: 2xx after redirects."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Link:
    """An address with what it answered last; ``checked`` is None until it was asked."""

    url: str
    answer: Answer
    checked: datetime | None
    due: datetime
    successes: int
    failures: int


def interval(successes: int, failures: int) -> timedelta:
    """How long to wait after so many successes or failures in a row."""
    if failures == 1:
        return SOON
    return WEEK + min(successes, LONGER) * WEEK


class Links:
    """The addresses of all catalogs, and of vocabularies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take_in(self, urls: Iterable[str], now: datetime) -> None:
        """Make these the addresses that are checked: new ones soon, others no longer."""
        wanted = set(urls)
        with Session(self._engine) as session, session.begin():
            known = set(session.scalars(select(LinkRow.url)))
            session.add_all(_new(url, now) for url in sorted(wanted - known))
            gone = sorted(known - wanted)
            for start in range(0, len(gone), ASKED):
                some = gone[start : start + ASKED]
                session.execute(delete(LinkRow).where(LinkRow.url.in_(some)))

    def due(self, now: datetime, most: int) -> list[str]:
        """Addresses to ask now, one for each server that may be asked, who waits longest first."""
        waiting = (
            select(LinkRow.host, func.min(LinkRow.due).label("since"))
            .outerjoin(LinkHostRow, LinkHostRow.host == LinkRow.host)
            .where(LinkRow.due <= now, or_(LinkHostRow.free.is_(None), LinkHostRow.free <= now))
            .group_by(LinkRow.host)
            .order_by("since")
            .limit(most)
            .subquery()
        )
        first = (
            select(func.min(LinkRow.url))
            .join(waiting, (waiting.c.host == LinkRow.host) & (waiting.c.since == LinkRow.due))
            .group_by(LinkRow.host)
        )
        with Session(self._engine) as session:
            return sorted(session.scalars(first))

    def hold(self, url: str, until: datetime) -> None:
        """Do not ask a server again before a time."""
        with Session(self._engine) as session, session.begin():
            session.merge(LinkHostRow(host=host_of(url), free=until))

    def record(self, url: str, answer: Answer, now: datetime) -> None:
        """Keep what an address answered, and when it is asked again."""
        with Session(self._engine) as session, session.begin():
            row = session.get(LinkRow, url)
            if row is None:  # its catalog has it no more
                return
            is_failure = answer.status is not None and not answer.is_good
            row.successes = row.successes + 1 if answer.is_good else 0
            row.failures = row.failures + 1 if is_failure else 0
            row.status, row.trouble = answer.status, answer.trouble.value
            row.media_type, row.last_modified = answer.media_type, answer.last_modified
            row.checked, row.due = now, now + interval(row.successes, row.failures)

    def put_off(self, url: str, until: datetime) -> None:
        """Ask an address later, because its server asks for that; what is known of it holds."""
        with Session(self._engine) as session, session.begin():
            session.execute(update(LinkRow).where(LinkRow.url == url).values(due=until))

    def ask(self, urls: Collection[str], now: datetime) -> None:
        """Check addresses as soon as the background comes to them."""
        with Session(self._engine) as session, session.begin():
            session.execute(update(LinkRow).where(LinkRow.url.in_(urls)).values(due=now))

    def find(self, urls: Iterable[str]) -> dict[str, Link]:
        """What is known of some addresses; one query for each ASKED of them."""
        asked, found = list(dict.fromkeys(map(str, urls))), {}
        with Session(self._engine) as session:
            for start in range(0, len(asked), ASKED):
                some = asked[start : start + ASKED]
                for row in session.scalars(select(LinkRow).where(LinkRow.url.in_(some))):
                    found[row.url] = _link(row)
        return found

    def broken(self, before: datetime, most: int) -> list[str]:
        """Addresses that were not there twice in a row, the last time before a time; in order."""
        asked = (
            select(LinkRow.url)
            .where(LinkRow.failures > 1, LinkRow.checked < before)
            .order_by(LinkRow.url)
            .limit(most)
        )
        with Session(self._engine) as session:
            return list(session.scalars(asked))

    def statuses(self, urls: Iterable[str]) -> dict[str, int | None]:
        """The status of HTTP of each address, 0 where nothing answered, None where none is known.

        What the scores of metadata need (MQA accessUrlStatusCode and downloadUrlStatusCode).
        """
        asked = list(dict.fromkeys(map(str, urls)))
        found = self.find(asked)
        return {url: found[url].answer.status if url in found else None for url in asked}


def host_of(url: str) -> str:
    """The server of an address, "" for what has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _new(url: str, now: datetime) -> LinkRow:
    return LinkRow(
        url=url,
        host=host_of(url),
        due=now,
        checked=None,
        status=None,
        trouble="",
        media_type="",
        last_modified="",
        successes=0,
        failures=0,
    )


def _link(row: LinkRow) -> Link:
    answer = Answer(row.status, Trouble(row.trouble), row.media_type, row.last_modified)
    return Link(row.url, answer, row.checked, row.due, row.successes, row.failures)
