"""``vocab-server rebuild``."""

import click

from vocab_server import config
from vocab_server.cli.progress import progress
from vocab_server.services import open_services


@click.command()
def rebuild() -> None:
    """Make store, search index and statistics anew from the change log.

    Text that was deleted is gone from their files afterwards, and from those of drafts. Readers
    go on meanwhile.
    """
    services = open_services(config.load())
    with progress("Rebuild") as shown:
        services.writer.rebuild(shown.step)
        services.drafts.begin_anew()
    click.echo(f"Rebuilt up to change {services.log.last()}.", err=True)
