"""A long answer between the process that makes it and the client that reads it.

Why: a client that reads slowly must not occupy a query process, of which there are few. So the
answer goes to a file as fast as it is made, and to the client from there.
"""

import os
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Self

from vocab_server.errors import StoreUnavailableError, VocabServerError

CHUNK = 256 * 1024  # bytes


class Spool(Iterator[bytes]):
    """The parts of an answer, kept in a nameless file until they are read or closed.

    ``stop`` is called when the reader closes before the end, ``release`` once at the end. What
    ``parts`` raises is raised where the parts before it end.
    """

    def __init__(
        self,
        first: bytes,
        parts: Generator[bytes],
        stop: Callable[[], None],
        release: Callable[[], None],
    ) -> None:
        self._first: bytes | None = first
        self._parts = parts
        self._stop = stop
        self._release = release
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (closed by _leave)
        self._users = 2  # the thread that fills it, and the reader
        self._given = self._written = 0
        self._complete = self._closed = False
        self._failure: VocabServerError | None = None
        self._changed = threading.Condition()
        threading.Thread(target=self._fill, daemon=True).start()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._closed:
            raise StopIteration
        if self._first is not None:
            first, self._first = self._first, None
            return first
        if not self._has_more():
            self.close()
            if self._failure is not None:
                raise self._failure
            raise StopIteration
        chunk = os.pread(self._file.fileno(), CHUNK, self._given)
        self._given += len(chunk)
        return chunk

    def close(self) -> None:
        """Give up what was not read, and stop its making."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
        self._stop()
        self._leave()

    def __del__(self) -> None:
        self.close()

    def _has_more(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._given < self._written or self._complete)
            return self._given < self._written and not self._closed

    def _fill(self) -> None:
        try:
            for part in self._parts:
                self._file.write(part)
                with self._changed:
                    self._written += len(part)
                    self._changed.notify()
        except VocabServerError as error:
            self._failure = error
        except OSError as error:
            self._failure = StoreUnavailableError(
                "The answer cannot be kept: %(error)s", error=error
            )
        self._parts.close()
        with self._changed:
            self._complete = True
            self._changed.notify()
        self._leave()

    def _leave(self) -> None:
        with self._changed:
            self._users -= 1
            last = self._users == 0
        if last:
            self._file.close()
            self._release()
