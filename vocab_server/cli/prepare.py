"""``vocab-server prepare``."""

import click

from vocab_server import config
from vocab_server.services import open_services
from vocab_server.skos.releases import get_release


@click.command()
@click.argument("vocabulary")
@click.argument("names", metavar="[NAME]...", nargs=-1)
def prepare(vocabulary: str, names: tuple[str, ...]) -> None:
    """Make releases of VOCABULARY ready to be browsed: those with these names, or all.

    Without it, the first reader of a release waits.
    """
    services = open_services(config.load())
    view = services.published.view()
    known = view.releases.get(view.vocabulary(vocabulary).graph, ())
    for release in [get_release(known, name) for name in names] or known:
        services.release_stores.make(release, view.store)
        click.echo(f"{release.iri} can be browsed.", err=True)
