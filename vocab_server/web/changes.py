"""The page of what is new, changed and no longer used in a vocabulary, by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vocab_server.errors import InvalidError
from vocab_server.rdf.formats import negotiate
from vocab_server.reading import Page, lens_for, page_number, shown_language, view
from vocab_server.recent import (
    ACTIVITIES,
    ATOM,
    Recent,
    asked,
    asked_kinds,
    asked_span,
    kind_name,
    recent,
)
from vocab_server.skos.history import Kind
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.vocabularies import summary

bp = Blueprint("changes", __name__)

ROWS = 100  # changes on a page
HTML, JSON = "text/html", "application/json"
OFFERS = (HTML, JSON, ATOM, ACTIVITIES)
FORMATS = {"html": HTML, "json": JSON, "atom": ATOM, "activities": ACTIVITIES}
TWINS = {JSON: "api_changes.concepts", ATOM: "feeds.atom", ACTIVITIES: "feeds.activities"}


@dataclass(frozen=True, slots=True)
class Month:
    """The changes of a month that are on a page; ``day`` is its first."""

    day: date
    rows: list[Recent]


@bp.get("/vocabularies/<identifier>/changes")
def show(identifier: str) -> ResponseReturnValue:
    """The changes by month, newest first; who asks for JSON or a feed is led to that."""
    vocabulary = view().vocabulary(identifier)
    media_type = _media_type()
    if media_type == HTML:
        response = make_response(_page(vocabulary))
    else:
        response = redirect(_twin(identifier, media_type), HTTPStatus.SEE_OTHER)  # type: ignore[assignment]
    response.vary.add("Accept")
    return response


def _page(vocabulary: Vocabulary) -> str:
    wanted, number = asked([vocabulary]), page_number()
    lens = lens_for(vocabulary.graph)
    found = recent(wanted, lens.languages, limit=ROWS, offset=(number - 1) * ROWS)
    since, until = asked_span("since"), asked_span("until")
    return render_template(
        "vocabularies/changes.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        months=list(_months(found.rows)),
        page=Page(found.rows, number, ROWS, found.total),
        kinds=list(Kind),
        kind_name=kind_name,
        chosen=asked_kinds(),
        since=since.start.date() if since else "",
        until=until.end.date() if until else "",
    )


def _months(rows: list[Recent]) -> Iterator[Month]:
    for day, of_month in groupby(rows, lambda row: row.month):
        yield Month(day, list(of_month))


def _media_type() -> str:
    chosen = request.args.get("format")
    if chosen is None:
        return negotiate(request.headers.get("Accept"), OFFERS)
    if chosen not in FORMATS:
        raise InvalidError(
            "There is no format %(chosen)r here. Use one of: %(formats)s.",
            chosen=chosen,
            formats=", ".join(FORMATS),
        )
    return FORMATS[chosen]


def _twin(identifier: str, media_type: str) -> str:
    """Where the same changes are in another form."""
    name = "vocabulary" if media_type == JSON else "identifier"
    kept = [
        (name, value)
        for name in ("since", "until", "kind", "lang")
        for value in request.args.getlist(name)
    ]
    address = url_for(TWINS[media_type], **{name: identifier})  # type: ignore[arg-type]  # of url_for
    if not kept:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(kept)}"
