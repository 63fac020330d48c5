"""Search: what people type, matched against the names of concepts, best first.

A match is exact, at the beginning, at the beginning of a word, inside a word, or misspelt, and
that order is what counts first; within it letters as typed before letters without their marks, then
preferred before alternative before hidden names, then short before long. Each kind is a look-up or
two in the index, and the first that give enough end the search.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

import tantivy
from rdflib import URIRef

from vocab_server.search.documents import (
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
from vocab_server.search.text import consonants, folded, plain, stems, typed_consonants

MOST = 1_000  # concepts that one search finds
FEW = 2_000  # concepts that the index itself is told to stay among
FORGIVEN = 4  # letters from which on one typing error in a word is forgiven
SPARE = 3  # names looked up for each concept wanted, as one concept has several
MANY = 3 * MOST  # names that one look-up goes through


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
    one language and its variants; ``among``, unless it is None, the concepts, by vocabulary;
    ``deprecated`` is None for both.
    """

    text: str
    graphs: Sequence[URIRef] = ()
    language: str | None = None
    stem_languages: Sequence[str] = ()
    among: Mapping[URIRef, frozenset[URIRef]] | None = None
    deprecated: bool | None = False

    def keys(self) -> list[str] | None:
        """What the index finds the concepts of ``among`` by, when they are few, else None."""
        if self.among is None or sum(map(len, self.among.values())) > FEW:
            return None
        return [key(graph, iri) for graph, iris in self.among.items() for iri in iris]

    def holds(self, hit: "Hit") -> bool:
        """Whether a concept is one of ``among``."""
        return self.among is None or hit.concept in self.among.get(hit.graph, ())


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept that was found by one of its names.

    ``label_property`` is the local name of the SKOS property of the matched text; ``is_folded``
    when it was found only after marks were left out.
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
    sifted = wanted.among is not None and wanted.keys() is None
    names = (MOST if sifted else enough) * SPARE
    for look in _looks(wanted):
        query = all_of(look.query, *conditions)
        found = _addresses(index, query, names)
        for hit in _in_order(index, look, found, wanted.stem_languages):
            if wanted.holds(hit) and look.holds(hit.text):
                yield hit


_Address = tuple[int, tantivy.DocAddress]  # with the weight that it is sorted by


def _addresses(index: tantivy.Searcher, query: tantivy.Query, names: int) -> Iterator[_Address]:
    """Where the names are that a query finds, by weight, looked up as many at a time as said."""
    for offset in range(0, max(MANY, names), names):
        found = index.search(
            query,
            limit=names,
            offset=offset,
            count=False,
            order_by_field="weight",
            order=tantivy.Order.Asc,
        ).hits
        yield from found
        if len(found) < names:
            return


def _in_order(
    index: tantivy.Searcher,
    look: _Look,
    addresses: Iterator[_Address],
    languages: Sequence[str],
) -> Iterator[Hit]:
    """What is at the addresses, read no sooner than needed.

    Equal weights are put in order here: where documents are differs from one index to the next.
    Of one name in several languages that in the reader's comes first.
    """
    places = {tag.lower(): place for place, tag in reversed([*enumerate(languages)])}

    def place(hit: Hit) -> tuple[str, int, str, str, str]:
        spoken = places.get(hit.language, len(places))
        return hit.text, spoken, hit.concept, hit.graph, hit.language

    for _, same in groupby(addresses, key=lambda address: address[0]):
        yield from sorted((_hit(index, address, look) for _, address in same), key=place)


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
    among = wanted.keys()
    if among is not None:
        conditions.append(tantivy.Query.term_set_query(SCHEMA, "key", among))
    if wanted.deprecated is not None:
        conditions.append(term("state", DEPRECATED if wanted.deprecated else CURRENT))
    return conditions


def _looks(wanted: Wanted) -> list[_Look]:
    """The look-ups, best first; of each kind those for every letter as typed before the others."""
    typed = plain(wanted.text)[:LONGEST].rstrip()
    if not typed:
        return []
    if initial := typed_consonants(typed):
        begun = term("consonants", initial[:LONGEST_START])
        is_long = len(initial) > LONGEST_START
        check = (lambda name: consonants(name).startswith(initial)) if is_long else None
        return [_Look(Kind.PREFIX, begun, check)]
    bare = folded(typed)
    looks = [
        *_stemmed(typed, wanted),
        *_matches("", typed),
        *_folded_matches(typed, bare),
        *_misspelt(bare),
    ]
    return sorted(looks, key=lambda look: -SCORES[look.kind])


def _matches(prefix: str, text: str) -> list[_Look]:
    """The look-ups of one text in the plain fields, or with ``prefix`` in the folded ones."""
    begun, words, is_folded = text[:LONGEST_START], text.split(), bool(prefix)
    grams = [term(f"{prefix}grams", gram) for gram in _grams(text)]
    rest = grams if len(text) > LONGEST_START else []
    found = [
        _Look(Kind.EXACT, term(f"{prefix}whole", text), None, is_folded),
        _Look(
            Kind.PREFIX,
            all_of(term(f"{prefix}begins", begun), *rest),
            (lambda name: name.startswith(text)) if rest else None,
            is_folded,
        ),
        _Look(
            Kind.WORD,
            all_of(term(f"{prefix}starts", begun), *rest),
            (lambda name: text in name) if rest else None,
            is_folded,
        ),
    ]
    if len(words) > 1:
        each = [term(f"{prefix}starts", word[:LONGEST_START]) for word in words]
        found.append(_Look(Kind.WORD, all_of(*each), _check_of_long(words), is_folded))
    if grams:
        found.append(_Look(Kind.INSIDE, all_of(*grams), lambda name: text in name, is_folded))
    return found


def _grams(text: str) -> list[str]:
    """Pieces that a name with the text inside has: all of a short text, else some that cover it."""
    step = GRAM if len(text) > LONGEST_START else 1
    places = {*range(0, len(text) - GRAM + 1, step), len(text) - GRAM}
    return sorted({text[place : place + GRAM] for place in places if place >= 0})


def _check_of_long(words: Sequence[str]) -> Callable[[str], bool] | None:
    """Whether a name has those of the words that are longer than what the index compares."""
    long = [word for word in words if len(word) > LONGEST_START]
    return (lambda name: all(word in name for word in long)) if long else None


def _folded_matches(typed: str, bare: str) -> list[_Look]:
    """Names without their marks; and, when marks were typed, names that never had any."""
    found = _matches(FOLDED, bare)
    if bare == typed:
        return found
    return [
        replace(look, query=any_of(look.query, other.query))
        for look, other in zip(found, _matches("", bare), strict=True)
    ]


def _stemmed(typed: str, wanted: Wanted) -> list[_Look]:
    """Names whose words are those typed but for their endings, in the reader's languages."""
    found = []
    for language in dict.fromkeys(wanted.stem_languages):
        bases = stems(typed, language)
        if bases:
            main = language.partition("-")[0]
            found.append(all_of(*(term("stems", key(main, base)) for base in bases)))
    return [_Look(Kind.WORD, any_of(*found))] if found else []


def _misspelt(bare: str) -> list[_Look]:
    """Names with the words typed, one letter of each long word wrong, missing, extra or swapped."""
    words = bare.split()
    if all(len(word) < FORGIVEN for word in words):
        return []
    return [_Look(Kind.MISSPELT, all_of(*map(_nearly, words)))]


def _nearly(word: str) -> tantivy.Query:
    if len(word) < FORGIVEN:
        return term("words", word)
    return tantivy.Query.fuzzy_term_query(SCHEMA, "words", word, distance=1)
