"""The part of a vocabulary that a small edit can break rules in, in a store of its own.

Why: a check looks through a whole vocabulary. Run over what surrounds the few resources that an
edit touches it takes milliseconds, whatever the size of the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, product

from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.rdf.change import Patch
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.query import Value, bind, is_iri
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore

FEW = 4_000  # resources that an edit may touch
LINKS = 200  # statements of a resource that are read where there may be any number
MANY = 40_000  # resources around them
HIGHEST = 60  # levels of the hierarchy that are walked
ASKED = 500  # resources that one query looks up

ELSEWHERE = URIRef("urn:vocab-server:elsewhere")  # holds what other graphs declare

_UP = (SKOS.broader, SKOS.broaderTransitive, SKOS.broadMatch)
_DOWN = (SKOS.narrower, SKOS.narrowerTransitive, SKOS.narrowMatch)
_BESIDE = (SKOS.related, SKOS.relatedMatch)
_NAMING = (SKOS.prefLabel, SKOS.notation)

# A parent may have 50 000 children: what lists others is read with a bound, and by itself.
_LISTING = "skos:narrower, skos:narrowerTransitive, skos:hasTopConcept, skos:member"
_SAID = f"""CONSTRUCT {{ ?focus ?path ?value }} WHERE {{ VALUES ?focus {{ $resources }}
    GRAPH $graph {{ ?focus ?path ?value }} FILTER (?path NOT IN ({_LISTING})) }}"""
_LISTED = f"""CONSTRUCT {{ $resource ?path ?value }} WHERE {{
    VALUES ?path {{ {_LISTING.replace(",", "")} }}
    GRAPH $graph {{ $resource ?path ?value }} }} LIMIT {LINKS}"""
_LEADING = f"""CONSTRUCT {{ ?focus ?path $resource }} WHERE {{
    GRAPH $graph {{ ?focus ?path $resource }} }} LIMIT {LINKS}"""
_NAMED = """CONSTRUCT { ?focus ?path ?value } WHERE { VALUES (?path ?value) { $names }
    GRAPH $graph { ?focus ?path ?value } }"""
# In pairs: of ten resources and some properties apart, the store reads all that has the properties.
_FORWARD = """CONSTRUCT { ?focus ?path ?value } WHERE { VALUES (?focus ?path) { $pairs }
    GRAPH $graph { ?focus ?path ?value } }"""
_BACKWARD = """CONSTRUCT { ?focus ?path ?value } WHERE { VALUES (?value ?path) { $pairs }
    GRAPH $graph { ?focus ?path ?value } }"""
_DECLARED = """CONSTRUCT { ?focus a ?value } WHERE { VALUES ?focus { $resources }
    GRAPH ?other { ?focus rdf:type ?value }
    FILTER (?other != $graph && ?value IN (skos:Concept, skos:ConceptScheme)) }"""
# What the vocabulary has somewhere: concept schemes, and a hierarchy at all.
_HAVING = (
    "CONSTRUCT { ?focus a skos:ConceptScheme } WHERE {"
    f" GRAPH $graph {{ ?focus a skos:ConceptScheme }} }} LIMIT {LINKS}",
    "CONSTRUCT { ?focus skos:broader ?value } WHERE {"
    " GRAPH $graph { ?focus skos:broader ?value } } LIMIT 1",
    "CONSTRUCT { ?focus skos:narrower ?value } WHERE {"
    " GRAPH $graph { ?focus skos:narrower ?value } } LIMIT 1",
)


Name = tuple[Identifier, Identifier]


class TooMuchError(Exception):
    """So much surrounds an edit that to look through all costs no more."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The resources that an edit touches, of which ``lowered`` are put under another.

    ``names`` are properties and values that it adds and that should be of one resource only.
    ``paths`` are all properties of its statements.
    """

    touched: frozenset[URIRef]
    lowered: frozenset[URIRef] = frozenset()
    names: frozenset[Name] = frozenset()
    paths: frozenset[URIRef] = frozenset()


def read_edited(patch: Patch) -> Edited:
    """What a patch touches. Raises TooMuchError for more than FEW resources."""
    touched: set[URIRef] = set()
    lowered: set[URIRef] = set()
    names: set[Name] = set()
    paths: set[URIRef] = set()
    for subject, path, value in _triples(patch.added_blocks()):
        _touch(touched, subject, path, value)
        paths.add(URIRef(path))
        if path in _UP:
            lowered.add(URIRef(subject))
        elif path in _DOWN:
            lowered.add(URIRef(value))
        elif path in _NAMING:
            names.add((path, value))
    for subject, path, value in _triples(patch.removed_blocks()):
        _touch(touched, subject, path, value)
        paths.add(URIRef(path))
    return Edited(frozenset(touched), frozenset(lowered), frozenset(names), frozenset(paths))


def surroundings(stores: Sequence[Reader], graph: URIRef, edit: Edited) -> Sequence[EmbeddedStore]:
    """What surrounds an edit in each of these stores, with the same resources in each.

    All that is said of what is touched, of what is linked with it or has the same name; the ways
    up, and down from what was put under another; and what matches it exactly. Who asks closes them.
    Raises TooMuchError.
    """
    reading = _Reading(stores, graph)
    touched = {iri for iri in edit.touched if is_iri(iri)}
    near = reading.near(touched, edit.names)
    walked = reading.walk(touched, _UP, _DOWN) | reading.walk(edit.lowered, _DOWN, _UP)
    for query in (_FORWARD, _BACKWARD):
        reading.read_paths(query, walked, _BESIDE)
    same = reading.walk(touched, (SKOS.exactMatch,), (SKOS.exactMatch,))
    reading.read(_SAID, (near | same) - touched)
    for query in _HAVING:
        reading.ask(query)
    return reading.stores_of(near)


@dataclass(slots=True)
class _Reading:
    """Lines of N-Triples out of one graph of several stores."""

    stores: Sequence[Reader]
    graph: URIRef
    found: list[set[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self.found = [set() for _ in self.stores]

    def ask(self, query: str, **values: Value) -> set[bytes]:
        """Keep what each store answers; all of it."""
        asked = bind(query, graph=self.graph, **values)
        answers = self._answers(asked)
        for kept, answer in zip(self.found, answers, strict=True):
            kept.update(answer)
        return set().union(*answers)

    def read(self, query: str, resources: Iterable[URIRef]) -> set[bytes]:
        """See ask: of so many resources as there are."""
        lines = set[bytes]()
        for some in _parts(resources):
            lines |= self.ask(query, resources=some)
        return lines

    def read_paths(
        self, query: str, resources: Iterable[URIRef], paths: Sequence[URIRef]
    ) -> set[bytes]:
        """See ask: of so many resources as there are, what some properties say."""
        lines = set[bytes]()
        for some in _parts(resources):
            lines |= self.ask(query, pairs=list(product(some, paths)))
        return lines

    def near(self, touched: AbstractSet[URIRef], names: AbstractSet[Name]) -> set[URIRef]:
        """What is touched, linked with it or has the same name; reads what is said of the first."""
        lines = self.read(_SAID, touched)
        names = names | {
            (path, value) for _, path, value in map(read_triple, lines) if path in _NAMING
        }
        for resource in sorted(touched):
            lines |= self.ask(_LISTED, resource=resource)
            lines |= self.ask(_LEADING, resource=resource)
        listed = sorted(names)
        for begin in range(0, len(listed), ASKED):
            lines |= self.ask(_NAMED, names=listed[begin : begin + ASKED])
        return set(touched) | set(_ends(lines))

    def walk(
        self, start: Iterable[URIRef], forward: Sequence[URIRef], backward: Sequence[URIRef]
    ) -> set[URIRef]:
        """All that is reached by some properties, and by others turned around."""
        seen: set[URIRef] = set()
        level = set(start)
        for _ in range(HIGHEST):
            if not level:
                return seen
            seen |= level
            if len(seen) > MANY:
                raise TooMuchError
            lines = self.read_paths(_FORWARD, level, forward)
            lines |= self.read_paths(_BACKWARD, level, backward)
            level = set(_ends(lines)) - seen
        raise TooMuchError

    def stores_of(self, near: Iterable[URIRef]) -> list[EmbeddedStore]:
        """What was found, and what other graphs say that the resources near by are."""
        made = [EmbeddedStore.in_memory() for _ in self.stores]
        for part, lines in zip(made, self.found, strict=True):
            part.add(self.graph, lines)
        for some in _parts(near):
            answers = self._answers(bind(_DECLARED, graph=self.graph, resources=some))
            for part, declared in zip(made, answers, strict=True):
                part.add(ELSEWHERE, declared)
        return made

    def _answers(self, query: str) -> list[list[bytes]]:
        """What each store answers; a store that is there twice is asked once."""
        known: dict[int, list[bytes]] = {}
        for store in self.stores:
            if id(store) not in known:
                known[id(store)] = store.lines(query)
        return [known[id(store)] for store in self.stores]


def _parts(resources: Iterable[URIRef]) -> Iterator[list[URIRef]]:
    listed = sorted(resources)
    if len(listed) > MANY:
        raise TooMuchError
    return (listed[begin : begin + ASKED] for begin in range(0, len(listed), ASKED))


def _triples(blocks: Iterable[bytes]) -> Iterator[tuple[Identifier, Identifier, Identifier]]:
    return map(read_triple, chain.from_iterable(block.splitlines() for block in blocks))


def _touch(touched: set[URIRef], *triple: Identifier) -> None:
    subject, path, value = triple
    touched.add(URIRef(subject))
    if isinstance(value, URIRef) and path != RDF.type:
        touched.add(value)
    if len(touched) > FEW:
        raise TooMuchError


def _ends(lines: Iterable[bytes]) -> Iterator[URIRef]:
    for subject, path, value in map(read_triple, lines):
        yield URIRef(subject)
        if isinstance(value, URIRef) and path != RDF.type and is_iri(value):
            yield value
