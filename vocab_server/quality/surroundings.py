"""The part of a vocabulary that a small edit can break rules in, in a store of its own.

Why: a check looks through a whole vocabulary. Run over what surrounds the few resources that an
edit touches it takes milliseconds, whatever the size of the rest.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product

from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.rdf.change import Patch
from vocab_server.rdf.namespaces import OWL, RDF, SKOS
from vocab_server.rdf.ntriples import read_object
from vocab_server.rdf.query import Value, bind, is_iri
from vocab_server.store.base import Reader
from vocab_server.store.embedded import EmbeddedStore

FEW = 4_000  # resources that an edit may touch
LINKS = 200  # statements of a resource that are read where there may be any number
USUAL = 60  # statements about a resource; where many have more they are read in other ways
ROOM = 4_000  # statements that one query reads where a resource may have any number
MANY = 40_000  # resources around them
HIGHEST = 60  # levels of the hierarchy that are walked
ASKED = 500  # resources that one query looks up

ELSEWHERE = URIRef("urn:vocab-server:elsewhere")  # holds what other graphs declare

_UP = (SKOS.broader, SKOS.broaderTransitive, SKOS.broadMatch)
_DOWN = (SKOS.narrower, SKOS.narrowerTransitive, SKOS.narrowMatch)
_BESIDE = (SKOS.related, SKOS.relatedMatch)
_SAME = (SKOS.exactMatch,)
_NAMING = (SKOS.prefLabel, SKOS.notation)

# A parent may have 50 000 children: what lists others is read with a bound, and by itself.
_LISTING = "skos:narrower, skos:narrowerTransitive, skos:hasTopConcept, skos:member"
_WHOLE = """CONSTRUCT { ?focus ?path ?value } WHERE { VALUES ?focus { $resources }
    GRAPH $graph { ?focus ?path ?value } }"""
_SAID = f"{_WHOLE[:-1]} FILTER (?path NOT IN ({_LISTING})) }}"
_LISTED = f"{_WHOLE[:-1]} FILTER (?path IN ({_LISTING})) }}"
_LEADING = """CONSTRUCT { ?focus ?path ?value } WHERE { VALUES ?value { $resources }
    GRAPH $graph { ?focus ?path ?value } }"""
_NAMED = """CONSTRUCT { ?focus ?path ?value } WHERE { VALUES (?named ?path ?value) { $names }
    GRAPH $graph { ?focus ?path ?value } FILTER (?focus != ?named) }"""
# In pairs: of ten resources and some properties apart, the store reads all that has the properties.
_STEP = """CONSTRUCT { ?focus ?path ?value } WHERE {
    { VALUES (?focus ?path) { $forward } GRAPH $graph { ?focus ?path ?value } }
    UNION { VALUES (?value ?path) { $backward } GRAPH $graph { ?focus ?path ?value } } }"""
_USED = """CONSTRUCT { ?path a ?path } WHERE { VALUES ?path { $paths }
    FILTER EXISTS { GRAPH $graph { ?focus ?path ?value } } }"""
_DECLARED = """CONSTRUCT { ?focus a ?value } WHERE { VALUES ?focus { $resources }
    GRAPH ?other { ?focus rdf:type ?value }
    FILTER (?other != $graph && ?value IN (skos:Concept, skos:ConceptScheme)) }"""
# What the vocabulary has somewhere: concept schemes, and a hierarchy at all.
_HAVING = f"""CONSTRUCT {{ ?focus ?path ?value }} WHERE {{
    {{ SELECT ?focus (rdf:type AS ?path) (skos:ConceptScheme AS ?value) WHERE {{
      GRAPH $graph {{ ?focus a skos:ConceptScheme }} }} LIMIT {LINKS} }}
    UNION {{ SELECT ?focus (skos:broader AS ?path) ?value WHERE {{
      GRAPH $graph {{ ?focus skos:broader ?value }} }} LIMIT SOME }}
    UNION {{ SELECT ?focus (skos:narrower AS ?path) ?value WHERE {{
      GRAPH $graph {{ ?focus skos:narrower ?value }} }} LIMIT SOME }} }}"""


Name = tuple[URIRef, URIRef, Identifier]  # who has it, by which property
_Term = bytes  # as N-Triples writes it: terms as objects are compared at ten times the cost


def _written(iris: Iterable[URIRef]) -> frozenset[_Term]:
    return frozenset(f"<{iri}>".encode() for iri in iris)


_TYPE = f"<{RDF.type}>".encode()
_UPWARD, _DOWNWARD, _NAMES = _written(_UP), _written(_DOWN), _written(_NAMING)
_GROUPING = _written((SKOS.inScheme, OWL.deprecated))  # tell who must not have the same name
_EDGES = _written((SKOS.broader, SKOS.narrower))


class TooMuchError(Exception):
    """So much surrounds an edit that to look through all costs no more."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The resources that an edit touches, of which ``lowered`` are put under another.

    ``names`` are those that it gives and that should be of one resource only, ``regrouped`` is what
    must share its names with others than before. ``paths`` are all properties of its statements,
    ``loosened`` is how many it takes from the hierarchy.
    """

    touched: frozenset[URIRef]
    lowered: frozenset[URIRef] = frozenset()
    names: frozenset[Name] = frozenset()
    regrouped: frozenset[URIRef] = frozenset()
    paths: frozenset[URIRef] = frozenset()
    loosened: int = 0


def read_edited(patch: Patch) -> Edited:
    """What a patch touches. Raises TooMuchError for more than FEW resources."""
    touched: set[_Term] = set()
    lowered: set[_Term] = set()
    names: set[Name] = set()
    regrouped: set[_Term] = set()
    paths: set[_Term] = set()
    loosened = 0
    for subject, path, value in _touching(patch.added_blocks(), touched):
        paths.add(path)
        if path in _UPWARD:
            lowered.add(subject)
        elif path in _DOWNWARD:
            lowered.add(value)
        elif path in _NAMES:
            names.add(_name(subject, path, value))
        elif path in _GROUPING:
            regrouped.add(subject)
    for subject, path, _ in _touching(patch.removed_blocks(), touched):
        paths.add(path)
        loosened += path in _EDGES
        if path in _GROUPING:
            regrouped.add(subject)
    return Edited(
        touched=_named(touched),
        lowered=_named(lowered),
        names=frozenset(names),
        regrouped=_named(regrouped),
        paths=_named(paths),
        loosened=loosened,
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Lines of N-Triples out of one graph, and what other graphs declare some resources to be."""

    graph: URIRef
    lines: Collection[bytes]
    declared: Collection[bytes]

    def store(self, patch: Patch | None = None) -> EmbeddedStore:
        """They in a store of their own, with a patch made; who asks closes it."""
        part = EmbeddedStore.in_memory()
        part.add(self.graph, self.lines)
        part.add(ELSEWHERE, self.declared)
        if patch is not None:
            part.remove(self.graph, patch.removed_blocks())
            part.add(self.graph, patch.added_blocks())
        return part

    def take_back(self, patch: Patch, part: EmbeddedStore) -> None:
        """Make of such a store with a patch the one without."""
        changed = {line.split(b" ", 1)[0] for line in _lines(patch)}
        part.remove(self.graph, patch.added_blocks())
        part.add(self.graph, [line for line in self.lines if line.split(b" ", 1)[0] in changed])


