"""The documents of the search index: their fields, what is in them, and the terms that find them.

One document for every concept, and one for every name that it has.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from struct import Struct

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import Label, initial, order, resolve
from vocab_server.search.entries import NOTATION, PREFERRED, Entry, Name, card
from vocab_server.search.notes import note_words
from vocab_server.search.places import by_notation, places
from vocab_server.search.text import consonants, folded, plain, starts, stems

FOLDED = "folded_"  # begins the names of the fields that hold texts without marks
BEGINNINGS, GRAMS = "beginnings", "grams"  # how texts are cut
LONGEST_START = 6  # characters of a beginning that are looked up; what is longer is compared
GRAM = 3  # characters of a piece from the inside of a text
BEGINS = {name: tuple(f"{name}_{n}" for n in (1, 2, 3)) for name in ("order", "notation_order")}
_NUMBERS = Struct(">3Q")  # the beginning of a key, in the numbers of BEGINS
LONGEST = 400  # characters of a text that are searched
RANKS = {"prefLabel": 0, "notation": 1, "altLabel": 2, "hiddenLabel": 3}
ENTRY, CURRENT, DEPRECATED = "entry", "current", "deprecated"  # flags; others in places
ENTRY_LANGUAGES = ("en", "")  # what a concept without a name in the wanted language is sorted by
_CUTS = ("whole", "begins", "grams", "starts")
_FOLDED_CUTS = ("folded_whole", "folded_begins", "folded_grams", "folded_starts")
_Add = Callable[[str, str], None]


def schema() -> tantivy.Schema:
    """The fields of a document: one name of one concept.

    ``whole``, ``begins``, ``starts`` and ``grams`` hold the plain text for matches of each kind,
    their ``folded_`` twins the text without marks where that differs (see ``search.text``).
    ``order`` and ``notation_order`` are keys to sort by; BEGINS are their first bytes as numbers,
    which are sorted and counted without reading any key. ``weight`` puts preferred before
    alternative before hidden names, then short before long.
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
    for name in ("order", "notation_order"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*BEGINS["order"], *BEGINS["notation_order"]):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("weight", fast=True)
    builder.add_text_field("notes", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("card", stored=True)
    return builder.build()


def with_tokenizers(index: tantivy.Index) -> tantivy.Index:
    """The index, able to cut texts as the fields of its schema say."""
    cuts = {
        BEGINNINGS: tantivy.Tokenizer.ngram(1, LONGEST_START, True),
        GRAMS: tantivy.Tokenizer.ngram(GRAM, GRAM, False),
    }
    for name, cut in cuts.items():
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(cut).build())
    return index


SCHEMA = schema()


def term(field: str, value: str) -> tantivy.Query:
    """The documents that have exactly this value in a field."""
    return tantivy.Query.term_query(SCHEMA, field, value, index_option="basic")


def all_of(*queries: tantivy.Query) -> tantivy.Query:
    """The documents that every query finds."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def none_of(query: tantivy.Query, other: tantivy.Query) -> tantivy.Query:
    """The documents that one query finds and the other does not."""
    parts = [(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, other)]
    return tantivy.Query.boolean_query(parts)


def any_of(*queries: tantivy.Query) -> tantivy.Query:
    """The documents that at least one query finds."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def count(index: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many documents a query finds."""
    return int(index.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]  # not in its stubs


def key(graph: str, value: str) -> str:
    """The term that stands for a concept, a flag or a parent in one graph."""
    return f"{graph}\t{value}"


def card_key(graph: str, concept: str) -> str:
    """The term that stands for the one document of a concept that holds its card."""
    return f"{graph}\tcard\t{concept}"


def has(language: str) -> str:
    """The flag of a concept that has a preferred label in a language."""
    return f"has@{language}"


def shown_in(language: str) -> str:
    """The flag of the one name that a concept is listed under in a language."""
    return f"shown@{language}"


def shelf(graph: str, language: str, letter: str) -> str:
    """The term that all names under one letter of one language's index share."""
    return f"{graph}\t{language}\t{letter}"


def documents_of(graph: URIRef, concept: str, entry: Entry) -> Iterator[tantivy.Document]:
    """One document for the concept itself, in every list whatever its names, and one a name."""
    shown = _shown_names(entry)
    described = _Described(graph, concept, entry)
    first = resolve([Label(n.text, n.language) for n in shown.values()], ENTRY_LANGUAGES)
    yield described.entry(entry, shown, first)
    for name in entry.names:
        yield described.name(name, is_shown=shown.get(name.language) == name)
    if entry.notes:
        yield described.noted(entry, first)


