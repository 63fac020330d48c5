"""The documents of the search index: their fields, what is in them, and the terms that find them.

One document for every concept, and one for every name that it has.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import lru_cache
from struct import Struct

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import Label, initial, order, resolve
from vocab_server.search.entries import NOTATION, PREFERRED, Entry, Name, card
from vocab_server.search.notes import note_words
from vocab_server.search.places import by_notation, places
from vocab_server.search.text import (
    REMEMBERED,
    STEMMERS,
    consonants,
    folded,
    plain,
    starts,
    stem_in,
    stems,
)

FOLDED = "folded_"  # begins the names of the fields that hold texts without marks
BEGINNINGS, GRAMS = "beginnings", "grams"  # how texts are cut
WORDS, KEPT = "words", "kept"  # each word is a term; nothing is one, only the column is kept
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
    alternative before hidden names, then short before long. ``preferred`` is the concept of a
    preferred label. Stored are ``key`` (see ``place_of``), ``name`` (see ``name_of``), ``card``.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic", stored=True)
    for name in ("flag", "graph", "parent", "preferred", "shelf", "speaks", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("words", "stems", "notes"):
        builder.add_text_field(name, tokenizer_name=WORDS, index_option="basic")
    for prefix in ("", FOLDED):
        builder.add_text_field(f"{prefix}whole", tokenizer_name="raw", index_option="basic")
        for name in ("begins", "starts"):
            builder.add_text_field(
                f"{prefix}{name}", tokenizer_name=BEGINNINGS, index_option="basic"
            )
        builder.add_text_field(f"{prefix}grams", tokenizer_name=GRAMS, index_option="basic")
    builder.add_text_field("consonants", tokenizer_name=BEGINNINGS, index_option="basic")
    for name in ("order", "notation_order"):
        builder.add_text_field(name, tokenizer_name=KEPT, index_option="basic", fast=True)
    for name in (*BEGINS["order"], *BEGINS["notation_order"]):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("weight", fast=True)
    for name in ("name", "card"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def with_tokenizers(index: tantivy.Index) -> tantivy.Index:
    """The index, able to cut texts as the fields of its schema say."""
    cut = tantivy.Tokenizer
    cuts = {
        BEGINNINGS: cut.ngram(1, LONGEST_START, True),
        GRAMS: cut.ngram(GRAM, GRAM, False),
        WORDS: cut.whitespace(),
    }
    for name, made in cuts.items():
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(made).build())
    none = tantivy.TextAnalyzerBuilder(cut.raw()).filter(tantivy.Filter.remove_long(0))
    index.register_tokenizer(KEPT, none.build())
    index.register_fast_field_tokenizer(KEPT, tantivy.TextAnalyzerBuilder(cut.raw()).build())
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


def place_of(document: tantivy.Document) -> tuple[URIRef, URIRef]:
    """The graph and the concept that a document is of."""
    graph, _, concept = str(document.get_first("key")).partition("\t")
    return _graph_named(graph), URIRef(concept)


@lru_cache(maxsize=1_000)
def _graph_named(text: str) -> URIRef:
    """The same object each time: whether two equal ones are is asked with every look-up."""
    return URIRef(text)


def name_of(document: tantivy.Document) -> Name | None:
    """The name that a document is of, None for one of a concept itself or of its notes."""
    held = document.get_first("name")
    return None if held is None else Name(*bytes(held).decode().split("\t", 2))


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
    described = _Described(str(graph), concept, entry)  # a plain text is quicker in each term
    first = resolve([Label(n.text, n.language) for n in shown.values()], ENTRY_LANGUAGES)
    yield described.entry(entry, shown, first)
    for name in entry.names:
        yield described.name(name, is_shown=shown.get(name.language) == name)
    if entry.notes:
        yield described.noted(entry, first)


class _Described:
    """The documents of one concept; each begins as a copy of what they share, for speed."""

    def __init__(self, graph: str, concept: str, entry: Entry) -> None:
        self._graph = graph
        self._concept = concept
        self._is_deprecated = entry.is_deprecated
        state = DEPRECATED if entry.is_deprecated else CURRENT
        self._begun = tantivy.Document()
        for field, value in (("graph", graph), ("key", key(graph, concept)), ("state", state)):
            self._begun.add_text(field, value)
        self._listed = copy(self._begun)
        for flag in (state, *places(entry)):
            self._listed.add_text("flag", key(graph, flag))
        for parent in entry.parents:
            self._listed.add_text("parent", key(graph, parent))

    def entry(
        self, entry: Entry, shown: Mapping[str, Name], first: Label | None
    ) -> tantivy.Document:
        """The document of the concept itself, which holds its card."""
        document = copy(self._listed)
        add = document.add_text
        add("key", card_key(self._graph, self._concept))
        sorted_by = order(first.text, first.language) if first else b""
        _add_order(document, "order", sorted_by, self._concept)
        by_number = by_notation(entry, sorted_by)
        _add_order(document, "notation_order", by_number, self._concept)
        for flag in (ENTRY, *map(has, shown)):
            add("flag", key(self._graph, flag))
        document.add_bytes("card", card(entry, shown.values()))
        document.add_unsigned("weight", 0)
        return document

    def name(self, name: Name, *, is_shown: bool) -> tantivy.Document:
        """The document of a name; lists have it where it is the one shown in its language."""
        document = copy(self._listed if is_shown else self._begun)
        add = document.add_text
        own, language, text = name
        sorted_by = order(text, language)
        begin = _add_order(document, "order", sorted_by, f"{RANKS[own]}{self._concept}")
        document.add_unsigned("weight", _weight(own, text, begin))
        document.add_bytes("name", f"{own}\t{language}\t{text}".encode())
        if is_shown:
            add("flag", _shown_flag(self._graph, language))
        if own == PREFERRED:
            add("preferred", self._concept)
        for tag in _with_parents(language):
            add("speaks", tag)
        _add_searched(add, text, language)
        if not self._is_deprecated and own != NOTATION:
            add("shelf", shelf(self._graph, language, initial(text, language)))
        return document

    def noted(self, entry: Entry, first: Label | None) -> tantivy.Document:
        """The document of what the concept's notes say."""
        document = copy(self._begun)
        add = document.add_text
        text, language = (first.text, first.language) if first else ("", "")
        add("notes", " ".join(note_words(entry.notes)))
        for tag in sorted({tag for language, _ in entry.notes for tag in _with_parents(language)}):
            add("speaks", tag)
        begin, _, _ = _numbers(order(text, language))
        document.add_unsigned("weight", _weight(PREFERRED, text, begin))
        return document


