"""Queries from outside, run in processes of their own that can be killed (SPARQL 1.1 Protocol).

Why: the engine cannot be told to stop, to spare memory or to stay off the network, and a query of
5 kB can crash the process that parses it. So the server neither runs nor parses these queries,
but for those that are small by their shape (see ``at_hand``).
"""

import os
import signal
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vocab_server.errors import (
    BusyError,
    ForbiddenError,
    InvalidError,
    NotOfferedError,
    QueryStoppedError,
    StoreUnavailableError,
    TooLargeError,
    VocabServerError,
)
from vocab_server.rdf.formats import FORMATS, RESULTS
from vocab_server.store.at_hand import AtHand
from vocab_server.store.crew import Crew, Limits, QueryProcess
from vocab_server.store.frames import (
    FAILED,
    GRAPH,
    LEAVING,
    MORE,
    PART,
    PIPE,
    SOLUTIONS,
    Frame,
    Reason,
    Request,
)
from vocab_server.store.spool import Spool

__all__ = ["Answer", "Limits", "PublicQuery", "QueryPool"]

MAX_TEXT = 64 * 1024  # bytes
MAX_SPOOLS = 16  # long answers on their way to clients at the same time
DYING = 0.1  # seconds that a killed process may still look alive
MIB = 1024 * 1024
NARROW = "Add a LIMIT, or narrow the pattern down."


