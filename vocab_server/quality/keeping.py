"""Reports of vocabularies, made when they are first asked for and kept until something changes.

Why then, and not at each commit: most commits are followed by others, nobody reads the report of
each, and a commit must not wait for it. One process at a time makes reports, on the whole machine,
so that readers who ask for many do not take it over.
"""

import logging
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from vocab_server.errors import VocabServerError
from vocab_server.quality.apart import check_apart
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.report import Report

KEPT = 2  # reports of each vocabulary or draft
QUEUE = 60.0  # seconds that a report waits for others
ENDING = ".sqlite"
_CHECKS = ",".join(check.id for check in CHECKS)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report on a graph of a snapshot.

    ``name`` is that of the vocabulary or draft, ``state`` tells one state of it from all others,
    and sorts after those before it. ``broken`` are addresses in it that did not answer.
    """

    name: str
    state: str
    snapshot: Path
    graph: str
    languages: tuple[str, ...]
    broken: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Other checks, languages asked for or broken links make another report."""
        asked = " ".join((_CHECKS, ",".join(sorted(self.languages)), *sorted(self.broken)))
        about = sha256(asked.strip().encode()).hexdigest()[:8]
        return f"{self.state}-{about}{ENDING}"


@dataclass(frozen=True)
class Reports:
    """The reports in a directory."""

    directory: Path
    _making: dict[Path, threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, wanted: Wanted) -> Report | None:
        """The report, if it is made."""
        path = self._path(wanted)
        return Report(path) if path.exists() else None

    def earlier(self, wanted: Wanted) -> Report | None:
        """The newest report of an earlier state, if one is there."""
        folder, own = self._path(wanted).parent, self._path(wanted).name
        older = sorted(path for path in folder.glob(f"*{ENDING}") if path.name < own)
        return Report(older[-1]) if older else None

    def ask(self, wanted: Wanted, seconds: float = 0.0) -> Report | None:
        """The report; else have it made, and wait so many seconds for it.

        None when it is not there yet: it is being made, or waits for another one.
        """
        found = self.find(wanted)
        if found is None:
            self._begin(wanted).wait(seconds)
            found = self.find(wanted)
        return found

    def _begin(self, wanted: Wanted) -> threading.Event:
        path = self._path(wanted)
        with self._lock:
            if path in self._making:
                return self._making[path]
            done = self._making[path] = threading.Event()
        threading.Thread(target=self._make, args=(wanted, path, done), daemon=True).start()
        return done

    def _make(self, wanted: Wanted, path: Path, done: threading.Event) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.directory / "making.lock", timeout=QUEUE):
                self._write(wanted, path)
        except Timeout:
            pass  # others are being made all the time: who asks again queues again
        except (VocabServerError, OSError) as error:
            _log.warning("the report %s could not be made: %s", path, error)
        finally:
            with self._lock:
                self._making.pop(path, None)
            done.set()

    def _write(self, wanted: Wanted, path: Path) -> None:
        unfinished = path.with_suffix(".new")
        for left in path.parent.glob("*.new*"):
            left.unlink(missing_ok=True)  # of a process that died: we hold the lock
        check_apart(
            unfinished,
            snapshot=wanted.snapshot,
            graph=wanted.graph,
            languages=wanted.languages,
            broken=wanted.broken,
        )
        unfinished.replace(path)
        for old in sorted(set(path.parent.glob(f"*{ENDING}")) - {path})[: 1 - KEPT]:
            old.unlink(missing_ok=True)

    def _path(self, wanted: Wanted) -> Path:
        return self.directory / wanted.name / wanted.file_name
