"""The pages of a vocabulary as they are in a release: the same pages, below the release's address.

``/vocabularies/{id}/releases/{name}/doc/...`` is answered as ``/doc/...`` is, from the release.
What a release has not, such as drafts and accounts, leads to where it is.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.errors import NotFoundError
from vocab_server.reading import view
from vocab_server.release_views import ReleaseViews
from vocab_server.services import services
from vocab_server.skos.releases import Release, get_release

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "vocab_server.release"
_BELOW = re.compile(r"(/vocabularies/([^/]+)/releases/([^/]+))(/.*)\Z", re.DOTALL)
_SHORT = re.compile(r"/(deprecated|groups|index|statistics|tree)(/|\Z)")
SHOWN = frozenset({"pictures", "resources", "search", "statistics", "structure", "vocabularies"})
DATA = frozenset(  # of these pages, for programs
    {
        "api_concepts.narrower",
        "api_structure.list_circles",
        "api_structure.list_groups",
        "api_structure.list_names",
        "api_structure.list_orphans",
        "api_vocabularies.show",
        "api_vocabularies.top",
    }
)
ELSEWHERE = frozenset({"vocabularies.index"})


class Mounted:
    """A WSGI application that answers below the address of each release, too (PEP 3333)."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """See PEP 3333."""
        found = _BELOW.match(environ.get("PATH_INFO", ""))
        if found is None:
            return self._application(environ, start_response)
        root, vocabulary, name, rest = found.groups()
        if _SHORT.match(rest):
            rest = f"/vocabularies/{vocabulary}{rest}"
        mounted = {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + root,
            "PATH_INFO": rest,
            KEY: (vocabulary, name),
        }
        return self._application(mounted, start_response)


def set_up(app: Flask) -> None:
    """Let an application answer below the addresses of releases."""
    app.extensions["release_views"] = ReleaseViews(app.extensions["vocab_server"])
    app.before_request(_read_release)
    app.jinja_env.filters["below"] = below
    app.wsgi_app = Mounted(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's docs say


def below(path: str, release: Release) -> str:
    """The address of a page as it was in a release, from that of the page as it is today."""
    base = services().settings.base
    return f"{release.iri.removeprefix(base)}{path.removeprefix(base)}"


def prepare(graph: URIRef, name: str) -> None:
    """Begin to make a release ready to be browsed."""
    found = services().published.view().releases.get(graph, ())
    views: ReleaseViews = current_app.extensions["release_views"]
    views.prepare(get_release(found, name))


def _read_release() -> ResponseReturnValue | None:
    """Let the rest of the request read the release that it is below of."""
    if KEY not in request.environ:
        return None
    identifier, name = request.environ[KEY]
    release = get_release(view().releases.get(view().vocabulary(identifier).graph, ()), name)
    asked = (request.view_args or {}).get("identifier", identifier)
    if request.endpoint == "graphs.download" and asked == identifier:
        file = f"{request.script_root}.{(request.view_args or {}).get('extension')}"
        return redirect(file, HTTPStatus.SEE_OTHER)
    if _is_elsewhere() or asked != identifier:
        return redirect(today_url(), HTTPStatus.TEMPORARY_REDIRECT)
    views: ReleaseViews = current_app.extensions["release_views"]
    g.view = views.view(release)
    g.release = release
    g.root = request.script_root
    return None


def _is_elsewhere() -> bool:
    if request.endpoint is None:
        raise NotFoundError("There is no such page of a release.")
    is_shown = request.blueprint in SHOWN or request.endpoint in DATA
    return not is_shown or request.endpoint in ELSEWHERE


def today_url() -> str:
    """Where a page of a release is as it is today."""
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")
