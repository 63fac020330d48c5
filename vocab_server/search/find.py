"""Search: what people type, matched against the names of concepts, best first.

A match is exact, at the beginning, at the beginning of a word, inside a word, or misspelt, and
that order is what counts first; within it letters as typed before letters without their marks, then
preferred before alternative before hidden names, then short before long. Each kind is a look-up or
two in the index, and the first that give enough end the search.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import tantivy
from rdflib import URIRef

from vocab_server.search.documents import (
    CURRENT,
    DEPRECATED,
    SCHEMA,
    all_of,
    any_of,
    key,
    name_of,
    place_of,
    term,
)
from vocab_server.search.looks import SCORES, Kind, Look, look_in_notes, looks
from vocab_server.search.notes import Passage, passages
from vocab_server.search.within import FEW, Common
from vocab_server.store.base import Reader

MOST = 1_000  # concepts that one search finds
SPARE = 3  # names looked up for each concept wanted, as one concept has several
MANY = 3 * MOST  # names that one look-up goes through


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for, and where.

    ``graphs`` are the vocabularies to look in, () for all; ``language`` restricts the names to
    one language and its variants; ``among``, unless it is None, the concepts, by vocabulary;
    ``deprecated`` is None for both. With ``in_notes`` what is said about concepts is searched too,
    after all names; with ``is_unfinished`` the last word may go on.
    """

    text: str
    graphs: Sequence[URIRef] = ()
    language: str | None = None
    stem_languages: Sequence[str] = ()
    among: Mapping[URIRef, frozenset[URIRef] | Common] | None = None
    deprecated: bool | None = False
    in_notes: bool = False
    is_unfinished: bool = False

    def keys(self) -> list[str] | None:
        """What the index finds the concepts of ``among`` by, when they are few, else None."""
        if self.among is None:
            return None
        found: list[str] = []
        for graph, concepts in self.among.items():
            listed = concepts.few if isinstance(concepts, Common) else concepts
            if listed is None or len(found) + len(listed) > FEW:
                return None
            found += [key(graph, iri) for iri in listed]
        return found

    def holds(self, hit: "Hit") -> bool:
        """Whether a concept is one of ``among``."""
        return self.among is None or hit.concept in self.among.get(hit.graph, ())


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept that was found by one of its names.

    ``label_property`` is the local name of the SKOS property of the matched text; ``is_folded``
    when it was found only after marks were left out. What is found in notes has neither text nor
    property: ``search.notes`` tells them.
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
    """The best matches from ``offset`` on, each concept once, and whether there are more.

    Of several equal names of a concept that in the reader's language, the first of
    ``stem_languages``, is the one that is given.
    """
    found: dict[tuple[str, str], tuple[Look, Hit]] = {}
    enough = min(offset + limit + 1, MOST)
    for look, hit in _hits(index, wanted, enough):
        found.setdefault((hit.graph, hit.concept), (look, hit))
        if len(found) >= enough:
            break
    shown = list(found.values())[offset : offset + limit]
    return _in_own_language(index, wanted, shown), len(found) > offset + limit


def _in_own_language(
    index: tantivy.Searcher, wanted: Wanted, found: Sequence[tuple[Look, Hit]]
) -> list[Hit]:
    """The hits, where they can be by names of the same kind in the reader's language."""
    spoken = wanted.stem_languages[0].partition("-")[0].lower() if wanted.stem_languages else ""
    others: dict[int, list[tuple[Look, Hit]]] = defaultdict(list)
    for look, hit in found:
        if hit.language.partition("-")[0] != spoken and hit.kind != Kind.NOTE:
            others[id(look)].append((look, hit))
    if not others or not spoken or not index.doc_freq("speaks", spoken):
        return [hit for _, hit in found]
    own: dict[Hit, Hit] = {}
    for same in others.values():
        own |= _own(index, same[0][0], [hit for _, hit in same], spoken)
    return [own.get(hit, hit) for _, hit in found]


def _own(index: tantivy.Searcher, look: Look, hits: Sequence[Hit], spoken: str) -> dict[Hit, Hit]:
    """The hits of a look-up that also are hits by a name in a language; one search."""
    query = look.query(index)
    if query is None:
        return {}
    keys = any_of(*(term("key", key(hit.graph, hit.concept)) for hit in hits))
    asked = all_of(query, term("speaks", spoken), keys)
    found = _in_order(index, look, _addresses(index, asked, MOST), (spoken,))
    named: dict[tuple[str, str, str], Hit] = {}
    for _, hit in found:
        if look.holds(hit.text):
            named.setdefault((hit.graph, hit.concept, hit.label_property), hit)
    pairs = ((hit, named.get((hit.graph, hit.concept, hit.label_property))) for hit in hits)
    return {hit: other for hit, other in pairs if other is not None}


