"""Groups, lists and circles of a snapshot, a page at a time, as ``skos.structure`` found them."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from vocab_server.skos.structure import TABLES


@dataclass(frozen=True, slots=True)
class Group:
    """A collection or thesaurus array; ``members`` and ``groups`` say how many are in it."""

    iri: URIRef
    kind: URIRef
    members: int
    groups: int


_GROUP = """SELECT g.iri, g.kind, g.members,
    (SELECT COUNT(*) FROM inside AS i WHERE i.graph = g.graph AND i.higher = g.iri)"""


class Structure:
    """The structure in a snapshot's directory, for reading by any thread."""

    def __init__(self, snapshot: Path) -> None:
        file = snapshot / "structure" / "data.sqlite"
        name = f"{file.absolute().as_uri()}?mode=ro&immutable=1" if file.exists() else ":memory:"
        self._database = sqlite3.connect(name, uri=True, check_same_thread=False)
        if not file.exists():  # published before there was any
            self._database.executescript(TABLES)

    def count_groups(self, graph: URIRef) -> int:
        """How many groups a graph has."""
        return self._number("SELECT COUNT(*) FROM groups WHERE graph = ?", graph)

    def count_circled(self, graph: URIRef) -> int:
        """How many concepts of a graph are above themselves."""
        return self._number("SELECT COUNT(*) FROM circles WHERE graph = ?", graph)

    def is_circled(self, graph: URIRef, concept: URIRef) -> bool:
        """Whether a concept is above itself."""
        asked = "SELECT COUNT(*) FROM circles WHERE graph = ? AND concept = ?"
        return bool(self._number(asked, graph, concept))

    def is_by_notation(self, graph: URIRef) -> bool:
        """Whether the notations of a graph say where concepts stand."""
        return bool(self._number("SELECT COUNT(*) FROM notations WHERE graph = ?", graph))

    def find_group(self, graph: URIRef, iri: URIRef) -> Group | None:
        """A group, or None when there is none of this name."""
        found = self._groups("FROM groups AS g WHERE g.graph = ? AND g.iri = ?", graph, iri)
        return found[0] if found else None

    def list_top_groups(self, graph: URIRef, limit: int, offset: int) -> tuple[list[Group], int]:
        """A page of the groups that are in no other, by IRI, and how many there are."""
        total = self._number("SELECT COUNT(*) FROM groups WHERE graph = ? AND is_top", graph)
        asked = "FROM groups AS g WHERE g.graph = ? AND g.is_top ORDER BY g.iri LIMIT ? OFFSET ?"
        return self._groups(asked, graph, limit, offset), total

    def list_groups_in(
        self, graph: URIRef, groups: Sequence[URIRef], limit: int
    ) -> dict[URIRef, list[Group]]:
        """The groups right in each of several, at most ``limit`` of all together."""
        if not groups:
            return {}
        marks = ", ".join("?" * len(groups))
        rows = self._database.execute(
            f"{_GROUP}, n.higher FROM inside AS n JOIN groups AS g"
            f" ON g.graph = n.graph AND g.iri = n.lower WHERE n.graph = ? AND n.higher IN ({marks})"
            " ORDER BY n.higher, g.iri LIMIT ?",
            (graph, *groups, limit),
        ).fetchall()
        found: dict[URIRef, list[Group]] = {}
        for iri, kind, members, inside, higher in rows:
            group = Group(URIRef(iri), URIRef(kind), members, inside)
            found.setdefault(URIRef(higher), []).append(group)
        return found

    def list_groups_around(self, graph: URIRef, iri: URIRef, limit: int) -> list[URIRef]:
        """The groups that a group is right in."""
        asked = "SELECT higher FROM inside WHERE graph = ? AND lower = ? ORDER BY higher LIMIT ?"
        rows = self._database.execute(asked, (graph, iri, limit)).fetchall()
        return [URIRef(higher) for (higher,) in rows]

    def list_ordered(
        self, graph: URIRef, iri: URIRef, limit: int, offset: int
    ) -> tuple[list[URIRef], int]:
        """A page of the members of an ordered collection, in its order, and how many there are."""
        total = self._number("SELECT COUNT(*) FROM listed WHERE graph = ? AND iri = ?", graph, iri)
        asked = """SELECT member FROM listed WHERE graph = ? AND iri = ? AND place >= ?
            ORDER BY place LIMIT ?"""
        rows = self._database.execute(asked, (graph, iri, offset, limit)).fetchall()
        return [URIRef(member) for (member,) in rows], total

    def list_circled(self, graph: URIRef, limit: int, offset: int) -> list[tuple[int, URIRef]]:
        """A page of the concepts that are above themselves, each with the number of its circle."""
        asked = """SELECT circle, concept FROM circles WHERE graph = ? AND place >= ?
            ORDER BY place LIMIT ?"""
        rows = self._database.execute(asked, (graph, offset, limit)).fetchall()
        return [(circle, URIRef(concept)) for circle, concept in rows]

    def _number(self, query: str, *values: object) -> int:
        [(number,)] = self._database.execute(query, values).fetchall()
        return int(number)

    def _groups(self, query: str, *values: object) -> list[Group]:
        rows = self._database.execute(f"{_GROUP} {query}", values).fetchall()
        return [Group(URIRef(iri), URIRef(kind), members, n) for iri, kind, members, n in rows]
