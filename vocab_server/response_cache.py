"""Answers given once, given again without asking anybody, for as long as the snapshot is current.

Why in front of the application: a repeated read then costs a look-up and no more. Only what says
``Cache-Control: public`` is kept, so a page made for one person never is (RFC 9111, 3).
"""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

from werkzeug.http import generate_etag, parse_date, parse_etags

from vocab_server.store.snapshots import Snapshots
from vocab_server.views import CURRENT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MIB = 1024 * 1024
LARGEST = MIB  # bytes of one answer
TOTAL = 12 * MIB  # bytes of all answers of one process: some 300 pages
AROUND = 4096  # bytes that an answer takes beside its body: key, headers, objects
BODY = 64 * 1024  # bytes of a query sent by POST
KEPT = frozenset({"200 OK", "303 SEE OTHER"})
_ABOUT_CONTENT = frozenset({"content-length", "content-type", "content-disposition"})


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it goes out."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def etag(self) -> str:
        """The stated tag, else one made from the content."""
        stated = (value for name, value in self.headers if name.lower() == "etag")
        return next(stated, f'"{generate_etag(self.body)}"')


class ResponseCache:
    """A WSGI application around another one.

    ``cookie`` is the name of the one cookie that public pages depend on; a request with any other
    cookie, or with credentials, always goes through.
    """

    def __init__(self, application: "WSGIApplication", snapshots: Snapshots, cookie: str) -> None:
        self._application = application
        self._snapshots = snapshots
        self._cookie = cookie
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], _Kept] = OrderedDict()
        self._size = 0
        self._snapshot: str | None = ""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        key = self._key(environ)
        if key is None:
            return self._application(environ, start_response)
        snapshot = self._snapshots.name()
        if snapshot != self._snapshot:
            self._clear(snapshot)
        kept = self._kept.get(key)
        if kept is not None:
            with suppress(KeyError):  # it may just have been dropped
                self._kept.move_to_end(key)
            return _given(kept, environ, start_response)
        return self._asked(key, snapshot, environ, start_response)

    def _key(self, environ: "WSGIEnvironment") -> tuple[Any, ...] | None:
        """What an answer depends on; None for requests whose answers are never kept."""
        method = environ["REQUEST_METHOD"]
        body: bytes | None = b""
        if method == "POST" and environ.get("PATH_INFO") == "/sparql":
            body = _body(environ)
        elif method not in ("GET", "HEAD"):
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        if "HTTP_AUTHORIZATION" in environ or body is None:
            return None
        chosen = self._choice(cookies) if cookies else ""
        if chosen is None:
            return None
        return (
            environ.get("PATH_INFO"),
            environ.get("QUERY_STRING"),
            environ.get("HTTP_ACCEPT"),
            environ.get("HTTP_ACCEPT_LANGUAGE"),
            environ.get("HTTP_ACCEPT_DATETIME"),
            environ.get("HTTP_HOST"),
            environ.get("CONTENT_TYPE") if method == "POST" else method == "POST",
            chosen,
            body,
        )

    def _choice(self, header: str) -> str | None:
        """The value of the cookie that counts; None when there are others."""
        try:
            cookies = SimpleCookie(header)
        except CookieError:
            return None
        if set(cookies) - {self._cookie}:
            return None
        return cookies[self._cookie].value if cookies else ""

    def _asked(
        self,
        key: tuple[Any, ...],
        snapshot: str | None,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        """The application's answer, kept when it may be."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def note(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            started[:] = [(status, headers)]
            return start_response(status, headers, exc_info)

        environ[CURRENT] = snapshot
        answer = self._application(environ, note)
        if environ["REQUEST_METHOD"] == "HEAD" or not started or not _may_keep(*started[0]):
            return answer
        body = _whole(answer)
        status, headers = started[0]
        self._keep(key, snapshot, _Kept(status, headers, body))
        return [body]

    def _keep(self, key: tuple[Any, ...], snapshot: str | None, kept: _Kept) -> None:
        with self._lock:
            if snapshot != self._snapshot or key in self._kept:
                return
            self._kept[key] = kept
            self._size += len(kept.body) + AROUND
            while self._size > TOTAL:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest.body) + AROUND

    def _clear(self, snapshot: str | None) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0
            self._snapshot = snapshot


def _may_keep(status: str, headers: list[tuple[str, str]]) -> bool:
    """Whether everybody may get this answer, and its length is known and bearable."""
    if status.upper() not in KEPT:
        return False
    found = {name.lower(): value for name, value in headers}
    if int(found.get("content-length", LARGEST + 1)) > LARGEST:
        return False
    return "public" in found.get("cache-control", "") and "set-cookie" not in found


def _whole(answer: Iterable[bytes]) -> bytes:
    """All of an answer, which is then done with (PEP 3333)."""
    try:
        return b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _given(
    kept: _Kept, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    if kept.status.upper() == "200 OK" and _is_known(kept, environ):
        headers = [(k, v) for k, v in kept.headers if k.lower() not in _ABOUT_CONTENT]
        start_response("304 NOT MODIFIED", headers)
        return [b""]
    start_response(kept.status, kept.headers)
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


def _is_known(kept: _Kept, environ: "WSGIEnvironment") -> bool:
    """Whether the client has the answer already; dates count without ETags (RFC 9110, 13.2.2)."""
    condition = environ.get("HTTP_IF_NONE_MATCH")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return False
    if condition:
        return parse_etags(condition).contains_weak(kept.etag.strip('W/"'))
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    changed = parse_date(dict(kept.headers).get("Last-Modified"))
    return since is not None and changed is not None and changed <= since


def _body(environ: "WSGIEnvironment") -> bytes | None:
    """The request's body, still there for the application; None when it is long or unknown."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or -1)
    except ValueError:
        return None
    if not 0 <= length <= BODY:
        return None
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body
