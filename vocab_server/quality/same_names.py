"""Terms that several concepts have.

Why not SPARQL: grouping 600 000 labels by what they say in lower case took it minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain

from vocab_server.quality.check import Material
from vocab_server.quality.hierarchy import edges
from vocab_server.rdf.namespaces import SKOS

UNTAGGED = b" ."  # how a line ends whose text has neither a language nor a datatype
_KINDS = tuple(f"<{kind}>".encode() for kind in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel))
_PREFERRED = b" " + _KINDS[0] + b" "


def tag_of(line: bytes) -> bytes:
    """How a line of N-Triples goes on after the text: UNTAGGED, or ``@en .``, or its datatype.

    The whole line when it has no text.
    """
    return line[line.rfind(b'"') + 1 :]


def preferred(material: Material) -> list[bytes]:
    """The preferred labels as lines of N-Triples."""
    return [line for line in material.labels if _PREFERRED in line]


def several_preferred(material: Material) -> Iterator[bytes]:
    """The preferred labels that a resource has beside the first, in order, of the language."""
    groups: dict[tuple[bytes, bytes], set[bytes]] = {}
    for line in preferred(material):
        tag = tag_of(line)
        if tag == UNTAGGED or tag.startswith(b"@"):
            key = _subject(line), tag
            groups[key] = groups[key] | {line} if key in groups else {line}
    for lines in groups.values():
        if len(lines) > 1:
            yield from sorted(lines)[1:]


def several_kinds(material: Material) -> Iterator[bytes]:
    """The labels that a resource has as a label of another kind too: the one less preferred.

    By a number of each first, as ``_shared`` does.
    """
    seen: set[int] = set()
    several: set[int] = set()
    for line in material.labels:
        number = _number(line)
        (several if number in seen else seen).add(number)
    groups: dict[tuple[bytes, bytes], set[int]] = defaultdict(set)
    for line in material.labels if several else ():
        if _number(line) in several:
            subject, kind, value = line.split(b" ", 2)
            groups[subject, value].add(_KINDS.index(kind))
    for (subject, value), kinds in groups.items():
        for place in sorted(kinds)[1:]:
            yield b" ".join((subject, _KINDS[place], value))


def same_preferred(material: Material) -> Iterator[bytes]:
    """Preferred terms that two concepts in use have which share a scheme."""
    lines = preferred(material)
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


def _number(line: bytes) -> int:
    subject, _, value = line.split(b" ", 2)
    return hash((subject, value))


def _subject(line: bytes) -> bytes:
    return line.split(b" ", 1)[0]


def _lowered(value: bytes) -> bytes:
    return value.lower() if value.isascii() else value.decode().lower().encode()
