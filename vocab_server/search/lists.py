"""Lists of concepts in alphabetical order, from the index: pages of them and their letters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import OTHER_SIGNS, initials
from vocab_server.search.documents import (
    BEGINS,
    CURRENT,
    DEPRECATED,
    ENTRY,
    SCHEMA,
    all_of,
    count,
    has,
    key,
    name_of,
    place_of,
    shelf,
    shown_in,
    term,
)
from vocab_server.search.places import TOP

NEAR = 400  # places in a list up to which its texts are read


@dataclass(frozen=True, slots=True)
class Listed:
    """One name in an alphabetical list; ``property`` is the local name of its SKOS property.

    A concept without a name has neither a property nor a text.
    """

    concept: URIRef
    property: str
    text: str


def letters(index: tantivy.Searcher, graph: URIRef, language: str) -> dict[str, int]:
    """The letters under which names in a language are listed, in order, with how many there are."""
    return {
        letter: listed
        for letter in initials(language)
        if (listed := count(index, term("shelf", shelf(graph, language, letter))))
    }


def first_letter(found: Collection[str]) -> str:
    """The letter that an index opens at: the first that is one, or "" when there is none."""
    return min(found, key=lambda text: text == OTHER_SIGNS, default="")


def list_names(
    index: tantivy.Searcher, graph: URIRef, language: str, letter: str, *, limit: int, offset: int
) -> tuple[list[Listed], int]:
    """A page of the names under one letter, in the language's order, and how many there are."""
    return _ordered(index, term("shelf", shelf(graph, language, letter)), limit, offset)


def count_names(index: tantivy.Searcher, graph: URIRef, language: str) -> int:
    """How many concepts, deprecated ones included, have a preferred label in a language."""
    return count(index, term("flag", key(graph, shown_in(language))))


def count_level(
    index: tantivy.Searcher, graph: URIRef, parent: URIRef | None, *, flag: str = TOP
) -> int:
    """How many concepts are right under one, or have nothing above them; no deprecated ones.

    Without a parent, ``flag`` may name other concepts than those that have nothing above them;
    DEPRECATED names those that are no longer used.
    """
    return count(index, all_of(term("flag", key(graph, ENTRY)), *_level(graph, parent, flag)))


def list_level(
    index: tantivy.Searcher,
    graph: URIRef,
    parent: URIRef | None,
    language: str,
    *,
    limit: int,
    offset: int = 0,
    flag: str = TOP,
    by_notation: bool = False,
) -> list[URIRef]:
    """A page of the concepts right under one, or of those with nothing above them, in order.

    First those with a name in the language, in its order, then all others; or by notation. For
    ``flag`` see ``count_level``.
    """
    level = _level(graph, parent, flag)
    if by_notation:
        entries = all_of(term("flag", key(graph, ENTRY)), *level)
        return _concepts(index, entries, limit, offset, "notation_order")
    named = all_of(term("flag", key(graph, shown_in(language))), *level)
    found = _concepts(index, named, limit, offset)
    if len(found) == limit:
        return found
    unnamed = tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, all_of(term("flag", key(graph, ENTRY)), *level)),
            (tantivy.Occur.MustNot, term("flag", key(graph, has(language)))),
        ]
    )
    skipped = max(0, offset - count(index, named))
    return found + _concepts(index, unnamed, limit - len(found), skipped)


def list_concepts(
    index: tantivy.Searcher, graph: URIRef, *, limit: int, offset: int = 0
) -> tuple[list[URIRef], int]:
    """A page of all concepts, deprecated ones left out, by name; and how many there are."""
    flags = (term("flag", key(graph, flag)) for flag in (ENTRY, CURRENT))
    listed, total = _ordered(index, all_of(*flags), limit, offset)
    return [found.concept for found in listed], total


def list_lacking(
    index: tantivy.Searcher,
    graph: URIRef,
    *,
    language: str = "",
    among: Collection[URIRef] | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[list[URIRef], int]:
    """A page of the concepts in use that have no preferred label in a language, by name.

    Without a language of all. ``among`` restricts them to a few. Also how many there are.
    """
    needed = [term("flag", key(graph, flag)) for flag in (ENTRY, CURRENT)]
    if among is not None:
        keys = [key(graph, concept) for concept in sorted(among)]
        needed.append(tantivy.Query.term_set_query(SCHEMA, "key", keys))
    wanted = [(tantivy.Occur.Must, query) for query in needed]
    if language:
        lacking = term("flag", key(graph, has(language.lower())))
        wanted.append((tantivy.Occur.MustNot, lacking))
    query = tantivy.Query.boolean_query(wanted)
    listed, total = _ordered(index, query, limit, offset)
    return [found.concept for found in listed], total


def _level(graph: URIRef, parent: URIRef | None, flag: str) -> tuple[tantivy.Query, ...]:
    """The conditions that a concept stands right under another, or has a flag, and is in use."""
    place = term("flag", key(graph, flag)) if parent is None else term("parent", key(graph, parent))
    return (place,) if flag == DEPRECATED else (place, term("flag", key(graph, CURRENT)))


def _ordered(
    index: tantivy.Searcher, query: tantivy.Query, limit: int, offset: int, by: str = "order"
) -> tuple[list[Listed], int]:
    total = count(index, query)
    hits = _page(index, query, limit, offset, BEGINS[by], by)
    return [_listed(index.doc(address)) for address in hits], total


def _concepts(
    index: tantivy.Searcher, query: tantivy.Query, limit: int, offset: int, by: str = "order"
) -> list[URIRef]:
    hits = _page(index, query, limit, offset, BEGINS[by], by)
    return [place_of(index.doc(address))[1] for address in hits]


def _listed(document: tantivy.Document) -> Listed:
    _, concept = place_of(document)
    name = name_of(document)
    return Listed(concept, name.property, name.text) if name else Listed(concept, "", "")


def _page(
    index: tantivy.Searcher,
    query: tantivy.Query,
    limit: int,
    offset: int,
    begins: Sequence[str],
    by: str,
) -> list[tantivy.DocAddress]:
    """A page of what a query finds, ordered by a text.

    Why: the library reads the text of all that comes before a page, 20 us each. So a page deep in a
    list is found by the numbers that texts begin with, and put in order among its like.
    """
    if offset + limit <= NEAR or not begins:
        return [address for _, address in _sorted(index, query, limit, offset, by)]
    numbers = [int(begin) for begin, _ in _sorted(index, query, limit, offset, begins[0])]
    if not numbers:
        return []
    least, most = numbers[0], numbers[-1]
    alike = numbers.count(least)  # of the first begin; there may be more before the page
    before = count(index, all_of(query, _between(begins[0], 0, least - 1))) if least else 0
    same = all_of(query, _between(begins[0], least, least))
    found = _page(index, same, alike, offset - before, begins[1:], by)
    if alike < len(numbers):
        later = all_of(query, _between(begins[0], least + 1, most))
        found += _page(index, later, len(numbers) - alike, 0, (), by)
    return found


def _sorted(
    index: tantivy.Searcher, query: tantivy.Query, limit: int, offset: int, by: str
) -> list[tuple[Any, tantivy.DocAddress]]:
    """The order key and the address of each document of a page."""
    result = index.search(
        query, limit=limit, offset=offset, count=False, order_by_field=by, order=tantivy.Order.Asc
    )
    return list(result.hits)


def _between(name: str, least: int, most: int) -> tantivy.Query:
    return tantivy.Query.range_query(SCHEMA, name, tantivy.FieldType.Unsigned, least, most)
