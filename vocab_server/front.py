"""What a request passes before it reaches the application, from the outside in (PEP 3333).

An id and a line in the log, the address of the visitor behind a proxy, the budget of that address,
what was written on another node, the whole of its body, answers that are there already, plain
queries, what is suggested while somebody types; then Flask.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from vocab_server.api.direct import DirectQueries
from vocab_server.api.health import METER
from vocab_server.database import is_shared
from vocab_server.operation.bodies import Bodies
from vocab_server.operation.budgets import EXCEEDED, Budgets, Ledger
from vocab_server.operation.metrics import Meter
from vocab_server.operation.positions import Positions
from vocab_server.operation.requests import Requests
from vocab_server.reading import interface_cookie
from vocab_server.response_cache import ResponseCache
from vocab_server.services import Services
from vocab_server.web.direct import DirectSuggestions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A year, and below this host too (RFC 6797, 6.1; OWASP ASVS 5.0, 3.4.1).
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def set_up_front(
    app: Flask, opened: Services, everywhere: Mapping[str, str], of_pages: Mapping[str, str]
) -> None:
    """Put the layers around an application.

    All its answers have the headers ``everywhere``, its pages ``of_pages``.
    """
    settings = opened.settings
    app.before_request(_refuse_exceeded)
    inner = app.wsgi_app
    suggestions = DirectSuggestions(inner, opened, of_pages.items())
    queries = DirectQueries(suggestions, opened, everywhere.items())
    cache = ResponseCache(queries, opened.writer.snapshots, interface_cookie(settings))
    ledger = Ledger(settings.data / "budgets", str(app.secret_key).encode())
    bodies = Bodies(cache, inner, app.config["MAX_CONTENT_LENGTH"])
    whole = _of_nodes(bodies, opened)
    app.wsgi_app = Budgets(whole, inner, ledger, settings.budget)  # type: ignore[method-assign]  # as Flask's docs say
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    _observe(app, opened)


def _of_nodes(application: "WSGIApplication", opened: Services) -> "WSGIApplication":
    """The application so that who wrote on one node reads it on every other."""
    if not is_shared(opened.database):
        return application
    is_https = opened.settings.base_url.startswith("https:")
    return Positions(application, opened.writer, is_https=is_https)


def _observe(app: Flask, opened: Services) -> None:
    """Let every request have an id, be measured and be logged, as the settings say."""
    meter = Meter(opened) if opened.settings.metrics else None
    if meter:
        app.extensions[METER] = meter
        opened.queries.watched(meter.query)
    is_https = opened.settings.base_url.startswith("https:")
    app.wsgi_app = Requests(  # type: ignore[method-assign]
        app.wsgi_app,
        app.url_map,
        meter,
        is_logged=opened.settings.log_requests,
        headers=[HTTPS_ONLY] if is_https else [],
    )


def _refuse_exceeded() -> None:
    """Raise the error for who has caused too much work. See Budgets."""
    if EXCEEDED in request.environ:
        raise request.environ[EXCEEDED]
