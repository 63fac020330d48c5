"""REST API: spreadsheets that come back: sent, looked at, made a draft."""

import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from vocab_server.accounts.roles import Permission
from vocab_server.api.bodies import object_body, text_field
from vocab_server.api.v1.draft_shapes import draft_answer, keep_private
from vocab_server.api.v1.shapes import answer
from vocab_server.editing.sheet_drafting import Decision
from vocab_server.editing.sheet_edits import MOST_ROWS, Edits
from vocab_server.editing.sheet_json import preview_as_json
from vocab_server.editing.sheet_merge import Choice
from vocab_server.editing.spreadsheets import MEDIA_TYPES
from vocab_server.errors import InvalidError, UnknownFormatError
from vocab_server.identity import demand, demand_account
from vocab_server.reading import view
from vocab_server.returned import (
    drafting,
    keep_edits,
    kept_edits,
    languages_of,
    look_at,
    read_edits,
)
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("api_spreadsheets", __name__, url_prefix="/api/v1/vocabularies/<identifier>")

LISTED = 1_000  # problems, remarks and conflicts in one answer
LONGEST_NAME = 200  # characters of a file's name
MOST_CHOICES = MOST_ROWS
TYPES = tuple(media_type.partition(";")[0] for media_type in MEDIA_TYPES.values())


@bp.post("/spreadsheets")
def create(identifier: str) -> ResponseReturnValue:
    """Send a file; what it would change as things are now. Nothing of the vocabulary changes."""
    vocabulary = _editable(identifier)
    if request.mimetype not in TYPES:
        raise UnknownFormatError(f"Send the file itself, as one of: {', '.join(TYPES)}.")
    name = request.args.get("name", "").strip() or "spreadsheet"
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidError(f"The parameter name must be a text of at most {LONGEST_NAME} signs.")
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work:
        path = Path(work) / "upload"
        path.write_bytes(request.get_data())
        edits = read_edits(vocabulary, path, name)
    key = keep_edits(vocabulary.graph, edits)
    response = _previewed(vocabulary, key, edits)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = _url(vocabulary, key)
    return response


@bp.get("/spreadsheets/<key>")
def show(identifier: str, key: str) -> ResponseReturnValue:
    """What a file that was sent would change as things are now."""
    vocabulary = _editable(identifier)
    return _previewed(vocabulary, key, kept_edits(vocabulary.graph, key))


@bp.post("/spreadsheets/<key>/draft")
def make(identifier: str, key: str) -> ResponseReturnValue:
    """Make a draft of what a file changes, with a choice for each conflict."""
    vocabulary = _editable(identifier)
    content = object_body("title", "choices", "rest")
    edits, account = kept_edits(vocabulary.graph, key), demand_account()
    rest = content.get("rest")
    draft = drafting().make(
        vocabulary.graph,
        edits,
        languages_of(vocabulary.graph),
        Decision(_choices(content.get("choices", {})), None if rest is None else _choice(rest)),
        title=text_field(content, "title") or edits.file,
        author=account.name,
    )
    return draft_answer(draft, account, HTTPStatus.CREATED)


def _editable(identifier: str) -> Vocabulary:
    demand_account()
    vocabulary = view().vocabulary(identifier)
    demand(Permission.EDIT_DRAFTS, identifier)
    return vocabulary


def _previewed(vocabulary: Vocabulary, key: str, edits: Edits) -> Response:
    found = preview_as_json(look_at(vocabulary.graph, edits), LISTED)
    return keep_private(answer({"id": key, "url": _url(vocabulary, key), **found}))


def _url(vocabulary: Vocabulary, key: str) -> str:
    return url_for("api_spreadsheets.show", identifier=vocabulary.id, key=key, _external=True)


def _choices(found: Any) -> Mapping[str, Choice]:
    if not isinstance(found, dict) or len(found) > MOST_CHOICES:
        raise InvalidError(f"The field choices must be an object of at most {MOST_CHOICES} cells.")
    return {cell: _choice(choice) for cell, choice in found.items()}


def _choice(found: Any) -> Choice:
    if found not in list(Choice):
        raise InvalidError(f"Choose one of: {', '.join(Choice)}.")
    return Choice(found)
