"""The shapes of what the calls about the past answer (JSON Schema 2020-12), by name."""

from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    TEXT,
    TIME,
    WHOLE,
    Json,
    array_of,
    list_of,
    object_of,
)

PAST_SCHEMAS: Json = {
    "HistoryEntry": object_of(
        {
            "number": WHOLE,
            "time": TIME,
            "message": TEXT,
            "url": IRI,
            "added": {**WHOLE, "description": "Statements."},
            "removed": {**WHOLE, "description": "Statements."},
        },
        {
            "author": TEXT,
            "purpose": {**TEXT, "description": "Why."},
            "undoes": {**WHOLE, "description": "The change that it takes back."},
            "told": array_of({"$ref": "#/components/schemas/Told"}),
        },
    ),
    "HistoryList": list_of("HistoryEntry"),
    "Undone": object_of({"@context": CONTEXT, "number": WHOLE, "undoes": WHOLE}),
}
