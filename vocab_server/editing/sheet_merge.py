"""What becomes of a vocabulary when the edits of a spreadsheet meet what is published today.

Of each cell three things are known: what it held when it was exported, what the file says, and what
is published. What only the file changed is done; what both changed, each in its own way, is a
conflict, and somebody chooses.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.editing.sheet_edits import CellEdit, Edits, RowEdit, notation_kinds
from vocab_server.editing.sheet_rows import Remark
from vocab_server.editing.sheet_states import Said, States
from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import is_tag
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.table import (
    BOOLEAN,
    DEPRECATED,
    IRI,
    LABELS,
    NOTATION,
    Column,
    header,
)
from vocab_server.rdf.table import (
    SKOS as SPACE,
)
from vocab_server.skos.acts.curation import cleaned_label, cleaned_note
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

NEW = "urn:vocab-server:new:"  # and the address of a row, for what has no IRI yet
_PREFERRED = str(SKOS.prefLabel)
_NOTES = frozenset(
    f"{SPACE}{name}"
    for name in ("definition", "scopeNote", "example", "note", "editorialNote", "historyNote")
)
_USED = Column(DEPRECATED, BOOLEAN)


class Choice(StrEnum):
    """What becomes of a cell that both sides changed."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


class Reason(StrEnum):
    """Why a cell is in conflict."""

    CHANGED = "changed"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class CellChange:
    """What is to be done because of a cell; ``iri`` may begin with NEW."""

    address: str
    iri: str
    column: Column
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that the file and somebody else changed: its values at export, in the file, now."""

    address: str
    iri: str
    column: Column
    reason: Reason
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen: both only where a property has several values."""
        is_one = self.column.predicate in (_PREFERRED, DEPRECATED)
        is_wide = self.reason is Reason.CHANGED and not is_one
        return (Choice.MINE, Choice.THEIRS, *([Choice.BOTH] if is_wide else []))


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that makes something; ``iri`` is "" when the vocabulary gives the address."""

    address: str
    key: str
    iri: str
    is_group: bool
    labels: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, what somebody has to choose, and what cannot be."""

    new: tuple[NewRow, ...]
    changes: tuple[CellChange, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Remark, ...]

    @property
    def rows(self) -> int:
        """How many resources that are there are changed."""
        return len({change.iri for change in self.changes if not change.iri.startswith(NEW)})


@dataclass(slots=True)
class _Planner:
    """Gathers a plan, row by row."""

    choices: Mapping[str, Choice]
    rest: Choice | None
    names: "Names"
    new: list[NewRow]
    changes: list[CellChange]
    conflicts: list[Conflict]
    problems: list[Remark]

    def take(self, row: RowEdit, now: Said) -> None:
        key = row.iri or NEW + row.address
        if row.is_new:
            self._take_new(row, key)
        elif not now:
            self.problems.append(
                Remark(row.address, f"{row.iri} is not there any more. The row is left alone.")
            )
            return
        for cell in row.cells:
            if not (row.is_new and cell.column.predicate == _PREFERRED):
                self._take_cell(key, cell, now)

    def _take_new(self, row: RowEdit, key: str) -> None:
        labels = [
            label
            for cell in row.cells
            if cell.column.predicate == _PREFERRED
            for label in self._checked(cell, (value.text for value in cell.after))
        ]
        if not labels:
            self.problems.append(
                Remark(row.address, "The new row has no preferred label. Write one, or an address.")
            )
        found = tuple(label for label in labels if isinstance(label, Literal))
        self.new.append(NewRow(row.address, key, row.iri, row.is_group, found))

    def _take_cell(self, key: str, cell: CellEdit, now: Said) -> None:
        base, theirs = frozenset(cell.before), now.get(cell.column, frozenset())
        mine = self._resolved(cell, theirs)
        if mine is None or mine in (base, theirs):
            return
        was_retired = "true" in now.get(_USED, ()) and cell.column.predicate != DEPRECATED
        if theirs == base and not was_retired:
            self._change(key, cell, base, mine)
            return
        reason = Reason.CHANGED if theirs != base else Reason.DEPRECATED
        sides = (tuple(sorted(side)) for side in (base, mine, theirs))
        conflict = Conflict(cell.address, key, cell.column, reason, *sides)
        self.conflicts.append(conflict)
        self._settle(conflict, cell)

    def _settle(self, conflict: Conflict, cell: CellEdit) -> None:
        choice = self.choices.get(conflict.address, self.rest)
        base, mine, theirs = map(frozenset, (conflict.base, conflict.mine, conflict.theirs))
        if choice == Choice.MINE or (choice == Choice.BOTH and choice not in conflict.choices):
            self._change(conflict.iri, cell, theirs, mine)
        elif choice == Choice.BOTH:
            self._change(conflict.iri, cell, theirs, (theirs | (mine - base)) - (base - mine))

    def _change(
        self, key: str, cell: CellEdit, before: frozenset[str], after: frozenset[str]
    ) -> None:
        removed, added = sorted(before - after), sorted(after - before)
        kept = [str(term) for term in self._checked(cell, added)]
        change = CellChange(cell.address, key, cell.column, tuple(removed), tuple(kept))
        self.changes.append(change)

    def _resolved(self, cell: CellEdit, theirs: frozenset[str]) -> frozenset[str] | None:
        """The values of a cell with names in place of what they name; None with a problem."""
        try:
            return frozenset(
                self.names.find(value.text, theirs) if value.is_name else value.text
                for value in cell.after
            )
        except InvalidError as error:
            self.problems.append(Remark(cell.address, str(error)))
            return None

    def _checked(self, cell: CellEdit, texts: Iterable[str]) -> Iterator[Identifier]:
        for text in texts:
            try:
                yield checked_term(cell.column, text)
            except InvalidError as error:
                self.problems.append(Remark(cell.address, str(error)))


