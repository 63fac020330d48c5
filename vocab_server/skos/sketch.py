"""A graph as it will be after an act: what the store holds, and on top of it what the act changes.

An act that does several things sees its own steps, and the rules are checked on what will be.
Nothing is written: a sketch ends as a Change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, product
from math import prod
from typing import Self

from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.languages import resolve
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS, SKOSXL
from vocab_server.rdf.query import bind
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import to_label
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold
from vocab_server.store.holding import held

ASKED = 2_000  # rows that one query asks about
TRUE = "true"

_USES = "ASK { GRAPH $graph { ?any $predicate ?thing } }"
_ROWS = "SELECT ?s ?p ?o WHERE { GRAPH $graph { VALUES (VARIABLES) { $rows } ?s ?p ?o } }"
_MENTIONS = "ASK { GRAPH ?any { { $iri ?is ?thing } UNION { ?other ?has $iri } } }"
_MARKS = (RDF.type, SKOS.prefLabel, SKOSXL.prefLabel, SKOS.inScheme, SKOS.topConceptOf)
_OTHER_CLASSES = {SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection}

Wanted = Collection[Identifier] | None
_Near = dict[Identifier, dict[Identifier, set[Triple]]]


class Sketch:
    """What a named graph will say; see the module.

    ``under`` is the sketch of what comes before it, which the store has not either: so that each
    of many acts looks at what it does itself, and not at all that those before it did.
    """

    def __init__(self, store: Reader, graph: URIRef, under: "Sketch | None" = None) -> None:
        self.store = store
        self.graph = graph
        self.under = under
        self.added: set[Triple] = set()
        # By predicate, as much may be said of one: that a thousand concepts are under it.
        self._of_subject: _Near = defaultdict(lambda: defaultdict(set))
        self._of_object: _Near = defaultdict(lambda: defaultdict(set))
        self.removed: set[Triple] = set()
        self._uses: dict[URIRef, bool] = {}

    @classmethod
    def of(cls, store: Reader, change: Change) -> Self:
        """What a graph will say after a change."""
        sketch = cls(store, change.graph)
        sketch.take(change)
        return sketch

    def take(self, change: Change) -> None:
        """Say what a change makes of it."""
        self.remove(*change.removed)
        self.add(*change.added)

    def find(
        self, subjects: Wanted = None, predicates: Wanted = None, objects: Wanted = None
    ) -> set[Triple]:
        """The triples with one of the subjects, one of the predicates and one of the objects.

        None stands for any. One query for every ASKED combinations; what no store can hold is
        not found. Subjects or objects must be given: no act reads a whole graph.
        """
        if subjects is None and objects is None:
            raise ValueError("Name the subjects or the objects.")
        wanted = [_holdable(terms) for terms in (subjects, predicates, objects)]
        if self.under is not None:
            there: Iterable[Triple] = self.under.find(subjects, predicates, objects)
        else:
            asked = (self._ask(names, rows) for names, rows in _questions(wanted))
            there = chain.from_iterable(asked)
        found = {triple for triple in there if triple not in self.removed and _fits(triple, wanted)}
        return found | {triple for triple in self._near(wanted) if _fits(triple, wanted)}

    def values(self, subject: Identifier, *predicates: URIRef) -> list[Identifier]:
        """The values of a resource's properties, in order."""
        return sorted({value for _, _, value in self.find([subject], predicates)})

    def add(self, *triples: Triple) -> None:
        """Say something more."""
        self.removed.difference_update(triples)
        self.added.update(triples)
        for triple in triples:
            self._of_subject[triple[0]][triple[1]].add(triple)
            self._of_object[triple[2]][triple[1]].add(triple)

    def remove(self, *triples: Triple) -> None:
        """Say something no longer."""
        self.added.difference_update(triples)
        self.removed.update(triples)
        for triple in triples:
            self._of_subject[triple[0]][triple[1]].discard(triple)
            self._of_object[triple[2]][triple[1]].discard(triple)

    def replace(self, subject: Identifier, predicate: URIRef, *values: Identifier) -> None:
        """Let a property have these values and no others."""
        self.remove(*self.find([subject], [predicate]))
        self.add(*((subject, predicate, value) for value in values))

    def uses(self, predicate: URIRef) -> bool:
        """Whether the graph, as the store holds it, has any triple with this predicate."""
        if self.under is not None:
            return self.under.uses(predicate)
        if predicate not in self._uses:
            query = bind(_USES, graph=self.graph, predicate=predicate)
            self._uses[predicate] = self.store.ask(query)
        return self._uses[predicate]

    def mentions(self, iri: URIRef) -> bool:
        """Whether this sketch or any graph of the store says anything about an IRI."""
        if any(any(near.get(iri, {}).values()) for near in (self._of_subject, self._of_object)):
            return True
        if self.under is not None:
            return self.under.mentions(iri)
        return can_hold(iri) and self.store.ask(bind(_MENTIONS, iri=iri))

    def known(self, resources: Collection[Identifier]) -> set[Identifier]:
        """Those of the resources that the graph names or classifies."""
        return {subject for subject, _, _ in self.find(resources, _MARKS)}

    def concepts(self, resources: Collection[Identifier]) -> set[Identifier]:
        """Those of the resources that are concepts here, the deprecated ones too.

        What is named and is no scheme and no collection is taken for one, as pages do.
        """
        marked = self.find(resources, _MARKS)
        others = {subject for subject, _, value in marked if value in _OTHER_CLASSES}
        return {subject for subject, _, _ in marked} - others

    def deprecated(self, resources: Collection[Identifier]) -> set[Identifier]:
        """Those of the resources that are deprecated."""
        found = self.find(resources, [OWL.deprecated])
        return {subject for subject, _, value in found if str(value) == TRUE}

    def name(self, resource: Identifier) -> str:
        """What to call a resource in a message: its name between quotation marks, or its IRI."""
        named = (SKOS.prefLabel, DCT.title)
        label = resolve(map(to_label, self.values(resource, *named)), ("en", "sv"))
        return f'"{label.text}"' if label else f'"{local_name(str(resource))}" ({resource})'

    def change(self) -> Change:
        """What has to change: what is there is not added, what is not there not removed.

        Raises InvalidError for an IRI that no store can hold.
        """
        for term in {term for triple in self.added | self.removed for term in triple}:
            if isinstance(term, URIRef) and not can_hold(term):
                raise InvalidError(
                    "%(iri)r is not an absolute IRI. Write it in full.", iri=str(term)
                )
        added, removed = self._held(self.added), self._held(self.removed)
        self.added.clear()
        self._of_subject.clear()
        self._of_object.clear()
        self.add(*(triple for triple, is_there in added.items() if not is_there))
        self.removed = {triple for triple, is_there in removed.items() if is_there} - added.keys()
        return Change(self.graph, frozenset(self.added), frozenset(self.removed))

    def _held(self, triples: Iterable[Triple]) -> dict[Triple, bool]:
        """The triples in the store's spelling, and whether they are there before this sketch."""
        found = held(self.store, self.graph, triples)
        under = self.under
        if under is None:
            return found
        return {
            triple: triple in under.added or (is_there and triple not in under.removed)
            for triple, is_there in found.items()
        }

    def _near(self, wanted: list[Wanted]) -> Iterator[Triple]:
        near = self._of_subject if wanted[0] is not None else self._of_object
        terms = wanted[0] if wanted[0] is not None else wanted[2]
        for term in terms or ():
            said = near.get(term, {})
            for predicate in said if wanted[1] is None else wanted[1]:
                yield from said.get(predicate, ())

    def _ask(self, names: str, rows: list[tuple[Identifier, ...]]) -> Iterable[Triple]:
        variables = " ".join(f"?{name}" for name in names)
        query = _ROWS.replace("VARIABLES", variables)
        found = self.store.select(bind(query, graph=self.graph, rows=rows))
        return ((row["s"], row["p"], row["o"]) for row in found)


def _holdable(terms: Wanted) -> Wanted:
    if terms is None:
        return None
    kept = {term for term in terms if not isinstance(term, URIRef) or can_hold(term)}
    return dict.fromkeys(sorted(kept))  # in order, and quickly looked up


def _questions(wanted: list[Wanted]) -> Iterator[tuple[str, list[tuple[Identifier, ...]]]]:
    """What to ask the store: the variables that are given, and rows of values for them.

    Whole rows, as the engine reads all triples of a predicate when it is given by itself and
    several subjects beside it. Of many subjects and many objects only the fewer are given.
    """
    given = {name: terms for name, terms in zip("spo", wanted, strict=True) if terms is not None}
    if prod(map(len, given.values())) > ASKED and {"s", "o"} <= given.keys():
        del given["s" if len(given["s"]) > len(given["o"]) else "o"]
    rows = list(product(*given.values()))
    for start in range(0, len(rows), ASKED):
        yield "".join(given), rows[start : start + ASKED]


def _fits(triple: Triple, wanted: list[Wanted]) -> bool:
    pairs = zip(triple, wanted, strict=True)
    return all(terms is None or term in terms for term, terms in pairs)
