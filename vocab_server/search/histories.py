"""Which changes of the log speak of which resource: a projection of the log (tantivy).

One document for every block of statements of a change, with the resources that the block names as
subject or object. So the history of one concept is found, and read, at a cost that depends neither
on the length of the log nor on the size of the imports in it.
"""

import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import tantivy
from rdflib import URIRef

from vocab_server.database.log import LoggedChange
from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.change import Patch
from vocab_server.rdf.composing import stream
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.search.documents import all_of, count, key
from vocab_server.search.index import MEMORY, SMALL_MEMORY, link_files
from vocab_server.store.base import Store

VERSION = 1  # of the documents; another one makes them be made anew
BLOCKS = 20  # bits of a place that number the blocks of a change
LAST = (1 << 64) - 1
MOST = 1_000  # times that a resource was given a type or lost one, that are looked at
SMALL = 20_000  # statements of a change that one thread indexes
MARK = f"reached {VERSION}"

NAMED, FIRST, CAME, WENT = "named", "first", "came", "went"
PLACE = "place"
_SUBJECT = re.compile(rb"^<([^>]*)>", re.MULTILINE)
_OBJECT = re.compile(rb" <([^>]*)> \.$", re.MULTILINE)
_TYPED = re.compile(
    rb"^<([^>]*)> <%b> <%b" % (re.escape(str(RDF.type).encode()), re.escape(str(SKOS).encode())),
    re.MULTILINE,
)


def schema() -> tantivy.Schema:
    """The fields of a document: one block of a change."""
    builder = tantivy.SchemaBuilder()
    for name in ("mark", NAMED, FIRST, CAME, WENT):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(PLACE, indexed=True, fast=True)
    return builder.build()


SCHEMA = schema()


def place(number: int, position: int = 0) -> int:
    """What blocks are ordered by: the number of the change, then the place in it."""
    return number << BLOCKS | position


class HistoriesProjection:
    """The documents in ``directory``/histories, open for writing."""

    name = "histories"
    takes_each = True  # a history is made of changes as they were logged

    def __init__(self, directory: Path) -> None:
        self._path = directory / self.name
        try:
            self._index = tantivy.Index.open(str(self._path))
            self._number = read_position(self._index.searcher())
        except (OSError, ValueError):  # new, damaged, or of another version: made anew
            shutil.rmtree(self._path, ignore_errors=True)
            self._path.mkdir(parents=True, exist_ok=True)  # a reader may put its lock there again
            self._index = tantivy.Index(SCHEMA, path=str(self._path))
            self._number = 0

    def position(self) -> int:
        """The number of the last change that is taken in."""
        return self._number

    def begin(self, _patch: Patch, _number: int) -> None:
        """See Projection: nothing can begin."""

    def apply(self, change: Patch, number: int, _store: Store) -> None:
        """Note what a change speaks of: all of it and its number, or nothing.

        Raises TypeError for a patch that was never logged.
        """
        if not isinstance(change, LoggedChange):
            raise TypeError(f"{change!r} was never logged.")
        if number <= self._number:
            return
        is_small = change.added + change.removed <= SMALL
        writer = self._index.writer(SMALL_MEMORY if is_small else MEMORY, int(is_small))
        writer.garbage_collect_files()  # of a process that died: their names are in the way
        for document in _documents(change):
            writer.add_document(document)
        writer.delete_documents_by_term("mark", MARK)
        reached = tantivy.Document()
        reached.add_text("mark", MARK)
        reached.add_unsigned(PLACE, number)
        writer.add_document(reached)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._number = number

    def snapshot(self, directory: Path) -> None:
        """Link the index's files, which never change, into a snapshot's directory."""
        link_files(self._path, directory / self.name)

    def close(self) -> None:
        """Release the index's files."""
        self.__dict__.pop("_index", None)


def read_position(searcher: tantivy.Searcher) -> int:
    """The number of the last change. Raises ValueError when the index is of another version."""
    hits = _places(searcher, _term("mark", MARK), limit=1)
    if not hits:
        raise ValueError(MARK)
    return hits[0]


