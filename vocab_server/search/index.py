"""The search index as a projection of the change log: names of concepts, in order (tantivy).

One document for every name of every concept, so that lists in alphabetical order and look-ups by
letter cost the same in a vocabulary of any size.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import tantivy
from rdflib import URIRef

from vocab_server.rdf.change import Patch, blocks, to_lines
from vocab_server.rdf.languages import Label, initial, order, resolve
from vocab_server.rdf.query import bind
from vocab_server.search.entries import PREFERRED, Entry, Name, read_entries
from vocab_server.store.base import Store

MEMORY = 100_000_000  # bytes that the writer gathers before it writes a segment
SMALL_MEMORY = 15_000_000  # the least that tantivy takes
FEW = 2_000  # concepts that are looked up one by one; more make the whole graph be indexed anew
VERSION = "1 "  # of the fields and what is in them; another one makes the index be built anew
ENTRY, TOP, CURRENT, DEPRECATED = "entry", "top", "current", "deprecated"  # flags

ENTRY_LANGUAGES = ("en", "")  # what a concept without a name in the wanted language is sorted by

_Fields = dict[str, Iterable[str]]
_LOCKS = {".tantivy-writer.lock", ".tantivy-meta.lock"}

_AROUND = """CONSTRUCT { ?s ?p ?o . ?form skosxl:literalForm ?text . ?parent a ?kind } WHERE {
    GRAPH $graph { VALUES ?concept { $concepts }
    { ?concept ?p ?o BIND (?concept AS ?s)
      OPTIONAL { ?o skosxl:literalForm ?text BIND (?o AS ?form) } }
    UNION
    { ?concept skos:broader ?parent . ?parent ?any ?thing BIND (skos:Concept AS ?kind) }
    UNION
    { VALUES ?p { skos:narrower skos:hasTopConcept } ?s ?p ?concept BIND (?concept AS ?o) } } }"""
_NEIGHBOURS = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { VALUES ?changed { $changed }
    { ?concept skos:broader ?changed } UNION { ?changed skos:narrower ?concept }
    UNION { ?concept ?relation ?changed . ?changed skosxl:literalForm ?form } } }"""


