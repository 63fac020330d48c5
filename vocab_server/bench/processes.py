"""The processes of a benchmark: commands that are timed, and servers that are watched."""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from vocab_server.background import NAME
from vocab_server.bench.client import HOST, Connection
from vocab_server.config import MIB, PREFIX
from vocab_server.errors import VocabServerError

LONGEST = 7200  # seconds for one command
START = 180  # seconds that a server may take until it answers
STOP = 20  # seconds that it may take to stop

_PROC = Path("/proc")


def timed(command: Sequence[str], settings: Mapping[str, str] | None = None) -> float:
    """How many seconds a command takes. Raises VocabServerError when it fails or never ends."""
    start = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603  (our own commands, no shell)
            command, env=_environment(settings), capture_output=True, text=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired as error:
        raise VocabServerError(f"{' '.join(command)} took more than {LONGEST} seconds.") from error
    if done.returncode:
        raise VocabServerError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
    return time.perf_counter() - start


def ours(*arguments: str) -> list[str]:
    """A command of this package."""
    return [sys.executable, "-m", "vocab_server", *arguments]


def native(*arguments: str) -> list[str]:
    """A command of the reference. Raises VocabServerError when it is not installed."""
    beside = sysconfig.get_path("scripts")
    command = shutil.which("oxigraph", path=beside) or shutil.which("oxigraph")
    if command is None:
        raise VocabServerError(
            "The reference is not installed. Run: pip install 'vocab-server[bench]'"
        )
    return [command, *arguments]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A server process with the processes that it has started; answers when this is made."""

    def __init__(
        self, command: Sequence[str], port: int, settings: Mapping[str, str] | None = None
    ) -> None:
        self.port = port
        self._process = subprocess.Popen(  # noqa: S603  (our own commands, no shell)
            command,
            env=_environment(settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def cpu_seconds(self) -> float:
        """The processor time that all its processes have used, those that have ended included."""
        ticks = 0
        for pid in self._pids():
            with suppress(OSError):
                values = _stat(pid)
                ticks += sum(map(int, values[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[int, float]:
        """The memory that each of its processes has resident now, in MiB, by process number."""
        return {pid: _kept(pid, "VmRSS") / MIB for pid in self._pids()}

    def peak_memory(self) -> float:
        """The most memory that any one of the processes that answer has had resident, in MiB."""
        return max(_kept(pid, "VmHWM") for pid in self._pids(but=NAME)) / MIB

    def peak_memory_of_duties(self) -> float:
        """The same of the process that does the duties and of those that it has now; 0 for none."""
        others = set(self._pids()) - set(self._pids(but=NAME))
        return max((_kept(pid, "VmHWM") for pid in others), default=0) / MIB

    def close(self) -> None:
        """End it as an operator does, and wait until it has."""
        self._process.terminate()
        try:
            self._process.wait(STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with Connection(self.port) as connection:
                    connection.get("/", "*/*")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise VocabServerError(f"{' '.join(map(str, self._process.args))} does not answer.")  # type: ignore[arg-type]

    def _pids(self, but: str = "") -> list[int]:
        """The process and all that descend from it, ``but`` for one of that name and its own."""
        below: dict[int, list[int]] = defaultdict(list)
        for pid in (int(path.name) for path in _PROC.iterdir() if path.name.isdigit()):
            with suppress(OSError):
                below[int(_stat(pid)[1])].append(pid)
        found = [self._process.pid]
        for pid in found:
            found.extend(child for child in below[pid] if not but or _name(child) != but)
        return found


def _environment(settings: Mapping[str, str] | None) -> dict[str, str]:
    """The environment without the settings of whoever runs the benchmark."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | dict(settings or {})


def _name(pid: int) -> str:
    """What lists of processes call a process; "" when it has ended (proc_pid_comm(5))."""
    with suppress(OSError):
        return (_PROC / str(pid) / "comm").read_text().rstrip("\n")
    return ""


def _stat(pid: int) -> list[str]:
    """The values after the name in ``stat`` (proc_pid_stat(5)): state, parent, and so on."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _kept(pid: int, which: str) -> int:
    """Bytes that a process has resident: VmRSS, now; VmHWM, at the most (proc_pid_status(5))."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith(which):
                return int(line.split()[1]) * 1024
    return 0
