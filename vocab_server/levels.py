"""Levels of the tree: small ones read and sorted whole, big ones a page at a time from the index.

Why two ways: an exact order over fallback languages needs all names of a level at hand, which is
fast for hundreds of concepts and not for tens of thousands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import URIRef

from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import view
from vocab_server.search.lists import count_level, list_level
from vocab_server.skos.hierarchy import Branch, Item, Lens, items, narrower, top_concepts

WHOLE = 500  # concepts of a level that is read whole
PAGE = 200  # concepts of a big level that come at a time


@dataclass(frozen=True, slots=True)
class Level:
    """Some concepts of a level, in order, and how many it has in all."""

    items: tuple[Item, ...]
    total: int


def level(lens: Lens, parent: URIRef | None, *, offset: int = 0, limit: int = WHOLE) -> Level:
    """The concepts right under one, or those at the top of the vocabulary; no deprecated ones.

    All of a small level, of a big one at most PAGE from ``offset`` on. The top are the stated top
    concepts, or where none is stated what has nothing above it.
    """
    known = lens.levels.get(parent)
    if known is not None:
        return Level(known[offset : offset + limit], len(known))
    total = count_level(view().index, lens.graph, parent)
    if parent is None and 0 < _stated_tops(lens) <= WHOLE:
        tops = top_concepts(lens)
        return Level(tops[offset : offset + limit], len(tops))
    if parent is not None and total <= WHOLE:
        found = narrower(lens, [parent])[parent] if total else ()
        return Level(found[offset : offset + limit], len(found))
    if total <= WHOLE:
        tops = _unstated_tops(lens, total)
        return Level(tops[offset : offset + limit], total)
    return Level(_from_index(lens, parent, min(limit, PAGE), offset), total)


def level_page(lens: Lens, parent: URIRef | None, *, offset: int, limit: int) -> Level:
    """As ``level``, but as many concepts as are asked for, of a big level too."""
    found = level(lens, parent, offset=offset, limit=limit)
    listed = list(found.items)
    while len(listed) < min(limit, found.total - offset):
        more = level(lens, parent, offset=offset + len(listed), limit=limit - len(listed)).items
        if not more:
            break
        listed += more
    return Level(tuple(listed), found.total)


def long_level(lens: Lens, parent: URIRef | None, *, offset: int = 0, limit: int) -> Level:
    """Up to ``limit`` concepts of a level, put together from as many pieces as it takes."""
    found = level(lens, parent, offset=offset, limit=limit)
    listed = list(found.items)
    while found.items and len(listed) < min(limit, found.total - offset):
        start, room = offset + len(listed), limit - len(listed)
        found = level(lens, parent, offset=start, limit=room)
        listed += found.items
    return Level(tuple(listed), found.total)


def read_levels(lens: Lens, parents: Iterable[URIRef]) -> None:
    """Read the small levels under several concepts in one query, for what asks for them next."""
    index = view().index
    unknown = [iri for iri in parents if iri not in lens.levels]
    narrower(lens, [i for i in unknown if 0 < count_level(index, lens.graph, i) <= WHOLE])


def opened_tree(lens: Lens, path: Sequence[URIRef] = ()) -> Branch:
    """The tree from the top, open along a path, under a branch that stands for the vocabulary.

    Every level on the way is there with its first concepts, and with the one on the path.
    """
    read_levels(lens, path)
    top = level(lens, None)
    return Branch(None, _branches(lens, top, path), top.total)


def branch(lens: Lens, parent: URIRef | None, offset: int) -> Branch:
    """A piece of one level, from ``offset`` on, with nothing under it opened."""
    found = level(lens, parent, offset=offset)
    item = Item(parent, Label("")) if parent else None
    return Branch(item, tuple(Branch(below) for below in found.items), found.total)


def _branches(lens: Lens, found: Level, path: Sequence[URIRef]) -> tuple[Branch, ...]:
    listed = found.items
    if path and path[0] not in {item.iri for item in listed}:
        listed = (*listed, *items(lens, path[:1]))
    return tuple(_branch(lens, item, path) for item in listed)


def _branch(lens: Lens, item: Item, path: Sequence[URIRef]) -> Branch:
    if not path or item.iri != path[0]:
        return Branch(item)
    below = level(lens, item.iri)
    return Branch(item, _branches(lens, below, path[1:]), below.total)


def _stated_tops(lens: Lens) -> int:
    stated = view().statistics(lens.graph).properties
    return max(stated[str(SKOS.hasTopConcept)], stated[str(SKOS.topConceptOf)])


def _unstated_tops(lens: Lens, total: int) -> tuple[Item, ...]:
    if None not in lens.levels:
        found = list_level(view().index, lens.graph, None, _language(lens), limit=max(1, total))
        lens.levels[None] = items(lens, found)
    return lens.levels[None]


def _from_index(lens: Lens, parent: URIRef | None, limit: int, offset: int) -> tuple[Item, ...]:
    language = _language(lens)
    found = list_level(view().index, lens.graph, parent, language, limit=limit, offset=offset)
    shown = {item.iri: item for item in items(lens, found)}
    return tuple(shown[iri] for iri in dict.fromkeys(found))


def _language(lens: Lens) -> str:
    return lens.languages[0] if lens.languages else lens.wanted
