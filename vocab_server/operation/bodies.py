"""Bodies of requests, received before anything else is done, by a part of the threads only.

Why: who sends a body slowly holds the thread that waits for it, and the HTTP server sets no time
limit. So those who send have half of the threads, and those who only read always have the others.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from vocab_server.accounts.throttle import network
from vocab_server.errors import BusyError
from vocab_server.operation.budgets import EXCEEDED, EXEMPT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_ONCE = 16  # bodies that one process receives at a time
OF_ONE = 4  # of them from one address
IN_MEMORY = 4 * 1024 * 1024  # bytes; longer bodies wait in a file
PIECE = 64 * 1024  # bytes


class Bodies:
    """A WSGI application around another one, which finds the whole body there.

    Bodies of more than ``largest`` bytes are left where they are: they are refused anyway.
    ``refusing`` answers when too many are on their way; it finds the error in the environment.
    """

    def __init__(
        self, application: "WSGIApplication", refusing: "WSGIApplication", largest: int
    ) -> None:
        self._application = application
        self._refusing = refusing
        self._largest = largest
        self._lock = threading.Lock()
        self._receiving: Counter[str] = Counter()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        length = _length(environ)
        if not 0 < length <= self._largest:
            return self._application(environ, start_response)
        with self._turn(network(environ.get("REMOTE_ADDR", ""))) as is_free:
            body = _received(environ, length) if is_free else None
        if body is None:
            environ[EXCEEDED] = BusyError("Too many requests are being received; try again soon.")
            return self._refusing(environ, start_response)
        with body:  # which no answer reads while it is sent
            environ["wsgi.input"] = body
            return self._application(environ, start_response)

    @contextmanager
    def _turn(self, address: str) -> Iterator[bool]:
        """The right to receive a body, if there is one."""
        with self._lock:
            is_many = address not in EXEMPT and self._receiving[address] >= OF_ONE
            is_free = not is_many and self._receiving.total() < AT_ONCE
            if is_free:
                self._receiving[address] += 1
        try:
            yield is_free
        finally:
            if is_free:
                self._give_back(address)

    def _give_back(self, address: str) -> None:
        with self._lock:
            self._receiving[address] -= 1
            if not self._receiving[address]:
                del self._receiving[address]


def _length(environ: "WSGIEnvironment") -> int:
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _received(environ: "WSGIEnvironment", length: int) -> IO[bytes]:
    body: IO[bytes] = BytesIO() if length <= IN_MEMORY else TemporaryFile()  # noqa: SIM115  (the request's)
    left = length
    while left and (piece := environ["wsgi.input"].read(min(PIECE, left))):
        body.write(piece)
        left -= len(piece)
    body.seek(0)
    return body
