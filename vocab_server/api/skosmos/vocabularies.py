"""What there is: vocabularies, their types and their statistics."""

from collections import Counter

from flask import Blueprint
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.classes import list_classes
from vocab_server.api.skosmos.answers import (
    ONKI,
    PREFIX,
    Body,
    answer,
    asked_language,
    default_language,
    get_vocabulary,
    language_of,
    lens_of,
)
from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import display_tag, language_name, resolve
from vocab_server.rdf.namespaces import DCT, OWL, RDFS, SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.documents import DEPRECATED
from vocab_server.search.lists import count_level
from vocab_server.services import services
from vocab_server.skos.hierarchy import Lens
from vocab_server.skos.labels import labels_of
from vocab_server.skos.vocabularies import Scheme, Vocabulary

bp = Blueprint("vocabularies", __name__)

GROUPS = (str(SKOS.Collection), str(SKOS.OrderedCollection))
_CLASS_NAMES = {
    language: dict(zip((str(SKOS.Concept), *GROUPS), names, strict=True))
    for language, names in {
        "en": ("Concept", "Collection", "Ordered collection"),
        "sv": ("Begrepp", "Samling", "Ordnad samling"),
    }.items()
}
_SUPERCLASSES = """SELECT ?class ?above WHERE { VALUES ?class { $classes }
    GRAPH ?graph { ?class rdfs:subClassOf ?above FILTER (isIRI(?above)) } }"""
_DEPRECATED_TYPES = """SELECT ?class (COUNT(DISTINCT ?concept) AS ?count) WHERE { GRAPH $graph {
    ?concept owl:deprecated true ; a ?class } } GROUP BY ?class"""


@bp.get("/vocabularies")
def index() -> ResponseReturnValue:
    """All vocabularies, by id."""
    language = asked_language()
    if not language:
        raise InvalidError("lang parameter missing")
    listed = [{"uri": v.id, "id": v.id, "title": _title(v)} for v in view().vocabularies]
    context = {
        "rdfs": str(RDFS),
        "onki": ONKI,
        "title": {"@id": "rdfs:label", "@language": display_tag(language)},
        "vocabularies": "onki:hasVocabulary",
        "id": "onki:vocabularyIdentifier",
        "@base": f"{services().settings.base}{PREFIX}/vocabularies",
    }
    return answer({"uri": "", "vocabularies": listed}, context)


@bp.get("/<vocid>/")
def show(vocid: str) -> ResponseReturnValue:
    """A vocabulary and its concept schemes."""
    vocabulary = get_vocabulary(vocid)
    lens = lens_of(vocabulary)
    tags = [display_tag(tag) for tag in view().statistics(vocabulary.graph).languages if tag]
    body = _identity(vocabulary) | {
        "marcSource": None,
        "defaultLanguage": display_tag(default_language(vocabulary)),
        "languages": sorted(tags),
        "conceptschemes": [_scheme(lens, scheme) for scheme in vocabulary.schemes],
    }
    context = _base(vocabulary) | {
        "conceptschemes": "onki:hasConceptScheme",
        "defaultLanguage": "onki:defaultLanguage",
        "languages": "onki:language",
        "label": "rdfs:label",
        "prefLabel": "skos:prefLabel",
        "title": "dct:title",
        "@language": display_tag(lens.wanted),
    }
    return answer(body, context)


@bp.get("/types", defaults={"vocid": ""})
@bp.get("/<vocid>/types")
def types(vocid: str) -> ResponseReturnValue:
    """The classes that concepts and groups have."""
    if not vocid and not asked_language():
        raise InvalidError("lang parameter missing")
    chosen = (get_vocabulary(vocid),) if vocid else view().vocabularies
    language = language_of(chosen[0]) if chosen else asked_language()
    context = {
        "rdfs": str(RDFS),
        "onki": ONKI,
        "label": "rdfs:label",
        "superclass": {"@id": "rdfs:subClassOf", "@type": "@id"},
        "types": "onki:hasType",
        "@language": display_tag(language),
        "@base": f"{services().settings.base}{PREFIX}/{f'{vocid}/' if vocid else ''}",
    }
    return answer({"uri": "", "types": list_types(chosen, language)}, context)


