"""The application: puts all rooms together, and is the only module that knows them all."""

import gc
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, request, session
from flask_babel import Babel
from flask_wtf import CSRFProtect

from vocab_server import config
from vocab_server.api import (
    annif,
    ckan,
    dataset_feeds,
    dcat,
    feeds,
    graphs,
    health,
    history_feeds,
    jskos,
    known_label,
    opensearch,
    problems,
    reconcile,
    registers,
    security,
    shapes,
    skosmos,
    sparql,
    void,
)
from vocab_server.api.v1 import account as api_account
from vocab_server.api.v1 import changes as api_changes
from vocab_server.api.v1 import concepts, draft_changes, info, openapi, resolve, suggest
from vocab_server.api.v1 import datasets as api_datasets
from vocab_server.api.v1 import drafts as api_drafts
from vocab_server.api.v1 import histories as api_histories
from vocab_server.api.v1 import proposals as api_proposals
from vocab_server.api.v1 import releases as api_releases
from vocab_server.api.v1 import search as api_search
from vocab_server.api.v1 import spreadsheets as api_spreadsheets
from vocab_server.api.v1 import structure as api_structure
from vocab_server.api.v1 import validate as api_validate
from vocab_server.api.v1 import vocabularies as api_vocabularies
from vocab_server.config import Settings
from vocab_server.front import set_up_front
from vocab_server.identity import set_up_sessions
from vocab_server.operation.logs import set_up_logs
from vocab_server.reading import (
    COOKIE,
    INTERFACE_LANGUAGES,
    choose_interface_language,
    interface_language,
    view,
)
from vocab_server.services import open_services
from vocab_server.web import (
    about,
    account,
    administration,
    asking,
    audit,
    catalog_making,
    catalogs,
    changes,
    coverage,
    datasets,
    differences,
    draft_bulk,
    draft_concepts,
    draft_conflicts,
    draft_grid,
    draft_mappings,
    draft_quality,
    draft_similar,
    drafts,
    embed,
    entering,
    entry_findings,
    first_steps,
    harvests,
    histories,
    home,
    keywords,
    mementos,
    notices,
    openid,
    pictures,
    policies,
    proposals,
    proposing,
    quality,
    quality_settings,
    register,
    release_mount,
    releases,
    releasing,
    resources,
    search,
    signing_in,
    spreadsheets,
    statistics,
    structure,
    validating,
    vocabularies,
    withdrawing,
)
from vocab_server.web.templating import set_up_templates

BLUEPRINTS = (
    problems.bp,
    about.bp,
    account.bp,
    administration.bp,
    annif.bp,
    api_account.bp,
    api_changes.bp,
    api_datasets.bp,
    api_drafts.bp,
    api_proposals.bp,
    api_histories.bp,
    api_releases.bp,
    api_search.bp,
    api_spreadsheets.bp,
    api_structure.bp,
    api_validate.bp,
    api_vocabularies.bp,
    asking.bp,
    audit.bp,
    catalog_making.bp,
    catalogs.bp,
    ckan.bp,
    changes.bp,
    concepts.bp,
    coverage.bp,
    dataset_feeds.bp,
    datasets.bp,
    dcat.bp,
    differences.bp,
    draft_changes.bp,
    draft_bulk.bp,
    draft_concepts.bp,
    draft_conflicts.bp,
    draft_grid.bp,
    draft_mappings.bp,
    draft_similar.bp,
    draft_quality.bp,
    drafts.bp,
    embed.bp,
    entering.bp,
    entry_findings.bp,
    feeds.bp,
    first_steps.bp,
    graphs.bp,
    harvests.bp,
    health.bp,
    histories.bp,
    history_feeds.bp,
    home.bp,
    info.bp,
    jskos.bp,
    keywords.bp,
    known_label.bp,
    notices.bp,
    mementos.bp,
    openapi.bp,
    openid.bp,
    opensearch.bp,
    pictures.bp,
    policies.bp,
    proposals.bp,
    proposing.bp,
    quality.bp,
    quality_settings.bp,
    reconcile.bp,
    register.bp,
    registers.bp,
    releases.bp,
    releasing.bp,
    resolve.bp,
    resources.bp,
    search.bp,
    security.bp,
    shapes.bp,
    signing_in.bp,
    skosmos.bp,
    sparql.bp,
    spreadsheets.bp,
    statistics.bp,
    structure.bp,
    suggest.bp,
    validating.bp,
    vocabularies.bp,
    void.bp,
    withdrawing.bp,
)
PACKAGE = Path(__file__).parent
LARGEST_BODY = 50 * config.MIB  # bytes of an upload
LARGEST_TEXT = 10 * config.MIB  # bytes of what is typed or pasted into a form
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
    "ETag, Link, Location, Content-Language, Content-Disposition, Memento-Datetime, Retry-After,"
    " Vary, X-Request-ID, X-Total-Count"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
}
ALLOWED = (
    "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Type, If-Match,"
    " If-Modified-Since, If-None-Match"
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
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_TEXT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PACKAGE / "translations")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    opened = open_services(settings)
    app.extensions["vocab_server"] = opened
    Babel(app, locale_selector=choose_interface_language)
    set_up_sessions(app, settings)
    openid.set_up(app, settings)
    set_up_templates(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _protect_forms(app)
    release_mount.set_up(app)
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
    protection.exempt("vocab_server.web.notices.end")  # sent by mail programs, with a proof of ours


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
