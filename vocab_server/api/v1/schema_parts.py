"""What the schemas of the REST API are made of (JSON Schema 2020-12)."""

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer", "minimum": 0}
YES: Json = {"type": "boolean"}
IRI: Json = {"type": "string", "description": "An IRI."}
TAG: Json = {"type": "string", "description": "A language tag (BCP 47)."}
CONTEXT: Json = {"type": "string", "format": "uri", "description": "What the keys mean."}
TIME: Json = {"type": "string", "format": "date-time"}
MAP: Json = {
    "type": "object",
    "description": "Texts by language tag; @none for those without a language.",
    "additionalProperties": {"type": "array", "items": TEXT},
}


def object_of(required: Json, optional: Json | None = None) -> Json:
    """An object that has these keys, may have those, and has no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def array_of(schema: Json) -> Json:
    """A list of such."""
    return {"type": "array", "items": schema}


def list_of(name: str, **more: Json) -> Json:
    """A part of a list, as all lists of the API are."""
    items = array_of({"$ref": f"#/components/schemas/{name}"})
    return object_of({"@context": CONTEXT, "items": items, "total": WHOLE, **more})


def choice_of(*values: str) -> Json:
    """One of several words."""
    return {"type": "string", "enum": list(values)}


LINK = object_of({"iri": IRI}, {"prefLabel": TEXT, "lang": TAG})
VALUE = {"type": "object", "description": "A value as JSON-LD writes it."}
