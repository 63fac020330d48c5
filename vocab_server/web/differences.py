"""What changed between two releases of a vocabulary, or a release and now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.database.log import ChangeLog
from vocab_server.editing.differences import MOST, Difference, composed, difference
from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.gone import mask_of, told_without
from vocab_server.rdf.change import Patch
from vocab_server.rdf.formats import content_type, get_format
from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import bind, is_iri
from vocab_server.rdf.rdf_patch import MEDIA_TYPE as PATCH
from vocab_server.rdf.rdf_patch import patch_rows
from vocab_server.reading import (
    Link,
    Page,
    document_url,
    lens_for,
    page_number,
    shown,
    shown_language,
    view,
    with_language,
)
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of, to_label
from vocab_server.skos.releases import CURRENT, number_at
from vocab_server.skos.telling import Told, named_in
from vocab_server.skos.told_groups import Group, group_of
from vocab_server.skos.told_json import item_json
from vocab_server.skos.told_rdf import told_graph
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.snapshots import number_of
from vocab_server.web.releases import (
    FOR_EVER,
    HTML,
    JSON,
    RDF,
    diff_url,
    releases_of,
    wanted_form,
)
from vocab_server.web.told_names import group_name, told_name
from vocab_server.web.vocabularies import summary

bp = Blueprint("differences", __name__)

ROWS = 100  # things that changed on a page
LISTED, LARGEST = 20, 1000  # things in one answer as JSON, as in the REST API
_THERE = "SELECT DISTINCT ?s WHERE { VALUES ?s { $wanted } GRAPH $graph { ?s ?p ?o } }"


@bp.get("/vocabularies/<identifier>/diff")
def choose(identifier: str) -> ResponseReturnValue:
    """From the form that asks for two releases to what changed between them."""
    vocabulary = view().vocabulary(identifier)
    start, end = request.args.get("from", ""), request.args.get("to", CURRENT)
    for name in (start, end):
        number_at(releases_of(vocabulary), name, 0)
    return redirect(with_language(diff_url(vocabulary, start, end)), HTTPStatus.SEE_OTHER)


@bp.get("/vocabularies/<identifier>/diff/<start>..<end>")
def show(identifier: str, start: str, end: str) -> ResponseReturnValue:
    """What changed, as a page, as JSON, as RDF or as an RDF Patch."""
    vocabulary = view().vocabulary(identifier)
    releases, now = releases_of(vocabulary), number_of(view().path)
    first, last = (number_at(releases, name, now) for name in (start, end))
    media_type = wanted_form((HTML, JSON, *RDF, PATCH))
    if media_type == PATCH:
        response = _patch(vocabulary.graph, first, last)
    else:
        found = difference(services().log, vocabulary.graph, first, last)
        response = _answer(media_type, found, vocabulary, start, end)
    if CURRENT not in (start, end) and media_type != HTML:
        response.headers["Cache-Control"] = FOR_EVER
    response.vary.add("Accept")
    return response


def _answer(
    media_type: str, found: Difference, vocabulary: Vocabulary, start: str, end: str
) -> Response:
    if media_type == HTML:
        return make_response(_page(found, vocabulary, start, end))
    if media_type == JSON:
        return _json(found, vocabulary, start, end)
    return _rdf(media_type, found, vocabulary, start, end)


def _rdf(
    media_type: str, found: Difference, vocabulary: Vocabulary, start: str, end: str
) -> Response:
    """A part of what changed as change sets; who is given a part is told where the next one is.

    Raises TooLargeError when there is too much to be told.
    """
    if found.groups is None:
        raise TooLargeError(
            "More than %(most)s statements changed: too much to tell. The RDF Patch has all of it.",
            most=MOST,
        )
    limit, offset = _part(LARGEST)
    items = list(enumerate(_chosen(found, vocabulary.graph), 1))
    address = URIRef(services().settings.base + diff_url(vocabulary, start, end))
    graph = told_graph(address, items[offset : offset + limit])
    written = graph.serialize(format=get_format(media_type).name, encoding="utf-8")
    response = Response(written, content_type=content_type(media_type))
    if offset + limit < len(items):
        following = {**request.args.to_dict(), "offset": offset + limit, "limit": limit}
        response.headers["Link"] = f'<{address}?{urlencode(following)}>; rel="next"'
    return response


def _part(otherwise: int) -> tuple[int, int]:
    """How many items are asked for, and how many are left out first."""
    limit = min(max(1, request.args.get("limit", otherwise, type=int)), LARGEST)
    return limit, max(0, request.args.get("offset", 0, type=int))


def _patch(graph: URIRef, first: int, last: int) -> Response:
    response = Response(content_type=PATCH)
    response.set_etag(f"{first}-{last}")
    if request.method == "HEAD":
        response.automatically_set_content_length = False
    else:
        response.response = _patch_rows(services().log, graph, first, last, mask_of(graph))
    return response


def _patch_rows(
    log: ChangeLog, graph: URIRef, first: int, last: int, mask: Callable[[Patch], Patch]
) -> Iterator[bytes]:
    with composed(log, graph, first, last) as patch:
        yield from patch_rows(mask(patch), {"id": graph})


def _json(found: Difference, vocabulary: Vocabulary, start: str, end: str) -> Response:
    limit, offset = _part(LISTED)
    items = _chosen(found, vocabulary.graph)
    part = items[offset : offset + limit]
    return jsonify(
        {
            "vocabulary": vocabulary.id,
            "from": start,
            "to": end,
            "added": found.added,
            "removed": found.removed,
            "counts": found.counts(),
            "total": None if found.groups is None else len(items),
            "items": [item_json(group_of(item), item) for item in part],
        }
    )


def _chosen(found: Difference, graph: URIRef) -> list[Told]:
    """The items of the group that is asked for as ``?group=``, or of all."""
    wanted = request.args.get("group", "")
    if wanted and wanted not in list(Group):
        raise InvalidError(
            "There is no group %(wanted)r. The groups are: %(group)s.",
            wanted=wanted,
            group=", ".join(Group),
        )
    groups = found.groups or {}
    chosen = (item for group in groups if wanted in ("", group) for item in groups[group])
    return told_without(graph, chosen)


@dataclass(frozen=True, slots=True)
class Value:
    """A text, or with an address a link; IRIs that nothing here has are written out."""

    label: Label | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that changed, as the page shows it."""

    group: str
    what: str
    property: str
    concept: Value
    before: list[Value]
    after: list[Value]
    texts: list[Value]


