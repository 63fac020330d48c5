"""The description of the calls that enter data in catalogs (OpenAPI 3.1): ENTRY_OPERATIONS."""

from rdflib import URIRef

from vocab_server.api.v1.calls import BAD, LANG, WINDOW, Json, Operation, in_path
from vocab_server.api.v1.entry_shapes import CONTACT, DAYS, ENDS, FILES, SPOKEN
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    MAP,
    TEXT,
    array_of,
    choice_of,
    list_of,
    object_of,
)
from vocab_server.catalog.entering import entered_rules, field_name
from vocab_server.catalog.kinds import KINDS
from vocab_server.catalog.stages import Blocker, Check, Stage
from vocab_server.rdf.namespaces import DCAT, VCARD


def _properties(of: URIRef) -> Json:
    """The properties that are entered of a class: texts by language, a value, or several."""
    return {
        field_name(rule): MAP
        if rule.range in SPOKEN
        else TEXT
        if rule.most == 1
        else array_of(TEXT)
        for rule, _need in entered_rules(of)
    }


CATALOG = in_path("catalog", "The id of a catalog.", {"type": "string", "minLength": 1}, "ekebro")
KIND = in_path("kind", "What is entered.", choice_of(*KINDS), "series")
NAME = in_path("name", "The id of an entry.", {"type": "string", "minLength": 1}, "0d9c1f2e3a4b")
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the entry as it was read; without it nothing is changed (428).",
    "schema": {"type": "string", "pattern": r'^(\*|"[!#-~]{1,100}")$'},
}
_STANDING: Json = {
    "stage": choice_of(*Stage),
    "blockedBy": array_of(choice_of(*Blocker)),
    "checks": array_of(choice_of(*Check)),
    "reason": MAP,
    "available": TEXT,
}
_PARTS: Json = {
    CONTACT: object_of({}, _properties(VCARD.Kind)),
    DAYS: object_of({}, {name: TEXT for name, _way in ENDS}),
    FILES: array_of(object_of({"iri": IRI}, _properties(DCAT.Distribution))),
}
_OWN = {name: schema for kind in KINDS.values() for name, schema in _properties(kind.of).items()}
BODY: Json = {
    "type": "object",
    "description": "As an entry is answered. Texts are by language tag, one text or several;"
    " any other value may be a text or a list. What fields an entry has depends on its kind:"
    " those of DCAT-AP, by their last part. A file without `iri` is new, one that is left out of"
    " `distribution` is taken away; without `distribution` all stay.",
    "properties": {
        "stage": choice_of(*Stage),
        "title": {"type": "object"},
        "distribution": {"type": "array", "items": {"type": "object"}},
    },
    "example": {
        "title": {"sv": "Badvattenkvalitet", "en": "Bathing water quality"},
        "description": {"sv": "Mätvärden från alla badplatser."},
        "keyword": {"sv": ["badvatten"]},
        "distribution": [{"accessURL": "https://www.ekebro.example/badvatten.csv"}],
        "stage": "planned",
    },
}
_HIDDEN = {404: "There is no such catalog, kind or entry."}
_ROLE = {403: "The account or the token may not enter data there, or it is read from elsewhere."}
_SENT = {413: "The body is too large.", 415: "The body is of another media type."}
_FIELDS = {422: "A value is not as its field asks for: `fields` names each, with what is wrong."}
_STATE = {
    412: "The entry is not what If-Match says.",
    428: "If-Match was not sent.",
}
_WHERE = (CATALOG, KIND, NAME)
ENTRY_OPERATIONS = (
    Operation(
        "/catalogs/{catalog}/{kind}",
        "get",
        "listEntries",
        "Datasets, series or interfaces of a catalog",
        "EntryList",
        "Also those that are only listed or were withdrawn; among datasets, the series too.",
        (CATALOG, KIND, LANG, *WINDOW),
        errors=BAD | _HIDDEN,
    ),
    Operation(
        "/catalogs/{catalog}/{kind}",
        "post",
        "createEntry",
        "The entry is there now",
        "Entry",
        "With the checks of the forms. It is not `published` before nothing mandatory is missing:"
        " it is `planned` then, and `missing` tells what to add.",
        (CATALOG, KIND),
        body=BODY,
        status=201,
        errors=BAD | _ROLE | _HIDDEN | _STATE | _SENT | _FIELDS,
        needs_token=True,
    ),
    Operation(
        "/catalogs/{catalog}/{kind}/{name}",
        "get",
        "getEntry",
        "One entry as it was entered",
        "Entry",
        "Its ETag is what If-Match takes.",
        _WHERE,
        errors=BAD | _ROLE | _HIDDEN,
        needs_token=True,
    ),
    Operation(
        "/catalogs/{catalog}/{kind}/{name}",
        "put",
        "replaceEntry",
        "The entry as it is now",
        "Entry",
        "It says what is sent and nothing else.",
        (*_WHERE, IF_MATCH),
        body=BODY,
        errors=BAD | _ROLE | _HIDDEN | _STATE | _SENT | _FIELDS,
        needs_token=True,
    ),
    Operation(
        "/catalogs/{catalog}/{kind}/{name}",
        "delete",
        "withdrawEntry",
        "The entry is withdrawn",
        "Entry",
        "It keeps its address and its page, and leaves lists and feeds.",
        (*_WHERE, IF_MATCH),
        errors=BAD | _ROLE | _HIDDEN | _STATE | _FIELDS,
        needs_token=True,
    ),
)
ENTRY_SCHEMAS: Json = {
    "EntryList": list_of("EntryItem"),
    "EntryItem": object_of({"id": TEXT, "iri": IRI, "title": MAP}, {"stage": choice_of(*Stage)}),
    "Entry": object_of(
        {
            "@context": CONTEXT,
            "id": TEXT,
            "iri": IRI,
            "kind": choice_of(*KINDS),
            "catalog": TEXT,
            "missing": array_of(TEXT),
        },
        {**_OWN, **_PARTS, **_STANDING},
    ),
}
