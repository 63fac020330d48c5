"""Where each concept stands: how far from the top, under which concept, with how many below.

Why: none of this can be counted line by line, and following a whole hierarchy at each change costs
seconds. So the places are kept in a table (SQLite), and a change places anew only the concepts
whose place it alters; one that alters very many has the whole graph placed anew.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FEW = 2_000  # concepts that a change names; more have the whole graph placed anew
MANY = 20_000  # concepts that are looked up one by one before the whole graph is read instead
STATED, DEPRECATED, UNPLACED, ORPHANS = "stated", "deprecated", "unplaced", "orphans"

TABLES = """
CREATE TABLE graph (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, counts TEXT NOT NULL,
    outline TEXT NOT NULL);
CREATE TABLE concept (
    id INTEGER PRIMARY KEY, graph INTEGER NOT NULL, iri TEXT NOT NULL,
    said INTEGER NOT NULL, top INTEGER NOT NULL, deprecated INTEGER NOT NULL,
    links INTEGER NOT NULL, depth INTEGER, place INTEGER, size INTEGER NOT NULL,
    UNIQUE (graph, iri));
CREATE INDEX concept_place ON concept (place, size DESC, iri);
CREATE TABLE edge (graph INTEGER, child INTEGER, parent INTEGER, times INTEGER NOT NULL,
    PRIMARY KEY (graph, child, parent)) WITHOUT ROWID;
