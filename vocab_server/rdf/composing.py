"""Many changes one after the other as the one change that they come to.

Each change of a log says no more than the difference, so what it adds was not there and what it
removes was: the changes of one triple alternate. Those of an even number come to nothing; of an
odd number, the first tells what they come to.

In memory is only a digest of each line, so that changes of any size can be composed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from vocab_server.rdf.change import Change, FileChange, Patch
from vocab_server.rdf.ntriples import read_triple

DIGEST = 16  # bytes; two different lines meet once in 2^64 pairs

Blocks = Iterable[tuple[bool, bytes]]  # whether lines are removed, and the lines, in order


def digest(line: bytes) -> bytes:
    """What stands for a line, without its line end."""
    return hashlib.blake2b(line, digest_size=DIGEST).digest()


def stream(patch: Patch) -> Iterator[tuple[bool, bytes]]:
    """The lines of one patch: what leaves, then what goes in."""
    for block in patch.removed_blocks():
        yield True, block
    for block in patch.added_blocks():
        yield False, block


def compose(graph: URIRef, read: Callable[[], Blocks], work: Path, name: str) -> FileChange:
    """The one change that changes of a graph come to, as files in the directory ``work``.

    ``read`` gives their lines in order, and is called twice.
    """
    left = odd(read())
    composed = FileChange(graph, work / f"{name}-added.nt", work / f"{name}-removed.nt")
    with composed.added.open("wb") as added, composed.removed.open("wb") as removed:
        for is_removal, block in read():
            target = removed if is_removal else added
            for line in block.splitlines(keepends=True):
                found = digest(line.rstrip(b"\n"))
                if found in left:
                    left.discard(found)
                    target.write(line)
    return composed


def odd(found: Blocks) -> set[bytes]:
    """The digests of the lines that are there an odd number of times."""
    left: set[bytes] = set()
    for _, block in found:
        left.symmetric_difference_update(map(digest, block.splitlines()))
    return left


@dataclass(frozen=True, slots=True)
class Without:
    """A patch without some lines, which can be read once only: what leaves, then what goes in.

    Left out are, of each digest in ``first``, the first line that is met, and the digest is taken
    from the set; and all lines in ``always``.
    """

    patch: Patch
    first: set[bytes]
    always: frozenset[bytes] = frozenset()

    @property
    def graph(self) -> URIRef:
        """See Patch."""
        return self.patch.graph

    def added_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return self._kept(self.patch.added_blocks())

    def removed_blocks(self) -> Iterator[bytes]:
        """See Patch."""
        return self._kept(self.patch.removed_blocks())

    def _kept(self, found: Iterator[bytes]) -> Iterator[bytes]:
        for block in found:
            kept = [line for line in block.splitlines(keepends=True) if self._is_kept(line)]
            if kept:
                yield b"".join(kept)

    def _is_kept(self, line: bytes) -> bool:
        key = digest(line.rstrip(b"\n"))
        if key in self.first:
            self.first.discard(key)
            return False
        return key not in self.always


def read_change(patch: Patch) -> Change:
    """The patch as a value in memory."""
    added, removed = (
        frozenset(read_triple(line) for block in found for line in block.splitlines())
        for found in (patch.added_blocks(), patch.removed_blocks())
    )
    return Change(patch.graph, added, removed)
