"""REST API: the changes in a draft, and how it goes together with what was published meanwhile."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.accounts.account import Account
from vocab_server.accounts.roles import Permission
from vocab_server.api.bodies import json_body, object_body, text_body
from vocab_server.api.parameters import window
from vocab_server.api.v1.draft_shapes import (
    MOST_TOLD,
    Names,
    change_items,
    draft_answer,
    drafts_as_read,
    keep_private,
    linked_iri,
    names_in,
    told_items,
    visible_draft,
    vocabulary_of,
)
from vocab_server.api.v1.drafts import DRAFT, LARGEST
from vocab_server.api.v1.shapes import languages, listed
from vocab_server.database.drafts import Draft
from vocab_server.editing.conflicts import Choice, Conflict
from vocab_server.editing.curating import Desk, Made, check_published
from vocab_server.editing.rebasing import find_conflicts, rebase
from vocab_server.errors import InvalidError
from vocab_server.identity import demand
from vocab_server.rdf.change import Change
from vocab_server.rdf.rdf_patch import MEDIA_TYPE, read_patch
from vocab_server.services import services
from vocab_server.skos.telling import tell
from vocab_server.store.embedded import can_hold

bp = Blueprint("api_draft_changes", __name__, url_prefix="/api/v1")

MOST = 100  # changes or conflicts in one answer
LONGEST_MESSAGE = 500  # characters
MOST_CHOICES = 10_000


@bp.get(f"{DRAFT}/changes")
def index(identifier: int) -> ResponseReturnValue:
    """The changes of a draft told in words as data, oldest first."""
    draft, _ = visible_draft(identifier)
    part = window(most=MOST)
    languages()
    found, total = services().drafts.branches.log(draft).page(limit=part.limit, offset=part.offset)
    return keep_private(listed(change_items(draft, found), total))


@bp.post(f"{DRAFT}/changes")
def create(identifier: int) -> ResponseReturnValue:
    """Change a draft: by an operation, by several that are one change, or by an RDF Patch."""
    draft, account = _editable(identifier)
    desk = services().desk(draft, drafts_as_read())
    message = _message()
    if request.mimetype == MEDIA_TYPE:
        made = desk.apply(_patch(draft), account.name, message)
    else:
        made = _operate(desk, account, message)
    return _made(identifier, account, made)


@bp.post(f"{DRAFT}/changes/<int(max={LARGEST}):position>/undo")
def undo(identifier: int, position: int) -> ResponseReturnValue:
    """Take a change back, as a new change, where it still applies."""
    draft, account = _editable(identifier)
    desk = services().desk(draft, drafts_as_read())
    number = desk.undo(position, account.name, _message() or f"Undo change {position}")
    return _made(identifier, account, Made(number, ()))


@bp.get(f"{DRAFT}/conflicts")
def conflicts(identifier: int) -> ResponseReturnValue:
    """Where a draft and what was published since it began do not go together, by concept.

    ``seen`` is what goes with the choices; ``together`` counts what both changed in accord.
    """
    draft, _ = visible_draft(identifier)
    part = window(most=MOST)
    compared, seen = find_conflicts(services().drafts, services().log, draft.id)
    found = compared.conflicts[part.offset : part.offset + part.limit]
    items = _conflict_items(draft, found)
    together = len(compared.together)
    return keep_private(listed(items, len(compared.conflicts), seen=seen, together=together))


@bp.post(f"{DRAFT}/rebase")
def rebase_draft(identifier: int) -> ResponseReturnValue:
    """Make a draft start from what is published now, with a choice for each conflict."""
    draft, account = _editable(identifier)
    content = object_body("choices", "seen")
    moved = rebase(
        drafts_as_read(),
        services().log,
        draft.id,
        account.name,
        choices=_choices(content.get("choices", {})),
        seen=_seen(content.get("seen")),
        check=check_published,
    )
    return draft_answer(moved, account)


def _editable(identifier: int) -> tuple[Draft, Account]:
    draft, _ = visible_draft(identifier)
    return draft, demand(Permission.EDIT_DRAFTS, vocabulary_of(draft))


def _operate(desk: Desk, account: Account, message: str) -> Made:
    """What operations make of a draft."""
    content = json_body()
    operations = content if isinstance(content, list) else [content]
    if not operations:
        raise InvalidError('Send at least one operation, such as {"do": "move", ...}.')
    return desk.operate(operations, account.name, message)


def _patch(draft: Draft) -> Change:
    """The change that an RDF Patch makes. Raises InvalidError when it is of several graphs."""
    changes = read_patch(text_body(MEDIA_TYPE), draft.graph)
    if not changes:
        raise InvalidError("The RDF Patch changes nothing.")
    foreign = [change.graph for change in changes if change.graph != draft.graph]
    if foreign:
        raise InvalidError(
            f"A draft changes its own vocabulary only, {draft.graph}, not {foreign[0]}."
        )
    return changes[0]


def _message() -> str:
    message = request.args.get("message", "").strip()
    if len(message) > LONGEST_MESSAGE or "\0" in message:
        raise InvalidError(
            f"The parameter message must be a text of at most {LONGEST_MESSAGE} characters."
        )
    return message


def _made(identifier: int, account: Account, made: Made) -> Response:
    """What became of a draft; 200 when nothing had to be changed.

    Its ETag is left out when somebody changed it at once again: the caller has not seen that.
    """
    draft = services().drafts.table.get(identifier)
    status = HTTPStatus.OK if made.position is None else HTTPStatus.CREATED
    response = draft_answer(
        draft, account, status, position=made.position, createdConcepts=list(made.created)
    )
    last = services().drafts.branches.log(draft).last() - draft.base
    if made.position not in (None, last):
        del response.headers["ETag"]
    return response


def _conflict_items(draft: Draft, found: tuple[Conflict, ...]) -> list[dict[str, Any]]:
    told = {
        side: [tell(change) if _is_short(change) else [] for change in changes]
        for side, changes in (
            (Choice.OURS, [conflict.ours for conflict in found]),
            (Choice.THEIRS, [conflict.theirs for conflict in found]),
        )
    }
    everything = [item for several in told.values() for items in several for item in items]
    names: Names = names_in(draft, everything)
    return [
        {
            "concept": linked_iri(conflict.concept, names),
            "reasons": list(conflict.reasons),
            "ours": told_items(ours, names),
            "theirs": told_items(theirs, names),
        }
        for conflict, ours, theirs in zip(
            found, told[Choice.OURS], told[Choice.THEIRS], strict=True
        )
    ]


def _is_short(change: Change) -> bool:
    return len(change.added) + len(change.removed) <= MOST_TOLD


def _choices(found: Any) -> Mapping[URIRef, Choice]:
    if not isinstance(found, dict) or len(found) > MOST_CHOICES:
        raise InvalidError(f"The field choices must be an object of at most {MOST_CHOICES} IRIs.")
    for concept, choice in found.items():
        if not can_hold(concept) or choice not in list(Choice):
            raise InvalidError(
                f"The field choices must have for each IRI one of: {', '.join(Choice)}."
            )
    return {URIRef(concept): Choice(choice) for concept, choice in found.items()}


def _seen(found: Any) -> int | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= LARGEST:
        raise InvalidError(
            "The field seen must be the number that came with the conflicts, or be left out."
        )
    return found
