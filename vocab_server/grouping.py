"""Groups as pages and programs are given them: in alphabetical order, with what is in them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rdflib import URIRef

from vocab_server.levels import Level, list_flagged
from vocab_server.rdf.namespaces import ISOTHES
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.lists import count_level
from vocab_server.search.places import ORPHAN, STATED_TOP, member_of
from vocab_server.skos.groups import Group
from vocab_server.skos.hierarchy import Item, Lens, items

PAGE = 100  # groups that are in no other on a page
WHOLE = 1_000  # groups of a level, or members of a group, that are read whole and sorted
MOST = 1_000  # groups on a page, with those in them
DEPTH = 20  # levels of groups in groups on a page
ARRAYS = 100  # thesaurus arrays under a concept that are shown
IN_ARRAYS = 500  # members of all of them together that are shown

_MEMBERS = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { $group skos:member ?concept
    FILTER (isIRI(?concept) && ?concept != $group) } }
    ORDER BY ?concept LIMIT LIMIT_ OFFSET FROM_"""
_ARRAYS = f"""SELECT ?array ?member WHERE {{ GRAPH $graph {{
    {{ SELECT DISTINCT ?array WHERE {{
        {{ ?array iso-thes:superOrdinate $concept }}
        UNION {{ $concept iso-thes:subordinateArray ?array }} }} LIMIT {ARRAYS} }}
    OPTIONAL {{ ?array skos:member|(skos:memberList/rdf:rest*/rdf:first) ?member }} }} }}
    LIMIT {IN_ARRAYS}"""


@dataclass(frozen=True, slots=True)
class Grouped:
    """A group in a list, with the groups in it as far as there is room."""

    item: Item
    kind: URIRef
    members: int
    total: int  # groups in it
    groups: tuple["Grouped", ...] = ()


@dataclass(frozen=True, slots=True)
class Array:
    """A thesaurus array: a node label and the concepts that stand under it (ISO 25964-1, 11.2)."""

    item: Item
    members: tuple[Item, ...]


def top_groups(lens: Lens, *, limit: int = PAGE, offset: int = 0) -> tuple[list[Grouped], int]:
    """A page of the groups that are in no other, with those in them, and how many there are.

    In alphabetical order, up to WHOLE of them.
    """
    structure = view().structure
    found, total = structure.list_top_groups(lens.graph, WHOLE, 0)
    if total > WHOLE:
        found, _ = structure.list_top_groups(lens.graph, limit, offset)
        return _with_groups(lens, _in_order(lens, found)), total
    return _with_groups(lens, _in_order(lens, found)[offset : offset + limit]), total


def groups_in(lens: Lens, iri: URIRef) -> list[Grouped]:
    """The groups right in one, in alphabetical order, at most WHOLE."""
    found = view().structure.list_groups_in(lens.graph, [iri], WHOLE)
    return _in_order(lens, found.get(iri, ()))


def groups_around(lens: Lens, iri: URIRef) -> tuple[Item, ...]:
    """The groups that a group is right in, in alphabetical order, at most WHOLE."""
    return items(lens, view().structure.list_groups_around(lens.graph, iri, WHOLE))


def _in_order(lens: Lens, groups: Iterable[Group]) -> list[Grouped]:
    known = {group.iri: group for group in groups}
    return [
        Grouped(item, group.kind, group.members, group.groups)
        for item in items(lens, known)
        if (group := known[item.iri])
    ]


def _with_groups(lens: Lens, found: list[Grouped]) -> list[Grouped]:
    """The groups with those in them: one look-up a level, until DEPTH or MOST is reached."""
    inside: dict[URIRef, list[Grouped]] = {}
    level, room = found, MOST - len(found)
    for _ in range(DEPTH):
        above = [g.item.iri for g in level if g.total and g.item.iri not in inside]
        if not above or room <= 0:
            break
        read = view().structure.list_groups_in(lens.graph, above, room)
        level = _in_order(lens, (group for groups in read.values() for group in groups))
        for iri, groups in read.items():
            wanted = {group.iri for group in groups}
            inside[iri] = [group for group in level if group.item.iri in wanted]
            room -= len(groups)
    return [_grown(group, inside) for group in found]


