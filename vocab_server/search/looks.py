"""The look-ups of a search: for each kind of match what is asked of the index, best kind first.

Why terms and not finished queries: the index tells in two microseconds whether a term occurs at
all, and most look-ups have one that does not, so that they need not be made.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import tantivy

from vocab_server.search.documents import (
    FOLDED,
    GRAM,
    LONGEST,
    LONGEST_START,
    SCHEMA,
    all_of,
    any_of,
    term,
)
from vocab_server.search.notes import note_stems
from vocab_server.search.text import consonants, folded, plain, stem_in, stems, typed_consonants

FORGIVEN = 4  # letters from which on one typing error in a word is forgiven


class Kind(StrEnum):
    """How a concept matches, best first."""

    EXACT = "exact"
    PREFIX = "prefix"
    WORD = "word"
    INSIDE = "inside"
    MISSPELT = "misspelt"
    NOTE = "note"  # not a name but what is said about the concept


SCORES = {
    Kind.EXACT: 100,
    Kind.PREFIX: 80,
    Kind.WORD: 60,
    Kind.INSIDE: 40,
    Kind.MISSPELT: 20,
    Kind.NOTE: 10,
}

Terms = tuple[tuple[str, str], ...]  # fields and values that a document has all of


@dataclass(frozen=True, slots=True)
class Look:
    """One look-up: a kind of match, the terms of any one of its ways, what terms cannot tell.

    ``nearly`` are words of which each is somewhere in the name, perhaps misspelt.
    """

    kind: Kind
    ways: tuple[Terms, ...] = ()
    check: Callable[[str], bool] | None = None
    is_folded: bool = False
    nearly: tuple[str, ...] = ()

    def query(self, index: tantivy.Searcher) -> tantivy.Query | None:
        """What to ask; None when it is known that nothing matches."""
        if self.nearly:
            return _just(all_of, [_nearly(word) for word in self.nearly])
        there = [way for way in self.ways if all(index.doc_freq(*each) for each in way)]
        ways = [_just(all_of, [term(*each) for each in way]) for way in there]
        return _just(any_of, ways) if ways else None

    def holds(self, text: str) -> bool:
        """Whether a found name really matches."""
        if self.check is None:
            return True
        return self.check(folded(plain(text)) if self.is_folded else plain(text))


def looks(
    index: tantivy.Searcher, text: str, languages: Sequence[str], *, is_unfinished: bool = False
) -> Iterator[Look]:
    """The look-ups among names, best first, each made when it is asked for.

    Of each kind those for every letter as typed come before the others. Words are also compared
    without their endings, in ``languages``. While the text ``is_unfinished`` its last word counts
    as spelt right when any begins so.
    """
    typed = plain(text)[:LONGEST].rstrip()
    if not typed:
        return
    if initial := typed_consonants(typed):
        yield _consonants(initial)
        return
    bare = folded(typed)
    forms = [("", typed)], [(FOLDED, bare)] if bare == typed else [(FOLDED, bare), ("", bare)]
    begun = [[form for form in some if _begins_there(index, *form)] for some in forms]
    yield from _each((_exact,), begun)
    yield from _each((_prefix,), begun)
    yield from _stemmed(typed, languages)
    yield from _each((_word,), begun) if " " not in typed else _each((_word, _words), forms)
    yield from _each((_inside,), forms)
    yield from _misspelt(index, bare, is_unfinished)


def look_in_notes(text: str, languages: Sequence[str], language: str | None) -> Look:
    """The look-up of a text in definitions and notes: all its words, in any order.

    Without their endings in ``languages``; with ``language`` only notes in that language count.
    """
    bare = folded(plain(text)[:LONGEST].rstrip())
    spoken = note_stems(bare, language) if language else []
    ways = [spoken] if language else [bare.split(), *(note_stems(bare, tag) for tag in languages)]
    found = dict.fromkeys(tuple(("notes", word) for word in way) for way in ways if way)
    return Look(Kind.NOTE, tuple(found))


def _consonants(initial: str) -> Look:
    is_long = len(initial) > LONGEST_START
    check = (lambda name: consonants(name).startswith(initial)) if is_long else None
    return Look(Kind.PREFIX, ((("consonants", initial[:LONGEST_START]),),), check)


_Form = tuple[str, str]  # the beginning of fields' names, and a text
_Made = Callable[[str, str], Look]  # from a form


def _each(makes: Sequence[_Made], forms: Sequence[Sequence[_Form]]) -> Iterator[Look]:
    """Look-ups of the text as typed, then of names whose marks, or whose own, are left out."""
    for place, same in enumerate(forms):
        for make in makes if same else ():
            made = [make(*form) for form in same]
            ways = tuple(way for look in made for way in look.ways)
            yield Look(made[0].kind, ways, made[0].check, is_folded=place > 0)


def _begins_there(index: tantivy.Searcher, prefix: str, text: str) -> bool:
    """Whether some name has words that begin like the text; if not, none is it or begins so."""
    return index.doc_freq(f"{prefix}starts", text[:LONGEST_START]) > 0


def _exact(prefix: str, text: str) -> Look:
    return Look(Kind.EXACT, (((f"{prefix}whole", text),),))


def _prefix(prefix: str, text: str) -> Look:
    way, is_long = _begun(prefix, "begins", text)
    return Look(Kind.PREFIX, (way,), (lambda name: name.startswith(text)) if is_long else None)


def _word(prefix: str, text: str) -> Look:
    way, is_long = _begun(prefix, "starts", text)
    return Look(Kind.WORD, (way,), (lambda name: text in name) if is_long else None)


def _begun(prefix: str, field: str, text: str) -> tuple[Terms, bool]:
    """The terms of what begins with a text, and whether it is longer than what the index cuts."""
    begun = (f"{prefix}{field}", text[:LONGEST_START])
    is_long = len(text) > LONGEST_START
    return (begun, *(_grams(prefix, text) if is_long else ())), is_long


def _words(prefix: str, text: str) -> Look:
    words = text.split()
    way = tuple((f"{prefix}starts", word[:LONGEST_START]) for word in words)
    long = [word for word in words if len(word) > LONGEST_START]
    return Look(
        Kind.WORD, (way,), (lambda name: all(word in name for word in long)) if long else None
    )


def _inside(prefix: str, text: str) -> Look:
    grams = tuple(_grams(prefix, text))
    return Look(Kind.INSIDE, (grams,) if grams else (), lambda name: text in name)


def _grams(prefix: str, text: str) -> list[tuple[str, str]]:
    """Pieces that a name with the text inside has: all of a short text, else some that cover it."""
    step = GRAM if len(text) > LONGEST_START else 1
    places = {*range(0, len(text) - GRAM + 1, step), len(text) - GRAM}
    pieces = sorted({text[place : place + GRAM] for place in places if place >= 0})
    return [(f"{prefix}grams", piece) for piece in pieces]


def _stemmed(typed: str, languages: Sequence[str]) -> Iterator[Look]:
    """Names whose words are those typed but for their endings, in the reader's languages."""
    ways = []
    for language in dict.fromkeys(tag.partition("-")[0] for tag in languages):
        if bases := stems(typed, language):
            ways.append(tuple(("stems", stem_in(language, base)) for base in bases))
    if ways:
        yield Look(Kind.WORD, tuple(ways))


def _misspelt(index: tantivy.Searcher, bare: str, is_unfinished: bool) -> Iterator[Look]:
    """Names with the words typed, one letter of each long word wrong, missing, extra or swapped."""
    words = bare.split()
    if all(len(word) < FORGIVEN for word in words):
        return
    if is_unfinished and _begins_a_word(index, words[-1]) and _are_words(index, words[:-1]):
        return
    yield Look(Kind.MISSPELT, nearly=tuple(words))


def _are_words(index: tantivy.Searcher, words: Sequence[str]) -> bool:
    return all(index.doc_freq("words", word) for word in words)


def _begins_a_word(index: tantivy.Searcher, begun: str) -> bool:
    if len(begun) <= LONGEST_START:
        return any(_begins_there(index, prefix, begun) for prefix in ("", FOLDED))
    return bool(index.terms_with_prefix("words", begun, limit=1))


def _nearly(word: str) -> tantivy.Query:
    if len(word) < FORGIVEN:
        return term("words", word)
    return tantivy.Query.fuzzy_term_query(SCHEMA, "words", word, distance=1)


def _just(combine: Callable[..., tantivy.Query], queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Queries combined; one alone as it is, which is quicker."""
    return queries[0] if len(queries) == 1 else combine(*queries)
