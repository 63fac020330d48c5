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

_RELEASE = {
    "name": TEXT,
    "iri": IRI,
    "vocabulary": {**TEXT, "description": "The id of the vocabulary."},
    "issued": TIME,
    "notes": TEXT,
    "change": {**WHOLE, "description": "The last change of the log that is in it."},
    "statements": WHOLE,
    "concepts": WHOLE,
    "checksum": object_of({"algorithm": TEXT, "of": TEXT, "value": TEXT}),
}

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
    "NewRelease": object_of({"@context": CONTEXT, **_RELEASE}),
    "Release": object_of(_RELEASE),
    "ReleaseList": list_of("Release"),
    "Undone": object_of({"@context": CONTEXT, "number": WHOLE, "undoes": WHOLE}),
}
