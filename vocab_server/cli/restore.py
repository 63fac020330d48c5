"""``vocab-server restore``."""

from pathlib import Path

import click

from vocab_server import config
from vocab_server.cli.progress import progress
from vocab_server.operation.restoring import restore as restore_backup


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Make a new data directory from the backup FILE, also from one of an older version.

    Refuses when the data directory holds something. Store and search index are made anew.
    """
    settings = config.load()
    with progress("Restore") as shown:
        manifest = restore_backup(settings, file, shown.step)
    click.echo(
        f"Restored up to change {manifest.last_change}, as of {manifest.created}, by vocab-server"
        f" {manifest.version}: {settings.data.absolute()}",
        err=True,
    )
    if settings.has_engine:
        click.echo(
            "The SPARQL engine was left as it is. Fill it from this backup: vocab-server rebuild",
            err=True,
        )
    if manifest.base_url != settings.base:
        click.echo(
            f"The backup is of {manifest.base_url}; VOCAB_SERVER_BASE_URL is {settings.base}. What"
            " was minted before keeps its addresses.",
            err=True,
        )
