"""What a draft and the published state did to the same concepts, and where they disagree.

Two changes of a concept go together unless

* both removed the same statement of a property and put something else in its place,
* both gave a value to a property that has only one,
* one retired the concept (deprecated it, or removed it) and the other worked on it,
* one points at a concept that the other retired.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rdflib import URIRef

from vocab_server.editing.places import (
    FindOwners,
    Owners,
    find_owners,
    place_of,
    target_of,
    written,
)
from vocab_server.rdf.change import Change, Patch, Triple
from vocab_server.rdf.composing import stream
from vocab_server.rdf.namespaces import OWL, RDF, SKOS
from vocab_server.rdf.ntriples import read_triple


class Choice(StrEnum):
    """How a conflict is decided: as the draft has it, or as it was published."""

    OURS = "ours"
    THEIRS = "theirs"


class Reason(StrEnum):
    """Why two changes of a concept do not go together."""

    REPLACED_TWICE = "replaced-twice"
    TWO_VALUES = "two-values"
    RETIRED = "retired"
    POINTS_AT_RETIRED = "points-at-retired"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A concept that the draft and the published state disagree on.

    ``ours`` and ``theirs`` are all that the draft does and that was published; ``our_part`` and
    ``their_part`` is of these what a choice takes back.
    """

    concept: URIRef
    reasons: tuple[Reason, ...]
    ours: Change
    theirs: Change
    our_part: Change
    their_part: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """The conflicts, by concept; and the concepts that both changed without one."""

    conflicts: tuple[Conflict, ...] = ()
    together: tuple[URIRef, ...] = ()


SINGLE = {
    written(iri)
    for iri in (SKOS.prefLabel, SKOS.memberList, OWL.deprecated)  # a prefLabel in each language
}
# What retires a concept when it is removed (True), and when it is added (False).
_GONE = {
    True: written(RDF.type) + b" " + written(SKOS.Concept),
    False: written(OWL.deprecated) + b' "true"',
}
_Key = tuple[bytes, bytes]  # property and language


@dataclass(slots=True)
class _Lines:
    """Lines that are added and lines that are removed."""

    added: set[bytes] = field(default_factory=set)
    removed: set[bytes] = field(default_factory=set)

    def take(self, other: "_Lines") -> None:
        self.added |= other.added
        self.removed |= other.removed


_Slots = dict[_Key, _Lines]  # what one side does to a concept, by property and language
_Side = dict[bytes, _Slots]  # and by concept


@dataclass(slots=True)
class _Dispute:
    reasons: set[Reason] = field(default_factory=set)
    ours: _Lines = field(default_factory=_Lines)
    theirs: _Lines = field(default_factory=_Lines)
    shown: list[_Lines] = field(default_factory=list)  # why, of what no choice takes back

    def add(self, reason: Reason, ours: Iterable[_Lines], theirs: Iterable[_Lines]) -> None:
        self.reasons.add(reason)
        for lines in ours:
            self.ours.take(lines)
        for lines in theirs:
            self.theirs.take(lines)


def compare(ours: Patch, theirs: Patch, find: FindOwners) -> Comparison:
    """Where a draft and what was published since its base meet, from the net patch of each.

    Both patches are relative to the same state. ``find`` tells what nodes belong to.
    """
    owners = find_owners((ours, theirs), find)
    touched = _concepts(ours, owners) & _concepts(theirs, owners)
    gone = _retired(ours), _retired(theirs)
    our_side = _side(ours, owners, touched | gone[0], gone[1])
    their_side = _side(theirs, owners, touched | gone[1], gone[0])
    disputes: dict[bytes, _Dispute] = defaultdict(_Dispute)
    for concept in touched:
        _meet(disputes, concept, our_side[concept], their_side[concept], gone)
    _point(disputes, our_side, their_side, gone)
    met = sorted(touched - disputes.keys())
    return Comparison(
        tuple(
            _conflict(ours.graph, concept, disputes[concept], our_side, their_side)
            for concept in sorted(disputes)
        ),
        tuple(_iri(concept) for concept in met),
    )


def resolution(graph: URIRef, comparison: Comparison, choices: Mapping[URIRef, Choice]) -> Change:
    """What makes the published state with the draft's patch on it as the choices say.

    Of the draft's patch is taken as applied what was not published as well.
    """
    added: set[Triple] = set()
    removed: set[Triple] = set()
    for conflict in comparison.conflicts:
        ours, theirs = conflict.our_part, conflict.their_part
        if choices[conflict.concept] == Choice.THEIRS:
            added |= ours.removed - conflict.theirs.removed
            removed |= ours.added - conflict.theirs.added
        else:
            added |= theirs.removed - conflict.ours.removed
            removed |= theirs.added - conflict.ours.added
    return Change(graph, frozenset(added), frozenset(removed))


