"""``vocab-server import``."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from getpass import getuser
from pathlib import Path

import click

from vocab_server import config
from vocab_server.cli.progress import progress
from vocab_server.editing.importing import Report, Source, import_file
from vocab_server.outbound import fetch
from vocab_server.rdf.repair import Note
from vocab_server.services import open_services

SHOWN = 40  # notes that are printed; --json has all


@click.command("import")
@click.argument("vocabulary")
@click.argument("file", metavar="FILE-or-URL")
@click.option("--format", "form", help="ttl, rdf, jsonld, nt, nq, trig or n3; found out if absent.")
@click.option("--title", help="Title in the list of vocabularies, for a new one.")
@click.option("--namespace", help="What the IRIs minted for a new one start with.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--fix", is_flag=True, help="Repair what can be repaired safely, and say what.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def import_(
    vocabulary: str,
    file: str,
    form: str | None,
    title: str | None,
    namespace: str | None,
    dry_run: bool,
    fix: bool,
    as_json: bool,
) -> None:
    """Read an RDF file into VOCABULARY, which is created when it is new.

    Afterwards the vocabulary says what the file says; only the difference is committed.
    """
    services = open_services(config.load())
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work, progress(file) as shown:
        path = Path(file)
        if file.startswith(("http://", "https://")):
            path = fetch(file, Path(work), progress=shown.amount)
        elif not path.is_file():
            raise click.BadParameter(f"There is no file {file}.", param_hint="FILE-or-URL")
        report = import_file(
            services.writer,
            services.settings.base,
            vocabulary,
            Source(path, path.name, form, title, namespace),
            getuser(),
            fix=fix,
            dry_run=dry_run,
            progress=shown.amount,
            step=shown.step,
        )
    click.echo(json.dumps(asdict(report), indent=1) if as_json else _told(report, dry_run))


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
