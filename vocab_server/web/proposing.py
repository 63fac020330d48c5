"""Proposing something for a vocabulary, signed in or not, and following what becomes of it."""

from http import HTTPStatus
from typing import Any

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
from rdflib import URIRef

from vocab_server.accounts.throttle import count_proposal
from vocab_server.database.proposals import Asked, Proposal, Proposer
from vocab_server.editing.proposing import Kind, check_may, may_propose
from vocab_server.errors import (
    InvalidError,
    ProposalRuleError,
    SignInNeededError,
    TooManyAttemptsError,
)
from vocab_server.identity import current_account
from vocab_server.reading import content_language, interface_language, lens_for, links, view
from vocab_server.services import services
from vocab_server.skos.hierarchy import items
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.account_forms import blame, errors_of
from vocab_server.web.account_texts import told_wait
from vocab_server.web.draft_forms import Asked as Filled
from vocab_server.web.draft_forms import ChoiceError
from vocab_server.web.error_texts import in_words
from vocab_server.web.proposal_forms import ProposalForm, refuse_robots, sign_moment
from vocab_server.web.proposal_page import private, shown_parts
from vocab_server.web.proposal_texts import KINDS, told
from vocab_server.web.vocabularies import summaries, summary

bp = Blueprint("proposing", __name__)

_CONCEPTS = {  # the fields of each kind that name a concept
    Kind.MISSING: ("broader",),
    Kind.LABEL: ("concept",),
    Kind.PLACE: ("concept", "broader"),
    Kind.OTHER: ("concept",),
}
_PLAIN = ("label", "label_language", "definition", "reason", "dataset_title", "dataset_url")


@bp.get("/proposals/new")
def choose() -> ResponseReturnValue:
    """Ask for which vocabulary something is to be proposed."""
    return render_template("proposals/choose.html", vocabularies=summaries())


@bp.route("/vocabularies/<identifier>/proposals/new", methods=["GET", "POST"])
def new(identifier: str) -> ResponseReturnValue:
    """The form, for what the address says: ``kind``, ``concept``, ``label``."""
    vocabulary, account = view().vocabulary(identifier), current_account()
    audience = services().proposals.audience(vocabulary.graph)
    if account is None and not may_propose(account, audience, identifier):
        raise SignInNeededError("Sign in first.")
    check_may(account, audience, identifier)
    kind, form = _kind(), ProposalForm()
    if not form.is_submitted():
        _fill(form, vocabulary, kind)
        return _form_page(vocabulary, kind, form)
    choices: dict[str, list[Any]] = {}
    form.validate()
    if account is None:
        refuse_robots(form)
    asked = _asked(form, vocabulary.graph, kind, choices)
    made = None if form.errors else _made(form, asked)
    if made is None:
        return _form_page(vocabulary, kind, form, choices)
    if account:
        flash(_("Thank you. The curators are told of your proposal."))
        return redirect(url_for("proposals.show", number=made.id), HTTPStatus.SEE_OTHER)
    flash(_("Thank you. Keep the address of this page: here you see what becomes of it."))
    return redirect(url_for(".follow", secret=made.follow), HTTPStatus.SEE_OTHER)


@bp.get("/proposals/follow/<secret>")
def follow(secret: str) -> ResponseReturnValue:
    """A proposal, for who made it without an account."""
    return _follow_page(services().proposals.table.followed(secret))