@bp.get("/<vocid>/vocabularyStatistics")
def statistics(vocid: str) -> ResponseReturnValue:
    """How many concepts and groups there are, and how many of each further type."""
    vocabulary = get_vocabulary(vocid)
    lens = lens_of(vocabulary)
    counted, withdrawn = view().statistics(vocabulary.graph), _deprecated(lens)
    labels = _class_labels(list_classes((vocabulary,)), lens)
    body = _identity(vocabulary) | {
        "concepts": {
            "class": str(SKOS.Concept),
            "label": labels[str(SKOS.Concept)],
            "count": counted.concepts,
            "deprecatedCount": count_level(view().index, vocabulary.graph, None, flag=DEPRECATED),
        },
        "subTypes": [
            {"type": name, "count": counted.classes[name], "deprecatedCount": withdrawn[name]}
            | ({"label": labels[name]} if name in labels else {})
            for name in list_classes((vocabulary,))
            if name not in (str(SKOS.Concept), *GROUPS)
        ],
    }
    grouped = sum(counted.classes[name] for name in GROUPS)
    if grouped:
        body["conceptGroups"] = {
            "class": GROUPS[0],
            "label": labels[GROUPS[0]],
            "count": grouped,
            "deprecatedCount": sum(withdrawn[name] for name in GROUPS),
        }
    context = _base(vocabulary) | {
        "void": "http://rdfs.org/ns/void#",
        "concepts": "void:classPartition",
        "label": "rdfs:label",
        "class": {"@id": "void:class", "@type": "@id"},
        "subTypes": {"@id": "void:class", "@type": "@id"},
        "count": "void:entities",
        "@language": display_tag(lens.wanted),
    }
    return answer(body, context)


@bp.get("/<vocid>/labelStatistics")
def label_statistics(vocid: str) -> ResponseReturnValue:
    """How many names there are in each language."""
    vocabulary = get_vocabulary(vocid)
    labels = view().statistics(vocabulary.graph).labels
    names = [name for name in ("prefLabel", "altLabel", "hiddenLabel") if labels.get(name)]
    tags = sorted({tag for name in names for tag, count in labels[name].items() if count and tag})
    wanted = asked_language()
    languages = [
        {"language": display_tag(tag)}
        | ({"literal": language_name(tag, wanted)} if wanted else {})
        | {
            "properties": [
                {"property": f"skos:{name}", "labels": labels[name].get(tag, 0)} for name in names
            ]
        }
        for tag in tags
    ]
    context = _base(vocabulary) | {
        "void": "http://rdfs.org/ns/void#",
        "void-ext": "http://ldf.fi/void-ext#",
        "languages": "void-ext:languagePartition",
        "language": "void-ext:language",
        "properties": "void:propertyPartition",
        "labels": "void:triples",
    }
    if wanted:
        context["literal"] = {"@id": "rdfs:label", "@language": display_tag(wanted)}
    return answer(_identity(vocabulary) | {"languages": languages}, context)


def list_types(vocabularies: tuple[Vocabulary, ...], language: str) -> list[Body]:
    """The classes of what the vocabularies hold, by IRI, with their names and what they are of."""
    classes = list_classes(vocabularies)
    if not classes:
        return []
    lens = view().lens(vocabularies[0].graph, language)
    labels = _class_labels(classes, lens)
    asked = bind(_SUPERCLASSES, classes=[URIRef(name) for name in classes])
    above = {str(row["class"]): str(row["above"]) for row in view().store.select(asked)}
    return [
        {"uri": name}
        | ({"label": labels[name]} if name in labels else {})
        | ({"superclass": above[name]} if name in above else {})
        for name in classes
    ]


def _class_labels(classes: list[str], lens: Lens) -> dict[str, str]:
    known = _CLASS_NAMES.get(lens.wanted.partition("-")[0], _CLASS_NAMES["en"])
    found = labels_of(lens.store, [URIRef(name) for name in classes], lens.languages)
    return known | {str(iri): label.text for iri, label in found.items()}


def _deprecated(lens: Lens) -> Counter[str]:
    """How many deprecated resources there are of each class."""
    if not view().statistics(lens.graph).properties[str(OWL.deprecated)]:
        return Counter()
    rows = lens.store.select(bind(_DEPRECATED_TYPES, graph=lens.graph))
    return Counter({str(row["class"]): int(str(row["count"])) for row in rows if "class" in row})


def _scheme(lens: Lens, scheme: Scheme) -> Body:
    """A concept scheme with its names in the language, under the properties that hold them."""
    found: Body = {"uri": scheme.iri, "type": "skos:ConceptScheme"}
    languages = tuple(dict.fromkeys((lens.wanted, *lens.languages)))
    places = (("label", RDFS.label), ("prefLabel", SKOS.prefLabel), ("title", DCT.title))
    for name, wanted in places:
        label = resolve(scheme.labels((wanted,)), languages)
        if label:
            found[name] = label.text
    return found


def _identity(vocabulary: Vocabulary) -> Body:
    return {"uri": "", "id": vocabulary.id, "title": _title(vocabulary)}


def _title(vocabulary: Vocabulary) -> str:
    wanted = language_of(vocabulary)
    present = view().lens(vocabulary.graph, wanted).languages
    return vocabulary.title(tuple(dict.fromkeys((wanted, *present)))).text


def _base(vocabulary: Vocabulary) -> Body:
    return {
        "rdfs": str(RDFS),
        "dct": str(DCT),
        "onki": ONKI,
        "id": "onki:vocabularyIdentifier",
        "@base": f"{services().settings.base}{PREFIX}/{vocabulary.id}/",
    }
