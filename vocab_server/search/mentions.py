"""Mentions: names of concepts that stand in a text, as they are written or nearly so.

Without their endings, as parts of compounds, and as one word of what stands as two.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from rdflib import URIRef

from vocab_server.database.suggestion_answers import Answers
from vocab_server.rdf.languages import Label, is_same_language
from vocab_server.search.cards import Cards
from vocab_server.search.dataset_find import DatasetIndex
from vocab_server.search.described import Described, Match, Part
from vocab_server.search.documents import (
    DEPRECATED,
    FOLDED,
    all_of,
    any_of,
    name_of,
    place_of,
    term,
)
from vocab_server.search.entries import NOTATION
from vocab_server.search.text import folded, plain, stem_in, stems, without_spaces

WORDS = 1_000  # words of a description that are looked at
WINDOW = 5  # words of a name that is looked for
STEMMED = 3  # words of a name that is looked for without endings
SIGNS = 8  # signs of a name that is looked for in a script without spaces
PIECE = 4  # letters of the shortest part of a compound
APART = 3  # how far from each other two words stand that a name has as one
LINKS = ("", "s")  # between the parts of a compound
FOUND = 500  # names that one look-up gives
ALIKE = 20  # names with the same words but for their endings that are looked at
OTHER_LANGUAGE = 0.4  # of a name's strength is left where the text is in another language

_SHORT = {Part.TITLE, Part.KEYWORDS}  # where each word counts
_MATCHED = {Match.NAME: 1.0, Match.INFLECTED: 0.8, Match.JOINED: 0.7, Match.COMPOUND: 0.4}
_PROPERTIES = {"prefLabel": 1.0, "altLabel": 0.9, "hiddenLabel": 0.8}


Answered = Callable[[Collection[tuple[str, str]]], Mapping[tuple[str, str], Answers]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where suggestions come from: the index, and the vocabularies to look in, () for all.

    ``languages`` are those whose endings are understood beside the text's own. ``datasets`` is the
    index of tagged datasets to learn from, but for those of ``without_publishers``; ``peers`` are
    the graphs of the catalogs of like organisations. ``answers`` tells what people said to earlier
    suggestions of some concepts, each with the words that had led to it.
    """

    index: tantivy.Searcher
    cards: Cards
    graphs: Sequence[URIRef] = ()
    languages: Sequence[str] = ()
    datasets: DatasetIndex | None = None
    peers: frozenset[URIRef] = frozenset()
    without_publishers: frozenset[str] = frozenset()
    answers: Answered | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a concept that is in the text; ``phrase`` is how it stands there."""

    graph: URIRef
    concept: URIRef
    label: Label
    phrase: str
    weight: float
    match: Match


Said = Mapping[str, Mapping[Part, int]]  # phrases, and how often each stands where


def said_in(described: Described) -> dict[str, dict[Part, int]]:
    """Everything in the texts that may be a name: up to WINDOW words in a row."""
    said: dict[str, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    left = WORDS
    for part, text in described.parts():
        words = [word for word in plain(text).split(" ", left)[:left] if word]
        left -= len(words)
        for phrase in _phrases(words):
            said[phrase][part] += 1
    return said


def _phrases(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words)):
        for length in range(1, min(WINDOW, len(words) - start) + 1):
            yield " ".join(words[start : start + length])
    for word in words:
        if without_spaces(word):
            for start in range(len(word)):
                for end in range(start + 2, min(start + SIGNS, len(word)) + 1):
                    if end - start < len(word):
                        yield word[start:end]


def mentions(source: Source, described: Described, said: Said) -> Iterator[Mention]:
    """The names of concepts that stand in the texts, each way in which one does."""
    written = list(_written(source, said))
    yield from (_weighed(source, described, name, phrase, Match.NAME) for phrase, name in written)
    languages = _languages(source, described)
    inflected = list(_inflected(source, said, languages))
    yield from (
        _weighed(source, described, name, phrase, Match.INFLECTED) for phrase, name in inflected
    )
    for phrase, name in _joined(source, said, languages):
        yield _weighed(source, described, name, phrase, Match.JOINED)
    known = {phrase for phrase, _ in (*written, *inflected)}
    for phrase, name in _compounds(source, said, known):
        yield _weighed(source, described, name, phrase, Match.COMPOUND)


def _languages(source: Source, described: Described) -> list[str]:
    own = [described.language] if described.language else []
    return list(dict.fromkeys(tag.partition("-")[0] for tag in (*own, *source.languages)))


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a concept, as the index holds it."""

    graph: URIRef
    concept: URIRef
    label: Label
    label_property: str


