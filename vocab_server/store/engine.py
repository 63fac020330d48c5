"""A remote SPARQL engine that readers are answered from, and what it says of itself.

The engine keeps, in the graph LOG, the number and a name of the last change that it has all
of, and the graphs that are ours. There are also two values that tell whether it gives back what
it was given.
"""

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from vocab_server.errors import StoreUnavailableError, VocabServerError
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader
from vocab_server.store.connection import Address
from vocab_server.store.projection import LOG
from vocab_server.store.remote import (
    Bounds,
    RemoteStore,
    deletion,
    deletion_of_unheld,
    insertion,
)
from vocab_server.store.snapshots import number_of

FILE = "engine.json"  # in a snapshot: the traits of the engine that has what it has
BRIEF = Bounds(seconds=5.0)  # for asking how far the engine is
FRESH = 1.0  # seconds that an answer to that is good for
SAMPLES = (Literal(True), Literal(1))  # Virtuoso takes them for the same value

_MARK = """SELECT ?number ?change WHERE {
    GRAPH $log { $log schema:version ?number ; dct:identifier ?change } }"""
_SAMPLES = """SELECT ?sample (EXISTS { GRAPH $log { $log rdf:value true } } AS ?held)
WHERE { GRAPH $log { $log rdf:value ?sample } }"""
_IN_DEFAULT = "ASK { $log dct:hasPart ?graph }"
_GRAPHS = "SELECT ?graph WHERE { GRAPH $log { $log dct:hasPart ?graph } }"
_BEGIN = """INSERT DATA { GRAPH $log { $log dct:hasPart $graph } }"""
_REACHED = """DELETE { GRAPH $log { $log ?property ?value } }
WHERE { GRAPH $log { $log ?property ?value } FILTER (?property != dct:hasPart) } ;
INSERT DATA { GRAPH $log { $log schema:version $number ; dct:identifier $change ;
    rdf:value true, 1 } }"""


@dataclass(frozen=True, slots=True)
class Traits:
    """What an engine does with what it is given, and the named graphs that are ours.

    ``merges`` when its default graph is all named graphs together; ``is_faithful`` when every
    value comes back as the one it was. Virtuoso 7 merges, and is not faithful: it takes true for 1,
    a date for the time at its start, and answers 1 for true.
    """

    merges: bool
    is_faithful: bool
    graphs: tuple[str, ...]


NOTHING = Traits(merges=False, is_faithful=False, graphs=())  # before there is any change


@dataclass(frozen=True, slots=True)
class Mark:
    """The last change that an engine has all of: its number, and what no other change is called."""

    number: int
    change: str