def _add_order(document: tantivy.Document, name: str, sorted_by: bytes, then: str) -> int:
    """Add a key to sort by, its bytes as letters, which sort like them; gives its beginning.

    ``then`` puts equals in order: where documents are differs from one index to the next.
    """
    document.add_text(name, f"{sorted_by.decode('latin-1')}\0{then}")
    add, (first, second, third) = document.add_unsigned, BEGINS[name]
    begin, middle, end = _numbers(sorted_by)
    add(first, begin)
    add(second, middle)
    add(third, end)
    return begin


def _numbers(sorted_by: bytes) -> tuple[int, int, int]:
    """The beginning of a key to sort by, as the numbers of BEGINS."""
    return _NUMBERS.unpack(sorted_by[: _NUMBERS.size].ljust(_NUMBERS.size, b"\0"))


def _add_searched(add: _Add, name: str, language: str) -> None:
    """A name in all the forms in which it may be asked for."""
    text = plain(name[:LONGEST])
    bare = folded(text)
    _add_cut(add, _CUTS, text)
    if bare != text:
        _add_cut(add, _FOLDED_CUTS, bare)
    add("words", bare)
    main = language.partition("-")[0]
    if main in STEMMERS:
        add("stems", " ".join([_spoken(word, main) for word in text.split(" ")]))
    if not bare.isascii() and (consonant := consonants(text)):
        add("consonants", consonant)


def _add_cut(add: _Add, fields: tuple[str, str, str, str], text: str) -> None:
    whole, begins, grams, inside = fields
    add(whole, text)
    add(begins, text)
    add(grams, text)
    add(inside, text)
    for part in starts(text)[1:]:
        add(inside, part)


@lru_cache(maxsize=REMEMBERED)
def _spoken(word: str, language: str) -> str:
    return " ".join([stem_in(language, stem) for stem in stems(word, language)])


@lru_cache(maxsize=10_000)
def _shown_flag(graph: str, language: str) -> str:
    return key(graph, shown_in(language))


def _weight(label_property: str, text: str, begin: int) -> int:
    """Preferred before alternative before hidden, short before long, then alphabetical.

    ``begin`` is the first eight bytes of the key to sort by.
    """
    return RANKS[label_property] << 56 | min(len(text), 255) << 48 | begin >> 16


@lru_cache(maxsize=10_000)
def _with_parents(language: str) -> list[str]:
    parts = language.lower().split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _shown_names(entry: Entry) -> dict[str, Name]:
    """The preferred label that is shown in each language: the first, where there are several."""
    # Names sort by property, language and text: of one property as the last two do.
    preferred = sorted([name for name in entry.names if name[0] == PREFERRED], reverse=True)
    return {name[1]: name for name in preferred}
