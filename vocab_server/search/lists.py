"""Lists of concepts in alphabetical order, from the index: pages of them and their letters."""

from dataclasses import dataclass

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import initials
from vocab_server.search.index import ENTRY, TOP, key, schema, shelf

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


def count_tops(index: tantivy.Searcher, graph: URIRef) -> int:
    """How many concepts have nothing above them and are not deprecated."""
    return _count(index, _tops(graph))


def list_tops(index: tantivy.Searcher, graph: URIRef, *, limit: int) -> list[URIRef]:
    """The concepts that have nothing above them and are not deprecated, in no order."""
    result = index.search(_tops(graph), limit=limit, count=False)
    return [URIRef(index.doc(address)["concept"][0]) for _, address in result.hits]


def _tops(graph: URIRef) -> tantivy.Query:
    return _all(_term("flag", key(graph, TOP)), _term("flag", key(graph, ENTRY)))


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
