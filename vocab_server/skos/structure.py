"""What stands beside the levels of a hierarchy, found at commit so that no request looks for it.

Groups and what is in which (SKOS Reference, 9; ISO 25964 as iso-thes), the members of ordered
collections in their order, circles, and whether notations give the order of concepts.
"""

import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

from rdflib import URIRef

from vocab_server.rdf.change import Patch
from vocab_server.rdf.graph_names import is_of_catalogs
from vocab_server.rdf.namespaces import ISOTHES, SKOS
from vocab_server.rdf.query import Value, bind
from vocab_server.skos.circles import find_circles
from vocab_server.skos.touched import FEW, Touched, read_touched
from vocab_server.store.base import Reader, Row, Store

KINDS = (
    SKOS.OrderedCollection,
    ISOTHES.ThesaurusArray,
    ISOTHES.ConceptGroup,
    SKOS.Collection,
)
SAMPLE = 2_000  # pairs of a concept and a broader one that are looked at for their notations
VERSION = "1"  # of the tables; another one makes them be made anew
TABLES = """
CREATE TABLE groups (graph, iri, kind, members INTEGER, is_top INTEGER, PRIMARY KEY (graph, iri));
CREATE TABLE inside (graph, higher, lower, PRIMARY KEY (graph, higher, lower));
CREATE TABLE listed (graph, iri, place INTEGER, member, PRIMARY KEY (graph, iri, place));
CREATE TABLE circles (graph, place INTEGER, circle INTEGER, concept, PRIMARY KEY (graph, place));
CREATE TABLE notations (graph PRIMARY KEY);
CREATE INDEX by_lower ON inside (graph, lower);
CREATE INDEX by_concept ON circles (graph, concept);
"""
_KINDS = "skos:Collection skos:OrderedCollection iso-thes:ConceptGroup iso-thes:ThesaurusArray"
CLIMBED = 5_000  # concepts whose ways up are read one by one; more make all edges be read
_GROUPS = f"""SELECT DISTINCT ?group ?kind WHERE {{ GRAPH $graph {{ CHOSEN
    {{ VALUES ?kind {{ {_KINDS} }} ?group a ?kind }}
    UNION {{ ?group skos:memberList ?list BIND (skos:OrderedCollection AS ?kind) }} }} }}"""
_SIZES = """SELECT ?group (COUNT(DISTINCT ?member) AS ?members) WHERE { GRAPH $graph { CHOSEN
    ?group skos:member ?member } } GROUP BY ?group"""
_LISTS = """SELECT ?group ?node ?member ?next WHERE { GRAPH $graph { CHOSEN
    ?group skos:memberList/rdf:rest* ?node . ?node rdf:first ?member ; rdf:rest ?next } }"""
_INSIDE = f"""SELECT DISTINCT ?higher ?lower WHERE {{ GRAPH $graph {{
    {{ VALUES ?kind {{ {_KINDS} }} ?lower a ?kind . ?higher skos:member ?lower }}
    UNION {{ ?higher iso-thes:subGroup ?lower }} UNION {{ ?lower iso-thes:superGroup ?higher }} }}
    FILTER (isIRI(?higher) && isIRI(?lower)) }}"""
_EDGES = """SELECT DISTINCT ?concept ?broader WHERE { GRAPH $graph { CHOSEN
    { ?concept skos:broader ?broader } UNION { ?broader skos:narrower ?concept }
    FILTER (isIRI(?concept) && isIRI(?broader)) } }"""
_UP = """SELECT DISTINCT ?concept ?broader WHERE { GRAPH $graph { VALUES ?start { $chosen }
    ?start (skos:broader|^skos:narrower)* ?concept . ?concept skos:broader|^skos:narrower ?broader
    FILTER (isIRI(?concept) && isIRI(?broader)) } }"""
_NOTATIONS = f"""SELECT ?above ?below WHERE {{ GRAPH $graph {{ {{ SELECT ?concept ?below WHERE {{
    ?concept skos:notation ?below }} LIMIT {SAMPLE} }}
    ?concept skos:broader|^skos:narrower ?broader . ?broader skos:notation ?above }} }}"""


_COUNTED = re.compile(r"\W?[^\W\d]{0,2}\d")  # digits, after two letters at most


