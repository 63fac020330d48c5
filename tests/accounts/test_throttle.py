"""Throttled sign-in: few guesses, for all processes, and nobody locked out for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from vocab_server.accounts.throttle import (
    OF_ACCOUNT,
    OF_ADDRESS,
    OF_PAIR,
    PERIOD,
    count_attempt,
    forget_attempts,
    network,
)
from vocab_server.database import open_database
from vocab_server.database.account_models import AttemptRow
from vocab_server.errors import TooManyAttemptsError

HERE = "192.0.2.1"


def is_let(database: Engine, name: str = "anna", address: str = HERE) -> bool:
    try:
        count_attempt(database, name, address)
    except TooManyAttemptsError:
        return False
    return True


def let(database: Engine, attempts: int, name: str = "anna", address: str = HERE) -> int:
    return sum(is_let(database, name, address) for _ in range(attempts))


def pass_time(database: Engine, past: timedelta) -> None:
    with Session(database) as session, session.begin():
        for row in session.scalars(select(AttemptRow)):
            row.since -= past


def test_five_guesses_at_one_account_from_one_address(database: Engine) -> None:
    assert let(database, 8) == OF_PAIR.attempts == 5
    assert is_let(database, "bo"), "another account is another matter"
    assert is_let(database, address="198.51.100.7"), "its owner at home still gets in"


def test_thirty_guesses_from_one_address(database: Engine) -> None:
    names = (f"person-{number}" for number in range(40))
    assert sum(is_let(database, name) for name in names) == OF_ADDRESS.attempts == 30
    assert is_let(database, "anna", "198.51.100.7")


def test_a_hundred_guesses_at_one_account_from_everywhere(database: Engine) -> None:
    addresses = (f"10.0.{number}.1" for number in range(120))
    assert sum(is_let(database, "anna", one) for one in addresses) == OF_ACCOUNT.attempts == 100


def test_who_waits_may_try_again_however_often_somebody_tried_meanwhile(database: Engine) -> None:
    let(database, 50)
    with pytest.raises(TooManyAttemptsError) as refused:
        count_attempt(database, "anna", HERE)
    assert 0 < refused.value.retry_after <= PERIOD.total_seconds()
    pass_time(database, PERIOD - timedelta(seconds=10))
    with pytest.raises(TooManyAttemptsError) as refused:
        count_attempt(database, "anna", HERE)
    assert refused.value.retry_after <= 10
    pass_time(database, timedelta(seconds=11))
    assert let(database, 8) == OF_PAIR.attempts


def test_refused_attempts_do_not_use_up_what_others_have(database: Engine) -> None:
    let(database, 500)
    assert let(database, 5, address="198.51.100.7") == 5
    assert sum(is_let(database, f"person-{n}") for n in range(40)) == 25, "30 less those 5"


def test_a_good_attempt_makes_room_again(database: Engine) -> None:
    let(database, 4)
    forget_attempts(database, "anna", HERE)
    assert let(database, 8) == 5
    with Session(database) as session:
        counts = {row.key: row.count for row in session.scalars(select(AttemptRow))}
    assert counts[OF_ADDRESS.key("anna", HERE)] == 8


def test_good_attempts_at_an_own_account_do_not_free_an_address_to_guess(database: Engine) -> None:
    guesses = 0
    for number in range(60):
        guesses += is_let(database, f"victim-{number}")
        if is_let(database, "mallory"):
            forget_attempts(database, "mallory", HERE)
    assert guesses == OF_ADDRESS.attempts


def test_guesses_at_the_same_moment_are_counted_each(database: Engine) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: is_let(database), range(48))) == 5


def test_a_restart_forgets_nothing(database: Engine) -> None:
    let(database, 5)
    again = open_database(str(database.url))
    assert not is_let(again)
    again.dispose()


def test_what_is_over_is_swept_away(database: Engine) -> None:
    for number in range(20):
        is_let(database, f"person-{number}")
    with Session(database) as session, session.begin():
        session.execute(update(AttemptRow).values(since=datetime.now(UTC) - PERIOD * 2))
    is_let(database)
    with Session(database) as session:
        assert len(list(session.scalars(select(AttemptRow)))) == 3


def test_what_was_typed_as_a_name_is_not_kept(database: Engine) -> None:
    is_let(database, "hunter2-my-password")
    with Session(database) as session:
        assert all(len(row.key) == 64 for row in session.scalars(select(AttemptRow)))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_one_customer_of_a_network_counts_as_one(address: str, counted: str) -> None:
    assert network(address) == counted
