"""Whether the server is alive, and whether it can serve (for load balancers and monitors)."""

from http import HTTPStatus

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from vocab_server.errors import StoreUnavailableError
from vocab_server.services import services

bp = Blueprint("health", __name__)
NO_STORE = {"Cache-Control": "no-store"}


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing is looked at."""
    return jsonify(status="alive"), HTTPStatus.OK, NO_STORE


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether what is published can be read; 503 with the reason when not."""
    try:
        view = services().published.view()
        reached = view.store.ask("ASK {}")
    except StoreUnavailableError as error:
        body = jsonify(status="not ready", reason=str(error))
        return body, HTTPStatus.SERVICE_UNAVAILABLE, NO_STORE
    return jsonify(status="ready", snapshot=view.name, answers=reached), HTTPStatus.OK, NO_STORE
