"""``vocab-server export``."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from vocab_server import config
from vocab_server.editing.releases import unpacked
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, get_format
from vocab_server.rdf.query import bind
from vocab_server.services import open_services
from vocab_server.skos.releases import get_release

_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"


@click.command()
@click.argument("vocabulary")
@click.option(
    "--format",
    "form",
    default="ttl",
    type=click.Choice([form.extension for form in DESCRIPTION_FORMATS]),
    show_default=True,
)
@click.option("-o", "output", type=click.Path(path_type=Path), help="File; standard output if not.")
@click.option("--release", metavar="NAME", help="As it was in this release, not as it is now.")
def export(vocabulary: str, form: str, output: Path | None, release: str | None) -> None:
    """Write all of VOCABULARY, as it is published now or was in a release."""
    services = open_services(config.load())
    view = services.published.view()
    if release is not None:
        found = get_release(view.releases.get(view.vocabulary(vocabulary).graph, ()), release)
        file = services.releases.download(found, get_format(form, DESCRIPTION_FORMATS))
        with output.open("wb") if output else nullcontext(sys.stdout.buffer) as target:
            target.writelines(unpacked(file))
        return
    query = bind(_GRAPH, graph=view.vocabulary(vocabulary).graph)
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as target:
        view.store.write(query, get_format(form).media_type, target)