CREATE INDEX edge_parent ON edge (graph, parent);
CREATE TABLE reached (number INTEGER NOT NULL);
INSERT INTO reached VALUES (0);
"""
_READ = "SELECT id, iri, said, top, deprecated, links, depth, place, size FROM concept WHERE "
_BY_ID, _BY_GRAPH, _BY_NAME = (
    _READ + condition for condition in ("id = ?", "graph = ?", "graph = ? AND iri = ?")
)
_KEEP = """INSERT INTO concept (graph, id, iri, said, top, deprecated, links, depth, place, size)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET said = excluded.said,
    top = excluded.top, deprecated = excluded.deprecated, links = excluded.links,
    depth = excluded.depth, place = excluded.place, size = excluded.size"""

_LINK = """INSERT INTO edge VALUES (?, ?, ?, ?)
    ON CONFLICT (graph, child, parent) DO UPDATE SET times = times + excluded.times"""
_UNLINK = "DELETE FROM edge WHERE graph = ? AND child = ? AND parent = ? AND times <= 0"
_ABOVE = "SELECT parent FROM edge WHERE graph = ? AND child = ?"
_BELOW = "SELECT child FROM edge WHERE graph = ? AND parent = ?"


class TooManyError(Exception):
    """More concepts are concerned than are worth looking up one by one."""


@dataclass(slots=True)
class Spot:
    """A concept and where it stands.

    ``said`` counts the statements that make it a concept, ``top`` those that make it a top
    concept, ``links`` those of what is broader or narrower. ``depth`` is the number of steps from
    the top, None for what no way leads to. ``place`` is the concept that it stands under on the
    shortest way, of several the one whose IRI comes first, and minus the number of the graph for
    one at the top. ``size`` counts the concepts that stand under it so, itself among them.
    """

    id: int
    iri: str
    said: int = 0
    top: int = 0
    deprecated: int = 0
    links: int = 0
    depth: int | None = None
    place: int | None = None
    size: int = 1

    @property
    def is_concept(self) -> bool:
        """Whether anything makes it a concept."""
        return self.said > 0

    @property
    def is_used(self) -> bool:
        """Whether it is a concept that is not deprecated."""
        return self.said > 0 and self.deprecated == 0

    def kinds(self) -> list[str]:
        """What it is counted as; a number for its depth."""
        if not self.is_concept:
            return []
        stated = [STATED] if self.top > 0 else []
        if self.deprecated:
            return [*stated, DEPRECATED]
        stands = UNPLACED if self.depth is None else str(self.depth)
        return [*stated, stands] if self.links else [*stated, stands, ORPHANS]


class Hierarchy:
    """The concepts of one graph, read as they are asked for, or ``whole``.

    Raises TooManyError as soon as more than ``most`` are asked for one by one.
    """

    def __init__(self, table: sqlite3.Connection, graph: int, *, whole: bool, most: int) -> None:
        self._table = table
        self._graph = graph
        self._whole = whole
        self._most = most
        self._spots: dict[int, Spot] = {}
        self._before: dict[int, Spot] = {}
        self._named: dict[str, int] = {}
        self._above: dict[int, list[int]] = {}
        self._below: dict[int, list[int]] = {}
        self._new = -1
        if whole:
            self._take(table.execute(_BY_GRAPH, (graph,)))

    def named(self, iri: str) -> Spot:
        """The concept with this IRI, a new one when the table has none."""
        if iri not in self._named and not self._whole:
            self._take(self._table.execute(_BY_NAME, (self._graph, iri)))
        if iri not in self._named:
            self._take([(self._next(), iri, 0, 0, 0, 0, None, None, 1)])
        return self._spots[self._named[iri]]

    def link(self, edges: Counter[tuple[int, int]]) -> None:
        """Take in what newly is, or no longer is, stated to be under what; before all else."""
        changed = [(self._graph, *edge, times) for edge, times in edges.items() if times]
        self._table.executemany(_LINK, changed)
        self._table.executemany(_UNLINK, [row[:3] for row in changed if row[3] < 0])
        if self._whole:
            asked = "SELECT child, parent FROM edge WHERE graph = ?"
            for child, parent in self._table.execute(asked, (self._graph,)):
                self._above.setdefault(child, []).append(parent)
                self._below.setdefault(parent, []).append(child)

    def above(self, spot: Spot) -> list[Spot]:
        """The concepts, also deprecated ones, that are stated to be broader."""
        return self._around(spot, self._above, _ABOVE)

    def below(self, spot: Spot) -> list[Spot]:
        """The concepts, also deprecated ones, that are stated to be narrower."""
        return self._around(spot, self._below, _BELOW)

    def get(self, number: int) -> Spot:
        """The concept with this number in the table."""
        if number not in self._spots:
            self._take(self._table.execute(_BY_ID, (number,)))
        return self._spots[number]

    def before(self, spot: Spot) -> Spot:
        """The concept as the table still has it."""
        return self._before[spot.id]

    def spots(self) -> list[Spot]:
        """All that were read."""
        return list(self._spots.values())

    def changed_counts(self) -> Counter[str]:
        """How many more, or fewer, concepts of each kind there are than before."""
        found: Counter[str] = Counter()
        for number, spot in self._spots.items():
            before = self._before[number]
            if before != spot:
                found.subtract(before.kinds())
                found.update(spot.kinds())
        return found

    def keep(self) -> None:
        """Write what has changed into the table."""
        changed = [spot for spot in self.spots() if self._before[spot.id] != spot]
        gone = [s for s in changed if not (s.said or s.top or s.deprecated or s.links)]
        self._table.executemany("DELETE FROM concept WHERE id = ?", [(s.id,) for s in gone])
        left = {spot.id for spot in gone}
        self._table.executemany(
            _KEEP, [_row(self._graph, spot) for spot in changed if spot.id not in left]
        )

    def _around(self, spot: Spot, known: dict[int, list[int]], query: str) -> list[Spot]:
        if not self._whole and spot.id not in known:
            rows = self._table.execute(query, (self._graph, spot.id))
            known[spot.id] = [row[0] for row in rows]
            if len(known[spot.id]) + len(self._spots) > self._most:
                raise TooManyError
        return [near for number in known.get(spot.id, ()) if (near := self.get(number)).is_concept]

    def _next(self) -> int:
        if self._new < 0:
            self._new = self._table.execute("SELECT max(id) FROM concept").fetchone()[0] or 0
        self._new += 1
        return self._new

    def _take(self, rows: Iterable[tuple]) -> None:  # type: ignore[type-arg]  # as SQLite has it
        for row in rows:
            spot = Spot(*row)
            self._spots[spot.id] = spot
            self._before[spot.id] = Spot(*row)
            self._named[spot.iri] = spot.id


def _row(graph: int, spot: Spot) -> tuple[object, ...]:
    counted = (spot.said, spot.top, spot.deprecated, spot.links)
    return (graph, spot.id, spot.iri, *counted, spot.depth, spot.place, spot.size)
