"""What the same words led to in datasets that are tagged already: evidence for suggestions.

The nearest tagged datasets by their words, each with a say for its concepts that grows with how
near it is (k nearest neighbours), a greater one where its publisher is a peer. So what peers chose
for like data is suggested though no name of the concept stands in the text. A bounded look-up,
whatever the number of datasets.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.search.dataset_documents import (
    DATASET,
    DatasetCard,
    field_term,
    field_terms,
    read_card,
    searched_words,
)
from vocab_server.search.documents import all_of, any_of

NEAREST = 20  # datasets that are looked at
MOST_WORDS = 40  # of a text that datasets are looked for with
SHORTEST = 4  # letters of a word that says something
SHARED = 2  # words that a dataset must have in common with a text
STRONG = 2.0  # how much a word of a title or keyword weighs against one of a description
PEER = 1.25  # how much a dataset of a peer weighs against another one


@dataclass(slots=True)
class Learned:
    """What speaks for a concept: a ``share`` of all evidence, from 0 to 1, and the nearest dataset.

    ``words`` are those that the dataset has in common with the text.
    """

    share: float = 0.0
    title: Label = field(default_factory=lambda: Label(""))
    words: tuple[str, ...] = ()


def learned_from(
    searcher: tantivy.Searcher,
    short: Iterable[str],
    long: str,
    *,
    peers: Collection[URIRef] = (),
    without_publishers: Collection[str] = (),
) -> Mapping[str, Learned]:
    """The concepts of the tagged datasets that are nearest to some texts, by IRI.

    ``short`` are texts in which each word counts, a title for example; ``long`` is a description.
    ``peers`` are catalogs of like organisations; ``without_publishers`` leaves out what those have.
    """
    strong = {word for text in short for word in _telling(text)}
    words = [*sorted(strong), *sorted(set(_telling(long)) - strong)][:MOST_WORDS]
    if len(words) < SHARED:
        return {}
    found: dict[str, Learned] = defaultdict(Learned)
    whole = 0.0
    for nearness, card in _nearest(searcher, words, strong, without_publishers):
        shared = tuple(sorted(_words(card).intersection(words)))
        if len(shared) < SHARED:
            continue
        weight = nearness if set(peers).isdisjoint(card.graphs) else nearness * PEER
        whole += weight
        for concept in card.concepts:
            of = found[str(concept)]
            of.share += weight
            if not of.words:  # the nearest comes first
                of.title = next(iter(card.titles), Label(card.iri))
                of.words = shared
    for of in found.values():
        of.share /= whole
    return found


def _nearest(
    searcher: tantivy.Searcher, words: Iterable[str], strong: set[str], without: Collection[str]
) -> Iterable[tuple[float, DatasetCard]]:
    ways = [
        tantivy.Query.boost_query(field_term("words", word), STRONG if word in strong else 1.0)
        for word in words
    ]
    is_tagged = tantivy.Query.const_score_query(tantivy.Query.exists_query("concept"), 0.0)
    is_dataset = tantivy.Query.const_score_query(field_term("kind", DATASET), 0.0)
    query = all_of(is_dataset, is_tagged, any_of(*ways))
    if without:
        conditions = [
            (tantivy.Occur.Must, query),
            (tantivy.Occur.MustNot, field_terms("publisher", without)),
        ]
        query = tantivy.Query.boolean_query(conditions)
    for nearness, address in searcher.search(query, limit=NEAREST, count=False).hits:
        yield float(nearness), read_card(bytes(searcher.doc(address).get_first("card") or b"{}"))


def _words(card: DatasetCard) -> set[str]:
    texts = (*card.titles, *card.keywords, *card.descriptions)
    return {word for text in texts for word in searched_words(text.text)}


def _telling(text: str) -> list[str]:
    """The words of a text that may tell what it is about."""
    return [w for w in searched_words(text) if len(w) >= SHORTEST and not w.isdecimal()]
