"""The JSON of drafts, and who may see it."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, request, url_for
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.api.v1.shapes import answer, languages, named, value
from vocab_server.database.comments import Comment
from vocab_server.database.drafts import Draft, Review
from vocab_server.database.log import LoggedChange
from vocab_server.editing.drafts import Drafts
from vocab_server.editing.workflow import FINISHED, State, next_states, visible_states
from vocab_server.errors import NotFoundError
from vocab_server.identity import demand_account
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.languages import Label
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.labels import labels_of
from vocab_server.skos.telling import Told, named_in, tell
from vocab_server.skos.vocabularies import catalog_of
from vocab_server.store.base import Reader

STEPS = {
    "submit": State.IN_REVIEW,
    "approve": State.APPROVED,
    "request-changes": State.CHANGES_REQUESTED,
    "withdraw": State.WITHDRAWN,
    "reopen": State.OPEN,
}
STEP_TO = {state: step for step, state in STEPS.items()} | {State.PUBLISHED: "publish"}
MOST_TOLD = 2_000  # statements of a change that is told in words; a bigger one is counted only

Names = dict[URIRef, Label]


def vocabulary_of(draft: Draft) -> str:
    """The id of the vocabulary that a draft is of: its graph is its address."""
    return str(draft.graph).removeprefix(f"{catalog_of(services().settings.base)}/")


def visible_draft(identifier: int) -> tuple[Draft, Account]:
    """A draft that the caller may see, and the caller.

    Raises SignInNeededError, and NotFoundError for a draft that is not there or not for them: who
    may not see a draft cannot tell the two apart.
    """
    account = demand_account()
    try:
        draft = services().drafts.table.get(identifier)
    except NotFoundError:
        draft = None
    if draft is None or draft.state not in visible_states(account, vocabulary_of(draft)):
        raise NotFoundError(f"There is no draft {identifier} that you may see.")
    return draft, account


def permissions_of(account: Account, draft: Draft) -> frozenset[Permission]:
    """What somebody may do in the vocabulary of a draft."""
    vocabulary = vocabulary_of(draft)
    return frozenset(found for found in Permission if account.may(found, vocabulary))


def tag_of(draft: Draft) -> str:
    """What differs whenever anything of a draft does: its base, its last change, its state."""
    moment = int(draft.modified.timestamp() * 1_000_000)
    return f"{draft.id}-{draft.generation}-{moment}-{draft.state}"


def drafts_as_read() -> Drafts:
    """The drafts, which refuse to change one that is not what If-Match says (RFC 9110, 13.1.1)."""
    if "If-Match" not in request.headers:
        return services().drafts
    return services().drafts.as_read(lambda draft: request.if_match.contains(tag_of(draft)))


def draft_answer(draft: Draft, account: Account, status: int = 200, **more: Any) -> Response:
    """Everything about a draft; ``more`` is what the call did."""
    response = answer({**whole_draft(draft, account), **more})
    response.status_code = status
    response.set_etag(tag_of(draft))
    return keep_private(response)


def keep_private(response: Response) -> Response:
    """Drafts are for who asked, and for nobody's cache (RFC 9111, 5.2.2.5)."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def whole_draft(draft: Draft, account: Account) -> dict[str, Any]:
    """A draft with its story, and what the caller may do next."""
    drafts = services().drafts
    authors = drafts.table.authors(draft)
    return {
        **draft_item(draft),
        "authors": authors,
        "changes": drafts.branches.log(draft).last() - draft.base,
        "steps": list(map(_step, drafts.table.reviews(draft.id))),
        "next": _next(draft, account, authors),
        "editable": draft.state not in FINISHED
        and Permission.EDIT_DRAFTS in permissions_of(account, draft),
    }


def draft_item(draft: Draft) -> dict[str, Any]:
    """A draft in a list."""
    return {
        "id": draft.id,
        "url": services().settings.base + url_for("api_drafts.show", identifier=draft.id),
        "vocabulary": vocabulary_of(draft),
        "title": draft.title,
        "purpose": draft.purpose,
        "state": draft.state,
        "author": draft.author,
        "created": draft.created.isoformat(),
        "modified": draft.modified.isoformat(),
        "base": draft.base,
        "published": draft.published,
        "scheduled": draft.scheduled and draft.scheduled.isoformat(),
        "scheduledBy": draft.scheduled_by,
    }


def _step(review: Review) -> dict[str, Any]:
    return {
        "author": review.author,
        "time": review.time.isoformat(),
        "state": review.verdict,
        "text": review.text,
    }


def _next(draft: Draft, account: Account, authors: Sequence[str]) -> list[str]:
    states = next_states(draft.state, permissions_of(account, draft))
    is_own = account.name in authors
    if is_own and not services().drafts.table.allows_own_approval(draft.graph):
        states = [state for state in states if state != State.APPROVED]
    return [STEP_TO[state] for state in states]


def comment_item(comment: Comment) -> dict[str, Any]:
    """What somebody said."""
    about = {"concept": comment.concept} if comment.concept is not None else {}
    return {
        "id": comment.id,
        **about,
        "author": comment.author,
        "time": comment.time.isoformat(),
        "text": comment.text,
        "resolved": comment.is_resolved,
    }


def change_items(draft: Draft, changes: Sequence[LoggedChange]) -> list[dict[str, Any]]:
    """Changes of a draft, told; what they name has its name of today, in the draft if it is open.

    A change of more than MOST_TOLD statements is not told, only counted.
    """
    told = {c.number: tell(read_change(c)) for c in changes if c.added + c.removed <= MOST_TOLD}
    names = names_in(draft, [item for items in told.values() for item in items])
    return [_change_item(draft, change, told.get(change.number), names) for change in changes]


def _change_item(
    draft: Draft, change: LoggedChange, told: list[Told] | None, names: Names
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "position": change.number - draft.base,
        "author": change.author,
        "time": change.time.isoformat(),
        "message": change.message,
        "added": change.added,
        "removed": change.removed,
    }
    return found | ({} if told is None else {"told": told_items(told, names)})


def names_in(draft: Draft, told: Iterable[Told]) -> Names:
    """The names of all that is told of, with one look for all."""
    iris = named_in(told)
    return labels_of(_reader(draft), iris, languages(), draft.graph) if iris else {}


def _reader(draft: Draft) -> Reader:
    opened = view() if draft.state in FINISHED else services().draft_views.view(draft)
    return opened.store


def told_items(told: Iterable[Told], names: Names) -> list[dict[str, Any]]:
    """What a change does, the weightiest first."""
    return [_told_item(item, names) for item in told]


def _told_item(item: Told, names: Names) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": item.kind,
        "concept": linked_iri(item.concept, names),
        "before": [_value(term, names) for term in item.before],
        "after": [_value(term, names) for term in item.after],
    }
    if item.property is not None:
        found["property"] = item.property
    if item.was is not None:
        found["was"] = item.was
    if item.texts:
        found["texts"] = [value(term) for term in item.texts]
    return found


def _value(term: Identifier, names: Names) -> dict[str, str]:
    return value(term) if isinstance(term, Literal) else linked_iri(term, names)


def linked_iri(term: Identifier, names: Names) -> dict[str, str]:
    """A resource with its name, where it has one."""
    return {"iri": str(term), **named(names.get(URIRef(str(term))))}
