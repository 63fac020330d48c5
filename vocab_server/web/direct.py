"""What is suggested while somebody types, answered in front of the framework.

Why: with every key that is pressed there is such a request, and its way through the framework takes
longer than the search. Whatever says more than the text goes on to the framework.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.http import generate_etag

from vocab_server.errors import VocabServerError
from vocab_server.reading import document_address, preferred_language
from vocab_server.search.find import Wanted
from vocab_server.services import Services
from vocab_server.views import View
from vocab_server.web.search import SAID, SUGGESTIONS, as_options, results_in, typed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/search/suggestions"
MOST = 20  # parameters
# With one of these there is more to decide than what the text says.
_SPECIAL = (
    "CONTENT_TYPE",
    "HTTP_AUTHORIZATION",
    "HTTP_COOKIE",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
)


class DirectSuggestions:
    """A WSGI application around another one; ``headers`` are those that every page has."""

    def __init__(
        self,
        application: "WSGIApplication",
        opened: Services,
        headers: Iterable[tuple[str, str]],
    ) -> None:
        self._application = application
        self._opened = opened
        self._headers = (
            *headers,
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "public, no-cache"),
        )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        said = _said(environ)
        if said is None:
            return self._application(environ, start_response)
        language = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE"))
        try:
            view = self._opened.published.view()
            body = self._options(view, typed(said), language).encode()
        except VocabServerError:  # which the framework tells
            return self._application(environ, start_response)
        start_response("200 OK", [*self._headers, *_headers(view, language, body)])
        return [body]

    def _options(self, view: View, text: str, language: str) -> str:
        settings = self._opened.settings
        languages = (language, *settings.languages)
        wanted = Wanted(text, stem_languages=languages, is_unfinished=True)
        hits = view.suggest(wanted, SUGGESTIONS)
        base = settings.base
        found = results_in(view, hits, language, lambda iri: document_address(base, iri))
        return as_options(found)


def _said(environ: "WSGIEnvironment") -> Mapping[str, str] | None:
    """The parameters of a request that says nothing but the text, as far as we read them."""
    if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET":
        return None
    sent = environ["QUERY_STRING"]
    if any(map(environ.get, _SPECIAL)) or sent.count("&") >= MOST or not sent.isascii():
        return None
    pairs = parse_qsl(sent, keep_blank_values=True, errors="replace")
    said = dict(reversed(pairs))  # of two of a name the first
    return None if SAID & said.keys() else said


def _headers(view: View, language: str, body: bytes) -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Language", language),
        ("Content-Length", str(len(body))),
        ("Last-Modified", view.modified),
        ("ETag", f'"{generate_etag(body)}"'),
    )
