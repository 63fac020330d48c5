"""The first start of a server, and two server processes that know each other's guesses."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.conftest import START, Server, environment, free_port, start_server, stop_server
from tests.people import PASSWORD

PROOF = re.compile(r'name="csrf_token" value="([^"]+)"')
HOW = re.compile(r"Sign in at (\S+) as (\S+) with the password (\S+) \(shown only now\)")


def guess(server: Server, name: str, password: str) -> requests.Response:
    """One try to sign in, in a browser of its own."""
    with requests.Session() as browser:
        page = browser.get(f"{server.url}/sign-in", timeout=10)
        found = PROOF.search(page.text)
        assert found
        data = {"csrf_token": found[1], "name": name, "password": password}
        return browser.post(page.url, data=data, timeout=30, allow_redirects=False)


def said_at_start(data: Path) -> str:
    """What a server says until it answers, started as ``make run`` does."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = data.parent / f"{port}.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "vocab_server", "serve", "--load", "--port", str(port)],
            env=environment(data, url, VOCAB_SERVER_WORKERS="1"),
            stderr=file,
        )
    server = Server(url, data, process)
    try:
        wait(url)
        said = log.read_text()
        if found := HOW.search(said):
            assert found[1] == f"{url}/sign-in"
            assert guess(server, found[2], found[3]).status_code == 303
        return said
    finally:
        stop_server(server)


def wait(url: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            requests.get(f"{url}/robots.txt", timeout=1)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def test_the_first_start_says_how_to_sign_in_and_the_next_does_not(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = said_at_start(data)
    assert HOW.search(first)
    assert HOW.search(first.strip().splitlines()[-1]), "it is said last"
    again = said_at_start(data)
    assert not HOW.search(again)
    assert "Sign in at " in again.strip().splitlines()[-1]
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o077 == 0


@contextmanager
def running(data: Path) -> Iterator[Server]:
    server = start_server(data, VOCAB_SERVER_WORKERS="1")
    try:
        yield server
    finally:
        stop_server(server)


def test_two_servers_over_one_database_count_guesses_together(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for arguments, given in (
        (["init", "--empty"], ""),
        (["user", "add", "anna", "--role", "editor", "--password-stdin"], PASSWORD),
    ):
        subprocess.run(
            [sys.executable, "-m", "vocab_server", *arguments],
            env=environment(data),
            input=given,
            text=True,
            check=True,
            capture_output=True,
        )
    with running(data) as one, running(data) as two:
        answers = [guess(server, "anna", "wrong") for server in (one, two, one, two, one, two)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert guess(one, "anna", PASSWORD).status_code == 429
    with running(data) as again:
        refused = guess(again, "anna", PASSWORD)
        assert refused.status_code == 429, "a restart forgets nothing"
        assert int(refused.headers["Retry-After"]) > 0
