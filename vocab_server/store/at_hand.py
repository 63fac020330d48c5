"""Queries from outside that the server process answers itself, because they are surely small.

Why: a small query takes the engine less time than its way to a query process and back. What makes
that safe is that nothing rests on the goodwill of who asks. The shape of the query is one of a few
(see ``query_shape``); what it can match is counted before it runs, unless each match gives a
solution; and the answer is given up when it grows long. Whatever is too much, or fails, goes to a
query process, as if it had not been tried. The engine lets other threads run meanwhile, and the
counting, which does not, takes a millisecond at the most.
"""

from collections.abc import Iterator
from itertools import islice
from math import prod
from typing import Any

import pyoxigraph as ox

from vocab_server.errors import InvalidError
from vocab_server.store.frames import FIRST
from vocab_server.store.query_shape import Part, Shape, Term, Triple, shape_of
from vocab_server.store.serialization import serialize

MOST = 250  # matches of a query


class _TooMuchError(Exception):
    """The answer grows long."""


class _Short:
    """Takes an answer for as long as it is whole in one frame of a query process."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        """Take a piece. Raises _TooMuchError."""
        self.data += data
        if len(self.data) >= FIRST:
            raise _TooMuchError
        return len(data)

    def flush(self) -> None:
        """Nothing: all is held."""


class AtHand:
    """A store that is open in this process, whose default graph is its own.

    It should have no huge literals: one solution at a time is in memory, however long it is.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine  # its results have no common type

    def answer(
        self, text: str, base_iri: str | None, results_type: str | None, graph_type: str | None
    ) -> tuple[str, bytes] | None:
        """The media type and the whole answer to a query; None when a process is to answer it."""
        shape = shape_of(text, MOST)
        if shape is None:
            return None
        try:
            if not shape.is_plain and self._matches(shape) > MOST:
                return None
            result = self._engine.query(shape.text, base_iri=base_iri)
            media_type = graph_type if isinstance(result, ox.QueryTriples) else results_type
            if media_type is None:
                return None
            short = _Short()
            serialize(result, media_type, short)
        except (_TooMuchError, SyntaxError, ValueError, OSError, RuntimeError, InvalidError):
            return None
        return media_type, bytes(short.data)

    def _matches(self, shape: Shape) -> int:
        """At least how many rows the engine makes on its way, in whatever order it joins.

        Stops counting soon after MOST.
        """
        graph = ox.DefaultGraph() if shape.graph is None else _node(shape.graph)
        total = 0
        for subject, around in self._subjects(shape.patterns, graph):
            counts = (self._count(subject, *triple[1:], graph) for triple in around)
            total += prod(max(1, count) for count in counts)
            if total > MOST:
                break
        return total

    def _subjects(
        self, patterns: tuple[Triple, ...], graph: Any
    ) -> Iterator[tuple[Any, tuple[Triple, ...]]]:
        """What the patterns may be about, each with those that are left to count."""
        subject, predicate, value = patterns[0]
        if isinstance(subject, Term):
            yield _node(subject), patterns
            return
        for quad in self._engine.quads_for_pattern(None, _node(predicate), _node(value), graph):
            yield quad.subject, patterns[1:]

    def _count(self, subject: Any, predicate: Part, value: Part, graph: Any) -> int:
        found = self._engine.quads_for_pattern(subject, _node(predicate), _node(value), graph)
        return sum(1 for _ in islice(found, MOST + 1))


def _node(part: Part) -> Any:
    """What the engine has for a part of a pattern; None for a variable."""
    if isinstance(part, str):
        return None
    if part.is_iri:
        return ox.NamedNode(part.value)
    datatype = ox.NamedNode(part.datatype) if part.datatype else None
    return ox.Literal(part.value, language=part.language, datatype=datatype)