class Engine:
    """The engine at two addresses, as the settings have them."""

    UPDATE_OF_NOTHING = bind("DELETE WHERE { GRAPH $log { $log $log ?value } }", log=LOG)

    def __init__(self, query: str, changes: str) -> None:
        self.store = RemoteStore(Address.of(query), Address.of(changes))
        self._lock = threading.Lock()
        self._looked = -FRESH
        self._reached = self._wanted = 0
        self._failure: VocabServerError | None = None
        self._traits: dict[Path, Traits] = {}

    def mark(self) -> Mark | None:
        """How far the engine is, None when it has nothing of ours."""
        rows = self.store.select(bind(_MARK, log=LOG), BRIEF)
        return Mark(int(str(rows[0]["number"])), str(rows[0]["change"])) if rows else None

    def is_faithful(self) -> bool:
        """Whether the engine gives back the values that it was given; known once it has a mark."""
        rows = self.store.select(bind(_SAMPLES, log=LOG), BRIEF)
        samples = {(str(row["sample"]), getattr(row["sample"], "datatype", None)) for row in rows}
        given = {(str(sample).lower(), sample.datatype) for sample in SAMPLES}
        held = {(str(row["held"]), getattr(row["held"], "datatype", None)) for row in rows}
        return samples == given and held == {("true", XSD.boolean)}

    def graphs(self) -> tuple[URIRef, ...]:
        """The named graphs of the engine that are ours, in order."""
        rows = self.store.select(bind(_GRAPHS, log=LOG), BRIEF)
        return tuple(sorted(URIRef(row["graph"]) for row in rows))

    def traits(self) -> Traits:
        """What the engine does. Raises StoreUnavailableError before it has a change."""
        if self.mark() is None:
            raise StoreUnavailableError("The SPARQL engine has nothing of ours yet.")
        return Traits(self.is_merging(), self.is_faithful(), tuple(map(str, self.graphs())))

    def is_merging(self) -> bool:
        """Whether the default graph has what is in named graphs; known once there is one."""
        return self.store.ask(bind(_IN_DEFAULT, log=LOG))

    def begin(self, graph: URIRef) -> None:
        """Say that a graph is ours, before anything is in it."""
        self.store.update(bind(_BEGIN, log=LOG, graph=graph))

    def apply(
        self, graph: URIRef, removed: list[bytes], added: list[bytes], merges: bool, mark: Mark
    ) -> None:
        """Make a change of one graph, in one request. Raises InvalidError when that is refused."""
        parts = [deletion(graph, removed)] if removed else []
        if removed and not merges:
            parts.append(deletion_of_unheld(removed))
        if added:
            parts.append(insertion(graph, added))
        if added and not merges:
            parts.append(insertion(None, added))
        self.store.update(" ;\n".join([*parts, _reached(mark)]))

    def reached(self, mark: Mark) -> None:
        """Say that the engine has all changes up to this one."""
        self.store.update(_reached(mark))

    def try_update(self) -> None:
        """Pass silently when the engine takes updates; this one changes nothing."""
        self.store.update(self.UPDATE_OF_NOTHING)

    def clear(self) -> None:
        """Remove all graphs that are ours, and the default graph where that is one of its own."""
        graphs = self.graphs()
        for graph in graphs:
            self.store.update(bind("CLEAR SILENT GRAPH $graph", graph=graph))
        if graphs and not self.is_merging():
            self.store.update("CLEAR DEFAULT")
        self.store.update(bind("CLEAR SILENT GRAPH $graph", graph=LOG))

    def traits_at(self, snapshot: Path) -> Traits:
        """What the engine did when it got what a snapshot has.

        Asks it when the snapshot does not tell. Raises StoreUnavailableError.
        """
        if not number_of(snapshot):
            return NOTHING
        found = self._traits.get(snapshot)
        if found is None:
            found = _kept_traits(snapshot) or self.traits()
            self._traits = {snapshot: found}
        return found

    def reader(self, snapshot: Path, copy: Reader) -> Reader:
        """What pages read: the engine, or the copy of this node where it gives other values."""
        return self.store if self.traits_at(snapshot).is_faithful else copy

    def demand(self, number: int) -> None:
        """Pass silently when the engine has all changes up to this one.

        It is asked at most once in FRESH seconds. Raises StoreUnavailableError.
        """
        with self._lock:
            is_old = time.monotonic() - self._looked >= FRESH
            if is_old or number > max(self._reached, self._wanted):
                self._wanted = number
                self._look()
            failure, reached = self._failure, self._reached
        if failure is not None:
            raise failure
        if reached < number:
            raise StoreUnavailableError(
                "The SPARQL engine is being filled: it has changes up to"
                " %(reached)s, and %(number)s are published. Try again in a while.",
                reached=reached,
                number=number,
            )

    def _look(self) -> None:
        try:
            mark = self.mark()
            self._failure, self._reached = None, mark.number if mark else 0
        except VocabServerError as error:
            self._failure = StoreUnavailableError(error.template, **error.values)
        self._looked = time.monotonic()


def _reached(mark: Mark) -> str:
    return bind(_REACHED, log=LOG, number=Literal(mark.number), change=Literal(mark.change))


def keep_traits(snapshot: Path, traits: Traits) -> None:
    """Put into a snapshot what the engine does that has what the snapshot has."""
    (snapshot / FILE).write_text(json.dumps(asdict(traits)), "utf-8")


def _kept_traits(snapshot: Path) -> Traits | None:
    try:
        found = json.loads((snapshot / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return Traits(found["merges"], found["is_faithful"], tuple(found["graphs"]))


def dataset_of(traits: Traits) -> Iterable[tuple[str, str]]:
    """What a query that names no dataset is read from, as parameters of the protocol.

    Nothing where the default graph is one that we keep. An engine that makes it of all its named
    graphs would put in what is not ours.
    """
    if not traits.merges:
        return ()
    parameters = ("default-graph-uri", "named-graph-uri")
    return [(parameter, graph) for parameter in parameters for graph in traits.graphs]