def make_plan(
    store: Reader,
    graph: URIRef,
    edits: Edits,
    languages: Collection[str],
    choices: Mapping[str, Choice] | None = None,
    rest: Choice | None = None,
) -> Plan:
    """What the edits do to what a store has now; ``rest`` is chosen where ``choices`` has nothing.

    A conflict without a choice changes nothing. ``languages`` are those of the labels that a name
    in a cell may be.
    """
    states = States(store, graph, None)
    _, now = states.read([row.iri for row in edits.edits if row.iri])
    names = Names(store, graph, edits, languages)
    planner = _Planner(choices or {}, rest, names, [], [], [], list(edits.problems))
    for row in edits.edits:
        planner.take(row, now.get(row.iri, {}))
    return Plan(
        new=tuple(planner.new),
        changes=tuple(planner.changes),
        conflicts=tuple(planner.conflicts),
        problems=tuple(planner.problems),
    )


class Names:
    """What the names in cells mean: a notation or a preferred label that only one concept has."""

    def __init__(
        self, store: Reader, graph: URIRef, edits: Edits, languages: Collection[str]
    ) -> None:
        wanted = {
            value.text
            for row in edits.edits
            for cell in row.cells
            for value in cell.after
            if value.is_name
        }
        self._found: dict[str, set[str]] = defaultdict(set)
        if wanted:
            sketch = Sketch(store, graph)
            self._look_up(sketch, SKOS.prefLabel, _literals(wanted, {"", *languages}))
            kinds = notation_kinds(edits)
            terms = [to_term(Column(NOTATION, kind), text) for kind in kinds for text in wanted]
            self._look_up(sketch, SKOS.notation, terms)
            self._leave_out_deprecated(sketch)
            self._look_among_new(edits)

    def find(self, name: str, _now: frozenset[str]) -> str:
        """The IRI of what a name means. Raises InvalidError for none and for several."""
        found = self._found.get(name, set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            some = ", ".join(sorted(found)[:3])
            raise InvalidError(
                "%(name)r may be one of %(some)s. Write the address.", name=name, some=some
            )
        raise InvalidError(
            "There is no concept %(name)r. Write its address, its notation or its preferred label.",
            name=name,
        )

    def _look_up(self, sketch: Sketch, predicate: URIRef, terms: Sequence[Identifier]) -> None:
        for subject, _, value in sketch.find(None, [predicate], terms):
            self._found[str(value)].add(str(subject))

    def _leave_out_deprecated(self, sketch: Sketch) -> None:
        every = {URIRef(iri) for found in self._found.values() for iri in found}
        gone = set(map(str, sketch.deprecated(every)))
        for name, found in self._found.items():
            self._found[name] = found - gone or found

    def _look_among_new(self, edits: Edits) -> None:
        for row in edits.edits:
            if row.is_new:
                for cell in row.cells:
                    if cell.column.predicate in (_PREFERRED, NOTATION):
                        for value in cell.after:
                            self._found[value.text].add(row.iri or NEW + row.address)


def _literals(texts: Collection[str], languages: Collection[str]) -> list[Identifier]:
    return [Literal(text, lang=tag or None) for text in texts for tag in languages]


def to_term(column: Column, text: str) -> Identifier:
    """A value of a column in RDF."""
    if column.kind == IRI:
        return URIRef(text)
    if column.language:
        return Literal(text, lang=column.language)
    datatype = URIRef(column.kind[1:]) if column.kind else None
    return Literal(text, datatype=datatype, normalize=False)


def checked_term(column: Column, text: str) -> Identifier:
    """A new value of a column in RDF, in the form in which it is kept.

    Raises InvalidError for what is no IRI, no language and no text that can be.
    """
    term = to_term(column, text)
    if isinstance(term, URIRef):
        if not can_hold(term):
            raise InvalidError(
                "%(text)r is no address. Write it in full, with https://.", text=text
            )
        return term
    if column.language and not is_tag(column.language):
        raise InvalidError(
            "%(language)r in %(column)s is no language tag (BCP 47).",
            language=column.language,
            column=header(column),
        )
    if column.predicate == DEPRECATED and text not in ("true", "false"):
        raise InvalidError("%(text)r is neither true nor false.", text=text)
    if column.predicate in LABELS and isinstance(term, Literal):
        return cleaned_label(term)
    if column.predicate in _NOTES and isinstance(term, Literal):
        return cleaned_note(term)
    return term


def count_by_column(plan: Plan) -> Counter[str]:
    """How many cells are changed, by the header of their column."""
    return Counter(header(change.column) for change in plan.changes)