def surroundings(store: Reader, graph: URIRef, edit: Edited) -> Surroundings:
    """What surrounds an edit that is not made yet; with its patch, what will surround it.

    All that is said of what is touched, of what is linked with it or has the same name; the ways
    up, and down from what was put under another; and what matches it exactly. That is enough for
    afterwards as well: what an edit links is touched at both ends. Raises TooMuchError.
    """
    reading = _Reading(store, graph)
    touched = _written(filter(is_iri, edit.touched))
    naming = _written(edit.regrouped) if edit.paths else touched
    near = reading.near(touched, edit.names, naming)
    walked = reading.walk(touched, _UP, _DOWN)
    walked |= reading.walk(_written(edit.lowered), _DOWN, _UP)
    reading.follow(walked, _BESIDE, _BESIDE)
    same = reading.walk(touched, _SAME, _SAME)
    reading.read(_SAID, (near | same) - touched)
    reading.ask(_HAVING.replace("SOME", str(edit.loosened + 1)))
    return Surroundings(graph, reading.found, reading.declared(near))


class _Reading:
    """Lines of N-Triples out of one graph of a store."""

    def __init__(self, store: Reader, graph: URIRef) -> None:
        self._store = store
        self._graph = graph
        self.found: set[bytes] = set()
        # Those of which all that they say, and all that is said to lead to them, is found.
        self._saying: set[_Term] = set()
        self._led_to: set[_Term] = set()

    def ask(self, query: str, **values: Value) -> list[bytes]:
        """Keep what the store answers; all of it."""
        lines = self._answer(query, **values)
        self.found.update(lines)
        return lines

    def read(self, query: str, resources: Collection[_Term]) -> None:
        """See ask: of so many resources as there are."""
        for some in _parts(resources):
            self.ask(query, resources=_iris(some))

    def near(
        self, touched: Collection[_Term], names: Iterable[Name], naming: Collection[_Term]
    ) -> set[_Term]:
        """What is touched, linked with it or has the same name; reads what is said of the first.

        By the ``names`` that it gets, and by those that what is in ``naming`` has.
        """
        for some in _parts(touched):
            self._read_whole(some)
            self._led_to |= self._read_bounded(_LEADING, some)
        listed = list({*names, *self._names(naming)})
        for begin in range(0, len(listed), ASKED):
            self.ask(_NAMED, names=listed[begin : begin + ASKED])
        return {*touched, *_ends(self.found)}

    def _names(self, resources: Collection[_Term]) -> Iterator[Name]:
        for subject, path, value in map(_split, self.found if resources else ()):
            if path in _NAMES and subject in resources:
                yield _name(subject, path, value)

    def walk(
        self, start: Iterable[_Term], forward: Sequence[URIRef], backward: Sequence[URIRef]
    ) -> set[_Term]:
        """All that is reached by some properties, and by others turned around."""
        seen: set[_Term] = set()
        level = set(start)
        for _ in range(HIGHEST):
            if not level:
                return seen
            seen |= level
            if len(seen) > MANY:
                raise TooMuchError
            level = self.follow(level, forward, backward) - seen
        raise TooMuchError

    def follow(
        self, level: set[_Term], forward: Sequence[URIRef], backward: Sequence[URIRef]
    ) -> set[_Term]:
        """What is one step from resources; the store is asked of those that are not read yet."""
        forward, backward = (
            [path for path in paths if path in self._used] for paths in (forward, backward)
        )
        lines: list[bytes] = []
        whole = self._saying & self._led_to
        for some in _parts(level - whole if forward or backward else ()):
            ahead = product(_iris(one for one in some if one not in self._saying), forward)
            behind = product(_iris(one for one in some if one not in self._led_to), backward)
            lines += self.ask(_STEP, forward=list(ahead), backward=list(behind))
        ends = set(_ends(lines))
        for links, paths, known in (
            (self._links[0], forward, self._saying),
            (self._links[1], backward, self._led_to),
        ):
            for path, one in product(_written(paths), level & known):
                ends |= links[path].get(one, set())
        return ends

    def declared(self, near: Collection[_Term]) -> list[bytes]:
        """What other graphs say that resources are."""
        parts = (self._answer(_DECLARED, resources=_iris(some)) for some in _parts(near))
        return list(chain.from_iterable(parts))

    @cached_property
    def _used(self) -> frozenset[URIRef]:
        """Those of the properties that are followed which the graph has at all."""
        paths = (*_UP, *_DOWN, *_BESIDE, *_SAME)
        lines = self._answer(_USED, paths=paths)
        return _named(line.split(b" ", 1)[0] for line in lines)

    @cached_property
    def _links(self) -> tuple["_Links", "_Links"]:
        """Between what is near, by property: from subjects, and from objects."""
        forward: _Links = defaultdict(lambda: defaultdict(set))
        backward: _Links = defaultdict(lambda: defaultdict(set))
        for subject, path, value in map(_split, self.found):
            if value.startswith(b"<"):
                forward[path][subject].add(value)
                backward[path][value].add(subject)
        return forward, backward

    def _read_whole(self, resources: Sequence[_Term]) -> None:
        """All that is said of resources, but LINKS or more of the others that each lists."""
        most = max(LINKS, USUAL * len(resources))
        lines = self._answer(f"{_WHOLE} LIMIT {most}", resources=_iris(resources))
        if len(lines) < most:
            self.found.update(lines)
            self._saying.update(resources)
        else:
            self.ask(_SAID, resources=_iris(resources))
            self._saying |= self._read_bounded(_LISTED, resources)

    def _read_bounded(self, query: str, resources: Sequence[_Term]) -> set[_Term]:
        """See ask: LINKS statements of each resource or more. Those of which it was all.

        What leaves no room for the others is asked by itself, or all in halves.
        """
        most = min(ROOM, LINKS * len(resources))
        lines = self._answer(f"{query} LIMIT {most}", resources=_iris(resources))
        if len(lines) < most or len(resources) == 1:
            self.found.update(lines)
            return set(resources) if len(lines) < most else set()
        return set().union(
            *(self._read_bounded(query, some) for some in _apart(resources, lines) if some)
        )

    def _answer(self, query: str, **values: Value) -> list[bytes]:
        return self._store.lines(bind(query, graph=self._graph, **values))


