"""REST API: the public change log, for those who keep copies."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from vocab_server.api.parameters import window
from vocab_server.api.v1.shapes import chosen_vocabularies, listed
from vocab_server.database.log import LoggedChange
from vocab_server.errors import InvalidError
from vocab_server.services import services

bp = Blueprint("api_changes", __name__, url_prefix="/api/v1")

LARGEST = 2**63 - 1  # that a database takes for a number


@bp.get("/changes")
def index() -> ResponseReturnValue:
    """The changes of vocabularies, oldest first, without who made them.

    ``since`` is the number of the last change that the caller knows, or a time.
    """
    wanted, after = window(), _since(request.args.get("since", "0"))
    ids = {vocabulary.graph: vocabulary.id for vocabulary in chosen_vocabularies()}
    found, total = services().log.page(
        tuple(ids), after=after, limit=wanted.limit, offset=wanted.offset
    )
    return listed((_item(change, ids[change.graph]) for change in found), total)


def _since(text: str) -> int | datetime:
    if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST:
        return int(text[:20])
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidError(
            "The parameter since must be the number of a change, or a date or time as"
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
