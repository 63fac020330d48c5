"""The description of the REST API for programs, and for people who try it out."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from vocab_server.api.v1.description import OPERATIONS, describe
from vocab_server.services import services

bp = Blueprint("openapi", __name__)


@bp.get("/openapi.json")
def show() -> ResponseReturnValue:
    """All calls, what they take and what they answer (OpenAPI 3.1)."""
    return jsonify(describe(services().settings.base))


@bp.get("/api/docs")
def docs() -> ResponseReturnValue:
    """The same to read and to try; a plain list when the browser code could not be fetched."""
    return render_template("api/docs.html", operations=OPERATIONS)
