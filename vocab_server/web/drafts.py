"""Drafts of a vocabulary: which there are, what each changes and says, what comes next."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from rdflib import URIRef
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from vocab_server.accounts.roles import Permission
from vocab_server.editing.drafts import LONGEST_TITLE
from vocab_server.editing.reverting import MOST
from vocab_server.editing.workflow import FINISHED, State, next_states, visible_states
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.identity import demand, demand_account, signed_in_only
from vocab_server.rdf.languages import Label
from vocab_server.reading import (
    Link,
    Page,
    content_language,
    languages,
    lens_for,
    links,
    page_number,
    page_url,
    shown,
    view,
)
from vocab_server.services import services
from vocab_server.skos.hierarchy import items, local_name
from vocab_server.skos.labels import labels_of
from vocab_server.web.account_forms import errors_of
from vocab_server.web.draft_access import Opened, concept_of, open_draft
from vocab_server.web.draft_texts import STATES, STEPS
from vocab_server.web.error_texts import in_words
from vocab_server.web.told import tell_logged
from vocab_server.web.vocabularies import piece_of_tree, summary

bp = Blueprint("drafts", __name__)

DRAFTS = 50  # on a page
CHANGES = 50
COMMENTS = 200  # of a draft that its page shows
IN_WORK = tuple(state for state in State if state not in FINISHED)


class DraftForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A new draft."""

    title = StringField(
        lazy_gettext("Title"),
        [
            DataRequired(lazy_gettext("Say in a few words what the draft is for.")),
            Length(
                max=LONGEST_TITLE,
                message=lazy_gettext("Use at most %(most)s characters.", most=LONGEST_TITLE),
            ),
        ],
        description=lazy_gettext("For example: Order the concepts on bathing."),
    )
    purpose = TextAreaField(
        lazy_gettext("Purpose"),
        description=lazy_gettext("Why it is needed; who reviews it reads this first."),
        render_kw={"rows": 3},
    )


