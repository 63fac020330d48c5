"""Lines of N-Triples as the store writes them, read without a parser (RDF 1.1 N-Triples, 4).

Why: half a million terms as objects cost ten times what their text costs.
"""

import re

from rdflib import Literal, URIRef
from rdflib.term import Identifier

_ESCAPE = re.compile(r'\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[tbnrf"\'\\])')
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def read_triple(line: bytes) -> tuple[Identifier, Identifier, Identifier]:
    """The triple of a line, with or without its line end, as the store itself tells it."""
    subject, predicate, value = line.decode().rstrip("\n").removesuffix(" .").split(" ", 2)
    return URIRef(subject[1:-1]), URIRef(predicate[1:-1]), read_object(value)


def read_object(written: str) -> Identifier:
    """The term that an object of a line is."""
    if written.startswith("<"):
        return URIRef(written[1:-1])
    text, _, rest = written[1:].rpartition('"')
    if "\\" in text:
        text = unescaped(text)
    if rest.startswith("@"):
        return Literal(text, lang=rest[1:])
    datatype = URIRef(rest[3:-1]) if rest else None
    return Literal(text, datatype=datatype, normalize=False)


def read_literal(written: str) -> tuple[str, str]:
    """The language tag, "" when there is none, and the text of a literal."""
    text, _, rest = written[1:].rpartition('"')
    if "\\" in text:
        text = unescaped(text)
    return (rest[1:] if rest.startswith("@") else ""), text


def unescaped(text: str) -> str:
    """The text that a quoted string stands for."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU":
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code, code)