_Links = defaultdict[_Term, defaultdict[_Term, set[_Term]]]


def _parts(resources: Collection[_Term]) -> Iterator[list[_Term]]:
    if len(resources) > MANY:
        raise TooMuchError
    listed = sorted(resources)
    return (listed[begin : begin + ASKED] for begin in range(0, len(listed), ASKED))


def _apart(resources: Sequence[_Term], lines: Iterable[bytes]) -> list[Sequence[_Term]]:
    """Those that as many as LINKS of the lines are about, one by one, and the others together."""
    counts = Counter(end for line in lines for end in set(_ends([line])))
    big = [[resource] for resource in resources if counts[resource] >= LINKS]
    if not big:
        half = len(resources) // 2
        return [resources[:half], resources[half:]]
    return [*big, [resource for resource in resources if counts[resource] < LINKS]]


def _lines(patch: Patch) -> Iterator[bytes]:
    for block in chain(patch.added_blocks(), patch.removed_blocks()):
        yield from block.splitlines()


def _touching(blocks: Iterable[bytes], touched: set[_Term]) -> Iterator[tuple[_Term, _Term, _Term]]:
    for line in chain.from_iterable(block.splitlines() for block in blocks):
        touched.update(_ends([line]))
        if len(touched) > FEW:
            raise TooMuchError
        yield _split(line)


def _split(line: bytes) -> tuple[_Term, _Term, _Term]:
    subject, path, value = line.removesuffix(b" .").split(b" ", 2)
    return subject, path, value


def _ends(lines: Iterable[bytes]) -> Iterator[_Term]:
    for subject, path, value in map(_split, lines):
        yield subject
        if value.startswith(b"<") and path != _TYPE:
            yield value


def _name(subject: _Term, path: _Term, value: _Term) -> Name:
    return _iri(subject), _iri(path), read_object(value.decode())


def _named(terms: Iterable[_Term]) -> frozenset[URIRef]:
    return frozenset(map(_iri, terms))


def _iri(term: _Term) -> URIRef:
    return str.__new__(URIRef, term[1:-1].decode())  # without rdflib's check: see is_iri


def _iris(terms: Iterable[_Term]) -> list[URIRef]:
    return [iri for iri in map(_iri, terms) if is_iri(iri)]
