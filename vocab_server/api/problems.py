"""What an error becomes over HTTP (RFC 9457, problem details)."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from vocab_server.database import UNUSABLE
from vocab_server.errors import (
    AccountRuleError,
    BusyError,
    ConflictError,
    FieldsRefusedError,
    ForbiddenError,
    GoneError,
    InvalidError,
    MailError,
    NotFoundError,
    NotOfferedError,
    Phrase,
    ProposalRuleError,
    ProviderError,
    QueryStoppedError,
    RuleBrokenError,
    SignInNeededError,
    StaleError,
    StoreUnavailableError,
    TooLargeError,
    TooManyAttemptsError,
    TooManyRequestsError,
    UnguardedError,
    UnknownFormatError,
    VocabServerError,
)
from vocab_server.identity import is_for_programs, way_back

bp = Blueprint("problems", __name__)

PROBLEM = "application/problem+json"
BEARER = 'Bearer realm="vocab-server"'
STATUS = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    GoneError: HTTPStatus.GONE,
    InvalidError: HTTPStatus.BAD_REQUEST,
    FieldsRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    RuleBrokenError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownFormatError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    NotOfferedError: HTTPStatus.NOT_ACCEPTABLE,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    AccountRuleError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProposalRuleError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConflictError: HTTPStatus.CONFLICT,
    StaleError: HTTPStatus.PRECONDITION_FAILED,
    UnguardedError: HTTPStatus.PRECONDITION_REQUIRED,
    SignInNeededError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    ProviderError: HTTPStatus.BAD_GATEWAY,
    MailError: HTTPStatus.BAD_GATEWAY,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryStoppedError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
}
REFUSALS = (ForbiddenError, SignInNeededError, TooManyAttemptsError, TooManyRequestsError)
_TEMPLATES = {HTTPStatus.NOT_FOUND: "errors/not_found.html", HTTPStatus.GONE: "errors/gone.html"}


@bp.app_errorhandler(VocabServerError)
def our_problem(error: VocabServerError) -> ResponseReturnValue:
    """The answer to a request that failed; the nearest class in STATUS sets its status."""
    status = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    if isinstance(error, SignInNeededError) and not is_for_programs():
        return redirect(url_for("signing_in.show", next=way_back()), HTTPStatus.SEE_OTHER)
    if isinstance(error, REFUSALS):
        _note_refusal(status, type(error).__name__)
    response = _answer(status, error, _more(error))
    if isinstance(error, SignInNeededError | ForbiddenError) and is_for_programs():
        response.headers["WWW-Authenticate"] = _challenge(error)
    if isinstance(error, BusyError | TooManyAttemptsError | TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotOfferedError):
        response.vary.add("Accept")
    return response


def no_database(error: SQLAlchemyError) -> ResponseReturnValue:
    """The database does not answer, or its disk is full: an operator has to do something."""
    current_app.logger.error("The database cannot be used: %s", getattr(error, "orig", error))
    g.account = None  # so that the page does not ask the database who reads it
    done = Phrase("so nothing was changed. Try again later")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        done = Phrase("and broke off in the middle. Look later whether your change is there")
    return _answer(
        HTTPStatus.SERVICE_UNAVAILABLE,
        Phrase(
            "The database cannot be used at the moment, %(done)s; the operator finds the reason in"
            " the log and with: vocab-server doctor",
            done=done,
        ),
    )


for kind in UNUSABLE:
    bp.app_errorhandler(kind)(no_database)


@bp.app_errorhandler(DataError)
def unkept(error: DataError) -> ResponseReturnValue:
    """What PostgreSQL keeps nowhere: the character U+0000, a text or number that is too long."""
    current_app.logger.warning("The database refused a value: %s", error.orig)
    return _answer(
        HTTPStatus.BAD_REQUEST,
        Phrase(
            "Something in this is too long, or has a character that cannot be kept (U+0000)."
            " Nothing was changed; shorten it, or leave the character out."
        ),
    )


@bp.app_errorhandler(CSRFError)
def foreign_form(_error: CSRFError) -> ResponseReturnValue:
    """A form without the proof that it is ours."""
    _note_refusal(HTTPStatus.BAD_REQUEST, "CSRFError")
    return _answer(
        HTTPStatus.BAD_REQUEST,
        Phrase(
            "This form is from another session, or from a page of others. Go back, load the page"
            " anew and send it again."
        ),
    )


@bp.app_errorhandler(HTTPException)
def http_problem(error: HTTPException) -> ResponseReturnValue:
    """What Flask itself refuses, in the same form."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    response = _answer(HTTPStatus(error.code), Phrase(error.description or ""))
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers.setdefault(name, value)
    return response


def _note_refusal(status: HTTPStatus, kind: str) -> None:
    """Leave a line that says what was refused, and names nobody (OWASP ASVS 5.0, 16.3)."""
    current_app.logger.warning("Refused %s: %d %s", request.endpoint or "none", status, kind)


def _more(error: VocabServerError) -> dict[str, object]:
    """What a program can act on, beside the sentence (RFC 9457, 3.2)."""
    found: dict[str, object] = {}
    if isinstance(error, RuleBrokenError | AccountRuleError | ProposalRuleError):
        found["rule"] = error.rule
    if isinstance(error, FieldsRefusedError):
        found["fields"] = [{"field": name, "detail": problem} for name, problem in error.fields]
    if isinstance(error, ProposalRuleError):
        found["field"] = error.field
    if isinstance(error, ConflictError) and error.concepts:
        found["concepts"] = error.concepts
    if isinstance(error, ConflictError) and error.statements:
        found["statements"] = error.statements
    if notes := getattr(error, "__notes__", ()):
        found["where"] = ", ".join(notes)
    return found


def _challenge(error: SignInNeededError | ForbiddenError) -> str:
    """What a program must show (RFC 6750, 3)."""
    if isinstance(error, ForbiddenError):
        return f'{BEARER}, error="insufficient_scope"'
    return f'{BEARER}, error="invalid_token"' if error.is_refused else BEARER


def _answer(
    status: HTTPStatus,
    detail: VocabServerError | Phrase,
    more: Mapping[str, object] | None = None,
) -> Response:
    if _wants_page():
        template = _TEMPLATES.get(status, "errors/show.html")
        page = render_template(template, status=status, heading=status.phrase, message=detail)
        return Response(page, status, content_type="text/html; charset=utf-8")
    told = {"type": "about:blank", "title": status.phrase, "status": status, "detail": str(detail)}
    body = jsonify(told | dict(more or {}))
    body.status_code, body.content_type = status, PROBLEM
    return body


def _wants_page() -> bool:
    accept = request.accept_mimetypes
    return (
        "text/html" in request.headers.get("Accept", "") and accept["text/html"] > accept[PROBLEM]
    )