@bp.post("/proposals/follow/<secret>/comments")
def comment(secret: str) -> ResponseReturnValue:
    """Say something about a proposal that one made without an account."""
    proposal = services().proposals.table.followed(secret)
    try:
        count_proposal(services().database, "", request.remote_addr or "")
        services().proposals.comment(proposal, "", request.form.get("text", ""))
    except ProposalRuleError as error:
        return _follow_page(proposal, told(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyAttemptsError as error:
        problem = told_wait(error.retry_after)
        return _follow_page(proposal, problem, HTTPStatus.TOO_MANY_REQUESTS)
    flash(_("Your comment is sent."))
    return redirect(url_for(".follow", secret=secret) + "#story", HTTPStatus.SEE_OTHER)


def _kind() -> Kind:
    given = request.form.get("kind") or request.args.get("kind") or Kind.MISSING
    return Kind(given) if given in set(Kind) else Kind.MISSING


def _fill(form: ProposalForm, vocabulary: Vocabulary, kind: Kind) -> None:
    """What the address says is in the form already."""
    form.label.data = request.args.get("label", "")
    form.label_language.data = content_language()
    concept = request.args.get("concept", "")
    if kind == Kind.MISSING:
        form.broader.data = concept
    else:
        form.concept.data = concept


def _asked(form: ProposalForm, graph: URIRef, kind: Kind, choices: dict[str, list[Any]]) -> Asked:
    """What the form asks for; names of concepts that are not understood are blamed in it."""
    named: dict[str, str] = {}
    for field in _CONCEPTS[kind]:
        try:
            filled = Filled(request.form, graph, None)
            named[field] = filled.found(field) if _is_filled(field) else ""
        except InvalidError as error:
            blame(form, field, in_words(error))
            choices[field] = error.choices if isinstance(error, ChoiceError) else []
    texts = {name: form[name].data or "" for name in _PLAIN}
    preferred = form.use.data != "alternative"
    return Asked(graph=graph, kind=kind, is_preferred=preferred, **texts, **named)


def _is_filled(field: str) -> bool:
    return any(request.form.get(name, "").strip() for name in (field, f"{field}-chosen"))


def _made(form: ProposalForm, asked: Asked) -> Proposal | None:
    """The proposal, or None when it cannot be; the form then says why."""
    account = current_account()
    language = interface_language()
    if account:
        proposer = Proposer(account.name, language=language)
    else:
        typed = {name: (form[name].data or "").strip() for name in ("name", "email")}
        proposer = Proposer(**typed, language=language)
    try:
        count_proposal(services().database, proposer.account, request.remote_addr or "")
        return services().proposals.propose(view().store, asked, proposer, _languages())
    except ProposalRuleError as error:
        blame(form, error.field, told(error))
    except TooManyAttemptsError as error:
        form.retry_after = error.retry_after
        blame(form, "reason", told_wait(error.retry_after))
    return None


def _languages() -> tuple[str, ...]:
    return (content_language(), *services().settings.languages)


def _form_page(
    vocabulary: Vocabulary,
    kind: Kind,
    form: ProposalForm,
    choices: dict[str, list[Any]] | None = None,
) -> Response:
    errors = errors_of(form)
    concept = _concept_named(vocabulary.graph, form, kind)
    form.kind.data, form.begun.data = kind, form.begun.data or sign_moment()
    page = render_template(
        "proposals/new.html",
        vocabulary=summary(vocabulary),
        form=form,
        errors=errors,
        kind=kind,
        kinds=KINDS,
        concept=concept,
        about=request.args.get("concept", ""),
        choices=choices or {},
    )
    response = make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK)
    if wait := getattr(form, "retry_after", None):
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(wait)
    return private(response)


def _concept_named(graph: URIRef, form: ProposalForm, kind: Kind) -> Any:
    """The concept whose address stands in the form, as a link, where there is one."""
    typed = (form.broader if kind == Kind.MISSING else form.concept).data or ""
    known = "://" in typed and view().cards.find(graph, [URIRef(typed)])
    return links(items(lens_for(graph), [URIRef(typed)]))[0] if known else None


def _follow_page(
    proposal: Proposal, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    page = render_template(
        "proposals/follow.html",
        **shown_parts(proposal),
        address=services().settings.base + url_for(".follow", secret=proposal.follow),
        errors=[("text", problem)] if problem else [],
        typed=request.form.get("text", ""),
    )
    return private(make_response(page, status))