def schema() -> tantivy.Schema:
    """The fields of a document: one name of one concept."""
    builder = tantivy.SchemaBuilder()
    for name in ("graph", "key", "shelf", "flag", "parent"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("concept", "property", "language", "text"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_text_field("order", tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


class IndexProjection:
    """The index in ``directory``/index, open for writing."""

    name = "index"

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        self._position = self._path / "position"
        if not self._position.exists() or not self._position.read_text().startswith(VERSION):
            shutil.rmtree(self._path, ignore_errors=True)  # of another version, or never finished
        self._path.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(schema(), path=str(self._path))

    def position(self) -> int:
        """The number of the last change that the index holds."""
        if not self._position.exists():
            return 0
        return int(self._position.read_text().removeprefix(VERSION))

    def apply(self, patch: Patch, number: int, store: Store) -> None:
        """Index anew the concepts that a change touched, as the store now describes them."""
        touched = _touched(patch, store)
        is_new = not self._index.searcher().doc_freq("graph", str(patch.graph))
        entries = _entries(store, patch, touched, is_new)
        few = touched is not None
        writer = self._index.writer(SMALL_MEMORY if few else MEMORY, 1 if few else 0)
        if touched is None:
            writer.delete_documents_by_term("graph", str(patch.graph))
        for concept in touched or ():
            writer.delete_documents_by_term("key", key(patch.graph, concept))
        for concept, entry in entries:
            for document in _documents(patch.graph, concept, entry):
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        unfinished = self._position.with_suffix(".new")
        unfinished.write_text(f"{VERSION}{number}")
        unfinished.replace(self._position)

    def snapshot(self, directory: Path) -> None:
        """Link the index's files, which never change, into a snapshot's directory."""
        target = directory / self.name
        target.mkdir()
        for file in self._path.iterdir():
            if file.name in _LOCKS:
                continue
            if file.suffix == ".json" or file == self._position:
                shutil.copyfile(file, target / file.name)  # these are rewritten
            else:
                (target / file.name).hardlink_to(file)

    def close(self) -> None:
        """Release the index's files."""
        self.__dict__.pop("_index", None)


def key(graph: str, value: str) -> str:
    """The term that stands for a concept, a flag or a parent in one graph."""
    return f"{graph}\t{value}"


def has(language: str) -> str:
    """The flag of a concept that has a preferred label in a language."""
    return f"has@{language}"


def shown_in(language: str) -> str:
    """The flag of the one name that a concept is listed under in a language."""
    return f"shown@{language}"


def shelf(graph: str, language: str, letter: str) -> str:
    """The term that all names under one letter of one language's index share."""
    return f"{graph}\t{language}\t{letter}"


def _touched(patch: Patch, store: Store) -> set[str] | None:
    """The concepts whose entry a change may alter; None when there are more than FEW."""
    changed: set[str] = set()
    retyped: set[str] = set()
    for found in (patch.added_blocks(), patch.removed_blocks()):
        for block in found:
            _note_touched(block, changed, retyped)
            if len(changed) > FEW:
                return None
    if retyped:
        asked = bind(_NEIGHBOURS, graph=patch.graph, changed=[*map(URIRef, sorted(retyped))])
        changed.update(str(row["concept"]) for row in store.select(asked))
    return changed if len(changed) <= FEW else None


def _note_touched(block: bytes, changed: set[str], retyped: set[str]) -> None:
    for line in block.decode().splitlines():
        subject, predicate, value = line.split(" ", 2)
        changed.add(subject[1:-1])
        if predicate.endswith(("#type>", "#literalForm>")):
            retyped.add(subject[1:-1])
        elif predicate.endswith(("#broader>", "#narrower>", "#hasTopConcept>")):
            changed.add(value[1:-3])


def _entries(
    store: Store, patch: Patch, only: set[str] | None, is_new: bool
) -> Iterator[tuple[str, Entry]]:
    """The entries of the chosen concepts, or of all in the graph."""
    if only is None:
        return read_entries(_whole(store, patch, is_new))
    asked = bind(_AROUND, graph=patch.graph, concepts=[URIRef(iri) for iri in sorted(only)])
    lines = (line.encode() for line in to_lines(store.construct(asked)))
    return ((iri, entry) for iri, entry in read_entries(lines) if iri in only)


def _whole(store: Store, patch: Patch, is_new: bool) -> Iterator[bytes]:
    """All lines of a graph: the change's own when it is the first, else the store's."""
    if is_new:
        for block in patch.added_blocks():
            yield from block.splitlines()
        return
    with tempfile.NamedTemporaryFile(suffix=".nt") as file:
        store.dump(patch.graph, Path(file.name))
        for block in blocks(Path(file.name)):
            yield from block.splitlines()


def _documents(graph: URIRef, concept: str, entry: Entry) -> Iterator[tantivy.Document]:
    """One document for the concept itself, in every list whatever its names, and one a name."""
    state = DEPRECATED if entry.is_deprecated else CURRENT
    flags = [key(graph, state)]
    if not entry.parents and not entry.is_deprecated:
        flags.append(key(graph, TOP))
    base: _Fields = {"graph": [graph], "key": [key(graph, concept)], "concept": [concept]}
    shown = _shown_names(entry)
    parents = [key(graph, parent) for parent in entry.parents]
    first = resolve([Label(n.text, n.language) for n in shown.values()], ENTRY_LANGUAGES)
    yield _document(
        base
        | {
            "flag": [*flags, key(graph, ENTRY), *(key(graph, has(tag)) for tag in shown)],
            "parent": parents,
            "order": [order(first.text, first.language).hex() if first else ""],
        }
    )
    for name in entry.names:
        is_shown = shown.get(name.language) == name
        fields: _Fields = base | {
            "property": [name.property],
            "language": [name.language],
            "text": [name.text],
            "order": [order(name.text, name.language).hex()],
            "flag": [*flags, key(graph, shown_in(name.language))] if is_shown else flags,
            "parent": parents if is_shown else [],
        }
        if not entry.is_deprecated:
            fields["shelf"] = [shelf(graph, name.language, initial(name.text, name.language))]
        yield _document(fields)


def _shown_names(entry: Entry) -> dict[str, Name]:
    """The preferred label that is shown in each language: the first, where there are several."""
    preferred = sorted(
        (name for name in entry.names if name.property == PREFERRED),
        key=lambda name: (name.language, name.text),
        reverse=True,
    )
    return {name.language: name for name in preferred}


def _document(fields: _Fields) -> tantivy.Document:
    document = tantivy.Document()
    for name, values in fields.items():
        for value in values:
            document.add_text(name, value)
    return document
