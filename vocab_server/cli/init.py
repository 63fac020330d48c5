"""``vocab-server init``."""

import click

from vocab_server import config
from vocab_server.cli.loading import load_shipped
from vocab_server.services import open_services


@click.command()
@click.option("--empty", is_flag=True, help="Load no vocabularies.")
def init(empty: bool) -> None:
    """Create the data directory and its database, and load the vocabularies that come with us."""
    services = open_services(config.load())
    if not empty:
        load_shipped(services)
    with services.writer.open() as transaction:
        transaction.catch_up()
    click.echo(f"Ready: {services.settings.data.absolute()}", err=True)
