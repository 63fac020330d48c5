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

from vocab_server.rdf.change import Patch, blocks
from vocab_server.rdf.languages import Label, initial, order, resolve
from vocab_server.rdf.query import bind
from vocab_server.search.entries import NOTATION, PREFERRED, Entry, Name, read_entries
from vocab_server.search.text import consonants, folded, plain, starts, stems
from vocab_server.store.base import Store

MEMORY = 100_000_000  # bytes that the writer gathers before it writes a segment
SMALL_MEMORY = 15_000_000  # the least that tantivy takes
FEW = 2_000  # concepts that are looked up one by one; more make the whole graph be indexed anew
FOLDED = "folded_"  # begins the names of the fields that hold texts without marks
BEGINNINGS, GRAMS = "beginnings", "grams"  # how texts are cut
LONGEST_START = 16  # characters of a beginning that are looked up; what is longer is compared
GRAM = 3  # characters of a piece from the inside of a text
LONGEST = 400  # characters of a text that are searched
RANKS = {"prefLabel": 0, "notation": 1, "altLabel": 2, "hiddenLabel": 3}
VERSION = "4"  # of the fields and what is in them; another one makes the index be built anew
ENTRY, TOP, CURRENT, DEPRECATED = "entry", "top", "current", "deprecated"  # flags

ENTRY_LANGUAGES = ("en", "")  # what a concept without a name in the wanted language is sorted by

_Fields = dict[str, Iterable[str]]
_LOCKS = {".tantivy-writer.lock", ".tantivy-meta.lock"}

# rdfs:seeAlso only says that the parent is described: it makes nothing a concept.
_AROUND = """CONSTRUCT { ?s ?p ?o . ?form skosxl:literalForm ?text . ?parent rdfs:seeAlso ?parent }
    WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    { ?concept ?p ?o BIND (?concept AS ?s)
      OPTIONAL { ?o skosxl:literalForm ?text BIND (?o AS ?form) } }
    UNION
    { ?concept skos:broader ?parent FILTER EXISTS { ?parent ?any ?thing } }
    UNION
    { VALUES ?p { skos:narrower skos:hasTopConcept } ?s ?p ?concept BIND (?concept AS ?o) } } }"""
_NAMED_BY = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { VALUES ?form { $forms }
    ?concept skosxl:prefLabel|skosxl:altLabel|skosxl:hiddenLabel ?form } }"""
_COUNTS = """SELECT ?parent (COUNT(DISTINCT ?child) AS ?children) WHERE { GRAPH $graph {
    { VALUES ?parent { $parents } ?child skos:broader ?parent
      FILTER EXISTS { ?parent ?any ?thing } }
    UNION
    { VALUES ?parent { $parents } ?parent skos:narrower ?child FILTER (isIRI(?child)) } } }
    GROUP BY ?parent"""
_UNDER = """SELECT DISTINCT ?child WHERE { GRAPH $graph { VALUES ?parent { $parents }
    ?child skos:broader ?parent } }"""
_SIZE = "SELECT (COUNT(*) AS ?size) WHERE { GRAPH $graph { ?s ?p ?o } }"


def schema() -> tantivy.Schema:
    """The fields of a document: one name of one concept.

    ``whole``, ``begins``, ``starts`` and ``grams`` hold the plain text for matches of each kind,
    their ``folded_`` twins the text without marks where that differs (see ``search.text``).
    ``weight`` puts preferred before alternative before hidden names, then short before long.
    """
    builder = tantivy.SchemaBuilder()
    for name in ("key", "shelf", "flag", "parent", "speaks", "state", "words", "stems"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("graph", "concept", "property", "language", "text"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", stored=True)
    for prefix in ("", FOLDED):
        builder.add_text_field(f"{prefix}whole", tokenizer_name="raw", index_option="basic")
        for name in ("begins", "starts"):
            builder.add_text_field(
                f"{prefix}{name}", tokenizer_name=BEGINNINGS, index_option="basic"
            )
        builder.add_text_field(f"{prefix}grams", tokenizer_name=GRAMS, index_option="basic")
    builder.add_text_field("consonants", tokenizer_name=BEGINNINGS, index_option="basic")
    builder.add_text_field("order", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("weight", fast=True)
    return builder.build()


def _with_tokenizers(index: tantivy.Index) -> tantivy.Index:
    """The index, able to cut texts as the fields of its schema say."""
    cuts = {
        BEGINNINGS: tantivy.Tokenizer.ngram(1, LONGEST_START, True),
        GRAMS: tantivy.Tokenizer.ngram(GRAM, GRAM, False),
    }
    for name, cut in cuts.items():
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(cut).build())
    return index


class IndexProjection:
    """The index in ``directory``/index, open for writing."""

    name = "index"

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        self._position = self._path / "position"
        try:
            self._number = self._read_position()
            self._index = _with_tokenizers(tantivy.Index.open(str(self._path)))
        except (OSError, ValueError):  # new, damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._path.mkdir(parents=True)
            self._number = 0
            self._index = _with_tokenizers(tantivy.Index(schema(), path=str(self._path)))

    def position(self) -> int:
        """The number of the last change that the index holds."""
        return self._number

    def _read_position(self) -> int:
        version, number = self._position.read_text().split()
        if version != VERSION:
            raise ValueError(version)
        return int(number)

    def apply(self, patch: Patch, number: int, store: Store) -> None:
        """Index anew the concepts that a change touched, as the store now describes them."""
        touched = self._touched(patch, store)
        entries = _entries(store, patch, touched)
        few = touched is not None
        writer = self._index.writer(SMALL_MEMORY if few else MEMORY, 1 if few else 0)
        writer.garbage_collect_files()  # of a process that died: their names are in the way
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
        unfinished.write_text(f"{VERSION} {number}")
        unfinished.replace(self._position)
        self._number = number

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

    def _touched(self, patch: Patch, store: Store) -> set[str] | None:
        """The concepts whose entry a change may alter; None when there are more than FEW."""
        changed: set[str] = set()
        forms: set[str] = set()
        for found in (patch.added_blocks(), patch.removed_blocks()):
            for block in found:
                _note_touched(block, changed, forms)
                if len(changed) > FEW:
                    return None
        touched = changed | self._misplaced(patch.graph, changed, store)
        if forms:
            asked = bind(_NAMED_BY, graph=patch.graph, forms=_iris(forms))
            touched.update(str(row["concept"]) for row in store.select(asked))
        return touched if len(touched) <= FEW else None

    def _misplaced(self, graph: URIRef, parents: set[str], store: Store) -> set[str]:
        """What the store has under some of the parents and the index has not, or the reverse.

        A parent that comes to be described, or no longer is, alters the entries of all that say
        it is broader, and no line of a change may name them.
        """
        asked = bind(_COUNTS, graph=graph, parents=_iris(parents))
        counts = {str(row["parent"]): int(str(row["children"])) for row in store.select(asked)}
        self._index.reload()
        index = self._index.searcher()
        entries = term("flag", key(graph, ENTRY))
        wrong = {
            parent
            for parent in parents
            if count(index, all_of(entries, term("parent", key(graph, parent))))
            != counts.get(parent, 0)
        }
        if not wrong:
            return set()
        asked = bind(_UNDER, graph=graph, parents=_iris(wrong))
        return {str(row["child"]) for row in store.select(asked)}


SCHEMA = schema()


def term(field: str, value: str) -> tantivy.Query:
    """The documents that have exactly this value in a field."""
    return tantivy.Query.term_query(SCHEMA, field, value, index_option="basic")


def all_of(*queries: tantivy.Query) -> tantivy.Query:
    """The documents that every query finds."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def any_of(*queries: tantivy.Query) -> tantivy.Query:
    """The documents that at least one query finds."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def count(index: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many documents a query finds."""
    return int(index.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]  # not in its stubs


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


