"""What resources say now, and what they said when a spreadsheet was exported."""

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

from rdflib import URIRef

from vocab_server.database.log import ChangeLog
from vocab_server.errors import InvalidError
from vocab_server.rdf.composing import compose
from vocab_server.rdf.query import bind, is_iri
from vocab_server.rdf.table import Column, read_object
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

ASKED = 500  # resources that one query asks about
_CHECKED = 12  # characters of the checksum of a change that tell states apart

_SAID = """CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { $subjects } GRAPH $graph { ?s ?p ?o } }"""

Said = dict[Column, frozenset[str]]
Lines = dict[bytes, set[bytes]]


class States:
    """A vocabulary as a store has it, and as it was at a change of the log.

    Without ``later``, what happened since, both are the same.
    """

    def __init__(self, store: Reader, graph: URIRef, later: tuple[Lines, Lines] | None) -> None:
        self._store = store
        self._graph = graph
        self._added, self._removed = later or ({}, {})

    def read(self, subjects: Collection[str]) -> tuple[dict[str, Said], dict[str, Said]]:
        """What each of the resources said then, and what it says now."""
        before: dict[str, Said] = {}
        now: dict[str, Said] = {}
        for name, lines in self._lines(subjects).items():
            key = f"<{name}>".encode()
            then = (lines - self._added.get(key, set())) | self._removed.get(key, set())
            before[name], now[name] = _cells(then), _cells(lines)
        return before, now

    def _lines(self, subjects: Collection[str]) -> dict[str, set[bytes]]:
        found: dict[str, set[bytes]] = {name: set() for name in subjects}
        held = [URIRef(name) for name in found if is_iri(name) and can_hold(name)]
        for start in range(0, len(held), ASKED):
            part = held[start : start + ASKED]
            query = bind(_SAID, graph=self._graph, subjects=part)
            for line in self._store.lines(query):
                found[line.partition(b" ")[0][1:-1].decode()].add(line)
        return found


def later_lines(log: ChangeLog, graph: URIRef, since: int, until: int) -> tuple[Lines, Lines]:
    """What was added and removed between two changes of the log, by resource."""
    with tempfile.TemporaryDirectory(prefix="vocab-server-") as work:
        read = partial(log.stream, since, until=until, graph=graph)
        composed = compose(graph, read, Path(work), "later")
        return _by_subject(composed.added_blocks()), _by_subject(composed.removed_blocks())


def state_of(log: ChangeLog, graph: URIRef, until: int) -> str:
    """What names the state of a vocabulary at a change of the log, here and nowhere else."""
    total = log.page([graph], until=until, limit=0)[1]
    if not total:
        return "0"
    (last,), _ = log.page([graph], until=until, limit=1, offset=total - 1)
    return f"{last.number}-{last.checksum[:_CHECKED]}"


def find_state(log: ChangeLog, graph: URIRef, state: str) -> int:
    """The number of the change that a state names.

    Raises InvalidError when there never was such a state here.
    """
    number = state.partition("-")[0]
    if not number.isdecimal() or state_of(log, graph, int(number)) != state:
        raise InvalidError(
            "The file was exported from a state (%(state)s) that this vocabulary never had here."
            " Was it exported from another server or another vocabulary? Export again, or empty"
            " the cell with the state to compare the file with what is published now.",
            state=state[:40],
        )
    return int(number)


def _by_subject(found: Iterable[bytes]) -> Lines:
    lines: Lines = defaultdict(set)
    for block in found:
        for line in block.splitlines():
            lines[line.partition(b" ")[0]].add(line)
    return dict(lines)


def _cells(lines: Iterable[bytes]) -> Said:
    found: dict[Column, set[str]] = defaultdict(set)
    for line in lines:
        _, predicate, value = line.decode().removesuffix(" .").split(" ", 2)
        kind, text = read_object(value)
        found[Column(predicate[1:-1], kind)].add(text)
    return {column: frozenset(texts) for column, texts in found.items()}
