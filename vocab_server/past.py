"""What concepts and vocabularies went through, and what the graph said of a concept back then.

A state of the past is made from that of the present and what the log says of the concept since:
the changes are taken back one by one, and only the blocks that speak of the concept are read.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from flask import request
from rdflib import URIRef

from vocab_server.database.log import Block, LoggedChange
from vocab_server.errors import InvalidError, NotFoundError, TooLargeError
from vocab_server.gone import refuse_withdrawn, without_withdrawn
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.query import bind, is_iri
from vocab_server.reading import view
from vocab_server.search.histories import Histories
from vocab_server.services import services
from vocab_server.skos.telling import Told, tell
from vocab_server.store.snapshots import number_of

WHOLE = 500  # statements of a change that is read as a whole for what it says of one concept
BLOCKS = 8  # blocks of one change that are read for one concept
READ = 400  # blocks that are read to make a state of the past
BYTES = 400_000_000  # of statements that are read for it, a second or two
SAID = 20_000  # statements with a concept that a state may have

_SAYS = """SELECT ?s ?p ?o WHERE { GRAPH $graph {
    { $resource ?p ?o BIND ($resource AS ?s) } UNION { ?s ?p $resource BIND ($resource AS ?o) }
    } } LIMIT $most"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in a history, with what it does in words.

    ``told`` is None when it is too big to be told here; ``change`` holds what was read of it.
    """

    logged: LoggedChange
    change: Change | None
    told: list[Told] | None

    @property
    def size(self) -> int:
        """How many statements the change adds and removes, in all."""
        return self.logged.added + self.logged.removed


def history_page(
    graph: URIRef, resource: URIRef | None, *, limit: int, offset: int
) -> tuple[list[Entry], int]:
    """A page of what happened to a vocabulary, or to one resource of it; and how much there is."""
    if resource is None:
        return vocabulary_history(graph, limit=limit, offset=offset)
    return concept_history(graph, resource, limit=limit, offset=offset)


def vocabulary_history(graph: URIRef, *, limit: int, offset: int) -> tuple[list[Entry], int]:
    """A page of what happened to a vocabulary, newest first, and how much there is."""
    now = number_of(view().path)
    found, total = services().log.newest(graph, until=now, limit=limit, offset=offset)
    gone = services().withdrawn.of(graph)
    return [_whole(logged, gone) for logged in found], total


def concept_history(
    graph: URIRef, resource: URIRef, *, limit: int, offset: int
) -> tuple[list[Entry], int]:
    """A page of what happened to a concept, newest first, and how much there is."""
    numbers, total = view().histories.page(graph, resource, limit=limit, offset=offset)
    found, gone = services().log.numbered(numbers), services().withdrawn.of(graph)
    return [_about(found[number], resource, gone) for number in numbers], total


def get_change(graph: URIRef, number: int) -> LoggedChange:
    """A change of a vocabulary that is published. Raises NotFoundError."""
    found = services().log.numbered([number]).get(number)
    if found is None or found.graph != graph or number > number_of(view().path):
        raise NotFoundError("There is no change %(number)s of this vocabulary.", number=number)
    return found


def change_entry(
    logged: LoggedChange, resource: URIRef | None = None, *, most: int = WHOLE
) -> Entry:
    """One change, told when it has at most so many statements; of it what is about a resource."""
    gone = services().withdrawn.of(logged.graph)
    return _about(logged, resource, gone, most) if resource else _whole(logged, gone, most)


def changes_since(logged: LoggedChange, resource: URIRef, limit: int) -> list[Entry]:
    """What was done to a resource after a change, oldest first."""
    numbers = view().histories.after(logged.graph, resource, logged.number, limit=limit)
    found, gone = services().log.numbered(numbers), services().withdrawn.of(logged.graph)
    return [_about(found[number], resource, gone) for number in numbers]


def named_resource(graph: URIRef) -> URIRef | None:
    """The concept that ``?iri=`` names, None without one.

    Raises InvalidError for what is no IRI, NotFoundError for one that the graph never spoke of.
    """
    text = request.args.get("iri", "").strip()
    if not text:
        return None
    if not is_iri(text):
        raise InvalidError("%(text)s is no IRI. Give the address of a concept as ?iri=.", text=text)
    resource = URIRef(text)
    refuse_withdrawn(text)
    if view().histories.first(graph, resource) is None:
        raise NotFoundError("This vocabulary never had anything named %(text)s.", text=text)
    return resource


def shown_author(logged: LoggedChange) -> str:
    """Who made a change, by the name of the account; "" when that would be an e-mail address."""
    return "" if "@" in logged.author else logged.author


def _whole(logged: LoggedChange, gone: Collection[str], most: int = WHOLE) -> Entry:
    if logged.added + logged.removed > most:
        return Entry(logged, None, None)
    change = without_withdrawn(read_change(logged), gone)
    return Entry(logged, change, tell(change))


def _about(
    logged: LoggedChange, resource: URIRef, gone: Collection[str], most: int = WHOLE
) -> Entry:
    """What a change does to a resource; of a big one, what its own statements tell."""
    if logged.added + logged.removed <= most:
        change = without_withdrawn(read_change(logged), gone)
        return Entry(logged, own_part(change, resource), _concerning(tell(change), resource))
    places = view().histories.blocks(logged.graph, resource, logged.number, limit=BLOCKS)
    blocks = (services().log.block(*place) for place in places)
    change = without_withdrawn(_change(logged.graph, _lines(blocks, resource)), gone)
    return Entry(logged, change, _concerning(tell(change), resource))


def _concerning(told: Iterable[Told], resource: URIRef) -> list[Told]:
    return [item for item in told if resource in (item.concept, *item.before, *item.after)]


def own_part(change: Change, resource: URIRef) -> Change:
    """The part of a change that speaks of a resource."""
    added, removed = (
        frozenset(triple for triple in some if resource in (triple[0], triple[2]))
        for some in (change.added, change.removed)
    )
    return Change(change.graph, added, removed)


def _lines(blocks: Iterable[Block], resource: URIRef) -> Iterator[tuple[bool, bytes]]:
    """The lines with a resource as subject or object, in order."""
    wanted = f"<{resource}>".encode()
    for is_removal, block in blocks:
        start = block.find(wanted)
        while start >= 0:
            begin, end = block.rfind(b"\n", 0, start) + 1, block.find(b"\n", start)
            line = block[begin : end if end >= 0 else None]
            if line.startswith(wanted) or line.endswith(wanted + b" ."):
                yield is_removal, line
            start = block.find(wanted, begin + len(line))


def _change(graph: URIRef, lines: Iterable[tuple[bool, bytes]]) -> Change:
    read: dict[bool, set[Triple]] = {True: set(), False: set()}
    for is_removal, line in lines:
        read[is_removal].add(read_triple(line))
    return Change(graph, frozenset(read[False]), frozenset(read[True]))


def state_at(graph: URIRef, resource: URIRef, number: int) -> frozenset[Triple]:
    """What the graph said with a resource as subject or object after a change of the log.

    Raises TooLargeError when that is too much, or too much happened since.
    """
    here, read = view(), services().log.block
    query = _SAYS.replace("$most", str(SAID + 1))
    rows = here.store.select(bind(query, graph=graph, resource=resource))
    if len(rows) > SAID:
        raise TooLargeError(
            "More than %(said)s statements speak of %(resource)s: too many to look at.",
            said=SAID,
            resource=resource,
        )
    now = {(row["s"], row["p"], row["o"]) for row in rows}
    span = number, number_of(here.path)
    return taken_back(here.histories, read, graph, resource, now, span)


def taken_back(
    histories: Histories,
    read: Callable[[int, int], Block],
    graph: URIRef,
    resource: URIRef,
    now: Iterable[Triple],
    span: tuple[int, int],
) -> frozenset[Triple]:
    """What was said of a resource after the first number of a span, when ``now`` is the last.

    Raises TooLargeError when more than READ blocks or BYTES bytes lie between.
    """
    number, last = span
    places = histories.blocks(graph, resource, number + 1, until=last, limit=READ + 1)
    if number >= last:
        return frozenset(now)
    if len(places) > READ:
        raise TooLargeError(
            "Too much happened to %(resource)s since change %(number)s.",
            resource=resource,
            number=number,
        )
    said, size = set(now), 0
    for place in places:
        found = read(*place)
        size += len(found[1])
        if size > BYTES:
            raise TooLargeError(
                "Too much happened to %(resource)s since change %(number)s.",
                resource=resource,
                number=number,
            )
        for is_removal, line in _lines([found], resource):
            (said.add if is_removal else said.discard)(read_triple(line))
    return frozenset(said)
