"""The search index as a projection of the change log: names of concepts, in order (tantivy).

So that lists in alphabetical order and look-ups by letter cost the same in a vocabulary of any
size. What is in a document, see ``search.documents``.
"""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import tantivy
from rdflib import URIRef

from vocab_server.rdf.change import Patch, blocks
from vocab_server.rdf.graph_names import is_of_catalogs
from vocab_server.rdf.query import bind
from vocab_server.search.building import Building
from vocab_server.search.cards import Cards
from vocab_server.search.documents import (
    ENTRY,
    all_of,
    count,
    documents_of,
    key,
    schema,
    term,
    with_tokenizers,
)
from vocab_server.search.entries import READ, Entry, read_entries
from vocab_server.store.base import Store

ORPHAN = 5  # seconds within which a building process has noticed that its parent is gone
MEMORY = 200_000_000  # bytes that the writer of a whole graph gathers before it writes segments
THREADS = 2  # that write them; more cost memory and make more segments, which searches go through
HELD = 8_000  # documents of some kB that a writer is given at once; its queue holds 10 000
SMALL_MEMORY = 15_000_000  # the least that tantivy takes
FEW = 2_000  # concepts that are looked up one by one; more make the whole graph be indexed anew
SHARE = 10  # in a big graph so many that all are this many times as many
ASKED = 2_000  # concepts that one query looks up
VERSION = "11"  # of the fields and what is in them; another one makes the index be built anew


_LOCKS = {".tantivy-writer.lock", ".tantivy-meta.lock"}

# rdfs:seeAlso only says that the parent is described: it makes nothing a concept.
_AROUND = """CONSTRUCT { ?s ?p ?o . ?form skosxl:literalForm ?text . ?parent rdfs:seeAlso ?parent }
    WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    { ?concept ?p ?o BIND (?concept AS ?s)
      OPTIONAL { ?o skosxl:literalForm ?text BIND (?o AS ?form) } }
    UNION
    { ?concept skos:broader ?parent FILTER EXISTS { ?parent ?any ?thing } }
    UNION
    { VALUES ?p { skos:narrower skos:hasTopConcept skos:member }
      ?s ?p ?concept BIND (?concept AS ?o) } } }"""
