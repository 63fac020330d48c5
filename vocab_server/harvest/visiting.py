"""Visits to publishers' servers: every request of one harvest, within bounds for all of them.

A publisher's server may hang, send for ever, lie about what it has or lead in circles. A visit ends
then with an error in words, and nothing of what it brought is used.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag

from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.outbound import NO_VALIDATORS, Fetched, Validators, fetch_guarded

PAGES = 2_000  # of one catalog
SIZE = 512 * 1024 * 1024  # bytes of all pages
SECONDS = 900  # for all pages


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one harvest may ask for: ``size`` in bytes and ``seconds``, over all pages."""

    pages: int = PAGES
    size: int = SIZE
    seconds: float = SECONDS


USUAL = Bounds()


@dataclass(slots=True)
class Visit:
    """One harvest on its way: what it may still ask for, and where it has been.

    ``folder`` takes the files, ``local`` is where files for harvesting are put, and ``internal``
    are the hosts of private networks that may be asked. ``base_iri`` is what addresses in a file
    without an address of its own are relative to.
    """

    folder: Path
    local: Path
    internal: Collection[str] = ()
    bounds: Bounds = USUAL
    base_iri: str = "https://example.org/"
    size: int = 0  # bytes so far
    clock: Callable[[], float] = time.monotonic
    _seen: set[str] = field(default_factory=set)
    _started: float | None = None

    def has_been_at(self, url: str) -> bool:
        """Whether an address was fetched in this visit."""
        return urldefrag(url).url in self._seen

    def fetch(self, url: str, accept: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        """Fetch one page; ``file`` of the answer is None when it is as it was.

        Raises TooLargeError beyond the bounds of the visit, InvalidError when the server does not
        answer as it should.
        """
        if self._started is None:
            self._started = self.clock()
        self._seen.add(urldefrag(url).url)
        left = self._started + self.bounds.seconds - self.clock()
        if len(self._seen) > self.bounds.pages:
            raise TooLargeError(
                "The catalog has more than %(pages)s pages, and was not read further.",
                pages=self.bounds.pages,
            )
        if left <= 0:
            raise TooLargeError(
                "The catalog takes more than %(seconds)s seconds.",
                seconds=f"{self.bounds.seconds:g}",
            )
        target = self.folder / f"page-{len(self._seen)}"
        fetched = fetch_guarded(
            url,
            target,
            accept=accept,
            validators=validators,
            internal=self.internal,
            size=self.bounds.size - self.size,
            seconds=left,
        )
        self.size += target.stat().st_size if fetched.file else 0
        return fetched

    def local_file(self, name: str) -> Path:
        """A file that an operator put where files for harvesting are. Raises InvalidError."""
        found = (self.local / name).resolve()
        if not found.is_relative_to(self.local.resolve()) or not found.is_file():
            raise InvalidError(
                "There is no file %(name)r in %(local)s/ in the data directory.",
                name=name,
                local=self.local.name,
            )
        return found
