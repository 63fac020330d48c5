"""The vocabularies that come with the package, read into a new data directory."""

from pathlib import Path

from rdflib import Graph

from vocab_server.cli.progress import progress
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
    """Import every vocabulary that SOURCES.ttl lists; what is there already stays as it is."""
    sources = folder() / "SOURCES.ttl"
    listed = Graph().parse(sources, publicID=sources.as_uri())
    base = services.settings.base
    for dataset in sorted(listed.subjects(DCT.identifier, None), key=str):
        vocabulary = str(listed.value(dataset, DCT.identifier))
        file = Path(str(listed.value(listed.value(dataset, DCAT.distribution), DCAT.downloadURL)))
        space = listed.value(dataset, VOID.uriSpace)
        source = Source(
            path=folder() / file.name,
            name=file.name,
            namespace=_absolute(str(space), base) if space else None,
        )
        with progress(vocabulary) as shown:
            import_file(services.writer, base, vocabulary, source, AUTHOR, step=shown.step)


def _absolute(space: str, base: str) -> str:
    return space if "://" in space else f"{base}/{space}"
