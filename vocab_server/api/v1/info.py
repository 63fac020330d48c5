"""REST API: where it begins, and what its keys mean."""

from flask import Blueprint, Response, json
from flask.typing import ResponseReturnValue

from vocab_server.__version__ import __version__
from vocab_server.api.v1.shapes import CONTEXT, answer, context
from vocab_server.services import services

bp = Blueprint("api_info", __name__)


@bp.get("/api/v1/")
@bp.get("/api/v1")
def show() -> ResponseReturnValue:
    """The version, and where the calls are described."""
    base = services().settings.base
    return answer(
        {
            "title": "vocab-server",
            "version": __version__,
            "openapi": f"{base}/openapi.json",
            "documentation": f"{base}/api/docs",
            "vocabularies": f"{base}/api/v1/vocabularies",
        }
    )


@bp.get(CONTEXT)
def keys() -> ResponseReturnValue:
    """The JSON-LD context of all answers."""
    return Response(
        json.dumps({"@context": context()}), content_type="application/ld+json; charset=utf-8"
    )
