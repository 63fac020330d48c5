"""REST API: groups of a vocabulary, concepts without a place in its hierarchy, circles in it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vocab_server.api.parameters import window
from vocab_server.api.v1.shapes import concept_item, lens_of, linked, listed
from vocab_server.grouping import Grouped, list_circled, top_groups
from vocab_server.grouping import list_orphans as orphans
from vocab_server.reading import view
from vocab_server.skos.hierarchy import Lens

bp = Blueprint("api_structure", __name__, url_prefix="/api/v1/vocabularies/<identifier>")


@bp.get("/groups")
def list_groups(identifier: str) -> ResponseReturnValue:
    """The groups that are in no other, with those in them."""
    wanted, lens = window(), _lens(identifier)
    found, total = top_groups(lens, limit=wanted.limit, offset=wanted.offset)
    return listed(map(_group, found), total)


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


def _group(found: Grouped) -> dict[str, Any]:
    [named] = linked([found.item])
    return named | {
        "type": found.kind,
        "members": found.members,
        "groups": [_group(group) for group in found.groups],
        "groupsTotal": found.total,
    }
