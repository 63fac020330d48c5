"""The documents of the search index: their fields, what is in them, and the terms that find them.

One document for every concept, and one for every name that it has.
"""

from collections.abc import Iterator
from functools import lru_cache

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
LONGEST = 400  # characters of a text that are searched
RANKS = {"prefLabel": 0, "notation": 1, "altLabel": 2, "hiddenLabel": 3}
ENTRY, CURRENT, DEPRECATED = "entry", "current", "deprecated"  # flags; others in places
ENTRY_LANGUAGES = ("en", "")  # what a concept without a name in the wanted language is sorted by
_Fields = dict[str, list[str]]


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
    for name in ("order", "notation_order"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
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
    state = DEPRECATED if entry.is_deprecated else CURRENT
    flags = [key(graph, flag) for flag in (state, *places(entry))]
    base: _Fields = {"graph": [graph], "key": [key(graph, concept)], "concept": [concept]}
    shown = _shown_names(entry)
    parents = [key(graph, parent) for parent in entry.parents]
    first = resolve([Label(n.text, n.language) for n in shown.values()], ENTRY_LANGUAGES)
    described = _document(
        base
        | {
            "key": [key(graph, concept), card_key(graph, concept)],
            "flag": [*flags, key(graph, ENTRY), *(key(graph, has(tag)) for tag in shown)],
            "parent": parents,
            "order": [order(first.text, first.language).hex() if first else ""],
            "notation_order": [by_notation(entry, first)],
        }
    )
    described.add_bytes("card", card(entry, shown.values()))
    yield described
    for name in entry.names:
        is_shown = shown.get(name.language) == name
        sorted_by = order(name.text, name.language)
        fields: _Fields = base | {
            "property": [name.property],
            "language": [name.language],
            "text": [name.text],
            "order": [sorted_by.hex()],
            "flag": [*flags, key(graph, shown_in(name.language))] if is_shown else flags,
            "parent": parents if is_shown else [],
            "state": [state],
            "speaks": _with_parents(name.language),
            **_searched(name),
        }
        if not entry.is_deprecated and name.property != NOTATION:
            fields["shelf"] = [shelf(graph, name.language, initial(name.text, name.language))]
        yield _document(fields, _weight(name, sorted_by))
    if entry.notes:
        yield _noted(base, entry, first)


def _noted(base: _Fields, entry: Entry, first: Label | None) -> tantivy.Document:
    """The document of what a concept's notes say."""
    named = Name(PREFERRED, first.language, first.text) if first else Name(PREFERRED, "", "")
    speaks = {tag for language, _ in entry.notes for tag in _with_parents(language)}
    about: _Fields = {
        "notes": note_words(entry.notes),
        "speaks": sorted(speaks),
        "state": [DEPRECATED if entry.is_deprecated else CURRENT],
    }
    return _document(base | about, _weight(named, order(named.text, named.language)))


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


def _document(fields: _Fields, weight: int = 0) -> tantivy.Document:
    document = tantivy.Document(**fields)
    document.add_unsigned("weight", weight)  # its own type: the line above makes numbers signed
    return document
