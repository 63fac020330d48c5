"""What clients of the Reconciliation Service API send, checked (versions 0.2 and 1.0-draft)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rdflib import URIRef

from vocab_server.api.parameters import LONGEST, is_tag
from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.rdf.namespaces import SKOS
from vocab_server.search.reconciling import CANDIDATES, MOST, Query

BATCH = 50  # queries in one request, as the manifest says
IDS = 1_000  # concepts in one request for values
PROPERTIES = 50  # of a query or of a request for values
_MEMBERS = {"query", "type", "limit", "properties", "type_strict"}
_DRAFT_MEMBERS = {"type", "limit", "lang", "dir", "conditions"}
_STRICT = ("any", "should", "all")
_MATCH_TYPES = ("name", "id", "property")

Named = Callable[[str], URIRef]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the values of one property are wanted; a ``limit`` of 0 is none."""

    limit: int = 0
    language: str = ""


def read_batch(content: Any, named: Named) -> dict[str, Query]:
    """The queries by the keys that the client gave them (0.2). Raises InvalidError."""
    if not isinstance(content, dict):
        raise InvalidError('The parameter queries must be an object: {"q0": {"query": "..."}}.')
    _check_size(len(content))
    return {str(key): _query(f"The query {key}", asked, named) for key, asked in content.items()}


def read_draft_batch(content: Any, named: Named) -> list[Query]:
    """The queries in their order (1.0-draft). Raises InvalidError."""
    asked = content.get("queries") if isinstance(content, dict) else None
    if not isinstance(asked, list):
        raise InvalidError('Send an object with a list of queries: {"queries": [...]}.')
    _check_size(len(asked))
    return [_draft_query(f"The query {place}", one, named) for place, one in enumerate(asked)]


def read_extension(content: Any) -> tuple[list[str], list[tuple[str, Settings]]]:
    """The concepts, and the properties that are asked of them. Raises InvalidError."""
    ids = content.get("ids") if isinstance(content, dict) else None
    wanted = content.get("properties") if isinstance(content, dict) else None
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise InvalidError("A request for values needs ids, a list of identifiers.")
    if not isinstance(wanted, list):
        raise InvalidError("A request for values needs properties, a list of objects with an id.")
    if len(ids) > IDS or len(wanted) > PROPERTIES:
        raise TooLargeError(f"Ask for at most {IDS} ids and {PROPERTIES} properties at a time.")
    return ids, [_setting(one) for one in wanted]


def _check_size(found: int) -> None:
    if found > BATCH:
        raise TooLargeError(f"Send at most {BATCH} queries at a time.")


def _query(which: str, asked: Any, named: Named) -> Query:
    if not isinstance(asked, dict) or set(asked) - _MEMBERS:
        raise InvalidError(f"{which} must be an object of: {', '.join(sorted(_MEMBERS))}.")
    text, properties = asked.get("query", ""), asked.get("properties", [])
    if not isinstance(text, str) or not isinstance(properties, list):
        raise InvalidError(f"{which} needs a text as query, or a list as properties.")
    if "query" not in asked and not properties:
        raise InvalidError(f"{which} needs a query or properties.")
    strict = asked.get("type_strict", "any")
    if strict not in _STRICT:
        raise InvalidError(f"{which}: type_strict must be one of: {', '.join(_STRICT)}.")
    return Query(
        text=text.strip()[:LONGEST],
        limit=_limit(which, asked),
        types=_types(which, asked.get("type", [])),
        type_strict=strict,
        properties=tuple(_condition(which, p, "pid", "v", named) for p in properties[:PROPERTIES]),
    )


def _draft_query(which: str, asked: Any, named: Named) -> Query:
    if not isinstance(asked, dict) or set(asked) - _DRAFT_MEMBERS:
        raise InvalidError(f"{which} must be an object of: {', '.join(sorted(_DRAFT_MEMBERS))}.")
    conditions = asked.get("conditions")
    if not isinstance(conditions, list) or not conditions:
        raise InvalidError(f"{which} needs conditions, a list that is not empty.")
    for condition in conditions:
        if not isinstance(condition, dict) or condition.get("matchType") not in _MATCH_TYPES:
            raise InvalidError(f"{which}: matchType must be one of: {', '.join(_MATCH_TYPES)}.")
    if not isinstance(asked.get("type", ""), str):
        raise InvalidError(f"{which}: type must be one identifier.")
    texts = [
        text
        for c in conditions
        if c["matchType"] != "property"
        for text in _values(which, c.get("propertyValue"))
    ]
    rest = [c for c in conditions if c["matchType"] == "property"]
    return Query(
        text=texts[0].strip()[:LONGEST] if texts else "",
        limit=_limit(which, asked),
        types=_types(which, asked.get("type", [])),
        properties=tuple(
            _condition(which, c, "propertyId", "propertyValue", named) for c in rest[:PROPERTIES]
        ),
    )


def _limit(which: str, asked: dict[str, Any]) -> int:
    limit = asked.get("limit", CANDIDATES)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise InvalidError(f"{which}: limit must be a number from 1 on.")
    return int(min(limit, MOST))


def _types(which: str, found: Any) -> tuple[URIRef, ...]:
    """The types to look for; that it is a concept goes without saying."""
    types = [found] if isinstance(found, str) else found
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise InvalidError(f"{which}: type must be an identifier or a list of identifiers.")
    if str(SKOS.Concept) in types:
        return ()
    return tuple(URIRef(one) for one in types if one)


def _condition(
    which: str, found: Any, key: str, value: str, named: Named
) -> tuple[URIRef, tuple[str, ...]]:
    if not isinstance(found, dict) or not isinstance(found.get(key), str) or value not in found:
        raise InvalidError(f"{which}: each property needs {key} and {value}.")
    return named(found[key]), tuple(_values(which, found[value]))


def _values(which: str, found: Any) -> list[str]:
    values = found if isinstance(found, list) else [found]
    texts = [value.get("id") if isinstance(value, dict) else value for value in values]
    if not all(isinstance(text, str | int | float) for text in texts):
        raise InvalidError(f"{which}: a value must be a text, a number, or an object with an id.")
    return [_text(text)[:LONGEST] for text in texts[:PROPERTIES]]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _setting(found: Any) -> tuple[str, Settings]:
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        raise InvalidError("Each of properties must be an object with an id.")
    given = found.get("settings", {})
    if not isinstance(given, dict):
        raise InvalidError("The settings of a property must be an object.")
    limit, language = str(given.get("limit", 0) or 0), str(given.get("language", "") or "")
    if not limit.isascii() or not limit.isdigit() or len(limit) > 9:
        raise InvalidError("The setting limit must be a whole number.")
    if language and not is_tag(language):
        raise InvalidError("The setting language must be a language tag, for example en.")
    return found["id"], Settings(int(limit), language)
