"""``vocab-server catalog import``."""

import json
import tempfile
from dataclasses import asdict
from getpass import getuser
from pathlib import Path

import click

from vocab_server import config
from vocab_server.cli.importing import told_notes
from vocab_server.cli.progress import progress
from vocab_server.editing.catalog_importing import CatalogReport, import_catalog
from vocab_server.editing.importing import Source
from vocab_server.harvest.ckan import convert_answer
from vocab_server.outbound import fetch
from vocab_server.services import open_services


@click.group()
def catalog() -> None:
    """Look after catalogs of datasets."""


@catalog.command("import")
@click.argument("catalog")
@click.argument("file", metavar="FILE-or-URL")
@click.option("--format", "form", help="ttl, rdf, jsonld, nt, nq, trig or n3; found out if absent.")
@click.option("--title", help="Title in the list of catalogs, for a new one.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--fix", is_flag=True, help="Repair what can be repaired safely, and say what.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def import_(
    catalog: str,
    file: str,
    form: str | None,
    title: str | None,
    dry_run: bool,
    fix: bool,
    as_json: bool,
) -> None:
    """Read DCAT in any RDF format, or an answer of CKAN's API, into CATALOG.

    It is created when it is new. Afterwards it says what the file says; only the difference is
    committed.
    """
    services = open_services(config.load())
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work, progress(file) as shown:
        path, url = Path(file), ""
        if file.startswith(("http://", "https://")):
            path, url = fetch(file, Path(work), progress=shown.amount), file
        elif not path.is_file():
            raise click.BadParameter(f"There is no file {file}.", param_hint="FILE-or-URL")
        name, converted = path.name, Path(work) / "ckan.nt"
        if form is None and convert_answer(path, converted):
            path, form = converted, "nt"
        report = import_catalog(
            services.writer,
            services.settings.base,
            catalog,
            Source(path, name, form, title),
            getuser(),
            services.tagger(catalog),
            url=url,
            fix=fix,
            dry_run=dry_run,
            progress=shown.amount,
            step=shown.step,
        )
    click.echo(_as_json(report) if as_json else _told(report, dry_run))


def _as_json(report: CatalogReport) -> str:
    told = asdict(report)
    for said in ("themes", "keywords"):
        del told["holdings"][said]  # what the file says, not what became of it
    return json.dumps(told, indent=1)


def _told(report: CatalogReport, dry_run: bool) -> str:
    held = report.holdings
    verb = "Would add" if dry_run else "Added"
    return "\n".join(
        [
            f"Read {report.statements} statements ({report.format}, {report.encoding}): "
            f"{held.datasets} datasets, {held.distributions} distributions, "
            f"{held.services} data services.",
            *held.remarks,
            *told_notes(report.notes),
            f"{verb} {report.added} and removed {report.removed} statements; "
            f"{report.tags} new tags.",
        ]
    )
