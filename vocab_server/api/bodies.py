"""What callers send: JSON within bounds, refused with a reason when it is none."""

import json
from typing import Any

from flask import request

from vocab_server.errors import InvalidError, TooLargeError, UnknownFormatError
from vocab_server.rdf.json_ld import is_too_deep

LARGEST = 4 * 1024 * 1024  # bytes
JSON = "application/json"


def json_body() -> Any:
    """The JSON that a request holds.

    Raises UnknownFormatError for another media type, and InvalidError for what is no JSON.
    """
    if request.mimetype != JSON and not request.mimetype.endswith("+json"):
        raise UnknownFormatError(f"Send the body as {JSON}.")
    if (request.content_length or 0) > LARGEST:
        raise TooLargeError(f"The body must not be larger than {LARGEST} bytes.")
    return read_json(_body())


def text_body(media_type: str) -> str:
    """The text in UTF-8 that a request holds.

    Raises UnknownFormatError for another media type, TooLargeError, and InvalidError for what is
    no UTF-8.
    """
    if request.mimetype != media_type:
        raise UnknownFormatError(f"Send the body as {media_type}.")
    return _decoded(_body())


def _body() -> bytes:
    data = request.get_data()
    if len(data) > LARGEST:
        raise TooLargeError(f"The body must not be larger than {LARGEST} bytes.")
    return data


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InvalidError(f"The body is not in UTF-8: {error}.") from error


def object_body(*fields: str) -> dict[str, Any]:
    """The JSON object that a request holds, {} when it has no body.

    Raises as ``json_body`` does, and InvalidError for a field that is none of these.
    """
    content = json_body() if _body() else {}
    if not isinstance(content, dict):
        raise InvalidError(f"Send an object with: {', '.join(fields)}.")
    for name in content:
        if name not in fields:
            raise InvalidError(f"There is no field {name[:50]!r}. Use: {', '.join(fields)}.")
    return content


def text_field(content: dict[str, Any], name: str) -> str:
    """A text in a JSON object, "" when it is not there. Raises InvalidError.

    A part of a character and the sign U+0000 are refused, because no database keeps them.
    """
    found = content.get(name, "")
    if not isinstance(found, str):
        raise InvalidError(f"The field {name} must be a text.")
    if "\0" in found or any("\ud800" <= sign <= "\udfff" for sign in found):
        raise InvalidError(f"The field {name} holds a character that cannot be kept.")
    return found


def read_json(data: bytes | str) -> Any:
    """JSON text as values. Raises InvalidError."""
    encoded = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if is_too_deep(encoded):
        raise InvalidError("The JSON has too many objects and lists inside each other.")
    try:
        return json.loads(encoded)
    except ValueError as error:
        raise InvalidError(f"This is no JSON: {error}.") from error
