"""What can be done with many concepts of a draft at once, as the operations that it takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.skos.label_sets import KINDS, Labels, language_of
from vocab_server.web.draft_forms import Asked

LONGEST_NUMBER = 12  # digits

Operations = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The concepts that are chosen, in order, with what an act needs to know of them.

    ``above`` is what each stands right under, ``depth`` how far from the top.
    """

    concepts: Sequence[URIRef]
    labels: Mapping[Any, Labels]
    above: Mapping[URIRef, tuple[URIRef, ...]]
    depth: Mapping[URIRef, int]


def _move(asked: Asked, chosen: Chosen) -> Operations:
    to = None if asked.plain("top") else asked.found("to")
    return [{"do": "move", "concept": [str(c) for c in chosen.concepts], "to": to}]


def _replace(asked: Asked, chosen: Chosen) -> Operations:
    old, new = asked.plain("find"), asked.plain("with")
    place, wanted = asked.plain("place"), asked.plain("kind")
    language = asked.plain("lang").strip().lower()
    if place not in ("before", "after", "within"):
        raise InvalidError("Choose what to do with the terms.")
    if not (old if place == "within" else new):
        raise InvalidError("Write the text.")
    written: Operations = []
    for concept in chosen.concepts:
        for kind in KINDS:
            for label in sorted(chosen.labels[concept][kind]):
                text = _written(str(label), place, old, new)
                fits = wanted in ("", str(kind)) and language in ("", language_of(label))
                if fits and text != str(label):
                    before, after = ({"text": t, "lang": language_of(label)} for t in (label, text))
                    about = {"concept": str(concept), "kind": str(kind)}
                    written.append({"do": "changeLabel", **about, "before": before, "label": after})
    return written


def _written(text: str, place: str, old: str, new: str) -> str:
    if place == "within":
        return text.replace(old, new)
    return f"{new} {text}" if place == "before" else f"{text} {new}"


def _notation(asked: Asked, chosen: Chosen) -> Operations:
    start, digits = asked.plain("start").strip() or "1", asked.plain("digits").strip() or "1"
    if not (start.isascii() and start.isdigit() and digits.isascii() and digits.isdigit()):
        raise InvalidError("Write the first number and how many digits in figures.")
    if len(start) > LONGEST_NUMBER or len(digits) > 2 or int(digits) > LONGEST_NUMBER:
        raise InvalidError("Use at most %(most)s digits.", most=LONGEST_NUMBER)
    first, width, before = int(start), int(digits), asked.plain("prefix").strip()
    return [
        {"do": "setNotation", "concept": str(concept), "notation": f"{before}{number:0{width}}"}
        for number, concept in enumerate(chosen.concepts, first)
    ]


def _deprecate(asked: Asked, chosen: Chosen) -> Operations:
    """Those farthest down first, so that what is under each still has a place above it."""
    reason = {asked.plain("lang").strip(): asked.plain("reason").strip()}
    if not all(reason.values()):
        raise InvalidError("Say in a sentence why they are no longer used.")
    instead = [asked.found("instead")] if asked.plain("instead").strip() else []
    return [
        {
            "do": "deprecate",
            "concept": str(concept),
            "replacedBy": instead,
            "reason": reason,
            "othersTo": [str(iri) for iri in chosen.above[concept]],
        }
        for concept in sorted(chosen.concepts, key=lambda c: (-chosen.depth[c], c))
    ]


def _member(asked: Asked, chosen: Chosen) -> Operations:
    collection = asked.plain("collection").strip()
    if not collection:
        raise InvalidError("Choose a collection.")
    return [
        {"do": "addMember", "collection": collection, "member": str(concept)}
        for concept in chosen.concepts
    ]


FORMS: dict[str, Callable[[Asked, Chosen], Operations]] = {
    "move": _move,
    "replace": _replace,
    "notation": _notation,
    "deprecate": _deprecate,
    "member": _member,
}


def read_operations(asked: Asked, chosen: Chosen) -> Operations:
    """What a form asks for, as operations. Raises InvalidError, ChoiceError among them."""
    name = asked.plain("do")
    if name not in FORMS:
        raise InvalidError("Choose what to do with the concepts.")
    if not chosen.concepts:
        raise InvalidError("No concept is chosen. Tick some, or paste their addresses.")
    found = FORMS[name](asked, chosen)
    if not found:
        raise InvalidError("No term of these concepts has that text. Nothing would change.")
    return found
