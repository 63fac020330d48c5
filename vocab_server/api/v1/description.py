"""The description of the REST API (OpenAPI 3.1): one row in OPERATIONS for each call."""

from vocab_server.__version__ import __version__
from vocab_server.api.bodies import JSON
from vocab_server.api.parameters import LONGEST
from vocab_server.api.v1.calls import (
    BAD,
    IDENTIFIER,
    LANG,
    LANGUAGE_TAG,
    LETTER,
    REFUSED,
    TOKEN,
    UNKNOWN,
    WINDOW,
    Json,
    Operation,
    iri_query,
    query,
    whole,
)
from vocab_server.api.v1.dataset_calls import DATASET_OPERATIONS
from vocab_server.api.v1.draft_calls import DRAFT_OPERATIONS
from vocab_server.api.v1.entry_calls import ENTRY_OPERATIONS
from vocab_server.api.v1.past_calls import PAST_OPERATIONS
from vocab_server.api.v1.proposal_calls import PROPOSAL_OPERATIONS
from vocab_server.api.v1.resolve import MOST as MOST_RESOLVED
from vocab_server.api.v1.schemas import SCHEMAS
from vocab_server.api.v1.score_calls import SCORE_OPERATIONS
from vocab_server.api.v1.search import MOST_SUGGESTIONS, PLACES, SUGGESTIONS
from vocab_server.api.v1.spreadsheet_calls import SPREADSHEET_OPERATIONS
from vocab_server.api.v1.suggest_calls import SUGGEST
from vocab_server.api.v1.validate_call import VALIDATE, VALIDATE_BY_SHAPES
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


