"""Search: what people type, matched against the names of concepts, best first.

A match is exact, at the beginning, at the beginning of a word, inside a word, or misspelt, and
that order is what counts first; then preferred before alternative before hidden names, then short
before long. Each kind is one look-up in the index, and the first that give enough end the search.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import tantivy
from rdflib import URIRef

from vocab_server.search.index import (
    CURRENT,
    DEPRECATED,
    FOLDED,
    GRAM,
    LONGEST,
    LONGEST_START,
    SCHEMA,
    all_of,
    any_of,
    key,
    term,
)
from vocab_server.search.text import folded, plain, stems, typed_consonants

MOST = 1_000  # concepts that one search finds
FORGIVEN = 4  # letters from which on one typing error in a word is forgiven
SPARE = 3  # names looked up for each concept wanted, as one concept has several


class Kind(StrEnum):
    """How a name matches, best first."""

    EXACT = "exact"
    PREFIX = "prefix"
    WORD = "word"
    INSIDE = "inside"
    MISSPELT = "misspelt"


SCORES = {
    Kind.EXACT: 100,
    Kind.PREFIX: 80,
    Kind.WORD: 60,
    Kind.INSIDE: 40,
    Kind.MISSPELT: 20,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for, and where.

    ``graphs`` are the vocabularies to look in, () for all; ``language`` restricts the names to
    one language and its variants; ``under`` keeps concepts for which it is true; ``deprecated``
    is None for both.
    """

    text: str
    graphs: Sequence[URIRef] = ()
    language: str | None = None
    stem_languages: Sequence[str] = ()
    keep: Callable[[URIRef, URIRef], bool] | None = None
    deprecated: bool | None = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept that was found by one of its names.

    ``label_property`` is the local name of the SKOS property of the matched text; ``is_folded`` when it
    was found only after marks were left out.
    """

    concept: URIRef
    graph: URIRef
    text: str
    label_property: str
    language: str
    kind: Kind
    is_folded: bool = False

    @property
    def score(self) -> int:
        """How good the match is, 0 to 100."""
        return SCORES[self.kind] - 5 * self.is_folded


def search(
    index: tantivy.Searcher, wanted: Wanted, *, limit: int = 20, offset: int = 0
) -> tuple[list[Hit], bool]:
    """The best matches from ``offset`` on, each concept once, and whether there are more."""
    found: dict[tuple[str, str], Hit] = {}
    enough = min(offset + limit + 1, MOST)
    for hit in _hits(index, wanted, enough):
        found.setdefault((hit.graph, hit.concept), hit)
        if len(found) >= enough:
            break
    hits = list(found.values())
    return hits[offset : offset + limit], len(hits) > offset + limit


@dataclass(frozen=True, slots=True)
class _Look:
    """One look-up: a kind of match, its query, and what the query alone cannot tell."""

    kind: Kind
    query: tantivy.Query
    check: Callable[[str], bool] | None = None
    is_folded: bool = False

    def holds(self, text: str) -> bool:
        """Whether a found name really matches."""
        if self.check is None:
            return True
        return self.check(folded(plain(text)) if self.is_folded else plain(text))


def _hits(index: tantivy.Searcher, wanted: Wanted, enough: int) -> Iterator[Hit]:
    """All matches, the best kind first, with each concept as often as names of it match."""
    conditions = _conditions(wanted)
    for look in _looks(wanted):
        result = index.search(
            all_of(look.query, *conditions),
            limit=enough * SPARE,
            count=False,
            order_by_field="weight",
            order=tantivy.Order.Asc,
        )
        found = [(weight, _hit(index, address, look)) for weight, address in result.hits]
        for _, hit in sorted(found, key=_place):
            kept = wanted.keep is None or wanted.keep(hit.graph, hit.concept)
            if kept and look.holds(hit.text):
                yield hit


def _place(found: tuple[int, Hit]) -> tuple[int, str, str]:
    weight, hit = found
    return weight, hit.text, hit.concept


def _hit(index: tantivy.Searcher, address: tantivy.DocAddress, look: _Look) -> Hit:
    get = index.doc(address).get_first
    return Hit(
        concept=URIRef(str(get("concept"))),
        graph=URIRef(str(get("graph"))),
        text=str(get("text")),
        label_property=str(get("property")),
        language=str(get("language") or ""),
        kind=look.kind,
        is_folded=look.is_folded,
    )


def _conditions(wanted: Wanted) -> list[tantivy.Query]:
    conditions = []
    if wanted.graphs:
        conditions.append(any_of(*(term("graph", graph) for graph in wanted.graphs)))
    if wanted.language is not None:
        conditions.append(term("speaks", wanted.language.lower()))
    if wanted.deprecated is not None:
        conditions.append(term("state", DEPRECATED if wanted.deprecated else CURRENT))
    return conditions


def _looks(wanted: Wanted) -> Iterator[_Look]:
    """The look-ups, best first: every letter as typed, then without marks, then with an error."""
    typed = plain(wanted.text)[:LONGEST]
    if not typed:
        return
    if initial := typed_consonants(typed):
        yield _Look(Kind.PREFIX, term("consonants", initial[:LONGEST_START]))
        return
    bare = folded(typed)
    yield from _matches("", typed)
    yield from _stemmed(typed, wanted)
    yield from _folded_matches(typed, bare)
    yield from _misspelt(bare)


def _matches(prefix: str, text: str) -> list[_Look]:
    """The look-ups of one text in the plain fields, or with ``prefix`` in the folded ones."""
    begun, is_long, is_folded = text[:LONGEST_START], len(text) > LONGEST_START, bool(prefix)
    found = [
        _Look(Kind.EXACT, term(f"{prefix}whole", text), None, is_folded),
        _Look(
            Kind.PREFIX,
            term(f"{prefix}begins", begun),
            (lambda name: name.startswith(text)) if is_long else None,
            is_folded,
        ),
        _Look(
            Kind.WORD,
            term(f"{prefix}starts", begun),
            (lambda name: text in name) if is_long else None,
            is_folded,
        ),
    ]
    words = text.split()
    if len(words) > 1:
        each = [term(f"{prefix}starts", word[:LONGEST_START]) for word in words]
        found.append(_Look(Kind.WORD, all_of(*each), None, is_folded))
    grams = {text[place : place + GRAM] for place in range(len(text) - GRAM + 1)}
    if grams:
        query = all_of(*(term(f"{prefix}grams", gram) for gram in sorted(grams)))
        found.append(_Look(Kind.INSIDE, query, lambda name: text in name, is_folded))
    return found


def _folded_matches(typed: str, bare: str) -> list[_Look]:
    """Names without their marks; and, when marks were typed, names that never had any."""
    found = _matches(FOLDED, bare)
    if bare == typed:
        return found
    return [
        replace(look, query=any_of(look.query, other.query))
        for look, other in zip(found, _matches("", bare), strict=True)
    ]


def _stemmed(typed: str, wanted: Wanted) -> Iterator[_Look]:
    """Names whose words are those typed but for their endings, in the reader's languages."""
    found = []
    for language in dict.fromkeys(wanted.stem_languages):
        bases = stems(typed, language)
        if bases:
            main = language.partition("-")[0]
            found.append(all_of(*(term("stems", key(main, base)) for base in bases)))
    if found:
        yield _Look(Kind.WORD, any_of(*found))


def _misspelt(bare: str) -> Iterator[_Look]:
    """Names with the words typed, one letter of each long word wrong, missing, extra or swapped."""
    words = bare.split()
    if any(len(word) >= FORGIVEN for word in words):
        yield _Look(Kind.MISSPELT, all_of(*map(_nearly, words)))


def _nearly(word: str) -> tantivy.Query:
    if len(word) < FORGIVEN:
        return term("words", word)
    return tantivy.Query.fuzzy_term_query(SCHEMA, "words", word, distance=1)
