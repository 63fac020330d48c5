"""The card of a concept in the index: what a list shows of it, found without asking the store.

Why: a suggestion shows ten names and what stands above each. From the store that takes two queries
and half the time of an answer; a card takes the twentieth part of a millisecond.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from sys import intern

import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import Label, resolve
from vocab_server.search.documents import (
    CURRENT,
    ENTRY,
    all_of,
    any_of,
    card_key,
    count,
    key,
    place_of,
    term,
)
from vocab_server.skos.hierarchy import DEPTH, Item, Lens, in_order, local_name, to_place
from vocab_server.skos.labels import labels_of
from vocab_server.skos.trails import REMEMBERED as NAMES
from vocab_server.skos.trails import Steps

REMEMBERED = 8_000  # cards of all vocabularies together
CLIMBED = 5_000  # concepts that are looked at on the way up from one


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a concept: one preferred label a language, and what is right above it.

    ``above`` is in order; what is not itself described is left out of it. ``place`` is among the
    concepts beside it, where a curator gave it one.
    """

    labels: tuple[Label, ...] = ()
    above: tuple[URIRef, ...] = ()
    notation: str = ""
    is_deprecated: bool = False
    place: Decimal | None = None


class Cards:
    """The cards of one snapshot; those that were looked up are remembered."""

    def __init__(self, index: tantivy.Searcher) -> None:
        self._index = index
        self._kept: dict[str, Card] = {}

    def find(self, graph: URIRef, concepts: Iterable[URIRef]) -> dict[URIRef, Card]:
        """The cards of those of the concepts that a graph has; one look-up for all."""
        keys = {card_key(graph, concept): concept for concept in concepts}
        kept = self._kept  # another thread may begin a new one
        found = {iri: kept[key] for key, iri in keys.items() if key in kept}
        unknown = [key for key, iri in keys.items() if iri not in found]
        if unknown:
            read = dict(self._read(unknown))
            if len(kept) > REMEMBERED:
                kept = self._kept = {}
            kept.update(read)
            found |= {keys[key]: card for key, card in read.items()}
        return found

    def levels(
        self, lens: Lens, parents: Sequence[URIRef], limit: int
    ) -> dict[URIRef, tuple[Item, ...]]:
        """What is right under each of several concepts, in order; deprecated ones are left out.

        One look-up for all. ``limit`` is the most there may be under all of them together.
        """
        keys = {key(lens.graph, parent): parent for parent in parents}
        below: dict[URIRef, list[URIRef]] = {parent: [] for parent in parents}
        read: dict[URIRef, Card] = {}
        flags = (term("flag", key(lens.graph, flag)) for flag in (ENTRY, CURRENT))
        query = all_of(any_of(*(term("parent", name) for name in keys)), *flags)
        for _, address in self._index.search(query, limit=limit, count=False).hits:
            document = self._index.doc(address)
            _, concept = place_of(document)
            read[concept] = card = _card(document)
            for up in card.above:
                if up in below and up != concept:
                    below[up].append(concept)
        made = self._made(lens, read)
        return {
            parent: in_order(lens, (made[iri] for iri in found)) for parent, found in below.items()
        }

    def items(self, lens: Lens, concepts: Iterable[URIRef]) -> dict[URIRef, Item]:
        """What lists show of those of the concepts that the vocabulary has; see ``skos.Lens``."""
        return self._made(lens, self.find(lens.graph, concepts))

    def above(self, graph: URIRef, concepts: Iterable[URIRef]) -> dict[URIRef, frozenset[URIRef]]:
        """What stands right above those of the concepts that a graph has; see ``skos.Lens``."""
        return {iri: frozenset(card.above) for iri, card in self.find(graph, concepts).items()}

    def _made(self, lens: Lens, cards: Mapping[URIRef, Card]) -> dict[URIRef, Item]:
        labels = {iri: resolve(card.labels, lens.languages) for iri, card in cards.items()}
        unnamed = [iri for iri, label in labels.items() if label is None]
        if unnamed:
            labels |= labels_of(lens.store, unnamed, lens.languages, lens.graph)
        return {
            iri: Item(
                iri=iri,
                label=labels[iri] or Label(local_name(iri)),
                notation=card.notation,
                has_narrower=self._has_narrower(lens.graph, iri),
                is_deprecated=card.is_deprecated,
                is_known=labels[iri] is not None,
                place=card.place,
            )
            for iri, card in cards.items()
        }

    def _has_narrower(self, graph: URIRef, concept: URIRef) -> bool:
        """Whether anything in use is right under a concept: most often the term says no."""
        own = key(graph, concept)
        if not self._index.doc_freq("parent", own):
            return False
        return bool(
            count(self._index, all_of(term("parent", own), term("flag", key(graph, CURRENT))))
        )

    def ways(self, lens: Lens, concepts: Iterable[URIRef]) -> dict[URIRef, Steps]:
        """The way from the top down to each concept, itself last; the first of several.

        One look-up a level for all concepts.
        """
        wanted = list(dict.fromkeys(concepts))
        found = self._upward(lens.graph, wanted)
        if len(lens.names) > NAMES:
            lens.names = {}
        ways = {concept: _way(found, concept) for concept in wanted}
        _learn_names(lens, found, {iri for way in ways.values() for iri in way})
        names = lens.names
        return {
            concept: tuple((iri, names.get(iri) or Label(local_name(iri))) for iri in way)
            for concept, way in ways.items()
        }

    def is_under(self, graph: URIRef, concept: URIRef, top: URIRef) -> bool:
        """Whether a concept stands under another, at any distance and by any way."""
        seen: set[URIRef] = set()
        level = {concept}
        while level and len(seen) < CLIMBED:
            above = {up for card in self.find(graph, level).values() for up in card.above}
            if top in above:
                return True
            level = above - seen
            seen |= above
        return False

    def _upward(self, graph: URIRef, concepts: Sequence[URIRef]) -> dict[URIRef, Card]:
        """The cards of the concepts and of all on the first way up from each."""
        found: dict[URIRef, Card] = {}
        level = list(concepts)
        for _ in range(DEPTH):
            if not level:
                break
            cards = self.find(graph, level)
            found |= cards
            ups = dict.fromkeys(card.above[0] for card in cards.values() if card.above)
            level = [up for up in ups if up not in found]
        return found

    def _read(self, keys: Sequence[str]) -> Iterator[tuple[str, Card]]:
        query = any_of(*(term("key", key) for key in keys))
        for _, address in self._index.search(query, limit=len(keys), count=False).hits:
            document = self._index.doc(address)
            yield card_key(*place_of(document)), _card(document)