class StructureProjection:
    """The structure of all graphs, in ``directory``/structure.

    The database file is never changed in place, so that a snapshot is a link to it.
    """

    name = "structure"
    takes_each = False

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        self._file, self._position = self._path / "data.sqlite", self._path / "position"
        try:
            self._number = self._read_position()
        except (OSError, ValueError):  # new, damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._path.mkdir(parents=True)
            self._number = 0
            with self._edited() as database:
                database.executescript(TABLES)

    def position(self) -> int:
        """The number of the last change that is taken in."""
        return self._number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: finding waits for the store."""

    def apply(self, patch: Patch, number: int, store: Store) -> None:
        """Look again at what a change touched, as the store now describes it."""
        touched = read_touched(patch)
        if touched and not is_of_catalogs(patch.graph):
            with self._edited() as database:
                _follow(_Rows(database, patch.graph), touched, store)
        unfinished = self._position.with_suffix(".new")
        unfinished.write_text(f"{VERSION} {number}")
        unfinished.replace(self._position)
        self._number = number

    def snapshot(self, directory: Path) -> None:
        """Link the database, which is never changed in place, into a snapshot's directory."""
        target = directory / self.name
        target.mkdir()
        (target / self._file.name).hardlink_to(self._file)
        if self._position.exists():
            (target / self._position.name).hardlink_to(self._position)

    def close(self) -> None:
        """Nothing is held open."""

    def _read_position(self) -> int:
        version, number = self._position.read_text().split()
        if version != VERSION or not self._file.exists():
            raise ValueError(version)
        return int(number)

    @contextmanager
    def _edited(self) -> Iterator[sqlite3.Connection]:
        """A copy of the database, which takes its place at the end."""
        copy = self._file.with_suffix(".new")
        copy.unlink(missing_ok=True)
        if self._file.exists():
            shutil.copyfile(self._file, copy)
        with closing(sqlite3.connect(copy)) as database, database:
            database.execute("PRAGMA journal_mode = MEMORY")
            yield database
        copy.replace(self._file)


class _Rows:
    """The rows of one graph in the database."""

    def __init__(self, database: sqlite3.Connection, graph: URIRef) -> None:
        self._database = database
        self.graph = graph

    def all(self, query: str) -> list[tuple[str, ...]]:
        return self._database.execute(query, (self.graph,)).fetchall()

    def delete(self, table: str, only: set[str] | None = None) -> None:
        if only is None:
            self._database.execute(f"DELETE FROM {table} WHERE graph = ?", (self.graph,))  # noqa: S608  (our own names)
        else:
            rows = [(self.graph, iri) for iri in only]
            self._database.executemany(f"DELETE FROM {table} WHERE graph = ? AND iri = ?", rows)  # noqa: S608

    def mark_tops(self, groups: list[str]) -> None:
        self._database.execute("UPDATE groups SET is_top = 0 WHERE graph = ?", (self.graph,))
        rows = [(self.graph, iri) for iri in groups]
        self._database.executemany("UPDATE groups SET is_top = 1 WHERE graph = ? AND iri = ?", rows)

    def insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            marks = ", ".join("?" * (len(rows[0]) + 1))
            full = [(self.graph, *row) for row in rows]
            self._database.executemany(f"INSERT INTO {table} VALUES ({marks})", full)  # noqa: S608


def _follow(rows: _Rows, touched: Touched, store: Reader) -> None:
    if touched.groups or touched.has_lists:
        only = None if touched.has_lists or len(touched.groups) > FEW else touched.groups
        _follow_groups(rows, store, only)
    if touched.has_edges:
        _follow_circles(rows, store, touched.lower)
    if touched.has_edges or touched.has_notations:
        rows.delete("notations")
        rows.insert("notations", [()] if _is_by_notation(store, rows.graph) else [])


def _ask(store: Reader, query: str, graph: URIRef, only: set[str] | None, name: str) -> list[Row]:
    """The rows of a query, about the chosen resources only."""
    values: dict[str, Value] = {"graph": graph}
    if only is not None:
        values["chosen"] = [URIRef(iri) for iri in sorted(only)]
    chosen = "" if only is None else f"VALUES ?{name} {{ $chosen }}"
    return store.select(bind(query.replace("CHOSEN", chosen), **values))


