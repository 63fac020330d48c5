"""The vocabularies that the server holds: which there are, and what is said of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.rdf.change import Change
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.namespaces import DCAT, DCT, OWL, RDF, RDFS, SKOS, VOID
from vocab_server.rdf.query import bind
from vocab_server.skos.labels import to_label
from vocab_server.store.base import Reader

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")  # fits an address, a file name, a database key

_LISTED = """SELECT ?graph ?id ?space ?title WHERE { GRAPH $catalog {
    ?graph a void:Dataset ; dct:identifier ?id ; void:uriSpace ?space .
    OPTIONAL { ?graph dct:title ?title } } } ORDER BY ?id"""
_SCHEMES = """SELECT ?scheme ?property ?value WHERE { GRAPH $graph {
    ?scheme a skos:ConceptScheme . OPTIONAL { ?scheme ?property ?value
    FILTER (?property != skos:hasTopConcept) } } }"""

_TITLES = (DCT.title, SKOS.prefLabel, RDFS.label, URIRef("http://purl.org/dc/elements/1.1/title"))
_DESCRIPTIONS = (
    DCT.description,
    SKOS.definition,
    RDFS.comment,
    URIRef("http://purl.org/dc/elements/1.1/description"),
)


@dataclass(frozen=True, slots=True)
class Registration:
    """What the server itself knows of a vocabulary.

    ``graph`` is the named graph that holds it, which is also its address; ``namespace`` starts
    the IRIs that are minted for it.
    """

    id: str
    graph: URIRef
    namespace: str
    title: Label


@dataclass(frozen=True, slots=True)
class Scheme:
    """A skos:ConceptScheme and all values of its properties except its top concepts."""

    iri: URIRef
    values: tuple[tuple[URIRef, URIRef | Literal], ...]

    def labels(self, properties: Iterable[URIRef] = _TITLES) -> list[Label]:
        """The texts under the first of the properties that has any."""
        for wanted in properties:
            found = [to_label(v) for p, v in self.values if p == wanted and isinstance(v, Literal)]
            if found:
                return found
        return []

    def first(self, *properties: URIRef) -> URIRef | Literal | None:
        """The first value of the first property that has one."""
        for wanted in properties:
            for predicate, value in self.values:
                if predicate == wanted:
                    return value
        return None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A vocabulary with its concept schemes; the first scheme is the one it is named after."""

    registration: Registration
    schemes: tuple[Scheme, ...]

    @property
    def id(self) -> str:
        """The short name in addresses and commands."""
        return self.registration.id

    @property
    def graph(self) -> URIRef:
        """The named graph that holds it."""
        return self.registration.graph

    def title(self, languages: Sequence[str]) -> Label:
        """The title to show; the one it was registered with when its schemes have none."""
        labels = self.schemes[0].labels() if self.schemes else []
        return resolve(labels, languages) or self.registration.title

    def description(self, languages: Sequence[str]) -> Label | None:
        """The description to show, if there is one."""
        labels = self.schemes[0].labels(_DESCRIPTIONS) if self.schemes else []
        return resolve(labels, languages)

    def first(self, *properties: URIRef) -> URIRef | Literal | None:
        """A property of the first scheme, for example its licence."""
        return self.schemes[0].first(*properties) if self.schemes else None

    def has_scheme(self, iri: str) -> bool:
        """Whether one of its concept schemes has this IRI."""
        return any(str(scheme.iri) == str(iri) for scheme in self.schemes)

    @property
    def version(self) -> URIRef | Literal | None:
        """owl:versionInfo of the first scheme."""
        return self.first(OWL.versionInfo)


def catalog_of(base: str) -> URIRef:
    """The named graph that lists the vocabularies."""
    return URIRef(f"{base}/vocabularies")


def graph_of(base: str, vocabulary: str) -> URIRef:
    """The named graph of a vocabulary: its address."""
    return URIRef(f"{base}/vocabularies/{vocabulary}")


def register(base: str, vocabulary: str, title: str, namespace: str | None = None) -> Change:
    """The change that makes a vocabulary known.

    Raises InvalidError when the id is not made of lower-case letters, digits and hyphens.
    """
    if not ID.match(vocabulary):
        raise InvalidError(
            "%(vocabulary)r cannot name a vocabulary. Use lower-case letters, digits and hyphens.",
            vocabulary=vocabulary,
        )
    graph = graph_of(base, vocabulary)
    space = namespace or f"{base}/id/{vocabulary}/"
    triples = {
        (graph, RDF.type, VOID.Dataset),
        (graph, RDF.type, DCAT.Dataset),
        (graph, DCT.identifier, Literal(vocabulary)),
        (graph, DCT.title, Literal(title)),
        (graph, VOID.uriSpace, Literal(space)),
    }
    return Change(catalog_of(base), added=frozenset(triples))


def list_registrations(store: Reader, base: str) -> list[Registration]:
    """All vocabularies, by id."""
    return [
        Registration(
            id=str(row["id"]),
            graph=URIRef(row["graph"]),
            namespace=str(row["space"]),
            title=to_label(row.get("title", row["id"])),
        )
        for row in store.select(bind(_LISTED, catalog=catalog_of(base)))
    ]


def find_registration(store: Reader, base: str, vocabulary: str) -> Registration | None:
    """The registration of the vocabulary with this id, or None."""
    return next((r for r in list_registrations(store, base) if r.id == vocabulary), None)


def get_registration(store: Reader, base: str, vocabulary: str) -> Registration:
    """The registration of the vocabulary with this id. Raises NotFoundError."""
    found = find_registration(store, base, vocabulary)
    if found is None:
        raise NotFoundError("There is no vocabulary %(vocabulary)r here.", vocabulary=vocabulary)
    return found


def read_vocabulary(store: Reader, registration: Registration) -> Vocabulary:
    """A vocabulary with its concept schemes; the one that its namespace names comes first."""
    values: dict[URIRef, list[tuple[URIRef, URIRef | Literal]]] = {}
    for row in store.select(bind(_SCHEMES, graph=registration.graph)):
        listed = values.setdefault(URIRef(row["scheme"]), [])
        value = row.get("value")
        if isinstance(value, URIRef | Literal):
            listed.append((URIRef(row["property"]), value))
    own = registration.namespace.rstrip("/#")
    ordered = sorted(values, key=lambda iri: (str(iri).rstrip("/#") != own, iri))
    schemes = tuple(Scheme(iri, tuple(sorted(values[iri], key=_order))) for iri in ordered)
    return Vocabulary(registration, schemes)


def _order(value: tuple[URIRef, URIRef | Literal]) -> tuple[str, bool, str, str, str]:
    """What sorts values by property and text; the terms compare themselves ten times as slowly."""
    prop, said = value
    if isinstance(said, Literal):
        return str(prop), True, str(said), said.language or "", str(said.datatype or "")
    return str(prop), False, str(said), "", ""