class _Described:
    """The documents of one concept, with what they share; texts are added one by one for speed."""

    def __init__(self, graph: URIRef, concept: str, entry: Entry) -> None:
        self._graph = graph
        self._concept = concept
        self._key = key(graph, concept)
        self._is_deprecated = entry.is_deprecated
        self._state = DEPRECATED if entry.is_deprecated else CURRENT
        self._flags = [key(graph, flag) for flag in (self._state, *places(entry))]
        self._parents = [key(graph, parent) for parent in entry.parents]

    def entry(
        self, entry: Entry, shown: Mapping[str, Name], first: Label | None
    ) -> tantivy.Document:
        """The document of the concept itself, which holds its card."""
        document, add = self._begun()
        add("key", card_key(self._graph, self._concept))
        sorted_by = order(first.text, first.language) if first else b""
        add("order", sorted_by.hex())
        _add_begins(document, "order", sorted_by)
        by_number = by_notation(entry, first)
        add("notation_order", by_number)
        _add_begins(document, "notation_order", by_number.encode())
        for flag in (ENTRY, *(has(tag) for tag in shown)):
            add("flag", key(self._graph, flag))
        self._place(add)
        document.add_bytes("card", card(entry, shown.values()))
        document.add_unsigned("weight", 0)
        return document

    def name(self, name: Name, *, is_shown: bool) -> tantivy.Document:
        """The document of a name; lists have it where it is the one shown in its language."""
        document, add = self._begun()
        own, language, text = name
        sorted_by = order(text, language)
        add("property", own)
        add("language", language)
        add("text", text)
        add("order", sorted_by.hex())
        _add_begins(document, "order", sorted_by)
        if is_shown:
            add("flag", _shown_flag(self._graph, language))
        self._place(add, has_parents=is_shown)
        add("state", self._state)
        for tag in _with_parents(language):
            add("speaks", tag)
        _add_searched(add, text, language)
        if not self._is_deprecated and own != NOTATION:
            add("shelf", shelf(self._graph, language, initial(text, language)))
        document.add_unsigned("weight", _weight(name, sorted_by))
        return document

    def noted(self, entry: Entry, first: Label | None) -> tantivy.Document:
        """The document of what the concept's notes say."""
        document, add = self._begun()
        named = Name(PREFERRED, first.language, first.text) if first else Name(PREFERRED, "", "")
        for word in note_words(entry.notes):
            add("notes", word)
        for tag in sorted({tag for language, _ in entry.notes for tag in _with_parents(language)}):
            add("speaks", tag)
        add("state", self._state)
        weight = _weight(named, order(named.text, named.language))
        document.add_unsigned("weight", weight)
        return document

    def _begun(self) -> tuple[tantivy.Document, _Add]:
        document = tantivy.Document()
        add = document.add_text
        add("graph", self._graph)
        add("key", self._key)
        add("concept", self._concept)
        return document, add

    def _place(self, add: _Add, *, has_parents: bool = True) -> None:
        for flag in self._flags:
            add("flag", flag)
        for parent in self._parents if has_parents else ():
            add("parent", parent)


def _add_begins(document: tantivy.Document, name: str, sorted_by: bytes) -> None:
    begin = sorted_by[: _NUMBERS.size].ljust(_NUMBERS.size, b"\0")
    for field, number in zip(BEGINS[name], _NUMBERS.unpack(begin), strict=True):
        document.add_unsigned(field, number)


def _add_searched(add: _Add, name: str, language: str) -> None:
    """A name in all the forms in which it may be asked for."""
    text = plain(name[:LONGEST])
    bare = folded(text)
    _add_cut(add, _CUTS, text)
    if bare != text:
        _add_cut(add, _FOLDED_CUTS, bare)
    for word in bare.split():
        add("words", word)
    main = language.partition("-")[0]
    for stem in stems(text, main):
        add("stems", key(main, stem))
    if consonant := consonants(text):
        add("consonants", consonant)


def _add_cut(add: _Add, fields: tuple[str, str, str, str], text: str) -> None:
    whole, begins, grams, start = fields
    add(whole, text)
    add(begins, text)
    add(grams, text)
    for part in starts(text):
        add(start, part)


@lru_cache(maxsize=10_000)
def _shown_flag(graph: str, language: str) -> str:
    return key(graph, shown_in(language))


def _weight(name: Name, sorted_by: bytes) -> int:
    """Preferred before alternative before hidden, short before long, then alphabetical."""
    rank, length = RANKS.get(name.property, len(RANKS)), min(len(name.text), 255)
    begin = int.from_bytes(sorted_by[:6].ljust(6, b"\0"))
    return rank << 56 | length << 48 | begin


@lru_cache(maxsize=10_000)
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
