"""Plain SPARQL queries by GET, answered in front of the framework (SPARQL 1.1 Protocol, 2.1.1).

Why: the engine answers a small query in a tenth of a millisecond, and a request takes three times
as long on its way through the framework. Whatever is not a short, successful answer to a program
goes on to the framework, with what came of the query so far.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from werkzeug.http import generate_etag

from vocab_server.api.sparql import HTML, OUTCOME, accepted, is_each_time_anew
from vocab_server.errors import VocabServerError
from vocab_server.rdf.formats import content_type
from vocab_server.services import Services
from vocab_server.store.sandbox import Answer, PublicQuery
from vocab_server.views import CURRENT, View

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# With one of these there is more to decide than what the query says.
_SPECIAL = frozenset({"CONTENT_TYPE", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH"})


class DirectQueries:
    """A WSGI application around another one; ``headers`` are those that every answer has."""

    def __init__(
        self,
        application: "WSGIApplication",
        opened: Services,
        headers: Iterable[tuple[str, str]],
    ) -> None:
        self._application = application
        self._opened = opened
        self._endpoint = f"{opened.settings.base}/sparql"
        self._headers = (*headers, ("Vary", "Accept"), ("Cache-Control", "public, no-cache"))

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        text = _plain_query(environ)
        if text is None:
            return self._application(environ, start_response)
        try:
            view = self._opened.published.view(environ.get(CURRENT))
            answer = self._run(view, text, environ.get("HTTP_ACCEPT"))
        except VocabServerError as error:
            environ[OUTCOME] = error
            return self._application(environ, start_response)
        if answer.whole is None:
            environ[OUTCOME] = answer
            return self._application(environ, start_response)
        start_response("200 OK", [*self._headers, *_headers(view, answer.media_type, answer.whole)])
        return [answer.whole]

    def _run(self, view: View, text: str, accept: str | None) -> Answer:
        query = PublicQuery(text, *accepted(accept), base_iri=self._endpoint)
        return self._opened.queries.run(view.directory, query, view.at_hand)


def _plain_query(environ: "WSGIEnvironment") -> str | None:
    """The query of a request that a program makes and that says nothing but the query."""
    if environ["PATH_INFO"] != "/sparql" or environ["REQUEST_METHOD"] != "GET":
        return None
    name, _, sent = environ["QUERY_STRING"].partition("=")
    if name != "query" or "&" in sent or not sent.isascii():
        return None
    if HTML in environ.get("HTTP_ACCEPT", "") or any(map(environ.get, _SPECIAL)):
        return None
    text = _decoded(sent)
    return None if is_each_time_anew(text) else text


def _decoded(sent: str) -> str:
    """What percent-encoded ASCII stands for, as unquote_plus has it, in a tenth of its time."""
    escaped = sent.replace("\\", "\\\\").replace("+", " ").replace("%", "\\x")
    try:
        return escaped.encode().decode("unicode_escape").encode("latin-1").decode(errors="replace")
    except UnicodeDecodeError:  # a percent sign that encodes nothing
        return unquote_plus(sent)


def _headers(view: View, media_type: str, body: bytes) -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Type", content_type(media_type)),
        ("Content-Length", str(len(body))),
        ("Last-Modified", view.modified),
        ("ETag", f'"{generate_etag(body)}"'),
    )
