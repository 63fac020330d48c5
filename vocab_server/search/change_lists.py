"""Pages of what is new, changed and deprecated, newest first."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import tantivy
from rdflib import URIRef

from vocab_server.errors import StoreUnavailableError
from vocab_server.rdf.dates import Span
from vocab_server.search.changes import (
    BEGINNING,
    SCHEMA,
    By,
    ChangesProjection,
    Event,
    month_key,
    month_of,
    order_field,
    read_counts,
    read_stored,
    seconds,
    term,
    to_event,
)
from vocab_server.search.documents import all_of, any_of, count, key
from vocab_server.skos.history import Kind

ALWAYS = Span(BEGINNING, datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for: of these graphs and kinds, within a time; and in which order."""

    graphs: tuple[URIRef, ...]
    kinds: tuple[Kind, ...] = tuple(Kind)
    within: Span = ALWAYS
    by: By = By.DATE


@dataclass(slots=True)
class _Month:
    """How many events a month has of those wanted, and the terms that find them."""

    count: int = 0
    terms: list[str] = field(default_factory=list)


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

    def has(self, graph: URIRef, concept: URIRef) -> bool:
        """Whether a graph ever had a concept, also one that is removed."""
        return bool(count(self._searcher, term("key", key(graph, concept))))

    def page(self, wanted: Wanted, *, limit: int, offset: int = 0) -> tuple[list[Event], int]:
        """A part of the events that are wanted, newest first, and how many there are."""
        months = [month for _, month in sorted(self._months(wanted).items(), reverse=True)]
        total = sum(month.count for month in months)
        terms: list[str] = []
        held = 0
        for month in months:
            if offset >= month.count and not terms:
                offset -= month.count
            elif held < offset + limit:
                terms += month.terms
                held += month.count
        return self._found(terms, wanted, limit, offset) if terms else [], total

    def _months(self, wanted: Wanted) -> dict[str, _Month]:
        """The months in which there is something, by name."""
        first, last = month_of(wanted.within.start), month_of(wanted.within.end)
        months: dict[str, _Month] = defaultdict(_Month)
        for graph in wanted.graphs:
            of = self._counts.get(str(graph))
            for name, kinds in of.months[wanted.by].items() if of else ():
                if first <= name <= last:
                    month = months[name]
                    for kind in (kind for kind in wanted.kinds if kinds[kind]):
                        month.count += kinds[kind]
                        month.terms.append(month_key(graph, wanted.by, name, kind))
        for name in {first, last} & months.keys():
            month = months[name]
            month.count = count(self._searcher, _query(month.terms, wanted)) if month.terms else 0
        return {name: month for name, month in months.items() if month.count}

    def _found(self, terms: list[str], wanted: Wanted, limit: int, offset: int) -> list[Event]:
        result = self._searcher.search(
            _query(terms, wanted),
            limit=limit,
            offset=offset,
            count=False,
            order_by_field=order_field(wanted.by),
            order=tantivy.Order.Desc,
        )
        stored = (read_stored(self._searcher, address) for _, address in result.hits)
        return [event for event in map(to_event, stored) if event]


def _query(terms: list[str], wanted: Wanted) -> tantivy.Query:
    in_months = any_of(*(term("month", value) for value in terms))
    if wanted.within == ALWAYS:
        return in_months
    return all_of(
        in_months,
        tantivy.Query.range_query(
            SCHEMA,
            wanted.by,
            tantivy.FieldType.Integer,
            seconds(wanted.within.start),
            seconds(wanted.within.end),
        ),
    )
