"""REST API: groups and names of a vocabulary, concepts without a place in it, circles in it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vocab_server.api.parameters import window
from vocab_server.api.v1.shapes import concept_item, language, lens_of, linked, listed
from vocab_server.errors import NotFoundError
from vocab_server.grouping import Grouped, list_circled, top_groups
from vocab_server.grouping import list_orphans as orphans
from vocab_server.reading import view
from vocab_server.search.lists import Listed, first_letter, letters
from vocab_server.search.lists import list_names as names_under
from vocab_server.skos.hierarchy import Item, Lens, items

bp = Blueprint("api_structure", __name__, url_prefix="/api/v1/vocabularies/<identifier>")


@bp.get("/groups")
def list_groups(identifier: str) -> ResponseReturnValue:
    """The groups that are in no other, with those in them."""
    wanted, lens = window(), _lens(identifier)
    found, total = top_groups(lens, limit=wanted.limit, offset=wanted.offset)
    return listed(map(_group, found), total)


@bp.get("/index", defaults={"letter": ""})
@bp.get("/index/<letter>")
def list_names(identifier: str, letter: str) -> ResponseReturnValue:
    """The names under one letter, in the order of the wanted language."""
    wanted, lens = window(), _lens(identifier)
    spoken = lens.languages[0] if lens.languages else language()
    found = letters(view().index, lens.graph, spoken)
    letter = letter or first_letter(found)
    if letter and letter not in found:
        raise NotFoundError(f"Nothing in {identifier!r} has a name under the letter {letter!r}.")
    names, total = names_under(
        view().index, lens.graph, spoken, letter, limit=wanted.limit, offset=wanted.offset
    )
    there = {item.iri: item for item in items(lens, (name.concept for name in names))}
    told = (_named(there[name.concept], name) for name in names)
    return listed(told, total, letter=letter, letters=list(found))


@bp.get("/orphans")
def list_orphans(identifier: str) -> ResponseReturnValue:
    """The concepts that nothing is above and no scheme has at its top."""
    wanted, lens = window(), _lens(identifier)
    found = orphans(lens, limit=wanted.limit, offset=wanted.offset)
    return listed(map(concept_item, found.items), found.total)


@bp.get("/circles")
def list_circles(identifier: str) -> ResponseReturnValue:
    """The concepts that are above themselves, circle by circle; ``total`` counts concepts."""
    wanted, lens = window(), _lens(identifier)
    found, total = list_circled(lens, limit=wanted.limit, offset=wanted.offset)
    return listed(({"concepts": linked(circle)} for circle in found), total)


def _lens(identifier: str) -> Lens:
    return lens_of(view().vocabulary(identifier).graph)


def _named(item: Item, name: Listed) -> dict[str, Any]:
    return concept_item(item) | {"name": {"text": name.text, "property": name.property}}


def _group(found: Grouped) -> dict[str, Any]:
    [named] = linked([found.item])
    return named | {
        "type": found.kind,
        "members": found.members,
        "groups": [_group(group) for group in found.groups],
        "groupsTotal": found.total,
    }
