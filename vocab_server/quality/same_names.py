"""Terms that several concepts have.

Why not SPARQL: grouping 600 000 labels by what they say in lower case took it minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain

from vocab_server.quality.check import Material
from vocab_server.quality.hierarchy import edges
from vocab_server.rdf.namespaces import SKOS


def same_preferred(material: Material) -> Iterator[bytes]:
    """Preferred terms that two concepts in use have which share a scheme."""
    preferred = f" {SKOS.prefLabel.n3()} ".encode()
    lines = [line for line in material.labels if preferred in line]
    inside: Mapping[str, set[str]] = {}
    for group in _shared(lines, material.retired, lambda value: value):
        inside = inside or edges(material.hierarchy.pairs(SKOS.inScheme))
        schemes = [inside.get(_subject(line).decode(), set()) for line in group]
        counts = Counter(chain.from_iterable(schemes))
        for line, own in zip(group, schemes, strict=True):
            if any(counts[scheme] > 1 for scheme in own):
                yield line


def same_in_any_case(material: Material) -> Iterator[bytes]:
    """Terms of any kind that two concepts in use have, in upper or lower case."""
    for group in _shared(material.labels, material.retired, _lowered):
        yield from group


def _shared(
    lines: Iterable[bytes], retired: Collection[bytes], key: Callable[[bytes], bytes]
) -> Iterator[list[bytes]]:
    """The lines with the same key for several subjects that are in use, group by group.

    By the number of the key first, because half a million keys are more than a process should hold.
    """
    first: dict[int, bytes] = {}
    several: set[int] = set()
    kept = [line for line in lines if _subject(line) not in retired]
    for line in kept:
        subject, _, value = line.split(b" ", 2)
        number = hash(key(value))
        if first.setdefault(number, subject) != subject:
            several.add(number)
    groups: dict[bytes, list[bytes]] = defaultdict(list)
    for line in kept:
        found = key(line.split(b" ", 2)[2])
        if hash(found) in several:
            groups[found].append(line)
    yield from (group for group in groups.values() if len({*map(_subject, group)}) > 1)


def _subject(line: bytes) -> bytes:
    return line.split(b" ", 1)[0]


def _lowered(value: bytes) -> bytes:
    return value.lower() if value.isascii() else value.decode().lower().encode()
