"""What became of identifiers: which are current, and what stands in place of the others.

A deprecated concept names what replaces it with dct:isReplacedBy: one concept when it was renamed
or merged, several when it was split.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import bind
from vocab_server.skos.labels import labels_of
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

LONGEST_CHAIN = 50  # replacements one after the other

# Without OPTIONAL, for which the engine goes through all that is deprecated anywhere.
_ABOUT = """SELECT DISTINCT ?iri ?deprecated ?replacement WHERE { VALUES ?iri { $iris }
    GRAPH ?graph { ?iri ?property ?value }
    BIND (IF (?property = owl:deprecated, ?value, ?none) AS ?deprecated)
    BIND (IF (?property = dct:isReplacedBy && isIRI(?value), ?value, ?none) AS ?replacement) }"""


class Status(StrEnum):
    """What became of an identifier."""

    CURRENT = "current"
    REPLACED = "replaced"
    SPLIT = "split"
    DEPRECATED = "deprecated"  # and nothing stands in its place
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of one identifier; ``replaced_by`` is where all chains of replacements end."""

    iri: str
    status: Status
    label: Label | None
    replaced_by: tuple[tuple[URIRef, Label | None], ...] = ()


@dataclass(frozen=True, slots=True)
class _Fate:
    is_deprecated: bool
    replacements: tuple[URIRef, ...]


def _none(_iris: Collection[str]) -> set[str]:
    return set()


def resolve_iris(
    store: Reader,
    iris: Iterable[str],
    languages: Sequence[str],
    withdrawn: Callable[[Collection[str]], set[str]] = _none,
) -> tuple[Resolved, ...]:
    """What became of each identifier, in the order given, with names in the first language found.

    One query for each step of the longest chain, whatever the number of identifiers. What leads
    back to where it came from leads nowhere. ``withdrawn`` tells which of them were withdrawn.
    """
    asked = tuple(dict.fromkeys(iris))
    named = {URIRef(iri) for iri in asked if can_hold(iri)}
    fates = _fates(store, sorted(named))
    ends = {iri: _ends(URIRef(iri), fates) for iri in asked}
    labels = labels_of(store, named.union(*ends.values()), languages)
    gone = withdrawn([iri for iri in asked if URIRef(iri) not in fates])
    return tuple(
        Resolved(
            iri,
            Status.WITHDRAWN if iri in gone else _status(fates.get(URIRef(iri)), ends[iri]),
            labels.get(URIRef(iri)),
            tuple((end, labels.get(end)) for end in ends[iri]),
        )
        for iri in asked
    )


def _fates(store: Reader, iris: Sequence[URIRef]) -> dict[URIRef, _Fate]:
    """What is said of each identifier, and of all that replaces it."""
    found: dict[URIRef, _Fate] = {}
    level = list(iris)
    for _ in range(LONGEST_CHAIN):
        if not level:
            break
        found |= _read(store, level)
        following = {up for iri in level if iri in found for up in found[iri].replacements}
        level = sorted(iri for iri in following if iri not in found)
    return found


def _read(store: Reader, iris: Sequence[URIRef]) -> dict[URIRef, _Fate]:
    deprecated: dict[URIRef, bool] = {}
    replacements: dict[URIRef, set[URIRef]] = defaultdict(set)
    for row in store.select(bind(_ABOUT, iris=iris)):
        iri = URIRef(row["iri"])
        deprecated[iri] = deprecated.get(iri, False) or str(row.get("deprecated")) == "true"
        if "replacement" in row:
            replacements[iri].add(URIRef(row["replacement"]))
    return {iri: _Fate(flag, tuple(sorted(replacements[iri]))) for iri, flag in deprecated.items()}


def _ends(start: URIRef, fates: Mapping[URIRef, _Fate]) -> tuple[URIRef, ...]:
    """Where the replacements of an identifier lead in the end."""
    ends: list[URIRef] = []
    seen = {start}
    waiting = list(fates[start].replacements) if start in fates else []
    while waiting:
        iri = waiting.pop(0)
        if iri in seen:
            continue
        seen.add(iri)
        further = fates[iri].replacements if iri in fates else ()
        waiting = [*further, *waiting]
        if not further:
            ends.append(iri)
    return tuple(ends)


def _status(fate: _Fate | None, ends: Sequence[URIRef]) -> Status:
    if fate is None:
        return Status.UNKNOWN
    if ends:
        return Status.REPLACED if len(ends) == 1 else Status.SPLIT
    return Status.DEPRECATED if fate.is_deprecated or fate.replacements else Status.CURRENT
