"""One finding of a check at an address of its own: who looks after it, what is said, its repair."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.account import Account
from vocab_server.accounts.register import find_account
from vocab_server.accounts.roles import Permission
from vocab_server.database.findings import FindingTable, Named
from vocab_server.errors import InvalidError, NotFoundError, VocabServerError
from vocab_server.identity import demand_account, requires, signed_in_only
from vocab_server.operation.checking import wanted_report
from vocab_server.quality.check import Check, Finding
from vocab_server.quality.checks import get_check
from vocab_server.quality.repairing import repair
from vocab_server.rdf.change import to_lines
from vocab_server.reading import Page, document_url, page_number, view, with_language
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality import find_report, linked, unkept
from vocab_server.web.quality_texts import SEVERITIES, CheckTexts, texts_of
from vocab_server.web.told import sentences
from vocab_server.web.vocabularies import summary

bp = Blueprint("findings", __name__)

TASKS = 50  # on a page


@dataclass(frozen=True, slots=True)
class Task:
    """A finding that somebody looks after, with the address of its page."""

    check: CheckTexts
    focus: str
    href: str


@dataclass(frozen=True, slots=True)
class _Looked:
    """A finding as its page shows it; ``finding`` is None when it is mended."""

    vocabulary: Vocabulary
    named: Named
    check: Check
    finding: Finding | None
    is_old: bool


@bp.get("/vocabularies/<identifier>/findings/<identity>")
def show(identifier: str, identity: str) -> ResponseReturnValue:
    """A finding, who looks after it and what was said about it."""
    return _page(_look(identifier, identity))


@bp.post("/vocabularies/<identifier>/findings/<identity>/assignee")
@requires(Permission.EDIT_DRAFTS, "identifier")
def assign(identifier: str, identity: str) -> ResponseReturnValue:
    """Let somebody who may edit look after a finding, or nobody."""
    looked, name = _look(identifier, identity), request.form.get("assignee", "").strip()
    try:
        assignee = _editor(name, looked.vocabulary) if name else ""
    except InvalidError as error:
        return _page(looked, [("assignee", in_words(error))]), HTTPStatus.UNPROCESSABLE_ENTITY
    FindingTable(services().database).assign(looked.named, assignee, demand_account().name)
    flash(_("Saved."))
    return redirect(_address(looked), HTTPStatus.SEE_OTHER)


@bp.post("/vocabularies/<identifier>/findings/<identity>/comments")
@requires(Permission.EDIT_DRAFTS, "identifier")
def comment(identifier: str, identity: str) -> ResponseReturnValue:
    """Say something about a finding."""
    looked, author = _look(identifier, identity), demand_account().name
    try:
        FindingTable(services().database).comment(
            looked.named, author, request.form.get("text", "")
        )
    except InvalidError as error:
        return _page(looked, [("comment-text", in_words(error))]), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"{_address(looked)}#comments", HTTPStatus.SEE_OTHER)


@bp.post("/vocabularies/<identifier>/findings/<identity>/draft")
@requires(Permission.EDIT_DRAFTS, "identifier")
def begin_draft(identifier: str, identity: str) -> ResponseReturnValue:
    """Start a draft that mends the finding, or in which somebody can."""
    looked, account = _look(identifier, identity), demand_account()
    if looked.finding is None:
        flash(_("It is mended already."))
        return redirect(_address(looked), HTTPStatus.SEE_OTHER)
    title = f"{looked.check.title.en} ({looked.check.id})"
    draft = services().drafts.begin(looked.vocabulary.graph, title, "", account.name)
    change = repair(view().store, looked.vocabulary.graph, [looked.finding])
    if change:
        try:
            services().desk(draft).apply(change, account.name, looked.check.remedy.en)
        except VocabServerError as error:
            flash(in_words(error), "warning")
    where = url_for("draft_concepts.show", number=draft.id, iri=looked.finding.focus)
    if change or not view().cards.find(looked.vocabulary.graph, [looked.finding.focus]):
        where = url_for("drafts.show", number=draft.id)
    flash(_("The draft is started. Others will not see it until you publish."))
    return redirect(where, HTTPStatus.SEE_OTHER)


@bp.get("/account/findings")
@signed_in_only
def own() -> ResponseReturnValue:
    """The findings that somebody looks after."""
    number = page_number()
    found, total = FindingTable(services().database).of(
        demand_account().name, limit=TASKS, offset=(number - 1) * TASKS
    )
    tasks = [task for named in found if (task := _task(named))]
    page = render_template("findings/own.html", page=Page(tasks, number, TASKS, total))
    return unkept(make_response(page))


def _task(named: Named) -> Task | None:
    """None for a finding of a vocabulary that is no longer here."""
    here = next((v for v in view().vocabularies if v.graph == named.graph), None)
    if here is None:
        return None
    href = url_for(".show", identifier=here.id, identity=named.identity)
    return Task(texts_of(get_check(named.check)), named.focus, href)


def _look(identifier: str, identity: str) -> _Looked:
    """Raises NotFoundError for what was never found, or is mended and nobody spoke of it."""
    vocabulary = view().vocabulary(identifier)
    report, is_old = find_report(wanted_report(services(), vocabulary))
    finding = report.get(identity) if report else None
    if finding is not None:
        named = Named(vocabulary.graph, identity, finding.check.id, str(finding.focus))
        return _Looked(vocabulary, named, finding.check, finding, is_old)
    known = FindingTable(services().database).known(vocabulary.graph, identity)
    if known is None:
        raise NotFoundError("There is no such finding. Perhaps it is mended.")
    return _Looked(vocabulary, known, get_check(known.check), None, is_old or report is None)


def _page(looked: _Looked, errors: list[tuple[str, str]] | None = None) -> Response:
    table, graph = FindingTable(services().database), looked.vocabulary.graph
    identity = looked.named.identity
    found = linked(graph, [looked.finding], frozenset()) if looked.finding else []
    change = repair(view().store, graph, [looked.finding]) if looked.finding else None
    exceptions = services().quality.exceptions(graph)
    page = render_template(
        "findings/show.html",
        vocabulary=summary(looked.vocabulary),
        check=texts_of(looked.check),
        severities=SEVERITIES,
        found=found[0] if found else None,
        focus=looked.named.focus,
        href=document_url(looked.named.focus),
        identity=identity,
        is_old=looked.is_old,
        removed=to_lines(change.removed) if change else [],
        added=to_lines(change.added) if change else [],
        sentences=sentences([change])[0] if change else [],
        accepted=next((one for one in exceptions if one.identity == identity), None),
        assignee=table.assignees(graph, [identity]).get(identity, ""),
        comments=table.comments(graph, identity),
        errors=errors or [],
        typed=request.form,
    )
    return unkept(make_response(page))


def _address(looked: _Looked) -> str:
    identity = looked.named.identity
    return with_language(url_for(".show", identifier=looked.vocabulary.id, identity=identity))


def _editor(name: str, vocabulary: Vocabulary) -> str:
    """The name of an account that may edit. Raises InvalidError."""
    account: Account | None
    try:
        account = find_account(services().database, name)
    except NotFoundError:
        account = None
    if account is None or not account.may(Permission.EDIT_DRAFTS, vocabulary.id):
        raise InvalidError("Nobody of this name may edit the vocabulary.")
    return account.name
