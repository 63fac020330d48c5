"""The index and the tree, measured from inside: how long each is in the making."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy
from rdflib import URIRef

from vocab_server.app import create_app
from vocab_server.bench.bed import VOCABULARY, Bed
from vocab_server.bench.targets import Result, result
from vocab_server.levels import opened_tree
from vocab_server.rdf.change import FileChange, blocks
from vocab_server.rdf.languages import chain
from vocab_server.reading import view
from vocab_server.search.documents import documents_of
from vocab_server.search.entries import read_entries
from vocab_server.search.index import MEMORY, IndexProjection, empty_index
from vocab_server.services import open_services
from vocab_server.skos.hierarchy import Lens, paths_to_top
from vocab_server.skos.vocabularies import graph_of

DOCUMENTS = 200_000  # that are held in memory and given to the search library alone
OPENED = 200  # concepts at which the tree is opened


class _Counting:
    """A reader or a searcher that counts what it is asked."""

    def __init__(self, asked: Any) -> None:
        self._asked = asked
        self.count = 0

    def __getattr__(self, name: str) -> object:
        found = getattr(self._asked, name)
        if name in ("select", "lines", "search"):
            self.count += 1
        return found


def measure_trees(bed: Bed) -> Iterator[Result]:
    """The tree opened at concepts from all over, each with nothing remembered of any other.

    But for what big levels begin with: a server reads that once for all pages of a snapshot.
    Searches of the index count as queries do: it answers what the store would be asked.
    """
    graph = graph_of(bed.settings.base, VOCABULARY)
    taken, queries, levels = [], 0, 0
    app = create_app(bed.settings)
    with closing(app.extensions["vocab_server"]), app.test_request_context():
        store, index = _Counting(view().store), _Counting(view().index)
        view().index = index  # type: ignore[assignment]  # reads only
        languages = chain("en", bed.settings.languages, view().statistics(graph).languages)
        made = partial(Lens, store, graph, languages, "en", listed=view().cards)  # type: ignore[arg-type]  # reads only
        start = time.perf_counter()
        opened_tree(first := made())
        yield result("tree, first opened", bed.name, (time.perf_counter() - start) * 1000)
        for iri in map(URIRef, bed.concepts.take(OPENED)):
            lens = made(begun=first.begun)
            way = paths_to_top(lens, iri)[0]
            store.count = index.count = 0
            start = time.perf_counter()
            opened_tree(lens, [way])
            taken.append((time.perf_counter() - start) * 1000)
            queries, levels = queries + store.count + index.count, levels + len(way)
    yield result("tree at a concept, 95 of 100", bed.name, sorted(taken)[len(taken) * 95 // 100])
    yield result("tree at a concept, queries", bed.name, queries / levels)


def measure_build(bed: Bed) -> Iterator[Result]:
    """The index built from statements, beside the library that is given the finished documents."""
    graph = graph_of(bed.settings.base, VOCABULARY)
    with tempfile.TemporaryDirectory() as work:
        file, nothing = Path(work) / "statements.nt", Path(work) / "nothing.nt"
        nothing.touch()
        with closing(open_services(bed.settings)) as services:
            store = services.published.view().copy
            store.dump(graph, file)
            index = IndexProjection(Path(work))
            start = time.perf_counter()
            index.apply(FileChange(graph, file, nothing), 1, store)
            taken = time.perf_counter() - start
        made = tantivy.Index.open(str(Path(work) / "index")).searcher().num_docs
        index.close()
        alone = _seconds_alone(graph, file)
    yield result("index, built", bed.name, taken * 1000 / made, alone * 1000)


def _seconds_alone(graph: URIRef, file: Path) -> float:
    """Seconds that the library itself takes for a document of the vocabulary."""
    lines = (line for block in blocks(file) for line in block.splitlines())
    made = (document for found in read_entries(lines) for document in documents_of(graph, *found))
    held = list(islice(made, DOCUMENTS))
    with tempfile.TemporaryDirectory() as work:
        index = empty_index(Path(work))
        start = time.perf_counter()
        writer = index.writer(MEMORY)
        for document in held:
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return (time.perf_counter() - start) / len(held)
