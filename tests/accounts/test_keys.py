"""The key that sessions are signed with."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vocab_server.accounts.keys import FILE, session_key
from vocab_server.errors import InvalidError


def test_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    made = session_key("", tmp_path)
    assert len(made) >= 43
    assert session_key("", tmp_path) == made
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_many_who_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: session_key("", tmp_path), range(64)))
    assert len(keys) == 1


def test_the_operators_key_is_taken_and_nothing_kept(tmp_path: Path) -> None:
    assert session_key("k" * 32, tmp_path) == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_weak_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="VOCAB_SERVER_SECRET_KEY needs at least 32"):
        session_key("short", tmp_path)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    session_key("", tmp_path)
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(InvalidError, match="chmod 600"):
        session_key("", tmp_path)