_NAMED_BY = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { VALUES ?form { $forms }
    ?concept skosxl:prefLabel|skosxl:altLabel|skosxl:hiddenLabel ?form } }"""
_COUNTS = """SELECT ?parent (COUNT(DISTINCT ?child) AS ?children) WHERE { GRAPH $graph {
    { VALUES ?parent { $parents } ?child skos:broader ?parent
      FILTER EXISTS { ?parent ?any ?thing } }
    UNION
    { VALUES ?parent { $parents } ?parent skos:narrower ?child FILTER (isIRI(?child)) } } }
    GROUP BY ?parent"""
_ABOVE = """SELECT DISTINCT ?child ?parent WHERE { GRAPH $graph { VALUES ?child { $children }
    { ?child skos:broader ?parent FILTER EXISTS { ?parent ?any ?thing } }
    UNION { ?parent skos:narrower ?child } } }"""
_UNDER = """SELECT DISTINCT ?child WHERE { GRAPH $graph { VALUES ?parent { $parents }
    ?child skos:broader ?parent } }"""
_SIZE = "SELECT (COUNT(*) AS ?size) WHERE { GRAPH $graph { ?s ?p ?o } }"


class IndexProjection:
    """The index in ``directory``/index, open for writing."""

    name = "index"
    takes_each = False

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        self._position = self._path / "position"
        try:
            self._number = self._read_position()
            self._index = open_index(self._path)
        except (OSError, ValueError):  # new, damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._path.mkdir(parents=True, exist_ok=True)  # a reader may put its lock there again
            self._number = 0
            self._index = empty_index(self._path)
        self._building: Building | None = None
        self._begun = self._built = 0  # the number of the change that is or was built apart

    def position(self) -> int:
        """The number of the last change that the index holds."""
        return self._number

    def _read_position(self) -> int:
        version, number = self._position.read_text().split()
        if version != VERSION:
            raise ValueError(version)
        return int(number)

    def begin(self, patch: Patch, number: int) -> None:
        """Start to index all of a graph that is new, while others take it in; see Building."""
        if self._building is None and not is_of_catalogs(patch.graph):
            self._building = Building(self._path, patch.graph, patch.added_blocks())
            self._begun = number

    def apply(self, patch: Patch, number: int, store: Store) -> None:
        """Index anew the concepts that a change touched, as the store now describes them."""
        if not self._is_built(number) and not is_of_catalogs(patch.graph):
            touched = self._touched(patch, store)
            fill(self._index, patch.graph, touched, _entries(store, patch, touched))
        unfinished = self._position.with_suffix(".new")
        unfinished.write_text(f"{VERSION} {number}")
        unfinished.replace(self._position)
        self._number = number

    def snapshot(self, directory: Path) -> None:
        """Link the index's files, which never change, into a snapshot's directory."""
        link_files(self._path, directory / self.name, self._position)

    def _is_built(self, number: int) -> bool:
        """Whether a process apart has indexed this change; waits for what it is doing."""
        if self._building is not None:
            self._built = self._begun if self._building.is_done() else 0
            self._building = None
        return number == self._built

    def close(self) -> None:
        """Release the index's files."""
        if self._building is not None:
            self._building.stop()
        self.__dict__.pop("_index", None)

    def _touched(self, patch: Patch, store: Store) -> set[str] | None:
        """The concepts whose entry a change may alter; None when to index all costs less."""
        most = self._most(patch.graph)
        spoken_of: set[str] = set()
        touched: set[str] = set()
        forms: set[str] = set()
        for found in (patch.added_blocks(), patch.removed_blocks()):
            for block in found:
                _note_touched(block, spoken_of, touched, forms)
                if len(spoken_of) > most:
                    return None
        if forms:
            asked = bind(_NAMED_BY, graph=patch.graph, forms=_iris(forms))
            touched.update(str(row["concept"]) for row in store.select(asked))
        touched |= self._misplaced(patch.graph, spoken_of, touched, store)
        return touched if len(touched) <= most else None

    def _most(self, graph: URIRef) -> int:
        """How many concepts of a graph are looked up one by one."""
        self._index.reload()
        there = count(self._index.searcher(), term("flag", key(graph, ENTRY)))
        return max(FEW, there // SHARE)

    def _misplaced(
        self, graph: URIRef, parents: set[str], touched: set[str], store: Store
    ) -> set[str]:
        """What the store has under some of the parents and the index has not, or the reverse.

        A parent that comes to be described, or no longer is, alters the entries of all that say
        it is broader, and no line of a change may name them. Those that are ``touched`` are put
        in their places anyway.
        """
        asked = bind(_COUNTS, graph=graph, parents=_iris(parents))
        counts = {str(row["parent"]): int(str(row["children"])) for row in store.select(asked)}
        self._index.reload()
        index = self._index.searcher()
        entries = term("flag", key(graph, ENTRY))
        missing = {
            parent: counts.get(parent, 0)
            - count(index, all_of(entries, term("parent", key(graph, parent))))
            for parent in parents
        }
        if any(missing.values()):
            coming = _coming(store, index, graph, touched)
            missing = {parent: number - coming[parent] for parent, number in missing.items()}
        wrong = {parent for parent, number in missing.items() if number}
        if not wrong:
            return set()
        asked = bind(_UNDER, graph=graph, parents=_iris(wrong))
        return {str(row["child"]) for row in store.select(asked)}


def empty_index(path: Path) -> tantivy.Index:
    """An index without documents, in a directory that there is."""
    return with_tokenizers(tantivy.Index(schema(), path=str(path)))


def open_index(path: Path) -> tantivy.Index:
    """The index in a directory. Raises ValueError when there is none."""
    return with_tokenizers(tantivy.Index.open(str(path)))


def fill(
    index: tantivy.Index,
    graph: URIRef,
    touched: set[str] | None,
    entries: Iterable[tuple[str, Entry]],
) -> None:
    """Put entries into the index in place of those of the touched concepts, or of all of a graph.

    All of them become visible at once, when this returns.
    """
    is_whole = touched is None
    writer = writer_of(index, MEMORY if is_whole else SMALL_MEMORY, THREADS if is_whole else 1)
    writer.garbage_collect_files()  # of a process that died: their names are in the way
    if touched is None:
        writer.delete_documents_by_term("graph", str(graph))
    for concept in touched or ():
        writer.delete_documents_by_term("key", key(graph, concept))
    put(writer, (each for found in entries for each in documents_of(graph, *found)))
    writer.commit()
    writer.wait_merging_threads()


def put(writer: tantivy.IndexWriter, documents: Iterable[tantivy.Document]) -> None:
    """Give documents to a writer, HELD at a time.

    Why: its threads are quicker than we are. One by one, they fall asleep after each document, and
    to wake them costs more of the processor than to make it.
    """
    made = iter(documents)
    while held := list(islice(made, HELD)):
        for document in held:
            writer.add_document(document)


def link_files(index: Path, target: Path, *rewritten: Path) -> None:
    """Make a copy of an index that later changes leave alone, nearly without cost.

    Files are linked, but those that are ``rewritten`` in place are copied.
    """
    target.mkdir()
    for file in index.iterdir():
        if file.name in _LOCKS:
            continue
        if file.suffix == ".json" or file in rewritten:
            shutil.copyfile(file, target / file.name)
        else:
            (target / file.name).hardlink_to(file)


def writer_of(index: tantivy.Index, memory: int, threads: int = 1) -> tantivy.IndexWriter:
    """The right to write, once a process whose parent has died has let go of it."""
    for _ in range(ORPHAN * 20):
        with suppress(ValueError):
            return index.writer(memory, threads)
        time.sleep(0.05)
    return index.writer(memory, threads)


def _coming(
    store: Store, index: tantivy.Searcher, graph: URIRef, concepts: set[str]
) -> Counter[str]:
    """How many more of the concepts are under each parent in the store than in the index."""
    more: Counter[str] = Counter()
    for some in _parts(concepts):
        asked = bind(_ABOVE, graph=graph, children=some)
        more.update(str(row["parent"]) for row in store.select(asked))
        for above in Cards(index).above(graph, some).values():
            more.subtract(map(str, above))
    return more


def _note_touched(block: bytes, spoken_of: set[str], touched: set[str], forms: set[str]) -> None:
    for line in block.splitlines():
        subject, predicate, value = line.decode().split(" ", 2)
        spoken_of.add(subject[1:-1])
        if predicate[1:-1] in READ:
            touched.add(subject[1:-1])
        if predicate.endswith("#literalForm>"):
            forms.add(subject[1:-1])
        elif predicate.endswith(("#narrower>", "#hasTopConcept>", "#member>")) and value.startswith(
            "<"
        ):
            spoken_of.add(value[1:-3])
            touched.add(value[1:-3])


def _parts(iris: set[str]) -> Iterator[list[URIRef]]:
    listed = _iris(iris)
    return (listed[begin : begin + ASKED] for begin in range(0, len(listed), ASKED))


def _iris(found: set[str]) -> list[URIRef]:
    return [URIRef(iri) for iri in sorted(found)]


def _entries(store: Store, patch: Patch, only: set[str] | None) -> Iterator[tuple[str, Entry]]:
    """The entries of the chosen concepts, or of all in the graph."""
    if only is None:
        return read_entries(_whole(store, patch))
    return _looked_up(store, patch.graph, only)


def _looked_up(store: Store, graph: URIRef, only: set[str]) -> Iterator[tuple[str, Entry]]:
    for some in _parts(only):
        chosen = set(map(str, some))
        for iri, entry in read_entries(store.lines(bind(_AROUND, graph=graph, concepts=some))):
            if iri in chosen:  # others are only spoken of
                yield iri, entry


def _whole(store: Store, patch: Patch) -> Iterator[bytes]:
    """All lines of a graph: the change's own, which are quicker, when there are no others."""
    size = int(str(store.select(bind(_SIZE, graph=patch.graph))[0]["size"]))
    if size == sum(block.count(b"\n") for block in patch.added_blocks()):
        for block in patch.added_blocks():
            yield from block.splitlines()
        return
    with tempfile.NamedTemporaryFile(suffix=".nt") as file:
        store.dump(patch.graph, Path(file.name))
        for block in blocks(Path(file.name)):
            yield from block.splitlines()
