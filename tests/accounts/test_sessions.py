"""Sessions: how long they last, and that a copy of the database opens none."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.people import TESTER, add_person
from vocab_server.accounts.sessions import (
    IDLE,
    LONGEST,
    SEEN,
    begin_session,
    end_session,
    find_session,
)
from vocab_server.database.account_models import SessionRow


def age(database: Engine, **times: timedelta) -> None:
    """Make all sessions look as if so much time had gone by."""
    now = datetime.now(UTC)
    with Session(database) as session, session.begin():
        values = {name: now - past for name, past in times.items()}
        session.execute(update(SessionRow).values(**values))


def test_a_session_is_found_by_its_secret_alone(database: Engine) -> None:
    anna, bo = add_person(database, "anna"), add_person(database, "bo")
    secrets = [begin_session(database, TESTER, one) for one in (anna, anna, bo)]
    assert len(set(secrets)) == 3
    assert [find_session(database, secret) for secret in secrets] == [anna, anna, bo]
    assert find_session(database, "guess") is None


def test_what_is_kept_signs_nobody_in(database: Engine) -> None:
    secret = begin_session(database, TESTER, add_person(database, "anna"))
    with Session(database) as session:
        [kept] = session.scalars(select(SessionRow.hash))
    assert kept != secret
    assert find_session(database, kept) is None


def test_signing_out_ends_one_session(database: Engine) -> None:
    anna = add_person(database, "anna")
    first, second = (begin_session(database, TESTER, anna) for _ in range(2))
    end_session(database, TESTER, first)
    assert find_session(database, first) is None
    assert find_session(database, second) == anna


@pytest.mark.parametrize(
    ("times", "is_over"),
    [
        ({"last_seen": IDLE - timedelta(minutes=1)}, False),
        ({"last_seen": IDLE + timedelta(minutes=1)}, True),
        ({"created": LONGEST - timedelta(minutes=1)}, False),
        ({"created": LONGEST + timedelta(minutes=1)}, True),
    ],
    ids=str,
)
def test_a_session_ends_by_itself(
    database: Engine, times: dict[str, timedelta], is_over: bool
) -> None:
    anna = add_person(database, "anna")
    secret = begin_session(database, TESTER, anna)
    age(database, **times)
    assert (find_session(database, secret) is None) is is_over
    begin_session(database, TESTER, anna)
    with Session(database) as session:
        assert len(list(session.scalars(select(SessionRow.hash)))) == 2 - is_over


def test_a_click_keeps_a_session_alive(database: Engine) -> None:
    secret = begin_session(database, TESTER, add_person(database, "anna"))
    age(database, last_seen=SEEN + timedelta(minutes=1))
    find_session(database, secret)
    with Session(database) as session:
        [seen] = session.scalars(select(SessionRow.last_seen))
    assert datetime.now(UTC) - seen < timedelta(minutes=1)
