"""The description of the calls about the past (OpenAPI 3.1): rows in PAST_OPERATIONS."""

from vocab_server.api.parameters import LARGEST_OFFSET
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
from vocab_server.api.v1.histories import LIMIT, MOST
from vocab_server.skos.acts.curation import MAX_NOTE
from vocab_server.skos.releases import LONGEST_NOTES

_LARGEST = 2**31 - 1
NUMBER = in_path(
    "number", "The number of a change.", {"type": "integer", "minimum": 0, "maximum": _LARGEST}
)
REASON: Json = {
    "type": "object",
    "properties": {"reason": {"type": "string", "maxLength": MAX_NOTE}},
    "additionalProperties": False,
}
_BODY = {413: "The body, or the change, is too large.", 415: "The body is of another media type."}
_ROLE = {403: "The account or the token may not do that; `detail` names the role."}
_RULE = {422: "A rule would be broken: `rule` names it."}

NEW_RELEASE: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 63},
        "notes": {"type": "string", "maxLength": LONGEST_NOTES},
        "issued": {"type": "string", "description": "A day or a time that is past; now if not."},
    },
    "additionalProperties": False,
}

PAST_OPERATIONS = (
    Operation(
        "/vocabularies/{id}/history",
        "get",
        "listHistory",
        "What was done to a vocabulary, or to one concept",
        "HistoryList",
        "Newest first, told in words as data. A very big change has no `told`.",
        (
            IDENTIFIER,
            iri_query(
                "iri",
                "Only what was done to this concept.",
                "http://publications.europa.eu/resource/authority/data-theme/ENVI",
            ),
            LANG,
            query("limit", "How many items at most.", whole(1, MOST, LIMIT)),
            query("offset", "How many items to leave out first.", whole(0, LARGEST_OFFSET, 0)),
        ),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/vocabularies/{id}/history/{number}/undo",
        "post",
        "undoChange",
        "Take a published change back",
        "Undone",
        "As a new change, where it still applies. What the change created is no longer used"
        " afterwards, and keeps its identifier.",
        (IDENTIFIER, NUMBER),
        body=REASON,
        status=201,
        errors=BAD
        | UNKNOWN
        | _ROLE
        | _BODY
        | _RULE
        | {409: "Later changes are in the way; `statements` are in conflict."},
        needs_token=True,
    ),
    Operation(
        "/vocabularies/{id}/releases",
        "get",
        "listReleases",
        "The releases of a vocabulary",
        "ReleaseList",
        "Newest first.",
        (IDENTIFIER, *WINDOW),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/vocabularies/{id}/releases",
        "post",
        "makeRelease",
        "Freeze a release of a vocabulary",
        "NewRelease",
        "What is published now, under a name, for ever.",
        (IDENTIFIER,),
        body=NEW_RELEASE,
        status=201,
        errors=BAD | UNKNOWN | _ROLE | _BODY | {409: "There is a release of that name."},
        needs_token=True,
    ),
)
