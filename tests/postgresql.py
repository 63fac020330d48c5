"""A PostgreSQL of the tests' own, on a free port, in a directory that goes afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from vocab_server.database import migrate, open_database

USER = "vocab"
TEMPLATE = "with_tables"  # a database with the tables of this version, which others are copied from
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
PATIENCE = 60  # seconds that it may take to start or to stop


class Cluster:
    """A PostgreSQL server: its databases, and how it is stopped and started again."""

    def __init__(self, directory: Path, binaries: Path, port: int) -> None:
        self._directory = directory
        self._binaries = binaries
        self._names = count(1)
        self.port = port

    def make(self) -> None:
        """Make its files, and start it."""
        self._run("initdb", "--username", USER, "--auth", "trust", "--encoding", "UTF8")
        self.start()
        engine = open_database(self.create(TEMPLATE))
        migrate(engine)
        engine.dispose()

    def url(self, name: str, port: int = 0) -> str:
        """How a database is named to the server, also over another port."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{port or self.port}/{name}"

    def create(self, name: str = "", template: str = "template0") -> str:
        """The URL of a new database."""
        name = name or f"test_{next(self._names)}"
        with self.connected() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def with_tables(self) -> str:
        """The URL of a new database that has its tables."""
        return self.create(template=TEMPLATE)

    def connected(self, name: str = "postgres") -> psycopg.Connection:
        """A connection to one of its databases."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, dbname=name, autocommit=True
        )

    def start(self) -> None:
        """Start it, when it answers."""
        options = " ".join(f"-c {setting}" for setting in SETTINGS)
        self._run(
            "pg_ctl",
            *("--wait", "--timeout", str(PATIENCE), "--log", str(self._directory / "log")),
            *("--options", f"-p {self.port} {options}", "start"),
        )

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; "immediate" is what a crash does."""
        self._run("pg_ctl", "--wait", "--timeout", str(PATIENCE), "--mode", mode, "stop")

    def _run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / command, "--pgdata", str(self._directory / "data"), *arguments],
            check=True,
            cwd=self._directory,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Asia/Seoul"},
            **_account(),
        )


@contextmanager
def running_cluster(port: int) -> Iterator[Cluster]:
    """A new PostgreSQL until the block ends; where it is not installed the test is skipped."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if not found and not beside:
        reason = "PostgreSQL is not installed (package postgresql)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    directory = Path(mkdtemp(prefix="vocab-server-postgresql-"))
    try:
        if account := _account():
            os.chown(directory, account["user"], account["group"])
        cluster = Cluster(directory, (found[-1] if found else Path(str(beside))).parent, port)
        cluster.make()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _account() -> dict[str, int | list[int]]:
    """Who runs it: PostgreSQL refuses root."""
    if os.getuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Wire:
    """A way to a server that can be cut: a forwarder of TCP on a port of its own."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._ends: list[socket.socket] = []
        self._is_cut = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break what goes over it, and refuse what comes."""
        self._is_cut = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        """Let through again."""
        self._is_cut = False

    def close(self) -> None:
        """End it."""
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                if self._is_cut:
                    near.close()
                    continue
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()
            return
        self._ends += (near, far)
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=_forward, args=(source, target), daemon=True).start()


def _forward(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
