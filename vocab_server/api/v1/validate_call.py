"""The description of the call that checks a vocabulary (OpenAPI 3.1), and of what it answers."""

from vocab_server.api.v1.calls import LANG, Json, Operation, query
from vocab_server.api.v1.schema_parts import IRI, TEXT, WHOLE, array_of, choice_of, object_of
from vocab_server.catalog.profiles import PROFILES
from vocab_server.quality.check import Severity
from vocab_server.quality.checks import ALL_CHECKS
from vocab_server.quality.uploads import LARGEST, MOST
from vocab_server.rdf.formats import FORMATS

_CHECK = choice_of(*(check.id for check in ALL_CHECKS))

VALIDATE_SCHEMAS: Json = {
    "Finding": object_of(
        {
            "id": {**TEXT, "description": "The same for the same fault in the same place."},
            "check": _CHECK,
            "severity": choice_of(*Severity),
            "focus": IRI,
            "path": {**IRI, "description": "The property concerned."},
            "value": {"type": ["string", "null"]},
            "message": {**TEXT, "description": "What is wrong, and what to do."},
            "source": {**TEXT, "description": "Where the rule comes from."},
        }
    ),
    "Findings": object_of(
        {
            "findings": {
                **array_of({"$ref": "#/components/schemas/Finding"}),
                "description": f"The first {MOST}, the gravest first.",
            },
            "failures": array_of(object_of({"check": _CHECK, "failure": TEXT})),
            "counts": object_of({severity.value: WHOLE for severity in Severity}),
            "total": WHOLE,
        }
    ),
    "ShapeFindings": object_of(
        {
            "findings": {
                **array_of(
                    object_of(
                        {
                            "check": {**TEXT, "description": "The shape that is broken."},
                            "severity": TEXT,
                            "focus": TEXT,
                            "path": {"type": ["string", "null"]},
                            "value": {"type": ["string", "null"]},
                            "message": TEXT,
                            "source": {**TEXT, "description": "The component of SHACL."},
                        }
                    )
                ),
                "description": f"The first {MOST}, in the order of nodes.",
            },
            "counts": object_of({severity.value: WHOLE for severity in Severity}),
            "total": WHOLE,
        }
    ),
}
_FILE: Json = {"type": "string", "format": "binary"}

VALIDATE = Operation(
    "/validate",
    "post",
    "validate",
    "What is wrong with a vocabulary or a catalog",
    "Findings",
    "RDF of any format in, findings out; nothing is kept. Who accepts `text/turtle` gets a SHACL"
    f" validation report. At most {LARGEST} bytes.",
    (
        query(
            "format",
            "The format, where the media type does not tell it.",
            {"type": "string", "enum": [form.extension for form in FORMATS]},
        ),
        query(
            "profile",
            "The profile of DCAT to check a catalog by; vocabularies are checked without.",
            {"type": "string", "enum": list(PROFILES)},
        ),
        LANG,
    ),
    body={"type": "string"},
    body_types=tuple(form.media_type for form in FORMATS),
    errors={
        400: "It cannot be read as RDF, or there is nothing of SKOS, with a profile of DCAT, in it;"
        " `detail` says where.",
        406: "There is neither JSON nor Turtle in what is accepted.",
        413: "It is too large, or takes too long to read.",
        415: "It is of another format.",
    },
)

VALIDATE_BY_SHAPES = Operation(
    "/validate/shapes",
    "post",
    "validateByShapes",
    "What breaks your own shapes",
    "ShapeFindings",
    "RDF of any format and shapes (SHACL) in, results out; nothing is kept. Both are files of a"
    f" form, of at most {LARGEST} bytes each.",
    body={
        "type": "object",
        "properties": {"data": _FILE, "shapes": _FILE},
        "required": ["data", "shapes"],
    },
    body_types=("multipart/form-data",),
    errors={
        400: "One of the two cannot be read as RDF, or the shapes are not well-formed.",
        413: "It is too large, or takes too long to read.",
        415: "It is of another format.",
    },
)
