"""From what the engine serializes to the lines that a store would give back.

Runs in the confined process. Nearly every line of a big file passes untouched, a block of them at
a time; only those that need it are looked at one by one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import BinaryIO

from vocab_server.errors import TooLargeError
from vocab_server.rdf.naming import name_blank_nodes
from vocab_server.rdf.repair import DIRECTION, NO_LANGUAGE, Finding, Note, shown
from vocab_server.store.parse_input import RefusedError

BLOCK = 1024 * 1024  # bytes
CACHE = 200_000  # literals
SHOWN_GRAPHS = 5

_XSD = b"^^<http://www.w3.org/2001/XMLSchema#"
_NO_LANGUAGE = NO_LANGUAGE.encode()
_SPECIAL = re.compile(
    rb"_:|\^\^<http://www\.w3\.org/2001/XMLSchema#|<<\(|--(?:ltr|rtl) \.$|" + _NO_LANGUAGE
)
_DIRECTION = re.compile(rb"--(?:ltr|rtl)$")
_IN_GRAPH = re.compile(  # canonical N-Quads
    rb"""^((?:<[^>\n]*>|_:\S+)\ <[^>\n]*>\ (?:<[^>\n]*>|_:\S+
    |"(?:[^"\\\n]|\\.)*+"(?:@\S+|\^\^<[^>\n]*>)?))\ (<[^>\n]*>|_:\S+)\ \.$""",
    re.VERBOSE | re.MULTILINE,
)


class Refiner:
    """Takes canonical N-Triples or N-Quads in pieces, and writes them as a store keeps them.

    Named graphs are merged, blank nodes named, literals normalized by ``normalize``, which gives
    the store's own form of each. Call ``finish`` after the last piece.
    """

    def __init__(
        self,
        target: BinaryIO,
        normalize: Callable[[list[bytes]], list[bytes]],
        *,
        has_graphs: bool,
        limit: int,
    ) -> None:
        self.statements = 0
        self.findings: list[Finding] = []
        self._target = target
        self._normalize = normalize
        self._has_graphs = has_graphs
        self._limit = limit
        self._held = bytearray()
        self._blank: list[bytes] = []
        self._graphs: dict[bytes, None] = {}
        self._cache: dict[bytes, bytes] = {}
        self._examples: dict[bytes, tuple[bytes, bytes]] = {}
        self._rewritten: Counter[bytes] = Counter()

    def write(self, data: bytes) -> int:
        """Take a piece, cut anywhere. Raises RefusedError for what no store of ours can hold."""
        self._held += data
        if len(self._held) >= BLOCK:
            end = self._held.rfind(b"\n") + 1
            block = bytes(self._held[:end])
            del self._held[:end]
            self._take(block)
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces are held until they are whole."""

    def finish(self) -> None:
        """Write what is left."""
        self._take(bytes(self._held))
        self._held.clear()
        self._write_lines(name_blank_nodes(self._blank))
        self._blank.clear()

    def notes(self) -> list[Note]:
        """What was changed that the file does not get back."""
        notes = []
        if self._graphs:
            names = [name.decode() for name in list(self._graphs)[:SHOWN_GRAPHS]]
            more = len(self._graphs) - len(names)
            listed = ", ".join(names) + (f" and {more} more" if more else "")
            where = f"{len(self._graphs)} named graphs" if names[1:] else "a named graph"
            problem = f"There are statements in {where}: {listed}."
            notes.append(Note(None, problem, "They were put into one.", True, len(self._graphs)))
        for kind, count in sorted(self._rewritten.items()):
            before, after = (literal.decode() for literal in self._examples[kind])
            problem = f"{before} is kept as {after}."
            remedy = "The value is the same, only written in another way."
            notes.append(Note(None, problem, remedy, True, count))
        return notes

    def _take(self, block: bytes) -> None:
        self.statements += block.count(b"\n")
        if self.statements > self._limit:
            raise RefusedError(
                "It has more than %(limit)s statements.", kind=TooLargeError, limit=self._limit
            )
        if self._has_graphs:
            block = _IN_GRAPH.sub(self._merge, block)
        if not _SPECIAL.search(block):
            self._target.write(block)
            return
        plain: list[bytes] = []
        special: list[bytes] = []
        for line in block.split(b"\n")[:-1]:
            (special if _SPECIAL.search(line) else plain).append(line)
        self._write_lines(plain)
        self._take_special(special)

    def _merge(self, line: re.Match[bytes]) -> bytes:
        self._graphs[line[2]] = None
        return line[1] + b" ."

    def _take_special(self, lines: list[bytes]) -> None:
        """Normalize the literals of these lines, and keep those with blank nodes for the end."""
        split = [self._split(line) for line in lines]
        typed = {value for _, _, value in split if value[:1] == b'"' and _XSD in value}
        self._learn(list(typed))
        for subject, predicate, value in split:
            if value in typed:
                value = self._stored(value)
            line = b"%b %b %b ." % (subject, predicate, value)
            if subject.startswith(b"_:") or value.startswith(b"_:"):
                self._blank.append(line)
            else:
                self._target.write(line + b"\n")

    def _split(self, line: bytes) -> tuple[bytes, bytes, bytes]:
        subject, predicate, rest = line.split(b" ", 2)
        value = rest[:-2]
        if value.startswith(b"<<("):
            raise RefusedError(
                "There is a statement about a statement, %(value)s, which cannot be kept here."
                " Write it with rdf:Statement, or leave it out.",
                value=shown(value.decode()),
            )
        if value.startswith(b'"') and (_NO_LANGUAGE in value or value.endswith((b"ltr", b"rtl"))):
            value = self._without_extras(value)
        return subject, predicate, value

    def _without_extras(self, value: bytes) -> bytes:
        """A literal without stand-ins for no language, and without a writing direction."""
        value = value.removesuffix(b"@" + _NO_LANGUAGE)
        value = value.replace(b'\\"%b\\"' % _NO_LANGUAGE, b'\\"\\"')
        if _DIRECTION.search(value):
            self.findings.append(Finding(DIRECTION, None, value.decode()))
            value = _DIRECTION.sub(b"", value)
        return value

    def _learn(self, literals: list[bytes]) -> None:
        """Have the store's form of each of the literals in the cache."""
        if len(self._cache) > CACHE:
            self._cache.clear()
        new = sorted(literal for literal in literals if literal not in self._cache)
        if new:
            self._cache.update(zip(new, self._normalize(new), strict=True))

    def _stored(self, literal: bytes) -> bytes:
        stored = self._cache[literal]
        if stored != literal:
            kind = literal[literal.rindex(b"^^") :]
            self._examples.setdefault(kind, (literal, stored))
            self._rewritten[kind] += 1
        return stored

    def _write_lines(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self._target.write(line + b"\n")
