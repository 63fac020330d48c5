"""The hierarchy: what is above a concept, what is under it, and what is at the top.

A vocabulary may state only skos:broader, only skos:narrower, or both; each implies the other
(SKOS Reference S25), so every question here asks both ways.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Protocol

from rdflib import Literal, URIRef

from vocab_server.rdf.languages import Label, notation_order, order, resolve
from vocab_server.rdf.query import bind
from vocab_server.skos.labels import labels_of, to_label
from vocab_server.store.base import Reader, Row

PATHS = 20  # paths to the top that are shown
OPENED = 10_000  # concepts in opened levels that are remembered for a vocabulary in a language
BEGUN = 50  # bigger levels whose beginning is remembered for the same
KNOWN = 5_000  # concepts that are remembered for a vocabulary in a language
DEPTH = 60  # levels that are followed upward
WIDTH = 200  # concepts of one level that are followed upward

_UP = """SELECT DISTINCT ?concept ?broader WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    { ?concept skos:broader ?broader } UNION { ?broader skos:narrower ?concept }
    FILTER EXISTS { ?broader ?known ?value } } }"""
_DOWN = """SELECT DISTINCT ?parent ?concept WHERE { GRAPH $graph { VALUES ?parent { $parents }
    { ?concept skos:broader ?parent } UNION { ?parent skos:narrower ?concept }
    FILTER NOT EXISTS { ?concept owl:deprecated true } } }"""
# What a list shows of a concept, in one query: the engine takes less than half the time of three.
_SHOWN = """OPTIONAL { ?concept skos:prefLabel ?label FILTER (LANG(?label) = $language) }
    OPTIONAL { ?concept skos:notation ?notation }
    OPTIONAL { ?concept owl:deprecated ?deprecated }
    OPTIONAL { ?concept sh:order ?order }
    BIND (EXISTS { ?concept skos:narrower|^skos:broader ?below } AS ?narrower)"""
_LEVELS = f"""SELECT ?parent ?concept ?label ?notation ?narrower ?deprecated ?order WHERE {{
    GRAPH $graph {{
    VALUES ?parent {{ $parents }}
    {{ ?concept skos:broader ?parent }} UNION {{ ?parent skos:narrower ?concept }}
    {_SHOWN} }} }}"""
_ABOUT = f"""SELECT ?concept ?label ?notation ?narrower ?deprecated ?order WHERE {{ GRAPH $graph {{
    VALUES ?concept {{ $concepts }}
    {_SHOWN} }} }}"""


@dataclass(frozen=True, slots=True)
class Item:
    """A concept in a list: enough to show it and to go on from it."""

    iri: URIRef
    label: Label
    notation: str = ""
    has_narrower: bool = False
    is_deprecated: bool = False
    is_known: bool = True  # whether we hold anything about it
    place: Decimal | None = None  # among the concepts beside it, where a curator gave it one


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in an opened tree, with the branches under it that are open.

    ``total`` is how many narrower concepts an open one has, of which some may not be there.
    The branch that all others are under has no concept.
    """

    item: Item | None
    branches: tuple["Branch", ...] = ()
    total: int = 0


