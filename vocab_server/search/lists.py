"""Lists of concepts in alphabetical order, from the index: pages of them and their letters."""

from dataclasses import dataclass

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import initials
from vocab_server.search.index import CURRENT, ENTRY, TOP, has, key, schema, shelf, shown_in

_SCHEMA = schema()


@dataclass(frozen=True, slots=True)
class Listed:
    """One name in an alphabetical list; ``property`` is the local name of its SKOS property."""

    concept: URIRef
    property: str
    text: str


def letters(index: tantivy.Searcher, graph: URIRef, language: str) -> dict[str, int]:
    """The letters under which names in a language are listed, in order, with how many there are."""
    return {
        letter: count
        for letter in initials(language)
        if (count := _count(index, _term("shelf", shelf(graph, language, letter))))
    }


def list_names(
    index: tantivy.Searcher, graph: URIRef, language: str, letter: str, *, limit: int, offset: int
) -> tuple[list[Listed], int]:
    """A page of the names under one letter, in the language's order, and how many there are."""
    return _ordered(index, _term("shelf", shelf(graph, language, letter)), limit, offset)


def count_names(index: tantivy.Searcher, graph: URIRef, language: str) -> int:
    """How many concepts, deprecated ones included, have a preferred label in a language."""
    return _count(index, _term("flag", key(graph, shown_in(language))))


def count_level(index: tantivy.Searcher, graph: URIRef, parent: URIRef | None) -> int:
    """How many concepts are right under one, or have nothing above them; no deprecated ones."""
    return _count(index, _all(_term("flag", key(graph, ENTRY)), *_level(graph, parent)))


def list_level(
    index: tantivy.Searcher,
    graph: URIRef,
    parent: URIRef | None,
    language: str,
    *,
    limit: int,
    offset: int = 0,
) -> list[URIRef]:
    """A page of the concepts right under one, or of those with nothing above them, in order.

    First those with a name in the language, in its order, then all others.
    """
    level = _level(graph, parent)
    named = _all(_term("flag", key(graph, shown_in(language))), *level)
    found, count = _ordered(index, named, limit, offset)
    if len(found) == limit:
        return [listed.concept for listed in found]
    unnamed = tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, _all(_term("flag", key(graph, ENTRY)), *level)),
            (tantivy.Occur.MustNot, _term("flag", key(graph, has(language)))),
        ]
    )
    others, _ = _ordered(index, unnamed, limit - len(found), max(0, offset - count))
    return [listed.concept for listed in (*found, *others)]


def _level(graph: URIRef, parent: URIRef | None) -> tuple[tantivy.Query, ...]:
    """The conditions that a concept stands right under another, or at the top, and is in use."""
    place = (
        _term("flag", key(graph, TOP)) if parent is None else _term("parent", key(graph, parent))
    )
    return place, _term("flag", key(graph, CURRENT))


def _all(*queries: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _term(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_SCHEMA, name, value, index_option="basic")


def _count(index: tantivy.Searcher, query: tantivy.Query) -> int:
    return int(index.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]  # not in its stubs


def _ordered(
    index: tantivy.Searcher, query: tantivy.Query, limit: int, offset: int
) -> tuple[list[Listed], int]:
    result = index.search(
        query,
        limit=limit,
        offset=offset,
        count=True,
        order_by_field="order",
        order=tantivy.Order.Asc,
    )
    documents = [index.doc(address) for _, address in result.hits]
    listed = [Listed(URIRef(d["concept"][0]), d["property"][0], d["text"][0]) for d in documents]
    return listed, int(result.count)  # type: ignore[attr-defined]  # not in its stubs


def _first(document: tantivy.Document, name: str) -> str:
    found = document.get_first(name)
    return str(found) if found is not None else ""
