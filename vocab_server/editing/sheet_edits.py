"""What a spreadsheet changes against the state in which it was exported, cell by cell.

That state never changes, so this is worked out once, kept, and compared with what is published as
often as needed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from rdflib import URIRef

from vocab_server.editing.sheet_rows import MOST_NOTES, Cell, Remark, Row, SheetReader
from vocab_server.editing.sheet_states import Said, States
from vocab_server.errors import TooLargeError
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.rdf.table import (
    DEPRECATED,
    IRI,
    NOTATION,
    PLAIN,
    TYPE,
    Column,
    Value,
    header,
)
from vocab_server.store.base import Reader

AT_ONCE = 500  # rows
MOST_ROWS = 10_000  # that a file may change
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?(?:[eE][+-]?\d{1,2})?\Z")
_CONCEPTS = """SELECT ?concept WHERE { GRAPH $graph { ?concept a skos:Concept
    FILTER NOT EXISTS { ?concept owl:deprecated true } } }"""


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A cell that the file changes: the values that it had, and those that it has."""

    address: str
    column: Column
    before: tuple[str, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class RowEdit:
    """A row with the cells that it changes; ``iri`` is "" when it makes something new."""

    address: str
    iri: str
    is_new: bool
    is_group: bool
    cells: tuple[CellEdit, ...]


@dataclass(frozen=True, slots=True)
class Edits:
    """All that a file changes; ``rows`` counts those that it has.

    ``state`` is that of the export, "" when the file was compared with what was published when it
    came. ``missing`` are the concepts in use then that the file has no row for.
    """

    file: str
    state: str
    rows: int
    edits: tuple[RowEdit, ...]
    missing: tuple[str, ...]
    remarks: tuple[Remark, ...]
    problems: tuple[Remark, ...]

    def to_json(self) -> dict[str, Any]:
        """As a database keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Edits":
        """What ``to_json`` gave."""
        rows = (
            RowEdit(**(row | {"cells": tuple(map(_cell_from, row["cells"]))}))
            for row in found["edits"]
        )
        kept = {
            "edits": tuple(rows),
            "missing": tuple(found["missing"]),
            "remarks": tuple(Remark(**each) for each in found["remarks"]),
            "problems": tuple(Remark(**each) for each in found["problems"]),
        }
        return cls(**(found | kept))


def _cell_from(found: dict[str, Any]) -> CellEdit:
    return CellEdit(
        address=found["address"],
        column=Column(*found["column"]),
        before=tuple(found["before"]),
        after=tuple(Value(**value) for value in found["after"]),
    )


def find_edits(
    reader: SheetReader, states: States, store: Reader, graph: URIRef, name: str, state: str
) -> Edits:
    """What a file changes. Raises TooLargeError for more than MOST_ROWS rows."""
    edits: list[RowEdit] = []
    named: set[str] = set()
    count = 0
    remarks: list[Remark] = []
    for rows in _batches(reader.rows()):
        count += len(rows)
        named.update(row.iri for row in rows if row.iri)
        before, now = states.read([row.iri for row in rows if row.iri])
        for row in rows:
            edit = _compared(row, before.get(row.iri, {}), bool(now.get(row.iri)), remarks)
            if edit:
                edits.append(edit)
        if len(edits) > MOST_ROWS:
            raise TooLargeError(
                "The file changes more than %(most)s rows. Split it, or let an operator"
                " import it on the command line.",
                most=MOST_ROWS,
            )
    if reader.others:
        remarks.append(Remark(reader.others[0].address, "The sheet Other is left alone."))
    return Edits(
        file=name,
        state=state,
        rows=count,
        edits=tuple(edits),
        missing=tuple(_missing(store, graph, named)),
        remarks=(*reader.remarks, *remarks[:MOST_NOTES]),
        problems=tuple(reader.problems),
    )


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _missing(store: Reader, graph: URIRef, named: set[str]) -> Iterable[str]:
    found = (str(row["concept"]) for row in store.select(bind(_CONCEPTS, graph=graph)))
    return sorted(iri for iri in found if iri not in named)


def _compared(row: Row, before: Said, is_there: bool, remarks: list[Remark]) -> RowEdit | None:
    cells = tuple(
        edit for cell in row.cells if (edit := _cell(cell, before.get(cell.column), remarks))
    )
    if not cells:
        return None
    return RowEdit(
        address=row.address,
        iri=row.iri,
        is_new=not row.iri or not (before or is_there),
        is_group=_is_group(row),
        cells=cells,
    )


def _cell(cell: Cell, before: frozenset[str] | None, remarks: list[Remark]) -> CellEdit | None:
    old = before or frozenset()
    new = {value.text for value in cell.values}
    has_names = any(value.is_name for value in cell.values)
    if (new == old and not has_names) or _says_nothing(cell, old, new):
        return None
    if not cell.column.language and cell.column.kind != IRI and _is_reformatted(old, new):
        shown = " | ".join(sorted(new))
        problem = f"{header(cell.column)}: {shown} is a number as spreadsheet programs write it."
        remarks.append(Remark(cell.address, f"{problem} {' | '.join(sorted(old))} was kept."))
        return None
    return CellEdit(cell.address, cell.column, tuple(sorted(old)), cell.values)


def _says_nothing(cell: Cell, old: frozenset[str], new: set[str]) -> bool:
    """Whether it is said that something is in use, which says no more than an empty cell."""
    return cell.column.predicate == DEPRECATED and not old and new == {"false"}


def _is_reformatted(old: frozenset[str], new: set[str]) -> bool:
    """Whether all that differs is how numbers are written: 1 for 1.0 or 01, 1,5 for 1.5."""
    pairs = sorted(map(_number, old)), sorted(map(_number, new))
    return len(old) == len(new) and all(pairs[0]) and pairs[0] == pairs[1]


def _number(text: str) -> str:
    """What is the same for all ways to write a number, "" when it is none."""
    return repr(float(text.replace(",", "."))) if _NUMBER.match(text) else ""


def _is_group(row: Row) -> bool:
    groups = {str(SKOS.Collection), str(SKOS.OrderedCollection)}
    types = {
        value.text for cell in row.cells if cell.column.predicate == TYPE for value in cell.values
    }
    return bool(types & groups) or (not types and row.sheet == "Collections")


def notation_kinds(edits: Edits) -> set[str]:
    """The kinds of notations that a file speaks of."""
    columns = {cell.column for row in edits.edits for cell in row.cells}
    return {column.kind for column in columns if column.predicate == NOTATION} | {PLAIN}
