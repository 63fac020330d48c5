"""``vocab-server harvest``."""

import json
from dataclasses import asdict
from getpass import getuser

import click

from vocab_server import config
from vocab_server.catalog.catalogs import register_catalog
from vocab_server.cli.progress import progress
from vocab_server.database.harvests import Harvests, Outcome, Run, Source
from vocab_server.errors import InvalidError
from vocab_server.harvest import HARVESTERS
from vocab_server.operation.harvesting import harvest as run_harvest
from vocab_server.services import Services, open_services


@click.command()
@click.argument("source", required=False)
@click.option("--from", "address", help="Where SOURCE is harvested from, from now on.")
@click.option(
    "--kind",
    type=click.Choice(list(HARVESTERS)),
    default="dcat",
    show_default=True,
    help="What is at the address of --from.",
)
@click.option("--every", default=24, show_default=True, help="Hours between runs; 0 for by hand.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def harvest(source: str | None, address: str | None, kind: str, every: int, as_json: bool) -> None:
    """Harvest the catalog SOURCE now, or all catalogs that have a source.

    Says what was added, changed and removed, and every problem. Exits with 1 when a source failed.
    """
    services = open_services(config.load())
    table = Harvests(services.database)
    if address:
        _set(services, Source(source or "", kind, address, every))
    catalogs = [source] if source else [each.catalog for each in table.sources()]
    runs = []
    for catalog in catalogs:
        with progress(catalog):
            runs.append(run_harvest(services, catalog, getuser()))
    if as_json:
        click.echo(json.dumps([asdict(run) for run in runs], indent=1, default=str))
    else:
        click.echo("\n".join(map(told, runs)) or "No catalog is harvested from anywhere.")
    raise SystemExit(1 if any(run.outcome is Outcome.FAILED for run in runs) else 0)


def _set(services: Services, source: Source) -> None:
    if not source.catalog:
        raise click.UsageError("Name the catalog that is harvested from there.")
    if source.every < 0:
        raise InvalidError("Give the hours between runs, or 0 for by hand.")
    register_catalog(services.settings.base, source.catalog, source.catalog)  # refuses a bad id
    Harvests(services.database).set(source)


def told(run: Run) -> str:
    """A run in words."""
    if run.outcome is Outcome.FAILED:
        counted = "failed; nothing was changed"
    else:
        counted = (
            f"{run.added} added, {run.changed} changed, {run.removed} removed, "
            f"{run.unchanged} unchanged, {run.missing} missing"
        )
    return "\n".join([f"{run.catalog}: {counted}.", *(f"  {each}" for each in run.problems)])