def _concepts(patch: Patch, owners: Owners) -> set[bytes]:
    return {
        place_of(line, owners).concept for _, block in stream(patch) for line in block.splitlines()
    }


def _retired(patch: Patch) -> set[bytes]:
    """The concepts that a patch deprecates or removes."""
    return {
        line.split(b" ", 1)[0]
        for is_removal, block in stream(patch)
        for line in block.splitlines()
        if line.split(b" ", 1)[1].startswith(_GONE[is_removal])
    }


def _side(patch: Patch, owners: Owners, concepts: set[bytes], pointed: set[bytes]) -> _Side:
    """What a patch does to some concepts, and to those that it makes point at others."""
    pointing = {
        place_of(line, owners).concept
        for block in patch.added_blocks()
        for line in block.splitlines()
        if target_of(line) in pointed
    }
    side: _Side = defaultdict(lambda: defaultdict(_Lines))
    for is_removal, block in stream(patch):
        for line in block.splitlines():
            place = place_of(line, owners)
            if place.concept in concepts or place.concept in pointing:
                lines = side[place.concept][place.property, place.language]
                (lines.removed if is_removal else lines.added).add(line)
    return side


def _meet(
    disputes: dict[bytes, _Dispute],
    concept: bytes,
    ours: _Slots,
    theirs: _Slots,
    gone: tuple[set[bytes], set[bytes]],
) -> None:
    if (concept in gone[0] or concept in gone[1]) and ours != theirs:
        disputes[concept].add(Reason.RETIRED, ours.values(), theirs.values())
        return
    for key in ours.keys() & theirs.keys():
        reason = _disagreement(key, ours[key], theirs[key])
        if reason:
            disputes[concept].add(reason, [ours[key]], [theirs[key]])


def _disagreement(key: _Key, ours: _Lines, theirs: _Lines) -> Reason | None:
    if ours.added == theirs.added:
        return None
    if ours.removed & theirs.removed:
        return Reason.REPLACED_TWICE
    if key[0] in SINGLE and ours.added and theirs.added:
        return Reason.TWO_VALUES
    return None


def _point(
    disputes: dict[bytes, _Dispute],
    ours: _Side,
    theirs: _Side,
    gone: tuple[set[bytes], set[bytes]],
) -> None:
    """Note what one side newly says of a concept that the other side retired."""
    for concept, key, target in _newly(ours, theirs, gone[1]):
        part = theirs[concept][key] if key in theirs.get(concept, ()) else _Lines()
        disputes[concept].add(Reason.POINTS_AT_RETIRED, [ours[concept][key]], [part])
        disputes[concept].shown.extend(theirs[target].values())
    for concept, key, target in _newly(theirs, ours, gone[0]):
        parts = ours[target].values()
        disputes[target].add(Reason.POINTS_AT_RETIRED, parts, [theirs[concept][key]])


def _newly(one: _Side, other: _Side, gone: set[bytes]) -> list[tuple[bytes, _Key, bytes]]:
    """Where one side adds a statement about a concept that is gone, which the other does not."""
    return [
        (concept, key, target_of(line))
        for concept, slots in one.items()
        for key, lines in slots.items()
        for line in sorted(lines.added)
        if target_of(line) in gone - {concept}
        and line not in other.get(concept, {}).get(key, _Lines()).added
    ]


def _conflict(
    graph: URIRef, concept: bytes, dispute: _Dispute, ours: _Side, theirs: _Side
) -> Conflict:
    return Conflict(
        concept=_iri(concept),
        reasons=tuple(sorted(dispute.reasons)),
        ours=_all(graph, [*ours.get(concept, {}).values(), dispute.ours]),
        theirs=_all(graph, [*theirs.get(concept, {}).values(), dispute.theirs, *dispute.shown]),
        our_part=_all(graph, [dispute.ours]),
        their_part=_all(graph, [dispute.theirs]),
    )


def _all(graph: URIRef, several: Iterable[_Lines]) -> Change:
    lines = _Lines()
    for one in several:
        lines.take(one)
    added, removed = (frozenset(map(read_triple, some)) for some in (lines.added, lines.removed))
    return Change(graph, added, removed)


def _iri(concept: bytes) -> URIRef:
    return URIRef(concept[1:-1].decode())
