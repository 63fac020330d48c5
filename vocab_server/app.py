"""The application: puts all rooms together, and is the only module that knows them all."""

import gc
import json
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from babel import Locale
from babel.numbers import format_decimal, format_percent
from flask import Flask, Response, request, session, url_for
from flask_babel import Babel, format_date, format_datetime, get_translations
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from vocab_server import config
from vocab_server.__version__ import __version__
from vocab_server.accounts.account import Account
from vocab_server.api import (
    feeds,
    graphs,
    health,
    jskos,
    known_label,
    opensearch,
    problems,
    reconcile,
    security,
    skosmos,
    sparql,
    void,
)
from vocab_server.api.v1 import account as api_account
from vocab_server.api.v1 import changes as api_changes
from vocab_server.api.v1 import concepts, draft_changes, info, openapi, resolve
from vocab_server.api.v1 import drafts as api_drafts
from vocab_server.api.v1 import search as api_search
from vocab_server.api.v1 import structure as api_structure
from vocab_server.api.v1 import vocabularies as api_vocabularies
from vocab_server.config import Settings
from vocab_server.front import set_up_front
from vocab_server.identity import current_account, is_for_programs, set_up_sessions, way_back
from vocab_server.operation.logs import set_up_logs
from vocab_server.reading import (
    COOKIE,
    INTERFACE_LANGUAGES,
    choose_interface_language,
    content_language,
    interface_language,
    view,
)
from vocab_server.services import open_services
from vocab_server.web import (
    about,
    account,
    administration,
    audit,
    changes,
    differences,
    draft_concepts,
    drafts,
    home,
    openid,
    pictures,
    releases,
    resources,
    search,
    signing_in,
    statistics,
    structure,
    vocabularies,
)

BLUEPRINTS = (
    problems.bp,
    about.bp,
    account.bp,
    administration.bp,
    api_account.bp,
    api_changes.bp,
    api_drafts.bp,
    api_search.bp,
    api_structure.bp,
    api_vocabularies.bp,
    audit.bp,
    changes.bp,
    concepts.bp,
    differences.bp,
    draft_changes.bp,
    draft_concepts.bp,
    drafts.bp,
    feeds.bp,
    graphs.bp,
    health.bp,
    home.bp,
    info.bp,
    jskos.bp,
    known_label.bp,
    openapi.bp,
    openid.bp,
    opensearch.bp,
    pictures.bp,
    reconcile.bp,
    releases.bp,
    resolve.bp,
    resources.bp,
    search.bp,
    security.bp,
    signing_in.bp,
    skosmos.bp,
    sparql.bp,
    statistics.bp,
    structure.bp,
    vocabularies.bp,
    void.bp,
)
PACKAGE = Path(__file__).parent
LARGEST_BODY = 50 * config.MIB  # bytes of an upload
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
POLICIES = {"reconcile.preview": PREVIEW_POLICY, "sparql.show": EDITOR_POLICY}
_CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
EXPOSED = (
    "ETag, Link, Location, Content-Language, Content-Disposition, Retry-After, X-Request-ID,"
    " X-Total-Count"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
}
ALLOWED = (
    "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since,"
    " If-None-Match"
)


def templates_folder() -> Path:
    """Where the templates are: in the package when installed, beside it in a checkout."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for these settings, or for those of the environment."""
    settings = settings or config.load()
    app = Flask("vocab_server", template_folder=str(templates_folder()))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PACKAGE / "translations")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    opened = open_services(settings)
    app.extensions["vocab_server"] = opened
    Babel(app, locale_selector=choose_interface_language)
    set_up_sessions(app, settings)
    openid.set_up(app, settings)
    _set_up_templates(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _protect_forms(app)
    app.before_request(_answer_options)
    app.after_request(_finish)
    set_up_front(app, opened, EVERYWHERE)
    return app


def _protect_forms(app: Flask) -> None:
    """Refuse what a page of others makes a browser send.

    The interfaces for programs need no such protection, because they look at no cookie.
    """
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a form is good for as long as its session
    protection = CSRFProtect(app)
    for blueprint in BLUEPRINTS:
        if blueprint.import_name.startswith("vocab_server.api."):
            protection.exempt(blueprint)


def create_served_app() -> Flask:
    """The application as a server process runs it: what it needs is open before it answers."""
    settings = config.load()
    set_up_logs(settings.log_format)
    app = create_app(settings)
    app.extensions["vocab_server"].queries.start()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again and again takes a tenth
    return app


def _answer_options() -> Response | None:
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


def _finish(response: Response) -> Response:
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
        response.set_cookie(COOKIE, str(chosen), max_age=YEAR, samesite="Lax", httponly=True)
    elif not is_private and _is_public(response):
        _make_cacheable(response)
    return response


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
    response.headers["Last-Modified"] = view().modified
    if response.is_streamed:
        response.automatically_set_content_length = False  # would collect the stream to count it
    else:
        response.add_etag()
    if not _CONDITIONS.isdisjoint(request.environ) and response.status_code == HTTPStatus.OK:
        response.make_conditional(request)


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "dateformat": format_date,
        "datetimeformat": format_datetime,
        "numberformat": lambda number: format_decimal(number, locale=_locale()),
        "percentformat": lambda share: format_percent(share, locale=_locale()),
        "jsonld": _json_in_html,
    }
    app.jinja_env.globals |= {
        "_": _translated,
        "gettext": _translated,
        "asset": asset,
        "vendor": vendor,
        "site_name": "vocab-server",
        "version": __version__,
    }
    app.context_processor(_page_values)


@pass_context
def _translated(context: Context, text: str, /, **values: object) -> Markup:
    """A text of the interface, as Jinja's new-style gettext gives it.

    A page has dozens of them, and Flask-Babel finds the reader's language anew for each.
    """
    found = _translation(context["interface_language"], text)
    return found % values if "%" in found else found


@lru_cache(maxsize=4_000)
def _translation(_language: str, text: str) -> Markup:
    return Markup(get_translations().ugettext(text))  # noqa: S704  (ours, from the catalog)


def _page_values() -> dict[str, object]:
    return {
        "interface_language": interface_language(),
        "interface_languages": [(tag, _own_name(tag), _in(tag)) for tag in INTERFACE_LANGUAGES],
        "content_language": content_language(),
        "account": _page_account(),
        "way_back": None if request.path == url_for("home.show") else way_back(),
    }


def _page_account() -> Account | None:
    """Who sees the page; nobody where a program is told of an error as a page."""
    return None if is_for_programs() else current_account()


def _locale() -> str:
    return interface_language()


@lru_cache(maxsize=16)
def _own_name(tag: str) -> str:
    name = Locale.parse(tag).get_display_name(tag) or tag
    return name[:1].upper() + name[1:]


def _in(tag: str) -> str:
    """The address of this page with the interface in another language."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'interface': tag})}"


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """The address of a file of ours; the version in it makes a new one be fetched."""
    return url_for("static", filename=path, v=__version__)


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    listed = PACKAGE / "static" / "vendor" / "manifest.json"
    found: dict[str, str] = json.loads(listed.read_text()) if listed.exists() else {}
    return found


def vendor(name: str) -> str:
    """The address of a third-party file, or "" when the build had no network to fetch it."""
    path = _manifest().get(name)
    return url_for("static", filename=path) if path else ""


def _json_in_html(value: object) -> Markup:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return Markup(text)  # noqa: S704  (escaped above)
