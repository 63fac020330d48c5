"""Whether the server is alive, and whether it can serve (for load balancers and monitors)."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from vocab_server.errors import NotFoundError
from vocab_server.operation.metrics import Meter
from vocab_server.operation.readiness import missing
from vocab_server.services import services

bp = Blueprint("health", __name__)
NO_STORE = {"Cache-Control": "no-store"}
METER = "vocab_server_meter"  # where the application keeps it


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing is looked at."""
    return jsonify(status="alive"), HTTPStatus.OK, NO_STORE


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether what is published can be read and changes can be kept; 503 with what is missing."""
    found = list(missing(services()))
    if found:
        body = jsonify(status="not ready", missing=found)
        return body, HTTPStatus.SERVICE_UNAVAILABLE, NO_STORE
    snapshot = services().published.name()
    return jsonify(status="ready", snapshot=snapshot), HTTPStatus.OK, NO_STORE


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, when the operator wants them."""
    meter: Meter | None = current_app.extensions.get(METER)
    if meter is None:
        raise NotFoundError("There are no metrics here: VOCAB_SERVER_METRICS is off.")
    text, media_type = meter.text()
    return Response(text, headers=NO_STORE, content_type=media_type)
