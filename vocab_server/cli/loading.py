"""The vocabularies and catalogs that come with the package, read into a new data directory."""

from pathlib import Path

from rdflib import Graph

from vocab_server.cli.progress import progress
from vocab_server.editing.catalog_importing import import_catalog
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.namespaces import DCAT, DCT, VOID
from vocab_server.services import Services

PACKAGE = Path(__file__).parents[1]
AUTHOR = "vocab-server"


def folder() -> Path:
    """Where the files are: in the package when installed, beside it in a checkout."""
    installed = PACKAGE / "vocabularies"
    return installed if installed.is_dir() else PACKAGE.parent / "vocabularies"


def load_shipped(services: Services) -> None:
    """Import all that SOURCES.ttl lists, vocabularies before catalogs.

    What is there already stays as it is.
    """
    sources = folder() / "SOURCES.ttl"
    listed = Graph().parse(sources, publicID=sources.as_uri())
    base = services.settings.base
    of_catalogs = set(listed.subjects(DCT.type, DCAT.Catalog))
    every = sorted(listed.subjects(DCT.identifier, None), key=lambda d: (d in of_catalogs, str(d)))
    for dataset in every:
        name = str(listed.value(dataset, DCT.identifier))
        file = Path(str(listed.value(listed.value(dataset, DCAT.distribution), DCAT.downloadURL)))
        space = listed.value(dataset, VOID.uriSpace)
        source = Source(
            path=folder() / file.name,
            name=file.name,
            namespace=_absolute(str(space), base) if space else None,
        )
        with progress(name) as shown:
            if dataset in of_catalogs:
                tagger = services.tagger(name)
                step, writer = shown.step, services.writer
                import_catalog(writer, base, name, source, AUTHOR, tagger, step=step)
            else:
                import_file(services.writer, base, name, source, AUTHOR, step=shown.step)


def _absolute(space: str, base: str) -> str:
    return space if "://" in space else f"{base}/{space}"
