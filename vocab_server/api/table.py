"""Query results as the table on the SPARQL page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from rdflib import URIRef

from vocab_server.rdf.languages import Label, display_tag
from vocab_server.rdf.skolem import is_skolem
from vocab_server.store.results import read_term

TABLE = "text/tab-separated-values"  # what a SELECT is read from
LINES = "application/n-triples"  # what a graph is read from
TRIPLE = ["subject", "predicate", "object"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: a text in a language, or an IRI with its link and label where there are any."""

    text: str
    language: str = ""
    href: str = ""
    is_iri: bool = False
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that are shown; ``truncated`` when there are more."""

    columns: list[str]
    rows: list[list[Cell | None]]
    truncated: bool

    def linked(self, labels: Mapping[URIRef, Label], url: Callable[[str], str]) -> "Table":
        """The table with links to the pages of what has a label here."""
        rows = [[_linked(cell, labels, url) for cell in row] for row in self.rows]
        return replace(self, rows=rows)


def first_rows(chunks: Iterable[bytes], *, is_graph: bool, limit: int) -> Table:
    """The first rows of a result in TSV, or of a graph in N-Triples."""
    lines = _lines(chunks)
    columns = TRIPLE if is_graph else next(lines, "").replace("?", "").split("\t")
    found = list(islice(lines, limit + 1))
    rows = [_cells(line, is_graph) for line in found[:limit]]
    if not is_graph and columns in (["true"], ["false"]):  # the answer to ASK has no header
        return Table([""], [[Cell(columns[0])]], truncated=False)
    return Table(columns, rows, truncated=len(found) > limit)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"\n")
        yield from (line.decode().rstrip("\r") for line in whole)
    if held:
        yield held.decode()


def _cells(line: str, is_graph: bool) -> list[Cell | None]:
    written = line.removesuffix(" .").split(" ", 2) if is_graph else line.split("\t")
    return [_cell(value) if value else None for value in written]


def _cell(written: str) -> Cell:
    term = read_term(written)
    if term.is_iri and is_skolem(term.text):
        return Cell(written)
    tag = display_tag(term.language) if term.language else ""
    return Cell(term.text, tag, is_iri=term.is_iri)


def _linked(
    cell: Cell | None, labels: Mapping[URIRef, Label], url: Callable[[str], str]
) -> Cell | None:
    if cell is None or not cell.is_iri:
        return cell
    label = labels.get(URIRef(cell.text))
    if label is None:
        href = cell.text if cell.text.startswith(("http://", "https://")) else ""
        return replace(cell, href=href)
    return replace(cell, href=url(cell.text), label=label)
