"""Reading foreign RDF files, in a process that may crash or be stopped.

Why: a file of a kilobyte can make a parser abort its process, and nothing in Python can stop that
(see confinement). The process writes canonical N-Triples that a store takes as they are.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Any, ClassVar, Protocol

from vocab_server.errors import InvalidError, TooLargeError, VocabServerError
from vocab_server.rdf.formats import find_format, get_format
from vocab_server.rdf.repair import Note
from vocab_server.store.failures import failed
from vocab_server.store.parse_job import Job

MIB = 1024 * 1024  # bytes
LONGEST_LOG = 2000  # characters
_PARSER = "vocab_server.store.parse_process"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """How much a foreign file may ask for."""

    size: int = 1024 * MIB  # bytes, also when unpacked
    statements: int = 10_000_000
    seconds: float = 300.0
    memory: int = 3072 * MIB  # bytes


class Task(Protocol):
    """What a process apart is asked to do: a dataclass of JSON values."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str:
        """What its user calls the file."""

    @property
    def work(self) -> str:
        """A folder that is gone afterwards."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was read: ``target`` holds canonical N-Triples, ``statements`` lines of them.

    A statement that the file says twice is there twice. ``format`` is a name from FORMATS,
    ``encoding`` that of the file; ``notes`` are in the order in which things were found.
    """

    target: Path
    statements: int
    format: str
    encoding: str
    notes: tuple[Note, ...]


def parse(
    source: Path,
    *,
    file_name: str | None = None,
    format: str | None = None,
    base_iri: str,
    target: Path,
    fix: bool = False,
    as_written: bool = False,
    limits: ParseLimits = ParseLimits(),
    progress: Callable[[int, int], None] | None = None,
) -> Parsed:
    """Read an RDF file of any format that we know, gzipped or not, into canonical N-Triples.

    ``file_name`` is what the user calls the file, for messages and as a hint of the format;
    ``format`` (a name, media type or file ending) overrules what name and content tell. Blank nodes
    get IRIs that depend on what is said about them, and literals the form that the store gives
    them, so that reading a file again gives the same lines, whatever order it is in. Named graphs
    are merged. ``fix`` repairs what else is refused; ``as_written`` leaves literals as they stand
    in the file. ``progress`` is given bytes read and bytes in all, a few times a second.

    Raises UnknownFormatError for what is no RDF, TooLargeError beyond the limits, and InvalidError
    for a file that cannot be read; they name the file and the line.
    """
    name = file_name or source.name
    with tempfile.TemporaryDirectory(prefix=".parse-", dir=target.parent) as work:
        job = Job(
            source=str(source.absolute()),
            name=name,
            work=work,
            target=str(Path(work) / "target.nt"),
            base_iri=base_iri,
            given=get_format(format).name if format else None,
            named=_named_format(name),
            fix=fix,
            size=limits.size,
            statements=limits.statements,
            memory=limits.memory,
            parent=os.getpid(),
            as_written=as_written,
        )
        outcome = run_apart(_PARSER, job, limits.seconds, progress or _ignore)
        Path(job.target).replace(target)
    notes = tuple(Note(**note) for note in outcome.pop("notes"))
    return Parsed(target=target, notes=notes, **outcome)


def _ignore(done: int, total: int) -> None:
    """Nobody wants to know."""


def _named_format(name: str) -> str | None:
    """The format that a file's name tells, if any."""
    ending = Path(name.lower().removesuffix(".gz").removesuffix(".gzip")).suffix
    found = find_format(ending) if ending else None
    return found.name if found else None


def run_apart(
    module: str, job: Task, seconds: float, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """What a process that reads a foreign file says when it is done.

    Raises what it says when it fails, TooLargeError after so many seconds, and InvalidError when
    it dies.
    """
    with (Path(job.work) / "log").open("w+", encoding="utf-8", errors="replace") as log:
        command = [sys.executable, "-P", "-m", module]
        process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
        stopped = _Stopper(process, seconds)
        try:
            message = _listen(process, job, progress)
        finally:
            stopped.cancel()
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        if stopped.happened:
            raise TooLargeError(
                "%(job)s: Reading it takes more than %(seconds)s seconds.",
                job=job.name,
                seconds=f"{seconds:g}",
            )
        if "done" not in message:
            raise _failure(job, message, process.returncode, log)
    return dict(message["done"])


class _Stopper:
    """Kills a process after a time, and knows whether it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.happened = False
        self._process = process
        self._timer = Timer(seconds, self._stop)
        self._timer.daemon = True
        self._timer.start()

    def _stop(self) -> None:
        self.happened = True
        self._process.kill()

    def cancel(self) -> None:
        """Let it live."""
        self._timer.cancel()


def _listen(
    process: subprocess.Popen[bytes], job: Task, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """The last message of the process; an empty one when it died before."""
    if process.stdin is None or process.stdout is None:  # it has both: see Popen above
        return {}
    try:
        process.stdin.write(json.dumps(asdict(job)).encode())
        process.stdin.close()
    except BrokenPipeError:
        return {}
    for line in process.stdout:
        message: dict[str, Any] = json.loads(line)
        if "progress" not in message:
            return message
        progress(*message["progress"])
    return {}


def _failure(job: Task, message: dict[str, Any], status: int, log: IO[str]) -> VocabServerError:
    if "failed" in message:
        return failed(message)
    log.seek(0)
    _log.warning("parse process ended with %s: %s", status, log.read(LONGEST_LOG))
    if status == 1:
        return InvalidError(
            "%(job)s: It could not be read, for a reason told in the log.", job=job.name
        )
    return InvalidError(
        "%(job)s: It could not be read within the bounds for foreign files: it is nested too"
        " deeply, or made to harm its reader.",
        job=job.name,
    )
