"""A process that writes a vocabulary as a workbook (XLSX) or as a CSV file.

``python -m vocab_server.store.sheet_writing`` reads a WritingJob as JSON from standard input.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from vocab_server.rdf.table import (
    IRI,
    SHOWN_ONLY,
    SKOS,
    STATE,
    SUBJECT,
    Column,
    guarded,
    header,
    short_iri,
    write_cell,
)
from vocab_server.store.sheet_columns import EXPLAINED, TECHNICAL
from vocab_server.store.sheet_contents import (
    OTHER,
    SHEETS,
    Cells,
    Contents,
    resources,
    sheet_of,
    sort_into,
    survey,
)
from vocab_server.store.sheet_jobs import WritingJob

LONGEST = 32_000  # characters in a cell of a workbook, which holds 32 767
ESCAPED = 6  # characters that one becomes at most
MOST_COLUMNS = 1_000  # in a sheet of a workbook; what is beyond stands in the last sheet
MOST_ROWS = 1_048_576  # of a sheet, by its format
WIDTH = 28  # of a column, in characters
NAMED = Column(f"{SKOS}broader", IRI)
SHOWN_NAME = f"{header(NAMED)}{SHOWN_ONLY}"
OTHER_HEADERS = (SUBJECT, "property", "value", "value, continued")


def main() -> None:
    """Do the job that standard input describes; a fault is told on standard error."""
    job = WritingJob(**json.loads(sys.stdin.buffer.read()))
    ordered = Path(job.work) / "ordered.nt"
    sort_into(Path(job.source), ordered, Path(job.work))
    contents = survey(ordered, job.languages, job.is_chosen)
    write = _write_csv if job.form == "csv" else _write_workbook
    write(job, ordered, contents)


def _write_csv(job: WritingJob, ordered: Path, contents: Contents) -> None:
    """One table of everything; the byte order mark tells spreadsheet programs that it is UTF-8."""
    merged = {column: None for sheet in (*SHEETS, OTHER) for column in contents.columns[sheet]}
    columns = list(merged)
    with Path(job.target).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([SUBJECT, *_headers(columns), STATE])
        for subject, cells in resources(ordered):
            row = [short_iri(subject), *_cells(columns, cells, contents), job.state]
            writer.writerow(map(guarded, row))


def _headers(columns: list[Column]) -> Iterator[str]:
    for column in columns:
        yield header(column)
        if column == NAMED:
            yield SHOWN_NAME


def _cells(columns: list[Column], cells: Cells, contents: Contents) -> Iterator[str]:
    for column in columns:
        values = cells.get(column, [])
        yield write_cell(column, values) if values else ""
        if column == NAMED:
            yield "; ".join(contents.names.get(value, "") for value in sorted(values))


class _Book:
    """A workbook that is written from the top down, a row at a time."""

    def __init__(self, job: WritingJob, contents: Contents) -> None:
        options = {"constant_memory": True, "tmpdir": job.work, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(job.target, options)
        self.contents = contents
        self.title: Format = self.book.add_format({"bold": True, "bottom": 1})
        self.text: Format = self.book.add_format({"num_format": "@"})
        # What begins as a formula is marked as text, so that editing the cell makes none of it.
        self.quoted: Format = self.book.add_format({"num_format": "@", "quote_prefix": True})

    def sheet(self, name: str, headers: list[str], hidden: set[int]) -> Worksheet:
        """A new sheet with its first row."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, max(len(headers) - 1, 0), WIDTH, self.text)
        for place in hidden:
            sheet.set_column(place, place, WIDTH, self.text, {"hidden": True})
        sheet.freeze_panes(1, 0)
        self.write(sheet, 0, headers, self.title)
        return sheet

    def write(self, sheet: Worksheet, row: int, cells: list[str], style: Format) -> None:
        """A row, all of it as text."""
        if row >= MOST_ROWS:
            raise ValueError(f"A sheet holds {MOST_ROWS} rows. Export as CSV instead.")
        for place, cell in enumerate(cells):
            if cell:
                is_odd = cell.startswith(("=", "+", "-", "@"))
                sheet.write_string(row, place, cell, self.quoted if is_odd else style)