def _written(source: Source, said: Iterable[str]) -> Iterator[tuple[str, Name]]:
    """Names that are in the text letter by letter, or but for marks."""
    for prefix, form in (("", str), (FOLDED, folded)):
        forms: dict[str, str] = {}
        for phrase in said:
            forms.setdefault(form(phrase), phrase)
        field = f"{prefix}whole"
        there = [text for text in forms if source.index.doc_freq(field, text)]
        for name in read_names(source, [term(field, text) for text in there]):
            text = plain(name.label.text)
            yield forms[form(text)], name


def _inflected(
    source: Source, said: Iterable[str], languages: Sequence[str]
) -> Iterator[tuple[str, Name]]:
    """Names that are in the text but for the endings of words."""
    for phrase in said:
        if phrase.count(" ") < STEMMED:
            for language in languages:
                for name in _alike(source, phrase, language):
                    yield phrase, name


def _alike(source: Source, phrase: str, language: str) -> Iterator[Name]:
    wanted = stems(phrase, language)
    terms = [("stems", stem_in(language, stem)) for stem in wanted]
    if not wanted or not all(source.index.doc_freq(*each) for each in terms):
        return
    for name in read_names(source, [all_of(*(term(*each) for each in terms))], ALIKE):
        text = plain(name.label.text)
        if text != phrase and sorted(stems(text, language)) == sorted(wanted):
            yield name


def _joined(source: Source, said: Said, languages: Sequence[str]) -> Iterator[tuple[str, Name]]:
    """Names that have as one word what stands as two in a title or keyword.

    "Måltider i skolan" is "skolmåltider".
    """
    for phrase, parts in said.items():
        if _SHORT.isdisjoint(parts) or not 1 <= phrase.count(" ") <= APART:
            continue
        first, *_, last = phrase.split(" ")
        words = (*_as_one(first, last, languages), *_as_one(last, first, languages))
        for name in read_names(source, list(_names_of(source, words))):
            yield phrase, name
        for word in words:
            for language in languages:
                yield from ((phrase, name) for name in _alike(source, word, language))


def _names_of(source: Source, words: Iterable[str]) -> Iterator[tantivy.Query]:
    return (term("whole", word) for word in words if source.index.doc_freq("whole", word))


def _as_one(head: str, tail: str, languages: Sequence[str]) -> list[str]:
    """What two words may be as one: with the first as it is or without its ending."""
    if min(len(head), len(tail)) < PIECE:
        return []
    heads = [head, *(stem for language in languages for stem in stems(head, language))]
    return list(dict.fromkeys(f"{each}{link}{tail}" for each in heads for link in LINKS))


def _compounds(source: Source, said: Iterable[str], known: set[str]) -> Iterator[tuple[str, Name]]:
    """Names that words of the text begin or end with, where the word itself is none.

    The longest at the end, which says what a compound is, else the longest at the beginning.
    """
    for word in said:
        if " " in word or word in known or len(word) < PIECE + 3 or without_spaces(word):
            continue
        pieces = (*_ends(word), *_begins(word))
        piece = next((piece for piece in pieces if source.index.doc_freq("whole", piece)), None)
        if piece is not None:
            for name in read_names(source, [term("whole", piece)]):
                yield word, name


def _ends(word: str) -> Iterator[str]:
    return (word[place:] for place in range(3, len(word) - PIECE + 1))


def _begins(word: str) -> Iterator[str]:
    return (word[:place].removesuffix("s") for place in range(len(word) - 3, PIECE - 1, -1))


def read_names(
    source: Source, queries: Sequence[tantivy.Query], limit: int = FOUND
) -> Iterator[Name]:
    """The names that any of the queries finds, of concepts that are in use."""
    if not queries:
        return
    conditions = [(tantivy.Occur.Must, any_of(*queries))]
    if source.graphs:
        graphs = any_of(*(term("graph", graph) for graph in source.graphs))
        conditions.append((tantivy.Occur.Must, graphs))
    conditions.append((tantivy.Occur.MustNot, term("state", DEPRECATED)))
    found = source.index.search(
        tantivy.Query.boolean_query(conditions),
        limit=limit,
        count=False,
        order_by_field="weight",
        order=tantivy.Order.Asc,
    )
    for _, address in found.hits:
        document = source.index.doc(address)
        found_name = name_of(document)
        if found_name is not None and found_name.property != NOTATION:
            label = Label(found_name.text, found_name.language)
            yield Name(*place_of(document), label, found_name.property)


def _weighed(
    source: Source, described: Described, name: Name, phrase: str, match: Match
) -> Mention:
    words = phrase.count(" ") + 1
    weight = _MATCHED[match] * _PROPERTIES.get(name.label_property, 0.5) * (1 + 0.35 * (words - 1))
    if not is_same_language(name.label.language, described.language or ""):
        weight *= OTHER_LANGUAGE
    meant = source.index.doc_freq("whole", plain(name.label.text))
    return Mention(
        name.graph, name.concept, name.label, phrase, weight / math.sqrt(max(1, meant)), match
    )
