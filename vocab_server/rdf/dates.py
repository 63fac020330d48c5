"""Dates as data writes them: a year, a month, a day or a time (XML Schema 1.1, 3.3.7 to 3.3.14)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_WRITTEN = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,12})?)?)?)?)?"
    r"(Z|[+-]\d\d:?\d\d)?\Z",
    re.ASCII,
)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a date covers, in UTC: its first and its last second."""

    start: datetime
    end: datetime


def read_date(text: str) -> Span | None:
    """The time that a written date covers, or None when it is none.

    Years are those from 1 to 9999. A time without an offset is in UTC; the offset of a year, a
    month or a day is left out, so that a day is the same day for everybody.
    """
    match = _WRITTEN.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (
        int(part) if part else None for part in match.groups()[:6]
    )
    try:
        if hour is not None:
            start = datetime(
                year or 0,
                month or 1,
                day or 1,
                hour,
                minute or 0,
                second or 0,
                tzinfo=_offset(match[7]),
            ).astimezone(UTC)
            return Span(start, start)
        start = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
        return Span(start, _after(start, month, day) - SECOND)
    except (ValueError, OverflowError):
        return None


def _after(start: datetime, month: int | None, day: int | None) -> datetime:
    """The first second after the year, month or day that begins at ``start``."""
    if day is not None:
        return start + timedelta(days=1)
    if month is not None and month < 12:
        return start.replace(month=month + 1)
    return start.replace(year=start.year + 1, month=1)


def _offset(written: str | None) -> timezone:
    if written is None or written == "Z":
        return UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))


def write_time(time: datetime) -> str:
    """A time in UTC, to the second (RFC 3339)."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