def with_passages(
    store: Reader, hits: Sequence[Hit], typed: str, languages: Sequence[str]
) -> list[Hit]:
    """The hits, those in notes with the passage that says most of what was typed.

    One query for each vocabulary that has such hits.
    """
    by_graph: dict[URIRef, list[URIRef]] = defaultdict(list)
    for hit in hits:
        if hit.kind == Kind.NOTE:
            by_graph[hit.graph].append(hit.concept)
    found = {
        (graph, concept): passage
        for graph, concepts in by_graph.items()
        for concept, passage in passages(store, graph, concepts, typed, languages).items()
    }
    return [
        _said(hit, found[hit.graph, hit.concept]) if hit.kind == Kind.NOTE else hit for hit in hits
    ]


def _said(hit: Hit, passage: Passage) -> Hit:
    name, note = passage
    return replace(hit, text=note.text, label_property=name, language=note.language)


def _hits(index: tantivy.Searcher, wanted: Wanted, enough: int) -> Iterator[tuple[Look, Hit]]:
    """All matches, the best kind first, with each concept as often as names of it match.

    A name that is exact also begins so, and is there again in each later look-up: it is not read
    again.
    """
    known: set[tuple[int, int]] = set()
    conditions = _conditions(index, wanted)
    sifted = wanted.among is not None and wanted.keys() is None
    names = (MOST if sifted else enough) * SPARE
    for look in _looks(index, wanted):
        query = look.query(index)
        if query is None:
            continue
        if conditions:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *conditions])
        addresses = _addresses(index, query, names)
        found = (each for each in addresses if _place(each) not in known)
        for address, hit in _in_order(index, look, found, wanted.stem_languages):
            if wanted.holds(hit) and look.holds(hit.text):
                known.add(_place(address))
                yield look, hit


def _looks(index: tantivy.Searcher, wanted: Wanted) -> Iterator[Look]:
    languages = wanted.stem_languages
    yield from looks(index, wanted.text, languages, is_unfinished=wanted.is_unfinished)
    if wanted.in_notes:
        yield look_in_notes(wanted.text, languages, wanted.language)


_Address = tuple[int, tantivy.DocAddress]  # with the weight that it is sorted by


def _place(address: _Address) -> tuple[int, int]:
    return address[1].segment_ord, address[1].doc


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
    look: Look,
    addresses: Iterator[_Address],
    languages: Sequence[str],
) -> Iterator[tuple[_Address, Hit]]:
    """What is at the addresses, each read no sooner than needed.

    Equal weights are put in order here: where documents are differs from one index to the next.
    Of one name in several languages that in the reader's comes first.
    """
    places = {tag.lower(): place for place, tag in reversed([*enumerate(languages)])}

    def place(found: tuple[_Address, Hit]) -> tuple[str, int, str, str, str]:
        hit = found[1]
        spoken = places.get(hit.language, len(places))
        return hit.text, spoken, hit.concept, hit.graph, hit.language

    for _, same in groupby(addresses, key=lambda address: address[0]):
        yield from sorted(((each, _hit(index, each[1], look)) for each in same), key=place)


def _hit(index: tantivy.Searcher, address: tantivy.DocAddress, look: Look) -> Hit:
    document = index.doc(address)
    graph, concept = place_of(document)
    label_property, language, text = name_of(document) or ("", "", "")
    return Hit(
        concept=concept,
        graph=graph,
        text=text,
        label_property=label_property,
        language=language,
        kind=look.kind,
        is_folded=look.is_folded,
    )


_Condition = tuple[tantivy.Occur, tantivy.Query]


def _conditions(index: tantivy.Searcher, wanted: Wanted) -> list[_Condition]:
    needed = []
    if wanted.graphs:
        needed.append(any_of(*(term("graph", graph) for graph in wanted.graphs)))
    if wanted.language is not None:
        needed.append(term("speaks", wanted.language.lower()))
    among = wanted.keys()
    if among is not None:
        needed.append(tantivy.Query.term_set_query(SCHEMA, "key", among))
    found = [(tantivy.Occur.Must, query) for query in needed]
    if wanted.deprecated is not None:
        # Leaving out the few is twice as quick as staying among the many.
        other = CURRENT if wanted.deprecated else DEPRECATED
        if index.doc_freq("state", other):
            found.append((tantivy.Occur.MustNot, term("state", other)))
    return found
