"""``vocab-server export``."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from vocab_server import config
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, get_format
from vocab_server.rdf.query import bind
from vocab_server.services import open_services

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
def export(vocabulary: str, form: str, output: Path | None) -> None:
    """Write all of VOCABULARY, as it is published now."""
    view = open_services(config.load()).published.view()
    query = bind(_GRAPH, graph=view.vocabulary(vocabulary).graph)
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as target:
        view.store.write(query, get_format(form).media_type, target)
