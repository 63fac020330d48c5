"""The headers of every answer: what a page may load, who may read it and who may keep it."""

from contextlib import suppress
from http import HTTPStatus

from flask import Response, request, session

from vocab_server.errors import StoreUnavailableError
from vocab_server.reading import (
    INTERFACE_LANGUAGES,
    interface_cookie,
    interface_language,
    view,
)
from vocab_server.services import services

YEAR = 365 * 24 * 3600  # seconds

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# The query editor puts one style element of its own into its page, always the same.
EDITOR_POLICY = CONTENT_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
)
# A preview of a concept is for frames in pages of others.
PREVIEW_POLICY = CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
# What is no page loads nothing and stands in no frame, should a browser show it.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
POLICIES = {"reconcile.preview": PREVIEW_POLICY, "sparql.show": EDITOR_POLICY}
_CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
EXPOSED = (
    "ETag, Link, Location, Content-Language, Content-Disposition, Memento-Datetime, Retry-After,"
    " Vary, X-Log-Position, X-Request-ID, X-Total-Count"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": DATA_POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
}
OF_PAGES = EVERYWHERE | {
    "Content-Security-Policy": CONTENT_POLICY,
    "Vary": "Accept-Language, Cookie",
}  # what every page has that is everybody's
ALLOWED = (
    "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Type, If-Match,"
    " If-Modified-Since, If-None-Match, X-Log-Position"
)


def answer_options() -> Response | None:
    """OPTIONS from a page of another site, before it asks (Fetch, CORS preflight)."""
    if request.method != "OPTIONS":
        return None
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]  # there is no content
    adapter = request.environ.get("werkzeug.request")
    methods = request.url_rule.methods if adapter and request.url_rule else {"GET", "HEAD"}
    allowed = ", ".join(sorted({*(methods or ()), "OPTIONS"}))
    response.headers["Allow"] = allowed
    response.headers["Access-Control-Allow-Methods"] = allowed
    response.headers["Access-Control-Allow-Headers"] = ALLOWED
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def finish(response: Response) -> Response:
    """Headers that all answers have; 304 for what the client already has (RFC 9110, 13)."""
    headers = response.headers
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    if response.mimetype == "text/html":
        policy = POLICIES.get(request.endpoint or "", CONTENT_POLICY)
        headers["Content-Security-Policy"] = policy
        headers["Content-Language"] = interface_language()
        response.vary.update(("Accept-Language", "Cookie"))
    is_private = _is_private(response)
    if is_private:
        _keep_private(response)
    chosen = request.args.get("interface")
    if chosen in INTERFACE_LANGUAGES:
        _remember_language(response, str(chosen))
    elif not is_private and _is_public(response):
        _make_cacheable(response)
    return response


def _remember_language(response: Response, chosen: str) -> None:
    """Keep the interface language that a reader chose (OWASP ASVS 5.0, 3.3)."""
    settings = services().settings
    response.set_cookie(
        interface_cookie(settings),
        chosen,
        max_age=YEAR,
        secure=settings.base_url.startswith("https:"),
        samesite="Lax",
        httponly=True,
    )


def _is_private(response: Response) -> bool:
    """Whether a page was made for one browser, or changes what that browser keeps.

    Only pages look at the session, so only for them it is looked at here: that alone makes an
    answer depend on cookies.
    """
    return response.mimetype == "text/html" and (bool(session) or session.modified)


def _keep_private(response: Response) -> None:
    """Nobody else may keep or read the answer (RFC 9111, 5.2.2.5 and 5.2.2.7)."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    del response.headers["Access-Control-Allow-Origin"]


def _is_public(response: Response) -> bool:
    done = response.status_code in (HTTPStatus.OK, HTTPStatus.SEE_OTHER)
    return done and request.endpoint != "static"


def _make_cacheable(response: Response) -> None:
    """Anybody may keep the answer, and asks each time whether it still holds (RFC 9111, 5.2.2)."""
    whose = "private" if "Authorization" in request.headers else "public"
    response.headers.setdefault("Cache-Control", f"{whose}, no-cache")
    if "no-store" in response.headers["Cache-Control"]:
        return
    with suppress(StoreUnavailableError):  # what needs no store is answered without it
        response.headers["Last-Modified"] = view().modified
    if response.is_streamed:
        response.automatically_set_content_length = False  # would collect the stream to count it
    else:
        response.add_etag()
    if not _CONDITIONS.isdisjoint(request.environ) and response.status_code == HTTPStatus.OK:
        response.make_conditional(request)
