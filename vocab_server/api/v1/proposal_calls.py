"""The description of the calls about proposals (OpenAPI 3.1), and the shapes of their answers."""

from vocab_server.api.parameters import LONGEST_IRI
from vocab_server.api.v1.calls import BAD, UNKNOWN, WINDOW, Json, Operation, in_path, query
from vocab_server.api.v1.drafts import LARGEST
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    MAP,
    TEXT,
    TIME,
    WHOLE,
    choice_of,
    list_of,
    object_of,
)
from vocab_server.database.proposals import ORDERS
from vocab_server.editing.proposing import LONGEST_TEXT, LONGEST_URL, Did, Kind, State

PROPOSAL = in_path(
    "id", "The number of a proposal.", {"type": "integer", "minimum": 0, "maximum": LARGEST}
)
_STATES = query(
    "state",
    "Only proposals in these states, each on its own; all when left out.",
    {"type": "array", "items": {"type": "string", "enum": list(State)}},
)
_ORDER = query("order", "Which come first.", {"type": "string", "enum": list(ORDERS)})
_VOCABULARY = query("vocabulary", "The id of a vocabulary; all when left out.", TEXT)
_ONE_TEXT: Json = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "description": "One text by its language tag.",
    "additionalProperties": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "maxItems": 1}]},
}
_IRI: Json = {"type": "string", "maxLength": LONGEST_IRI}
_DATASET: Json = {
    "type": "object",
    "properties": {"title": TEXT, "url": {"type": "string", "maxLength": LONGEST_URL}},
    "additionalProperties": False,
}
_LONG: Json = {"type": "string", "maxLength": LONGEST_TEXT}
_NEW: Json = {
    "type": "object",
    "required": ["vocabulary"],
    "properties": {
        "vocabulary": {"type": "string", "description": "The id of a vocabulary."},
        "kind": {"type": "string", "enum": list(Kind), "default": Kind.MISSING},
        "concept": {**_IRI, "description": "What it is about, unless a concept is missing."},
        "prefLabel": _ONE_TEXT,
        "altLabel": _ONE_TEXT,
        "definition": _ONE_TEXT,
        "broader": {**_IRI, "description": "Where it should stand; the top when left out."},
        "reason": _LONG,
        "dataset": _DATASET,
    },
    "additionalProperties": False,
    "examples": [
        {
            "vocabulary": "themes",
            "prefLabel": {"en": "Lake ice"},
            "definition": {"en": "Ice on lakes, and how thick it is."},
            "dataset": {"title": "Ice in winter", "url": "https://example.org/dataset/1"},
        }
    ],
}
_ACCEPT: Json = {
    "type": "object",
    "properties": {"draft": {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST}},
    "additionalProperties": False,
}
_TEXT: Json = {"type": "object", "properties": {"text": _LONG}, "additionalProperties": False}

_ITEM = (
    {
        "id": WHOLE,
        "url": IRI,
        "vocabulary": {**TEXT, "description": "The id of the vocabulary."},
        "kind": choice_of(*Kind),
        "state": choice_of(*State),
        "title": TEXT,
        "author": {"type": ["string", "null"], "description": "Null without an account."},
        "created": TIME,
        "votes": WHOLE,
        "draft": {"type": ["integer", "null"], "description": "The draft that it went into."},
    },
    {
        "concept": IRI,
        "prefLabel": MAP,
        "altLabel": MAP,
        "definition": MAP,
        "broader": IRI,
        "reason": TEXT,
        "dataset": object_of({"title": TEXT, "url": TEXT}),
        "createdConcept": IRI,
    },
)
PROPOSAL_SCHEMAS: Json = {
    "Proposal": object_of({"@context": CONTEXT, **_ITEM[0]}, _ITEM[1]),
    "ProposalEntry": object_of(
        {
            "id": WHOLE,
            "kind": choice_of(*Did, *State),
            "author": {
                "type": ["string", "null"],
                "description": "Null for a proposer without one.",
            },
            "time": TIME,
            "text": TEXT,
        },
        {"@context": CONTEXT},
    ),
    "ProposalEntryList": list_of("ProposalEntry"),
    "ProposalItem": object_of(*_ITEM),
    "ProposalList": list_of("ProposalItem"),
}