def _follow_groups(rows: _Rows, store: Reader, only: set[str] | None) -> None:
    kinds: dict[str, set[URIRef]] = defaultdict(set)
    for row in _ask(store, _GROUPS, rows.graph, only, "group"):
        kinds[str(row["group"])].add(URIRef(row["kind"]))
    sizes = {
        str(row["group"]): int(str(row["members"]))
        for row in _ask(store, _SIZES, rows.graph, only, "group")
    }
    lists = _read_lists(_ask(store, _LISTS, rows.graph, only, "group"))
    for table in ("groups", "listed"):
        rows.delete(table, only)
    rows.insert(
        "groups",
        [
            (iri, next(kind for kind in KINDS if kind in found), _size(iri, sizes, lists), 0)
            for iri, found in kinds.items()
        ],
    )
    for iri, members in lists.items():
        rows.insert("listed", [(iri, place, member) for place, member in enumerate(members)])
    rows.delete("inside")
    found = store.select(bind(_INSIDE, graph=rows.graph))
    rows.insert("inside", [(str(row["higher"]), str(row["lower"])) for row in found])
    _mark_tops(rows)


def _size(iri: str, sizes: dict[str, int], lists: dict[str, list[str]]) -> int:
    return len(lists[iri]) if lists.get(iri) else sizes.get(iri, 0)


def _read_lists(found: list[Row]) -> dict[str, list[str]]:
    """The members of each list in their order; a list that comes back to itself ends there."""
    nodes: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in found:
        nodes[str(row["group"])][str(row["node"])] = (str(row["member"]), str(row["next"]))
    return {group: _in_order(following) for group, following in nodes.items()}


def _in_order(following: dict[str, tuple[str, str]]) -> list[str]:
    after = {end for _, end in following.values()}
    node = next((start for start in following if start not in after), min(following))
    members: list[str] = []
    while node in following:
        member, node = following.pop(node)
        members.append(member)
    return members


def _mark_tops(rows: _Rows) -> None:
    """Mark the groups to begin with: those in no other, and those in a circle of groups."""
    groups = {iri for (iri,) in rows.all("SELECT iri FROM groups WHERE graph = ?")}
    inside: dict[str, set[str]] = defaultdict(set)
    for higher, lower in rows.all("SELECT higher, lower FROM inside WHERE graph = ?"):
        if higher in groups:
            inside[lower].add(higher)
    circled = {iri for circle in find_circles(inside) for iri in circle}
    tops = [iri for iri in groups if not inside[iri] or iri in circled]
    rows.mark_tops(tops)


def _follow_circles(rows: _Rows, store: Reader, lower: set[str]) -> None:
    """Look for circles again: a new one goes through a new edge, an old one is known."""
    if len(lower) > CLIMBED:
        queries = [bind(_EDGES.replace("CHOSEN", ""), graph=rows.graph)]
    else:
        known = {iri for (iri,) in rows.all("SELECT concept FROM circles WHERE graph = ?")}
        here = _EDGES.replace("CHOSEN", "VALUES ?concept { $chosen }")
        queries = [
            bind(query, graph=rows.graph, chosen=[URIRef(iri) for iri in sorted(chosen)])
            for query, chosen in ((here, known), (_UP, lower))
            if chosen
        ]
    broader: dict[str, set[str]] = defaultdict(set)
    for query in queries:
        for concept, above in _read_edges(store, query):
            broader[concept].add(above)
    circles = find_circles(broader)
    members = [(number, iri) for number, circle in enumerate(circles) for iri in circle]
    rows.delete("circles")
    rows.insert("circles", [(place, *member) for place, member in enumerate(members)])


def _read_edges(store: Reader, query: str) -> Iterator[tuple[str, str]]:
    """The pairs of IRIs that a query gives, read as text: five times as fast as terms."""
    found = BytesIO()
    store.write(query, "text/tab-separated-values", found)
    for line in found.getvalue().decode().splitlines()[1:]:
        concept, _, broader = line.partition("\t")
        if concept.startswith("<") and broader.startswith("<"):
            yield concept[1:-1], broader[1:-1]


def _is_by_notation(store: Reader, graph: URIRef) -> bool:
    """Whether notations say where concepts stand, as those of classifications do.

    That is so when most of them go on from the notation above: 01.1 from 01, 03110000-1 from
    03100000-2. Numbers that only identify, as those of many thesauri, say nothing about order,
    nor do codes that are short names: AGRI-01.
    """
    pairs = [
        (str(row["above"]), str(row["below"]))
        for row in store.select(bind(_NOTATIONS, graph=graph))
    ]
    stems = [(above.partition("-")[0].rstrip("0. "), below) for above, below in pairs]
    going_on = sum(below.startswith(stem) and bool(_COUNTED.match(below)) for stem, below in stems)
    return going_on > len(pairs) / 2
