"""The JSON of the REST API: property names are those of the standards, so that it is JSON-LD."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response, jsonify, request
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.api.parameters import content_tag
from vocab_server.rdf.languages import Label, chain, display_tag
from vocab_server.rdf.namespaces import DCT, HYDRA, OWL, RDFS, SKOS, XSD
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.concepts import graphs_of
from vocab_server.skos.hierarchy import Item, Lens
from vocab_server.skos.trails import Steps
from vocab_server.skos.vocabularies import Vocabulary

CONTEXT = "/api/v1/context.jsonld"
LANGUAGE_MAPS = (
    "prefLabel",
    "altLabel",
    "hiddenLabel",
    "definition",
    "scopeNote",
    "example",
    "note",
    "changeNote",
    "historyNote",
    "editorialNote",
)
LINKS = (
    "broader",
    "narrower",
    "related",
    "inScheme",
    "exactMatch",
    "closeMatch",
    "broadMatch",
    "narrowMatch",
    "relatedMatch",
)


def context() -> dict[str, object]:
    """What the keys mean (JSON-LD 1.1)."""
    return {
        "@version": 1.1,
        "iri": "@id",
        "type": "@type",
        "items": {"@id": str(HYDRA.member), "@container": "@set"},
        "total": str(HYDRA.totalItems),
        **{name: {"@id": str(SKOS[name]), "@container": "@language"} for name in LANGUAGE_MAPS},
        **{name: {"@id": str(SKOS[name]), "@type": "@id"} for name in LINKS},
        "notation": str(SKOS.notation),
        "memberOf": {"@reverse": str(SKOS.member)},
        "deprecated": {"@id": str(OWL.deprecated), "@type": str(XSD.boolean)},
        "isReplacedBy": {"@id": str(DCT.isReplacedBy), "@type": "@id"},
        "label": str(RDFS.label),
        "title": str(DCT.title),
        "description": str(DCT.description),
        "modified": {"@id": str(DCT.modified), "@type": str(XSD.dateTime)},
        "language": str(DCT.language),
        "properties": "@nest",
    }


def answer(content: Mapping[str, Any]) -> Response:
    """JSON that says where its keys are explained."""
    return jsonify({"@context": services().settings.base + CONTEXT, **content})


def listed(items: Iterable[Mapping[str, Any]], total: int, **more: Any) -> Response:
    """A part of a list."""
    return answer({"items": list(items), "total": total, **more})


def language() -> str:
    """The language that names are wanted in: what ``lang`` says, else the server's first one.

    Raises InvalidError for what is no language tag.
    """
    content_tag()
    return request.args.get("lang", "").lower() or services().settings.languages[0].lower()


def lens_of(graph: URIRef) -> Lens:
    """How to show a vocabulary in the wanted language."""
    return view().lens(graph, language())


def languages() -> tuple[str, ...]:
    """The fallback chain for what may be of any vocabulary."""
    present = dict.fromkeys(tag for v in view().vocabularies for tag in _languages(v))
    return chain(language(), services().settings.languages, present)


def _languages(vocabulary: Vocabulary) -> Iterable[str]:
    return view().statistics(vocabulary.graph).languages


def chosen_vocabularies() -> list[Vocabulary]:
    """The vocabularies that ``vocabulary`` names, by id; all when it names none.

    Several may be given, each as a parameter or with commas between. Raises NotFoundError.
    """
    named = [
        name
        for value in request.args.getlist("vocabulary")
        for name in value.split(",")
        if name.strip()
    ]
    if not named:
        return list(view().vocabularies)
    return [view().vocabulary(name.strip()) for name in dict.fromkeys(named)]


def vocabulary_of(iri: URIRef) -> Vocabulary | None:
    """The vocabulary that describes a resource, among those asked for.

    None when only something else does. Raises NotFoundError when nothing is said of it.
    """
    chosen = {vocabulary.graph: vocabulary for vocabulary in chosen_vocabularies()}
    graphs = graphs_of(view().store, view().graphs, iri)
    return next((chosen[graph] for graph in graphs if graph in chosen), None)


def named(label: Label | None) -> dict[str, str]:
    """A name to show, and its language; nothing when there is no name."""
    if label is None:
        return {}
    found = {"prefLabel": label.text}
    return found | {"lang": display_tag(label.language)} if label.language else found


def concept_item(item: Item) -> dict[str, Any]:
    """A concept in a list."""
    found: dict[str, Any] = {"iri": item.iri, **named(item.label)}
    if item.notation:
        found["notation"] = item.notation
    if item.is_deprecated:
        found["deprecated"] = True
    return found | {"hasNarrower": item.has_narrower}


def linked(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Concepts that another one links to."""
    return [
        {name: value for name, value in concept_item(item).items() if name != "hasNarrower"}
        for item in items
    ]


def steps(way: Steps) -> list[dict[str, str]]:
    """What stands above a concept, from the top down, without itself."""
    return [{"iri": iri, **named(label)} for iri, label in way[:-1]]


def language_map(texts: Sequence[Label]) -> dict[str, list[str]]:
    """Texts by language; ``@none`` holds those without one (JSON-LD 1.1, 4.6.2)."""
    found: dict[str, list[str]] = {}
    for label in texts:
        found.setdefault(display_tag(label.language) or "@none", []).append(label.text)
    return found


def value(term: Identifier) -> dict[str, str]:
    """A value of any property (JSON-LD 1.1, 4.2 and 4.3)."""
    if not isinstance(term, Literal):
        return {"@id": str(term)}
    if term.language:
        return {"@value": str(term), "@language": display_tag(term.language)}
    typed = {"@type": str(term.datatype)} if term.datatype else {}
    return {"@value": str(term), **typed}
