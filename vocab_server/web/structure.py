"""Pages beside the hierarchy of a vocabulary: groups, concepts without a place, circles."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from vocab_server.grouping import PAGE, Grouped, list_circled, list_orphans, top_groups
from vocab_server.reading import (
    Link,
    Page,
    lens_for,
    link,
    links,
    page_number,
    shown_language,
    view,
)
from vocab_server.skos.hierarchy import Lens
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.vocabularies import NAMES, summary

bp = Blueprint("structure", __name__)


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group in the tree of groups; ``more`` are those in it that are on its own page only."""

    link: Link
    members: int
    groups: list["GroupNode"]
    more: int


@bp.get("/vocabularies/<identifier>/groups")
def groups(identifier: str) -> ResponseReturnValue:
    """The groups of a vocabulary as a tree, with how many members each has."""
    vocabulary = view().vocabulary(identifier)
    lens, number = lens_for(vocabulary.graph), page_number()
    found, total = top_groups(lens, offset=(number - 1) * PAGE)
    page = Page(_nodes(found), number, PAGE, total)
    return _shown("vocabularies/groups.html", vocabulary, lens, page)


@bp.get("/vocabularies/<identifier>/orphans")
def orphans(identifier: str) -> ResponseReturnValue:
    """The concepts that nothing is above and no scheme has at its top."""
    vocabulary = view().vocabulary(identifier)
    lens, number = lens_for(vocabulary.graph), page_number()
    found = list_orphans(lens, limit=NAMES, offset=(number - 1) * NAMES)
    page = Page(links(found.items), number, NAMES, found.total)
    return _shown("vocabularies/orphans.html", vocabulary, lens, page)


@bp.get("/vocabularies/<identifier>/circles")
def circles(identifier: str) -> ResponseReturnValue:
    """The concepts that are above themselves, circle by circle."""
    vocabulary = view().vocabulary(identifier)
    lens, number = lens_for(vocabulary.graph), page_number()
    found, total = list_circled(lens, limit=NAMES, offset=(number - 1) * NAMES)
    page = Page([links(circle) for circle in found], number, NAMES, total)
    return _shown("vocabularies/circles.html", vocabulary, lens, page)


def _shown(template: str, vocabulary: Vocabulary, lens: Lens, page: Page) -> str:
    return render_template(
        template,
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        page=page,
    )


def _nodes(groups: Iterable[Grouped]) -> list[GroupNode]:
    return [
        GroupNode(link(g.item), g.members, _nodes(g.groups), g.total - len(g.groups))
        for g in groups
    ]
