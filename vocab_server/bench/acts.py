"""Acts of curation in a generated vocabulary: one after the other, of all kinds in turns."""

from collections.abc import Callable, Iterator
from typing import Any

from vocab_server.bench.bed import BASE, VOCABULARY
from vocab_server.bench.generate import BRANCHING, concept_iri

Operation = dict[str, Any]


def acts(concepts: int, count: int) -> Iterator[Operation]:
    """So many operations in a vocabulary of so many concepts, each about others of its leaves.

    A vocabulary has at least twice as many leaves as there are acts.
    """
    for place in range(count):
        one, other = concepts - 1 - 2 * place, concepts - 2 - 2 * place
        yield _KINDS[place % len(_KINDS)](one, other)


def kinds() -> int:
    """How many acts it takes until all kinds were done."""
    return len(_KINDS)


def _iri(number: int) -> str:
    return concept_iri(BASE, VOCABULARY, number)


def _above(number: int) -> int:
    return (number - 1) // BRANCHING


def _far(number: int) -> str:
    """A concept near the top that a leaf is not under, in another branch."""
    return _iri(1 + _above(number) % BRANCHING)


def _add_label(one: int, _other: int) -> Operation:
    label = {"text": f"measured {one}", "lang": "en"}
    return {"do": "addLabel", "concept": _iri(one), "kind": "altLabel", "label": label}


def _add_note(one: int, _other: int) -> Operation:
    note = {"text": f"What {one} is for.", "lang": "en"}
    return {"do": "addNote", "concept": _iri(one), "kind": "scopeNote", "note": note}


def _set_labels(one: int, other: int) -> Operation:
    cells = [
        {"concept": _iri(number), "lang": lang, "text": f"named {number}"}
        for number in (one, other)
        for lang in ("nb", "da")
    ]
    return {"do": "setLabels", "cells": cells}


def _create(one: int, _other: int) -> Operation:
    labels = {"en": f"made {one}", "sv": f"gjord {one}"}
    return {"do": "create", "prefLabel": labels, "broader": [_iri(_above(one))]}


def _move(one: int, _other: int) -> Operation:
    return {"do": "move", "concept": [_iri(one)], "to": _far(one)}


def _move_branch(one: int, _other: int) -> Operation:
    """With all that is under it, to near the top."""
    return {"do": "move", "concept": [_iri(_above(one))], "to": _far(one)}


def _relate(one: int, other: int) -> Operation:
    return {"do": "addRelated", "concept": _iri(one), "related": _iri(other)}


def _map(one: int, _other: int) -> Operation:
    target = f"https://else.example/{one}"
    return {"do": "addMapping", "concept": _iri(one), "relation": "exactMatch", "target": target}


def _merge(one: int, other: int) -> Operation:
    return {"do": "merge", "concept": [_iri(one)], "into": _iri(other)}


def _split(one: int, _other: int) -> Operation:
    parts = [{"prefLabel": {"en": f"part {half} of {one}"}} for half in ("a", "b")]
    return {"do": "split", "concept": _iri(one), "parts": parts}


def _deprecate(one: int, _other: int) -> Operation:
    reason = {"en": "Nobody uses it."}
    return {"do": "deprecate", "concept": _iri(one), "replacedBy": [], "reason": reason}


def _order(one: int, _other: int) -> Operation:
    """Before all that it is beside."""
    return {"do": "order", "broader": _iri(_above(one)), "concepts": [_iri(one)]}


_KINDS: tuple[Callable[[int, int], Operation], ...] = (
    _add_label,
    _add_note,
    _set_labels,
    _create,
    _relate,
    _map,
    _move,
    _move_branch,
    _order,
    _merge,
    _split,
    _deprecate,
)
