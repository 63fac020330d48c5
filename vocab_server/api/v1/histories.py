"""REST API: what was done to a vocabulary or a concept, change by change; and undoing a change."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from rdflib import Literal

from vocab_server.accounts.roles import Permission
from vocab_server.api.bodies import object_body, text_field
from vocab_server.api.parameters import window
from vocab_server.api.v1.draft_shapes import Names, told_items
from vocab_server.api.v1.shapes import answer, language, languages, listed
from vocab_server.identity import demand, demand_account
from vocab_server.past import Entry, get_change, history_page, named_resource, shown_author
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.labels import labels_of
from vocab_server.skos.telling import named_in

bp = Blueprint("api_histories", __name__, url_prefix="/api/v1")

LIMIT, MOST = 20, 50  # changes in one answer
TOLD = 500  # things that a change did which an answer tells


@bp.get("/vocabularies/<identifier>/history")
def index(identifier: str) -> Response:
    """The changes of a vocabulary, or with ``?iri=`` of one concept, newest first, with words."""
    vocabulary, part = view().vocabulary(identifier), window(LIMIT, MOST)
    resource = named_resource(vocabulary.graph)
    found, total = history_page(vocabulary.graph, resource, limit=part.limit, offset=part.offset)
    told = [item for entry in found for item in (entry.told or ())[:TOLD]]
    names = labels_of(view().store, named_in(told), languages(), vocabulary.graph) if told else {}
    return listed((_item(identifier, entry, names) for entry in found), total)


@bp.post("/vocabularies/<identifier>/history/<int:number>/undo")
def undo(identifier: str, number: int) -> ResponseReturnValue:
    """Take a change back, as a new change."""
    demand_account()
    vocabulary = view().vocabulary(identifier)
    account = demand(Permission.PUBLISH, identifier)
    logged = get_change(vocabulary.graph, number)
    text = text_field(object_body("reason"), "reason").strip() or f"Change {number} was undone."
    reverter = services().reverter(vocabulary.registration)
    made = reverter.undo(logged, account.name, Literal(text, lang=language()))
    response = answer({"number": made, "undoes": number})
    response.headers["Location"] = url_for("histories.change", identifier=identifier, number=made)
    response.headers["Cache-Control"] = "private, no-store"
    response.status_code = HTTPStatus.CREATED
    return response


def _item(identifier: str, entry: Entry, names: Names) -> dict[str, Any]:
    logged, details = entry.logged, entry.logged.details
    path = url_for("histories.change", identifier=identifier, number=logged.number)
    about = {
        "author": shown_author(logged),
        "purpose": details.get("purpose") or details.get("reason"),
        "undoes": details.get("change") if details.get("kind") == "undo" else None,
    }
    told = entry.told
    return {
        "number": logged.number,
        "time": logged.time.isoformat(),
        "message": logged.message,
        "url": services().settings.base + path,
        "added": logged.added,
        "removed": logged.removed,
        **{name: value for name, value in about.items() if value},
        **({} if told is None else {"told": told_items(told[:TOLD], names)}),
    }
