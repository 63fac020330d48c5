"""The application: puts all rooms together, and is the only module that knows them all."""

import gc
from pathlib import Path

from flask import Flask
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
from vocab_server.api.v1 import entries as api_entries
from vocab_server.api.v1 import histories as api_histories
from vocab_server.api.v1 import proposals as api_proposals
from vocab_server.api.v1 import releases as api_releases
from vocab_server.api.v1 import scores as api_scores
from vocab_server.api.v1 import search as api_search
from vocab_server.api.v1 import spreadsheets as api_spreadsheets
from vocab_server.api.v1 import structure as api_structure
from vocab_server.api.v1 import validate as api_validate
from vocab_server.api.v1 import vocabularies as api_vocabularies
from vocab_server.config import Settings
from vocab_server.front import set_up_front
from vocab_server.headers import EVERYWHERE, OF_PAGES, answer_options, finish
from vocab_server.identity import set_up_sessions
from vocab_server.operation.logs import set_up_logs
from vocab_server.reading import (
    choose_interface_language,
)
from vocab_server.services import open_services
from vocab_server.web import (
    about,
    account,
    administration,
    asking,
    audit,
    catalog_data,
    catalog_making,
    catalogs,
    changes,
    choices,
    coverage,
    data_checks,
    datasets,
    differences,
    documentation,
    draft_bulk,
    draft_concepts,
    draft_conflicts,
    draft_grid,
    draft_mappings,
    draft_quality,
    draft_similar,
    draft_tree,
    drafts,
    embed,
    entering,
    entries,
    entry_findings,
    findings,
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
    quality_lists,
    quality_settings,
    register,
    release_mount,
    releases,
    releasing,
    resources,
    score_rounds,
    scores,
    search,
    signing_in,
    spreadsheets,
    statistics,
    structure,
    twins,
    validating,
    vocabularies,
    withdrawing,
)
from vocab_server.web.references import Above
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
    api_entries.bp,
    api_proposals.bp,
    api_histories.bp,
    api_releases.bp,
    api_scores.bp,
    api_search.bp,
    api_spreadsheets.bp,
    api_structure.bp,
    api_validate.bp,
    api_vocabularies.bp,
    asking.bp,
    audit.bp,
    catalog_making.bp,
    catalog_data.bp,
    catalogs.bp,
    ckan.bp,
    changes.bp,
    choices.bp,
    concepts.bp,
    coverage.bp,
    data_checks.bp,
    dataset_feeds.bp,
    datasets.bp,
    dcat.bp,
    differences.bp,
    documentation.bp,
    draft_changes.bp,
    draft_bulk.bp,
    draft_concepts.bp,
    draft_conflicts.bp,
    draft_grid.bp,
    draft_mappings.bp,
    draft_similar.bp,
    draft_tree.bp,
    draft_quality.bp,
    drafts.bp,
    embed.bp,
    entering.bp,
    entries.bp,
    entry_findings.bp,
    feeds.bp,
    findings.bp,
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
    quality_lists.bp,
    quality_settings.bp,
    reconcile.bp,
    register.bp,
    registers.bp,
    releases.bp,
    releasing.bp,
    resolve.bp,
    resources.bp,
    score_rounds.bp,
    scores.bp,
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


def templates_folder() -> Path:
    """Where the templates are: in the package when installed, beside it in a checkout."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


def create_app(settings: Settings | None = None, above: Above | None = None) -> Flask:
    """The WSGI application for these settings, or for those of the environment.

    ``above`` is what the documentation tells of the rooms above this one.
    """
    settings = settings or config.load()
    app = Flask("vocab_server", template_folder=str(templates_folder()))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_TEXT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PACKAGE / "translations")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    opened = open_services(settings)
    app.extensions["vocab_server"] = opened
    app.extensions["vocab_server.above"] = above or Above()
    Babel(app, locale_selector=choose_interface_language)
    set_up_sessions(app, settings)
    openid.set_up(app, settings)
    set_up_templates(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _protect_forms(app)
    release_mount.set_up(app)
    twins.set_up(app)
    app.before_request(answer_options)
    app.after_request(finish)
    set_up_front(app, opened, EVERYWHERE, OF_PAGES)
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


def create_served_app(above: Above) -> Flask:
    """The application as a server process runs it: what it needs is open before it answers."""
    settings = config.load()
    set_up_logs(settings.log_format)
    app = create_app(settings, above)
    app.extensions["vocab_server"].queries.start()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again and again takes a tenth
    return app
