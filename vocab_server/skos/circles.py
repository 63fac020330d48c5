"""Circles: concepts that stand above themselves (qSKOS, Cyclic Hierarchical Relations)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

Edges = Mapping[str, Collection[str]]


def find_circles(broader: Edges) -> list[list[str]]:
    """The circles among concepts, given what is right above each; one concept in one circle only.

    What is in several circles makes them one. Each goes from a concept to what is above it, as
    far as that goes, beginning with the first in order; so do the circles. One that is above
    itself is a circle of one. Time grows with the number of edges; nothing is nested.
    """
    core = _core(broader)
    found = [part for part in _parts(core) if len(part) > 1 or part[0] in core[part[0]]]
    return sorted(_around(sorted(part), core) for part in found)


def _core(broader: Edges) -> dict[str, set[str]]:
    """What is left of a hierarchy when all that is at its top, and at its bottom, is taken away.

    Of a sound hierarchy nothing is, and most are sound.
    """
    return _without_ends(_turned(_without_ends(_turned(broader))))


def _turned(edges: Edges) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = defaultdict(set)
    for start, ends in edges.items():
        for end in ends:
            turned[end].add(start)
    return turned


def _without_ends(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """The edges but those that begin where none ends, again and again."""
    arriving = Counter(end for ends in edges.values() for end in ends)
    waiting = [start for start in edges if not arriving[start]]
    left = dict(edges)
    while waiting:
        for end in left.pop(waiting.pop(), ()):
            arriving[end] -= 1
            if not arriving[end]:
                waiting.append(end)
    return {start: ends & left.keys() for start, ends in left.items()}


def _parts(edges: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected parts (Kosaraju and Sharir): there, and back the other way."""
    finished: list[str] = []
    seen: set[str] = set()
    for start in sorted(edges):
        finished += _reached(start, edges, seen)
    turned, seen = _turned(edges), set()
    return [part for start in reversed(finished) if (part := _reached(start, turned, seen))]


def _reached(start: str, edges: Edges, seen: set[str]) -> list[str]:
    """What is reached from a start and not seen before, in the order in which it is left."""
    if start in seen:
        return []
    left: list[str] = []
    waiting = [(start, iter(edges.get(start, ())))]
    seen.add(start)
    while waiting:
        here, ways = waiting[-1]
        further = next((end for end in ways if end not in seen), None)
        if further is None:
            left.append(here)
            waiting.pop()
        else:
            seen.add(further)
            waiting.append((further, iter(edges.get(further, ()))))
    return left


def _around(part: Iterable[str], edges: Edges) -> list[str]:
    rest = dict.fromkeys(part)
    walked: list[str] = []
    here: str | None = next(iter(rest))
    while here is not None:
        walked.append(here)
        rest.pop(here)
        here = min((end for end in edges[here] if end in rest), default=next(iter(rest), None))
    return walked