class Listed(Protocol):
    """What lists show of concepts, kept where it is found quicker than by queries."""

    def items(self, lens: "Lens", concepts: Iterable[URIRef]) -> dict[URIRef, Item]:
        """Those of the concepts that are kept."""
        ...

    def above(self, graph: URIRef, concepts: Iterable[URIRef]) -> dict[URIRef, frozenset[URIRef]]:
        """What stands right above those of the concepts that are kept."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """What a big level begins with, in order, and how many concepts it has in all."""

    first: tuple[URIRef, ...]
    total: int


@dataclass(slots=True)
class Lens:
    """What all questions about one vocabulary share: where it is and in which languages to show it.

    ``languages`` is the chain of ``rdf.languages.chain``; its first language decides the order,
    unless that is by notation. What ``listed`` has is not asked of the store. ``properties`` are
    those that the vocabulary uses; None where nobody knows.
    """

    store: Reader
    graph: URIRef
    languages: Sequence[str]
    wanted: str
    by_notation: bool = False
    listed: Listed | None = None
    properties: Set[str] | None = None
    levels: dict[URIRef | None, tuple[Item, ...]] = field(default_factory=dict)
    begun: dict[URIRef | None, Begun] = field(default_factory=dict)  # levels that are too big
    known: dict[URIRef, Item] = field(default_factory=dict)
    above: dict[URIRef, frozenset[URIRef]] = field(default_factory=dict)
    steps: dict[URIRef, URIRef | None] = field(default_factory=dict)  # one broader concept each
    names: dict[URIRef, Label] = field(default_factory=dict)

    def may_have(self, *properties: URIRef) -> bool:
        """Whether the vocabulary uses any of the properties, or nobody knows."""
        return self.properties is None or any(str(each) in self.properties for each in properties)

    def remember(self, levels: Iterable[tuple[URIRef | None, tuple[Item, ...]]]) -> None:
        """Keep opened levels; with too many concepts in all, those that were kept go."""
        held = list(self.levels.values())  # other threads add to it
        if len(held) + sum(map(len, held)) > OPENED:
            self.levels = {}
        self.levels.update(levels)

    def remember_begun(self, above: URIRef | None, begun: Begun) -> None:
        """Keep what a big level begins with; with too many of these, those that were kept go."""
        if len(self.begun) >= BEGUN:
            self.begun = {}
        self.begun[above] = begun


def items(lens: Lens, concepts: Iterable[URIRef]) -> tuple[Item, ...]:
    """The concepts with what lists show of them, in alphabetical order of the wanted language.

    By notation where the vocabulary goes by that.
    """
    wanted = dict.fromkeys(concepts)
    made = [item for iri in wanted if (item := lens.known.get(iri))]
    unknown = sorted(wanted.keys() - {item.iri for item in made})
    if unknown:
        read = _read_items(lens, unknown)
        made += read
        if len(lens.known) > KNOWN:
            lens.known = {}
        lens.known.update((item.iri, item) for item in read)
    return _sorted(lens, made)


def in_order(lens: Lens, found: Iterable[Item]) -> tuple[Item, ...]:
    """The concepts of a level in the curator's order, then by name or notation."""
    return placed(_sorted(lens, found))


def _sorted(lens: Lens, found: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(found, key=lambda item: _place(lens, item)))


def _place(lens: Lens, item: Item) -> tuple[bool, str, bytes, str]:
    """What sorts a concept among others; those without a notation go last where that counts."""
    notation = item.notation if lens.by_notation else ""
    is_last = lens.by_notation and not notation
    return is_last, notation_order(notation), order(item.label.text, lens.wanted), item.iri


def _read_items(lens: Lens, listed: Sequence[URIRef]) -> list[Item]:
    found = lens.listed.items(lens, listed) if lens.listed else {}
    others = [iri for iri in listed if iri not in found]
    if not others:
        return [*found.values()]
    query = bind(_ABOUT, graph=lens.graph, concepts=others, language=_first_language(lens))
    return [*found.values(), *_made(lens, lens.store.select(query))]


def _first_language(lens: Lens) -> Literal:
    return Literal(lens.languages[0] if lens.languages else lens.wanted)


def _made(lens: Lens, rows: Iterable[Row]) -> list[Item]:
    """The items that rows of _ABOUT or _LEVELS tell of.

    Labels in the first language came with the rows; what has none is looked up.
    """
    about: dict[URIRef, list[Row]] = defaultdict(list)
    for row in rows:
        about[URIRef(row["concept"])].append(row)
    labels = {
        iri: resolve([to_label(row["label"]) for row in found if "label" in row], lens.languages)
        for iri, found in about.items()
    }
    missing = [iri for iri, label in labels.items() if label is None]
    if missing:
        labels |= labels_of(lens.store, missing, lens.languages, lens.graph)
    return [_item(iri, labels[iri], found) for iri, found in about.items()]


def _item(iri: URIRef, label: Label | None, rows: Sequence[Row]) -> Item:
    return Item(
        iri=iri,
        label=label or Label(local_name(iri)),
        notation=min((str(row["notation"]) for row in rows if "notation" in row), default=""),
        has_narrower=str(rows[0]["narrower"]) == "true",
        is_deprecated=any(str(row.get("deprecated")) == "true" for row in rows),
        is_known=label is not None,
        place=min(
            (place for row in rows if (place := to_place(row.get("order"))) is not None),
            default=None,
        ),
    )


def to_place(value: object) -> Decimal | None:
    """The place that sh:order gives a concept among those beside it (SHACL: a decimal), or None."""
    try:
        place = Decimal(str(value))
    except InvalidOperation:
        return None
    return place if place.is_finite() else None


