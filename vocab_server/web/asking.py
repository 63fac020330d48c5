"""Anybody asks for data under a concept; how many did is shown to all."""

from datetime import UTC, datetime
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
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from rdflib import URIRef
from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from vocab_server.accounts.roles import Permission
from vocab_server.accounts.throttle import count_proposal
from vocab_server.database.assets import DataRequest
from vocab_server.errors import NotFoundError, TooManyAttemptsError
from vocab_server.identity import current_account
from vocab_server.reading import languages, view
from vocab_server.services import services
from vocab_server.skos.labels import labels_of
from vocab_server.store.embedded import can_hold
from vocab_server.tagging.tags import known_concepts
from vocab_server.web.account_forms import blame, errors_of
from vocab_server.web.account_texts import told_wait
from vocab_server.web.first_steps import concept_link
from vocab_server.web.proposal_forms import refuse_robots, sign_moment
from vocab_server.web.proposal_page import private

bp = Blueprint("asking", __name__)
SHOWN = 50  # concepts, and texts of one concept
LONGEST = 2_000  # characters


class AskForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What data somebody asks for."""

    reason = TextAreaField(
        lazy_gettext("What data, and for what"),
        [
            DataRequired(lazy_gettext("Write what data you ask for.")),
            Length(
                max=LONGEST, message=lazy_gettext("Use at most %(most)s characters.", most=LONGEST)
            ),
        ],
        description=lazy_gettext("Only organisations that publish data read it."),
        render_kw={"rows": 4, "dir": "auto"},
    )
    email = EmailField(
        lazy_gettext("Your e-mail address"),
        [
            Regexp(
                r"([^@\s]+@[^@\s]+\.[^@\s]+)?\Z",
                message=lazy_gettext(
                    "Write the e-mail address as in anna@example.org, or leave it empty."
                ),
            )
        ],
        description=lazy_gettext("If organisations that publish data may write to you."),
        render_kw={"autocomplete": "email"},
    )
    website = StringField(lazy_gettext("Leave this empty"), render_kw={"tabindex": "-1"})
    begun = HiddenField()


@bp.get("/datasets/asked")
def index() -> ResponseReturnValue:
    """What most people ask for."""
    counted = services().data_requests.counts(SHOWN)
    names = labels_of(view().store, [URIRef(iri) for iri, _n in counted], languages())
    has = view().datasets.count_under([iri for iri, _n in counted])
    rows = [(concept_link(URIRef(i), names.get(URIRef(i))), n, has[i]) for i, n in counted]
    return private(make_response(render_template("datasets/asked.html", rows=rows)))


@bp.route("/datasets/ask", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Ask for data under the concept of the address."""
    concept, form = _concept(), AskForm()
    if form.is_submitted():
        form.validate()
        if current_account() is None:
            refuse_robots(form)
        if not form.errors and _is_kept(form, concept):
            flash(_("Thank you. Organisations that publish data see your request."))
            return redirect(url_for(".new", concept=concept), HTTPStatus.SEE_OTHER)
    return _page(concept, form)


def _concept() -> URIRef:
    """Raises NotFoundError for what is no concept here."""
    iri = request.args.get("concept", "")
    if not (can_hold(iri) and known_concepts(view().store, [iri])):
        raise NotFoundError("Begin at the page of a category: there is none at this address.")
    return URIRef(iri)


def _is_kept(form: AskForm, concept: URIRef) -> bool:
    account = current_account()
    try:
        count_proposal(
            services().database, account.name if account else "", request.remote_addr or ""
        )
    except TooManyAttemptsError as error:
        blame(form, "reason", told_wait(error.retry_after))
        return False
    text, email = form.reason.data.strip(), (form.email.data or "").strip()
    services().data_requests.add(DataRequest(str(concept), text, email, datetime.now(UTC)))
    return True


def _page(concept: URIRef, form: AskForm) -> Response:
    errors, account = errors_of(form), current_account()
    form.begun.data = form.begun.data or sign_moment()
    is_publisher = bool(account and account.may_anywhere(Permission.EDIT_DATASETS))
    requests = services().data_requests
    page = render_template(
        "datasets/ask.html",
        form=form,
        errors=errors,
        concept=concept_link(concept, labels_of(view().store, [concept], languages()).get(concept)),
        counts=view().datasets.counts(concept),
        number=requests.count(concept),
        texts=requests.under([concept], SHOWN) if is_publisher else [],
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return private(make_response(page, status))
