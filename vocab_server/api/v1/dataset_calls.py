"""The description of the calls about datasets (OpenAPI 3.1): one row in DATASET_OPERATIONS each."""

from vocab_server.api.v1.calls import BAD, LANG, WINDOW, Json, Operation, in_path, iri_query, query
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    LINK,
    MAP,
    TAG,
    TEXT,
    TIME,
    array_of,
    choice_of,
    list_of,
    object_of,
)
from vocab_server.search.dataset_documents import FACETS
from vocab_server.skos.resolving import Status
from vocab_server.tagging.tags import Origin

NOT_THERE = {404: "There is no such dataset or concept here."}
FORBIDDEN = {403: "This account may not tag the datasets of this catalog."}
DEPRECATED = {422: "The concept is no longer used; `detail` names what stands in its place."}
ID = in_path(
    "dataset", "The id of a dataset.", {"type": "string", "minLength": 1}, "23935699e487d5f7"
)
CONCEPT = iri_query(
    "concept",
    "The IRI of a concept.",
    "http://publications.europa.eu/resource/authority/data-theme/ENVI",
    required=True,
)
CONCEPTS = query(
    "concept",
    "Only datasets with all of these concepts or ones below them, each parameter on its own.",
    {"type": "array", "items": {"type": "string"}, "maxItems": 10},
)
NARROWER = query(
    "includeNarrower",
    "Whether what is tagged with narrower concepts is found too.",
    {"type": "string", "enum": ["true", "false"], "default": "true"},
)
DATASET_OPERATIONS = (
    Operation(
        "/datasets",
        "get",
        "listDatasets",
        "Datasets by concept, text and more",
        "DatasetList",
        "Best match first, or newest first without `q`.",
        (
            CONCEPTS,
            NARROWER,
            query("q", "Words that are searched for.", TEXT, "water"),
            query("catalog", "The id of a catalog.", TEXT),
            *(query(name, f"Only with this {name}.", TEXT) for name in FACETS),
            LANG,
            *WINDOW,
        ),
        errors=BAD | NOT_THERE,
    ),
    Operation(
        "/datasets/{dataset}",
        "get",
        "getDataset",
        "One dataset with its tags",
        "Dataset",
        parameters=(ID, LANG),
        errors=BAD | NOT_THERE,
    ),
    Operation(
        "/datasets/{dataset}/tags",
        "put",
        "tagDataset",
        "The dataset has the tag already",
        "Tagged",
        "A concept that was merged into another gives that one.",
        (ID, CONCEPT, LANG),
        also={201: "The dataset has the tag now."},
        errors=BAD | NOT_THERE | FORBIDDEN | DEPRECATED,
        needs_token=True,
    ),
    Operation(
        "/datasets/{dataset}/tags",
        "delete",
        "untagDataset",
        "The dataset does not have the tag",
        "Tagged",
        parameters=(ID, CONCEPT),
        errors=BAD | NOT_THERE | FORBIDDEN,
        needs_token=True,
    ),
)
DATASET_SCHEMAS: Json = {
    "DatasetList": list_of("DatasetItem"),
    "DatasetItem": object_of(
        {
            "id": TEXT,
            "iri": IRI,
            "title": TEXT,
            "lang": TEXT,
            "publisher": array_of(LINK),
            "catalog": array_of(TEXT),
            "tags": array_of(LINK),
            "format": array_of(TEXT),
            "license": array_of(TEXT),
        },
        {"modified": TEXT},
    ),
    "Dataset": object_of(
        {
            "@context": CONTEXT,
            "id": TEXT,
            "iri": IRI,
            "title": MAP,
            "description": MAP,
            "keyword": MAP,
            "publisher": array_of(LINK),
            "catalog": array_of(TEXT),
            "theme": array_of(IRI),
            "format": array_of(TEXT),
            "license": array_of(TEXT),
            "distribution": array_of(
                object_of({"iri": IRI, "accessURL": array_of(TEXT), "format": array_of(TEXT)})
            ),
            "tags": array_of(
                object_of(
                    {"iri": IRI, "origin": choice_of(*Origin), "status": choice_of(*Status)},
                    {
                        "prefLabel": TEXT,
                        "lang": TAG,
                        "stated": IRI,
                        "isReplacedBy": array_of(LINK),
                        "created": TIME,
                    },
                )
            ),
        }
    ),
    "Tagged": object_of({"@context": CONTEXT, "iri": IRI}, {"prefLabel": TEXT, "lang": TAG}),
}
