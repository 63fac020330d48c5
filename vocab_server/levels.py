"""Levels of the tree: small ones read and sorted whole, big ones a page at a time from the index.

Why two ways: an exact order over fallback languages needs all names of a level at hand, which is
fast for hundreds of concepts and not for tens of thousands.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.reading import view
from vocab_server.search.lists import count_level, list_level
from vocab_server.search.places import STATED_TOP, TOP, top_of
from vocab_server.skos.hierarchy import Begun, Branch, Item, Lens, items, placed

WHOLE = 500  # concepts of a level that is read whole
PAGE = 200  # concepts of a big level that come at a time


@dataclass(frozen=True, slots=True)
class Level:
    """Some concepts of a level, in order, and how many it has in all."""

    items: tuple[Item, ...]
    total: int


def level(
    lens: Lens,
    parent: URIRef | None,
    *,
    offset: int = 0,
    limit: int = 0,
    scheme: URIRef | None = None,
    also: Collection[URIRef] = (),
) -> Level:
    """The concepts right under one, or those at the top of the vocabulary; no deprecated ones.

    As many as ``limit`` says, else all of a small level, of a big one PAGE, and after these what
    of a big one is to be there ``also``. The top are the stated top concepts, of one scheme if
    that is given, or where none is stated what nothing is above.
    """
    known = lens.levels.get(parent or scheme)
    if known is not None:
        return Level(known[offset : offset + (limit or WHOLE)], len(known))
    is_begin = not (limit or offset)
    begun = lens.begun.get(parent or scheme)
    if is_begin and begun is not None:
        return Level(_in_turn(lens, begun.first, also), begun.total)
    flag = _flag(lens, scheme)
    total = count_level(view().index, lens.graph, parent, flag=flag)
    if total > WHOLE:
        page = _listed(lens, parent, limit or PAGE, offset, flag)
        if is_begin:
            lens.remember_begun(parent or scheme, Begun(tuple(page), total))
        return Level(_in_turn(lens, page, also), total)
    if parent is None:
        found = placed(items(lens, _listed(lens, None, WHOLE, 0, flag)))
        lens.remember([(scheme, found)])
    else:
        found = _read(lens, {parent: total})[parent]
    return Level(found[offset : offset + (limit or WHOLE)], len(found))


def list_flagged(lens: Lens, flag: str, limit: int, offset: int) -> Level:
    """A page of the concepts that have a flag in the index, in order."""
    total = count_level(view().index, lens.graph, None, flag=flag)
    found = _listed(lens, None, limit, offset, flag)
    if len(found) < limit and not offset:  # all of them: in the exact order
        return Level(items(lens, found), total)
    return Level(_in_turn(lens, found), total)


def read_levels(lens: Lens, parents: Iterable[URIRef]) -> None:
    """Read the small levels under several concepts at once, for what asks for them next."""
    index = view().index
    unknown = [iri for iri in parents if iri not in lens.levels]
    totals = {iri: count_level(index, lens.graph, iri) for iri in unknown}
    _read(lens, {iri: total for iri, total in totals.items() if total <= WHOLE})


def _read(lens: Lens, totals: dict[URIRef, int]) -> dict[URIRef, tuple[Item, ...]]:
    """The levels under concepts of which we know how many each has."""
    full = [iri for iri, total in totals.items() if total]
    found = view().cards.levels(lens, full, sum(totals.values())) if full else {}
    read = {iri: found.get(iri, ()) for iri in totals}
    lens.remember(read.items())
    return read


def opened_tree(
    lens: Lens, paths: Iterable[Sequence[URIRef]] = (), scheme: URIRef | None = None
) -> Branch:
    """The tree from the top, open along paths, under a branch that stands for the vocabulary.

    Every level on the way is there with its first concepts, and with those on the paths.
    """
    wanted = [tuple(path) for path in paths]
    read_levels(lens, (iri for path in wanted for iri in path))
    return _open(lens, None, wanted, scheme)


def branch(lens: Lens, parent: URIRef | None, offset: int, scheme: URIRef | None = None) -> Branch:
    """A piece of one level, from ``offset`` on, with nothing under it opened."""
    found = level(lens, parent, offset=offset, scheme=scheme)
    item = Item(parent, Label("")) if parent else None
    return Branch(item, tuple(Branch(below) for below in found.items), found.total)


_Paths = Sequence[tuple[URIRef, ...]]


def _open(lens: Lens, item: Item | None, paths: _Paths, scheme: URIRef | None = None) -> Branch:
    """A branch with the level under it, in which is what the paths begin with, wherever it is."""
    first = {path[0] for path in paths if path}
    found = level(lens, item.iri if item else None, scheme=scheme, also=first)
    missing = first - {below.iri for below in found.items}
    listed = (*found.items, *items(lens, missing)) if missing else found.items
    branches = (_branch(lens, it, [p[1:] for p in paths if p[:1] == (it.iri,)]) for it in listed)
    return Branch(item, tuple(branches), found.total)


def _branch(lens: Lens, item: Item, paths: _Paths) -> Branch:
    return _open(lens, item, paths) if paths else Branch(item)


def _flag(lens: Lens, scheme: URIRef | None) -> str:
    """What is at the top: of a scheme, of any, or without a statement what nothing is above."""
    if scheme is not None:
        return top_of(scheme)
    return STATED_TOP if count_level(view().index, lens.graph, None, flag=STATED_TOP) else TOP


def _listed(
    lens: Lens, parent: URIRef | None, limit: int, offset: int, flag: str = TOP
) -> list[URIRef]:
    """A page of a level, in order; see ``list_level``."""
    return list_level(
        view().index,
        lens.graph,
        parent,
        _language(lens),
        limit=max(1, limit),
        offset=offset,
        flag=flag,
        by_notation=lens.by_notation,
    )


def _in_turn(
    lens: Lens, found: Iterable[URIRef], also: Collection[URIRef] = ()
) -> tuple[Item, ...]:
    """What lists show of concepts in the order that they were found in, then of others."""
    turns = dict.fromkeys((*found, *also))
    places = {item.iri: item for item in items(lens, turns)}
    return tuple(places[iri] for iri in turns if iri in places)


def _language(lens: Lens) -> str:
    return lens.languages[0] if lens.languages else lens.wanted
