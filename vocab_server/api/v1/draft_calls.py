"""The description of the calls about drafts (OpenAPI 3.1): one row in DRAFT_OPERATIONS for each."""

from typing import Any

from vocab_server.api.bodies import JSON
from vocab_server.api.parameters import LARGEST_OFFSET, LIMIT
from vocab_server.api.v1.calls import (
    BAD,
    IDENTIFIER,
    LANG,
    UNKNOWN,
    WINDOW,
    Json,
    Operation,
    in_path,
    iri_query,
    query,
    whole,
)
from vocab_server.api.v1.draft_changes import LONGEST_MESSAGE, MOST, MOST_CHOICES
from vocab_server.api.v1.drafts import LARGEST, LONGEST_TEXT
from vocab_server.database.comments import LONGEST
from vocab_server.editing.conflicts import Choice
from vocab_server.editing.drafts import LONGEST_PURPOSE, LONGEST_TITLE
from vocab_server.editing.workflow import State
from vocab_server.rdf.rdf_patch import MEDIA_TYPE
from vocab_server.skos.acts.operations import ACTS
from vocab_server.skos.acts.operations import MOST as MOST_OPERATIONS


def _number(name: str, about: str) -> Json:
    return in_path(name, about, {"type": "integer", "minimum": 0, "maximum": LARGEST})


def _text(longest: int, **more: Any) -> Json:
    return {"type": "string", "maxLength": longest, **more}


def _object(required: tuple[str, ...], **properties: Json) -> Json:
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


