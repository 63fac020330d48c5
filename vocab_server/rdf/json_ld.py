"""JSON-LD without the network: remote contexts are replaced by local ones (JSON-LD 1.1, 9.5)."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

DEPTH = 64  # objects and lists inside each other; deeper ones take the parser minutes

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# Inside a string, a quotation mark has a backslash before it; so this is always a key.
_CONTEXT = re.compile(r'(?<!\\)"@context"\s*:\s*')
_DECODER = json.JSONDecoder()


class UnknownContextError(Exception):
    """A remote context that there is no local copy of; ``url`` names it, ``line`` is where."""

    def __init__(self, url: str, line: int) -> None:
        super().__init__(url)
        self.url = url
        self.line = line


def is_too_deep(data: bytes) -> bool:
    """Whether JSON text has more than DEPTH objects and lists inside each other."""
    depth = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH:
            return True
    return False


def has_contexts(text: str) -> bool:
    """Whether the text could name a remote context."""
    return _CONTEXT.search(text) is not None


def with_local_contexts(text: str, find: Callable[[str], Any]) -> str:
    """The JSON-LD text with the local context in the place of each remote one.

    ``find`` gives the local context of a URL, or None. Every line keeps its number. Raises
    UnknownContextError for a URL without one; text that is no JSON comes back as it is.
    """
    parts = []
    position = 0
    while key := _CONTEXT.search(text, position):
        try:
            value, end = _DECODER.raw_decode(text, key.end())
        except ValueError:  # the parser says better what is wrong
            break
        line = text.count("\n", 0, key.end()) + 1
        parts += [text[position : key.end()], json.dumps(_local(value, find, line))]
        parts.append("\n" * text.count("\n", key.end(), end))
        position = end
    return "".join([*parts, text[position:]])


def _local(context: Any, find: Callable[[str], Any], line: int) -> Any:
    """A context without remote ones, also inside it."""
    if isinstance(context, str):
        found = find(context)
        if found is None:
            raise UnknownContextError(context, line)
        return found
    if isinstance(context, list):
        return [_local(part, find, line) for part in context]
    if not isinstance(context, Mapping):
        return context
    imported = _local(context["@import"], find, line) if "@import" in context else {}
    return imported | {
        term: _local_term(definition, find, line)
        for term, definition in context.items()
        if term != "@import"
    }


def _local_term(definition: Any, find: Callable[[str], Any], line: int) -> Any:
    if isinstance(definition, Mapping) and "@context" in definition:
        return {**definition, "@context": _local(definition["@context"], find, line)}
    return definition
