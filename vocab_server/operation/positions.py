"""Reading what one wrote, whichever node answers.

The answer to a write says how far the log had come, in a header for programs and in a cookie for
browsers. Whoever sends that back is answered by a node that has come as far: one that has not takes
in first what it is missing.
"""

from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

from filelock import Timeout
from sqlalchemy.exc import SQLAlchemyError

from vocab_server.editing.commit import Writer
from vocab_server.errors import StoreUnavailableError
from vocab_server.store.snapshots import number_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Log-Position"
COOKIE = "log-position"
PATIENCE = 5  # seconds that who wrote waits for a node that is behind
KEPT = 300  # seconds after which every node has come as far, or is cut off
DIGITS = 15  # of the highest number that is believed
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Positions:
    """A WSGI application around another one, on a node that shares the log with others."""

    def __init__(self, application: "WSGIApplication", writer: Writer, *, is_https: bool) -> None:
        self._application = application
        self._writer = writer
        self._attributes = f"; Max-Age={KEPT}; Path=/; HttpOnly; SameSite=Lax"
        if is_https:
            self._attributes += "; Secure"

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        is_browser = "HTTP_COOKIE" in environ  # it has one of ours: nobody writes without
        wanted = max(_number(environ.pop("HTTP_X_LOG_POSITION", "")), _take_cookie(environ))
        if wanted > self._position():
            self._reach()
        if environ["REQUEST_METHOD"] in READING:
            return self._application(environ, start_response)
        return self._application(environ, self._telling(start_response, is_browser))

    def _position(self) -> int:
        current = self._writer.snapshots.current()
        return number_of(current) if current else 0

    def _reach(self) -> None:
        """Take in what is missing.

        Who waits too long, or without a database or an engine, gets what is here.
        """
        try:
            self._writer.follow(PATIENCE)
        except (SQLAlchemyError, StoreUnavailableError, Timeout):
            return

    def _telling(self, start_response: "StartResponse", is_browser: bool) -> Callable[..., Any]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            position = str(self._position())
            told = [(HEADER, position)]
            if is_browser:
                told.append(("Set-Cookie", f"{COOKIE}={position}{self._attributes}"))
            return start_response(status, [*headers, *told], *more)

        return start


def _take_cookie(environ: "WSGIEnvironment") -> int:
    """The number in the cookie, which nothing behind this looks at."""
    header = environ.get("HTTP_COOKIE", "")
    if COOKIE not in header:
        return 0
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return 0
    others = [part for part in header.split("; ") if not part.startswith(f"{COOKIE}=")]
    environ["HTTP_COOKIE"] = "; ".join(others)
    if not others:
        del environ["HTTP_COOKIE"]
    return _number(found.value) if found else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0
