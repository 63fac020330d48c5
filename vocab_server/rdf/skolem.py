"""Blank nodes become IRIs on the way in, and blank nodes again on the way out.

A change log and set arithmetic need names, and a blank node has none that lasts (RDF 1.1
Concepts, 3.5). The name is made from what is said about the node, so that reading the same file
again gives the same name.
"""

import re
from typing import NamedTuple, Protocol

PREFIX = "urn:vocab-server:genid:"
_NAME = PREFIX.encode() + rb"([0-9A-Za-z]+)"
BUFFER = 64 * 1024  # bytes


class Writable(Protocol):
    """Where bytes go: a file, a pipe, a response."""

    def write(self, data: bytes, /) -> object:
        """Take all of the data."""


class _Syntax(NamedTuple):
    """How a stand-in looks in a serialization, and where the text may be cut in two."""

    pattern: re.Pattern[bytes]
    blank_node: bytes
    boundary: bytes


# The patterns hold what no literal can contain unescaped, so that text is never taken for a name.
_SYNTAXES = {
    "application/sparql-results+json": _Syntax(
        re.compile(rb'"type":"uri","value":"' + _NAME + b'"'),
        rb'"type":"bnode","value":"\1"',
        b"}",
    ),
    "application/sparql-results+xml": _Syntax(
        re.compile(b"<uri>" + _NAME + b"</uri>"), rb"<bnode>\1</bnode>", b"</binding>"
    ),
    "text/csv": _Syntax(re.compile(rb"(?<![^,\n])" + _NAME + rb"(?=[,\r\n])"), rb"_:\1", b"\n"),
    "text/tab-separated-values": _Syntax(
        re.compile(rb"(?<![^\t\n])<" + _NAME + rb">(?=[\t\r\n])"), rb"_:\1", b"\n"
    ),
}


def is_skolem(iri: str) -> bool:
    """Whether this IRI stands for a blank node."""
    return iri.startswith(PREFIX)


class BlankNodeWriter:
    """Passes the results of a SELECT query on, with stand-ins written as blank nodes.

    Call ``finish`` after the last write.
    """

    def __init__(self, target: Writable, media_type: str) -> None:
        self._target = target
        self._syntax = _SYNTAXES[media_type]
        self._held = b""

    def write(self, data: bytes) -> int:
        """Take a piece of the result, cut anywhere."""
        self._held += data
        if len(self._held) >= BUFFER:
            cut = self._held.rfind(self._syntax.boundary) + len(self._syntax.boundary)
            if cut >= len(self._syntax.boundary):
                self._pass_on(self._held[:cut])
                self._held = self._held[cut:]
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces are held until they are whole."""

    def finish(self) -> None:
        """Pass on what is left."""
        self._pass_on(self._held)
        self._held = b""

    def _pass_on(self, data: bytes) -> None:
        if PREFIX.encode() in data:
            data = self._syntax.pattern.sub(self._syntax.blank_node, data)
        self._target.write(data)