def _note_touched(block: bytes, changed: set[str], forms: set[str]) -> None:
    for line in block.splitlines():
        subject, predicate, value = line.decode().split(" ", 2)
        changed.add(subject[1:-1])
        if predicate.endswith("#literalForm>"):
            forms.add(subject[1:-1])
        elif predicate.endswith(("#narrower>", "#hasTopConcept>")) and value.startswith("<"):
            changed.add(value[1:-3])


def _iris(found: set[str]) -> list[URIRef]:
    return [URIRef(iri) for iri in sorted(found)]


def _entries(store: Store, patch: Patch, only: set[str] | None) -> Iterator[tuple[str, Entry]]:
    """The entries of the chosen concepts, or of all in the graph."""
    if only is None:
        return read_entries(_whole(store, patch))
    asked = bind(_AROUND, graph=patch.graph, concepts=_iris(only))
    found = read_entries(store.lines(asked))
    return ((iri, entry) for iri, entry in found if iri in only)


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
            "state": [state],
            "speaks": _with_parents(name.language),
            **_searched(name),
        }
        if not entry.is_deprecated and name.property != NOTATION:
            fields["shelf"] = [shelf(graph, name.language, initial(name.text, name.language))]
        yield _document(fields, _weight(name))


def _searched(name: Name) -> _Fields:
    """A name in all the forms in which it may be asked for."""
    text = plain(name.text[:LONGEST])
    bare = folded(text)
    consonant = consonants(text)
    language = name.language.partition("-")[0]
    return {
        **_cut("", text),
        **(_cut(FOLDED, bare) if bare != text else {}),
        "words": bare.split(),
        "stems": [key(language, stem) for stem in stems(text, language)],
        "consonants": [consonant] if consonant else [],
    }


def _cut(prefix: str, text: str) -> _Fields:
    return {
        f"{prefix}whole": [text],
        f"{prefix}begins": [text],
        f"{prefix}starts": starts(text),
        f"{prefix}grams": [text],
    }


def _weight(name: Name) -> int:
    """Preferred before alternative before hidden, short before long, then alphabetical."""
    rank, length = RANKS.get(name.property, len(RANKS)), min(len(name.text), 255)
    begin = int.from_bytes(order(name.text, name.language)[:6].ljust(6, b"\0"))
    return rank << 56 | length << 48 | begin


def _with_parents(language: str) -> list[str]:
    parts = language.lower().split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _shown_names(entry: Entry) -> dict[str, Name]:
    """The preferred label that is shown in each language: the first, where there are several."""
    preferred = sorted(
        (name for name in entry.names if name.property == PREFERRED),
        key=lambda name: (name.language, name.text),
        reverse=True,
    )
    return {name.language: name for name in preferred}


def _document(fields: _Fields, weight: int = 0) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("weight", weight)
    for name, values in fields.items():
        for value in values:
            document.add_text(name, value)
    return document
