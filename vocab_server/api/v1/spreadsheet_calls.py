"""The description of the calls about spreadsheets (OpenAPI 3.1), and of what they answer."""

from vocab_server.api.v1.calls import BAD, IDENTIFIER, UNKNOWN, Json, Operation, in_path, query
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    TEXT,
    WHOLE,
    array_of,
    choice_of,
    object_of,
)
from vocab_server.api.v1.spreadsheets import LONGEST_NAME, MOST_CHOICES, TYPES
from vocab_server.editing.drafts import LONGEST_TITLE
from vocab_server.editing.sheet_merge import Choice, Reason

_KEY = in_path(
    "key",
    "The id that a spreadsheet got when it was sent.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,22}$"},
)
_DECISION: Json = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": LONGEST_TITLE},
        "choices": {
            "type": "object",
            "maxProperties": MOST_CHOICES,
            "additionalProperties": {"type": "string", "enum": list(Choice)},
        },
        "rest": {"type": ["string", "null"], "enum": [*Choice, None]},
    },
    "additionalProperties": False,
}
_REMARK = object_of({"cell": TEXT, "message": TEXT})
_CONFLICT = object_of(
    {
        "cell": {**TEXT, "description": "Its address in the file, such as Concepts!F12."},
        "concept": TEXT,
        "column": TEXT,
        "reason": choice_of(*Reason),
        "exported": array_of(TEXT),
        "file": array_of(TEXT),
        "published": array_of(TEXT),
        "choices": array_of(choice_of(*Choice)),
    }
)
SPREADSHEET_SCHEMAS: Json = {
    "Spreadsheet": object_of(
        {
            "@context": CONTEXT,
            "id": TEXT,
            "url": IRI,
            "file": TEXT,
            "state": {
                **TEXT,
                "description": 'What it was compared with; "" for what is there now.',
            },
            **dict.fromkeys(("rows", "changed", "created", "missing", "added", "removed"), WHOLE),
            "problemCount": WHOLE,
            "problems": array_of(_REMARK),
            "remarks": array_of(_REMARK),
            "conflictCount": WHOLE,
            "conflicts": array_of(_CONFLICT),
        }
    )
}
_ROLE = {403: "The account or the token may not do that; `detail` names the role."}
_BODY = {413: "The file is too large.", 415: "The body is of another media type."}
SPREADSHEET_OPERATIONS = (
    Operation(
        "/vocabularies/{id}/spreadsheets",
        "post",
        "sendSpreadsheet",
        "Send a spreadsheet back",
        "Spreadsheet",
        "It is compared with the state in which it was exported and with what is published now."
        " Only the preview is made.",
        (
            IDENTIFIER,
            query(
                "name", "What the file is called.", {"type": "string", "maxLength": LONGEST_NAME}
            ),
        ),
        body={"type": "string", "format": "binary"},
        body_types=TYPES,
        status=201,
        errors=BAD | _ROLE | UNKNOWN | _BODY,
        needs_token=True,
    ),
    Operation(
        "/vocabularies/{id}/spreadsheets/{key}",
        "get",
        "getSpreadsheet",
        "What a spreadsheet would change now",
        "Spreadsheet",
        parameters=(IDENTIFIER, _KEY),
        errors=BAD | _ROLE | UNKNOWN,
        needs_token=True,
    ),
    Operation(
        "/vocabularies/{id}/spreadsheets/{key}/draft",
        "post",
        "draftSpreadsheet",
        "Make a draft of a spreadsheet",
        "Draft",
        "With a choice for each conflict, by the address of its cell; `rest` is for all others."
        " What has a problem is left out.",
        (IDENTIFIER, _KEY),
        body=_DECISION,
        is_body_needed=False,
        status=201,
        errors=BAD
        | _ROLE
        | UNKNOWN
        | _BODY
        | {409: "A conflict has no choice.", 422: "A rule would be broken."},
        needs_token=True,
    ),
)
