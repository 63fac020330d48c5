"""Pictures drawn on the server: what is around a concept, and how a vocabulary is built.

Each as a page with a table that says the same, and as a file to download (SVG 2). Bounded: what
there is no room for is counted in a box of its own.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext, ngettext
from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import is_iri
from vocab_server.reading import (
    Link,
    interface_language,
    lens_for,
    link,
    links,
    shown,
    shown_language,
    view,
    with_language,
)
from vocab_server.services import services
from vocab_server.skos.concepts import Concept, get_concept
from vocab_server.skos.hierarchy import Item, Lens, items
from vocab_server.skos.outline import Branch, Outline
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.concept_page import list_below, mapping_links
from vocab_server.web.drawing import (
    Group,
    Neighbourhood,
    Node,
    Part,
    Picture,
    draw_neighbourhood,
    draw_parts,
)
from vocab_server.web.vocabularies import summary

bp = Blueprint("pictures", __name__)

NARROWER = 12  # boxes under a concept
NEAR = 6  # boxes of any other kind in one column
UP = 3  # levels above a concept
STYLES = ("tokens.css", "picture.css")


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one relation to a concept, and how many more there are than are listed."""

    relation: str
    links: Sequence[Link]
    more: int = 0


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a vocabulary: what it is, what it is under, and how many concepts it has."""

    level: int
    name: Link
    under: Link | None
    size: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with what its page needs beside it; ``picture`` is None when nothing is there."""

    template: str
    name: str
    picture: Picture | None
    more: dict[str, object]


@bp.get("/vocabularies/<identifier>/picture")
def show(identifier: str) -> ResponseReturnValue:
    """The picture as a page, of the concept ``iri``, or of the vocabulary when none is given."""
    vocabulary = view().vocabulary(identifier)
    found = _shown(vocabulary)
    wanted = {name: request.args[name] for name in ("iri", "lang") if request.args.get(name)}
    return render_template(
        found.template,
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens_for(vocabulary.graph)),
        picture=found.picture,
        file=f"{request.script_root}{request.path}.svg{_query(wanted)}",
        keep_parameters={name: value for name, value in wanted.items() if name != "lang"},
        **found.more,
    )


def _query(parameters: dict[str, str]) -> str:
    return f"?{urlencode(parameters)}" if parameters else ""


