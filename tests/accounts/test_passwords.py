"""Passwords: which are refused, what is kept, and that nothing tells whether a name is known."""

import time
from statistics import median

import pytest

from tests.people import PASSWORD, kept_hash
from vocab_server.accounts.passwords import (
    LONGEST,
    NOBODY,
    check_password,
    hash_password,
    is_outdated,
    is_right,
    make_password,
)
from vocab_server.errors import AccountRuleError


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("kort", "password-short"),
        ("x" * (LONGEST + 1), "password-long"),
        ("password1234", "password-easy"),
        ("qwertyuiop12", "password-easy"),
        ("aaaaaaaaaaaaaaaa", "password-easy"),
        ("annaandersson", "password-easy"),
        ("andersson1970", "password-easy"),
        ("anna anna anna", "password-easy"),
        ("ANNA.ANDERSSON.26", "password-easy"),
    ],
)
def test_a_password_that_others_guess_is_refused(password: str, rule: str) -> None:
    with pytest.raises(AccountRuleError) as refused:
        check_password(password, "anna", "Anna Andersson", "anna.andersson@example.org")
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery staple", "기차역 앞 우체국 앞 고양이"]
)
def test_several_words_are_a_good_password(password: str) -> None:
    check_password(password, "anna")


def test_what_is_kept_is_argon2id_with_the_parameters_of_the_rfc() -> None:
    assert kept_hash().startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in kept_hash()
    assert is_right(PASSWORD, kept_hash())
    assert not is_right(PASSWORD + "x", kept_hash())
    longest = "å" * LONGEST
    assert is_right(longest, hash_password(longest))
    assert not is_right(longest + "x", hash_password(longest))


def test_no_hash_fits_no_password() -> None:
    assert not is_right("", "")
    assert not is_right("x", "")
    assert not is_right("x", "no hash at all")


def test_the_hash_of_nobody_takes_as_much_work_as_that_of_somebody() -> None:
    assert not is_outdated(NOBODY)
    assert is_outdated("$argon2id$v=19$m=8,t=1,p=1$EbC2bjuv3tTlpju0Xggk+Q$AAAAAAAAAAAAAAAAAAAAAA")
    known, unknown = ([_seconds(kept) for _ in range(5)] for kept in (kept_hash(), ""))
    assert 0.5 < median(known) / median(unknown) < 2


def _seconds(kept: str) -> float:
    before = time.thread_time()  # of this thread alone, whatever else the machine does
    is_right("a wrong password", kept)
    return time.thread_time() - before


def test_a_password_that_we_make_is_good_and_never_the_same() -> None:
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    for password in made:
        check_password(password)