MERGE_PATCH = "application/merge-patch+json"
DRAFT = _number("id", "The number of a draft.")
POSITION = _number("position", "The position of a change in its draft, from 1.")
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the draft as it was read; nothing changes when it is another one.",
    "schema": {"type": "string", "pattern": r'^(\*|"[!#-~]{1,100}")$'},
}
MESSAGE = query("message", "What the change is called.", _text(LONGEST_MESSAGE))
PART = (
    query("limit", "How many items at most.", whole(1, MOST, LIMIT)),
    query("offset", "How many items to leave out first.", whole(0, LARGEST_OFFSET, 0)),
)
STATES = query(
    "state",
    "Only drafts in these states, each on its own; all that may be seen when left out.",
    {"type": "array", "items": {"type": "string", "enum": list(State)}},
)
OPERATION: Json = {
    "type": "object",
    "required": ["do"],
    "properties": {
        "do": {
            "type": "string",
            "enum": list(ACTS),
            "description": " ".join(
                f"`{name}` ({', '.join(field.name for field in act.fields)}): {act.summary}"
                for name, act in ACTS.items()
            ),
        }
    },
}
OPERATIONS_BODY: Json = {
    "anyOf": [
        OPERATION,
        {"type": "array", "minItems": 1, "maxItems": MOST_OPERATIONS, "items": OPERATION},
    ]
}
COMMENT = _object(("text",), text=_text(LONGEST, minLength=1), concept=_text(2_000))
NEW_DRAFT = _object(
    ("title",), title=_text(LONGEST_TITLE, minLength=1), purpose=_text(LONGEST_PURPOSE)
)
DESCRIPTION = {
    **_object((), title=_text(LONGEST_TITLE, minLength=1), purpose=_text(LONGEST_PURPOSE)),
    "minProperties": 1,
}
SCHEDULE = _object(
    ("time",),
    time={
        "type": "string",
        "format": "date-time",
        "description": "With its offset from UTC.",
        "examples": ["2030-01-31T08:00:00Z"],
    },
)
STEP_BODY = _object((), text=_text(LONGEST_TEXT))
REBASE_BODY = _object(
    (),
    choices={
        "type": "object",
        "maxProperties": MOST_CHOICES,
        "additionalProperties": {"type": "string", "enum": list(Choice)},
    },
    seen={"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST},
)

_BODY = {413: "The body is too large.", 415: "The body is of another media type."}
_HIDDEN = {404: "There is no such draft, or it is not for this account."}
_ROLE = {403: "The account or the token may not do that; `detail` names the role."}
_STATE = {409: "The draft is in a state, or was changed in a way, that does not allow that."}
_STALE = {412: "The draft is not what If-Match says."}
_RULE = {422: "A rule would be broken: `rule` names it, `where` which of several operations."}
_WRITE = BAD | _ROLE | _HIDDEN | _STATE | _STALE | _BODY


def _step(name: str, operation: str, summary: str, about: str, errors: dict[int, str]) -> Operation:
    return Operation(
        f"/drafts/{{id}}/{name}",
        "post",
        operation,
        summary,
        "Draft",
        about,
        (DRAFT, IF_MATCH),
        body=STEP_BODY,
        is_body_needed=False,
        errors=_WRITE | errors,
        needs_token=True,
    )


DRAFT_OPERATIONS = (
    Operation(
        "/drafts/{id}",
        "get",
        "getDraft",
        "One draft",
        "Draft",
        "Its state, its story, and in `next` the steps that the caller may take.",
        (DRAFT,),
        errors=BAD | _HIDDEN,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}",
        "patch",
        "describeDraft",
        "Give a draft another title or purpose",
        "Draft",
        "What is not sent stays (RFC 7396).",
        (DRAFT, IF_MATCH),
        body=DESCRIPTION,
        body_types=(JSON, MERGE_PATCH),
        errors=_WRITE,
        needs_token=True,
    ),
    _step(
        "approve",
        "approveDraft",
        "Approve a draft",
        "For who reviews, and did not work on it; a vocabulary can be set to allow that too.",
        {},
    ),
    Operation(
        "/drafts/{id}/changes",
        "get",
        "listDraftChanges",
        "The changes in a draft",
        "DraftChangeList",
        "Oldest first, told in words as data. A very big change has no `told`.",
        (DRAFT, LANG, *PART),
        errors=BAD | _HIDDEN,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}/changes",
        "post",
        "changeDraft",
        "Change a draft",
        "DraftMade",
        "By an operation, by a list of operations that become one change or none, or by an RDF"
        " Patch. Where nothing had to be changed the answer is 200 and `position` is null. A change"
        " takes an approval back.",
        (DRAFT, MESSAGE, IF_MATCH),
        body=OPERATIONS_BODY,
        body_types=(JSON, MEDIA_TYPE),
        status=201,
        also={200: "Nothing had to be changed."},
        errors=_WRITE | _RULE,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}/changes/{position}/undo",
        "post",
        "undoDraftChange",
        "Take a change in a draft back",
        "DraftMade",
        "As a new change, where it still applies.",
        (DRAFT, POSITION, MESSAGE, IF_MATCH),
        status=201,
        errors=_WRITE | _RULE,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}/comments",
        "get",
        "listComments",
        "What was said about a draft",
        "CommentList",
        "Oldest first.",
        (
            DRAFT,
            iri_query("concept", "Only about this concept.", "https://example.org/concept"),
            *WINDOW,
        ),
        errors=BAD | _HIDDEN,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}/comments",
        "post",
        "addComment",
        "Say something about a draft or a concept in it",
        "Comment",
        parameters=(DRAFT, IF_MATCH),
        body=COMMENT,
        status=201,
        errors=BAD | _HIDDEN | _STALE | _BODY,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}/conflicts",
        "get",
        "listConflicts",
        "Where a draft and what was published meanwhile disagree",
        "ConflictList",
        "By concept. `seen` goes with the choices; `together` counts the concepts that both changed"
        " in accord.",
        (DRAFT, LANG, *PART),
        errors=BAD | _HIDDEN | _STATE,
        needs_token=True,
    ),
    _step(
        "publish",
        "publishDraft",
        "Publish an approved draft",
        "It becomes one published change, if it goes together with what was published meanwhile.",
        _RULE,
    ),
    Operation(
        "/drafts/{id}/rebase",
        "post",
        "rebaseDraft",
        "Make a draft start from what is published now",
        "Draft",
        "Each conflict needs a choice: as the draft has it (`ours`), or as it was published"
        " (`theirs`).",
        (DRAFT, IF_MATCH),
        body=REBASE_BODY,
        is_body_needed=False,
        errors=_WRITE | _RULE,
        needs_token=True,
    ),
    _step("reopen", "reopenDraft", "Open a draft again", "From review, or a withdrawn one.", {}),
    _step(
        "request-changes",
        "requestChanges",
        "Ask for changes in a draft",
        "With a word on which.",
        {},
    ),
    Operation(
        "/drafts/{id}/schedule",
        "put",
        "scheduleDraft",
        "Publish an approved draft at a time",
        "Draft",
        "By itself, if it then goes together with what was published meanwhile. A change of the"
        " draft, and any step, takes the time back.",
        (DRAFT, IF_MATCH),
        body=SCHEDULE,
        errors=_WRITE,
        needs_token=True,
    ),
    Operation(
        "/drafts/{id}/schedule",
        "delete",
        "unscheduleDraft",
        "Do not publish a draft by itself",
        "Draft",
        parameters=(DRAFT, IF_MATCH),
        errors=BAD | _ROLE | _HIDDEN | _STATE | _STALE,
        needs_token=True,
    ),
    _step("submit", "submitDraft", "Hand a draft in for review", "", {}),
    _step("withdraw", "withdrawDraft", "Give a draft up", "It can be opened again.", {}),
    Operation(
        "/vocabularies/{id}/drafts",
        "get",
        "listDrafts",
        "The drafts of a vocabulary",
        "DraftList",
        "That which was worked on last first. Who may not edit or review sees what was handed in.",
        (IDENTIFIER, STATES, *WINDOW),
        errors=BAD | UNKNOWN | _ROLE,
        needs_token=True,
    ),
    Operation(
        "/vocabularies/{id}/drafts",
        "post",
        "openDraft",
        "Open a draft",
        "Draft",
        "It starts as what is published now.",
        (IDENTIFIER,),
        body=NEW_DRAFT,
        status=201,
        errors=BAD | UNKNOWN | _ROLE | _BODY,
        needs_token=True,
    ),
)
