"""The description of the call for suggestions (OpenAPI 3.1)."""

from vocab_server.api.v1.calls import BAD, LANGUAGE_TAG, UNKNOWN, Operation, whole
from vocab_server.api.v1.suggest import LIMIT, LONGEST, LONGEST_LIST, MOST

_LONG_TEXT = {"type": "string", "maxLength": LONGEST}
_LONG_TEXTS = {"type": "array", "maxItems": LONGEST_LIST, "items": _LONG_TEXT}
SUGGEST = Operation(
    "/suggest",
    "post",
    "suggestForDescription",
    "Concepts for a description of data",
    "SuggestionList",
    "Best first, each with the reasons: which of its names stands where in the description, as"
    " it is written, inflected, or in a compound; which like datasets have it (tagged), and in how"
    " many of all it is (usual). What people accepted or dismissed before counts. Specific"
    " concepts come before what they lie under; deprecated ones never come.",
    body={
        "type": "object",
        "properties": {
            "title": {**_LONG_TEXT, "examples": ["Badvattenkvalitet"]},
            "description": _LONG_TEXT,
            "keywords": _LONG_TEXTS,
            "columns": {**_LONG_TEXTS, "description": "The names of a table's columns."},
            "lang": {**LANGUAGE_TAG, "description": "The language of the texts."},
            "vocabulary": {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                "description": "Ids of vocabularies; all when left out.",
            },
            "catalog": {
                "type": "string",
                "description": "The id of the catalog that it is for: what organisations of the"
                " same kind chose then counts more.",
            },
            "limit": whole(1, MOST, LIMIT),
        },
    },
    errors=BAD | UNKNOWN | {413: "The body is too large.", 415: "The body is no JSON."},
)
