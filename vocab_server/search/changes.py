"""Lists of what is new, changed and deprecated, by date: a projection of the change log (tantivy).

One document for every event of a concept, found by month, with the concept's history in it. The
history is made of nothing but the lines of changes, so the lists come out of the log the same way
at every rebuild. One document more says how many events each month has: a page is taken from the
months that it is in, whatever else a vocabulary holds.
"""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zlib import crc32

import tantivy
from rdflib import URIRef

from vocab_server.database.log import LoggedChange
from vocab_server.rdf.change import Patch
from vocab_server.rdf.dates import write_time
from vocab_server.rdf.graph_names import is_of_catalogs
from vocab_server.search.documents import key
from vocab_server.search.index import FEW, MEMORY, SMALL_MEMORY, link_files
from vocab_server.skos.history import CONCEPT, Fact, History, Kind, read_facts, span
from vocab_server.store.base import Store

VERSION = 1  # of the documents; another one makes the lists be made anew
ASKED = 500  # concepts whose histories are looked up at once
COUNTS = "counts"  # the key of the document that counts
BEGINNING = datetime.min.replace(tzinfo=UTC)
TIE = 25  # bits that put the events of one second into a lasting order; 39 are left for seconds

_write_json = json.JSONEncoder(separators=(",", ":")).encode  # one for all is twice as fast

Counts = dict[str, "GraphCounts"]


class By(StrEnum):
    """What lists are ordered by: pages by the date of a change, feeds by when it was noted."""

    DATE = "date"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a concept; IMPORTED ones are of a whole vocabulary.

    ``date`` is as the data writes it. ``noted`` is when it came to be known here: the time of the
    change that said so, but for what the first change of a vocabulary says its own, past date.
    ``concepts`` is how many concepts came undated with a vocabulary.
    """

    graph: URIRef
    concept: URIRef
    kind: Kind
    date: str
    noted: str
    is_deprecated: bool = False
    concepts: int = 0

    @property
    def time(self) -> datetime:
        """The first second of the date, in UTC."""
        return span(self.date).start

    @property
    def published(self) -> datetime:
        """The first second of ``noted``, in UTC."""
        return span(self.noted).start

    def at(self, by: By) -> datetime:
        """The time that a list in this order goes by."""
        return self.time if by == By.DATE else self.published


def month_of(time: datetime) -> str:
    """The month that a time is in, as 2026-11."""
    return time.date().isoformat()[:7]


@dataclass(slots=True)
class GraphCounts:
    """Of one graph: how many concepts it has, and how many events by order, month and kind."""

    concepts: int = 0
    months: dict[str, dict[str, Counter[str]]] = field(
        default_factory=lambda: {by: {} for by in By}
    )

    def count(self, event: Event, times: int) -> None:
        """Take note that an event came, or went with -1."""
        for by in By:
            month = month_of(event.at(by))
            kinds = self.months[by].setdefault(month, Counter())
            kinds[event.kind] += times
            if not +kinds:
                del self.months[by][month]


def schema() -> tantivy.Schema:
    """The fields of a document: one event of one concept."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "month"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for by in By:
        builder.add_integer_field(by, indexed=True, fast=True)
        builder.add_unsigned_field(order_field(by), fast=True)
    builder.add_bytes_field("stored", stored=True, indexed=False)
    return builder.build()


def order_field(by: By) -> str:
    """The field that puts events into an order that lasts, also those of one second."""
    return f"{by}_order"


SCHEMA = schema()


def term(name: str, value: str) -> tantivy.Query:
    """The documents that have exactly this value in a field."""
    return tantivy.Query.term_query(SCHEMA, name, value, index_option="basic")


def month_key(graph: str, by: By, month: str, kind: str) -> str:
    """The term that all events of a kind share in one graph and month of an order."""
    return f"{graph}\t{by}\t{month}\t{kind}"


def seconds(time: datetime) -> int:
    """A time as the index has it: seconds since the year 1."""
    return int((time - BEGINNING).total_seconds())


