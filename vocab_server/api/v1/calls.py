"""What the description of the REST API's calls is made of (OpenAPI 3.1): a row is an Operation."""

from dataclasses import dataclass, field
from typing import Any

from vocab_server.api.bodies import JSON
from vocab_server.api.parameters import LARGEST_OFFSET, LIMIT, LONGEST_IRI, MOST

Json = dict[str, Any]
_TAG = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"


def query(name: str, about: str, schema: Json, example: Any = None, **more: Any) -> Json:
    """A parameter of the query."""
    found = {"name": name, "in": "query", "description": about, "schema": schema, **more}
    return found if example is None else found | {"example": example}


def in_path(name: str, about: str, schema: Json, example: Any = None) -> Json:
    """A parameter of the path."""
    found = {"name": name, "in": "path", "required": True, "description": about, "schema": schema}
    return found if example is None else found | {"example": example}


def whole(least: int, most: int, default: int) -> Json:
    """The schema of a whole number within bounds, these included."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def iri_query(name: str, about: str, example: str, **more: Any) -> Json:
    """A parameter of the query that is an IRI."""
    schema = {
        "type": "string",
        "pattern": r'^[^\x00-\x20<>"{}|\\^`\x7F]*:[^\x00-\x20<>"{}|\\^`\x7F]*$',
        "maxLength": LONGEST_IRI,
    }
    return query(name, about, schema, example, **more)


LANGUAGE_TAG = {"type": "string", "pattern": _TAG, "maxLength": 35}
LANG = query("lang", "The language that names are wanted in.", LANGUAGE_TAG, "sv")
WINDOW = (
    query("limit", "How many items at most.", whole(1, MOST, LIMIT)),
    query("offset", "How many items to leave out first.", whole(0, LARGEST_OFFSET, 0)),
)
_FILLED = {"type": "string", "minLength": 1}
IDENTIFIER = in_path("id", "The id of a vocabulary.", _FILLED, "data-theme")
LETTER = in_path("letter", "A letter as `letters` has it.", _FILLED, "E")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: where, what it does, what it takes, and the name of the schema of its answer."""

    path: str
    method: str
    name: str
    summary: str
    answer: str
    about: str = ""
    parameters: tuple[Json, ...] = ()
    body: Json | None = None
    media_type: str = JSON
    body_types: tuple[str, ...] = (JSON,)
    is_body_needed: bool = True
    status: int = 200
    also: dict[int, str] = field(default_factory=dict)  # other statuses with the same answer
    errors: dict[int, str] = field(default_factory=dict)
    needs_token: bool = False


BAD = {400: "A parameter is not as described; `detail` names it and says what is allowed."}
REFUSED = {401: "No token was sent, or it is unknown, expired or revoked."}
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A personal token, made on the page of one's account.",
}
UNKNOWN = {404: "There is no such vocabulary or resource here."}
