"""One concept, read whole: what its page and its JSON show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import NotFoundError
from vocab_server.rdf.languages import Label, order, resolve
from vocab_server.rdf.namespaces import DCT, ISOTHES, OWL, RDF, SKOS, SKOSXL
from vocab_server.rdf.query import Value, bind
from vocab_server.rdf.skolem import is_skolem
from vocab_server.skos.hierarchy import Item, Lens, items, local_name, paths_to_top
from vocab_server.skos.labels import labels_of, to_label
from vocab_server.skos.structure import KINDS
from vocab_server.store.base import Reader, Row

PAGE = 100  # narrower concepts on one page
OTHERS = 500  # values of other properties that are shown

MAPPINGS = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)
NOTES = (
    SKOS.scopeNote,
    SKOS.example,
    SKOS.note,
    SKOS.changeNote,
    SKOS.historyNote,
    SKOS.editorialNote,
)
_LABELS = {
    SKOS.prefLabel: SKOS.prefLabel,
    SKOS.altLabel: SKOS.altLabel,
    SKOS.hiddenLabel: SKOS.hiddenLabel,
    SKOSXL.prefLabel: SKOS.prefLabel,
    SKOSXL.altLabel: SKOS.altLabel,
    SKOSXL.hiddenLabel: SKOS.hiddenLabel,
}
_XL_LABELS = (SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel)
_SHOWN = {
    *_LABELS,
    *MAPPINGS,
    *NOTES,
    SKOS.definition,
    SKOS.notation,
    SKOS.broader,
    SKOS.narrower,
    SKOS.related,
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.hasTopConcept,
    SKOS.member,
    SKOS.memberList,
    OWL.deprecated,
    DCT.isReplacedBy,
    RDF.type,
    ISOTHES.superGroup,
    ISOTHES.subGroup,
    ISOTHES.superOrdinate,
    ISOTHES.subordinateArray,
}

# Each graph is looked into once: what has tens of thousands of narrower concepts costs no more.
_KNOWN = """SELECT ?graph ?own WHERE { VALUES ?graph { $graphs }
    BIND (EXISTS { GRAPH ?graph { $resource ?property ?value } } AS ?own)
    FILTER (?own || EXISTS { GRAPH ?graph { ?other ?property $resource } }) }"""
# What one triple says of the other resource in it. Its property is known, so that a scheme with a
# hundred thousand concepts is looked up as quickly as any.
_INVERSES = {
    SKOS.related: SKOS.related,
    SKOS.narrower: SKOS.broader,
    SKOS.hasTopConcept: SKOS.topConceptOf,
    SKOS.member: SKOS.member,
    ISOTHES.subordinateArray: ISOTHES.superOrdinate,
}
_ABOUT = """{ $resource ?property ?value
      FILTER (?property NOT IN (skos:narrower, skos:hasTopConcept, skos:member)) }
    UNION { VALUES ?inverse { $inverses } ?value ?inverse $resource }"""
_TEXTS = """UNION { VALUES ?property { $labels }
      $resource ?property ?value . ?value skosxl:literalForm ?text }"""
_LISTS = """UNION { ?value skos:memberList/rdf:rest*/rdf:first $resource
      BIND (skos:member AS ?inverse) }"""
_REPLACED = """SELECT ?concept ?replacement WHERE { GRAPH $graph {
    VALUES ?concept { $concepts } ?concept dct:isReplacedBy ?replacement } }"""

Values = dict[URIRef, list[Identifier]]


@dataclass(frozen=True, slots=True)
class Names:
    """All that a concept is called in one language."""

    language: str
    preferred: Label | None
    alternative: tuple[Label, ...]
    hidden: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A property that has no place of its own on the page, with its values."""

    iri: URIRef
    name: str
    values: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A link to a concept of another scheme; ``scheme`` is the host that it points at."""

    relation: URIRef
    item: Item

    @property
    def scheme(self) -> str:
        """Where the other concept lives."""
        return urlsplit(self.item.iri).netloc


@dataclass(frozen=True, slots=True)
class Concept:
    """A resource of a vocabulary, with everything about it but its narrower concepts."""

    iri: URIRef
    graph: URIRef
    types: tuple[URIRef, ...]
    label: Label
    names: tuple[Names, ...]
    notations: tuple[str, ...]
    definitions: tuple[Label, ...]
    notes: dict[URIRef, tuple[Label, ...]]
    broader: tuple[Item, ...]
    related: tuple[Item, ...]
    member_of: tuple[Item, ...]
    superordinate: tuple[Item, ...]  # the concepts that a thesaurus array stands under
    mappings: tuple[Mapping, ...]
    schemes: tuple[Item, ...]
    paths: tuple[tuple[Item, ...], ...]
    is_deprecated: bool
    replaced_by: tuple[Item, ...]
    others: tuple[Property, ...]
    stated: Values  # all of its own statements but for narrower concepts and members

    @property
    def is_concept(self) -> bool:
        """Whether it is a concept, not a scheme or a collection."""
        return not {SKOS.ConceptScheme, *KINDS}.intersection(self.types)


def graphs_of(store: Reader, graphs: Iterable[URIRef], resource: URIRef) -> list[URIRef]:
    """Those of the graphs that say something about a resource.

    In order, but those that only say of others that they have to do with it come last. Raises
    NotFoundError when there is none.
    """
    rows = store.select(bind(_KNOWN, graphs=graphs, resource=resource))
    if not rows:
        raise NotFoundError("Nothing here is named %(iri)s.", iri=resource)
    found = {URIRef(row["graph"]): str(row["own"]) == "true" for row in rows}
    return sorted(found, key=lambda graph: (not found[graph], graph))


def get_concept(lens: Lens, iri: URIRef) -> Concept:
    """A concept, scheme or collection of a vocabulary. Raises NotFoundError when there is none."""
    own, linked = _statements(lens, iri)
    if not own and not linked:
        raise NotFoundError("Nothing in this vocabulary is named %(iri)s.", iri=iri)
    paths = paths_to_top(lens, iri)
    broader = _iris(own, linked, SKOS.broader)
    known = _shown(lens, own, linked, paths)

    def shown(iris: Iterable[URIRef]) -> tuple[Item, ...]:
        wanted = set(iris)
        return tuple(item for item in known.values() if item.iri in wanted)

    names = _names(own)
    return Concept(
        iri=iri,
        graph=lens.graph,
        types=tuple(sorted(_iris(own, {}, RDF.type))),
        label=_label(lens, iri, names),
        names=names,
        notations=tuple(sorted(str(value) for value in own.get(SKOS.notation, ()))),
        definitions=_texts(lens, own, SKOS.definition),
        notes={note: texts for note in NOTES if (texts := _texts(lens, own, note))},
        broader=shown(broader),
        related=shown(_iris(own, linked, SKOS.related)),
        member_of=shown(_iris({}, linked, SKOS.member)),
        superordinate=shown(_iris(own, linked, ISOTHES.superOrdinate)),
        mappings=tuple(
            Mapping(relation, item)
            for relation in MAPPINGS
            for item in shown(_iris(own, {}, relation))
        ),
        schemes=shown(_iris(own, linked, SKOS.inScheme, SKOS.topConceptOf)),
        paths=tuple(tuple(known[step] for step in path[:-1]) for path in paths),
        is_deprecated=Literal("true", datatype=_BOOLEAN) in own.get(OWL.deprecated, ()),
        replaced_by=shown(_iris(own, {}, DCT.isReplacedBy)),
        others=_others(own),
        stated=own,
    )


_BOOLEAN = URIRef("http://www.w3.org/2001/XMLSchema#boolean")


def replacements(lens: Lens, concepts: Iterable[URIRef]) -> dict[URIRef, tuple[Item, ...]]:
    """What to use instead of each of several concepts; one query for all."""
    instead: dict[URIRef, list[URIRef]] = {concept: [] for concept in concepts}
    if not instead:
        return {}
    for row in lens.store.select(bind(_REPLACED, graph=lens.graph, concepts=instead)):
        instead[URIRef(row["concept"])].append(URIRef(row["replacement"]))
    named = items(lens, (iri for found in instead.values() for iri in found))
    return {
        concept: tuple(item for item in named if item.iri in found)
        for concept, found in instead.items()
    }


def _statements(lens: Lens, iri: URIRef) -> tuple[Values, Values]:
    """What is stated of a resource, and what follows for it from statements about others.

    One query, which asks for nothing that the vocabulary has none of.
    """
    parts = [_ABOUT]
    terms: dict[str, Value] = {"graph": lens.graph, "resource": iri, "inverses": _INVERSES}
    if lens.may_have(*_XL_LABELS):
        parts.append(_TEXTS)
        terms["labels"] = _XL_LABELS
    if lens.may_have(SKOS.memberList):
        parts.append(_LISTS)
    asked = f"SELECT * WHERE {{ GRAPH $graph {{ {' '.join(parts)} }} }}"
    return _values(lens.store.select(bind(asked, **terms)))


def _values(rows: Iterable[Row]) -> tuple[Values, Values]:
    own: Values = defaultdict(list)
    linked: Values = defaultdict(list)
    for row in rows:
        if "inverse" in row:
            linked[_INVERSES[URIRef(row["inverse"])]].append(row["value"])
        else:
            own[URIRef(row["property"])].append(row.get("text", row["value"]))
    return own, linked


def _iris(own: Values, linked: Values, *properties: URIRef) -> list[URIRef]:
    return list(
        dict.fromkeys(
            value
            for source in (own, linked)
            for wanted in properties
            for value in source.get(wanted, ())
            if isinstance(value, URIRef)
        )
    )


def _shown(
    lens: Lens, own: Values, linked: Values, paths: Iterable[Iterable[URIRef]]
) -> dict[URIRef, Item]:
    """Everything that the page links to as items, by IRI, in alphabetical order: one look-up."""
    relations = (
        SKOS.broader,
        SKOS.related,
        SKOS.member,
        SKOS.inScheme,
        SKOS.topConceptOf,
        DCT.isReplacedBy,
        ISOTHES.superOrdinate,
        *MAPPINGS,
    )
    wanted = _iris(own, linked, *relations) + [iri for path in paths for iri in path]
    return {item.iri: item for item in items(lens, wanted)}


def _names(own: Values) -> tuple[Names, ...]:
    found: dict[str, dict[URIRef, list[Label]]] = defaultdict(lambda: defaultdict(list))
    for stated, meant in _LABELS.items():
        for value in own.get(stated, ()):
            if isinstance(value, Literal):
                label = to_label(value)
                if label not in found[label.language][meant]:
                    found[label.language][meant].append(label)
    return tuple(
        Names(
            language,
            resolve(labels[SKOS.prefLabel], (language,)),
            _in_order(labels[SKOS.altLabel], language),
            _in_order(labels[SKOS.hiddenLabel], language),
        )
        for language, labels in sorted(found.items())
    )


def _in_order(labels: Sequence[Label], language: str) -> tuple[Label, ...]:
    if len(labels) < 2:
        return tuple(labels)
    return tuple(sorted(labels, key=lambda label: order(label.text, language)))


def _label(lens: Lens, iri: URIRef, names: tuple[Names, ...]) -> Label:
    preferred = [found.preferred for found in names if found.preferred]
    named = resolve(preferred, lens.languages)
    return named or labels_of(lens.store, [iri], lens.languages).get(iri) or Label(local_name(iri))


def _texts(lens: Lens, own: Values, wanted: URIRef) -> tuple[Label, ...]:
    """The texts of a property, those in the reader's language first."""
    places = {tag: place for place, tag in enumerate(lens.languages)}
    texts = [to_label(value) for value in own.get(wanted, ()) if isinstance(value, Literal)]
    return tuple(
        sorted(texts, key=lambda text: (places.get(text.language.lower(), len(places)), text.text))
    )


def _others(own: Values) -> tuple[Property, ...]:
    others = sorted((iri, values) for iri, values in own.items() if iri not in _SHOWN)
    return tuple(
        Property(
            iri, local_name(iri), tuple(v for v in sorted(values) if not is_skolem(v))[:OTHERS]
        )
        for iri, values in others
        if not all(is_skolem(value) for value in values)
    )
