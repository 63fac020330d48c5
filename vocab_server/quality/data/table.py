"""Rows of a table, looked at one after the other: what can be told without a description."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from vocab_server.quality.data.described import Described
from vocab_server.quality.data.fault import SHOWN, Column, Findings, Place
from vocab_server.quality.data.kinds import (
    BOOLEAN,
    DATE,
    DECIMAL_COMMA,
    LOCAL_DATE,
    NOTHING,
    NUMBER,
    TEXT,
    is_garbled,
    is_year,
    kind_of,
)

MOST_DISTINCT = 20_000  # values of a column that is declared to hold concepts
SOME_DISTINCT = 200  # values of a column that may hold them
MOST_COLUMNS = 2_000
ENOUGH = 10  # values from which on a column has a kind that others stand out from
NEARLY_ALL = 0.9
_GRAVE = {DECIMAL_COMMA: "TAB-11", LOCAL_DATE: "TAB-10"}
_PLAIN = ("", TEXT, *_GRAVE)  # kinds that others do not stand out from


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number from 1, the header being one, and the line where it begins."""

    number: int
    cells: Sequence[str]
    line: int | None = None


@dataclass(slots=True)
class _Facts:
    """What is known of a column so far."""

    name: str
    filled: int = 0
    first_missing: Place | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    odd: dict[str, list[Place]] = field(default_factory=dict)
    distinct: dict[str, tuple[int, Place]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What its values mostly are."""
        return self.kinds.most_common(1)[0][0] if self.kinds else ""


class Table:
    """One table: a sheet, a CSV file, or the records of a structured file.

    Of a sheet the first columns may be ``skipped``: they are empty.
    """

    def __init__(
        self,
        findings: Findings,
        *,
        sheet: str = "",
        is_book: bool = False,
        skipped: int = 0,
        described: Described | None = None,
        concepts: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.rows = 0
        self._findings, self._sheet, self._is_book = findings, sheet, is_book
        self._described, self._skipped = described, skipped
        self._concepts = {**(described.concepts if described else {}), **(concepts or {})}
        described_names = described.names if described else ()
        self._told_elsewhere = {*self._concepts, *(n for names in described_names for n in names)}
        self._columns: list[_Facts] = []
        self._places: dict[str, int] = {}  # of the first column of each name
        self._header: Row | None = None
        self._seen: dict[bytes, int] = {}
        self._empty: list[Row] = []

    def header(self, row: Row) -> None:
        """Begin with the names of columns."""
        self._header = row
        names = [text.strip() for text in row.cells]
        self._columns = [_Facts(name) for name in names]
        for at, name in enumerate(names):
            first = self._places.setdefault(name, at)
            if not name and at >= self._skipped:
                self._findings.add("TAB-2", self._place(row, at))
            elif name and first != at:
                self._findings.add("TAB-3", self._place(row, at, name))
        if self._described:
            self._described.compare(names, self._findings, lambda at: self._place(row, at))

    def column(self, name: str) -> int:
        """Where a column of records is, which comes with the first record that has it."""
        at = self._places.get(name)
        if at is None and len(self._columns) < MOST_COLUMNS:
            at = self._places[name] = len(self._columns)
            self._columns.append(_Facts(name))
        return len(self._columns) - 1 if at is None else at

    def row(self, row: Row) -> None:
        """Look at the next row."""
        cells = [text.strip() for text in row.cells]
        if not any(cells):
            self._empty.append(row)
            return
        for empty in self._empty:
            self._findings.add("TAB-5", self._place(empty))
        self._empty.clear()
        self.rows += 1
        self._find_twin(row, cells)
        for at, text in enumerate(cells[: len(self._columns)]):
            self._look(row, at, text)
        if self._described:
            self._described.read(cells, self._findings, lambda at: self._place(row, at))

    def end(self) -> tuple[Column, ...]:
        """What only the whole table tells; its columns."""
        if not self.rows:
            self._findings.add("TAB-13", Place(sheet=self._sheet))
        else:
            for facts in self._columns[self._skipped :]:
                self._end_column(facts)
            self._find_missing_header()
        return tuple(self._told(facts) for facts in self._columns[self._skipped :])

    def _find_twin(self, row: Row, cells: Sequence[str]) -> None:
        digest = blake2b("\0".join(cells).encode("utf-8", "replace"), digest_size=10).digest()
        first = self._seen.setdefault(digest, row.number)
        if first != row.number:
            self._findings.add("TAB-6", self._place(row, note=str(first)))

    def _look(self, row: Row, at: int, text: str) -> None:
        facts = self._columns[at]
        if row.cells[at] != text:
            self._findings.add("TAB-9", self._place(row, at, row.cells[at]))
        if text.lower() in NOTHING:
            self._findings.add("TAB-14", self._place(row, at, text))
            text = ""
        if not text:
            facts.first_missing = facts.first_missing or self._place(row, at)
            return
        if is_garbled(text):
            self._findings.add("ENC-2", self._place(row, at, text))
        self._count(row, at, text)

    def _count(self, row: Row, at: int, text: str) -> None:
        facts, kind = self._columns[at], kind_of(text)
        facts.filled += 1
        facts.kinds[kind] += 1
        if kind in _GRAVE:
            self._findings.add(_GRAVE[kind], self._place(row, at, text))
        places = facts.odd.setdefault(kind, [])
        if len(places) < SHOWN:
            places.append(self._place(row, at, text))
        self._remember(facts, row, at, text, kind)

    def _remember(self, facts: _Facts, row: Row, at: int, text: str, kind: str) -> None:
        """Keep a value that may be a concept."""
        is_declared = facts.name in self._concepts
        if not is_declared and kind in (DATE, BOOLEAN, DECIMAL_COMMA, LOCAL_DATE):
            return
        known = facts.distinct.get(text)
        if known:
            facts.distinct[text] = (known[0] + 1, known[1])
        elif len(facts.distinct) < (MOST_DISTINCT if is_declared else SOME_DISTINCT):
            facts.distinct[text] = (1, self._place(row, at, text))

    def _end_column(self, facts: _Facts) -> None:
        missing = self.rows - facts.filled
        first = facts.first_missing or Place(column=facts.name, sheet=self._sheet)
        if not facts.filled:
            self._findings.add("TAB-4", Place(column=facts.name, sheet=self._sheet))
        elif 0 < missing < self.rows / 2:
            self._findings.add("TAB-7", replace(first, note=f"{missing} / {self.rows}"))
        most, is_told = facts.kinds[facts.kind], facts.name in self._told_elsewhere
        if is_told or facts.kind in _PLAIN or most < max(ENOUGH, NEARLY_ALL * facts.filled):
            return
        for kind, places in facts.odd.items():
            if kind != facts.kind and kind not in _GRAVE:
                told = [replace(place, note=facts.kind) for place in places]
                self._findings.add_all("TAB-8", told, facts.kinds[kind])

    def _find_missing_header(self) -> None:
        """A header of which half are numbers or dates, and no years, is a row of data."""
        header = self._header
        if header is None or not header.number:
            return
        cells = header.cells[self._skipped :]
        odd = [t for t in cells if kind_of(t.strip()) in (NUMBER, DATE) and not is_year(t)]
        if odd and len(odd) * 2 >= len(cells):
            self._findings.add("TAB-1", self._place(header, None, ", ".join(cells)))

    def _told(self, facts: _Facts) -> Column:
        concepts, by = self._concepts.get(facts.name, ("", ""))
        # Numbers that are not declared to be concepts are numbers.
        is_kept = concepts or facts.kind == TEXT
        return Column(
            name=facts.name,
            sheet=self._sheet,
            filled=facts.filled,
            kind=facts.kind,
            concepts=concepts,
            by=by,
            distinct=facts.distinct if is_kept else {},
        )

    def _place(self, row: Row, at: int | None = None, value: str = "", note: str = "") -> Place:
        name = self._columns[at].name if at is not None and at < len(self._columns) else ""
        is_cell = self._is_book and at is not None
        return Place(
            row=row.number,
            column=name or (str(at + 1) if at is not None else ""),
            cell=f"{letters(at)}{row.number}" if is_cell and at is not None else "",
            line=row.line,
            sheet=self._sheet,
            value=value,
            note=note,
        )


def letters(column: int) -> str:
    """What spreadsheet programs call a column, counted from 0: A, B, ... Z, AA."""
    found, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


@dataclass(slots=True)
class Looked:
    """A file that is looked into: what was found, and the tables that are in it."""

    findings: Findings
    described: Described | None = None
    concepts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def table(self, sheet: str = "", *, is_book: bool = False, skipped: int = 0) -> Table:
        """Begin another table; a description is of the first one."""
        made = Table(
            self.findings,
            sheet=sheet,
            is_book=is_book,
            skipped=skipped,
            described=None if self.tables else self.described,
            concepts=self.concepts,
        )
        self.tables.append(made)
        return made
