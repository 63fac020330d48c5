"""When a concept came, changed, and went out of use: from its own dates, else from the change log.

The rule, which README repeats for readers:

* New: the earliest dct:created; else the earliest dct:issued; else the time of the change that
  brought it. What the first change of a vocabulary brings undated is not new: then the vocabulary
  is, as one entry.
* Changed: the latest dct:modified. When a later change touched the concept and left that date as
  it was, or there is none, the time of that change. Not listed when it is no later than the day it
  came, nor for a concept that is deprecated.
* Deprecated (owl:deprecated): the time of the change that deprecated it, when that left
  dct:modified as it was; else the latest dct:modified; else the latest prov:invalidatedAtTime.
* Removed: the time of the change after which it was no skos:Concept any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from vocab_server.rdf.change import Patch
from vocab_server.rdf.dates import Span, read_date
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS
from vocab_server.rdf.ntriples import read_literal

LONGEST = 40  # characters of a date

CONCEPT, CREATED, ISSUED, MODIFIED = "concept", "created", "issued", "modified"
INVALIDATED, DEPRECATED = "invalidated", "deprecated"
_FACTS = {
    f"<{iri}>".encode(): name
    for iri, name in (
        (RDF.type, CONCEPT),
        (DCT.created, CREATED),
        (DCT.issued, ISSUED),
        (DCT.modified, MODIFIED),
        ("http://www.w3.org/ns/prov#invalidatedAtTime", INVALIDATED),
        (OWL.deprecated, DEPRECATED),
    )
}
_CONCEPT = f"<{SKOS.Concept}> .".encode()
_TRUE = b'"true"'

Fact = tuple[bool, str, str]  # whether it came, which one, the date


class Kind(StrEnum):
    """What happened to a concept, or to a whole vocabulary."""

    NEW = "new"
    CHANGED = "changed"
    DEPRECATED = "deprecated"
    REMOVED = "removed"
    IMPORTED = "imported"


@dataclass(slots=True)
class History:
    """What is known of a concept's past.

    ``values`` are what its data says now, by name. The rest are times of changes as ISO 8601, ""
    where nothing is known or the data's own dates count.
    """

    values: dict[str, set[str]] = field(default_factory=dict)
    arrived: str = ""
    touched: str = ""
    deprecated: str = ""
    removed: str = ""

    @property
    def is_concept(self) -> bool:
        """Whether it is a concept now."""
        return CONCEPT in self.values

    @property
    def is_deprecated(self) -> bool:
        """Whether it is marked as no longer used."""
        return DEPRECATED in self.values

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The history that ``to_json`` wrote."""
        values = {name: set(listed) for name, listed in found["values"].items()}
        return cls(**{**found, "values": values})

    def to_json(self) -> dict[str, Any]:
        """The history as JSON; what is not known is left out."""
        times = {name: getattr(self, name) for name in self.__slots__ if name != "values"}
        values = {name: sorted(listed) for name, listed in self.values.items()}
        return {"values": values, **{name: time for name, time in times.items() if time}}

    def note(self, facts: Iterable[Fact], time: str, *, is_first: bool) -> None:
        """Take in what a change at this time said; ``is_first`` for the first of a vocabulary."""
        was_concept, was_deprecated = self.is_concept, self.is_deprecated
        before = self.values.get(MODIFIED)
        self._take(facts)
        if not was_concept:
            self.arrived = "" if is_first else time
            self.touched = self.deprecated = self.removed = ""
        undated = time if before == self.values.get(MODIFIED) else ""
        if was_concept and self.is_concept:
            self.touched = undated
        if was_concept and not self.is_concept:
            self.removed = time
        if not self.is_deprecated:
            self.deprecated = ""
        elif not was_deprecated and not is_first:
            self.deprecated = undated

    def _take(self, facts: Iterable[Fact]) -> None:
        for is_added, name, value in facts:
            if is_added:
                self.values.setdefault(name, set()).add(value)
            elif name in self.values:
                self.values[name].discard(value)
                if not self.values[name]:
                    del self.values[name]

    @property
    def new(self) -> str:
        """The date since which there is the concept, "" when nobody knows."""
        return self._dated(CREATED, last=False) or self._dated(ISSUED, last=False) or self.arrived

    def events(self) -> Iterator[tuple[Kind, str]]:
        """What lists of changes say of the concept, each with its date as it is written."""
        if not self.is_concept:
            if self.removed:
                yield Kind.REMOVED, self.removed
            return
        if self.new:
            yield Kind.NEW, self.new
        modified = self._dated(MODIFIED)
        if self.is_deprecated:
            if ended := self.deprecated or modified or self._dated(INVALIDATED):
                yield Kind.DEPRECATED, ended
        elif (changed := self.touched or modified) and _is_later(changed, self.new):
            yield Kind.CHANGED, changed

    def _dated(self, name: str, *, last: bool = True) -> str:
        """The latest date under a name, or the earliest; "" when there is none."""
        found = self.values.get(name)
        if not found:
            return ""
        return (max if last else min)(found, key=lambda text: (span(text).start, text))


@lru_cache(maxsize=10_000)  # most of a vocabulary's dates are few
def span(written: str) -> Span:
    """The time that a date of a history covers; only readable ones are kept."""
    found = read_date(written)
    assert found is not None, written  # noqa: S101  (read_facts lets no other in)
    return found


def _is_later(changed: str, came: str) -> bool:
    return not came or span(changed).start > span(came).end


def read_facts(patch: Patch) -> tuple[set[str], dict[str, list[Fact]]]:
    """The subjects that a change says something of, and what it says of their dates and states."""
    touched: set[bytes] = set()
    facts: dict[str, list[Fact]] = defaultdict(list)
    for is_added, found in ((False, patch.removed_blocks()), (True, patch.added_blocks())):
        for block in found:
            for line in block.splitlines():
                subject, predicate, rest = line.split(b" ", 2)
                touched.add(subject)
                name = _FACTS.get(predicate)
                value = _value(name, rest) if name else None
                if name and value is not None:
                    facts[subject[1:-1].decode()].append((is_added, name, value))
    return {subject[1:-1].decode() for subject in touched}, facts


def _value(name: str, rest: bytes) -> str | None:
    """The date in a line, "" for a state; None when it says neither."""
    if name == CONCEPT:
        return "" if rest == _CONCEPT else None
    if name == DEPRECATED:
        return "" if rest.startswith(_TRUE) else None
    if not rest.startswith(b'"'):
        return None
    _, text = read_literal(rest[:-2].decode())
    return text if len(text) <= LONGEST and _is_date(text) else None


@lru_cache(maxsize=10_000)
def _is_date(text: str) -> bool:
    return read_date(text) is not None
