"""Feeds of what is new, changed and deprecated: Atom for people, ActivityStreams for programs.

Atom (RFC 4287) in pages (RFC 5005, 3). ActivityStreams 2.0 as the Entity Metadata Management API
1.0 uses it; what a first import brings undated is one Add of the vocabulary.

Both go by when a change was noted here, newest first, so that who reads up to what is known misses
nothing that comes in late with an old date.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.__version__ import __version__
from vocab_server.api.atom import XML_LANG, feed_answer, link, neighbours, say
from vocab_server.errors import NotFoundError
from vocab_server.rdf.dates import write_time
from vocab_server.rdf.languages import Label, chain, display_tag
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import (
    Page,
    content_language,
    document_url,
    interface_language,
    page_number,
    view,
)
from vocab_server.recent import ACTIVITIES, ATOM, Found, Recent, asked, kind_name, recent, sentence
from vocab_server.search.change_lists import Wanted
from vocab_server.search.changes import By
from vocab_server.services import services
from vocab_server.skos.history import Kind
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("feeds", __name__, url_prefix="/feeds")

ENTRIES = 50  # on a page of a feed
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://emm-spec.org/1.0/context.json"]
TYPES = {
    Kind.NEW: "Create",
    Kind.CHANGED: "Update",
    Kind.DEPRECATED: "Deprecate",
    Kind.REMOVED: "Delete",
    Kind.IMPORTED: "Add",
}
_KEPT = ("since", "until", "kind", "lang")  # parameters that choose what is in a feed


@bp.get("/changes.atom", defaults={"identifier": None})
@bp.get("/<identifier>/changes.atom")
def atom(identifier: str | None) -> ResponseReturnValue:
    """The changes of one vocabulary or of all, newest first, as an Atom feed."""
    vocabularies = _vocabularies(identifier)
    wanted = asked(vocabularies, By.NOTED)
    page, found = _page(wanted, vocabularies)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", XML_LANG: interface_language()})
    say(feed, "id", _address("feeds.atom", identifier))
    say(feed, "title", *_title(identifier, vocabularies))
    say(feed, "updated", _updated(wanted))
    say(SubElement(feed, "author"), "name", "vocab-server")
    say(feed, "generator", "vocab-server").set("version", __version__)
    for relation, number in neighbours(page):
        link(feed, relation, _address("feeds.atom", identifier, number), ATOM)
    alternate = _alternate(identifier)
    link(feed, "alternate", services().settings.base + alternate, "text/html")
    for row in found.rows:
        feed.append(_entry(row))
    body = tostring(feed, encoding="utf-8", xml_declaration=True)
    return feed_answer(body, f"{ATOM}; charset=utf-8")


def _entry(row: Recent) -> Element:
    event, label = row.event, row.link.label
    entry = Element("entry")
    name = f"{event.graph} {event.concept} {event.kind} {event.date}"
    say(entry, "id", uuid5(NAMESPACE_URL, name).urn)
    say(entry, "title", label.text, label.language)
    say(entry, "updated", write_time(event.published))
    link(entry, "alternate", _document(row), "text/html")
    SubElement(entry, "category", {"term": event.kind, "label": kind_name(event.kind)})
    SubElement(entry, "category", {"term": row.vocabulary.id, "scheme": _address_of_all()})
    say(entry, "content", sentence(row)).set("type", "text")
    return entry


def _updated(wanted: Wanted) -> str:
    """When the newest change was; for an empty feed when anything was published."""
    newest, _total = view().changes.page(wanted, limit=1)
    return write_time(newest[0].published) if newest else write_time(view().published)


@bp.get("/activity-stream", defaults={"identifier": None})
@bp.get("/<identifier>/activity-stream")
def activities(identifier: str | None) -> ResponseReturnValue:
    """Where the stream of changes of one vocabulary, or of all, begins and ends."""
    vocabularies = _vocabularies(identifier)
    page, found = _page(asked(vocabularies, By.NOTED), vocabularies)
    title, language = _title(identifier, vocabularies)
    stream: dict[str, Any] = {
        "id": _address("feeds.activities", identifier),
        "type": "OrderedCollection",
        "summaryMap": {display_tag(language) or "und": title},
        "totalItems": found.total,
        "first": _stream_page(identifier, 1),
        "last": _stream_page(identifier, page.pages),
    }
    return _activity_json(stream)


@bp.get("/activity-stream/page/<int:page>", defaults={"identifier": None})
@bp.get("/<identifier>/activity-stream/page/<int:page>")
def activity_page(identifier: str | None, page: int) -> ResponseReturnValue:
    """A page of the stream, newest first."""
    vocabularies = _vocabularies(identifier)
    around, found = _page(asked(vocabularies, By.NOTED), vocabularies, page)
    kind = {"id": _address("feeds.activities", identifier), "type": "OrderedCollection"}
    neighbours = {"prev": page - 1, "next": page + 1}
    return _activity_json(
        {
            **_stream_page(identifier, page),
            "partOf": kind,
            "totalItems": len(found.rows),
            **{
                name: _stream_page(identifier, number)
                for name, number in neighbours.items()
                if 1 <= number <= around.pages
            },
            "orderedItems": [_activity(row) for row in found.rows],
        }
    )


def _activity(row: Recent) -> dict[str, Any]:
    event, label = row.event, row.link.label
    kind = SKOS.ConceptScheme if event.kind == Kind.IMPORTED else SKOS.Concept
    name = {display_tag(label.language): label.text} if label.language else {}
    return {
        "type": TYPES[event.kind],
        "summary": f"{sentence(row)} – {label.text}",
        "published": write_time(event.published),
        "object": {
            "id": event.concept,
            "type": str(kind),
            "updated": write_time(event.time),
            **({"nameMap": name} if name else {"name": label.text}),
            "url": _document(row),
        },
    }


def _stream_page(identifier: str | None, number: int) -> dict[str, Any]:
    path = url_for("feeds.activity_page", identifier=identifier, page=number)
    return {"id": _public(path), "type": "OrderedCollectionPage"}


def _activity_json(content: Mapping[str, Any]) -> Response:
    body = json.dumps({"@context": CONTEXT, **content}, ensure_ascii=False)
    return feed_answer(body.encode(), ACTIVITIES)


def _vocabularies(identifier: str | None) -> tuple[Vocabulary, ...]:
    if identifier is None:
        return view().vocabularies
    return (view().vocabulary(identifier),)


def _page(
    wanted: Wanted, vocabularies: tuple[Vocabulary, ...], number: int | None = None
) -> tuple[Page, Found]:
    """The page that is asked for. Raises NotFoundError past the last one."""
    number = page_number() if number is None else number
    present = dict.fromkeys(
        tag for v in vocabularies for tag in view().statistics(v.graph).languages
    )
    languages = chain(content_language(), services().settings.languages, present)
    offset = (number - 1) * ENTRIES
    found = recent(wanted, languages, limit=ENTRIES, offset=max(0, offset))
    page = Page(found.rows, number, ENTRIES, found.total)
    if not 1 <= number <= page.pages:
        raise NotFoundError(f"There is no page {number}: the last one is {page.pages}.")
    return page, found


def _title(identifier: str | None, vocabularies: tuple[Vocabulary, ...]) -> tuple[str, str]:
    """What a feed is called, and in which language."""
    if identifier is None:
        return _("Changes in all vocabularies"), interface_language()
    languages = view().lens(vocabularies[0].graph, content_language()).languages
    label: Label = vocabularies[0].title(languages)
    return label.text, label.language


def _alternate(identifier: str | None) -> str:
    if identifier is None:
        return url_for("vocabularies.index")
    return url_for("changes.show", identifier=identifier)


def _document(row: Recent) -> str:
    """The address of the page about what changed."""
    if row.event.kind == Kind.IMPORTED:
        path = url_for("vocabularies.show", identifier=row.vocabulary.id)
    elif row.event.kind == Kind.REMOVED:
        path = url_for("changes.show", identifier=row.vocabulary.id)
    else:
        path = document_url(row.event.concept)
    return services().settings.base + path


def _address(endpoint: str, identifier: str | None, number: int = 1) -> str:
    """The public address of a feed, with what chooses its content."""
    path = url_for(endpoint, identifier=identifier)
    return _public(path, [("page", str(number))] if number > 1 else [])


def _public(path: str, more: Sequence[tuple[str, str]] = ()) -> str:
    kept = [(name, value) for name in _KEPT for value in request.args.getlist(name) if value]
    query = urlencode([*kept, *more])
    return f"{services().settings.base}{path}{'?' if query else ''}{query}"


def _address_of_all() -> str:
    return services().settings.base + url_for("vocabularies.index")