def _write_workbook(job: WritingJob, ordered: Path, contents: Contents) -> None:
    book = _Book(job, contents)
    with book.book:
        for sheet in SHEETS:
            if contents.columns[sheet]:
                _write_sheet(book, sheet, ordered, contents.columns[sheet][:MOST_COLUMNS])
        _write_other(book, ordered)
        _write_explanations(book)
        about = book.sheet("About", ["", ""], set())
        for row, pair in enumerate(job.about, 1):
            book.write(about, row, list(pair), book.text)


def _write_sheet(book: _Book, name: str, ordered: Path, columns: list[Column]) -> None:
    headers = [SUBJECT, *_headers(columns)]
    folded = {header(column) for column in columns if column.predicate in TECHNICAL}
    hidden = {place for place, text in enumerate(headers) if text in folded}
    sheet = book.sheet(name, headers, hidden)
    row = 1
    for subject, cells in resources(ordered):
        if sheet_of(cells) == name:
            fitting = {c: values for c, values in cells.items() if not _is_too_long(c, values)}
            written = [short_iri(subject), *_cells(columns, fitting, book.contents)]
            book.write(sheet, row, written, book.text)
            row += 1
    if row > 1:
        sheet.autofilter(0, 0, row - 1, len(headers) - 1)


def _is_too_long(column: Column, values: list[str]) -> bool:
    most = sum(len(value) + 1 for value in values) * ESCAPED  # spares writing it to find out
    return most > LONGEST and len(write_cell(column, values)) > LONGEST


def _write_other(book: _Book, ordered: Path) -> None:
    """What has no cell of its own: a row for each value."""
    sheet: Worksheet | None = None
    row = 1
    for subject, cells in resources(ordered):
        for column, value in _homeless(book, cells):
            sheet = sheet or book.sheet(OTHER, list(OTHER_HEADERS), set())
            pieces = _pieces(write_cell(column, [value]))
            book.write(sheet, row, [short_iri(subject), header(column), *pieces], book.text)
            row += 1


def _homeless(book: _Book, cells: Cells) -> Iterator[tuple[Column, str]]:
    name = sheet_of(cells)
    is_other = name == OTHER
    housed = {} if is_other else dict.fromkeys(book.contents.columns[name][:MOST_COLUMNS])
    for column in sorted(cells):
        left_out = column in book.contents.columns[name] and column not in housed
        if is_other or left_out or (column in housed and _is_too_long(column, cells[column])):
            for value in cells[column]:
                yield column, value


def _pieces(text: str) -> list[str]:
    """A text in pieces that fit into cells."""
    return [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]


def _write_explanations(book: _Book) -> None:
    sheet = book.sheet("Columns", ["Column", "Svenska", "English"], set())
    book.write(sheet, 1, [SUBJECT, *_SUBJECT], book.text)
    seen: dict[str, Any] = {}
    for name in SHEETS:
        for column in book.contents.columns[name]:
            if column.predicate in EXPLAINED:
                seen.setdefault(header(Column(column.predicate, column.kind)), column)
    for row, (text, column) in enumerate(seen.items(), 2):
        book.write(sheet, row, [text, *EXPLAINED[column.predicate]], book.text)
    row = len(seen) + 2
    for line in _RULES:
        book.write(sheet, row, ["", *line], book.text)
        row += 1


_SUBJECT = (
    "Begreppets adress. Ändra den aldrig. Lämna tomt för ett nytt begrepp.",
    "The address of the concept. Never change it. Leave it empty for a new concept.",
)
_RULES = (
    (
        "Flera värden i en cell skiljs åt med |. Ett | som hör till texten skrivs \\|.",
        "Several values in a cell have | between them. A | in a text is written \\|.",
    ),
    (
        "En rad som tas bort ändrar ingenting. Detsamma gäller en kolumn.",
        "A row that is deleted changes nothing. Nor does a column.",
    ),
    (
        "Kolumner som slutar på : name är bara till för läsning.",
        "Columns that end in : name are only there to be read.",
    ),
)

if __name__ == "__main__":
    try:
        main()
    except (ValueError, OSError) as error:
        sys.stderr.write(str(error))
        sys.exit(1)
