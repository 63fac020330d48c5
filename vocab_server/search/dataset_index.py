"""The index of datasets as a projection of the change log (tantivy).

What is in a document and why, see ``search.dataset_documents``.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import tantivy
from rdflib import URIRef

from vocab_server.catalog.resources import Dataset, read_datasets
from vocab_server.rdf.change import Patch
from vocab_server.rdf.graph_names import CATALOGS, is_of_catalogs, is_source, tags_graph
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import DCT
from vocab_server.rdf.query import bind
from vocab_server.search.dataset_documents import (
    DATASET,
    KEYWORD,
    SCHEMA,
    USED,
    DatasetCard,
    dataset_document,
    field_term,
    field_terms,
    key_of,
    keyword_document,
    read_card,
    used_document,
)
from vocab_server.search.documents import all_of, count
from vocab_server.search.index import MEMORY, SMALL_MEMORY, link_files, writer_of
from vocab_server.search.text import keyword_form
from vocab_server.skos.reach import depths_of, reach_of, relinked
from vocab_server.store.base import Store
from vocab_server.store.projection import reached

FEW = 2_000  # resources that are looked up one by one; more make a whole catalog be read anew
BATCH = 500  # datasets that are read at a time
MANY = 1_000_000  # documents: more than there are
VERSION = "6"  # of the fields and what is in them; another one makes the index be built anew

_DATASETS = """SELECT DISTINCT ?dataset WHERE { VALUES ?type { dcat:Dataset dcat:DatasetSeries }
    GRAPH $graph { ?dataset a ?type } }"""
_TAGS = """SELECT ?dataset ?concept WHERE { VALUES ?dataset { $datasets }
    GRAPH $graph { ?dataset dct:subject ?concept } }"""
_SUBJECT = re.compile(rb"^<([^>]*)>", re.MULTILINE)
_TAGGED = re.compile(rf"^<([^>]*)> <{re.escape(DCT.subject)}>".encode(), re.MULTILINE)


class DatasetProjection:
    """The index in ``directory``/datasets, open for writing."""

    name = "datasets"
    takes_each = False

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        self._position = self._path / "position"
        self._written: tuple[int, set[str]] = 0, set()  # the store at a change, and what it said of
        try:
            self._number = self._read_position()
            self._index = tantivy.Index.open(str(self._path))
        except (OSError, ValueError):  # new, damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._path.mkdir(parents=True)
            self._number = 0
            self._index = tantivy.Index(SCHEMA, path=str(self._path))

    def position(self) -> int:
        """The number of the last change that the index holds."""
        return self._number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: the index waits for the store."""

    def apply(self, patch: Patch, number: int, store: Store) -> None:
        """Index anew what a change touched, as the store now describes it."""
        self._index.reload()
        if is_of_catalogs(patch.graph):
            self._follow_catalog(patch, number, store)
        elif self._is_used() and (moved := relinked(patch)):
            self._follow_hierarchy(moved, store)
        unfinished = self._position.with_suffix(".new")
        unfinished.write_text(f"{VERSION} {number}")
        unfinished.replace(self._position)
        self._number = number

    def snapshot(self, directory: Path) -> None:
        """Link the index's files, which never change, into a snapshot's directory."""
        link_files(self._path, directory / self.name, self._position)

    def close(self) -> None:
        """Release the index's files."""
        self.__dict__.pop("_index", None)

    def _read_position(self) -> int:
        version, number = self._position.read_text().split()
        if version != VERSION:
            raise ValueError(version)
        return int(number)

    def _follow_catalog(self, patch: Patch, number: int, store: Store) -> None:
        """Index what a change of a catalog touched.

        The store may hold later changes already: an import brings its tags as one. What was read
        from it then is not read again for those.
        """
        if is_source(patch.graph):
            touched = subjects_of(patch)
            datasets = self._datasets_of(touched, patch.graph, store)
        else:
            datasets = tagged_in(patch)
        known, written = self._written
        if number <= known:
            datasets = datasets - written
        if datasets:
            self._rewrite(patch.graph, datasets, store)
            now = reached(store)
            self._written = now, (datasets | written if now == known else datasets)

    def _datasets_of(self, touched: set[str], graph: URIRef, store: Store) -> set[str]:
        """The touched resources and the datasets that they belong to; of many, a whole catalog's.

        What is no dataset, or none any more, is among them and costs a look-up.
        """
        searcher = self._index.searcher()
        if len(touched) <= FEW:
            parts = field_terms("part", touched)
            return touched | {str(iri) for iri in _datasets(searcher, parts)}
        there = {str(row["dataset"]) for row in store.select(bind(_DATASETS, graph=graph))}
        return there | {str(iri) for iri in _datasets(searcher, field_term("catalog", graph))}

    def _rewrite(self, graph: URIRef, datasets: Collection[str], store: Store) -> None:
        base = graph.partition(f"/{CATALOGS}")[0]
        writer = writer_of(self._index, SMALL_MEMORY if len(datasets) <= FEW else MEMORY)
        writer.garbage_collect_files()  # of a process that died: their names are in the way
        used: set[URIRef] = set()
        words = self._keywords_of(datasets) if is_source(graph) else None
        for iri in datasets:
            writer.delete_documents_by_term("key", key_of(DATASET, iri))
        for some in _batches(sorted(datasets)):
            found = list(read_datasets(store, some))
            tags = _tags(store, found)
            for dataset in found:
                used.update(tags[dataset.iri])
                writer.add_document(dataset_document(base, dataset, tags[dataset.iri]))
                if words is not None:
                    words |= _by_form(dataset.keywords)
        self._write_used(writer, self._unknown(used), store)
        if words:
            self._write_keywords(words)

    def _keywords_of(self, datasets: Collection[str]) -> dict[str, Label]:
        """The free keywords that some datasets have in the index, by form."""
        keys = field_terms("key", [key_of(DATASET, iri) for iri in datasets])
        found: dict[str, Label] = {}
        for card in _cards(self._index.searcher(), keys):
            found |= _by_form(card.keywords)
        return found

    def _write_keywords(self, words: Mapping[str, Label]) -> None:
        """Count anew how many datasets have each of the keywords."""
        self._index.reload()
        searcher, writer = self._index.searcher(), writer_of(self._index, SMALL_MEMORY)
        is_dataset = field_term("kind", DATASET)
        for form, written in sorted(words.items()):
            writer.delete_documents_by_term("key", key_of(KEYWORD, form))
            if there := count(searcher, all_of(is_dataset, field_term("keyword", form))):
                writer.add_document(keyword_document(form, written, there))
        writer.commit()
        writer.wait_merging_threads()

    def _unknown(self, concepts: set[URIRef]) -> set[URIRef]:
        """Those of the concepts that were not in use before."""
        searcher = self._index.searcher()
        return {iri for iri in concepts if not searcher.doc_freq("key", key_of(USED, iri))}

    def _is_used(self) -> bool:
        """Whether any dataset has any concept: most vocabularies come before their datasets."""
        return self._index.searcher().doc_freq("kind", USED) > 0

    def _follow_hierarchy(self, moved: set[str], store: Store) -> None:
        """Work out anew what counts the concepts in use that stand in or under what moved."""
        searcher = self._index.searcher()
        is_used = field_term("kind", USED)
        touched = all_of(is_used, field_terms("under", moved)) if len(moved) <= FEW else is_used
        concepts = {URIRef(iri) for iri in concepts_found(searcher, touched)}
        if concepts:
            writer = writer_of(self._index, SMALL_MEMORY)
            writer.garbage_collect_files()
            self._write_used(writer, concepts, store)

    def _write_used(self, writer: tantivy.IndexWriter, concepts: set[URIRef], store: Store) -> None:
        depths = depths_of(store, concepts)
        for concept, reach in sorted(reach_of(store, concepts).items()):
            writer.delete_documents_by_term("key", key_of(USED, concept))
            writer.add_document(used_document(concept, sorted(reach), depths[concept]))
        writer.commit()
        writer.wait_merging_threads()


