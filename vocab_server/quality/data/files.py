"""CSV files and workbooks, read row by row into tables."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from vocab_server.errors import TooLargeError
from vocab_server.quality.data.fault import Findings, Place
from vocab_server.quality.data.sniffing import DAMAGED
from vocab_server.quality.data.table import Looked, Row, Table, letters
from vocab_server.store.sheet_process import cell_text, delimiter_of, encoding_of, refuse_bomb

PEEK = 20  # rows among which a header is looked for
LONGEST_LINE = 16 * 1024 * 1024  # characters


def read_csv(source: Path, looked: Looked) -> str:
    """Look into a CSV file; its encoding."""
    findings, encoding = looked.findings, encoding_of(source)
    if encoding == "cp1252":
        findings.add("ENC-1", Place(line=_first_foreign(source), note="Windows-1252"))
    elif encoding == "utf-16":
        findings.add("ENC-1", Place(note="UTF-16"))
    csv.field_size_limit(LONGEST_LINE)
    with source.open(encoding=encoding, errors="replace", newline="") as file:
        delimiter, is_told = delimiter_of(file.readline(LONGEST_LINE))
        if is_told:
            findings.add("CSV-4", Place(row=1))
        else:
            file.seek(0)
        if delimiter != ",":
            shown = {"\t": "TAB"}.get(delimiter, delimiter)
            findings.add("CSV-3", Place(note=shown))
        rows = csv.reader(file, delimiter=delimiter, strict=True)
        counted = _counted(_csv_rows(rows, is_told, findings), findings)
        _fill(looked.table(), counted, findings)
    return encoding.removesuffix("-sig")


def _csv_rows(rows: Any, is_told: bool, findings: Findings) -> Iterator[Row]:
    number, line = int(is_told), 1
    try:
        for cells in rows:
            number += 1
            begun, line = line, rows.line_num + 1
            if any("\0" in cell for cell in cells):
                findings.add("CSV-1", Place(row=number, line=begun, value="NUL"))
                return
            yield Row(number, cells, begun + is_told)
    except csv.Error as error:
        findings.add("CSV-1", Place(row=number + 1, line=line + is_told, value=str(error)))


def _counted(rows: Iterable[Row], findings: Findings) -> Iterator[Row]:
    """The rows, with those that are longer or shorter than the first noted."""
    width = 0
    for row in rows:
        width = width or len(row.cells)
        if row.cells and len(row.cells) != width and width > 1:
            note = f"{len(row.cells)} / {width}"
            findings.add("CSV-2", Place(row=row.number, line=row.line, note=note))
        yield row


def _first_foreign(source: Path) -> int | None:
    """The first line that is not UTF-8."""
    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def _fill(table: Table, rows: Iterator[Row], findings: Findings, sheet: str = "") -> None:
    """Find the header among the first rows, and look at all below it."""
    first = list(islice(rows, PEEK))
    start = _header(first)
    if not first or start is None:
        return
    if any(any(text.strip() for text in row.cells) for row in first[:start]):
        findings.add("TAB-12", Place(row=first[start].number, sheet=sheet))
    table.header(first[start])
    for row in chain(first[start + 1 :], rows):
        table.row(row)


def _header(rows: list[Row]) -> int | None:
    """Which of the first rows has the column names: the first, or the first as wide as most."""
    filled = [sum(bool(text.strip()) for text in row.cells) for row in rows]
    there = [at for at, count in enumerate(filled) if count]
    if not there:
        return None
    widest = max(filled)
    if filled[there[0]] > 1 or widest == 1:
        return there[0]
    return next(at for at in there if filled[at] > 1)


def read_book(source: Path, looked: Looked, size: int) -> None:
    """Look into every sheet of a workbook, of which ``size`` bounds the bytes unpacked."""
    findings = looked.findings
    try:
        refuse_bomb(str(source), size)
        with CalamineWorkbook.from_path(str(source)) as book:
            for name in _sheets_with_data(book, findings):
                _read_sheet(book.get_sheet_by_name(name), name, looked)
    except TooLargeError:
        findings.add("XLS-2")
    except (CalamineError, *DAMAGED) as error:
        findings.add("XLS-1", Place(value=str(error)))


def _sheets_with_data(book: CalamineWorkbook, findings: Findings) -> list[str]:
    sheets = [about.name for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
    found = [name for name in sheets if book.get_sheet_by_name(name).start is not None]
    for name in found[1:]:
        findings.add("XLS-3", Place(sheet=name))
    if not found:
        findings.add("GET-4")
    return found


def _read_sheet(sheet: CalamineSheet, name: str, looked: Looked) -> None:
    left = sheet.start[1] if sheet.start else 0  # empty rows are given, columns are not
    for (top, first), _end in sheet.merged_cell_ranges or ():
        place = Place(row=top + 1, cell=f"{letters(first)}{top + 1}", sheet=name)
        looked.findings.add("XLS-4", place)
    rows = (
        Row(number, [""] * left + [cell_text(cell) for cell in cells])
        for number, cells in enumerate(sheet.iter_rows(), 1)
    )
    _fill(looked.table(name, is_book=True, skipped=left), rows, looked.findings, name)
