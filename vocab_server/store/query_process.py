"""A process that runs queries from outside, and that its server may kill at any time.

``python -m vocab_server.store.query_process MEMORY RESULT SECONDS PARENT`` reads requests from
standard input and writes frames to standard output until its input ends. MEMORY and RESULT are in
bytes; PARENT is the number of the server process. What is imported here decides how fast a killed
process is replaced: 60 ms without rdflib, 160 ms with it.
"""

import json
import os
import signal
import sys
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from vocab_server.errors import ForbiddenError, InvalidError
from vocab_server.store import query_text
from vocab_server.store.confinement import confine, run_with_deep_stack
from vocab_server.store.frames import (
    AT_ONCE,
    FAILED,
    FIRST,
    GRAPH,
    HEADER,
    LEAVING,
    LENGTH,
    MAX_FRAME,
    MORE,
    PART,
    READY,
    SOLUTIONS,
    Reason,
    Request,
    enlarge,
    write_all,
)
from vocab_server.store.serialization import serialize

GRACE = 2.0  # seconds after which a process whose server does not stop it stops itself
LONGEST_MESSAGE = 2000  # characters


def main() -> None:
    """Serve until standard input ends."""
    memory, result, seconds, parent = sys.argv[1:]
    _reset_signals()
    answers = os.dup(1)
    confined = confine(int(memory), parent=int(parent))
    _silence()
    enlarge(answers)
    write_all(answers, HEADER.pack(READY, 0, 1) + bytes([confined]))
    service = _Service(answers, confined, int(memory), int(result), float(seconds))
    run_with_deep_stack(service.run)


def _reset_signals() -> None:
    """Undo what the server ignores, blocks and handles; leave Ctrl-C to it."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(name, signal.SIG_DFL)
    # A closed pipe is an error of the write, not the end of the process.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _silence() -> None:
    """Send what the engine prints while it dies nowhere: the server tells what happened.

    A log file would also be subject to the bound on files, and the process killed for it.
    """
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


class _ResultTooLargeError(Exception):
    """The answer is beyond the bound."""


class _NotOfferedError(Exception):
    """The client accepts nothing that this kind of result can be written as."""


class _Answer:
    """One answer on its way out, in frames; the first waits for FIRST bytes, or for all."""

    def __init__(self, pipe: int, limit: int) -> None:
        self._pipe = pipe
        self._left = limit
        self._kind = PART
        self._held = bytearray()

    def begin(self, kind: int) -> None:
        """Say what kind of result follows."""
        self._kind = kind

    def write(self, data: bytes) -> int:
        """Take a piece of the answer. Raises _ResultTooLargeError beyond the limit."""
        self._left -= len(data)
        if self._left < 0:
            raise _ResultTooLargeError
        self._held += data
        if len(self._held) >= FIRST:
            self._send(MORE)
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces are held until a frame is full."""

    def finish(self, flags: int) -> None:
        """Send what is left."""
        self._send(flags)

    def fail(self, reason: Reason, message: str, flags: int) -> None:
        """Tell that there is no answer, or no more of it."""
        self._kind = FAILED
        text = f"{reason}\n{message[:LONGEST_MESSAGE]}"
        self._held = bytearray(text.encode(errors="replace"))
        self._send(flags)

    def _send(self, flags: int) -> None:
        held, self._held = self._held, bytearray()
        rest = memoryview(held)
        while len(rest) > MAX_FRAME:
            self._send_frame(rest[:MAX_FRAME], MORE)
            rest = rest[MAX_FRAME:]
        self._send_frame(rest, flags)

    def _send_frame(self, payload: memoryview, flags: int) -> None:
        write_all(self._pipe, HEADER.pack(self._kind, flags, len(payload)) + payload)
        self._kind = PART


