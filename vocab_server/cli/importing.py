"""``vocab-server import``."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from getpass import getuser
from pathlib import Path

import click

from vocab_server import config
from vocab_server.cli.check_summary import is_grave, results_as_json, summary
from vocab_server.cli.progress import Shown, progress
from vocab_server.cli.sheet_reports import (
    merge_as_json,
    told_merge,
    told_remarks,
)
from vocab_server.editing.importing import Report, Source, import_file
from vocab_server.editing.sheet_import import create_from_sheet, is_new, is_sheet, merge_edits
from vocab_server.editing.sheet_json import remarks_as_json
from vocab_server.editing.sheet_merge import Choice
from vocab_server.errors import InvalidError
from vocab_server.outbound import fetch
from vocab_server.quality.apart import check_apart
from vocab_server.quality.check import Level
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.files import GRAPH
from vocab_server.quality.report import Result
from vocab_server.rdf.repair import Note
from vocab_server.services import Services, open_services
from vocab_server.skos.vocabularies import graph_of
from vocab_server.store.snapshots import number_of

CHOICES = {"file": Choice.MINE, "published": Choice.THEIRS}
TOLD = [check for check in CHECKS if check.level is not Level.IGNORE]
SHOWN = 40  # notes that are printed; --json has all


@click.command("import")
@click.argument("vocabulary")
@click.argument("file", metavar="FILE-or-URL")
@click.option(
    "--format",
    "form",
    help="ttl, rdf, jsonld, nt, nq, trig, n3, xlsx or csv; found out if absent.",
)
@click.option("--title", help="Title in the list of vocabularies, for a new one.")
@click.option("--namespace", help="What the IRIs minted for a new one start with.")
@click.option("--dry-run", is_flag=True, help="Only say what would change, and what checks find.")
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Check it first, say what is wrong, and change nothing when there is a violation.",
)
@click.option("--fix", is_flag=True, help="Repair what can be repaired safely, and say what.")
@click.option(
    "--conflicts",
    type=click.Choice(["file", "published"]),
    help="Whose value stays in cells of a spreadsheet that were changed here meanwhile.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def import_(
    vocabulary: str,
    file: str,
    form: str | None,
    title: str | None,
    namespace: str | None,
    dry_run: bool,
    checking: bool,
    fix: bool,
    conflicts: str | None,
    as_json: bool,
) -> None:
    """Read an RDF file or a spreadsheet into VOCABULARY, which is created when it is new.

    Afterwards the vocabulary says what an RDF file says; only the difference is committed. Of a
    spreadsheet (XLSX, CSV, ODS) only what it changed since it was exported is done: rows and
    columns that it lacks stay. A cell that was changed here too is a conflict, and then nothing is
    done without --conflicts.
    """
    services = open_services(config.load())
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work, progress(file) as shown:
        path = Path(file)
        if file.startswith(("http://", "https://")):
            path = fetch(file, Path(work), progress=shown.amount)
        elif not path.is_file():
            raise click.BadParameter(f"There is no file {file}.", param_hint="FILE-or-URL")
        source = Source(path, path.name, form, title, namespace)
        if is_sheet(path.name, form):
            if checking:
                raise click.UsageError("--check is for RDF; the draft of a spreadsheet is checked.")
            text, is_fine = _import_sheet(
                services, vocabulary, source, shown, dry_run, conflicts, as_json
            )
        else:
            text, is_fine = (
                _import_rdf(services, vocabulary, source, shown, dry_run, fix, checking, as_json),
                True,
            )
    click.echo(text)
    if not is_fine:
        raise SystemExit(1)


def _import_rdf(
    services: Services,
    vocabulary: str,
    source: Source,
    shown: Shown,
    dry_run: bool,
    fix: bool,
    checking: bool,
    as_json: bool,
) -> str:
    checked: list[Result] = []

    def judge(file: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="vocab-server-check-") as work:
            target = Path(work) / "report.sqlite"
            report = check_apart(target, file=file, graph=GRAPH, checks=TOLD)
            checked.extend(report.results())
        if not dry_run and any(map(is_grave, checked)):
            for line in summary(checked):
                click.echo(line, err=True)
            raise InvalidError(
                "%(source)s has violations, so nothing was changed. List them: vocab-server check"
                " %(source)s",
                source=str(source.path),
            )

    report = import_file(
        services.writer,
        services.settings.base,
        vocabulary,
        source,
        getuser(),
        fix=fix,
        dry_run=dry_run,
        progress=shown.amount,
        step=shown.step,
        judge=judge if checking or dry_run else None,
    )
    if as_json:
        found = {"findings": results_as_json(checked)} if checked else {}
        return json.dumps(asdict(report) | found, indent=1)
    return "\n".join([*(summary(checked) if checked else ()), _told(report, dry_run)])


def _import_sheet(
    services: Services,
    vocabulary: str,
    source: Source,
    shown: Shown,
    dry_run: bool,
    conflicts: str | None,
    as_json: bool,
) -> tuple[str, bool]:
    """What is printed of a spreadsheet, and whether nothing was in its way."""
    base = services.settings.base
    if is_new(services.writer, base, vocabulary):
        return _create(services, vocabulary, source, shown, dry_run, as_json)
    rest = CHOICES[conflicts] if conflicts else None
    graph, view = graph_of(base, vocabulary), services.published.view()
    shown.step("read")
    edits = services.spreadsheets.compare(
        source.path, source.name, vocabulary, graph, view.store, number_of(view.path)
    )
    found = merge_edits(
        services.writer,
        graph,
        edits,
        services.curation,
        view.statistics(graph).languages,
        getuser(),
        rest=rest,
        dry_run=dry_run,
        step=shown.step,
    )
    is_fine = not found.problems and not (found.plan.conflicts and rest is None)
    if as_json:
        return json.dumps(merge_as_json(found), indent=1, ensure_ascii=False), is_fine
    return told_merge(found, dry_run, rest is not None), is_fine


def _create(
    services: Services, vocabulary: str, source: Source, shown: Shown, dry_run: bool, as_json: bool
) -> tuple[str, bool]:
    made = create_from_sheet(
        services.writer,
        services.settings.base,
        vocabulary,
        source,
        getuser(),
        dry_run=dry_run,
        progress=shown.amount,
        step=shown.step,
    )
    if as_json:
        report = asdict(made.report) if made.report else None
        told = {"report": report, "problems": remarks_as_json(made.problems)}
        return json.dumps(told, indent=1, ensure_ascii=False), made.report is not None
    lines = [*told_remarks(made.remarks), *told_remarks(made.problems, "Problem: ")]
    end = _told(made.report, dry_run) if made.report else "Nothing was changed."
    return "\n".join([*lines, end]), made.report is not None


def _told(report: Report, dry_run: bool) -> str:
    found = report.found
    lines = [
        f"Read {report.statements} statements ({report.format}, {report.encoding}): "
        f"{found.concepts} concepts, {found.schemes} concept schemes, "
        f"{len(found.languages)} languages.",
        *found.remarks,
    ]
    lines += told_notes(report.notes)
    verb = "Would add" if dry_run else "Added"
    lines.append(f"{verb} {report.added} and removed {report.removed} statements.")
    return "\n".join(lines)


def told_notes(notes: Sequence[Note]) -> list[str]:
    """What was found while reading a file, a line each; the first SHOWN of many."""
    lines = []
    for note in notes[:SHOWN]:
        place = f"Line {note.line}: " if note.line else ""
        times = f" ({note.count} times)" if note.count > 1 else ""
        done = "Repaired: " if note.fixed else ""
        lines.append(f"{place}{done}{note.problem} {note.remedy}{times}".rstrip())
    if len(notes) > SHOWN:
        lines.append(f"... and {len(notes) - SHOWN} more; --json lists all.")
    return lines
