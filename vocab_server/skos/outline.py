"""The outline of each vocabulary, made at commit: concepts by depth, and its biggest branches.

So that no page has to follow a hierarchy.
"""

import heapq
import json
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rdflib import URIRef

from vocab_server.rdf.change import Patch
from vocab_server.rdf.graph_names import is_of_catalogs
from vocab_server.rdf.namespaces import OWL, RDF, SKOS
from vocab_server.skos.placing import (
    DEPRECATED,
    FEW,
    MANY,
    ORPHANS,
    STATED,
    TABLES,
    UNPLACED,
    Hierarchy,
    Spot,
    TooManyError,
)
from vocab_server.skos.settling import Settling
from vocab_server.store.base import Store

VERSION = 1  # of the tables; another one is counted anew
BRANCHES = 40  # concepts of a drawing
WIDEST = 8  # concepts under one that a drawing tells apart
DEEPEST = 4  # levels of a drawing

_TYPE, _CONCEPT, _ENDED = str(RDF.type), str(SKOS.Concept), str(OWL.deprecated)
_BROADER, _NARROWER = str(SKOS.broader), str(SKOS.narrower)
_TOP_OF, _HAS_TOP = str(SKOS.topConceptOf), str(SKOS.hasTopConcept)
_LINKING = "|".join(map(re.escape, (_TYPE, _BROADER, _NARROWER, _TOP_OF, _HAS_TOP)))
_LINE = re.compile(rf"^<([^>]*)> <({_LINKING})> <([^>]*)> \.$".encode(), re.MULTILINE)
_ENDING = re.compile(rf'^<([^>]*)> <{re.escape(_ENDED)}> "(?:true|1)"'.encode(), re.MULTILINE)
_BIGGEST = """SELECT id, iri, size FROM concept WHERE place = ?
    ORDER BY size DESC, iri LIMIT ?"""
