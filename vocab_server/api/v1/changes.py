"""REST API: the public change log, for those who keep copies; what became of concepts, by date."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from vocab_server.api.bodies import JSON
from vocab_server.api.parameters import window
from vocab_server.api.v1.shapes import chosen_vocabularies, languages, listed, named
from vocab_server.database.log import LoggedChange
from vocab_server.errors import InvalidError, NotOfferedError
from vocab_server.rdf.dates import read_date, write_time
from vocab_server.rdf.formats import negotiate
from vocab_server.recent import ACTIVITIES, ATOM, Recent, asked, recent
from vocab_server.services import services
from vocab_server.skos.history import Kind

bp = Blueprint("api_changes", __name__, url_prefix="/api/v1")

LARGEST = 2**63 - 1  # that a database takes for a number
FEEDS = {ATOM: "feeds.atom", ACTIVITIES: "feeds.activities"}


@bp.get("/changes")
def index() -> ResponseReturnValue:
    """The changes of vocabularies, oldest first, without who made them.

    ``since`` is the number of the last change that the caller knows, or a time; ``until`` the
    number of the last one wanted, or a time. Who asks for a feed is led to it.
    """
    wanted, vocabularies = window(), chosen_vocabularies()
    after, before = _bound("since", "0", is_end=False), _bound("until", str(LARGEST), is_end=True)
    media_type = _media_type()
    if media_type in FEEDS:
        chosen = vocabularies[0].id if len(vocabularies) == 1 else None
        return redirect(url_for(FEEDS[media_type], identifier=chosen), HTTPStatus.SEE_OTHER)
    ids = {vocabulary.graph: vocabulary.id for vocabulary in vocabularies}
    found, total = services().log.page(
        tuple(ids), after=after, until=before, limit=wanted.limit, offset=wanted.offset
    )
    response = listed((_item(change, ids[change.graph]) for change in found), total)
    response.vary.add("Accept")
    return response


@bp.get("/concepts/changes")
def concepts() -> ResponseReturnValue:
    """The concepts that are new, changed, deprecated or removed, newest first."""
    part = window()
    wanted = asked(chosen_vocabularies())
    found = recent(wanted, languages(), limit=part.limit, offset=part.offset)
    return listed(map(_concept, found.rows), found.total)


def _media_type() -> str:
    try:
        return negotiate(request.headers.get("Accept"), (JSON, *FEEDS))
    except NotOfferedError:
        return JSON


def _bound(name: str, otherwise: str, *, is_end: bool) -> int | datetime:
    """The number of a change or a time; a day counts to its end as the end."""
    text = request.args.get(name, otherwise)
    if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST:
        return int(text[:20])
    if "T" not in text and (span := read_date(text)):
        return span.end.replace(microsecond=999_999) if is_end else span.start
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidError(
            f"The parameter {name} must be the number of a change, or a date or time as"
            " 2026-01-31T12:00:00Z."
        ) from error


def _item(change: LoggedChange, vocabulary: str) -> dict[str, Any]:
    return {
        "number": change.number,
        "vocabulary": vocabulary,
        "graph": change.graph,
        "time": change.time.isoformat(),
        "message": change.message,
        "added": change.added,
        "removed": change.removed,
    }


def _concept(row: Recent) -> dict[str, Any]:
    event = row.event
    found: dict[str, Any] = {
        "iri": event.concept,
        "vocabulary": row.vocabulary.id,
        "kind": event.kind,
        "date": event.date,
        "time": write_time(event.time),
        **named(row.link.label),
        "deprecated": event.is_deprecated,
    }
    if event.kind == Kind.IMPORTED:
        found["concepts"] = event.concepts
    if event.is_deprecated:
        instead = [{"iri": link.iri, **named(link.label)} for link in row.replaced_by]
        found["isReplacedBy"] = instead
    return found
