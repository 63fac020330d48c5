"""The rows of a spreadsheet as what they say of resources, each cell with its address."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vocab_server.errors import InvalidError
from vocab_server.rdf.table import (
    DEPRECATED,
    LABELS,
    SHOWN_ONLY,
    STATE,
    SUBJECT,
    Column,
    Value,
    read_cell,
    read_header,
    unguarded,
)
from vocab_server.store.sheets import Read

ABOUT, COLUMNS, OTHER = "About", "Columns", "Other"
MOST_NOTES = 200
_FROM = 26  # letters
_YES = frozenset({"true", "1", "yes", "ja", "sant", "x"})
_NO = frozenset({"false", "0", "no", "nej", "falskt"})


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a cell; the address is "" when it is of the whole file."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """All values that a row has in a column."""

    address: str
    column: Column
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says; ``iri`` is "" in one that makes something new."""

    address: str
    sheet: str
    iri: str
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class _Head:
    """The first row of a sheet: at which place there is what."""

    columns: dict[int, Column]
    subject: int | None = None
    state: int | None = None


@dataclass(slots=True)
class SheetReader:
    """Reads a spreadsheet row by row; what it met is complete when the rows are at their end.

    ``about`` is what the file says of itself, ``columns`` are those that its sheets have.
    """

    read: Read
    about: dict[str, str] = field(default_factory=dict)
    columns: set[Column] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    _heads: dict[str, _Head | None] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """The rows about resources. Raises InvalidError when no sheet has such rows."""
        for sheet, number, found in self.read.lines():
            cells = found if self.read.is_book else [unguarded(cell) for cell in found]
            if sheet == ABOUT:
                self._take_about(cells)
            elif sheet == OTHER:
                self._take_other(number, cells)
            elif sheet != COLUMNS and (row := self._row(sheet, number, cells)):
                yield row
        if not any(self._heads.values()):
            raise InvalidError(
                "No sheet has a first row with the headers iri, or prefLabel and a language such as"
                " prefLabel@en. Start from the template, or from an export."
            )

    def _row(self, sheet: str, number: int, cells: list[str]) -> Row | None:
        if sheet not in self._heads:
            self._heads[sheet] = self._head(sheet, number, cells)
            return None
        head = self._heads[sheet]
        if head is None:
            return None
        iri = self._subject(sheet, number, head, cells)
        if iri is None:
            return None
        if head.state is not None and head.state < len(cells) and cells[head.state].strip():
            self.about.setdefault("state", cells[head.state].strip())
        read = tuple(
            Cell(address(sheet, number, place), column, _values(column, _at(cells, place)))
            for place, column in head.columns.items()
        )
        if not iri and not any(cell.values for cell in read):
            return None
        return Row(address(sheet, number, head.subject or 0), sheet, iri, read)

    def _head(self, sheet: str, number: int, cells: list[str]) -> _Head | None:
        head = _Head({})
        for place, text in enumerate(map(str.strip, cells)):
            if text.lower() == SUBJECT:
                head.subject = place
            elif text.lower() == STATE:
                head.state = place
            elif text and not text.endswith(SHOWN_ONLY):
                self._take_header(head, address(sheet, number, place), place, text)
        labelled = any(column.predicate in LABELS for column in head.columns.values())
        if head.subject is None and not labelled:
            self._remark(address(sheet, number, 0), "This sheet has no column iri: left alone.")
            return None
        self.columns.update(head.columns.values())
        return head

    def _take_header(self, head: _Head, where: str, place: int, text: str) -> None:
        column = read_header(text)
        if column is None:
            self._remark(where, f"The column {text[:60]!r} is none that we know: left alone.")
        elif column in head.columns.values():
            self._problem(where, f"The column {text!r} is there twice. Keep one of them.")
        else:
            head.columns[place] = column

    def _subject(self, sheet: str, number: int, head: _Head, cells: list[str]) -> str | None:
        """The IRI of a row, None when the row cannot be read."""
        text = _at(cells, head.subject).strip() if head.subject is not None else ""
        iri = text[1:-1] if text.startswith("<") and text.endswith(">") else text
        where = address(sheet, number, head.subject or 0)
        if iri in self._seen and iri:
            self._problem(where, f"{iri} is in {self._seen[iri]} already. Keep one of the rows.")
            return None
        if iri:
            self._seen[iri] = where
        return iri

    def _take_about(self, cells: list[str]) -> None:
        if len(cells) > 1:
            self.about[cells[0].strip().lower()] = cells[1].strip()

    def _take_other(self, number: int, cells: list[str]) -> None:
        """A row of the sheet of what fits nowhere else: resource, property, a value in pieces."""
        column = read_header(_at(cells, 1))
        if column is not None:
            iri = cells[0].strip()
            iri = iri[1:-1] if iri.startswith("<") else iri
            where = address(OTHER, number, 2)
            values = read_cell(column, "".join(cells[2:]))
            self.others.append(Row(where, OTHER, iri, (Cell(where, column, values),)))

    def _remark(self, where: str, text: str) -> None:
        if len(self.remarks) < MOST_NOTES:
            self.remarks.append(Remark(where, text))

    def _problem(self, where: str, text: str) -> None:
        if len(self.problems) < MOST_NOTES:
            self.problems.append(Remark(where, text))


def address(sheet: str, row: int, place: int) -> str:
    """A cell as spreadsheet programs name it, such as ``Concepts!F12``; rows from 1."""
    letters = ""
    left = place + 1
    while left:
        left, letter = divmod(left - 1, _FROM)
        letters = chr(ord("A") + letter) + letters
    return f"{sheet}!{letters}{row}" if sheet else f"{letters}{row}"


def _at(cells: list[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _values(column: Column, text: str) -> tuple[Value, ...]:
    found = read_cell(column, text)
    if column.predicate != DEPRECATED:
        return found
    return tuple(Value(_truth(value.text)) for value in found)


def _truth(text: str) -> str:
    """A yes or no as spreadsheet programs of several countries write it."""
    if text.lower() in _YES:
        return "true"
    return "false" if text.lower() in _NO else text