class _Service:
    """Reads requests and answers them, with one store open at a time."""

    def __init__(
        self, answers: int, confined: bool, memory: int, result: int, seconds: float
    ) -> None:
        self._answers = answers
        self._confined = confined
        self._result = result
        self._seconds = seconds
        self._store: Any = None
        self._opened: tuple[object, ...] = ()
        self._pages = memory // 4 // os.sysconf("SC_PAGE_SIZE")
        self._statm = _open_statm()

    def run(self) -> None:
        """Answer requests until there are no more, or until it is better to start afresh."""
        flags = 0
        while not flags:
            request = _read_request()
            if request is None:
                return
            # Should the server be unable to stop this process, the alarm kills it.
            signal.setitimer(signal.ITIMER_REAL, self._seconds + GRACE)
            flags = self._answer(request)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _answer(self, request: Request) -> int:
        answer = _Answer(self._answers, self._result)
        try:
            self._open(request.store)
            self._evaluate(request, answer)
            flags = self._tired()
            answer.finish(flags)
        except BrokenPipeError:  # the server is gone
            return LEAVING
        except BaseException as error:
            reason, message = _explain(error)
            broken = reason == Reason.MEMORY or not isinstance(error, Exception)
            flags = LEAVING if broken else self._tired()
            answer.fail(reason, message, flags)
        return flags

    def _evaluate(self, request: Request, answer: _Answer) -> None:
        query_text.check(request.text, confined=self._confined)
        named = request.default_graphs is not None or query_text.has_dataset_clause(request.text)
        result = self._store.query(
            request.text,
            base_iri=request.base_iri,
            use_default_graph_as_union=request.union and not named,
            default_graph=_nodes(request.default_graphs),
            named_graphs=_nodes(request.named_graphs),
        )
        is_graph = isinstance(result, ox.QueryTriples)
        media_type = request.graph_type if is_graph else request.results_type
        if media_type is None:
            raise _NotOfferedError("graph" if is_graph else "results")
        answer.begin(GRAPH if is_graph else SOLUTIONS)
        serialize(result, media_type, answer)

    def _open(self, path: str) -> None:
        """Open the store, unless it is open: a directory replaced by another is another store."""
        try:
            found = os.stat(path)  # noqa: PTH116  (once a query: 1 microsecond, not 4)
            wanted = (path, found.st_dev, found.st_ino, found.st_ctime_ns)
            if self._opened != wanted:
                self._store, self._opened = None, ()
                self._store = ox.Store.read_only(path)
                self._opened = wanted
        except OSError as error:
            raise RuntimeError(f"The store cannot be opened: {error}") from error

    def _tired(self) -> int:
        """LEAVING when queries have left much memory in use (a quarter of the bound)."""
        if self._statm is None:
            return 0
        resident = int(os.pread(self._statm, 100, 0).split()[1])
        return LEAVING if resident > self._pages else 0


def _open_statm() -> int | None:
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None


def _read_request() -> Request | None:
    data = os.read(0, AT_ONCE)
    if not data:
        return None
    end = LENGTH.size + LENGTH.unpack_from(data)[0]
    while len(data) < end:
        data += os.read(0, end - len(data))
    return Request(*json.loads(data[LENGTH.size :]))


def _nodes(names: Iterable[str] | None) -> list[ox.NamedNode] | None:
    return None if names is None else [ox.NamedNode(name) for name in names]


def _explain(error: BaseException) -> tuple[Reason, str]:
    if isinstance(error, SyntaxError):
        return Reason.INVALID, f"The query cannot be read: {error.msg}"
    if isinstance(error, _NotOfferedError):
        return Reason.NOT_OFFERED, str(error)
    if isinstance(error, _ResultTooLargeError):
        return Reason.RESULT, ""
    if isinstance(error, ForbiddenError) or _is_refused_call(error):
        return Reason.SERVICE, query_text.NO_SERVICE
    if isinstance(error, ValueError | TypeError | InvalidError):
        return Reason.INVALID, str(error)
    if isinstance(error, MemoryError):
        return Reason.MEMORY, ""
    return Reason.ENGINE, str(error)


def _is_refused_call(error: BaseException) -> bool:
    """Whether a SERVICE clause that its text did not show ran against the filter."""
    lookup = isinstance(error, OSError) and "lookup address" in str(error)
    return lookup or isinstance(error, PermissionError)


if __name__ == "__main__":
    main()
