"""What monitors see of a server with two processes: health, figures, log lines, signals."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
import requests
from flask import Flask
from rdflib import Literal, URIRef

from tests.changing import DATED, put
from tests.conftest import Server, environment, free_port, start_server, stop_server
from tests.operation.conftest import run
from vocab_server import background
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.operation.requests import HEADER
from vocab_server.rdf.change import Change
from vocab_server.services import Services, open_services

PATIENCE = 120  # seconds
_MANY = " ".join(f"VALUES ?v{n} {{ {'1 ' * 40} }}" for n in range(6))
SLOW = f"SELECT (COUNT(*) AS ?n) {{ {_MANY} }}"
SETTINGS = """
workers = 2
metrics = true
log_format = "json"
log_requests = true
sparql_timeout = 1
"""
SECRET = "Margareta"  # noqa: S105  (a name that somebody types)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server that measures and logs, and what it writes to standard error."""
    data = tmp_path_factory.mktemp("observed") / "data"
    with closing(open_services(Settings(data=data))) as services:
        put(services, "zoo", "Zoo", DATED)
    config = data.with_name("settings.toml")
    config.write_text(SETTINGS)
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", data.with_name("log")
    command = [sys.executable, "-m", "vocab_server", "serve", "--port", str(port)]
    settings = environment(data, url, VOCAB_SERVER_CONFIG=str(config))
    with log.open("w") as file:
        process = subprocess.Popen(command, env=settings, stderr=file)
    server = Server(url, data, process)
    wait(url)
    yield server, log
    stop_server(server)


def wait(url: str) -> None:
    until(lambda: is_alive(url))


