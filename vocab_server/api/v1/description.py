"""The description of the REST API (OpenAPI 3.1): one row in OPERATIONS for each call."""

from dataclasses import dataclass, field
from typing import Any

from vocab_server.__version__ import __version__
from vocab_server.api.bodies import JSON
from vocab_server.api.parameters import LARGEST_OFFSET, LIMIT, LONGEST, LONGEST_IRI, MOST
from vocab_server.api.v1.resolve import MOST as MOST_RESOLVED
from vocab_server.api.v1.schemas import SCHEMAS
from vocab_server.api.v1.search import MOST_SUGGESTIONS, SUGGESTIONS
from vocab_server.skos.history import Kind as ChangeKind

PROBLEM = "application/problem+json"
ABOUT = """Concepts of all vocabularies of this server, for programs.

* Keys are the local names of SKOS, Dublin Core and OWL; `@context` leads to what each means, so an
  answer is JSON-LD.
* Lists have `items` and `total`, and take `limit` and `offset`.
* Names come in the language that `lang` asks for, else in the next of the server's languages that
  there is; `lang` in an answer says in which.
* Errors are problem details (RFC 9457).
* Anybody may read, from any page (CORS). Answers carry an ETag; send it back as If-None-Match.
"""
_TAG = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"

Json = dict[str, Any]


def _query(name: str, about: str, schema: Json, example: Any = None, **more: Any) -> Json:
    found = {"name": name, "in": "query", "description": about, "schema": schema, **more}
    return found if example is None else found | {"example": example}


