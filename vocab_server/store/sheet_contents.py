"""What is in a file of N-Triples, as the rows and columns of sheets; read twice, in its order."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from vocab_server.rdf.change import blocks
from vocab_server.rdf.sorting import sorted_lines
from vocab_server.rdf.table import IRI, LABELS, NOTATION, SKOS, TYPE, Column, read_object
from vocab_server.store.sheet_columns import in_order, usual_columns

KINDS = {  # what a resource must be to stand in a sheet, the first that fits
    f"{SKOS}ConceptScheme": "Vocabulary",
    f"{SKOS}OrderedCollection": "Collections",
    f"{SKOS}Collection": "Collections",
    f"{SKOS}Concept": "Concepts",
}
SHEETS = ("Concepts", "Collections", "Vocabulary")
OTHER = "Other"

Cells = dict[Column, list[str]]


@dataclass(slots=True)
class Contents:
    """The columns of each sheet, in order, and what concepts are called."""

    columns: dict[str, list[Column]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)


def sort_into(source: Path, target: Path, work: Path) -> None:
    """Put the lines of a file in order, so that all of one resource stand together."""
    with target.open("wb") as file:
        file.writelines(sorted_lines(blocks(source), work))


def resources(file: Path) -> Iterator[tuple[str, Cells]]:
    """Each resource of a sorted file, with its values by column."""
    with file.open("rb") as lines:
        for subject, found in groupby(lines, lambda line: line.partition(b" ")[0]):
            cells: Cells = {}
            for line in found:
                _, predicate, value = line.decode().rstrip("\n").removesuffix(" .").split(" ", 2)
                kind, text = read_object(value)
                cells.setdefault(Column(predicate[1:-1], kind), []).append(text)
            yield subject[1:-1].decode(), cells


def sheet_of(cells: Cells) -> str:
    """The sheet in which a resource stands."""
    types = cells.get(Column(TYPE, IRI), ())
    return next((sheet for kind, sheet in KINDS.items() if kind in types), OTHER)


def survey(file: Path, languages: list[str], is_chosen: bool) -> Contents:
    """Which columns the sheets need; see WritingJob."""
    found: dict[str, set[Column]] = {sheet: set() for sheet in (*SHEETS, OTHER)}
    counted: Counter[str] = Counter()
    contents = Contents()
    for subject, cells in resources(file):
        found[sheet_of(cells)] |= cells.keys()
        counted.update({column.language for column in cells if column.predicate in LABELS})
        if name := _name(cells, languages):
            contents.names[subject] = name
    contents.languages = languages if is_chosen else _languages(counted, languages)
    is_new = not contents.names
    for sheet, columns in found.items():
        needed = {c for c in columns if not is_chosen or c.language in ("", *languages)}
        if columns or sheet == SHEETS[0] or (is_new and sheet == SHEETS[2]):
            needed.update(usual_columns(sheet, contents.languages))
        contents.columns[sheet] = in_order(needed, contents.languages)
    return contents


def _languages(counted: Counter[str], first: list[str]) -> list[str]:
    """The languages of labels: those asked for first, then those with most."""
    del counted[""]
    others = sorted(counted.keys() - set(first), key=lambda tag: (-counted[tag], tag))
    return [*(tag for tag in first if tag in counted), *others]


def _name(cells: Cells, languages: list[str]) -> str:
    """A notation and a preferred label, in the first language that there is one in."""
    preferred = {c.language: texts[0] for c, texts in cells.items() if c.predicate == LABELS[0]}
    chosen = next((preferred[tag] for tag in languages if tag in preferred), None)
    label = chosen or (preferred[min(preferred)] if preferred else "")
    notation = next((texts[0] for c, texts in cells.items() if c.predicate == NOTATION), "")
    return f"{notation} {label}".strip()
