"""REST API: what became of identifiers, for those who keep copies of them."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vocab_server.api.bodies import json_body
from vocab_server.api.v1.shapes import languages, listed, named
from vocab_server.errors import InvalidError
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.resolving import Resolved, resolve_iris

bp = Blueprint("api_resolve", __name__, url_prefix="/api/v1")

MOST = 1_000  # identifiers in one request


@bp.post("/resolve")
def resolve() -> ResponseReturnValue:
    """For each identifier whether it is current, and what replaces it if it is not."""
    found = resolve_iris(view().store, _iris(json_body()), languages(), services().withdrawn.among)
    return listed(map(_item, found), len(found))


def _iris(content: Any) -> list[str]:
    iris = content.get("iris") if isinstance(content, dict) else None
    if not isinstance(iris, list) or not all(isinstance(iri, str) for iri in iris):
        raise InvalidError('Send an object with a list of IRIs: {"iris": ["https://..."]}.')
    if len(iris) > MOST:
        raise InvalidError(f"The list iris may hold at most {MOST} IRIs; send several requests.")
    return iris


def _item(found: Resolved) -> dict[str, Any]:
    return {
        "iri": found.iri,
        **named(found.label),
        "status": found.status.value,
        "isReplacedBy": [{"iri": iri, **named(label)} for iri, label in found.replaced_by],
    }