@dataclass(frozen=True, slots=True)
class KindLink:
    """The way to the changes of one group, or with no count to all."""

    text: str
    href: str
    current: bool
    count: int | None = None


def _kinds(found: Difference) -> list[KindLink]:
    chosen = request.args.get("group", "")
    return [
        KindLink(gettext("All changes"), with_language(request.path), not chosen),
        *(
            KindLink(
                group_name(group),
                with_language(f"{request.path}?group={group}"),
                chosen == group,
                count,
            )
            for group, count in found.counts().items()
        ),
    ]


def _page(found: Difference, vocabulary: Vocabulary, start: str, end: str) -> str:
    items, number = _chosen(found, vocabulary.graph), page_number()
    lens = lens_for(vocabulary.graph)
    part = items[(number - 1) * ROWS : number * ROWS]
    return render_template(
        "releases/diff.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        difference=found,
        start=start,
        end=end,
        current=CURRENT,
        most=MOST,
        kinds=_kinds(found),
        chosen=request.args.get("group", ""),
        here_url=request.path,
        groups=_grouped(_rows(part, vocabulary.graph, lens.languages)),
        page=Page(part, number, ROWS, len(items)),
    )


def _grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    return [(name, list(found)) for name, found in groupby(rows, lambda row: row.group)]


def _rows(part: Sequence[Told], graph: URIRef, languages: Sequence[str]) -> Iterator[Row]:
    """The rows, with two queries for all that they name."""
    named = {iri for iri in named_in(part) if is_iri(iri)}
    labels = labels_of(view().store, named, languages, graph)
    there = set(labels)
    if missing := sorted(named - there):
        rows = view().store.select(bind(_THERE, wanted=missing, graph=graph))
        there |= {URIRef(row["s"]) for row in rows}
    for item in part:
        yield Row(
            group=group_name(group_of(item)),
            what=told_name(item.kind),
            property=local_name(URIRef(item.property)) if item.property else "",
            concept=_value(item.concept, labels, there),
            before=_values(item.before, labels, there),
            after=_values(item.after, labels, there),
            texts=_values(item.texts, labels, there),
        )


def _values(
    terms: Iterable[Identifier], labels: Mapping[URIRef, Label], there: set[URIRef]
) -> list[Value]:
    return [_value(term, labels, there) for term in terms]


def _value(term: Identifier, labels: Mapping[URIRef, Label], there: set[URIRef]) -> Value:
    if isinstance(term, Literal):
        return Value(label=shown(to_label(term)))
    iri = URIRef(term)
    label = shown(labels.get(iri) or Label(local_name(iri)))
    href = with_language(document_url(iri)) if iri in there else ""
    return Value(link=Link(href, label, iri=iri))
