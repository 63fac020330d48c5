"""The query processes of one server process: started, lent, killed and replaced."""

import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from vocab_server.errors import BusyError, StoreUnavailableError
from vocab_server.store.frames import AT_ONCE, HEADER, MAX_FRAME, READY, Frame, enlarge, write_all

WAIT = 1.0  # seconds for a free process
START = 10.0  # seconds for a process to be ready
LOOK = 2.0  # seconds between looks at the idle processes
PAUSE = 1.0  # seconds between attempts when none can be started
MAX_WAITING = 64  # queries in the queue
MAX_QUERIES = 100_000  # for one process; a new one costs 60 ms of work
SHORT = 0.25  # seconds of work for an answer; what takes more makes room for others
SLOW = 0.5  # seconds for what works little: it may wait for the disk, or for its turn
NICE = 10  # of what takes longer, see setpriority(2)

_OF_PROCESS = 2  # the clock of a process: what clock_getcpuclockid(3) gives on Linux

# The process gets nothing else: the environment may hold passwords.
_ENVIRONMENT = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "GLIBC_TUNABLES",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use; ``processes`` short ones run at the same time, and so many long ones.

    ``memory`` and ``result`` are in bytes.
    """

    seconds: float
    memory: int
    result: int
    processes: int


class QueryProcess:
    """A query process, seen from the server.

    The one who has taken it may write and read; reading raises TimeoutError at the deadline (in
    the time of ``time.monotonic``) and EOFError when the process has died.
    """

    def __init__(self, limits: Limits) -> None:
        numbers = (limits.memory, limits.result, limits.seconds, os.getpid())
        self._process = subprocess.Popen(  # noqa: S603  (our own module, no input from outside)
            [sys.executable, "-P", "-m", "vocab_server.store.query_process", *map(str, numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        pipes = self._process.stdin, self._process.stdout
        self._requests, self._answers = (pipe.fileno() for pipe in pipes if pipe)
        enlarge(self._requests)
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self._rest = b""
        self._queries = 0
        self._begun = self._worked = 0.0  # when it was asked, and its work until then
        self.pid = self._process.pid
        self.store = ""  # the path that it has open
        self.turn = 0  # counts those who have taken it
        self.confined = False

    def wait_ready(self) -> None:
        """Wait until it can take a query. Raises OSError or EOFError when it never will."""
        frame = self.read(time.monotonic() + START)
        if frame.kind != READY:
            raise EOFError
        self.confined = frame.payload == b"\1"

    def is_usable(self) -> bool:
        """Whether it lives, is silent as it must be before a question, and not too old."""
        return not self._rest and self._queries < MAX_QUERIES and not self._poll.poll(0)

    def ask(self, store: str, request: bytes) -> None:
        """Send a request."""
        self.store = store
        self._queries += 1
        self._begun, self._worked = time.monotonic(), self._work()
        write_all(self._requests, request)

    def is_answering(self, seconds: float) -> bool:
        """Whether it says something, or ends, within so many seconds, and before it is long."""
        end = min(self._begun + SLOW, time.monotonic() + seconds)
        while (left := self._left(end)) > 0:
            if self._poll.poll(left * 1000):
                return True
        return bool(self._poll.poll(0))

    def is_long(self) -> bool:
        """Whether it has worked on the same query for SHORT, or had it for SLOW."""
        return self._left(self._begun + SLOW) <= 0

    def _left(self, end: float) -> float:
        """The seconds until it may be long, at the soonest."""
        return min(end - time.monotonic(), SHORT - (self._work() - self._worked))

    def _work(self) -> float:
        """The seconds of processor time that the process has had; any time where none is told."""
        try:
            return time.clock_gettime(~self.pid << 3 | _OF_PROCESS)
        except (AttributeError, OSError):  # not on this system, or it has ended
            return time.monotonic()

    def read(self, deadline: float) -> Frame:
        """The next frame."""
        data = self._rest or self._receive(deadline, AT_ONCE)
        while len(data) < HEADER.size:
            data += self._receive(deadline, AT_ONCE)
        kind, flags, length = HEADER.unpack_from(data)
        if length > MAX_FRAME:
            raise EOFError
        end = HEADER.size + length
        while len(data) < end:
            data += self._receive(deadline, end - len(data))
        self._rest = data[end:]
        return Frame(kind, flags, data[HEADER.size : end])

    def _receive(self, deadline: float, size: int) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0 or not self._poll.poll(left * 1000):
            raise TimeoutError
        data = os.read(self._answers, size)
        if not data:
            raise EOFError
        return data

    def step_back(self) -> None:
        """Let all other processes go first, from now on."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self.pid, NICE)  # all its threads
            Path(f"/proc/{self.pid}/autogroup").write_text(f"{NICE}")  # see sched(7)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def outcome(self) -> int:
        """How it ended: the negative number of a signal, or its exit status.

        Kills it when it goes on without a voice.
        """
        try:
            return self._process.wait(START)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def bury(self) -> None:
        """Free what a killed process leaves behind."""
        self._process.wait()
        self.close_pipes()

    def close_pipes(self) -> None:
        """Let go of it; used where a fork has made a second owner of the same pipes."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def disown(self) -> None:
        """In a fork: forget the process, which belongs to the one that started it."""
        self.close_pipes()
        self._process.returncode = 0


class _Ticket(SimpleQueue[QueryProcess | None]):
    """A place in the queue; what is put into it is for the one who holds it."""


class Crew:
    """``limits.processes`` query processes; those who wait get one in the order they came.

    A query that takes long keeps its process aside, and another one is started in its place: who
    asks for little never waits for who asks for much.

    One thread starts and buries them all, because the kernel takes the thread that starts a
    process for its parent: when that thread ends, the process is killed.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._all: set[QueryProcess] = set()
        self._idle: list[QueryProcess] = []
        self._waiting: deque[_Ticket] = deque()
        self._long: set[QueryProcess] = set()
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._closed = False
        self._patience = START
        self._keeper = threading.Thread(target=self._keep, daemon=True, name="query-processes")
        self._keeper.start()

    def take(self, store: str) -> QueryProcess:
        """A process that nobody else has, if possible one that has this store open.

        Raises BusyError when none is free in time.
        """
        with self._lock:
            while self._idle:
                process = self._pick(store)
                if process.is_usable():
                    return process
                self._replace(process)
            if self._closed:
                raise StoreUnavailableError("The server is stopping.")
            if len(self._waiting) >= MAX_WAITING:
                raise _busy()
            ticket = _Ticket()
            self._waiting.append(ticket)
        return self._wait(ticket)

    def give_back(self, process: QueryProcess) -> None:
        """Let the next one have the process."""
        with self._lock:
            process.turn += 1
            if self._closed or process in self._long or not process.is_usable():
                self._replace(process)
            elif self._waiting:
                self._waiting.popleft().put(process)
            else:
                self._idle.append(process)

    def replace(self, process: QueryProcess) -> None:
        """Kill the process and start another."""
        with self._lock:
            process.turn += 1
            self._replace(process)

    def set_aside(self, process: QueryProcess) -> None:
        """Let a query go on for long, and others have a new process instead.

        Raises BusyError when there are as many long ones as there may be.
        """
        with self._lock:
            if self._closed or process in self._long:
                return
            if len(self._long) >= self._limits.processes:
                raise BusyError("Too many long queries are running; try again in a moment.")
            self._long.add(process)
            self._tasks.put(partial(self._start, 1))
        process.step_back()

    def stop(self, process: QueryProcess, turn: int) -> None:
        """Kill the process if it is still the turn of the one who asks."""
        with self._lock:
            if process.turn == turn:
                process.kill()

    def pids(self) -> list[int]:
        """The numbers of the processes that there are."""
        with self._lock:
            return [process.pid for process in self._all]

    def close(self) -> None:
        """Leave no process behind."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            self._closed = True
            for process in self._all:
                process.kill()
            for process in self._idle:
                self._tasks.put(partial(self._bury, process))
            self._idle.clear()
            while self._waiting:
                self._waiting.popleft().put(None)
            self._tasks.put(None)
            ended = list(self._all)
        for process in ended:
            process.outcome()
        if threading.current_thread() is not self._keeper:
            self._keeper.join(START)

    def disown(self) -> None:
        """In a fork: close our ends of pipes that belong to the one that forked."""
        for process in list(self._all):
            process.disown()

    def _pick(self, store: str) -> QueryProcess:
        for place, process in enumerate(self._idle):
            if process.store == store:
                return self._idle.pop(place)
        return self._idle.pop()

    def _wait(self, ticket: _Ticket) -> QueryProcess:
        try:
            process = ticket.get(timeout=self._patience)
        except Empty:
            with self._lock:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                    raise _busy() from None
            process = ticket.get()  # handed over just now
        if process is None:
            raise StoreUnavailableError("The server is stopping.")
        return process

    def _replace(self, process: QueryProcess) -> None:
        process.kill()
        if self._closed:
            self._bury(process)
            return
        if process not in self._long:
            self._tasks.put(partial(self._start, 1))
        self._tasks.put(partial(self._bury, process))

    def _bury(self, process: QueryProcess) -> None:
        with self._lock:
            self._all.discard(process)
            self._long.discard(process)
        process.bury()

    def _keep(self) -> None:
        """Start as many processes as there must be, then one for each that has died."""
        self._start(self._limits.processes)
        while True:
            try:
                task = self._tasks.get(timeout=LOOK)
            except Empty:
                self._look_after_idle()
                continue
            if task is None:
                return
            task()

    def _look_after_idle(self) -> None:
        """Replace what has died while nobody asked it anything."""
        with self._lock:
            for process in [each for each in self._idle if not each.is_usable()]:
                self._idle.remove(process)
                self._replace(process)

    def _start(self, count: int) -> None:
        """Start processes side by side; try again, for as long as it takes, those that fail."""
        while count and not self._closed:
            started = [process for _ in range(count) if (process := self._spawn())]
            count -= sum(self._welcome(process) for process in started)
            if count and not self._closed:
                time.sleep(PAUSE)

    def _spawn(self) -> QueryProcess | None:
        try:
            process = QueryProcess(self._limits)
        except OSError as error:
            _log.error("A query process cannot be started: %s", error)
            return None
        with self._lock:
            self._all.add(process)
            if self._closed:
                process.kill()
        return process

    def _welcome(self, process: QueryProcess) -> bool:
        """Let a new process work once it is ready; False when it is not."""
        try:
            process.wait_ready()
        except (OSError, EOFError) as error:
            if not self._closed:
                _log.error("A query process did not start: %r", error)
            process.kill()
            self._bury(process)
            return False
        if not process.confined:
            _log.warning("This system cannot cut query processes off from the network.")
        self._patience = WAIT
        self.give_back(process)
        return True


def _busy() -> BusyError:
    return BusyError("All query processes are busy; try again in a moment.")