Watch = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class PublicQuery:
    """A query as a client sent it.

    ``results_type`` is the media type for a SELECT or ASK query and ``graph_type`` for CONSTRUCT
    or DESCRIBE; None when the client accepts none that there is. ``default_graphs`` and
    ``named_graphs`` come from the request and override what the query says (SPARQL 1.1
    Protocol, 2.1.4).
    """

    text: str
    results_type: str | None
    graph_type: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a query; ``whole`` is all of it when it is short, as most are.

    Iterating a long one may raise QueryStoppedError when part of it has been given already.
    """

    media_type: str
    chunks: Iterator[bytes]
    whole: bytes | None = None

    def close(self) -> None:
        """Stop the query, if it still runs, and free what the answer holds."""
        if isinstance(self.chunks, Spool):
            self.chunks.close()


class QueryPool:
    """Runs queries within limits; any thread may call it, and it may be made before a fork.

    No process is started before the first query or ``start``. Without ``union`` the default graph
    is the store's own, otherwise all its named graphs together.
    """

    def __init__(self, limits: Limits, *, union: bool = True) -> None:
        self._limits = limits
        self._union = union
        self._lock = threading.Lock()
        self._crew: Crew | None = None
        self._owner = 0
        self._spools = threading.BoundedSemaphore(MAX_SPOOLS)
        self._watch: Watch = nullcontext

    @property
    def processes(self) -> int:
        """How many queries run at the same time."""
        return self._limits.processes

    def watched(self, watch: Watch) -> None:
        """From now on run each query within what ``watch`` gives, up to its first answer."""
        self._watch = watch

    def start(self) -> None:
        """Start the processes, so that the first query need not wait for them."""
        self._get_crew()

    def run(self, store: Path, query: PublicQuery, at_hand: AtHand | None = None) -> Answer:
        """The answer to a query over the store in a directory.

        What is surely small is answered from the same store ``at_hand``, with the same bytes.
        Raises TooLargeError for the length of the query, InvalidError when the engine cannot read
        it, ForbiddenError for SERVICE, NotOfferedError when its result has no acceptable media
        type, QueryStoppedError when it goes past a limit, BusyError when no process is free and
        StoreUnavailableError when the engine fails.
        """
        with self._watch():
            answer = self._small(query, at_hand) if at_hand else None
            return answer or self._run(store, query)

    def _small(self, query: PublicQuery, at_hand: AtHand) -> Answer | None:
        if self._union or query.default_graphs or query.named_graphs:
            return None
        types = query.results_type, query.graph_type
        found = at_hand.answer(query.text, query.base_iri, *types)
        if found is None:
            return None
        media_type, whole = found
        return Answer(media_type, iter((whole,)), whole)

    def _run(self, store: Path, query: PublicQuery) -> Answer:
        path = os.fspath(store)
        request = self._encoded(path, query)
        crew = self._get_crew()
        try:
            process, frame, deadline = self._ask(crew, path, request)
        except _KilledError:
            process, frame, deadline = self._ask(crew, path, request)
        media_type = query.graph_type if frame.kind == GRAPH else query.results_type
        if media_type is None or frame.kind not in (SOLUTIONS, GRAPH):
            raise self._failed(crew, process, frame)
        if frame.flags & MORE:
            return Answer(media_type, self._spool(crew, process, frame.payload, deadline))
        _release(crew, process, frame)
        return Answer(media_type, iter((frame.payload,)), frame.payload)

    def pids(self) -> list[int]:
        """The numbers of the query processes."""
        return self._crew.pids() if self._crew and self._owner == os.getpid() else []

    def close(self) -> None:
        """End all queries and leave no process behind."""
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            crew.close()

    def _get_crew(self) -> Crew:
        crew = self._crew
        if crew is not None and self._owner == os.getpid():
            return crew
        with self._lock:
            return self._make_crew()

    def _make_crew(self) -> Crew:
        if self._crew is not None and self._owner != os.getpid():
            self._crew.disown()  # this is a fork: they answer the one that forked
            self._crew = None
        if self._crew is None:
            self._owner = os.getpid()
            self._crew = Crew(self._limits)
            weakref.finalize(self, self._crew.close)  # when it is forgotten, and at exit
        return self._crew

    def _encoded(self, store: str, query: PublicQuery) -> bytes:
        """The request as bytes. Raises InvalidError for text that is not Unicode."""
        dataset = query.default_graphs or query.named_graphs
        request = Request(
            store,
            query.text,
            query.base_iri,
            query.results_type,
            query.graph_type,
            self._union,
            query.default_graphs if dataset else None,
            query.named_graphs if dataset else None,
        )
        try:
            encoded = request.encode()
        except UnicodeEncodeError as error:
            raise InvalidError("The query holds half of a surrogate pair.") from error
        if len(encoded) > MAX_TEXT and len(query.text.encode()) > MAX_TEXT:
            raise TooLargeError(f"The query is longer than {MAX_TEXT // 1024} KiB; shorten it.")
        if len(encoded) > PIPE:
            raise TooLargeError("The request names too many graphs.")
        return encoded

    def _ask(self, crew: Crew, path: str, request: bytes) -> tuple[QueryProcess, Frame, float]:
        """The process that answers, the first frame, and the deadline.

        Raises _KilledError when the process was just being killed by somebody else.
        """
        process = crew.take(path)
        begun = time.monotonic()
        deadline = begun + self._limits.seconds
        try:
            process.ask(path, request)
            if not process.is_answering(self._limits.seconds):
                crew.set_aside(process)
            return process, process.read(deadline), deadline
        except BaseException as error:
            failure = self._ended(crew, process, error)
            if isinstance(failure, _KilledError) and time.monotonic() - begun > DYING:
                raise QueryStoppedError(str(failure)) from error
            raise failure from error

    def _spool(
        self, crew: Crew, process: QueryProcess, first: bytes, deadline: float
    ) -> Iterator[bytes]:
        if not self._spools.acquire(blocking=False):
            crew.replace(process)
            raise BusyError("Too many long answers are on their way; try again in a moment.")
        parts = self._parts(crew, process, len(first), deadline)
        stop = partial(crew.stop, process, process.turn)
        return Spool(first, parts, stop, self._spools.release)

    def _parts(
        self, crew: Crew, process: QueryProcess, size: int, deadline: float
    ) -> Generator[bytes]:
        """The rest of an answer, as fast as the process makes it."""
        try:
            frame = process.read(deadline)
            while frame.kind == PART and size + len(frame.payload) <= self._limits.result:
                size += len(frame.payload)
                yield frame.payload
                if not frame.flags & MORE:
                    break
                if process.is_long():
                    crew.set_aside(process)
                frame = process.read(deadline)
        except BaseException as error:
            raise self._ended(crew, process, error) from error
        if frame.kind != PART or frame.flags & MORE:
            raise self._failed(crew, process, frame)
        _release(crew, process, frame)

    def _failed(self, crew: Crew, process: QueryProcess, frame: Frame) -> VocabServerError:
        """The error that a frame tells; the process goes on when it keeps to the protocol."""
        if frame.kind != FAILED:
            crew.replace(process)
            return self._stopped(Reason.RESULT)
        _release(crew, process, frame)
        reason, _, message = frame.payload.decode(errors="replace").partition("\n")
        if reason == Reason.INVALID:
            return InvalidError(message)
        if reason == Reason.SERVICE:
            return ForbiddenError(message)
        if reason == Reason.NOT_OFFERED:
            return _not_offered(message)
        if reason in (Reason.MEMORY, Reason.RESULT):
            return self._stopped(reason)
        return StoreUnavailableError(f"The store did not answer: {message}")

    def _ended(self, crew: Crew, process: QueryProcess, error: BaseException) -> BaseException:
        """The error to raise when the process was too slow, has died, or nobody waits."""
        if not isinstance(error, TimeoutError | EOFError | BrokenPipeError):
            crew.replace(process)
            return error
        if isinstance(error, TimeoutError):
            crew.replace(process)
            return self._stopped("time")
        outcome = process.outcome()
        crew.replace(process)
        if outcome == -signal.SIGABRT:
            return self._stopped(Reason.MEMORY)
        kind = _KilledError if outcome == -signal.SIGKILL else QueryStoppedError
        return kind(f"The process that ran the query ended unexpectedly ({outcome}). {NARROW}")

    def _stopped(self, bound: str) -> QueryStoppedError:
        limits = self._limits
        past = {
            "time": f"The query was stopped after {limits.seconds:g} seconds.",
            Reason.MEMORY: f"The query used more than {limits.memory // MIB} MiB of memory.",
            Reason.RESULT: f"The result has more than {limits.result // MIB} MiB.",
        }
        return QueryStoppedError(f"{past[bound]} {NARROW}")


class _KilledError(QueryStoppedError):
    """Somebody else has killed the process."""


def _release(crew: Crew, process: QueryProcess, frame: Frame) -> None:
    if frame.flags & LEAVING:
        crew.replace(process)
    else:
        crew.give_back(process)


def _not_offered(kind: str) -> NotOfferedError:
    formats = FORMATS if kind == "graph" else RESULTS
    offers = tuple(form.media_type for form in formats)
    return NotOfferedError(f"Accept one of: {', '.join(offers)}.", offers)
