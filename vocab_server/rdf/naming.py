"""Names for blank nodes, made from what is said about them.

Works on canonical N-Triples (RDF 1.2 N-Triples, 4), one connected set of blank nodes at a time, so
that a set that did not change keeps its names when another one in the file does.

Why not RDF Dataset Canonicalization (RDFC-1.0): it names the nodes of the whole dataset together,
and takes time that grows with the factorial of a graph that was made to hurt it. Here the nodes
are told apart by refining classes of them, which takes about n log n steps; when nodes are left
that only look alike, any order of them is taken, which gives the same text unless somebody built
it not to.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from vocab_server.rdf.skolem import PREFIX

DIGITS = 20  # hexadecimal digits of a name's hash: 80 bits
STEPS = 200  # for each link between blank nodes; a graph that needs more was made to
_BLANK = b"_:"


class Statement(NamedTuple):
    """A triple as N-Triples writes its terms."""

    subject: bytes
    predicate: bytes
    object: bytes


def name_blank_nodes(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same triples with an IRI for each blank node.

    ``lines`` are canonical N-Triples without line ends, each with a blank node in it. The names
    depend neither on the labels nor on the order in which the lines come. Of sets of blank nodes
    that say the same, each has names of its own.
    """
    copies: Counter[str] = Counter()
    for statements in _connected(dict.fromkeys(map(_statement, lines))):
        order = _order(statements)
        digest = _digest(statements, {node: b"_:%d" % place for place, node in enumerate(order)})
        copy = f"c{copies[digest]}" if copies[digest] else ""
        copies[digest] += 1
        names = {
            node: f"<{PREFIX}{digest}n{place}{copy}>".encode() for place, node in enumerate(order)
        }
        yield from _written(statements, names)


def _statement(line: bytes) -> Statement:
    subject, predicate, rest = line.split(b" ", 2)
    return Statement(subject, predicate, rest[:-2])


def _written(statements: Iterable[Statement], names: dict[bytes, bytes]) -> Iterator[bytes]:
    for subject, predicate, value in statements:
        yield b"%b %b %b ." % (names.get(subject, subject), predicate, names.get(value, value))


def _digest(statements: Iterable[Statement], names: dict[bytes, bytes]) -> str:
    text = b"\n".join(sorted(_written(statements, names)))
    return hashlib.sha256(text).hexdigest()[:DIGITS]


def _connected(statements: Collection[Statement]) -> list[list[Statement]]:
    """The statements, those together whose blank nodes hang together."""
    leader: dict[bytes, bytes] = {}

    def find(node: bytes) -> bytes:
        while (above := leader.setdefault(node, node)) != node:
            leader[node] = node = leader[above]
        return node

    for subject, _, value in statements:
        if subject.startswith(_BLANK) and value.startswith(_BLANK):
            leader[find(subject)] = find(value)
    groups: dict[bytes, list[Statement]] = {}
    for statement in statements:
        blank = statement.subject if statement.subject.startswith(_BLANK) else statement.object
        groups.setdefault(find(blank), []).append(statement)
    return list(groups.values())


def _order(statements: list[Statement]) -> list[bytes]:
    """The blank nodes in an order that follows from what is said about them."""
    signatures: dict[bytes, list[tuple[bytes, ...]]] = {}
    links: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for subject, predicate, value in statements:
        both = subject.startswith(_BLANK) and value.startswith(_BLANK)
        kept = _BLANK if both and value != subject else b"_:self" if both else b""
        if subject.startswith(_BLANK):
            signatures.setdefault(subject, []).append((b">", predicate, kept or value))
        if value.startswith(_BLANK):
            signatures.setdefault(value, []).append((b"<", predicate, kept or subject))
        if both:
            links.setdefault(subject, []).append((b"<" + predicate, value))
            links.setdefault(value, []).append((b">" + predicate, subject))
    if len(signatures) == 1:
        return list(signatures)
    return _Classes(signatures, links).order()


class _Classes:
    """Blank nodes in classes that are split until each holds one node.

    Numbers of classes follow from what is said about their nodes, never from labels or order.
    """

    def __init__(
        self,
        signatures: dict[bytes, list[tuple[bytes, ...]]],
        links: dict[bytes, list[tuple[bytes, bytes]]],
    ) -> None:
        self._links = links
        self._class: dict[bytes, int] = {}
        self._members: list[dict[bytes, None]] = []
        self._steps = STEPS * (10 + sum(map(len, links.values())))
        groups: dict[tuple[tuple[bytes, ...], ...], list[bytes]] = {}
        for node, said in signatures.items():
            groups.setdefault(tuple(sorted(said)), []).append(node)
        for signature in sorted(groups):
            self._separate(groups[signature])

    def order(self) -> list[bytes]:
        """The nodes, class by class."""
        self._refine(list(self._class))
        for members in self._members:  # grows while it is walked
            while len(members) > 1:
                node = members.popitem()[0]
                del self._class[node]
                self._separate([node])
                self._refine([node])
        return [node for members in self._members for node in members]

    def _separate(self, nodes: list[bytes]) -> None:
        """Put nodes into a new class of their own."""
        for node in nodes:
            if node in self._class:
                del self._members[self._class[node]][node]
            self._class[node] = len(self._members)
        self._members.append(dict.fromkeys(nodes))

    def _refine(self, changed: list[bytes]) -> None:
        """Split classes whose nodes have different links to the nodes that changed class."""
        while changed and self._steps > 0:
            views = self._views(changed)
            changed = []
            for number in sorted(views):
                for nodes in self._split(number, views[number]):
                    self._separate(nodes)
                    changed.extend(nodes)

    def _views(self, changed: list[bytes]) -> dict[int, dict[bytes, list[tuple[bytes, int]]]]:
        """What the neighbours of the changed nodes now see, class by class."""
        views: dict[int, dict[bytes, list[tuple[bytes, int]]]] = {}
        for node in changed:
            for label, neighbour in self._links.get(node, ()):
                self._steps -= 1
                seen = views.setdefault(self._class[neighbour], {})
                seen.setdefault(neighbour, []).append((label, self._class[node]))
        return views

    def _split(self, number: int, views: dict[bytes, list[tuple[bytes, int]]]) -> list[list[bytes]]:
        """The nodes of a class that have to leave it, in groups.

        One group stays: that of the nodes that see no change, or else the largest. It needs no
        new number, because its neighbours see the others leave.
        """
        groups: dict[tuple[tuple[bytes, int], ...], list[bytes]] = {}
        for node, seen in views.items():
            groups.setdefault(tuple(sorted(seen)), []).append(node)
        if len(views) == len(self._members[number]):
            del groups[max(groups, key=lambda view: (len(groups[view]), view))]
        return [groups[view] for view in sorted(groups)]
