"""Pages of what is new, changed and deprecated, newest or oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tantivy
from rdflib import URIRef

from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.dates import Span
from vocab_server.search.changes import (
    BEGINNING,
    SCHEMA,
    ChangesProjection,
    Event,
    month_key,
    read_counts,
    read_stored,
    seconds,
    term,
    to_event,
)
from vocab_server.search.index import all_of, any_of, count
from vocab_server.skos.history import Kind

ALWAYS = Span(BEGINNING, datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for: of these graphs and kinds, within a time."""

    graphs: tuple[URIRef, ...]
    kinds: tuple[Kind, ...] = tuple(Kind)
    within: Span = ALWAYS


class ChangeLists:
    """The lists of a snapshot, open for reading.

    Raises StoreUnavailableError when the snapshot has none: it is of an older version.
    """

    def __init__(self, snapshot: Path) -> None:
        try:
            path = str(snapshot / ChangesProjection.name)
            self._searcher = tantivy.Index.open(path).searcher()
            _, self._counts = read_counts(self._searcher)
        except (OSError, ValueError) as error:
            raise StoreUnavailableError(
                "The lists of changes are of another version. Run: vocab-server rebuild"
            ) from error

    def page(
        self, wanted: Wanted, *, limit: int, offset: int = 0, oldest_first: bool = False
    ) -> tuple[list[Event], int]:
        """A part of the events that are wanted, and how many there are."""
        months = sorted(self._months(wanted).items(), reverse=not oldest_first)
        total = sum(counted for _, (counted, _) in months)
        terms: list[tantivy.Query] = []
        held = 0
        for _, (counted, found) in months:
            if offset >= counted and not terms:
                offset -= counted
            elif held < offset + limit:
                terms += found
                held += counted
        if not terms:
            return [], total
        return self._found(_within(any_of(*terms), wanted), limit, offset, oldest_first), total

    def _months(self, wanted: Wanted) -> dict[str, tuple[int, list[tantivy.Query]]]:
        """How many events each month has of those wanted, and the terms that find them."""
        first, last = (
            time.date().isoformat()[:7] for time in (wanted.within.start, wanted.within.end)
        )
        months: dict[str, tuple[int, list[tantivy.Query]]] = {}
        for graph in wanted.graphs:
            of = self._counts.get(str(graph))
            for month, kinds in of.months.items() if of else ():
                there = [kind for kind in wanted.kinds if kinds[kind]]
                if first <= month <= last and there:
                    before, terms = months.get(month, (0, []))
                    found = [term("month", month_key(graph, month, kind)) for kind in there]
                    months[month] = before + sum(kinds[kind] for kind in there), terms + found
        for month in {first, last} & months.keys():
            terms = months[month][1]
            months[month] = count(self._searcher, _within(any_of(*terms), wanted)), terms
        return {month: found for month, found in months.items() if found[0]}

    def _found(
        self, query: tantivy.Query, limit: int, offset: int, oldest_first: bool
    ) -> list[Event]:
        result = self._searcher.search(
            query,
            limit=limit,
            offset=offset,
            count=False,
            order_by_field="order",
            order=tantivy.Order.Asc if oldest_first else tantivy.Order.Desc,
        )
        return list(_events(self._searcher, (address for _, address in result.hits)))


def _events(searcher: tantivy.Searcher, addresses: Iterable[tantivy.DocAddress]) -> Iterable[Event]:
    for address in addresses:
        if event := to_event(read_stored(searcher, address)):
            yield event


def _within(query: tantivy.Query, wanted: Wanted) -> tantivy.Query:
    if wanted.within == ALWAYS:
        return query
    return all_of(
        query,
        tantivy.Query.range_query(
            SCHEMA,
            "time",
            tantivy.FieldType.Integer,
            seconds(wanted.within.start),
            seconds(wanted.within.end),
        ),
    )
