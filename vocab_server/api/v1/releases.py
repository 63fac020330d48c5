"""REST API: the releases of a vocabulary, and making one."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from vocab_server.accounts.roles import Permission
from vocab_server.api.bodies import object_body, text_field
from vocab_server.api.parameters import window
from vocab_server.api.v1.shapes import answer, listed
from vocab_server.errors import InvalidError
from vocab_server.identity import demand, demand_account
from vocab_server.rdf.dates import read_date
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.releases import release_item

bp = Blueprint("api_releases", __name__, url_prefix="/api/v1")


@bp.get("/vocabularies/<identifier>/releases")
def index(identifier: str) -> Response:
    """The releases of a vocabulary, newest first."""
    part, graph = window(), view().vocabulary(identifier).graph
    found = view().releases.get(graph, ())
    chosen = found[part.offset : part.offset + part.limit]
    return listed((release_item(identifier, release) for release in chosen), len(found))


@bp.post("/vocabularies/<identifier>/releases")
def make(identifier: str) -> ResponseReturnValue:
    """Freeze what is published of a vocabulary under a name, for ever."""
    demand_account()
    view().vocabulary(identifier)
    account = demand(Permission.RELEASE, identifier)
    content = object_body("name", "notes", "issued")
    name, notes = text_field(content, "name").strip(), text_field(content, "notes")
    issued = _issued(text_field(content, "issued"))
    made = services().releases.freeze(identifier, name, account.name, notes, issued)
    response = answer(release_item(identifier, made))
    response.headers["Location"] = made.iri
    response.headers["Cache-Control"] = "private, no-store"
    response.status_code = HTTPStatus.CREATED
    return response


def _issued(text: str) -> datetime | None:
    """The time of a release as a day or time; None for now. Raises InvalidError."""
    if not text:
        return None
    found = read_date(text)
    if found is None:
        raise InvalidError(
            "The field issued must be a day as 2026-01-31 or a time as 2026-01-31T12:00:00Z."
        )
    return None if found.start <= datetime.now(UTC) <= found.end else found.start
