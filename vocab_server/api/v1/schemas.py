"""The shapes of what the REST API answers (JSON Schema 2020-12), by name."""

from vocab_server.accounts.roles import Permission, Role
from vocab_server.api.v1.dataset_calls import DATASET_SCHEMAS
from vocab_server.api.v1.draft_schemas import DRAFT_SCHEMAS
from vocab_server.api.v1.entry_calls import ENTRY_SCHEMAS
from vocab_server.api.v1.past_schemas import PAST_SCHEMAS
from vocab_server.api.v1.proposal_calls import PROPOSAL_SCHEMAS
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    LINK,
    MAP,
    TAG,
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
from vocab_server.api.v1.score_calls import SCORE_SCHEMAS
from vocab_server.api.v1.spreadsheet_calls import SPREADSHEET_SCHEMAS
from vocab_server.api.v1.validate_call import VALIDATE_SCHEMAS
from vocab_server.search.described import Match, Part
from vocab_server.search.looks import Kind
from vocab_server.search.notes import SEARCHED
from vocab_server.skos.concepts import MAPPINGS, NOTES
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.history import Kind as ChangeKind
from vocab_server.skos.resolving import Status

_LINKS = array_of({"$ref": "#/components/schemas/Link"})
_VOCABULARY = {
    "id": TEXT,
    "iri": IRI,
    "graph": IRI,
    "title": TEXT,
    "lang": TAG,
    "languages": array_of(TAG),
    "concepts": WHOLE,
    "modified": {"anyOf": [TIME, {"type": "null"}]},
    "release": {"type": ["string", "null"]},
}
_MATCHED = object_of(
    {
        "text": TEXT,
        "property": choice_of("prefLabel", "altLabel", "hiddenLabel", "notation", *SEARCHED),
        "kind": choice_of(*Kind),
    },
    {"lang": TAG},
)
_RELATIONS = ("broader", "related", "inScheme", "memberOf", "isReplacedBy")

_ITEM = {"iri": IRI, "prefLabel": TEXT, "hasNarrower": YES}
_ITEM_MAY = {"lang": TAG, "notation": TEXT, "deprecated": YES}
_NAME = object_of({"text": TEXT, "property": choice_of("prefLabel", "altLabel", "hiddenLabel")})

