"""Real SPARQL engines on loopback ports, each in a process that can be killed and started again."""

import os
import shutil
import signal
import subprocess
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.conftest import START, free_port

USER, PASSWORD = "writer", "p:ss@w/rd%"  # what an address must escape
OPERATOR = "dba"  # name and password of a new Virtuoso
VIRTUOSO = "virtuoso-opensource-7-bin"

_INI = """[Database]
DatabaseFile = {place}/v.db
ErrorLogFile = {place}/v.log
LockFile = {place}/v.lck
TransactionFile = {place}/v.trx
xa_persistent_file = {place}/v.pxa
[TempDatabase]
DatabaseFile = {place}/vt.db
TransactionFile = {place}/vt.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 4000
MaxDirtyBuffers = 2000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000
"""
_RIGHTS = (
    f"DB.DBA.USER_CREATE('{USER}', '{PASSWORD}')",
    f'GRANT SPARQL_SELECT TO "{USER}"',
    f'GRANT SPARQL_UPDATE TO "{USER}"',
    f"DB.DBA.RDF_DEFAULT_USER_PERMS_SET('{USER}', 7)",
)


@dataclass(slots=True)
class EngineProcess:
    """An engine: where it takes queries and updates, and the process that it is."""

    query: str
    changes: str
    command: list[str]
    place: Path
    is_atomic: bool = True  # a failed update changes nothing
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.place / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=self.place, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            try:
                if requests.get(self.query, params={"query": "ASK {}"}, timeout=5).ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise TimeoutError(f"{self.command[0]}: {(self.place / 'output').read_text()[-500:]}")

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def oxigraph(place: Path) -> Iterator[EngineProcess]:
    """The native Oxigraph server, with what it keeps in ``place``."""
    command = shutil.which("oxigraph", path=sysconfig.get_path("scripts"))
    assert command is not None, "oxigraph comes with the test extra"
    place.mkdir(exist_ok=True)
    at = f"127.0.0.1:{free_port()}"
    serve = [command, "serve", "--location", str(place / "data"), "--bind", at]
    engine = EngineProcess(f"http://{at}/query", f"http://{at}/update", serve, place)
    engine.start()
    try:
        yield engine
    finally:
        engine.kill()


@contextmanager
def virtuoso(place: Path) -> Iterator[EngineProcess]:
    """Virtuoso 7, where a user of ours may write, and only by digest authentication.

    Skips, or fails where CI is set, when it is not installed.
    """
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if server is None or client is None:
        message = f"Virtuoso is not here. Install it: apt-get install {VIRTUOSO}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    place.mkdir(exist_ok=True)
    http, sql = free_port(), free_port()
    (place / "v.ini").write_text(_INI.format(place=place, http=http, sql=sql))
    at = f"127.0.0.1:{http}"
    known = f"{USER}:{quote(PASSWORD, safe='')}"
    engine = EngineProcess(
        f"http://{at}/sparql",
        f"http://{known}@{at}/sparql-auth",
        [server, "+foreground", "+configfile", "v.ini"],
        place,
        is_atomic=False,
    )
    try:
        engine.start()
        rights = "; ".join(_RIGHTS)
        asked = [client, f"127.0.0.1:{sql}", OPERATOR, OPERATOR, f"exec={rights};"]
        told = subprocess.run(asked, check=True, capture_output=True, text=True)
        assert "Error" not in told.stderr, told.stderr
        yield engine
    finally:
        engine.kill()


class Between:
    """A way to an engine that remembers what goes over it, and that can break or want a password.

    ``updates_left`` are those that still get through; the next finds the connection cut.
    """

    def __init__(self, engine: EngineProcess) -> None:
        self.engine = engine
        self.sent: list[str] = []
        self.updates_left: int | None = None
        self.instead: tuple[int, bytes] | None = None
        self.demanded = ""  # what Authorization must say
        handler = type("Handler", (_Passing,), {"between": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def settings(self, user: str = "") -> dict[str, str]:
        """The settings that make it the store; ``user`` may have a password after a colon."""
        host = f"127.0.0.1:{self._server.server_port}"
        at = f"{user}@{host}" if user else host
        return {"store": f"http://{at}/query", "store_update": f"http://{at}/update"}

    @staticmethod
    def as_environment(settings: dict[str, str]) -> dict[str, str]:
        """The settings as variables of the environment."""
        return {f"VOCAB_SERVER_{name.upper()}": value for name, value in settings.items()}

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Passing(BaseHTTPRequestHandler):
    between: Between

    def do_POST(self) -> None:
        between = self.between
        body = self.rfile.read(int(self.headers["Content-Length"]))
        between.sent.append(body.decode())
        if between.demanded and self.headers.get("Authorization") != between.demanded:
            return self._answer(401, "text/plain", b"no", {"WWW-Authenticate": 'Basic realm="x"'})
        if between.instead is not None:
            return self._answer(between.instead[0], "text/html", between.instead[1])
        if self.path == "/update" and between.updates_left is not None:
            if between.updates_left == 0:
                self.close_connection = True
                return None
            between.updates_left -= 1
        target = between.engine.query if self.path == "/query" else between.engine.changes
        kept = {name: self.headers[name] for name in ("Content-Type", "Accept")}
        try:
            answer = requests.post(target, data=body, headers=kept, timeout=20)
        except requests.RequestException:
            self.close_connection = True
            return None
        kind = answer.headers.get("Content-Type", "")
        return self._answer(answer.status_code, kind, answer.content)

    def _answer(
        self, status: int, kind: str, body: bytes, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""
