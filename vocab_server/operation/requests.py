"""Around all else: every request gets an id, is measured, and leaves a line in the log."""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from random import getrandbits
from time import perf_counter
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from vocab_server.operation.logs import FIELDS, REQUEST_ID
from vocab_server.operation.metrics import Meter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_GOOD = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")  # of others: nothing that could forge a log line
_log = logging.getLogger("vocab_server.requests")


def _identifier() -> str:
    """Another one for each request; no secret, so that no system call is needed."""
    return f"{getrandbits(128):032x}"


class Requests:
    """A WSGI application around another one, whose routes are in ``routes``.

    ``headers`` are those that every answer gets.
    """

    def __init__(
        self,
        application: "WSGIApplication",
        routes: Map,
        meter: Meter | None = None,
        *,
        is_logged: bool = False,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._application = application
        self._routes = routes.bind("")
        self._meter = meter
        self._is_logged = is_logged
        self._headers = tuple(headers)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        begun, started = perf_counter(), [""]
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        identifier = sent if _GOOD.match(sent) else _identifier()

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            started[0] = status
            return start_response(
                status, [*headers, *self._headers, (HEADER, identifier)], exc_info
            )

        before = REQUEST_ID.set(identifier)
        try:
            answer = self._application(environ, start)
            if self._meter or self._is_logged:
                self._note(environ, started[0][:3], perf_counter() - begun)
        finally:
            REQUEST_ID.reset(before)
        return answer

    def _note(self, environ: "WSGIEnvironment", status: str, seconds: float) -> None:
        method = environ["REQUEST_METHOD"]
        method = method if method in METHODS else "other"
        route = self._route(environ.get("PATH_INFO", ""), method)
        if self._meter:
            self._meter.request(method, route, status, seconds)
        if self._is_logged:
            milliseconds = round(seconds * 1000, 1)
            fields = {"method": method, "route": route, "status": int(status or 0)}
            fields |= {"milliseconds": milliseconds}
            _log.info("%s %s %s %s ms", method, route, status, milliseconds, extra={FIELDS: fields})

    def _route(self, path: str, method: str) -> str:
        """The pattern of an address, which holds nothing that somebody typed."""
        try:
            rule, _ = self._routes.match(path, method, return_rule=True)
        except HTTPException:
            return "none"
        return str(rule.rule)
