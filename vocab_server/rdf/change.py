"""What an edit adds to one named graph and removes from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from rdflib import Literal, URIRef
from rdflib.term import Identifier, Node

from vocab_server.rdf.query import to_sparql

Triple = tuple[Identifier, Identifier, Identifier]
BLOCK = 4 * 1024 * 1024  # bytes of N-Triples that are in memory at a time


class Patch(Protocol):
    """Lines of N-Triples that go into one named graph and lines that leave it.

    Blocks are whole lines of at most about BLOCK bytes, so that a change of any size is
    logged and applied in bounded memory.
    """

    @property
    def graph(self) -> URIRef:
        """The graph that changes."""

    def added_blocks(self) -> Iterator[bytes]:
        """What goes in."""

    def removed_blocks(self) -> Iterator[bytes]:
        """What leaves."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit adds to one named graph and removes from it.

    A value: it does nothing until ``editing.commit`` writes it. Triples hold no
    blank nodes (import skolemizes them), so a change is plain set arithmetic.
    """

    graph: URIRef
    added: frozenset[Triple] = frozenset()
    removed: frozenset[Triple] = frozenset()

    @classmethod
    def between(cls, graph: URIRef, before: Iterable[Triple], after: Iterable[Triple]) -> Self:
        """The change that turns ``before`` into ``after``."""
        old, new = frozenset(before), frozenset(after)
        return cls(graph, added=new - old, removed=old - new)

    def inverse(self) -> "Change":
        """The change that undoes this one."""
        return Change(self.graph, added=self.removed, removed=self.added)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def added_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return _blocks_of(self.added)

    def removed_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return _blocks_of(self.removed)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A change too big for memory: two files of N-Triples without blank nodes."""

    graph: URIRef
    added: Path
    removed: Path

    def added_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return blocks(self.added)

    def removed_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return blocks(self.removed)


@dataclass(frozen=True, slots=True)
class Reversed:
    """What undoes a patch of any size."""

    patch: Patch

    @property
    def graph(self) -> URIRef:
        """See Patch."""
        return self.patch.graph

    def added_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return self.patch.removed_blocks()

    def removed_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return self.patch.added_blocks()


def blocks(file: Path) -> Iterator[bytes]:
    """The whole lines of a file in blocks of about BLOCK bytes."""
    with file.open("rb") as lines:
        while block := lines.readlines(BLOCK):
            yield b"".join(block)


def to_lines(triples: Iterable[tuple[Node, Node, Node]]) -> list[str]:
    """The triples as N-Triples lines without line ends, sorted (RDF 1.1 N-Triples).

    Raises ValueError for what is no triple: only the object may be a literal.
    """
    return sorted(_line(*triple) for triple in triples)


def _line(subject: Node, predicate: Node, value: Node) -> str:
    if isinstance(subject, Literal) or isinstance(predicate, Literal):
        raise ValueError(f"A literal is no subject and no property: {subject} {predicate} {value}")
    return f"{to_sparql(subject)} {to_sparql(predicate)} {to_sparql(value)} ."


def _blocks_of(triples: Iterable[Triple]) -> Iterator[bytes]:
    lines = to_lines(triples)
    if lines:
        yield ("\n".join(lines) + "\n").encode()
