"""Load on a server from clients in other processes, and how long single requests take.

The client is ``wrk`` where it is installed, else our own; both keep their connections.
"""

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from vocab_server.bench import client
from vocab_server.bench.processes import Server
from vocab_server.errors import VocabServerError

CONNECTIONS = 16
ROUNDS = 3  # turns that servers take
PROCESSES = 2  # of our own client
FAILED = 0.01  # share of requests that may fail on a busy machine
SPARE = 60  # seconds that a client may take longer than it was told

_SCRIPT = Path(__file__).with_name("paths.lua")
_runs = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Load:
    """What a server managed: good answers a second, and in a second of processor time.

    ``answered`` is the share of requests with a good answer, ``slow`` the milliseconds that 99 of
    100 took at the most.
    """

    rate: float
    rate_of_core: float
    answered: float = 1
    slow: float = 0


def client_name() -> str:
    """The client that makes the load, for the report."""
    return "wrk" if shutil.which("wrk") else f"{PROCESSES} processes of our own client"


def load(
    server: Server,
    paths: Sequence[str],
    accept: str,
    seconds: float,
    *,
    distinct: bool = False,
    connections: int = CONNECTIONS,
    pause: float = 0,
) -> Load:
    """Ask for the paths over and over; one may have what it accepts behind a tab.

    With ``distinct`` a number is put behind each, so that no request is ever made twice. Each
    connection waits about ``pause`` milliseconds before each request. Raises VocabServerError
    when more than a few fail.
    """
    number = f"{next(_runs)}" if distinct else ""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        before = server.cpu_seconds()
        sent = _Sent(server.port, Path(file.name), accept, seconds, number, connections, pause)
        counted = _run(sent)
        used = server.cpu_seconds() - before
    done = sum(each["requests"] for each in counted)
    failed = sum(each["errors"] for each in counted)
    if failed > done * FAILED or not done:
        raise VocabServerError(f"{failed} of {done} requests failed, for example {paths[0]}")
    good = done - failed
    return Load(
        good / max(each["seconds"] for each in counted),
        good / max(used, 0.01),
        good / done,
        max(each["slow"] for each in counted),
    )


def compare(
    servers: Sequence[tuple[Server, Sequence[str]]],
    accept: str,
    seconds: float,
    *,
    distinct: bool = False,
) -> list[Load]:
    """The median loads of servers, measured in turns so that what else runs disturbs all alike.

    A turn is a second or longer.
    """
    rounds = max(1, min(ROUNDS, int(seconds)))
    found: list[list[Load]] = [[] for _ in servers]
    for _ in range(rounds):
        for place, (server, paths) in enumerate(servers):
            found[place].append(load(server, paths, accept, seconds / rounds, distinct=distinct))
    return [
        Load(median(one.rate for one in each), median(one.rate_of_core for one in each))
        for each in found
    ]


def milliseconds(server: Server, paths: Iterable[str], accept: str) -> list[float]:
    """How long each of the paths takes, asked one after the other over one connection.

    Raises VocabServerError for an answer that is no success.
    """
    found = []
    with client.Connection(server.port) as connection:
        for path in paths:
            start = time.perf_counter()
            status, body = connection.get(path, accept)
            found.append((time.perf_counter() - start) * 1000)
            if status >= 400:
                raise VocabServerError(f"{path} answers {status}: {body[:200].decode()}")
    return found


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a client is told."""

    port: int
    file: Path
    accept: str
    seconds: float
    number: str
    connections: int
    pause: float


def _run(sent: _Sent) -> list[dict[str, float]]:
    if wrk := shutil.which("wrk"):
        commands = [_wrk(wrk, sent)]
    else:
        commands = [_own(sent, place) for place in range(PROCESSES)]
    running = [subprocess.Popen(c, stdout=subprocess.PIPE, text=True) for c in commands]  # noqa: S603  (ours)
    try:
        said = [process.communicate(timeout=sent.seconds + SPARE)[0] for process in running]
    finally:
        for process in running:
            process.kill()
    return [json.loads(text[text.rindex("{") :]) for text in said]


def _wrk(wrk: str, sent: _Sent) -> list[str]:
    """The command; wrk counts whole seconds."""
    time_ = [f"-d{max(1, round(sent.seconds))}s", f"--timeout={client.TIMEOUT}s"]
    header = ["-H", f"Accept: {sent.accept}"]
    url = f"http://{client.HOST}:{sent.port}/"
    options = ["-t1", f"-c{sent.connections}", *time_, "-s", str(_SCRIPT), *header]
    return [wrk, *options, url, "--", str(sent.file), sent.number, f"{sent.pause}"]


def _own(sent: _Sent, place: int) -> list[str]:
    connections = max(1, sent.connections // PROCESSES)
    number = f"{sent.number}-{place}" if sent.number else ""
    values = (sent.port, sent.file, sent.accept, sent.seconds, connections, number, sent.pause)
    return [sys.executable, "-m", "vocab_server.bench.client", *map(str, values)]
