from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab_server.rdf.dates import read_date, write_time


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020", "2020-01-01T00:00:00Z", "2020-12-31T23:59:59Z"),
        ("2020-02", "2020-02-01T00:00:00Z", "2020-02-29T23:59:59Z"),
        ("2020-12", "2020-12-01T00:00:00Z", "2020-12-31T23:59:59Z"),
        ("2020-02-29", "2020-02-29T00:00:00Z", "2020-02-29T23:59:59Z"),
        ("2020-02-29+01:00", "2020-02-29T00:00:00Z", "2020-02-29T23:59:59Z"),
        ("2020-02-29T10:00:00.5+01:00", "2020-02-29T09:00:00Z", "2020-02-29T09:00:00Z"),
        ("2020-02-29T10:00:00-0130", "2020-02-29T11:30:00Z", "2020-02-29T11:30:00Z"),
        ("2020-02-29T10:00", "2020-02-29T10:00:00Z", "2020-02-29T10:00:00Z"),
        ("0033-04-03", "0033-04-03T00:00:00Z", "0033-04-03T23:59:59Z"),
    ],
)
def test_a_date_covers_its_year_month_day_or_second(text: str, start: str, end: str) -> None:
    span = read_date(text)
    assert span is not None
    assert (write_time(span.start), write_time(span.end)) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "20200229",
        "2021-02-29",
        "2020-13",
        "2020-01-01T24:30:00Z",
        "2020-01-01T10:00:00+25:00",
        "0000-01-01",
        "-0044-03-15",
        "12020-01-01",
        "2020-W10",
        "２０２０-01-01",
        "2020-01-01\n",
        "9999-12-31T23:00:00-05:00",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_the_last_year_has_an_end() -> None:
    span = read_date("9998-12")
    assert span is not None
    assert span.end.year == 9998


@given(st.dates(max_value=date(9999, 12, 30)))
def test_every_day_is_read(day: date) -> None:
    span = read_date(day.isoformat())
    assert span is not None
    assert span.start.date() == span.end.date() == day
    assert span.end - span.start == timedelta(days=1) - timedelta(seconds=1)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_written_time_is_read_as_it_was(time: datetime) -> None:
    span = read_date(write_time(time))
    assert span is not None
    assert span.start == span.end == time.replace(microsecond=0)
