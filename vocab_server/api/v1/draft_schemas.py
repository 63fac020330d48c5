"""The shapes of what the calls about drafts answer (JSON Schema 2020-12), by name."""

from vocab_server.api.v1.draft_shapes import STEP_TO
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    LINK,
    TEXT,
    TIME,
    VALUE,
    WHOLE,
    YES,
    Json,
    array_of,
    choice_of,
    list_of,
    object_of,
)
from vocab_server.editing.conflicts import Reason
from vocab_server.editing.workflow import State
from vocab_server.skos.telling import Kind

_ITEM = {
    "id": WHOLE,
    "url": IRI,
    "vocabulary": {**TEXT, "description": "The id of the vocabulary."},
    "title": TEXT,
    "purpose": TEXT,
    "state": choice_of(*State),
    "author": TEXT,
    "created": TIME,
    "modified": TIME,
    "base": {**WHOLE, "description": "The published change that it starts from."},
    "published": {"type": ["integer", "null"], "description": "The published change it became."},
    "scheduled": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "When it is published by itself.",
    },
    "scheduledBy": {"type": ["string", "null"], "description": "Who set that time."},
}
_STEP = object_of({"author": TEXT, "time": TIME, "state": choice_of(*State), "text": TEXT})
_DRAFT = {
    "@context": CONTEXT,
    **_ITEM,
    "authors": array_of(TEXT),
    "changes": WHOLE,
    "steps": array_of(_STEP),
    "next": {**array_of(choice_of(*STEP_TO.values())), "description": "What the caller may do."},
    "editable": {**YES, "description": "Whether the caller may change it now."},
}
_COMMENT = {"id": WHOLE, "author": TEXT, "time": TIME, "text": TEXT, "resolved": YES}
_ENDS = {**array_of({"anyOf": [LINK, VALUE]}), "description": "Texts, or concepts with names."}
_TOLD = array_of({"$ref": "#/components/schemas/Told"})

DRAFT_SCHEMAS: Json = {
    "Comment": object_of({**_COMMENT}, {"@context": CONTEXT, "concept": IRI}),
    "CommentList": list_of("Comment"),
    "Conflict": object_of(
        {"concept": LINK, "reasons": array_of(choice_of(*Reason)), "ours": _TOLD, "theirs": _TOLD}
    ),
    "ConflictList": list_of("Conflict", seen=WHOLE, together=WHOLE),
    "Draft": object_of(_DRAFT),
    "DraftChange": object_of(
        {
            "position": WHOLE,
            "author": TEXT,
            "time": TIME,
            "message": TEXT,
            "added": {**WHOLE, "description": "How many statements came."},
            "removed": {**WHOLE, "description": "How many statements went."},
        },
        {"told": _TOLD},
    ),
    "DraftChangeList": list_of("DraftChange"),
    "DraftItem": object_of(_ITEM),
    "DraftList": list_of("DraftItem"),
    "DraftMade": object_of(
        {
            **_DRAFT,
            "position": {
                "type": ["integer", "null"],
                "description": "The position of the change; null when nothing had to be changed.",
            },
            "createdConcepts": {**array_of(IRI), "description": "What is new, in order."},
        }
    ),
    "Told": object_of(
        {"kind": choice_of(*Kind), "concept": LINK, "before": _ENDS, "after": _ENDS},
        {"property": IRI, "was": IRI, "texts": array_of(VALUE)},
    ),
}
