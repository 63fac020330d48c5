"""Files into catalogs: read in a process apart, compared, and the difference committed."""

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from vocab_server.catalog.catalogs import find_catalog, list_catalogs, register_catalog
from vocab_server.catalog.examining import Holdings, examine_catalog
from vocab_server.editing.commit import Step, Writer
from vocab_server.editing.importing import Source, count_lines, difference
from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Change, FileChange, Patch, blocks
from vocab_server.rdf.graph_names import source_graph
from vocab_server.rdf.repair import Note
from vocab_server.store.base import Reader

Pairs = Collection[tuple[str, str]]
Tagger = Callable[[Reader, URIRef, Pairs, Pairs], Change]  # store, source, themes, keywords


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """What an import read and what it changed.

    ``added``, ``removed`` count statements, ``tags`` the tags that came with the data and are new.
    ``number`` is that of the last change in the log, None when there was nothing to change or
    nothing was to be kept.
    """

    catalog: str
    format: str
    encoding: str
    statements: int
    holdings: Holdings
    notes: tuple[Note, ...]
    added: int
    removed: int
    tags: int
    number: int | None
    is_new: bool


def import_catalog(
    writer: Writer,
    base: str,
    catalog: str,
    source: Source,
    author: str,
    tagger: Tagger,
    *,
    url: str = "",
    fix: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    step: Step = lambda _: None,
) -> CatalogReport:
    """Make a catalog say what a file says, and make it known when it is new.

    Only the difference to what it says now is committed, with the tags that follow from it, all of
    it or nothing. ``tagger`` makes the change of the tags. Raises InvalidError when the file cannot
    be read, or holds nothing of DCAT.
    """
    register_catalog(base, catalog, catalog)  # refuses a bad id before anything is read
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work:
        step("read")
        parsed = source.read(f"{base}/catalogs/{catalog}/", Path(work), fix=fix, progress=progress)
        holdings = examine_catalog(blocks(parsed.target))
        _demand_dcat(holdings, source.name, parsed.statements)
        graph = source_graph(base, catalog)
        with writer.open() as transaction:
            step("compare")
            change = difference(transaction, graph, parsed, Path(work))
            tags = tagger(transaction.store, graph, holdings.themes, holdings.keywords)
            is_new = find_catalog(list_catalogs(transaction.store, base), graph) is None
            patches: list[Patch] = [*_changed(change), tags]
            if is_new:
                title = source.title or holdings.title or catalog
                patches.insert(0, register_catalog(base, catalog, title, url))
            number = None
            if not dry_run:
                number = transaction.commit(patches, author, f"Import {source.name}", step)
            return CatalogReport(
                catalog=catalog,
                format=parsed.format,
                encoding=parsed.encoding,
                statements=parsed.statements,
                holdings=holdings,
                notes=parsed.notes,
                added=count_lines(change.added),
                removed=count_lines(change.removed),
                tags=len(tags.added),
                number=number,
                is_new=is_new,
            )


def _demand_dcat(holdings: Holdings, name: str, statements: int) -> None:
    if not (holdings.datasets or holdings.catalogs or holdings.services):
        raise InvalidError(
            "%(name)s: There is nothing of DCAT in these %(statements)s statements: no catalog,"
            " dataset or data service. Is it another file?",
            name=name,
            statements=statements,
        )


def _changed(change: FileChange) -> list[Patch]:
    has_any = change.added.stat().st_size or change.removed.stat().st_size
    return [change] if has_any else []
