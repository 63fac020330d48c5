"""Proposals for a vocabulary: which there are, what is said of each, and what is decided."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.roles import Permission
from vocab_server.accounts.throttle import count_proposal
from vocab_server.database.proposals import ORDERS
from vocab_server.editing.proposing import LOOKED_AT, State, may_propose, next_states
from vocab_server.editing.workflow import FINISHED
from vocab_server.editing.workflow import State as DraftState
from vocab_server.errors import (
    ConflictError,
    InvalidError,
    ProposalRuleError,
    TooManyAttemptsError,
)
from vocab_server.identity import current_account, demand, demand_account, requires
from vocab_server.rdf.languages import Label
from vocab_server.reading import Page, page_number, shown, view
from vocab_server.services import services
from vocab_server.web import proposal_texts
from vocab_server.web.account_texts import told_wait
from vocab_server.web.error_texts import in_words
from vocab_server.web.proposal_page import Opened, open_proposal, private, shown_parts
from vocab_server.web.vocabularies import summary

bp = Blueprint("proposals", __name__)

PROPOSALS = 50  # on a page
DRAFTS = 50  # to choose from when a proposal is accepted
IN_WORK = tuple(state for state in DraftState if state not in FINISHED)
_WHERE = "/proposals/<int(max=2147483647):number>"


@bp.get("/vocabularies/<identifier>/proposals")
def index(identifier: str) -> ResponseReturnValue:
    """The proposals for a vocabulary, in a ``state``, in an ``order``."""
    vocabulary, account = view().vocabulary(identifier), current_account()
    wanted, number = request.args.get("state", ""), page_number()
    order = request.args.get("order", "")
    found, total = services().proposals.table.page(
        graph=vocabulary.graph,
        states=(wanted,) if wanted in set(State) else (),
        shown=None if account else LOOKED_AT,
        order=order if order in ORDERS else "newest",
        limit=PROPOSALS,
        offset=(number - 1) * PROPOSALS,
    )
    audience = services().proposals.audience(vocabulary.graph)
    page = render_template(
        "proposals/index.html",
        vocabulary=summary(vocabulary),
        page=Page(found, number, PROPOSALS, total),
        titles={p.id: shown(Label(p.title, p.title_language)) for p in found},
        wanted=wanted,
        order=order,
        audience=audience,
        may_propose=may_propose(account, audience, identifier),
        may_set=account is not None and account.may(Permission.MANAGE_VOCABULARIES),
        texts=proposal_texts,
    )
    return private(make_response(page))


@bp.post("/vocabularies/<identifier>/proposals/audience")
@requires(Permission.MANAGE_VOCABULARIES)
def audience(identifier: str) -> ResponseReturnValue:
    """Set who may propose something for a vocabulary."""
    chosen = request.form.get("audience", "")
    services().proposals.set_audience(view().vocabulary(identifier).graph, chosen)
    flash(_("It is set who may propose."))
    return redirect(url_for(".index", identifier=identifier), HTTPStatus.SEE_OTHER)


@bp.get(_WHERE)
def show(number: int) -> ResponseReturnValue:
    """A proposal in words, what is said of it, and what can be done with it."""
    return _page(open_proposal(number))


@bp.post(f"{_WHERE}/comments")
def comment(number: int) -> ResponseReturnValue:
    """Say something about a proposal."""
    account, found = demand_account(), open_proposal(number)
    try:
        count_proposal(services().database, account.name, request.remote_addr or "")
        services().proposals.comment(found.proposal, account.name, request.form.get("text", ""))
    except ProposalRuleError as error:
        told = proposal_texts.told(error)
        return _page(found, [("text", told)], HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyAttemptsError as error:
        wait = told_wait(error.retry_after)
        return _page(found, [("text", wait)], HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(url_for(".show", number=number) + "#story", HTTPStatus.SEE_OTHER)


@bp.post(f"{_WHERE}/vote")
def vote(number: int) -> ResponseReturnValue:
    """Want a proposal too, or no longer."""
    account, found = demand_account(), open_proposal(number)
    wants = request.form.get("wants") == "yes"
    services().proposals.table.vote(found.proposal.id, account.name, wants=wants)
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


@bp.post(f"{_WHERE}/accept")
def accept(number: int) -> ResponseReturnValue:
    """Do what is proposed in a draft that was chosen, or in a new one."""
    found = _for_editors(number)
    schemes, chosen = found.vocabulary.schemes, request.form.get("draft", "")
    try:
        draft = services().accepting.accept(
            found.proposal,
            int(chosen) if chosen.isascii() and chosen.isdigit() else None,
            demand_account().name,
            found.permissions,
            str(schemes[0].iri) if schemes else None,
        )
    except InvalidError as error:
        return _page(found, [("draft", in_words(error))], HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        return _page(open_proposal(number), [("draft", in_words(error))], HTTPStatus.CONFLICT)
    flash(_("Accepted. Look at what was done in the draft, then hand it in for review."))
    return redirect(url_for("drafts.show", number=draft.id), HTTPStatus.SEE_OTHER)


@bp.post(f"{_WHERE}/decide")
def decide(number: int) -> ResponseReturnValue:
    """Answer or decline a proposal, or open it again."""
    found, wanted = _for_editors(number), request.form.get("state", "")
    if wanted not in proposal_texts.DECISIONS:
        raise InvalidError("There is no state %(wanted)r of proposals.", wanted=wanted)
    try:
        services().proposals.decide(
            found.proposal,
            State(wanted),
            demand_account().name,
            found.permissions,
            request.form.get("answer", ""),
            found.is_withdrawn,
        )
    except ProposalRuleError as error:
        told = proposal_texts.told(error)
        return _page(found, [("answer", told)], HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        return _page(open_proposal(number), [("answer", in_words(error))], HTTPStatus.CONFLICT)
    flash(_("Saved. Who proposed it is told."))
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


def _for_editors(number: int) -> Opened:
    """A proposal for who edits its vocabulary. Raises SignInNeededError and ForbiddenError."""
    demand_account()
    found = open_proposal(number)
    demand(Permission.EDIT_DRAFTS, found.vocabulary.id)
    return found


def _page(
    found: Opened,
    errors: list[tuple[str, str]] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    proposal, account = found.proposal, found.account
    states = next_states(proposal, found.permissions, found.is_withdrawn)
    page = render_template(
        "proposals/show.html",
        **shown_parts(proposal),
        draft=found.draft,
        is_editor=Permission.EDIT_DRAFTS in found.permissions,
        may_accept=State.ACCEPTED in states,
        drafts=_drafts(found) if State.ACCEPTED in states else [],
        decisions=[(s, text) for s, text in proposal_texts.DECISIONS.items() if s in states],
        has_vote=account is not None
        and services().proposals.table.has_vote(proposal.id, account.name),
        errors=errors or [],
        typed=request.form,
    )
    return private(make_response(page, status))


def _drafts(found: Opened) -> list[tuple[int, str]]:
    """The drafts that a proposal can go into, that which was worked on last first."""
    drafts, _total = services().drafts.table.page(
        graph=found.vocabulary.graph, states=IN_WORK, limit=DRAFTS
    )
    return [(draft.id, draft.title) for draft in drafts]