class ChangesProjection:
    """The lists in ``directory``/changes, open for writing."""

    name = "changes"
    takes_each = True  # a change has a time

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        self._skipped = self._path / "skipped"  # the number of the last change that says nothing
        try:
            self._index = tantivy.Index.open(str(self._path))
            self._number, self._counts = read_counts(self._index.searcher())
            if self._skipped.exists():
                self._number = max(self._number, int(self._skipped.read_text()))
        except (OSError, ValueError):  # new, damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._path.mkdir(parents=True, exist_ok=True)  # a reader may put its lock there again
            self._index = tantivy.Index(SCHEMA, path=str(self._path))
            self._number, self._counts = 0, {}

    def position(self) -> int:
        """The number of the last change that the lists hold."""
        return self._number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: the lists wait for their turn."""

    def apply(self, change: Patch, number: int, _store: Store) -> None:
        """Take in what a change says of concepts: all of it and its number, or nothing.

        Raises TypeError for a patch that was never logged: it has no time.
        """
        if not isinstance(change, LoggedChange):
            raise TypeError(f"{change!r} was never logged.")
        if number <= self._number:
            return
        if is_of_catalogs(change.graph):  # its concepts are of other vocabularies
            unfinished = self._skipped.with_suffix(".new")
            unfinished.write_text(str(number))
            unfinished.replace(self._skipped)
            self._number = number
            return
        touched, facts = read_facts(change)
        few = len(touched) <= FEW
        writer = self._index.writer(SMALL_MEMORY if few else MEMORY, 1 if few else 0)
        writer.garbage_collect_files()  # of a process that died: their names are in the way
        counts = self._counts.setdefault(str(change.graph), GraphCounts())
        past = _Past(self._index, counts, change.graph, write_time(change.time))
        for own, documents in past.rewritten(touched, facts):
            writer.delete_documents_by_term("key", own)
            for document in documents:
                writer.add_document(document)
        writer.delete_documents_by_term("key", COUNTS)
        writer.add_document(_counted(number, self._counts))
        writer.commit()
        writer.wait_merging_threads()
        self._number = number

    def snapshot(self, directory: Path) -> None:
        """Link the index's files, which never change, into a snapshot's directory."""
        link_files(self._path, directory / self.name)

    def close(self) -> None:
        """Release the index's files."""
        self.__dict__.pop("_index", None)


class _Past:
    """What the concepts of a graph went through, while a change is taken in."""

    def __init__(self, index: tantivy.Index, counts: GraphCounts, graph: URIRef, time: str) -> None:
        index.reload()
        self._searcher = index.searcher()
        self._counts = counts
        self._graph = graph
        self._time = time
        self._is_first = not counts.concepts

    def rewritten(
        self, touched: set[str], facts: Mapping[str, list[Fact]]
    ) -> Iterator[tuple[str, list[tantivy.Document]]]:
        """The documents of every concept that the change touched, with the key they share."""
        undated = 0
        for concept, history, before in self._histories(touched, facts):
            was_concept = history.is_concept
            history.note(facts.get(concept, ()), self._time, is_first=self._is_first)
            self._counts.concepts += history.is_concept - was_concept
            undated += self._is_first and history.is_concept and not history.new
            after = self._events(concept, history, before)
            yield self._replaced(concept, before, after, history)
        if undated:
            own = str(self._graph)  # a name as the index keeps it
            _, before = self._look_up([own]).get(own, (None, []))
            came = Event(
                self._graph, self._graph, Kind.IMPORTED, self._time, self._time, concepts=undated
            )
            yield self._replaced(own, before, [came], History())

    def _events(self, concept: str, history: History, before: Sequence[Event]) -> list[Event]:
        """A concept's events now; what was known before keeps the time when it was noted."""
        noted = {(event.kind, event.date): event.noted for event in before}
        return [
            Event(
                self._graph,
                URIRef(concept),
                kind,
                date,
                noted.get((kind, date)) or self._noted(date),
                history.is_deprecated,
            )
            for kind, date in history.events()
        ]

    def _noted(self, date: str) -> str:
        is_past = span(date).start <= span(self._time).start
        return date if self._is_first and is_past else self._time

    def _replaced(
        self, concept: str, before: Sequence[Event], after: Sequence[Event], history: History
    ) -> tuple[str, list[tantivy.Document]]:
        for event in before:
            self._counts.count(event, -1)
        for event in after:
            self._counts.count(event, 1)
        own = key(self._graph, concept)
        if not after:
            return own, [_document(own, history)]
        return own, [_document(own, history, event) for event in after]

    def _histories(
        self, touched: set[str], facts: Mapping[str, list[Fact]]
    ) -> Iterator[tuple[str, History, list[Event]]]:
        """Each concept that a change touched, with its history and its events before it."""
        listed = sorted(touched - {str(self._graph)})
        for start in range(0, len(listed), ASKED):
            asked = listed[start : start + ASKED]
            known = self._look_up(asked)
            for concept in asked:
                if concept in known:
                    yield concept, *known[concept]
                elif (True, CONCEPT, "") in facts.get(concept, ()):
                    yield concept, History(), []

    def _look_up(self, concepts: Sequence[str]) -> dict[str, tuple[History, list[Event]]]:
        keys = [key(self._graph, concept) for concept in concepts]
        query = tantivy.Query.term_set_query(SCHEMA, "key", keys)
        # A concept has two events at most.
        hits = self._searcher.search(query, limit=2 * len(keys), count=False).hits
        found: dict[str, tuple[History, list[Event]]] = {}
        events: dict[str, list[Event]] = defaultdict(list)
        for _, address in hits:
            stored = read_stored(self._searcher, address)
            concept = stored["concept"]
            if event := to_event(stored):
                events[concept].append(event)
            found[concept] = History.from_json(stored["history"]), events[concept]
        return found


