"""REST API: drafts of vocabularies, from the first idea to being published; what is said of them.

Every change of a draft takes If-Match: who read another state of it changes nothing.
"""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.api.bodies import object_body, text_field
from vocab_server.api.parameters import find_iri, window
from vocab_server.api.v1.draft_shapes import (
    STEPS,
    comment_item,
    draft_answer,
    draft_item,
    drafts_as_read,
    keep_private,
    permissions_of,
    tag_of,
    visible_draft,
    vocabulary_of,
)
from vocab_server.api.v1.shapes import answer, listed
from vocab_server.database.drafts import Draft
from vocab_server.editing.workflow import TRANSITIONS, State, visible_states
from vocab_server.errors import ForbiddenError, InvalidError
from vocab_server.identity import demand, demand_account
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.store.embedded import can_hold

bp = Blueprint("api_drafts", __name__, url_prefix="/api/v1")

LARGEST = 2**31 - 1  # number that a database gives
DRAFT = f"/drafts/<int(max={LARGEST}):identifier>"
LONGEST_TEXT = 20_000  # characters that go with a step


@bp.get("/vocabularies/<identifier>/drafts")
def index(identifier: str) -> ResponseReturnValue:
    """The drafts of a vocabulary that the caller may see, that which was worked on last first."""
    account = demand_account()
    vocabulary, part = view().vocabulary(identifier), window()
    states = visible_states(account, identifier)
    if not states:
        raise ForbiddenError("The token does not have the scope read-drafts.")
    wanted = request.args.getlist("state")
    for state in wanted:
        if state not in set(State):
            raise InvalidError(f"The parameter state must be one of: {', '.join(State)}.")
    chosen = [state for state in states if not wanted or state in wanted]
    if not chosen:
        return keep_private(listed((), 0))
    found, total = services().drafts.table.page(
        graph=vocabulary.graph, states=chosen, limit=part.limit, offset=part.offset
    )
    return keep_private(listed(map(draft_item, found), total))


@bp.post("/vocabularies/<identifier>/drafts")
def create(identifier: str) -> ResponseReturnValue:
    """A new draft, which starts as what is published."""
    demand_account()
    vocabulary = view().vocabulary(identifier)
    account = demand(Permission.EDIT_DRAFTS, identifier)
    content = object_body("title", "purpose")
    title, purpose = text_field(content, "title"), text_field(content, "purpose")
    draft = services().drafts.begin(vocabulary.graph, title, purpose, account.name)
    response = draft_answer(draft, account, HTTPStatus.CREATED)
    response.headers["Location"] = draft_item(draft)["url"]
    return response


@bp.get(DRAFT)
def show(identifier: int) -> ResponseReturnValue:
    """A draft: its state, its story, and what the caller may do next."""
    return draft_answer(*visible_draft(identifier))


@bp.patch(DRAFT)
def describe(identifier: int) -> ResponseReturnValue:
    """Give a draft another title or purpose; what is not sent stays (RFC 7396)."""
    draft, _ = visible_draft(identifier)
    account = demand(Permission.EDIT_DRAFTS, vocabulary_of(draft))
    content = object_body("title", "purpose")
    if not content:
        raise InvalidError("Send title, purpose or both.")
    sent = {name: text_field(content, name) for name in content}
    return draft_answer(drafts_as_read().describe(identifier, **sent), account)


@bp.put(f"{DRAFT}/schedule")
def schedule(identifier: int) -> ResponseReturnValue:
    """Have an approved draft published by itself, at a time."""
    return _scheduled(identifier, _time(text_field(object_body("time"), "time")))


@bp.delete(f"{DRAFT}/schedule")
def unschedule(identifier: int) -> ResponseReturnValue:
    """Have a draft no longer published by itself."""
    return _scheduled(identifier, None)


def _scheduled(identifier: int, time: datetime | None) -> ResponseReturnValue:
    draft, account = visible_draft(identifier)
    _demand_step(draft, State.PUBLISHED)
    permissions = permissions_of(account, draft)
    changed = drafts_as_read().schedule(identifier, time, account.name, permissions)
    return draft_answer(changed, account)


def _time(text: str) -> datetime:
    """A time with its offset, in UTC (RFC 3339, 5.6). Raises InvalidError for anything else."""
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidError("The field time must be a time like 2030-01-31T08:00:00Z.")


def _demand_step(draft: Draft, state: State) -> None:
    """Raises ForbiddenError for who may not take a step that there is."""
    if needed := TRANSITIONS.get((State(draft.state), state)):
        demand(needed, vocabulary_of(draft))


def take_step(identifier: int, state: State) -> ResponseReturnValue:
    """Bring a draft into another state, with a word to all who see it."""
    draft, account = visible_draft(identifier)
    _demand_step(draft, state)
    text, drafts = _step_text(), drafts_as_read()
    permissions = permissions_of(account, draft)
    if state == State.PUBLISHED:
        replace(services().publisher, drafts=drafts).publish(
            identifier, account.name, permissions, text
        )
        return draft_answer(services().drafts.table.get(identifier), account)
    return draft_answer(drafts.step(identifier, state, account.name, permissions, text), account)


for _step, _state in (*STEPS.items(), ("publish", State.PUBLISHED)):
    bp.add_url_rule(
        f"{DRAFT}/{_step}",
        endpoint=_step,
        view_func=take_step,
        defaults={"state": _state},
        methods=["POST"],
    )


@bp.get(f"{DRAFT}/comments")
def comments(identifier: int) -> ResponseReturnValue:
    """What was said about a draft or one concept in it, oldest first."""
    draft, _ = visible_draft(identifier)
    part = window()
    found, total = services().drafts.comments.page(
        draft.id, concept=find_iri("concept"), limit=part.limit, offset=part.offset
    )
    return keep_private(listed(map(comment_item, found), total))


@bp.post(f"{DRAFT}/comments")
def add_comment(identifier: int) -> ResponseReturnValue:
    """Say something about a draft, or about a concept in it."""
    draft, account = visible_draft(identifier)
    drafts_as_read().refuse_unexpected(draft)
    content = object_body("text", "concept")
    concept = text_field(content, "concept")
    if concept and not can_hold(concept):
        raise InvalidError("The field concept must be the IRI of a concept.")
    about = URIRef(concept) if concept else None
    made = services().drafts.comments.add(
        draft.id, account.name, text_field(content, "text"), about
    )
    response = answer(comment_item(made))
    response.status_code = HTTPStatus.CREATED
    response.set_etag(tag_of(draft))
    return keep_private(response)


def _step_text() -> str:
    text = text_field(object_body("text"), "text")
    if len(text) > LONGEST_TEXT:
        raise InvalidError(f"The text is longer than {LONGEST_TEXT} characters. Shorten it.")
    return text