def _documents(change: LoggedChange) -> Iterator[tantivy.Document]:
    seen: set[bytes] = set()
    for position, (is_removal, block) in enumerate(stream(change)):  # as the log numbers them
        names = {*_SUBJECT.findall(block), *_OBJECT.findall(block)}
        document = tantivy.Document()
        document.add_unsigned(PLACE, place(change.number, position))
        _say(document, change.graph, NAMED, names)
        _say(document, change.graph, FIRST, names - seen)
        _say(document, change.graph, WENT if is_removal else CAME, set(_TYPED.findall(block)))
        seen |= names
        yield document


def _say(document: tantivy.Document, graph: URIRef, name: str, resources: set[bytes]) -> None:
    for resource in sorted(resources):
        document.add_text(name, key(graph, resource.decode()))


class Histories:
    """What a snapshot knows of the past of resources, open for reading.

    Raises StoreUnavailableError when the snapshot knows nothing: it is of an older version.
    """

    def __init__(self, snapshot: Path) -> None:
        try:
            path = str(snapshot / HistoriesProjection.name)
            self._searcher = tantivy.Index.open(path).searcher()
            read_position(self._searcher)
        except (OSError, ValueError) as error:
            raise StoreUnavailableError(
                "The histories of concepts are of another version. Run: vocab-server rebuild"
            ) from error

    def page(
        self, graph: URIRef, resource: URIRef, *, limit: int, offset: int = 0, until: int = 0
    ) -> tuple[list[int], int]:
        """A part of the changes that speak of a resource, newest first, and how many there are.

        Up to the change ``until``, that one too, when it is given.
        """
        query = _term(FIRST, key(graph, resource))
        if until:
            query = all_of(query, _between(0, place(until + 1) - 1))
        places = _places(self._searcher, query, limit=limit, offset=offset)
        return [found >> BLOCKS for found in places], count(self._searcher, query)

    def after(self, graph: URIRef, resource: URIRef, number: int, *, limit: int) -> list[int]:
        """The first changes after this one that speak of a resource, oldest first."""
        query = all_of(_term(FIRST, key(graph, resource)), _between(place(number + 1), LAST))
        places = _places(self._searcher, query, limit=limit, order=tantivy.Order.Asc)
        return [found >> BLOCKS for found in places]

    def blocks(
        self, graph: URIRef, resource: URIRef, number: int, *, until: int = 0, limit: int
    ) -> list[tuple[int, int]]:
        """The blocks that speak of a resource in a change, or in all from it up to ``until``.

        Each as the number of the change and the place in it, newest change first, in it from the
        last block to the first.
        """
        last = place((until or number) + 1) - 1
        query = all_of(_term(NAMED, key(graph, resource)), _between(place(number), last))
        places = _places(self._searcher, query, limit=limit)
        return [(found >> BLOCKS, found & (1 << BLOCKS) - 1) for found in places]

    def first(self, graph: URIRef, resource: URIRef) -> int | None:
        """The first change that speaks of a resource, or None when there is none."""
        return next(iter(self.after(graph, resource, 0, limit=1)), None)

    def there_at(self, graph: URIRef, resource: URIRef, numbers: Sequence[int]) -> set[int]:
        """At which of these changes a resource was a concept, or something else of SKOS."""
        own = key(graph, resource)
        came, went = (
            [found >> BLOCKS for found in _places(self._searcher, _term(name, own), limit=MOST)]
            for name in (CAME, WENT)
        )
        return _there(came, went, numbers)


def _there(came: Collection[int], went: Collection[int], numbers: Sequence[int]) -> set[int]:
    """The numbers at which more came than went; both in one change mean another type."""
    turns = sorted(
        {(number, True) for number in came} | {(n, False) for n in went if n not in came}
    )
    spans = pairwise([*turns, (LAST, False)])
    times = [(start, end) for (start, is_there), (end, _) in spans if is_there]
    return {number for number in numbers if any(start <= number < end for start, end in times)}


def _places(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    *,
    limit: int,
    offset: int = 0,
    order: tantivy.Order = tantivy.Order.Desc,
) -> list[int]:
    if limit < 1:
        return []
    result = searcher.search(
        query, limit=limit, offset=offset, count=False, order_by_field=PLACE, order=order
    )
    return [int(found) for found, _ in result.hits]


def _term(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, name, value, index_option="basic")


def _between(first: int, last: int) -> tantivy.Query:
    return tantivy.Query.range_query(SCHEMA, PLACE, tantivy.FieldType.Unsigned, first, last)
