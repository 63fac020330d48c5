"""A vocabulary in a real store and its curator, for tests of acts."""

from datetime import UTC, datetime, timedelta

from rdflib import Literal, URIRef

from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import PREFIXES, SKOS
from vocab_server.rdf.query import bind
from vocab_server.skos.acts.curation import Curation, Policy
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.projection import to_update

_PREFIXES = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items())

PLACE = "https://example.org/themes/"
GRAPH = URIRef("https://example.org/vocabularies/themes")
SCHEME = URIRef(PLACE)
START = datetime(2026, 11, 24, 9, tzinfo=UTC)
_ALL = "SELECT ?s ?p ?o WHERE { GRAPH $graph { ?s ?p ?o } }"
_UNION = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"

THEMES = """
: a skos:ConceptScheme ; dct:title "Themes"@en ; skos:hasTopConcept :water, :leisure .
:water a skos:Concept ; skos:prefLabel "Water"@en, "Vatten"@sv ; skos:inScheme : ;
    skos:topConceptOf : .
:leisure a skos:Concept ; skos:prefLabel "Leisure"@en, "Fritid"@sv ; skos:inScheme : ;
    skos:topConceptOf : .
:bathing a skos:Concept ; skos:prefLabel "Bathing water"@en, "Badvatten"@sv ; skos:inScheme : ;
    skos:altLabel "Swimming places"@en ; skos:broader :water ; skos:notation "W1" .
:beach a skos:Concept ; skos:prefLabel "Beaches"@en ; skos:broader :bathing ; skos:inScheme : .
:pool a skos:Concept ; skos:prefLabel "Pools"@en ; skos:broader :bathing ; skos:inScheme : .
:sport a skos:Concept ; skos:prefLabel "Sport"@en, "스포츠"@ko ; skos:broader :leisure ;
    skos:inScheme : ; skos:notation "L1" .
"""


def iri(name: str) -> URIRef:
    """The IRI of a concept of the themes."""
    return URIRef(PLACE + name)


def en(text: str) -> Literal:
    """An English text."""
    return Literal(text, lang="en")


def sv(text: str) -> Literal:
    """A Swedish text."""
    return Literal(text, lang="sv")


class Desk:
    """A vocabulary whose curator's changes are applied as the server applies them."""

    def __init__(self, turtle: str = THEMES, **policy: object) -> None:
        self.store = EmbeddedStore.in_memory()
        self.policy = Policy(**{"namespace": PLACE, **policy})
        self.steps = 0
        self.used: set[URIRef] = set()
        self.write(turtle)

    def write(self, turtle: str) -> None:
        """Say more, as an import does."""
        self.store.update(
            f"PREFIX : <{PLACE}> PREFIX isothes: <http://purl.org/iso25964/skos-thes#> {_PREFIXES}"
            f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {turtle} }} {turtle} }}"
        )
        self._remember()

    @property
    def curation(self) -> Curation:
        """The vocabulary in the hands of its curator, a minute after the last change."""
        return Curation(
            store=self.store,
            graph=GRAPH,
            at=START + timedelta(minutes=self.steps),
            policy=self.policy,
            is_taken=self.used.__contains__,
        )

    def apply(self, change: Change) -> Change:
        """Write a change; it is given back."""
        added, removed = list(change.added_blocks()), list(change.removed_blocks())
        self.steps += 1
        self.store.update(to_update(change.graph, added, removed, self.steps))
        self._remember()
        return change

    def triples(self) -> frozenset[Triple]:
        """What the vocabulary says."""
        rows = self.store.select(bind(_ALL, graph=GRAPH))
        return frozenset((row["s"], row["p"], row["o"]) for row in rows)

    def union(self) -> frozenset[Triple]:
        """What the default graph says."""
        rows = self.store.select(bind(_UNION))
        return frozenset((row["s"], row["p"], row["o"]) for row in rows)

    def values(self, name: str, predicate: URIRef) -> set[object]:
        """The values of a concept's property."""
        return {o for s, p, o in self.triples() if s == iri(name) and p == predicate}

    def broader(self, name: str) -> set[str]:
        """The names of what is stated to be right above a concept."""
        stated = {str(value) for value in self.values(name, SKOS.broader)}
        return {value.removeprefix(PLACE) for value in stated}

    def _remember(self) -> None:
        named = {s for s, p, _ in self.triples() if p == SKOS.prefLabel}
        self.used |= {URIRef(str(found)) for found in named}