def is_alive(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def figure(url: str, name: str, *labels: str) -> float:
    """The sum of the samples of a metric that have these labels."""
    text = requests.get(f"{url}/metrics", timeout=10).text
    found = re.findall(rf"^{name}(\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE)
    return sum(float(value) for sample, value in found if all(each in sample for each in labels))


def test_figures_are_those_of_all_processes(served: tuple[Server, Path]) -> None:
    url = served[0].url
    labels = ('route="/vocabularies"', 'status="200"', 'method="GET"')
    before = figure(url, "vocab_server_request_seconds_count", *labels)
    for _ in range(20):  # each on a connection of its own, so both processes have some
        requests.get(f"{url}/vocabularies", timeout=10)
    assert figure(url, "vocab_server_request_seconds_count", *labels) == before + 20
    pids = {path.stem.rpartition("_")[2] for path in served[0].data.glob("metrics/*.db")}
    serving = workers(served[0].process.pid)
    assert len(serving) == 2
    assert serving <= set(map(int, pids))


def test_queries_are_timed_and_kills_counted(served: tuple[Server, Path]) -> None:
    url = served[0].url
    for query, status in ((SLOW, 503), ("SELEC", 400), ("ASK {}", 200)):
        answer = requests.get(f"{url}/sparql", params={"query": query}, timeout=20)
        assert answer.status_code == status
    for outcome in ("killed", "refused", "answered"):
        name = "vocab_server_query_seconds_count"
        assert figure(url, name, f'outcome="{outcome}"') >= 1, outcome
    assert figure(url, "vocab_server_queries_in_progress") == 0


def test_figures_tell_the_state_and_nobody(served: tuple[Server, Path]) -> None:
    url = served[0].url
    requests.get(f"{url}/search", params={"q": SECRET}, timeout=10)
    requests.get(f"{url}/id/zoo/{SECRET}", timeout=10)
    assert figure(url, "vocab_server_snapshot_change") == figure(url, "vocab_server_log_change") > 0
    assert figure(url, "vocab_server_snapshot_age_seconds") >= 0
    assert figure(url, "vocab_server_disk_free_bytes") > 0
    text = requests.get(f"{url}/metrics", timeout=10).text
    assert SECRET not in text
    assert 'route="/id/' in text


def lines(log: Path) -> list[dict]:
    found = [line for line in log.read_text().splitlines() if line.startswith("{")]
    return [json.loads(line) for line in found]


def test_log_lines_are_json_with_the_id_of_the_request(served: tuple[Server, Path]) -> None:
    server, log = served
    sent = {HEADER: "from-the-proxy.1", "User-Agent": SECRET, "Authorization": f"Bearer {SECRET}"}
    answer = requests.get(f"{server.url}/search?q={SECRET}", headers=sent, timeout=10)
    assert answer.headers[HEADER] == "from-the-proxy.1"
    (line,) = [each for each in lines(log) if each["request_id"] == "from-the-proxy.1"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/search", 200)
    assert line["milliseconds"] > 0
    assert SECRET not in log.read_text()
    assert "127.0.0.1" not in "".join(map(str, lines(log)))


@pytest.mark.parametrize("sent", ["", "a" * 65, "a b", 'x"}', "é"])
def test_an_id_that_could_forge_a_line_is_replaced(served: tuple[Server, Path], sent: str) -> None:
    headers = {HEADER: sent.encode()}
    twice = [requests.get(f"{served[0].url}/healthz", headers=headers, timeout=10) for _ in "ab"]
    made = [answer.headers[HEADER] for answer in twice]
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)
    assert made[0] != made[1]


def test_a_kept_answer_has_an_id_of_its_own(served: tuple[Server, Path]) -> None:
    answers = [requests.get(f"{served[0].url}/vocabularies", timeout=10) for _ in range(6)]
    assert len({answer.headers[HEADER] for answer in answers}) == 6


def workers(pid: int) -> set[int]:
    """The processes that answer requests."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    serving = [each for each in listed if b"serve" in Path(f"/proc/{each}/cmdline").read_bytes()]
    names = {int(each): Path(f"/proc/{each}/comm").read_text().strip() for each in serving}
    return {process for process, name in names.items() if name != background.NAME}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_a_server_starts_with_its_settings_of_memory(served: tuple[Server, Path]) -> None:
    pid = served[0].process.pid
    for each in (pid, *workers(pid)):
        assert b"\0GLIBC_TUNABLES=" in Path(f"/proc/{each}/environ").read_bytes()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_a_reload_replaces_the_processes_and_refuses_bad_settings(
    served: tuple[Server, Path],
) -> None:
    server, log = served
    config, pid = log.with_name("settings.toml"), server.process.pid
    before = workers(pid)
    config.write_text('log_format = "xml"\nworkers = -1\n')
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "LOG_FORMAT" in log.read_text())
    assert "WORKERS" in log.read_text()
    assert workers(pid) == before
    config.write_text(SETTINGS + 'base_url = "https://new.example"\n')
    server.process.send_signal(signal.SIGHUP)
    until(
        lambda: requests.get(f"{server.url}/healthz", timeout=60).ok and not workers(pid) & before
    )
    config.write_text(SETTINGS)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.alone
def test_what_is_being_answered_at_a_stop_is_finished(tmp_path: Path) -> None:
    server = start_server(
        tmp_path / "data", VOCAB_SERVER_WORKERS="1", VOCAB_SERVER_SPARQL_TIMEOUT="4"
    )
    said: list[int] = []

    def ask() -> None:
        answer = requests.get(f"{server.url}/sparql", params={"query": SLOW}, timeout=20)
        said.append(answer.status_code)

    asking = Thread(target=ask)
    asking.start()
    time.sleep(1.5)  # long before the time limit, long after it was sent
    stop_server(server)
    asking.join()
    assert said == [503], "it was stopped by its own time limit, not cut off"
    assert server.process.returncode == 0


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Settings(data=tmp_path / "data"))
    yield made
    opened(made).close()


def opened(app: Flask) -> Services:
    found: Services = app.extensions["vocab_server"]
    return found


def test_a_server_without_a_snapshot_is_alive_and_not_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "alive"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "vocab-server init" in answer.json["missing"][0]
    with opened(app).writer.open():
        pass
    assert client.get("/readyz").json["status"] == "ready"


def test_a_server_that_is_behind_and_left_alone_is_not_ready(app: Flask) -> None:
    with opened(app).writer.open():
        pass
    append_one(opened(app))
    client = app.test_client()
    assert "behind" in client.get("/readyz").json["missing"][0]
    with opened(app).writer.open():
        assert client.get("/readyz").status_code == 200


def append_one(services: Services) -> None:
    triple = (URIRef("urn:s"), URIRef("urn:p"), Literal("o"))
    services.log.append([Change(URIRef("urn:g"), frozenset({triple}))], "me", "One")


def test_there_are_no_metrics_unless_wanted(app: Flask) -> None:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 404
    assert "VOCAB_SERVER_METRICS" in answer.json["detail"]


def test_all_mistakes_in_the_settings_are_told_at_once(tmp_path: Path) -> None:
    mistakes = {
        "WORKERS": "many",
        "METRICS": "maybe",
        "LOG_FORMAT": "xml",
        "STORE": "cloud",
        "SECRET_KEY": "short",
        "BASE_URL": "ftp://x",
        "OPENID_ISSUER": "https://id.example",
    }
    sent = {f"VOCAB_SERVER_{name}": value for name, value in mistakes.items()}
    done = run(tmp_path / "data", "serve", **sent)
    assert done.returncode == 1
    assert [name for name in mistakes if f"VOCAB_SERVER_{name}" not in done.stderr] == []
    assert not (tmp_path / "data").exists()
