"""Spreadsheets into vocabularies on the command line: a new one whole, else what a file changes."""

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import URIRef

from vocab_server.editing.commit import Step, Writer
from vocab_server.editing.importing import Report, Source, import_file
from vocab_server.editing.sheet_acting import Solution, solve
from vocab_server.editing.sheet_conversion import Conversion
from vocab_server.editing.sheet_edits import Edits
from vocab_server.editing.sheet_merge import Choice, Plan, make_plan
from vocab_server.editing.sheet_rows import Remark
from vocab_server.skos.acts.curation import Curation, Policy
from vocab_server.skos.vocabularies import find_registration
from vocab_server.store.base import Reader
from vocab_server.store.sheets import read_sheets

SUFFIXES = (".csv", ".ods", ".tsv", ".xls", ".xlsm", ".xlsx")
Curate = Callable[[URIRef, Reader], Curation]


def is_sheet(name: str, form: str | None) -> bool:
    """Whether a file is a spreadsheet by the format asked for, else by its name."""
    wanted = f".{form.lower().lstrip('.')}" if form else Path(name.lower()).suffix
    return wanted in SUFFIXES


@dataclass(frozen=True, slots=True)
class Merged:
    """What a spreadsheet did to a vocabulary; ``number`` is None when nothing was committed."""

    edits: Edits
    plan: Plan
    solution: Solution
    number: int | None

    @property
    def problems(self) -> tuple[Remark, ...]:
        """All that stands in the way, by cell."""
        return (*self.plan.problems, *self.solution.problems)


@dataclass(frozen=True, slots=True)
class Created:
    """A vocabulary that a spreadsheet made; None when problems are in the way."""

    report: Report | None
    problems: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


def is_new(writer: Writer, base: str, vocabulary: str) -> bool:
    """Whether no vocabulary has this id yet."""
    with writer.open() as transaction:
        return find_registration(transaction.store, base, vocabulary) is None


def create_from_sheet(
    writer: Writer, base: str, vocabulary: str, source: Source, author: str, **more: object
) -> Created:
    """Make a vocabulary of a spreadsheet. Raises as ``import_file`` does."""
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as directory:
        work = Path(directory)
        read = read_sheets(source.path, source.name, work / "rows.jsonl")
        namespace = source.namespace or f"{base}/id/{vocabulary}/"
        conversion = Conversion(read, Policy(namespace=namespace))
        reader = conversion.write(work / "read.nt")
        problems, remarks = tuple(conversion.problems), tuple(reader.remarks)
        if problems:
            return Created(None, problems, remarks)
        converted = Source(work / "read.nt", source.name, "nt", source.title, source.namespace)
        report = import_file(writer, base, vocabulary, converted, author, **more)  # type: ignore[arg-type]
        return Created(report, problems, remarks)


def merge_edits(
    writer: Writer,
    graph: URIRef,
    edits: Edits,
    curate: Curate,
    languages: Collection[str],
    author: str,
    *,
    rest: Choice | None = None,
    dry_run: bool = False,
    step: Step = lambda _: None,
) -> Merged:
    """Commit what a file changes of what is published, all of it or nothing.

    Nothing when there is a problem, or a conflict and no choice ``rest`` for it.
    """
    with writer.open() as transaction:
        store = transaction.store
        plan = make_plan(store, graph, edits, languages, rest=rest)
        solution = solve(curate(graph, store), plan)
        found = Merged(edits, plan, solution, None)
        if dry_run or found.problems or (plan.conflicts and rest is None):
            return found
        details = {"kind": "spreadsheet", "file": edits.file}
        number = transaction.commit(
            [solution.change], author, f"Import {edits.file}", step, details=details
        )
        return replace(found, number=number)
