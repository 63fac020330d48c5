"""Places concepts anew after a change: only those whose place it alters.

The distances are those of a breadth-first search from the top, kept up to date as Ramalingam and
Reps do (An incremental algorithm for a generalization of the shortest-path problem, 1996): first
whatever no longer has a neighbour one step nearer to the top loses its place, then what is left
reaches out again. So a circle that nothing leads to holds nothing up.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable

from vocab_server.skos.placing import Hierarchy, Spot


class Settling:
    """One round of placing. ``stated`` is whether the graph says which concepts are at the top.

    Where it does not, those are that have nothing above them.
    """

    def __init__(self, hierarchy: Hierarchy, graph: int, *, stated: bool) -> None:
        self._hierarchy = hierarchy
        self._graph = graph
        self._stated = stated

    def settle(self, changed: Iterable[Spot]) -> None:
        """Place anew what these concepts, of which something changed, have set in motion."""
        seeds = {spot.id: spot for spot in changed}
        for spot in list(seeds.values()):
            before = self._hierarchy.before(spot)
            if (before.is_used, before.is_concept) != (spot.is_used, spot.is_concept):
                seeds |= {child.id: child for child in self._hierarchy.below(spot)}
        lost = self._unsupported(seeds.values())
        self._reach_out([*seeds.values(), *lost])
        moved = self._put(self._maybe_moved(seeds))
        self._carry(moved, sign=-1)
        self._carry(moved, sign=1)

    def settle_all(self) -> None:
        """Place every concept of the graph, whatever was known of it."""
        spots = self._hierarchy.spots()
        for spot in spots:
            spot.depth, spot.place, spot.size = None, None, 1
        self._reach_out(spots)
        self._put(spots)
        self._carry({spot.id: spot for spot in spots}, sign=1)

    def _is_top(self, spot: Spot) -> bool:
        if not spot.is_used:
            return False
        return spot.top > 0 if self._stated else not self._hierarchy.above(spot)

    def _unsupported(self, seeds: Iterable[Spot]) -> list[Spot]:
        """Take the depth from what no longer has it; nearest to the top first."""
        waiting = [(spot.depth, spot.id) for spot in seeds if spot.depth is not None]
        heapq.heapify(waiting)
        lost = []
        while waiting:
            depth, number = heapq.heappop(waiting)
            spot = self._hierarchy.get(number)
            if spot.depth is None or self._is_supported(spot):
                continue
            spot.depth = None
            lost.append(spot)
            for child in self._hierarchy.below(spot):
                if child.depth == depth + 1:
                    heapq.heappush(waiting, (child.depth, child.id))
        return lost

    def _is_supported(self, spot: Spot) -> bool:
        if not spot.is_used:
            return False
        if spot.depth == 0:
            return self._is_top(spot)
        return any(self._leads(parent, spot) for parent in self._hierarchy.above(spot))

    def _leads(self, parent: Spot, spot: Spot) -> bool:
        """Whether a shortest way to a concept comes through the one above it."""
        if parent.depth is None or spot.depth is None:
            return False
        return parent.is_used and parent.depth == spot.depth - 1

    def _reach_out(self, spots: Iterable[Spot]) -> None:
        """Give each concept the least depth that a way leads to, and so on downward."""
        waiting = []
        for spot in spots:
            depth = self._offered(spot)
            if depth is not None and _is_nearer(depth, spot):
                waiting.append((depth, spot.id))
        heapq.heapify(waiting)
        while waiting:
            depth, number = heapq.heappop(waiting)
            spot = self._hierarchy.get(number)
            if not _is_nearer(depth, spot):
                continue
            spot.depth = depth
            for child in self._hierarchy.below(spot):
                if _is_nearer(depth + 1, child):
                    heapq.heappush(waiting, (depth + 1, child.id))

    def _offered(self, spot: Spot) -> int | None:
        if self._is_top(spot):
            return 0
        above = [p.depth for p in self._hierarchy.above(spot) if p.is_used and p.depth is not None]
        return min(above) + 1 if above else None

    def _maybe_moved(self, seeds: dict[int, Spot]) -> list[Spot]:
        found = dict(seeds)
        for spot in self._hierarchy.spots():
            if self._hierarchy.before(spot).depth != spot.depth:
                found[spot.id] = spot
                found |= {child.id: child for child in self._hierarchy.below(spot)}
        return list(found.values())

    def _put(self, spots: Iterable[Spot]) -> dict[int, Spot]:
        """Say under which concept each stands; those that had another place."""
        moved = {}
        for spot in spots:
            place = self._place_of(spot)
            if place != spot.place:
                spot.place = place
                moved[spot.id] = spot
        return moved

    def _place_of(self, spot: Spot) -> int | None:
        if spot.depth is None:
            return None
        if spot.depth == 0:
            return -self._graph
        ways = (p for p in self._hierarchy.above(spot) if self._leads(p, spot))
        return min(ways, key=lambda parent: parent.iri).id

    def _carry(self, moved: dict[int, Spot], *, sign: int) -> None:
        """Tell what stands above each moved concept, up to the top, how many came or went.

        With ``sign`` -1 along the places they had, with 1 along those they have; deepest first,
        so that each concept is visited once.
        """
        more: dict[int, int] = defaultdict(int)
        waiting: list[tuple[int, int]] = []
        for spot in moved.values():
            _wait(waiting, self._stood(spot, sign))
        done = set()
        while waiting:
            _, number = heapq.heappop(waiting)
            if number in done:
                continue
            done.add(number)
            spot = self._hierarchy.get(number)
            place = self._stood(spot, sign).place
            size = spot.size
            spot.size += more[number]
            carried = more[number]
            if number in moved:
                carried = -size if sign < 0 else spot.size
            if place is not None and place > 0:
                more[place] += carried
                _wait(waiting, self._stood(self._hierarchy.get(place), sign))

    def _stood(self, spot: Spot, sign: int) -> Spot:
        return self._hierarchy.before(spot) if sign < 0 else spot


def _is_nearer(depth: int, spot: Spot) -> bool:
    return spot.is_used and (spot.depth is None or depth < spot.depth)


def _wait(waiting: list[tuple[int, int]], spot: Spot) -> None:
    if spot.depth is not None:
        heapq.heappush(waiting, (-spot.depth, spot.id))