_EXAMPLE = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
VOCABULARY = query(
    "vocabulary",
    "Ids of vocabularies, with commas between or each on its own; all when left out.",
    {"type": "array", "items": {"type": "string"}},
    ["data-theme"],
)
IRI = iri_query("iri", "The IRI of a concept.", _EXAMPLE, required=True)
SCHEME = iri_query(
    "scheme",
    "The IRI of one of its concept schemes; all when left out.",
    "http://publications.europa.eu/resource/authority/data-theme",
)
_BELOW = (
    iri_query("under", "Only concepts that lie under this one, at any depth.", _EXAMPLE),
    iri_query("group", "Only members of this collection.", "https://example.org/collection"),
    iri_query(
        "type", "Only concepts of this class.", "http://www.w3.org/2004/02/skos/core#Concept"
    ),
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
_SEARCH_LANG = query(
    "searchLang", "Only names in this language and its variants match.", LANGUAGE_TAG, "en"
)
_IN = query(
    "in",
    "Where is searched: in names, or in definitions and notes too, which come after all names.",
    {"type": "string", "enum": list(PLACES), "default": PLACES[0]},
)
_DEPRECATED = query(
    "deprecated",
    "Whether deprecated concepts are found too.",
    {"type": "boolean", "default": False},
)


TEXT = {"type": "string"}

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
            query(
                "since",
                "The number of the last change that is known, or a time (RFC 3339).",
                {"anyOf": _NUMBER_OR_TIME, "default": 0},
            ),
            query(
                "until",
                "The number of the last change that is wanted, or a time; a day to its end.",
                {"anyOf": _NUMBER_OR_TIME},
            ),
            VOCABULARY,
            *WINDOW,
        ),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/concepts",
        "get",
        "getConcept",
        "Everything about one concept",
        "Concept",
        "All labels by language, notes, relations, mappings, and the ways from the top.",
        (IRI, LANG, VOCABULARY),
        errors=BAD | UNKNOWN,
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
            query("since", "The first day or month, or a time.", {"anyOf": _DATES}),
            query("until", "The last day or month, or a time.", {"anyOf": _DATES}),
            query(
                "kind",
                "Kinds of change, with commas between or each on its own; all when left out.",
                {"type": "array", "items": {"type": "string", "enum": list(ChangeKind)}},
                ["new"],
            ),
            LANG,
            VOCABULARY,
            *WINDOW,
        ),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/concepts/narrower",
        "get",
        "listNarrower",
        "The concepts right under one",
        "ConceptList",
        "In alphabetical order, or by notation in a classification; of a collection its members,"
        " in their own order if it has one. Deprecated ones are left out.",
        (IRI, LANG, VOCABULARY, *WINDOW),
        errors=BAD | UNKNOWN,
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
        errors=BAD | {413: "The body is too large.", 415: "The body is no JSON."},
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
            query("q", "What is searched for.", _TEXT, "environment", required=True),
            LANG,
            _SEARCH_LANG,
            VOCABULARY,
            *_BELOW,
            _IN,
            _DEPRECATED,
            *WINDOW,
        ),
        errors=BAD | UNKNOWN,
    ),
    SUGGEST,
    Operation(
        "/suggestions",
        "get",
        "suggest",
        "What a browser offers while one types",
        "Suggestions",
        "OpenSearch Suggestions 1.1: what was typed, names, ways from the top, addresses.",
        (
            query("q", "What was typed so far.", {"type": "string"}, "env"),
            LANG,
            _SEARCH_LANG,
            VOCABULARY,
            *_BELOW,
            _DEPRECATED,
            query("limit", "How many at most.", whole(1, MOST_SUGGESTIONS, SUGGESTIONS)),
        ),
        media_type="application/x-suggestions+json",
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/vocabularies",
        "get",
        "listVocabularies",
        "All vocabularies",
        "VocabularyList",
        parameters=(LANG, *WINDOW),
        errors=BAD,
    ),
    Operation(
        "/vocabularies/{id}",
        "get",
        "getVocabulary",
        "One vocabulary",
        "Vocabulary",
        parameters=(IDENTIFIER, LANG),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/vocabularies/{id}/circles",
        "get",
        "listCircles",
        "The concepts that are above themselves",
        "CircleList",
        "Circle by circle, each in its own order, from a concept to what is above it. `total`,"
        " `limit` and `offset` count concepts.",
        parameters=(IDENTIFIER, LANG, *WINDOW),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/vocabularies/{id}/groups",
        "get",
        "listGroups",
        "The groups of a vocabulary",
        "GroupList",
        "Collections and thesaurus arrays that are in no other, with those in them.",
        parameters=(IDENTIFIER, LANG, *WINDOW),
        errors=BAD | UNKNOWN,
    ),
    *(
        Operation(
            f"/vocabularies/{{id}}/index{path}",
            "get",
            name,
            "The alphabetical index of a vocabulary",
            "NameList",
            f"{about} `letters` are all that have names in the language, in its order.",
            parameters=(IDENTIFIER, *letter, LANG, *WINDOW),
            errors=BAD | UNKNOWN,
        )
        for path, name, about, letter in (
            ("", "listFirstNames", "The names under the first letter.", ()),
            ("/{letter}", "listNames", "The names under one letter.", (LETTER,)),
        )
    ),
    Operation(
        "/vocabularies/{id}/orphans",
        "get",
        "listOrphans",
        "The concepts without a place in the hierarchy",
        "ConceptList",
        "Nothing is above them, and no scheme has them at its top. None where no scheme says what"
        " is at its top.",
        parameters=(IDENTIFIER, LANG, *WINDOW),
        errors=BAD | UNKNOWN,
    ),
    Operation(
        "/vocabularies/{id}/top",
        "get",
        "listTopConcepts",
        "The concepts at the top of a vocabulary",
        "ConceptList",
        "Of all its schemes, or of one.",
        parameters=(IDENTIFIER, SCHEME, LANG, *WINDOW),
        errors=BAD | UNKNOWN,
    ),
    *DATASET_OPERATIONS,
    *DRAFT_OPERATIONS,
    *ENTRY_OPERATIONS,
    *PROPOSAL_OPERATIONS,
    *PAST_OPERATIONS,
    *SCORE_OPERATIONS,
    *SPREADSHEET_OPERATIONS,
    VALIDATE,
    VALIDATE_BY_SHAPES,
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
    content = _content(found.media_type, found.answer)
    answers = {found.status: found.summary} | found.also
    refused = REFUSED if found.needs_token else {}
    errors = {str(status): _error(about) for status, about in (found.errors | refused).items()}
    more: Json = {"description": found.about} if found.about else {}
    if found.needs_token:
        more["security"] = [{"token": []}]
    if found.parameters:
        more["parameters"] = list(found.parameters)
    if found.body:
        more["requestBody"] = _body(found)
    return {
        "operationId": found.name,
        "summary": found.summary,
        "responses": {
            **{str(status): _answer(about, content) for status, about in answers.items()},
            **errors,
            "503": _error("Nothing is published yet."),
        },
        **more,
    }


def _answer(about: str, content: Json) -> Json:
    return {"description": about, "content": content}


def _body(found: Operation) -> Json:
    content = {name: {"schema": found.body if name == JSON else TEXT} for name in found.body_types}
    return {"required": found.is_body_needed, "content": content}


def _error(about: str) -> Json:
    return {"description": about, "content": _content(PROBLEM, "Problem")}


def _content(media_type: str, schema: str) -> Json:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