@bp.route("/vocabularies/<identifier>/drafts", methods=["GET", "POST"])
@signed_in_only
def index(identifier: str) -> ResponseReturnValue:
    """The drafts of a vocabulary that who asks may see, and a form to start one."""
    vocabulary, form = view().vocabulary(identifier), DraftForm()
    concept = concept_of(request.args.get("concept", ""))
    visible = visible_states(demand_account(), identifier)
    if request.method == "POST":
        demand(Permission.EDIT_DRAFTS, identifier)
    if form.validate_on_submit():
        title, purpose = form.title.data, form.purpose.data or ""
        author = demand_account().name
        draft = services().drafts.begin(vocabulary.graph, title, purpose, author)
        flash(_("The draft is started. Others will not see it until you publish."))
        return redirect(_begin_at(draft.id, concept), HTTPStatus.SEE_OTHER)
    wanted, number = request.args.get("state", ""), page_number()
    found, total = services().drafts.table.page(
        graph=vocabulary.graph,
        states=[s for s in visible if s == wanted or (wanted not in set(State) and s in IN_WORK)],
        limit=DRAFTS,
        offset=(number - 1) * DRAFTS,
    )
    errors = errors_of(form)
    page = render_template(
        "drafts/index.html",
        vocabulary=summary(vocabulary),
        form=form,
        errors=errors,
        page=Page(found, number, DRAFTS, total),
        wanted=wanted,
        states=STATES,
        in_work=IN_WORK,
        concept=links(items(lens_for(vocabulary.graph), [concept]))[0] if concept else None,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _begin_at(number: int, concept: URIRef | None) -> str:
    """Where the work in a new draft begins: at the concept that it was started for."""
    if concept is None:
        return url_for(".show", number=number)
    return url_for("draft_concepts.show", number=number, iri=concept)


@bp.get("/drafts/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """A draft: its changes in words, what is said of it, and what can be done with it."""
    return _page(open_draft(number, to_read=True))


@bp.get("/drafts/<int:number>/tree")
def tree(number: int) -> ResponseReturnValue:
    """A piece of the draft's tree; see ``vocabularies.tree``."""
    return piece_of_tree(open_draft(number, to_edit=True).vocabulary)


@bp.post("/drafts/<int:number>/step")
def step(number: int) -> ResponseReturnValue:
    """Bring a draft into another state, with what is said at that."""
    opened = open_draft(number)
    text, wanted = request.form.get("text", ""), request.form.get("state", "")
    if wanted not in set(State):
        raise InvalidError("There is no state %(wanted)r of drafts.", wanted=wanted)
    try:
        _take(opened, State(wanted), text)
    except InvalidError as error:
        return _page(opened, [("step-text", in_words(error))], HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        if error.concepts:
            flash(_("What was published meanwhile does not go together with this draft."))
            where = url_for("draft_conflicts.show", number=number)
            return redirect(where, HTTPStatus.SEE_OTHER)
        return _page(opened, [("changes", in_words(error))], HTTPStatus.CONFLICT)
    flash(_("The draft is now: %(state)s.", state=STATES[State(wanted)]))
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/drafts/<int:number>/changes/<int:position>/undo")
def undo(number: int, position: int) -> ResponseReturnValue:
    """Take a change of a draft back, as a new change."""
    opened = open_draft(number, to_edit=True)
    try:
        services().desk(opened.draft).undo(position, opened.account.name)
    except (ConflictError, InvalidError) as error:
        is_rule = isinstance(error, InvalidError)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_rule else HTTPStatus.CONFLICT
        return _page(opened, [(f"change-{position}", in_words(error))], status)
    flash(_("Change %(number)s is undone.", number=position))
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/drafts/<int:number>/comments")
def comment(number: int) -> ResponseReturnValue:
    """Say something about a draft, or about the concept ``iri`` in it."""
    opened = open_draft(number, to_read=True)
    text, concept = request.form.get("text", ""), concept_of(request.form.get("iri", ""))
    try:
        services().drafts.comments.add(number, opened.account.name, text, concept)
    except InvalidError as error:
        return _page(opened, [("comment-text", in_words(error))], HTTPStatus.UNPROCESSABLE_ENTITY)
    there = page_url(concept) if concept else url_for(".show", number=number)
    return redirect(f"{there}#comments", HTTPStatus.SEE_OTHER)


@bp.post("/drafts/<int:number>/description")
def describe(number: int) -> ResponseReturnValue:
    """Give a draft another title and purpose."""
    opened = open_draft(number, to_edit=True)
    title, purpose = request.form.get("title", ""), request.form.get("purpose", "")
    try:
        services().drafts.describe(number, title, purpose)
    except InvalidError as error:
        return _page(opened, [("title", in_words(error))], HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_("The title and the purpose are saved."))
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/drafts/<int:number>/schedule")
def schedule(number: int) -> ResponseReturnValue:
    """Have an approved draft published at a time, or, without one, no longer."""
    opened = open_draft(number, to_edit=True)
    try:
        time = _time() if "at" in request.form else None
        services().drafts.schedule(number, time, opened.account.name, opened.permissions)
    except InvalidError as error:
        return _page(opened, [("at", in_words(error))], HTTPStatus.UNPROCESSABLE_ENTITY)
    except ConflictError as error:
        return _page(opened, [("changes", in_words(error))], HTTPStatus.CONFLICT)
    done = _("The time is set.") if time else _("It is no longer published at a set time.")
    flash(done)
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


def _time() -> datetime:
    """The time that is written, in UTC. Raises InvalidError when it is none."""
    try:
        return datetime.fromisoformat(request.form["at"]).replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidError("Write a date and a time, such as 2030-01-31 08:00.") from error


def _take(opened: Opened, state: State, text: str) -> None:
    name, permissions = opened.account.name, opened.permissions
    if state == State.PUBLISHED:
        services().publisher.publish(opened.draft.id, name, permissions, text)
    else:
        services().drafts.step(opened.draft.id, state, name, permissions, text)


def _page(
    opened: Opened,
    errors: list[tuple[str, str]] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    draft, drafts, number = opened.draft, services().drafts, page_number()
    log = drafts.branches.log(draft)
    changes, total = log.page(limit=CHANGES, offset=(number - 1) * CHANGES)
    comments, said = drafts.comments.page(draft.id, limit=COMMENTS)
    authors = drafts.table.authors(draft)
    steps = _steps(opened, authors)
    page = render_template(
        "drafts/show.html",
        vocabulary=summary(opened.vocabulary),
        content_language=content_language(),
        draft=draft,
        is_finished=opened.is_finished,
        may_edit=opened.may_edit and not opened.is_finished,
        authors=authors,
        page=Page(tell_logged(changes, draft.base), number, CHANGES, total),
        most_undone=MOST,
        reviews=drafts.table.reviews(draft.id),
        comments=comments,
        comment_count=said,
        about=_about([c.concept for c in comments if c.concept]),
        may_schedule=State.PUBLISHED in steps,
        steps=[(state, STEPS[state]) for state in steps],
        is_own=_is_own(opened, authors),
        has_news=not opened.is_finished and _has_news(opened),
        states=STATES,
        errors=errors or [],
        typed=request.form.get("text", "") if errors else "",
    )
    return page, status


def _steps(opened: Opened, authors: list[str]) -> list[State]:
    """The steps that this person can take now."""
    found = next_states(opened.draft.state, opened.permissions)
    return [s for s in found if s != State.APPROVED or not _is_own(opened, authors)]


def _about(concepts: list[URIRef]) -> dict[URIRef, Link]:
    """The concepts that comments are about; one look-up for all."""
    names = labels_of(view().store, concepts, languages()) if concepts else {}
    return {
        iri: Link(page_url(iri), shown(names.get(iri) or Label(local_name(iri))))
        for iri in concepts
    }


def _has_news(opened: Opened) -> bool:
    """Whether anything was published in the vocabulary since the draft began."""
    graph, base = opened.draft.graph, opened.draft.base
    return services().log.page([graph], after=base, limit=1)[1] > 0


def _is_own(opened: Opened, authors: list[str]) -> bool:
    """Whether somebody else must approve it."""
    allowed = services().drafts.table.allows_own_approval(opened.draft.graph)
    return opened.account.name in authors and not allowed