def _card(document: tantivy.Document) -> Card:
    held = json.loads(bytes(document.get_first("card") or b"{}"))
    return Card(
        labels=tuple(Label(text, intern(language)) for language, text in held["labels"]),
        above=tuple(URIRef(iri) for iri in held["above"]),
        notation=held["notation"],
        is_deprecated=held["deprecated"],
        place=_place(held["orders"]) if held["orders"] else None,
    )


def _place(orders: Iterable[str]) -> Decimal | None:
    return min((p for text in orders if (p := to_place(text)) is not None), default=None)


def _way(cards: dict[URIRef, Card], concept: URIRef) -> list[URIRef]:
    way = [concept]
    while len(way) <= DEPTH:
        card = cards.get(way[0])
        if card is None or not card.above or card.above[0] in way:
            break
        way.insert(0, card.above[0])
    return way


def _learn_names(lens: Lens, cards: dict[URIRef, Card], concepts: set[URIRef]) -> None:
    """Names from the cards; from the store for what has no preferred label in its vocabulary."""
    unnamed = []
    names = lens.names
    for iri in (iri for iri in concepts if iri not in names):  # a difference goes through all names
        card = cards.get(iri)
        label = resolve(card.labels, lens.languages) if card else None
        if label is None:
            unnamed.append(iri)
        else:
            names[iri] = label
    if unnamed:
        found = labels_of(lens.store, unnamed, lens.languages)
        names.update({iri: found.get(iri) or Label(local_name(iri)) for iri in unnamed})
