"""Concepts and vocabularies in JSKOS (JSKOS data format for Knowledge Organization Systems 0.7)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.api.classes import list_classes
from vocab_server.api.jskos.answers import CONTEXT, Body, address, wanted_properties
from vocab_server.levels import WHOLE
from vocab_server.rdf.formats import DESCRIPTION_FORMATS
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.lists import count_level
from vocab_server.services import services
from vocab_server.skos.hierarchy import Lens, narrower
from vocab_server.skos.labels import labels_of, to_label
from vocab_server.skos.trails import ways
from vocab_server.skos.values import values_of
from vocab_server.skos.vocabularies import Scheme, Vocabulary

UNDETERMINED = "und"  # the language of a text that has none (JSKOS, language maps)
LISTS = ("altLabel", "hiddenLabel")
NOTES = (
    "definition",
    "scopeNote",
    "example",
    "note",
    "historyNote",
    "editorialNote",
    "changeNote",
)
DATES = ("created", "issued", "modified")
LINKS = {
    "broader": SKOS.broader,
    "related": SKOS.related,
    "inScheme": SKOS.inScheme,
    "topConceptOf": SKOS.topConceptOf,
    "replacedBy": DCT.isReplacedBy,
}
_TEXTS = {name: URIRef(f"{SKOS}{name}") for name in (*LISTS, *NOTES)}
_DATES = {name: URIRef(f"{DCT}{name}") for name in DATES}
_PROPERTIES = (
    RDF.type,
    SKOS.prefLabel,
    SKOS.notation,
    OWL.deprecated,
    *_TEXTS.values(),
    *_DATES.values(),
    *LINKS.values(),
)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d((\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?)?\Z")
_KNOWN = """SELECT ?iri ?graph WHERE { VALUES ?iri { $iris }
    GRAPH ?graph { ?iri ?property ?value FILTER (?property NOT IN (skos:narrower, skos:member,
        skos:hasTopConcept)) } } GROUP BY ?iri ?graph"""
_WITH_NARROWER = """SELECT ?concept WHERE { VALUES ?concept { $concepts }
    FILTER EXISTS { GRAPH $graph { ?concept skos:narrower|^skos:broader ?below } } }"""

_Values = Mapping[URIRef, list[Identifier]]


def vocabularies_of(iris: Iterable[URIRef]) -> dict[URIRef, Vocabulary]:
    """The vocabulary of each resource that is in one, best that whose namespace it has."""
    asked = list(iris)
    if not asked:
        return {}
    found: dict[URIRef, set[str]] = defaultdict(set)
    for row in view().store.select(bind(_KNOWN, iris=asked)):
        found[URIRef(row["iri"])].add(str(row["graph"]))
    homes = {}
    for iri in found:
        holding = [v for v in view().vocabularies if str(v.graph) in found[iri]]
        if holding:
            homes[iri] = min(holding, key=lambda v: not iri.startswith(v.registration.namespace))
    return homes


def lens_for(vocabulary: Vocabulary, language: str = "") -> Lens:
    """How to show a vocabulary; all languages come anyway, this one orders lists."""
    return view().lens(vocabulary.graph, language or services().settings.languages[0])


def concepts(iris: Sequence[URIRef], lens: Lens, vocabulary: Vocabulary) -> list[Body]:
    """The concepts in the order given; a few queries for all of them together."""
    if not iris:
        return []
    values = values_of(lens.store, lens.graph, iris, _PROPERTIES)
    asked = bind(_WITH_NARROWER, graph=lens.graph, concepts=iris)
    parents = {URIRef(row["concept"]) for row in lens.store.select(asked)}
    bodies = {iri: _concept(iri, values.get(iri, {}), vocabulary, iri in parents) for iri in iris}
    added, _ = wanted_properties()
    if "narrower" in added:
        _add_narrower(bodies, lens)
    if "ancestors" in added:
        _add_ancestors(bodies, lens)
    return [bodies[iri] for iri in iris]


def _concept(iri: URIRef, values: _Values, vocabulary: Vocabulary, has_narrower: bool) -> Body:
    kinds = [str(kind) for kind in values.get(RDF.type, ()) if kind != SKOS.Concept]
    names = [to_label(value) for value in values.get(SKOS.prefLabel, ())]
    body: Body = {"@context": CONTEXT, "uri": str(iri), "type": [str(SKOS.Concept), *kinds]}
    notations = [str(value) for value in values.get(SKOS.notation, ())]
    body |= {"notation": notations} if notations else {}
    body |= {"prefLabel": language_map(names)} if names else {}
    for name, relation in _TEXTS.items():
        found = language_lists(map(to_label, _texts(values.get(relation, ()))))
        body |= {name: found} if found else {}
    for name, relation in LINKS.items():
        linked = [{"uri": str(v)} for v in values.get(relation, ()) if isinstance(v, URIRef)]
        body |= {name: linked} if linked else {}
    body.setdefault("inScheme", [{"uri": scheme_iri(vocabulary)}])
    body["narrower"] = [None] if has_narrower else []
    body |= _dates(values)
    if any(str(value) in ("true", "1") for value in values.get(OWL.deprecated, ())):
        body["deprecated"] = True
    return body


def _add_narrower(bodies: Mapping[URIRef, Body], lens: Lens) -> None:
    """The narrower concepts, where they are few enough to come along."""
    small = [iri for iri in bodies if count_level(view().index, lens.graph, iri) <= WHOLE]
    for iri, found in narrower(lens, small).items():
        bodies[iri]["narrower"] = [
            {"uri": str(item.iri)}
            | ({"notation": [item.notation]} if item.notation else {})
            | {"prefLabel": language_map([item.label])}
            for item in found
        ]


def _add_ancestors(bodies: Mapping[URIRef, Body], lens: Lens) -> None:
    """What is above each concept, the nearest first."""
    for iri, way in ways(lens, bodies).items():
        bodies[iri]["ancestors"] = [
            {"uri": str(up), "prefLabel": language_map([name])} for up, name in way[-2::-1]
        ]


def scheme_iri(vocabulary: Vocabulary) -> str:
    """The IRI of the scheme that a vocabulary is named after; its graph when it has none."""
    return str(vocabulary.schemes[0].iri if vocabulary.schemes else vocabulary.graph)


def schemes_of(vocabulary: Vocabulary) -> tuple[Scheme, ...]:
    """The concept schemes of a vocabulary; one without says nothing but its title."""
    return vocabulary.schemes or (Scheme(vocabulary.graph, ()),)


def scheme(vocabulary: Vocabulary, found: Scheme) -> Body:
    """A concept scheme. The vocabulary's first one has its id as notation."""
    counted = view().statistics(vocabulary.graph)
    is_main = str(found.iri) == scheme_iri(vocabulary)
    values: dict[URIRef, list[Identifier]] = defaultdict(list)
    for relation, value in found.values:
        values[relation].append(value)
    described = map(to_label, _texts([*values[DCT.description], *values[SKOS.definition]]))
    body: Body = {
        "@context": CONTEXT,
        "uri": str(found.iri),
        "type": [str(SKOS.ConceptScheme)],
        "prefLabel": language_map(found.labels() or [vocabulary.registration.title]),
        "languages": sorted(tag for tag in counted.languages if tag),
        "concepts": [None] if counted.concepts else [],
        "topConcepts": [None] if counted.concepts else [],
        "distributions": [
            {"download": f"{vocabulary.graph}.{form.extension}", "mimetype": form.media_type}
            for form in DESCRIPTION_FORMATS
        ],
        "API": [
            {"type": "http://bartoc.org/api-type/jskos", "url": address("/")},
            {
                "type": "http://bartoc.org/api-type/skosmos",
                "url": f"{services().settings.base}/{vocabulary.id}/",
            },
        ],
    }
    if is_main:
        body |= {"notation": [vocabulary.id], "extent": str(counted.concepts)}
        body["namespace"] = vocabulary.registration.namespace
    definition = language_lists(described)
    body |= {"definition": definition} if definition else {}
    return body | _scheme_links(values) | _dates(values)


