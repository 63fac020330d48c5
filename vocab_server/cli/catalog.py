"""``vocab-server catalog import``."""

import json
import tempfile
from dataclasses import asdict
from getpass import getuser
from pathlib import Path

import click

from vocab_server import config
from vocab_server.catalog.profiles import PROFILES
from vocab_server.cli.check_summary import results_as_json, summary
from vocab_server.cli.import_findings import find_in
from vocab_server.cli.importing import told_notes
from vocab_server.cli.progress import progress
from vocab_server.editing.catalog_importing import CatalogReport, import_catalog
from vocab_server.editing.importing import Source
from vocab_server.harvest.ckan import convert_answer
from vocab_server.outbound import fetch
from vocab_server.quality.report import Result
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
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    help="Tell what breaks the rules of this profile, before anything is kept; with --dry-run"
    " dcat-ap if absent.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def import_(
    catalog: str,
    file: str,
    form: str | None,
    title: str | None,
    dry_run: bool,
    fix: bool,
    profile: str | None,
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
        source, base = Source(path, name, form, title), services.settings.base
        rules = profile or ("dcat-ap" if dry_run else "")
        begin = f"{base}/catalogs/{catalog}/"
        found = find_in(source, begin, shown, profile=rules, fix=fix) if rules else None
        report = import_catalog(
            services.writer,
            base,
            catalog,
            source,
            getuser(),
            services.tagger(catalog),
            url=url,
            fix=fix,
            dry_run=dry_run,
            progress=shown.amount,
            step=shown.step,
        )
    click.echo(_as_json(report, found) if as_json else _told(report, found, dry_run))


def _as_json(report: CatalogReport, found: list[Result] | None) -> str:
    told = asdict(report)
    if found is not None:
        told["findings"] = results_as_json(found)
    for said in ("themes", "keywords"):
        del told["holdings"][said]  # what the file says, not what became of it
    return json.dumps(told, indent=1)


def _told(report: CatalogReport, found: list[Result] | None, dry_run: bool) -> str:
    held = report.holdings
    verb = "Would add" if dry_run else "Added"
    return "\n".join(
        [
            f"Read {report.statements} statements ({report.format}, {report.encoding}): "
            f"{held.datasets} datasets, {held.distributions} distributions, "
            f"{held.services} data services.",
            *held.remarks,
            *told_notes(report.notes),
            *(summary(found) if found is not None else ()),
            f"{verb} {report.added} and removed {report.removed} statements; "
            f"{report.tags} new tags.",
        ]
    )
