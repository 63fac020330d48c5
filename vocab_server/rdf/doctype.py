"""Document type declarations in RDF/XML: the way that XML bombs and file thieves come in.

Files made by ontology editors declare internal entities, short names for namespaces. Everything
else that a declaration can hold (external files, parameter entities, entities in entities) is
never read (OWASP ASVS 5.0, 1.5.1).
"""

import re

from vocab_server.errors import Phrase

MAX_ENTITIES = 64
MAX_VALUE = 1000  # bytes of one entity

_DOCTYPE = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ENTITY = rb"""<!ENTITY\s+([A-Za-z_][\w.-]*)\s+("[^"<>&]*"|'[^'<>&]*')\s*>"""
_SIMPLE = re.compile(
    rb"<!DOCTYPE\s+[\w:.-]+\s*(?:\[((?:\s|<!--(?:(?!-->).)*-->|" + _ENTITY + rb")*)\]\s*)?>",
    re.DOTALL,
)


class DoctypeRefusedError(Exception):
    """A document type declaration that is not read; ``line`` counts from 1."""

    def __init__(self, template: str, /, line: int, **values: object) -> None:
        self.told = Phrase(template, **values)
        super().__init__(self.told)
        self.line = line


def check_doctype(data: bytes, *, allow: bool, size: int) -> int | None:
    """The number of entities that RDF/XML in UTF-8 declares; None when it declares no type.

    Raises DoctypeRefusedError for any declaration unless ``allow``, and then still for one with
    more in it than MAX_ENTITIES entities of MAX_VALUE bytes, and when their use would make the
    file larger than ``size`` bytes.
    """
    found = _DOCTYPE.search(data)
    if found is None:
        return None
    line = data.count(b"\n", 0, found.start()) + 1
    if not allow:
        raise DoctypeRefusedError(
            "There is a DOCTYPE, which can make a reader open other files or run out of memory. "
            "Remove it, or run again with --fix to accept one with simple entities only.",
            line,
        )
    entities = _simple_entities(data, found.start())
    if entities is None:
        raise DoctypeRefusedError(
            "There is a DOCTYPE with more than simple entities (external files, parameter"
            " entities, entities inside entities, more than %(entities)s, or one of more than"
            " %(size)s bytes), which is never read. Remove it.",
            line,
            entities=MAX_ENTITIES,
            size=MAX_VALUE,
        )
    grown = sum(data.count(b"&%b;" % name) * len(value) for name, value in entities.items())
    if len(data) + grown > size:
        raise DoctypeRefusedError("The entities of the DOCTYPE make the file too large.", line)
    return len(entities)


def _simple_entities(data: bytes, start: int) -> dict[bytes, bytes] | None:
    """The entities by name; None when the declaration holds anything else, or is not the only."""
    prolog = _PROLOG.match(data)
    whole = _SIMPLE.match(data, start)
    if prolog is None or prolog.end() != start or whole is None:
        return None
    if _DOCTYPE.search(data, start + 1):
        return None
    found = re.findall(_ENTITY, whole[1] or b"")
    values = {name: value[1:-1] for name, value in found}
    fits = len(found) <= MAX_ENTITIES and all(len(v) <= MAX_VALUE for v in values.values())
    no_parameters = not any(re.search(rb"%[\w.:-]+;", value) for value in values.values())
    return values if fits and no_parameters else None
