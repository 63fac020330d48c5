"""A process that reads one spreadsheet from outside, and that its parent may kill at any time.

``python -m vocab_server.store.sheet_process`` reads a ReadingJob as JSON from standard input and
writes the rows as lines of JSON into its target. It reads XLSX, XLS and ODS, and CSV as spreadsheet
programs of any country save it: with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.
"""

import csv
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from vocab_server.errors import InvalidError, Phrase, TooLargeError, VocabServerError
from vocab_server.store.confinement import confine, run_with_deep_stack
from vocab_server.store.failures import failure
from vocab_server.store.sheet_jobs import ReadingJob

MOST_PARTS = 10_000  # files in a workbook, which is a ZIP archive
RATIO = 200  # times that an archive may shrink what is in it
SMALL = 16 * 1024 * 1024  # bytes unpacked that are harmless, however well they shrink
OUTPUT = 8  # times the size of the input that a file we write may have
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FOREIGN = (b"%PDF", b"\x89PNG", b"<", b"{", b"\x7fELF", b"\xff\xd8\xff")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WHOLE = 1e15  # numbers below are exact


@dataclass(slots=True)
class _Target:
    """Where rows go, and how much there may be."""

    file: IO[str]
    most: int  # cells
    cells: int = 0
    rows: int = 0

    def write(self, sheet: str, number: int, cells: list[str]) -> None:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            return
        self.cells += len(cells)
        self.rows += 1
        if self.cells > self.most:
            raise TooLargeError("It has more than %(most)s cells.", most=self.most)
        self.file.write(json.dumps([sheet, number, cells], ensure_ascii=False) + "\n")


def main() -> None:
    """Do the job that standard input describes."""
    job = ReadingJob(**json.loads(sys.stdin.buffer.read()))
    confine(job.memory, parent=job.parent, files=job.size * OUTPUT)
    sys.stdout.write(json.dumps(run_with_deep_stack(partial(_outcome, job))) + "\n")
    sys.stdout.flush()


def _outcome(job: ReadingJob) -> dict[str, Any]:
    try:
        return {"done": _read(job)}
    except VocabServerError as error:
        return failure(job.name, Phrase(error.template, **error.values), type(error))
    except (CalamineError, zipfile.BadZipFile) as error:
        problem = Phrase(
            "This workbook is damaged or has a password (%(error)s). Save it again as XLSX.",
            error=error,
        )
        return failure(job.name, problem, InvalidError)
    except MemoryError:
        problem = Phrase("Reading it takes more memory than is allowed.")
        return failure(job.name, problem, TooLargeError)


def _read(job: ReadingJob) -> dict[str, Any]:
    with Path(job.source).open("rb") as file:
        start = file.read(8)
    if not start:
        raise InvalidError("The file is empty.")
    if start.startswith(_FOREIGN):
        raise InvalidError("This is no spreadsheet. Choose a file that was saved as XLSX or CSV.")
    with Path(job.target).open("w", encoding="utf-8", errors="replace") as file:
        target = _Target(file, job.cells)
        is_book = start.startswith(_BOOKS)
        encoding = _read_book(job, target) if is_book else _read_csv(job, target)
    if not target.rows:
        raise InvalidError("There is nothing in the file.")
    return {"is_book": is_book, "encoding": encoding, "rows": target.rows}


def _read_book(job: ReadingJob, target: _Target) -> str:
    refuse_bomb(job.source, job.size)
    with CalamineWorkbook.from_path(job.source) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            left = sheet.start[1] if sheet.start else 0  # empty rows are given, columns are not
            for number, row in enumerate(sheet.iter_rows(), 1):
                target.write(about.name, number, [""] * left + [cell_text(cell) for cell in row])
    return "utf-8"


def refuse_bomb(source: str, size: int) -> None:
    """Look at what an archive says of itself before anything of it is unpacked.

    Raises TooLargeError when it has more than ``size`` bytes in it, or shrinks too well.
    """
    if not zipfile.is_zipfile(source):
        return  # an old XLS file
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    is_bomb = unpacked > SMALL and unpacked > packed * RATIO
    if len(parts) > MOST_PARTS or unpacked > size or is_bomb:
        raise TooLargeError(
            "Unpacked it would be %(unpacked)s bytes in %(number)s parts: too much for a"
            " spreadsheet. Save it again, or split it.",
            unpacked=unpacked,
            number=len(parts),
        )


def cell_text(cell: Any) -> str:
    """A cell as a person reads it: a whole number without a fraction."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else _moment(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _moment(cell: datetime) -> str:
    return cell.isoformat(timespec="seconds")


def _read_csv(job: ReadingJob, target: _Target) -> str:
    encoding = encoding_of(Path(job.source))
    csv.field_size_limit(job.size)
    with Path(job.source).open(encoding=encoding, errors="strict", newline="") as file:
        delimiter, is_told = delimiter_of(file.readline(SMALL))
        if not is_told:
            file.seek(0)
        rows = csv.reader(_clean(file), delimiter=delimiter)
        try:
            for number, row in enumerate(rows, 1 + is_told):
                target.write("", number, row)
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidError(
                "Line %(line)s cannot be read: %(error)s.",
                line=rows.line_num + 1,
                error=error,
            ) from error
    return encoding


def _clean(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:
            raise InvalidError("There is a NUL byte: this is no spreadsheet in CSV.")
        yield line


def encoding_of(path: Path) -> str:
    """UTF-8 unless the bytes say otherwise; Windows-1252 can read any, so it comes last."""
    with path.open("rb") as file:
        start = file.read(4)
        for mark, encoding in _MARKS:
            if start.startswith(mark):
                return encoding
        file.seek(0)
        try:
            for line in file:
                line.decode()
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def delimiter_of(line: str) -> tuple[str, bool]:
    """What is between the cells, and whether the first line is there to tell just that."""
    bare = line.strip('\ufeff\r\n "')
    if bare.lower().startswith("sep=") and len(bare) == len("sep=;"):
        return bare[-1], True
    return max(",;\t", key=lambda sign: len(next(csv.reader([line], delimiter=sign), []))), False


if __name__ == "__main__":
    main()
