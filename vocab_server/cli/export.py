"""``vocab-server export``."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from vocab_server import config
from vocab_server.editing.releases import unpacked
from vocab_server.editing.spreadsheets import FORMS, Wanted
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, get_format
from vocab_server.rdf.query import bind
from vocab_server.services import Services, open_services
from vocab_server.skos.releases import Release, get_release
from vocab_server.store.snapshots import number_of

_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"


@click.command()
@click.argument("vocabulary")
@click.option(
    "--format",
    "form",
    default="ttl",
    type=click.Choice([*(form.extension for form in DESCRIPTION_FORMATS), *FORMS]),
    show_default=True,
)
@click.option("-o", "output", type=click.Path(path_type=Path), help="File; standard output if not.")
@click.option("--release", metavar="NAME", help="As it was in this release, not as it is now.")
def export(vocabulary: str, form: str, output: Path | None, release: str | None) -> None:
    """Write all of VOCABULARY, as it is published now or was in a release."""
    services = open_services(config.load())
    view = services.published.view()
    graph = view.vocabulary(vocabulary).graph
    found = get_release(view.releases.get(graph, ()), release) if release is not None else None
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as target:
        if form in FORMS:
            target.write(_sheet(services, vocabulary, form, found).read_bytes())
        elif found is not None:
            file = services.releases.download(found, get_format(form, DESCRIPTION_FORMATS))
            target.writelines(unpacked(file))
        else:
            view.copy.write(bind(_GRAPH, graph=graph), get_format(form).media_type, target)


def _sheet(services: Services, vocabulary: str, form: str, release: Release | None) -> Path:
    view = services.published.view()
    graph = view.vocabulary(vocabulary).graph
    wanted = Wanted(vocabulary, graph, form, services.settings.languages)
    if release is None:
        return services.spreadsheets.current(wanted, view.copy, number_of(view.path))
    frozen = services.releases.file(release)
    return services.spreadsheets.release(wanted, frozen, release.number)