def _whole(least: int, most: int, default: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def _iri(name: str, about: str, example: str, **more: Any) -> Json:
    schema = {
        "type": "string",
        "pattern": r'^[^\x00-\x20<>"{}|\\^`\x7F]*:[^\x00-\x20<>"{}|\\^`\x7F]*$',
        "maxLength": LONGEST_IRI,
    }
    return _query(name, about, schema, example, **more)


_LANGUAGE_TAG = {"type": "string", "pattern": _TAG, "maxLength": 35}
_EXAMPLE = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
LANG = _query("lang", "The language that names are wanted in.", _LANGUAGE_TAG, "sv")
WINDOW = (
    _query("limit", "How many items at most.", _whole(1, MOST, LIMIT)),
    _query("offset", "How many items to leave out first.", _whole(0, LARGEST_OFFSET, 0)),
)
VOCABULARY = _query(
    "vocabulary",
    "Ids of vocabularies, with commas between or each on its own; all when left out.",
    {"type": "array", "items": {"type": "string"}},
    ["data-theme"],
)
IDENTIFIER = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of a vocabulary.",
    "schema": {"type": "string", "minLength": 1},
    "example": "data-theme",
}
IRI = _iri("iri", "The IRI of a concept.", _EXAMPLE, required=True)
_BELOW = (
    _iri("under", "Only concepts that lie under this one, at any depth.", _EXAMPLE),
    _iri("group", "Only members of this collection.", "https://example.org/collection"),
    _iri("type", "Only concepts of this class.", "http://www.w3.org/2004/02/skos/core#Concept"),
)
_NUMBER_OR_TIME = [
    {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "date"},
]
_DATES = [
    {"type": "string", "format": "date"},
    {"type": "string", "pattern": r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"},
    {"type": "string", "format": "date-time"},
]
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": r"\S"}
_SEARCH_LANG = _query(
    "searchLang", "Only names in this language and its variants match.", _LANGUAGE_TAG, "en"
)
_DEPRECATED = _query(
    "deprecated",
    "Whether deprecated concepts are found too.",
    {"type": "boolean", "default": False},
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: where, what it does, what it takes, and the name of the schema of its answer."""

    path: str
    method: str
    name: str
    summary: str
    answer: str
    about: str = ""
    parameters: tuple[Json, ...] = ()
    body: Json | None = None
    media_type: str = JSON
    errors: dict[int, str] = field(default_factory=dict)
    needs_token: bool = False


_BAD = {400: "A parameter is not as described; `detail` names it and says what is allowed."}
_REFUSED = {401: "No token was sent, or it is unknown, expired or revoked."}
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A personal token, made on the page of one's account.",
}
_UNKNOWN = {404: "There is no such vocabulary or resource here."}

OPERATIONS = (
    Operation("", "get", "showApi", "Where the API begins", "Info"),
    Operation(
        "/account",
        "get",
        "getAccount",
        "Whose token this is",
        "Account",
        "The account, its roles, and the permissions that the token lets through.",
        needs_token=True,
    ),
    Operation(
        "/changes",
        "get",
        "listChanges",
        "The change log",
        "ChangeList",
        "What changed in the vocabularies, oldest first, for those who keep copies. Who accepts"
        " `application/atom+xml` or `application/activity+json` is led to the feed.",
        (
            _query(
                "since",
                "The number of the last change that is known, or a time (RFC 3339).",
                {"anyOf": _NUMBER_OR_TIME, "default": 0},
            ),
            _query(
                "until",
                "The number of the last change that is wanted, or a time; a day to its end.",
                {"anyOf": _NUMBER_OR_TIME},
            ),
            VOCABULARY,
            *WINDOW,
        ),
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/concepts",
        "get",
        "getConcept",
        "Everything about one concept",
        "Concept",
        "All labels by language, notes, relations, mappings, and the ways from the top.",
        (IRI, LANG, VOCABULARY),
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/concepts/changes",
        "get",
        "listConceptChanges",
        "New, changed and deprecated concepts",
        "ConceptChangeList",
        "Newest first, by the dates of the data (`dct:created`, `dct:issued`, `dct:modified`), else"
        " by when we took the change in. Concepts that came undated with the first import are one"
        " item of the kind `imported`, whose `iri` is that of the vocabulary's graph.",
        (
            _query("since", "The first day or month, or a time.", {"anyOf": _DATES}),
            _query("until", "The last day or month, or a time.", {"anyOf": _DATES}),
            _query(
                "kind",
                "Kinds of change, with commas between or each on its own; all when left out.",
                {"type": "array", "items": {"type": "string", "enum": list(ChangeKind)}},
                ["new"],
            ),
            LANG,
            VOCABULARY,
            *WINDOW,
        ),
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/concepts/narrower",
        "get",
        "listNarrower",
        "The concepts right under one",
        "ConceptList",
        "In alphabetical order; of a collection its members. Deprecated ones are left out.",
        (IRI, LANG, VOCABULARY, *WINDOW),
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/context.jsonld",
        "get",
        "getContext",
        "The JSON-LD context of all answers",
        "Context",
        media_type="application/ld+json",
    ),
    Operation(
        "/resolve",
        "post",
        "resolve",
        "What became of identifiers",
        "ResolvedList",
        "For each IRI: current, replaced (by one concept), split (into several), deprecated"
        " (with nothing in its place), withdrawn, or unknown. Chains of replacements are followed"
        " to their end.",
        (LANG,),
        body={
            "type": "object",
            "required": ["iris"],
            "properties": {
                "iris": {
                    "type": "array",
                    "maxItems": MOST_RESOLVED,
                    "items": {"type": "string"},
                    "examples": [[_EXAMPLE]],
                }
            },
        },
        errors=_BAD | {413: "The body is too large.", 415: "The body is no JSON."},
    ),
    Operation(
        "/search",
        "get",
        "search",
        "Concepts by what people type",
        "MatchList",
        "Best first: the whole name, its beginning, the beginning of a word, inside a word,"
        " misspelt; then preferred before alternative before hidden labels; then short before"
        " long. `total` is exact unless `more` is true: then there are at least so many.",
        (
            _query("q", "What is searched for.", _TEXT, "environment", required=True),
            LANG,
            _SEARCH_LANG,
            VOCABULARY,
            *_BELOW,
            _DEPRECATED,
            *WINDOW,
        ),
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/suggestions",
        "get",
        "suggest",
        "What a browser offers while one types",
        "Suggestions",
        "OpenSearch Suggestions 1.1: what was typed, names, ways from the top, addresses.",
        (
            _query("q", "What was typed so far.", {"type": "string"}, "env"),
            LANG,
            _SEARCH_LANG,
            VOCABULARY,
            *_BELOW,
            _DEPRECATED,
            _query("limit", "How many at most.", _whole(1, MOST_SUGGESTIONS, SUGGESTIONS)),
        ),
        media_type="application/x-suggestions+json",
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/vocabularies",
        "get",
        "listVocabularies",
        "All vocabularies",
        "VocabularyList",
        parameters=(LANG, *WINDOW),
        errors=_BAD,
    ),
    Operation(
        "/vocabularies/{id}",
        "get",
        "getVocabulary",
        "One vocabulary",
        "Vocabulary",
        parameters=(IDENTIFIER, LANG),
        errors=_BAD | _UNKNOWN,
    ),
    Operation(
        "/vocabularies/{id}/top",
        "get",
        "listTopConcepts",
        "The concepts at the top of a vocabulary",
        "ConceptList",
        parameters=(IDENTIFIER, LANG, *WINDOW),
        errors=_BAD | _UNKNOWN,
    ),
)


def describe(base: str) -> Json:
    """The whole description, for the server at an address."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/api/v1{operation.path}", {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "vocab-server",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"token": TOKEN}},
    }


def _operation(found: Operation) -> Json:
    answer = {"description": found.summary, "content": _content(found.media_type, found.answer)}
    refused = _REFUSED if found.needs_token else {}
    errors = {str(status): _error(about) for status, about in (found.errors | refused).items()}
    more: Json = {"description": found.about} if found.about else {}
    if found.needs_token:
        more["security"] = [{"token": []}]
    if found.parameters:
        more["parameters"] = list(found.parameters)
    if found.body:
        more["requestBody"] = {"required": True, "content": {JSON: {"schema": found.body}}}
    return {
        "operationId": found.name,
        "summary": found.summary,
        "responses": {"200": answer, **errors, "503": _error("Nothing is published yet.")},
        **more,
    }


def _error(about: str) -> Json:
    return {"description": about, "content": _content(PROBLEM, "Problem")}


def _content(media_type: str, schema: str) -> Json:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