SCHEMAS: Json = {
    **DATASET_SCHEMAS,
    **DRAFT_SCHEMAS,
    **ENTRY_SCHEMAS,
    **PROPOSAL_SCHEMAS,
    **PAST_SCHEMAS,
    **SCORE_SCHEMAS,
    **SPREADSHEET_SCHEMAS,
    **VALIDATE_SCHEMAS,
    "Account": object_of(
        {
            "name": TEXT,
            "displayName": TEXT,
            "roles": array_of(
                object_of(
                    {
                        "role": choice_of(*Role),
                        "scope": {
                            **TEXT,
                            "description": 'Of which vocabulary or catalog; "" all.',
                        },
                    }
                )
            ),
            "permissions": array_of(choice_of(*Permission)),
        }
    ),
    "Change": object_of(
        {
            "number": WHOLE,
            "vocabulary": TEXT,
            "graph": IRI,
            "time": TIME,
            "message": TEXT,
            "added": {**WHOLE, "description": "How many statements came."},
            "removed": {**WHOLE, "description": "How many statements went."},
        }
    ),
    "ChangeList": list_of("Change"),
    "Concept": object_of(
        {
            "@context": CONTEXT,
            "iri": IRI,
            "type": array_of(IRI),
            "vocabulary": {**TEXT, "description": "The id of the vocabulary."},
            "label": {**TEXT, "description": "The name to show."},
            "prefLabel": {**MAP, "additionalProperties": TEXT},
            "altLabel": MAP,
            "hiddenLabel": MAP,
            "definition": MAP,
            "notation": array_of(TEXT),
            **dict.fromkeys((*_RELATIONS, *map(local_name, MAPPINGS)), _LINKS),
            "paths": {**array_of(_LINKS), "description": "The ways from the top, without itself."},
            "deprecated": YES,
            "properties": {"type": "object", "additionalProperties": array_of(VALUE)},
        },
        {
            "lang": {**TAG, "description": "The language of label."},
            "narrower": _LINKS,
            "narrowerTotal": WHOLE,
            "member": _LINKS,
            "memberTotal": WHOLE,
            **{local_name(note): MAP for note in NOTES},
        },
    ),
    "ConceptChange": object_of(
        {
            "iri": IRI,
            "vocabulary": {**TEXT, "description": "The id of the vocabulary."},
            "kind": choice_of(*ChangeKind),
            "date": {**TEXT, "description": "The date as the data writes it."},
            "time": {**TIME, "description": "The first second of the date, in UTC."},
            "prefLabel": TEXT,
            "deprecated": YES,
        },
        {
            "lang": TAG,
            "isReplacedBy": array_of(LINK),
            "concepts": {**WHOLE, "description": "How many came undated with a vocabulary."},
        },
    ),
    "ConceptChangeList": list_of("ConceptChange"),
    "CircleList": list_of("Circle"),
    "Circle": object_of({"concepts": _LINKS}),
    "ConceptItem": object_of(_ITEM, _ITEM_MAY),
    "ConceptList": list_of("ConceptItem"),
    "Context": object_of({"@context": {"type": "object"}}),
    "Group": object_of(
        {
            "iri": IRI,
            "type": IRI,
            "members": WHOLE,
            "groups": {"type": "array", "items": {"$ref": "#/components/schemas/Group"}},
            "groupsTotal": WHOLE,
        },
        {"prefLabel": TEXT, "lang": TAG, "notation": TEXT, "deprecated": YES},
    ),
    "GroupList": list_of("Group"),
    "Info": object_of(
        {
            "@context": CONTEXT,
            "title": TEXT,
            "version": TEXT,
            "openapi": IRI,
            "documentation": IRI,
            "vocabularies": IRI,
        }
    ),
    "Link": object_of(
        {"iri": IRI}, {"prefLabel": TEXT, "lang": TAG, "notation": TEXT, "deprecated": YES}
    ),
    "Match": object_of(
        {
            "iri": IRI,
            "prefLabel": TEXT,
            "vocabulary": TEXT,
            "matched": _MATCHED,
            "path": {**array_of(LINK), "description": "One way from the top, without itself."},
            "score": {"type": "integer", "minimum": 0, "maximum": 100},
        },
        {"lang": TAG, "deprecated": YES},
    ),
    "MatchList": list_of("Match", more=YES),
    "NameItem": object_of({**_ITEM, "name": _NAME}, _ITEM_MAY),
    "NameList": list_of("NameItem", letter=TEXT, letters=array_of(TEXT)),
    "Problem": object_of(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
        },
        {
            "rule": {**TEXT, "description": "The rule that would be broken."},
            "field": {**TEXT, "description": "Where in the body that is to be mended."},
            "where": {**TEXT, "description": "Which of several operations."},
            "concepts": {**array_of(IRI), "description": "What is in conflict."},
            "statements": {**array_of(TEXT), "description": "What is in conflict, as N-Triples."},
        },
    ),
    "Resolved": object_of(
        {"iri": TEXT, "status": choice_of(*Status), "isReplacedBy": array_of(LINK)},
        {"prefLabel": TEXT, "lang": TAG},
    ),
    "ResolvedList": list_of("Resolved"),
    "Suggestion": object_of(
        {
            "iri": IRI,
            "prefLabel": TEXT,
            "vocabulary": TEXT,
            "path": {**array_of(LINK), "description": "One way from the top, without itself."},
            "score": {"type": "integer", "minimum": 0, "maximum": 100},
            "reasons": array_of(
                object_of(
                    {
                        "in": choice_of(*Part),
                        "text": {**TEXT, "description": "What was found, in lower case."},
                        "match": choice_of(*Match),
                        "label": {
                            **TEXT,
                            "description": "The name of the concept that it is, or the title of a"
                            " dataset that is tagged with it.",
                        },
                    },
                    {"lang": TAG},
                )
            ),
        },
        {"lang": TAG},
    ),
    "SuggestionList": list_of("Suggestion"),
    "Suggestions": {
        "type": "array",
        "minItems": 4,
        "maxItems": 4,
        "items": {"anyOf": [TEXT, array_of(TEXT)]},
    },
    "Vocabulary": object_of({"@context": CONTEXT, **_VOCABULARY}, {"description": TEXT}),
    "VocabularyItem": object_of(_VOCABULARY),
    "VocabularyList": list_of("VocabularyItem"),
}