@bp.get("/vocabularies/<identifier>/picture.svg")
def download(identifier: str) -> ResponseReturnValue:
    """The picture as a file. It brings its style along, and can run nothing."""
    vocabulary = view().vocabulary(identifier)
    found = _shown(vocabulary)
    picture = found.picture or Picture(found.name, 1, 1)
    style = _style(current_app.static_folder or "")
    drawn = render_template(
        "pictures/file.svg", picture=picture, style=style, base=services().settings.base
    )
    response = Response(drawn, content_type="image/svg+xml; charset=utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )
    response.headers["Content-Disposition"] = f'inline; filename="{identifier}.svg"'
    response.headers["Content-Language"] = interface_language()
    response.vary.update(("Accept-Language", "Cookie"))
    return response


@cache
def _style(folder: str) -> str:
    return "\n".join((Path(folder) / name).read_text("utf-8") for name in STYLES)


def _shown(vocabulary: Vocabulary) -> Shown:
    iri = request.args.get("iri", "").strip()
    if not is_iri(iri):
        raise InvalidError("Give the address of a concept as ?iri=, with special signs encoded.")
    if not iri or URIRef(iri) in {scheme.iri for scheme in vocabulary.schemes}:
        return _of_vocabulary(vocabulary)
    lens = lens_for(vocabulary.graph)
    return _of_concept(lens, get_concept(lens, URIRef(iri)))


def _of_concept(lens: Lens, concept: Concept) -> Shown:
    below, total = list_below(lens, concept, limit=NARROWER)
    found = _around(concept, below, total)
    name = shown(concept.label)
    page = link(Item(concept.iri, concept.label, ", ".join(concept.notations)))
    here = Node(name, page.href, _state(concept.is_deprecated), "current")
    beside = [Group(found.related.relation, _nodes(found.related, NEAR, page.href), "related")]
    beside += [Group(gettext("In other vocabularies"), _mapped(found.mapped, page.href), "mapped")]
    below_nodes = _nodes(found.below, NARROWER, page.href)
    levels, edges = _levels(concept, page.href)
    title = gettext("What is around %(name)s", name=name.text)
    picture = draw_neighbourhood(
        Neighbourhood(
            title,
            Group(gettext("This concept"), [here]),
            levels,
            edges,
            Group(found.below.relation, below_nodes) if below_nodes else None,
            [group for group in beside if group.nodes],
        )
    )
    rows = [found.broader, found.below, found.related, *found.mapped]
    more: dict[str, object] = {
        "concept": page,
        "paths": [links(path) for path in concept.paths if path],
        "rows": [row for row in rows if row.links],
    }
    return Shown("pictures/concept.html", title, picture, more)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a concept, by relation."""

    broader: Row
    below: Row
    related: Row
    mapped: list[Row]


def _around(concept: Concept, below: Sequence[Item], total: int) -> _Around:
    narrower = ngettext("Narrower concept", "Narrower concepts", total)
    return _Around(
        _row(
            ngettext("Broader concept", "Broader concepts", len(concept.broader)), concept.broader
        ),
        _row(narrower if concept.is_concept else gettext("Members"), below, total),
        _row(
            ngettext("Related concept", "Related concepts", len(concept.related)), concept.related
        ),
        [Row(heading, named) for heading, named in mapping_links(concept.mappings)],
    )


def _row(relation: str, found: Sequence[Item], total: int | None = None) -> Row:
    return Row(relation, links(found), (total or len(found)) - len(found))


def _nodes(row: Row, most: int, page: str) -> list[Node]:
    """A box for each link that there is room for, and one for all others."""
    named = [_node(found) for found in row.links[:most]]
    return _with_more(named, len(row.links) - len(named) + row.more, page)


def _with_more(named: list[Node], more: int, page: str) -> list[Node]:
    if more <= 0:
        return named
    text = gettext("and %(count)s more", count=format_decimal(more))
    return [*named, Node(_own(text), page, kind="more")]


def _node(found: Link, note: str = "") -> Node:
    return Node(found.label, found.href, note or _state(found.deprecated))


def _mapped(rows: Iterable[Row], page: str) -> list[Node]:
    found = [_node(linked, row.relation) for row in rows for linked in row.links]
    return _with_more(found[:NEAR], len(found) - NEAR, page)


def _state(is_deprecated: bool) -> str:
    return str(gettext("No longer used")) if is_deprecated else ""


def _own(text: str) -> Label:
    """A text of the interface, as labels are written."""
    return Label(text, interface_language())


def _levels(
    concept: Concept, page: str
) -> tuple[list[Group], list[tuple[tuple[int, int], tuple[int, int]]]]:
    """What is above a concept, level by level, and which box is over which."""
    nearest = _distances(concept)
    known = {item.iri: item for path in concept.paths for item in path}
    groups, places = [], {concept.iri: (-1, 0)}
    for distance in range(1, UP + 1):
        level = [iri for iri, steps in nearest.items() if steps == distance]
        if not level:
            break
        places |= {iri: (distance - 1, place) for place, iri in enumerate(level[:NEAR])}
        named = [_node(link(known[iri])) for iri in level[:NEAR]]
        groups.append(Group(_caption(distance), _with_more(named, len(level) - NEAR, page)))
    if groups and max(nearest.values()) > UP:  # how many is not known: ways are cut at the top
        top = groups[-1]
        more = Node(_own(gettext("more above")), page, kind="more")
        groups[-1] = Group(top.caption, [*top.nodes, more])
    return groups, sorted(_edges(concept, places))


def _distances(concept: Concept) -> dict[URIRef, int]:
    """How many steps each concept of the paths is above, on the shortest way; nearest first."""
    found: dict[URIRef, int] = {}
    for path in concept.paths:
        for steps, item in enumerate(reversed(path), 1):
            found[item.iri] = min(steps, found.get(item.iri, steps))
    return dict(sorted(found.items(), key=lambda each: each[1]))


def _edges(
    concept: Concept, places: dict[URIRef, tuple[int, int]]
) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    found = set()
    for path in concept.paths:
        steps = [*(item.iri for item in path), concept.iri]
        for upper, lower in pairwise(steps):
            if upper in places and lower in places and places[upper][0] >= places[lower][0]:
                found.add((places[upper], places[lower]))
    return found


def _caption(distance: int) -> str:
    levels = ngettext("%(num)s level up", "%(num)s levels up", distance)
    return str(gettext("Broader") if distance == 1 else levels)


def _of_vocabulary(vocabulary: Vocabulary) -> Shown:
    lens = lens_for(vocabulary.graph)
    title = vocabulary.title(lens.languages)
    name = gettext("How %(name)s is built", name=title.text)
    outline = view().outlines.get(vocabulary.graph)
    rows: list[PartRow] = []
    picture = None
    if outline and (outline.top.size or outline.unplaced):
        named = {item.iri: link(item) for item in items(lens, _concepts(outline.top))}
        top = Link(
            with_language(url_for("vocabularies.show", identifier=vocabulary.id)), shown(title)
        )
        whole = _whole(outline, top, named)
        picture = draw_parts(name, whole)
        rows = list(_rows(outline, top, named))
    more: dict[str, object] = {"outline": outline, "rows": rows}
    return Shown("pictures/vocabulary.html", name, picture, more)


def _concepts(branch: Branch) -> Iterable[URIRef]:
    for below in branch.branches:
        if below.concept:
            yield below.concept
        yield from _concepts(below)


def _whole(outline: Outline, top: Link, named: dict[URIRef, Link]) -> Part:
    parts = _parts(outline.top, top, named)
    size = outline.top.size + outline.unplaced
    if outline.unplaced:
        parts.append(_part(Link("", _own(gettext("In no tree"))), outline.unplaced, kind="outside"))
    return _part(top, size, parts, "current")


def _parts(branch: Branch, name: Link, named: dict[URIRef, Link]) -> list[Part]:
    found = []
    for below in branch.branches:
        if below.concept:
            lower = named[below.concept]
            found.append(_part(lower, below.size, _parts(below, lower, named)))
    if branch.branches and branch.others:
        found.append(_part(_others(branch, name), branch.rest, kind="more"))
    return found


def _part(name: Link, size: int, parts: Sequence[Part] = (), kind: str = "") -> Part:
    return Part(Node(name.label, name.href, format_decimal(size), kind), size, parts)


def _others(branch: Branch, name: Link) -> Link:
    """What stands for the smaller branches that have no box of their own."""
    text = gettext("and %(count)s more", count=format_decimal(branch.others))
    return Link(name.href, _own(text))


def _rows(outline: Outline, top: Link, named: dict[URIRef, Link]) -> Iterable[PartRow]:
    yield from _rows_below(outline.top, None, top, named, 1)
    if outline.unplaced:
        yield PartRow(1, Link("", _own(gettext("In no tree"))), None, outline.unplaced)


def _rows_below(
    branch: Branch, under: Link | None, name: Link, named: dict[URIRef, Link], level: int
) -> Iterable[PartRow]:
    for below in branch.branches:
        if below.concept:
            lower = named[below.concept]
            yield PartRow(level, lower, under, below.size)
            yield from _rows_below(below, lower, lower, named, level + 1)
    if branch.branches and branch.others:
        yield PartRow(level, _others(branch, name), under, branch.rest)
