"""The tree as a draft would have it, against what is published: what is new, moved, renamed, ended.

Only the ways to what the draft changes, so that it costs what changed and not what there is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from rdflib import URIRef

from vocab_server.database.drafts import Draft
from vocab_server.editing.rebasing import in_memory_if_small, net_change
from vocab_server.rdf.change import Change
from vocab_server.rdf.languages import order
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import (
    Link,
    content_language,
    document_url,
    lens_for,
    page_url,
    shown,
    shown_language,
    view,
    with_language,
)
from vocab_server.services import services
from vocab_server.skos.telling import Kind, Told, tell
from vocab_server.skos.trails import Steps
from vocab_server.web.draft_access import Opened, open_draft
from vocab_server.web.vocabularies import summary

bp = Blueprint("draft_tree", __name__)

SHOWN = 300  # concepts that changed
NEW, AGAIN, MOVED, RENAMED, CHANGED = "new", "again", "moved", "renamed", "changed"
ENDED, AWAY = "ended", "away"
MARKS = {
    NEW: _("new"),
    AGAIN: _("used again"),
    MOVED: _("moved to here"),
    RENAMED: _("renamed"),
    CHANGED: _("changed"),
    ENDED: _("no longer used"),
    AWAY: _("moved away from here"),
}
_ENDING = {Kind.MERGED, Kind.SPLIT, Kind.REPLACED, Kind.DEPRECATED, Kind.REMOVED}
_MOVING = {Kind.MOVED, Kind.PLACED, Kind.TAKEN}
_NAMING = {Kind.LABEL_ADDED, Kind.LABEL_CHANGED, Kind.LABEL_REMOVED}


@dataclass(slots=True)
class Node:
    """A concept on the way to something that changed; ``mark`` says what of it, if anything."""

    link: Link
    mark: str = ""
    below: dict[URIRef, "Node"] = field(default_factory=dict)

    def children(self) -> list["Node"]:
        """What is under it, in the order of the reader's content language."""
        language = content_language()
        return sorted(self.below.values(), key=lambda node: order(node.link.label.text, language))


@bp.get("/drafts/<int:number>/tree-changes")
def show(number: int) -> ResponseReturnValue:
    """What of the tree the draft changes."""
    opened = open_draft(number, to_edit=True, to_read=True)
    change = _net(opened.draft)
    marks = _marks(tell(change)) if change is not None else {}
    some = dict(list(marks.items())[:SHOWN])
    return render_template(
        "drafts/tree.html",
        draft=opened.draft,
        vocabulary=summary(opened.vocabulary),
        content_language=shown_language(lens_for(opened.draft.graph)),
        roots=_tree(opened, some).children(),
        left_out=len(marks) - len(some),
        is_too_big=change is None,
        marks=MARKS,
    )


def _net(draft: Draft) -> Change | None:
    """All that a draft changes, None when it is too much to be told."""
    with TemporaryDirectory(prefix="vocab-server-") as work:
        patch = in_memory_if_small(net_change(services().drafts, draft, Path(work)))
    return patch if isinstance(patch, Change) else None


def _marks(told: Iterable[Told]) -> dict[URIRef, str]:
    """What happened to each concept: the weightiest of what is told of it."""
    marks: dict[URIRef, str] = {}
    for item in told:
        if isinstance(item.concept, URIRef):
            marks.setdefault(item.concept, _mark(item))
    return marks


def _mark(item: Told) -> str:
    if item.kind in _ENDING:
        return ENDED
    if item.kind in _MOVING:
        return MOVED
    if item.kind in _NAMING and item.property == SKOS.prefLabel:
        return RENAMED
    return {Kind.CREATED: NEW, Kind.RESTORED: AGAIN}.get(item.kind, CHANGED)


def _tree(opened: Opened, marks: Mapping[URIRef, str]) -> Node:
    graph, published = opened.draft.graph, services().published.view()
    ended = [iri for iri, mark in marks.items() if mark == ENDED]
    moved = [iri for iri, mark in marks.items() if mark == MOVED]
    here = view().cards.ways(lens_for(graph), marks.keys() - set(ended))
    before = published.cards.ways(published.lens(graph, content_language()), [*ended, *moved])
    root = Node(Link("", shown(opened.vocabulary.title(()))))
    for iri, way in before.items():
        if way != here.get(iri):
            _grow(root, way, ENDED if iri in ended else AWAY, document_url)
    for iri, way in here.items():
        _grow(root, way, marks[iri], page_url)
    return root


def _grow(root: Node, way: Steps, mark: str, address: Callable[[str], str]) -> None:
    """Put a way into the tree, and the mark on its last concept."""
    node = root
    for iri, label in way:
        link = Link(with_language(address(iri)), shown(label), iri=iri)
        node = node.below.setdefault(iri, Node(link))
    node.mark = mark