def read_stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """What a document says."""
    found: dict[str, Any] = json.loads(bytes(searcher.doc(address).get_first("stored") or b"{}"))
    return found


def to_event(stored: Mapping[str, Any]) -> Event | None:
    """The event of a document, or None when it only keeps the history of a concept."""
    if "kind" not in stored:
        return None
    return Event(
        graph=URIRef(stored["graph"]),
        concept=URIRef(stored["concept"]),
        kind=Kind(stored["kind"]),
        date=stored["date"],
        noted=stored["noted"],
        is_deprecated="deprecated" in stored["history"]["values"],
        concepts=stored.get("concepts", 0),
    )


def read_counts(searcher: tantivy.Searcher) -> tuple[int, Counts]:
    """The number of the last change and what it led to, by graph.

    Raises ValueError when the index is of another version.
    """
    hits = searcher.search(term("key", COUNTS), limit=1).hits
    found = read_stored(searcher, hits[0][1]) if hits else {}
    if found.get("version") != VERSION:
        raise ValueError(found.get("version"))
    counts = {
        graph: GraphCounts(
            of["concepts"],
            {
                by: {month: Counter(kinds) for month, kinds in months.items()}
                for by, months in of["months"].items()
            },
        )
        for graph, of in found["graphs"].items()
    }
    return found["number"], counts


def _counted(number: int, counts: Counts) -> tantivy.Document:
    graphs = {
        graph: {"concepts": of.concepts, "months": of.months}
        for graph, of in counts.items()
        if of.concepts or any(of.months.values())
    }
    return _stored(COUNTS, {"version": VERSION, "number": number, "graphs": graphs})


def _document(own: str, history: History, event: Event | None = None) -> tantivy.Document:
    graph, _, concept = own.partition("\t")
    kept: dict[str, Any] = {"graph": graph, "concept": concept, "history": history.to_json()}
    if event is None:
        return _stored(own, kept)
    about = {name: getattr(event, name) for name in ("kind", "date", "noted", "concepts")}
    document = _stored(own, kept | about)
    tie = crc32(f"{own}\t{event.kind}".encode()) >> 32 - TIE
    for by in By:
        at = event.at(by)
        document.add_text("month", month_key(graph, by, month_of(at), event.kind))
        document.add_integer(by, seconds(at))
        document.add_unsigned(order_field(by), seconds(at) << TIE | tie)
    return document


def _stored(own: str, content: Mapping[str, Any]) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("key", own)
    document.add_bytes("stored", _write_json(content).encode())
    return document
