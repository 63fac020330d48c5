"""What an error becomes over HTTP (RFC 9457, problem details)."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from vocab_server.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    NotOfferedError,
    QueryStoppedError,
    RuleBrokenError,
    StoreUnavailableError,
    TooLargeError,
    UnknownFormatError,
    VocabServerError,
)

bp = Blueprint("problems", __name__)

PROBLEM = "application/problem+json"
STATUS = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    GoneError: HTTPStatus.GONE,
    InvalidError: HTTPStatus.BAD_REQUEST,
    RuleBrokenError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownFormatError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    NotOfferedError: HTTPStatus.NOT_ACCEPTABLE,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ConflictError: HTTPStatus.CONFLICT,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryStoppedError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TEMPLATES = {HTTPStatus.NOT_FOUND: "errors/not_found.html", HTTPStatus.GONE: "errors/gone.html"}


@bp.app_errorhandler(VocabServerError)
def our_problem(error: VocabServerError) -> ResponseReturnValue:
    """The answer to a request that failed; the nearest class in STATUS sets its status."""
    status = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    response = _answer(status, str(error))
    if isinstance(error, BusyError):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotOfferedError):
        response.vary.add("Accept")
    return response


@bp.app_errorhandler(HTTPException)
def http_problem(error: HTTPException) -> ResponseReturnValue:
    """What Flask itself refuses, in the same form."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    response = _answer(HTTPStatus(error.code), error.description or "")
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers.setdefault(name, value)
    return response


def _answer(status: HTTPStatus, detail: str) -> Response:
    if _wants_page():
        template = _TEMPLATES.get(status, "errors/show.html")
        page = render_template(template, status=status, heading=status.phrase, message=detail)
        return Response(page, status, content_type="text/html; charset=utf-8")
    body = jsonify(type="about:blank", title=status.phrase, status=status, detail=detail)
    body.status_code, body.content_type = status, PROBLEM
    return body


def _wants_page() -> bool:
    accept = request.accept_mimetypes
    return (
        "text/html" in request.headers.get("Accept", "") and accept["text/html"] > accept[PROBLEM]
    )
