"""The shapes of what the REST API answers (JSON Schema 2020-12), by name."""

from typing import Any

from vocab_server.accounts.roles import Permission, Role
from vocab_server.search.find import Kind
from vocab_server.skos.concepts import MAPPINGS, NOTES
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.history import Kind as ChangeKind
from vocab_server.skos.resolving import Status

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer", "minimum": 0}
_YES: Json = {"type": "boolean"}
_IRI: Json = {"type": "string", "description": "An IRI."}
_TAG: Json = {"type": "string", "description": "A language tag (BCP 47)."}
_CONTEXT: Json = {"type": "string", "format": "uri", "description": "What the keys mean."}
_TIME: Json = {"type": "string", "format": "date-time"}
_MAP: Json = {
    "type": "object",
    "description": "Texts by language tag; @none for those without a language.",
    "additionalProperties": {"type": "array", "items": _TEXT},
}


def _object(required: Json, optional: Json | None = None) -> Json:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def _some(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def _list(name: str, **more: Json) -> Json:
    items = _some({"$ref": f"#/components/schemas/{name}"})
    return _object({"@context": _CONTEXT, "items": items, "total": _WHOLE, **more})


def _choice(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


_LINK = _object({"iri": _IRI}, {"prefLabel": _TEXT, "lang": _TAG})
_LINKS = _some({"$ref": "#/components/schemas/Link"})
_VALUE = {"type": "object", "description": "A value as JSON-LD writes it."}
_VOCABULARY = {
    "id": _TEXT,
    "iri": _IRI,
    "graph": _IRI,
    "title": _TEXT,
    "lang": _TAG,
    "languages": _some(_TAG),
    "concepts": _WHOLE,
    "modified": {"anyOf": [_TIME, {"type": "null"}]},
    "release": {"type": ["string", "null"]},
}
_MATCHED = _object(
    {
        "text": _TEXT,
        "property": _choice("prefLabel", "altLabel", "hiddenLabel", "notation"),
        "kind": _choice(*Kind),
    },
    {"lang": _TAG},
)
_RELATIONS = ("broader", "related", "inScheme", "memberOf", "isReplacedBy")

SCHEMAS: Json = {
    "Account": _object(
        {
            "name": _TEXT,
            "displayName": _TEXT,
            "roles": _some(
                _object(
                    {
                        "role": _choice(*Role),
                        "scope": {
                            **_TEXT,
                            "description": 'Of which vocabulary or catalog; "" all.',
                        },
                    }
                )
            ),
            "permissions": _some(_choice(*Permission)),
        }
    ),
    "Change": _object(
        {
            "number": _WHOLE,
            "vocabulary": _TEXT,
            "graph": _IRI,
            "time": _TIME,
            "message": _TEXT,
            "added": {**_WHOLE, "description": "How many statements came."},
            "removed": {**_WHOLE, "description": "How many statements went."},
        }
    ),
    "ChangeList": _list("Change"),
    "Concept": _object(
        {
            "@context": _CONTEXT,
            "iri": _IRI,
            "type": _some(_IRI),
            "vocabulary": {**_TEXT, "description": "The id of the vocabulary."},
            "label": {**_TEXT, "description": "The name to show."},
            "prefLabel": {**_MAP, "additionalProperties": _TEXT},
            "altLabel": _MAP,
            "hiddenLabel": _MAP,
            "definition": _MAP,
            "notation": _some(_TEXT),
            **dict.fromkeys((*_RELATIONS, *map(local_name, MAPPINGS)), _LINKS),
            "paths": {**_some(_LINKS), "description": "The ways from the top, without itself."},
            "deprecated": _YES,
            "properties": {"type": "object", "additionalProperties": _some(_VALUE)},
        },
        {
            "lang": {**_TAG, "description": "The language of label."},
            "narrower": _LINKS,
            "narrowerTotal": _WHOLE,
            "member": _LINKS,
            "memberTotal": _WHOLE,
            **{local_name(note): _MAP for note in NOTES},
        },
    ),
    "ConceptChange": _object(
        {
            "iri": _IRI,
            "vocabulary": {**_TEXT, "description": "The id of the vocabulary."},
            "kind": _choice(*ChangeKind),
            "date": {**_TEXT, "description": "The date as the data writes it."},
            "time": {**_TIME, "description": "The first second of the date, in UTC."},
            "prefLabel": _TEXT,
            "deprecated": _YES,
        },
        {
            "lang": _TAG,
            "isReplacedBy": _some(_LINK),
            "concepts": {**_WHOLE, "description": "How many came undated with a vocabulary."},
        },
    ),
    "ConceptChangeList": _list("ConceptChange"),
    "ConceptItem": _object(
        {"iri": _IRI, "prefLabel": _TEXT, "hasNarrower": _YES},
        {"lang": _TAG, "notation": _TEXT, "deprecated": _YES},
    ),
    "ConceptList": _list("ConceptItem"),
    "Context": _object({"@context": {"type": "object"}}),
    "Info": _object(
        {
            "@context": _CONTEXT,
            "title": _TEXT,
            "version": _TEXT,
            "openapi": _IRI,
            "documentation": _IRI,
            "vocabularies": _IRI,
        }
    ),
    "Link": _object(
        {"iri": _IRI}, {"prefLabel": _TEXT, "lang": _TAG, "notation": _TEXT, "deprecated": _YES}
    ),
    "Match": _object(
        {
            "iri": _IRI,
            "prefLabel": _TEXT,
            "vocabulary": _TEXT,
            "matched": _MATCHED,
            "path": {**_some(_LINK), "description": "One way from the top, without itself."},
            "score": {"type": "integer", "minimum": 0, "maximum": 100},
        },
        {"lang": _TAG, "deprecated": _YES},
    ),
    "MatchList": _list("Match", more=_YES),
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
        }
    ),
    "Resolved": _object(
        {"iri": _TEXT, "status": _choice(*Status), "isReplacedBy": _some(_LINK)},
        {"prefLabel": _TEXT, "lang": _TAG},
    ),
    "ResolvedList": _list("Resolved"),
    "Suggestions": {
        "type": "array",
        "minItems": 4,
        "maxItems": 4,
        "items": {"anyOf": [_TEXT, _some(_TEXT)]},
    },
    "Vocabulary": _object({"@context": _CONTEXT, **_VOCABULARY}, {"description": _TEXT}),
    "VocabularyItem": _object(_VOCABULARY),
    "VocabularyList": _list("VocabularyItem"),
}