def _scheme_links(values: _Values) -> Body:
    """Licence, publisher and creator, with their names where we know them."""
    places = {
        "license": (DCT.license, DCT.rights),
        "publisher": (DCT.publisher,),
        "creator": (DCT.creator,),
    }
    linked = {
        name: [v for p in properties for v in values.get(p, ()) if isinstance(v, URIRef)]
        for name, properties in places.items()
    }
    everything = [iri for found in linked.values() for iri in found]
    labels = labels_of(view().store, everything, services().settings.languages)
    return {
        name: [
            {"uri": str(iri)}
            | ({"prefLabel": language_map([labels[iri]])} if iri in labels else {})
            for iri in found
        ]
        for name, found in linked.items()
        if found
    }


def language_map(labels: Iterable[Label]) -> dict[str, str]:
    """One text for each language (JSKOS, language maps); the first where there are several."""
    by_language: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        by_language[label.language.lower() or UNDETERMINED].append(label)
    shown = {tag: resolve(found, (tag,)) for tag, found in sorted(by_language.items())}
    return {tag: label.text for tag, label in shown.items() if label and label.text}


def language_lists(labels: Iterable[Label]) -> dict[str, list[str]]:
    """All texts by language (JSKOS, language maps of lists)."""
    found: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        if label.text:
            found[label.language.lower() or UNDETERMINED].append(label.text)
    return dict(sorted(found.items()))


def types(vocabularies: Iterable[Vocabulary], languages: Sequence[str]) -> list[Body]:
    """The further types that concepts have, with their names."""
    kinds = (URIRef(name) for name in list_classes(vocabularies))
    found = [SKOS.Concept, *(kind for kind in kinds if not kind.startswith(str(SKOS)))]
    labels = labels_of(view().store, found, languages) | {SKOS.Concept: Label("Concept", "en")}
    return [
        {"@context": CONTEXT, "uri": str(iri), "type": [str(SKOS.Concept)]}
        | ({"prefLabel": language_map([labels[iri]])} if iri in labels else {})
        for iri in found
    ]


def _texts(values: Iterable[Identifier]) -> list[Literal]:
    return [value for value in values if isinstance(value, Literal)]


def _dates(values: _Values) -> Body:
    found = {name: [str(v) for v in values.get(iri, ())] for name, iri in _DATES.items()}
    return {name: dates[0] for name, dates in found.items() if dates and _DATE.match(dates[0])}