def placed(found: Iterable[Item]) -> tuple[Item, ...]:
    """Items in the curator's order; those without a place stay as they are, after the others."""
    return tuple(sorted(found, key=lambda item: (item.place is None, item.place or Decimal(0))))


def local_name(iri: str) -> str:
    """The last part of an IRI, for what has no label in any language."""
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or iri


def narrower(lens: Lens, parents: Sequence[URIRef]) -> dict[URIRef, tuple[Item, ...]]:
    """The narrower concepts of each parent, one query for all parents.

    In the curator's order, then in alphabetical order. Deprecated concepts are left out.
    """
    known = lens.levels
    found = {parent: known[parent] for parent in parents if parent in known}
    unknown = [parent for parent in parents if parent not in found]
    if unknown:
        below = _read_levels(lens, unknown)
        read = {parent: below.get(parent, ()) for parent in unknown}
        lens.remember(read.items())
        found |= read
    return found


def _read_levels(lens: Lens, parents: Sequence[URIRef]) -> dict[URIRef, tuple[Item, ...]]:
    language = _first_language(lens)
    rows = lens.store.select(bind(_LEVELS, graph=lens.graph, parents=parents, language=language))
    made = {item.iri: item for item in _made(lens, rows) if not item.is_deprecated}
    below: dict[URIRef, set[URIRef]] = defaultdict(set)
    for row in rows:
        below[URIRef(row["parent"])].add(URIRef(row["concept"]))
    return {
        parent: in_order(lens, (made[iri] for iri in found if iri in made and iri != parent))
        for parent, found in below.items()
    }


def paths_to_top(lens: Lens, concept: URIRef) -> list[list[URIRef]]:
    """The paths from the top of the hierarchy down to a concept, shortest first.

    Each path starts with a concept that has nothing above it and ends with the one asked for; at
    most PATHS of them, and of each the last DEPTH levels. A cycle ends a path.
    """
    higher_up = above(lens, concept)
    found: list[list[URIRef]] = []
    waiting = [[concept]]
    while waiting and len(found) < PATHS:
        path = waiting.pop(0)
        higher = sorted(iri for iri in higher_up.get(path[0], ()) if iri not in path)
        if not higher:
            found.append(path)
        waiting.extend([iri, *path] for iri in higher)
        del waiting[PATHS * PATHS :]
    return found


def above(lens: Lens, concept: URIRef) -> dict[URIRef, frozenset[URIRef]]:
    """What stands right above a concept, and above that, level by level."""
    found: dict[URIRef, frozenset[URIRef]] = {}
    level = [concept]
    for _ in range(DEPTH):
        if not level:
            break
        found |= _right_above(lens, level)
        higher = {broader for each in level for broader in found[each]}
        level = sorted(higher - found.keys())[:WIDTH]
    return found


def below(lens: Lens, concept: URIRef, limit: int) -> dict[URIRef, set[URIRef]]:
    """A concept and what stands under it, level by level, with what stands right under each.

    At most ``limit`` concepts, the nearest first; deprecated ones are left out. One query a level.
    """
    found: dict[URIRef, set[URIRef]] = {concept: set()}
    level = [concept]
    while level:
        asked = bind(f"{_DOWN} LIMIT {limit}", graph=lens.graph, parents=level)
        level = []
        for row in lens.store.select(asked):
            lower = URIRef(row["concept"])
            if lower not in found and len(found) < limit:
                found[lower] = set()
                level.append(lower)
            if lower in found:
                found[URIRef(row["parent"])].add(lower)
    return found


def _right_above(lens: Lens, concepts: Sequence[URIRef]) -> dict[URIRef, frozenset[URIRef]]:
    """What stands right above each concept: one query for those that nobody asked for before."""
    known = lens.above  # another thread may begin a new one
    found = {iri: known[iri] for iri in concepts if iri in known}
    if lens.listed:
        found |= lens.listed.above(lens.graph, (iri for iri in concepts if iri not in found))
    unknown = [iri for iri in concepts if iri not in found]
    if unknown:
        broader: dict[URIRef, set[URIRef]] = defaultdict(set)
        for row in lens.store.select(bind(_UP, graph=lens.graph, concepts=unknown)):
            broader[URIRef(row["concept"])].add(URIRef(row["broader"]))
        read = {iri: frozenset(broader.get(iri, ())) for iri in unknown}
        if len(lens.above) > KNOWN:
            lens.above = {}
        lens.above.update(read)
        found |= read
    return found