_HIDDEN = {404: "There is no such proposal."}
_ROLE = {403: "The account or the token may not do that; `detail` says what it needs."}
_BODY = {413: "The body is too large.", 415: "The body is of another media type."}
_RULE = {422: "Something is missing or too long: `rule` names what, `field` where."}
_OFTEN = {429: "Too many proposals and comments; `Retry-After` says when to go on."}
_STATE = {409: "The proposal, or the draft, is in a state that does not allow that."}
_DECIDE = BAD | _HIDDEN | _ROLE | _BODY | _STATE | _RULE


def _decision(name: str, summary: str, about: str) -> Operation:
    return Operation(
        f"/proposals/{{id}}/{name}",
        "post",
        f"{name}Proposal",
        summary,
        "Proposal",
        about,
        (PROPOSAL,),
        body=_TEXT,
        is_body_needed=False,
        errors=_DECIDE,
        needs_token=True,
    )


def _vote(method: str, name: str, summary: str) -> Operation:
    return Operation(
        "/proposals/{id}/vote",
        method,
        name,
        summary,
        "Proposal",
        "Each account counts once.",
        (PROPOSAL,),
        errors=BAD | _HIDDEN | _ROLE,
        needs_token=True,
    )


PROPOSAL_OPERATIONS = (
    Operation(
        "/proposals",
        "get",
        "listProposals",
        "The proposals",
        "ProposalList",
        "Newest first, or those that most people want.",
        (_VOCABULARY, _STATES, _ORDER, *WINDOW),
        errors=BAD | UNKNOWN,
        needs_token=True,
    ),
    Operation(
        "/proposals",
        "post",
        "propose",
        "Propose something",
        "Proposal",
        "A concept that is missing (`missing`), a better label (`label`, as `prefLabel` in place of"
        " the one there is, or as `altLabel`), another place (`place`, under `broader`), or"
        " something else (`other`).",
        body=_NEW,
        status=201,
        errors=BAD | UNKNOWN | _ROLE | _BODY | _RULE | _OFTEN,
        needs_token=True,
    ),
    Operation(
        "/proposals/{id}",
        "get",
        "getProposal",
        "One proposal",
        "Proposal",
        parameters=(PROPOSAL,),
        errors=BAD | _HIDDEN,
        needs_token=True,
    ),
    Operation(
        "/proposals/{id}/accept",
        "post",
        "acceptProposal",
        "Accept a proposal into a draft",
        "Proposal",
        "What is proposed is done in `draft`, or without one in a new draft.",
        (PROPOSAL,),
        body=_ACCEPT,
        is_body_needed=False,
        errors=_DECIDE,
        needs_token=True,
    ),
    _decision("answer", "Answer a proposal", "`text` is the answer, for who proposed it."),
    Operation(
        "/proposals/{id}/comments",
        "get",
        "listProposalComments",
        "What was done with a proposal and said about it",
        "ProposalEntryList",
        "Oldest first.",
        (PROPOSAL, *WINDOW),
        errors=BAD | _HIDDEN,
        needs_token=True,
    ),
    Operation(
        "/proposals/{id}/comments",
        "post",
        "commentProposal",
        "Say something about a proposal",
        "ProposalEntry",
        parameters=(PROPOSAL,),
        body={**_TEXT, "required": ["text"]},
        status=201,
        errors=BAD | _HIDDEN | _ROLE | _BODY | _RULE | _OFTEN,
        needs_token=True,
    ),
    _decision("decline", "Decline a proposal", "`text` is the reason, for who proposed it."),
    _decision("reopen", "Open a declined proposal again", ""),
    _vote("put", "voteForProposal", "Want a proposal too"),
    _vote("delete", "unvoteForProposal", "Want a proposal no longer"),
)