def _grown(group: Grouped, inside: dict[URIRef, list[Grouped]]) -> Grouped:
    """A group with those in it; what is in it is shown once, should it be in several."""
    below = inside.pop(group.item.iri, [])
    return replace(group, groups=tuple(_grown(lower, inside) for lower in below))


def list_members(lens: Lens, iri: URIRef, *, limit: int, offset: int = 0) -> Level:
    """A page of the members of a collection, groups in it too, and how many there are in all.

    An ordered collection keeps its own order (SKOS Reference, 9.1); others are alphabetical, and
    those with more than WHOLE members come from the index, without the deprecated ones.
    """
    ordered, total = view().structure.list_ordered(lens.graph, iri, limit, offset)
    if total:
        shown = {item.iri: item for item in items(lens, ordered)}
        return Level(tuple(shown[member] for member in ordered), total)
    if count_level(view().index, lens.graph, None, flag=member_of(iri)) > WHOLE:
        return list_flagged(lens, member_of(iri), limit, offset)
    group = view().structure.find_group(lens.graph, iri)
    if group and group.members > WHOLE:  # most of them described elsewhere
        return Level(items(lens, _stated(lens, iri, limit, offset)), group.members)
    found = items(lens, _stated(lens, iri, WHOLE, 0))
    return Level(found[offset : offset + limit], len(found))


def _stated(lens: Lens, iri: URIRef, limit: int, offset: int) -> list[URIRef]:
    asked = _MEMBERS.replace("LIMIT_", str(limit)).replace("FROM_", str(offset))
    rows = lens.store.select(bind(asked, graph=lens.graph, group=iri))
    return [URIRef(row["concept"]) for row in rows]


def list_orphans(lens: Lens, *, limit: int, offset: int = 0) -> Level:
    """A page of the concepts that nothing is above and no scheme has at its top.

    None where no scheme says what is at its top: then they are the top.
    """
    if not count_level(view().index, lens.graph, None, flag=STATED_TOP):
        return Level((), 0)
    return list_flagged(lens, ORPHAN, limit, offset)


def count_orphans(graph: URIRef) -> int:
    """How many concepts ``list_orphans`` has."""
    index = view().index
    stated = count_level(index, graph, None, flag=STATED_TOP)
    return count_level(index, graph, None, flag=ORPHAN) if stated else 0


def list_circled(lens: Lens, *, limit: int, offset: int = 0) -> tuple[list[list[Item]], int]:
    """A page of the concepts that are above themselves, circle by circle, and how many there are.

    Each circle in its own order, from a concept to what is above it.
    """
    found = view().structure.list_circled(lens.graph, limit, offset)
    shown = {item.iri: item for item in items(lens, (iri for _, iri in found))}
    circles: dict[int, list[Item]] = {}
    for number, iri in found:
        circles.setdefault(number, []).append(shown[iri])
    return list(circles.values()), view().structure.count_circled(lens.graph)


def arrays_under(lens: Lens, concept: URIRef) -> tuple[Array, ...]:
    """The thesaurus arrays whose superordinate concept this is, with their members; one query."""
    if not lens.may_have(ISOTHES.superOrdinate, ISOTHES.subordinateArray):
        return ()
    members: dict[URIRef, set[URIRef]] = {}
    for row in lens.store.select(bind(_ARRAYS, graph=lens.graph, concept=concept)):
        found = members.setdefault(URIRef(row["array"]), set())
        if isinstance(row.get("member"), URIRef):
            found.add(URIRef(row["member"]))
    shown = items(lens, [*members, *(iri for found in members.values() for iri in found)])
    return tuple(
        Array(item, tuple(m for m in shown if m.iri in members[item.iri] and not m.is_deprecated))
        for item in shown
        if item.iri in members
    )
