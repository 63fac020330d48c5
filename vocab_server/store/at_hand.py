"""Queries from outside that the server process answers itself, because they are surely small.

Why: a small query takes the engine less time than its way to a query process and back. What makes
that safe is that nothing rests on the goodwill of who asks. The shape of the query is one of a few
(see ``query_shape``); what it can match is counted before it runs, unless each match gives a
solution; and the answer is given up when it grows long. Whatever is too much, or fails, goes to a
query process, as if it had not been tried. The engine lets other threads run meanwhile, and the
counting, which does not, takes a millisecond at the most.
"""

from collections.abc import Iterator
from functools import lru_cache
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
            matches = 1 if shape.is_plain else self._matches(shape)
            if matches > MOST:
                return None
            if not matches and shape.head and results_type:
                return results_type, _no_solutions(shape.head, results_type)
            result = self._engine.query(shape.text, base_iri=base_iri)
            media_type = graph_type if isinstance(result, ox.QueryTriples) else results_type
            return (media_type, _short(result, media_type)) if media_type else None
        except (_TooMuchError, SyntaxError, ValueError, OSError, RuntimeError, InvalidError):
            return None

    def _matches(self, shape: Shape) -> int:
        """At least how many rows the engine makes on its way, in whatever order it joins.

        Stops counting soon after MOST. 0 when nothing has the first pattern, and so nothing all.
        Raises ValueError for a term that is none.
        """
        graph = ox.DefaultGraph() if shape.graph is None else _node(shape.graph)
        around = [(_node(predicate), _node(value)) for _, predicate, value in shape.patterns]
        total = 0
        for subject, first in self._subjects(shape.patterns[0], graph):
            counts = (self._count(subject, *pair, graph) for pair in around[first:])
            total += prod(max(1, count) for count in counts)
            if total > MOST:
                break
        return total

    def _subjects(self, pattern: Triple, graph: Any) -> Iterator[tuple[Any, int]]:
        """What the patterns may be about, each with the place of the first that is to count."""
        subject, predicate, value = pattern
        if isinstance(subject, Term):
            yield _node(subject), 0
            return
        for quad in self._engine.quads_for_pattern(None, _node(predicate), _node(value), graph):
            yield quad.subject, 1

    def _count(self, subject: Any, predicate: Any, value: Any, graph: Any) -> int:
        found = self._engine.quads_for_pattern(subject, predicate, value, graph)
        return sum(1 for _ in islice(found, MOST + 1))


def _short(result: Any, media_type: str) -> bytes:
    """A whole result. Raises _TooMuchError for a long one, InvalidError as ``serialize`` does."""
    short = _Short()
    serialize(result, media_type, short)
    return bytes(short.data)


@lru_cache(maxsize=256)
def _no_solutions(head: str, media_type: str) -> bytes:
    """The answer to a query that begins with ``head`` when nothing matches what follows.

    Raises what the engine raises, as for the query itself.
    """
    return _short(ox.Store().query(f"{head}{{ FILTER(false) }}"), media_type)


def _node(part: Part) -> Any:
    """What the engine has for a part of a pattern; None for a variable."""
    if isinstance(part, str):
        return None
    if part.is_iri:
        return ox.NamedNode(part.value)
    datatype = ox.NamedNode(part.datatype) if part.datatype else None
    return ox.Literal(part.value, language=part.language, datatype=datatype)
