"""Spreadsheets out and in, each in a process of its own: one may take minutes, or be hostile."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from vocab_server.errors import StoreUnavailableError
from vocab_server.store.parsing import run_apart
from vocab_server.store.sheet_jobs import MIB, ReadingJob, WritingJob

LONGEST = 1_800  # seconds to write
SECONDS = 120.0  # to read
_READER = "vocab_server.store.sheet_process"
_WRITER = "vocab_server.store.sheet_writing"


@dataclass(frozen=True, slots=True)
class Read:
    """A spreadsheet that was read: ``rows`` rows of text in the file ``target``."""

    target: Path
    is_book: bool
    encoding: str
    rows: int

    def lines(self) -> Iterator[tuple[str, int, list[str]]]:
        """The rows that are not empty: sheet, number from 1, cells."""
        with self.target.open(encoding="utf-8") as file:
            for line in file:
                sheet, number, cells = json.loads(line)
                yield sheet, number, cells


def read_sheets(source: Path, name: str, target: Path, size: int = 512 * MIB) -> Read:
    """Read a workbook or CSV file, whatever it calls itself.

    ``size`` bounds the bytes of what is in it. Raises TooLargeError beyond the bounds, InvalidError
    for a file that cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix=".sheet-", dir=target.parent) as work:
        job = ReadingJob(
            source=str(source.absolute()),
            name=name,
            work=work,
            target=str(Path(work) / "rows.jsonl"),
            parent=os.getpid(),
            size=size,
        )
        outcome = run_apart(_READER, job, SECONDS, lambda *_: None)
        Path(job.target).replace(target)
    return Read(target=target, **outcome)


def write_sheets(job: WritingJob) -> None:
    """Write a vocabulary as a spreadsheet. Raises StoreUnavailableError when that fails."""
    command = [sys.executable, "-P", "-m", _WRITER]
    given = json.dumps(asdict(job)).encode()
    try:
        subprocess.run(  # noqa: S603  (our own module, no shell)
            command, input=given, check=True, capture_output=True, timeout=LONGEST
        )
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()[-500:]
        raise StoreUnavailableError(
            "The spreadsheet could not be written: %(told)s", told=told
        ) from error
    except (subprocess.SubprocessError, OSError) as error:
        raise StoreUnavailableError("The spreadsheet could not be written in time.") from error
