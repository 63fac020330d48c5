"""The description of the calls about scores (OpenAPI 3.1): one row in SCORE_OPERATIONS each."""

from vocab_server.api.v1.calls import BAD, LANG, WINDOW, Json, Operation, iri_query, query
from vocab_server.api.v1.dataset_calls import ID
from vocab_server.api.v1.schema_parts import (
    CONTEXT,
    IRI,
    TAG,
    TEXT,
    WHOLE,
    array_of,
    choice_of,
    list_of,
    object_of,
)
from vocab_server.database.scores import Kind
from vocab_server.quality.mqa import GRADES
from vocab_server.quality.score_sums import COLUMNS

_NUMBER: Json = {"type": "number", "minimum": 0}
_METRIC: Json = {
    "id": choice_of(*(column.id for column in COLUMNS)),
    "score": choice_of("mqa", "tagQuality"),
    "possible": WHOLE,
}
_GRADE = choice_of(*(grade.id for grade in GRADES))
_PLACE: Json = {"iri": IRI, "kind": choice_of(*Kind), "datasets": WHOLE}
_MEANS: Json = {"mqa": _NUMBER, "grade": _GRADE, "tagQuality": _NUMBER}
_NAME: Json = {"id": TEXT, "prefLabel": TEXT, "lang": TAG}
_DAY: Json = {"type": "string", "format": "date"}
NO_PLACE = {404: "There is no such catalog or publisher here."}
SCORE_OPERATIONS = (
    Operation(
        "/datasets/{dataset}/score",
        "get",
        "getDatasetScore",
        "The scores of a dataset",
        "DatasetScore",
        "Points of MQA, the method of the EU, and of our tag quality, metric by metric. What nobody"
        " looked at yet has no `points`; `unchecked` is how many are possible there.",
        (ID,),
        errors=BAD | {404: "There is no such dataset here, or it is not passed on and not scored."},
    ),
    Operation(
        "/scores",
        "get",
        "listScores",
        "The scores of catalogs or publishers",
        "ScoreList",
        "Means of their datasets, as they were last worked out in the background.",
        (
            query(
                "kind",
                "Whose scores.",
                {"type": "string", "enum": list(Kind), "default": Kind.CATALOG},
                "catalog",
            ),
            LANG,
            *WINDOW,
        ),
        errors=BAD,
    ),
    Operation(
        "/scores/metrics",
        "get",
        "listScoreMetrics",
        "What is measured",
        "ScoreMetricList",
        "The metrics of MQA and the parts of our tag quality, with their points.",
        (LANG,),
        errors=BAD,
    ),
    Operation(
        "/scores/place",
        "get",
        "getScore",
        "The scores of one catalog or publisher",
        "Score",
        "By metric, what to do first, and how they went over time. Without `mqa` and the others"
        " until they have been worked out for the first time.",
        (
            iri_query(
                "iri",
                "The address of a catalog here, or the IRI of a publisher.",
                "https://data.ekebro.example/organisation",
                required=True,
            ),
            LANG,
        ),
        errors=BAD | NO_PLACE,
    ),
)
SCORE_SCHEMAS: Json = {
    "DatasetScore": object_of(
        {
            "@context": CONTEXT,
            "iri": IRI,
            "mqa": WHOLE,
            "grade": _GRADE,
            "tagQuality": WHOLE,
            "unchecked": WHOLE,
            "metrics": array_of(object_of(_METRIC, {"points": _NUMBER})),
        }
    ),
    "ScoreList": list_of("ScoreItem"),
    "ScoreItem": object_of(_PLACE | _MEANS, _NAME),
    "ScoreMetricList": list_of("ScoreMetric"),
    "ScoreMetric": object_of(
        _METRIC | {"title": TEXT, "description": TEXT, "remedy": TEXT, "source": TEXT}
    ),
    "Score": object_of(
        {
            "@context": CONTEXT,
            **_PLACE,
            "metrics": array_of(
                object_of(_METRIC | {"lacking": WHOLE, "unchecked": WHOLE}, {"points": _NUMBER})
            ),
            "firstToDo": array_of(
                object_of({"metric": _METRIC["id"], "datasets": WHOLE, "points": _NUMBER})
            ),
            "history": array_of(
                object_of({"since": _DAY, "mqa": _NUMBER, "tagQuality": _NUMBER, "datasets": WHOLE})
            ),
        },
        _MEANS | _NAME,
    ),
}
