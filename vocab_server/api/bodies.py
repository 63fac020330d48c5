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
    return read_json(request.get_data())


def read_json(data: bytes | str) -> Any:
    """JSON text as values. Raises InvalidError."""
    encoded = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if is_too_deep(encoded):
        raise InvalidError("The JSON has too many objects and lists inside each other.")
    try:
        return json.loads(encoded)
    except ValueError as error:
        raise InvalidError(f"This is no JSON: {error}.") from error
