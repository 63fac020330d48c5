"""What callers of the interfaces may say in the address; what is wrong is refused by name."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request
from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.store.embedded import can_hold

LIMIT = 20  # items of a list unless more are asked for
MOST = 1_000  # items of a list
LARGEST_OFFSET = 1_000_000_000
LONGEST = 400  # characters of a text to search for
LONGEST_IRI = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted."""

    limit: int
    offset: int


def window(limit: int = LIMIT, most: int = MOST) -> Window:
    """The part of a list that ``limit`` and ``offset`` ask for. Raises InvalidError."""
    return Window(number("limit", limit, 1, most), number("offset", 0, 0, LARGEST_OFFSET))


def number(name: str, otherwise: int, least: int, most: int) -> int:
    """A whole number within bounds. Raises InvalidError."""
    text = request.args.get(name)
    if text is None:
        return otherwise
    if text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most:
        return int(text)
    raise InvalidError(f"The parameter {name} must be a whole number from {least} to {most}.")


def flag(name: str) -> bool:
    """A yes or no, no unless said. Raises InvalidError."""
    return choice(name, ("true", "false"), "false") == "true"


def choice(name: str, choices: Collection[str], otherwise: str) -> str:
    """One of several words. Raises InvalidError."""
    chosen = request.args.get(name, otherwise)
    if chosen not in choices:
        raise InvalidError(f"The parameter {name} must be one of: {', '.join(sorted(choices))}.")
    return chosen


def text(name: str, longest: int = LONGEST) -> str:
    """A text that must be there. Raises InvalidError."""
    found = request.args.get(name, "").strip()
    if not found or len(found) > longest:
        raise InvalidError(f"The parameter {name} must be a text of 1 to {longest} characters.")
    return found


def iri(name: str) -> URIRef:
    """An IRI that must be there. Raises InvalidError."""
    found = find_iri(name)
    if found is None:
        raise InvalidError(
            f"The parameter {name} must be the IRI of a resource, with special signs encoded."
        )
    return found


def find_iri(name: str) -> URIRef | None:
    """An IRI, or None when there is none. Raises InvalidError for what is no IRI."""
    found = request.args.get(name)
    if found is None:
        return None
    if len(found) > LONGEST_IRI or not can_hold(found):
        raise InvalidError(
            f"The parameter {name} must be the IRI of a resource, with special signs encoded."
        )
    return URIRef(found)


def content_tag() -> None:
    """Refuse a ``lang`` that is no language tag (RFC 5646, 2.1). Raises InvalidError."""
    tag = request.args.get("lang", "")
    if tag and not is_tag(tag):
        raise InvalidError("The parameter lang must be a language tag, for example en or pt-BR.")


def is_tag(tag: str) -> bool:
    """Whether a text has the form of a language tag."""
    parts = tag.split("-")
    return (
        tag.isascii()
        and len(tag) <= 35
        and all(part.isalnum() and len(part) <= 8 for part in parts)
        and parts[0].isalpha()
    )