_COUNT = "SELECT count(*) FROM concept WHERE place = ?"


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept with how many stand under it, itself among them, each counted once.

    A concept with several broader ones counts under the nearest to the top. ``branches`` are the
    biggest ones right under it; ``others`` more stand there with ``rest`` concepts in all. What is
    not opened has no branches, and all of its concepts in ``others`` and ``rest``.
    """

    concept: URIRef | None
    size: int
    branches: tuple["Branch", ...] = ()
    others: int = 0
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """How the hierarchy of a vocabulary is built.

    ``depths`` are the concepts in use by the number of steps from the top; ``unplaced`` those that
    no way leads to; ``orphans`` those with nothing broader and nothing narrower; ``deprecated``
    those no longer used, which are in no other figure. The ``top`` is the branch without a concept.
    """

    depths: tuple[int, ...] = ()
    unplaced: int = 0
    orphans: int = 0
    deprecated: int = 0
    top: Branch = field(default_factory=lambda: Branch(None, 0))

    @property
    def concepts(self) -> int:
        """All concepts, deprecated ones too."""
        return sum(self.depths) + self.unplaced + self.deprecated

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Outline":
        """The outline that ``to_json`` wrote."""
        return cls(
            tuple(found["depths"]),
            found["unplaced"],
            found["orphans"],
            found["deprecated"],
            _from_list(found["top"]),
        )

    def to_json(self) -> dict[str, Any]:
        """The outline as JSON."""
        return {
            "depths": list(self.depths),
            "unplaced": self.unplaced,
            "orphans": self.orphans,
            "deprecated": self.deprecated,
            "top": _to_list(self.top),
        }


def _to_list(branch: Branch) -> list[Any]:
    lower = [_to_list(below) for below in branch.branches]
    return [branch.concept, branch.size, lower, branch.others, branch.rest]


def _from_list(found: list[Any]) -> Branch:
    concept, size, lower, others, rest = found
    below = tuple(_from_list(each) for each in lower)
    return Branch(URIRef(concept) if concept else None, size, below, others, rest)


@dataclass(slots=True)
class _Noted:
    """What a change says of one concept: how many statements of each kind came, less those gone."""

    said: int = 0
    top: int = 0
    deprecated: int = 0
    links: int = 0


class OutlineProjection:
    """The outlines of all graphs, in the table ``directory``/outline."""

    name = "outline"
    takes_each = False

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        try:
            self._table = _opened(self._path)
            self._number = int(self._table.execute("SELECT number FROM reached").fetchone()[0])
        except (sqlite3.DatabaseError, TypeError):  # damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._table, self._number = _opened(self._path), 0

    def position(self) -> int:
        """The number of the last change that is counted."""
        return self._number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: the table waits for its turn."""

    def apply(self, patch: Patch, number: int, _store: Store) -> None:
        """Take in a change, which has this number in the log."""
        noted, edges = ({}, Counter()) if is_of_catalogs(patch.graph) else _noted(patch)
        settle = partial(self._settle, str(patch.graph), noted, edges)
        try:
            self._reach(number, partial(settle, whole=len(noted) > FEW))
        except TooManyError:
            self._reach(number, partial(settle, whole=True))
        self._number = number

    def snapshot(self, directory: Path) -> None:
        """Put the outlines into a snapshot's directory."""
        rows = self._table.execute("SELECT iri, outline FROM graph")
        listed = ",".join(f"{json.dumps(iri)}:{outline}" for iri, outline in rows)
        (directory / f"{self.name}.json").write_text(f"{{{listed}}}")

    def close(self) -> None:
        """Release the table."""
        self._table.close()

    def _reach(self, number: int, settle: Callable[[], None]) -> None:
        """Settle a change and say so, all or nothing."""
        self._table.execute("BEGIN IMMEDIATE")
        try:
            settle()
            self._table.execute("UPDATE reached SET number = ?", (number,))
            self._table.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._table.execute("ROLLBACK")
            raise

    def _settle(
        self,
        name: str,
        noted: Mapping[str, _Noted],
        edges: Counter[tuple[str, str]],
        *,
        whole: bool,
    ) -> None:
        if not noted:
            return
        graph, counts = self._counts(name)
        hierarchy = Hierarchy(self._table, graph, whole=whole, most=max(MANY, counts.total() // 4))
        touched = [_counted(hierarchy.named(iri), said) for iri, said in noted.items()]
        hierarchy.link(
            Counter(
                {
                    (hierarchy.named(child).id, hierarchy.named(parent).id): times
                    for (child, parent), times in edges.items()
                }
            )
        )
        stated = counts[STATED] + hierarchy.changed_counts()[STATED]
        if not whole and (stated > 0) != (counts[STATED] > 0):
            raise TooManyError  # what is at the top is now decided in another way
        settling = Settling(hierarchy, graph, stated=stated > 0)
        if whole:
            settling.settle_all()
        else:
            settling.settle(touched)
        counts.update(hierarchy.changed_counts())
        hierarchy.keep()
        self._keep(graph, name, counts)

    def _counts(self, name: str) -> tuple[int, Counter[str]]:
        asked = "SELECT id, counts FROM graph WHERE iri = ?"
        row = self._table.execute(asked, (name,)).fetchone()
        if row:
            return row[0], Counter(json.loads(row[1]))
        made = self._table.execute("INSERT INTO graph VALUES (NULL, ?, '{}', '{}')", (name,))
        return int(made.lastrowid or 0), Counter()

    def _keep(self, graph: int, name: str, counts: Counter[str]) -> None:
        if not +counts:
            self._table.execute("DELETE FROM graph WHERE id = ?", (graph,))
            return
        outline = json.dumps(_outline(self._table, graph, counts).to_json())
        row = (name, json.dumps(+counts), outline, graph)
        self._table.execute("UPDATE graph SET iri = ?, counts = ?, outline = ? WHERE id = ?", row)


def read_outlines(snapshot: Path) -> dict[URIRef, Outline]:
    """The outlines that a snapshot was published with, by graph; none in an older version's."""
    try:
        found = json.loads((snapshot / f"{OutlineProjection.name}.json").read_text())
    except FileNotFoundError:
        return {}
    return {URIRef(graph): Outline.from_json(outline) for graph, outline in found.items()}


def _opened(path: Path) -> sqlite3.Connection:
    path.mkdir(parents=True, exist_ok=True)
    table = sqlite3.connect(path / "table.sqlite", isolation_level=None, check_same_thread=False)
    try:
        # As with the RDF store, a process that dies loses nothing, and the disk is not waited for:
        # that takes longer than all the rest.
        table.execute("PRAGMA journal_mode = WAL")
        table.execute("PRAGMA synchronous = OFF")
        table.execute("PRAGMA cache_size = -65536")
        version = table.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"The outline has version {version}.")
        if version == 0:
            table.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    except BaseException:
        table.close()
        raise
    return table


def _noted(patch: Patch) -> tuple[dict[str, _Noted], Counter[tuple[str, str]]]:
    """What a change says of each concept, and what it states to be under what."""
    noted: defaultdict[str, _Noted] = defaultdict(_Noted)
    edges: Counter[tuple[str, str]] = Counter()
    for blocks, sign in ((patch.removed_blocks(), -1), (patch.added_blocks(), 1)):
        for block in blocks:
            for subject, relation, value in _statements(block):
                _note(noted, edges, (subject, relation, value), sign)
    return noted, edges


def _statements(block: bytes) -> Iterator[tuple[str, str, str]]:
    for found in _LINE.finditer(block):
        subject, relation, value = (part.decode() for part in found.groups())
        yield subject, relation, value
    for found in _ENDING.finditer(block):
        yield found[1].decode(), _ENDED, ""


def _note(
    noted: defaultdict[str, _Noted],
    edges: Counter[tuple[str, str]],
    statement: tuple[str, str, str],
    sign: int,
) -> None:
    """Take note of a statement that came (``sign`` 1) or went (-1).

    A concept is what is typed so and what takes part in the hierarchy, as in the search index; but
    what only the one below calls broader may be of another vocabulary, and is none.
    """
    subject, relation, value = statement
    about = noted[subject]
    if relation == _TYPE:
        about.said += sign * (value == _CONCEPT)
    elif relation == _ENDED:
        about.deprecated += sign
    elif relation in (_HAS_TOP, _TOP_OF):
        about = noted[value] if relation == _HAS_TOP else about
        about.said += sign
        about.top += sign
    else:
        other = noted[value]
        about.said += sign
        about.links += sign
        other.links += sign
        other.said += sign * (relation == _NARROWER)
        edges[(subject, value) if relation == _BROADER else (value, subject)] += sign


def _counted(spot: Spot, more: _Noted) -> Spot:
    spot.said += more.said
    spot.top += more.top
    spot.deprecated += more.deprecated
    spot.links += more.links
    return spot


def _outline(table: sqlite3.Connection, graph: int, counts: Counter[str]) -> Outline:
    placed = {int(kind): count for kind, count in counts.items() if kind.isdigit() and count}
    depths = tuple(placed.get(depth, 0) for depth in range(max(placed, default=-1) + 1))
    return Outline(
        depths,
        counts[UNPLACED],
        counts[ORPHANS],
        counts[DEPRECATED],
        _drawn(table, graph, sum(depths)),
    )


@dataclass(slots=True)
class _Opened:
    """A branch that is being drawn."""

    id: int
    concept: URIRef | None
    size: int
    depth: int
    below: list["_Opened"] = field(default_factory=list)
    others: int = 0
    rest: int = 0

    def closed(self) -> Branch:
        branches = tuple(below.closed() for below in self.below)
        return Branch(self.concept, self.size, branches, self.others, self.rest)


def _drawn(table: sqlite3.Connection, graph: int, size: int) -> Branch:
    """The biggest branches: the biggest that is closed is opened, as long as there is room."""
    top = _Opened(-graph, None, size, 0)
    waiting = [(-size, "", top)]
    room = BRANCHES
    while waiting:
        _, _, branch = heapq.heappop(waiting)
        most = min(WIDEST, room) if branch.depth < DEEPEST else 0
        _open(table, branch, most)
        room -= len(branch.below)
        for below in branch.below:
            heapq.heappush(waiting, (-below.size, str(below.concept), below))
    return top.closed()


def _open(table: sqlite3.Connection, branch: _Opened, most: int) -> None:
    if branch.size < 2 and branch.concept:
        return
    rows = table.execute(_BIGGEST, (branch.id, most)).fetchall() if most else ()
    branch.below = [_Opened(id_, URIRef(iri), size, branch.depth + 1) for id_, iri, size in rows]
    count = table.execute(_COUNT, (branch.id,)).fetchone()[0]
    branch.others = count - len(rows)
    own = 1 if branch.concept else 0
    branch.rest = branch.size - own - sum(below.size for below in branch.below)