def concepts_found(searcher: tantivy.Searcher, query: tantivy.Query) -> list[str]:
    """The different concepts of the documents that a query finds, the most frequent first."""
    asked = {"concepts": {"terms": {"field": "concept", "size": MANY}}}
    found = searcher.aggregate(query, asked)
    return [bucket["key"] for bucket in found["concepts"]["buckets"]]


def _by_form(words: Iterable[Label]) -> dict[str, Label]:
    found = {keyword_form(word.text): word for word in words}
    return {form: word for form, word in found.items() if form}


def _datasets(searcher: tantivy.Searcher, query: tantivy.Query) -> Iterator[URIRef]:
    yield from (card.iri for card in _cards(searcher, query))


def _cards(searcher: tantivy.Searcher, query: tantivy.Query) -> Iterator[DatasetCard]:
    asked = all_of(field_term("kind", DATASET), query)
    for _, address in searcher.search(asked, limit=max(1, searcher.num_docs), count=False).hits:
        yield read_card(bytes(searcher.doc(address).get_first("card") or b"{}"))


def subjects_of(patch: Patch) -> set[str]:
    """What a change says something of, or says no more."""
    return _subjects(patch, _SUBJECT)


def tagged_in(patch: Patch) -> set[str]:
    """The datasets that a change tags, or untags."""
    return _subjects(patch, _TAGGED)


def _subjects(patch: Patch, pattern: re.Pattern[bytes]) -> set[str]:
    return {
        match.decode()
        for blocks in (patch.added_blocks(), patch.removed_blocks())
        for block in blocks
        for match in pattern.findall(block)
    }


def _batches(iris: Sequence[str]) -> Iterator[list[URIRef]]:
    for start in range(0, len(iris), BATCH):
        yield [URIRef(iri) for iri in iris[start : start + BATCH]]


def _tags(store: Store, datasets: Sequence[Dataset]) -> dict[URIRef, set[URIRef]]:
    """The concepts that each dataset is tagged with, in any catalog."""
    found: dict[URIRef, set[URIRef]] = defaultdict(set)
    named = [dataset.iri for dataset in datasets]
    for tags in sorted({tags_graph(graph) for dataset in datasets for graph in dataset.graphs}):
        for row in store.select(bind(_TAGS, graph=tags, datasets=named)):
            found[URIRef(row["dataset"])].add(URIRef(row["concept"]))
    return found
