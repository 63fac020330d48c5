"""Many acts as one change: the same as one after the other, and no slower for being many."""

from dataclasses import replace
from typing import Any

import pytest

from tests.curating import Desk, iri
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.acts.operations import perform, perform_all
from vocab_server.store.base import Row
from vocab_server.store.embedded import EmbeddedStore


class Weighed:
    """A store that counts the characters of what it is asked."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store = store
        self.size = 0

    def select(self, query: str) -> list[Row]:
        self.size += len(query)
        return self.store.select(query)

    def ask(self, query: str) -> bool:
        self.size += len(query)
        return self.store.ask(query)


def creating(count: int) -> list[dict[str, Any]]:
    return [
        {"do": "create", "prefLabel": {"en": f"Bath {n:03}"}, "broader": [iri("water")]}
        for n in range(count)
    ]


def ending(desk: Desk, count: int) -> list[dict[str, Any]]:
    desk.apply(perform_all(desk.curation, creating(count)))
    made = sorted(s for s, p, _ in desk.triples() if p == SKOS.prefLabel and "bath-" in s)
    reason = {"en": "Merged"}
    return [{"do": "deprecate", "concept": c, "replacedBy": [], "reason": reason} for c in made]


def weight(count: int, *, ends: bool) -> int:
    desk = Desk()
    operations = ending(desk, count) if ends else creating(count)
    weighed = Weighed(desk.store)
    change = perform_all(replace(desk.curation, store=weighed), operations)  # type: ignore[arg-type]
    assert len(change.added) >= 3 * count
    return weighed.size


@pytest.mark.parametrize("ends", [False, True])
def test_twice_as_many_acts_ask_twice_as_much(ends: bool) -> None:
    assert weight(60, ends=ends) < 2.2 * weight(30, ends=ends)


def test_many_acts_are_the_same_as_one_after_the_other() -> None:
    label = {"kind": SKOS.altLabel, "label": {"text": "Lido", "lang": "en"}}
    operations = [
        *creating(2),
        {"do": "move", "concept": [iri("bath-000")], "to": iri("leisure")},
        {"do": "move", "concept": [iri("beach")], "to": iri("bath-000")},
        {"do": "addLabel", "concept": iri("bath-000"), **label},
        {"do": "removeLabel", "concept": iri("bath-000"), **label},
        {"do": "addRelated", "concept": iri("bath-000"), "related": iri("pool")},
        {"do": "discard", "concept": iri("bath-001")},
        {"do": "merge", "concept": [iri("pool")], "into": iri("sport")},
    ]
    at_once, one_by_one = Desk(), Desk()
    now = {"at": one_by_one.curation.at, "was_published": lambda _iri: False}
    change = at_once.apply(perform_all(replace(at_once.curation, **now), operations))
    for operation in operations:
        one_by_one.apply(perform(replace(one_by_one.curation, **now), operation))
    assert at_once.triples() == one_by_one.triples()
    assert not change.added & change.removed
