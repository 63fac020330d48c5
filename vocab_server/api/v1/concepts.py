"""REST API: one concept with everything about it, and the concepts right under it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.parameters import MOST, iri, window
from vocab_server.api.v1.shapes import (
    answer,
    concept_item,
    language_map,
    lens_of,
    linked,
    listed,
    named,
    value,
    vocabulary_of,
)
from vocab_server.errors import NotFoundError
from vocab_server.grouping import list_members
from vocab_server.levels import Level, level
from vocab_server.rdf.languages import Label
from vocab_server.skos.concepts import MAPPINGS, Concept, get_concept
from vocab_server.skos.hierarchy import Lens, local_name
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("api_concepts", __name__, url_prefix="/api/v1/concepts")

FIRST = 100  # narrower concepts that come with a concept


@bp.get("")
def show() -> ResponseReturnValue:
    """A concept, collection or scheme: all labels, notes, relations, and ways from the top."""
    wanted = iri("iri")
    vocabulary = _vocabulary(wanted)
    lens = lens_of(vocabulary.graph)
    concept = get_concept(lens, wanted)
    below = _below(lens, concept, FIRST, 0)
    return answer(
        {
            "iri": wanted,
            "type": concept.types,
            "vocabulary": vocabulary.id,
            "label": concept.label.text,
            **_texts(concept),
            "notation": concept.notations,
            **_relations(concept),
            "narrower" if concept.is_concept else "member": linked(below.items),
            "narrowerTotal" if concept.is_concept else "memberTotal": below.total,
            "paths": [linked(path) for path in concept.paths],
            "deprecated": concept.is_deprecated,
            "properties": {p.iri: [value(v) for v in p.values] for p in concept.others},
        }
    )


@bp.get("/narrower")
def narrower() -> ResponseReturnValue:
    """The concepts right under one, in alphabetical order; of a collection its members."""
    concept, wanted = iri("iri"), window()
    lens = lens_of(_vocabulary(concept).graph)
    found = _below(lens, get_concept(lens, concept), wanted.limit, wanted.offset)
    return listed(map(concept_item, found.items), found.total)


def _vocabulary(resource: URIRef) -> Vocabulary:
    found = vocabulary_of(resource)
    if found is None:
        raise NotFoundError(f"No vocabulary here describes {resource}.")
    return found


def _below(lens: Lens, concept: Concept, limit: int, offset: int) -> Level:
    if concept.is_concept:
        return level(lens, concept.iri, offset=offset, limit=min(limit, MOST))
    return list_members(lens, concept.iri, limit=limit, offset=offset)


def _texts(concept: Concept) -> dict[str, Any]:
    """Labels and notes by language."""
    preferred = [names.preferred for names in concept.names if names.preferred]
    several: dict[str, list[Label]] = {
        "altLabel": [label for names in concept.names for label in names.alternative],
        "hiddenLabel": [label for names in concept.names for label in names.hidden],
        "definition": list(concept.definitions),
    }
    several |= {local_name(note): list(texts) for note, texts in concept.notes.items()}
    return {
        "prefLabel": {tag: texts[0] for tag, texts in language_map(preferred).items()},
        **{name: language_map(texts) for name, texts in several.items()},
        **{name: text for name, text in named(concept.label).items() if name == "lang"},
    }


def _relations(concept: Concept) -> dict[str, Any]:
    mappings = {
        local_name(relation): linked(m.item for m in concept.mappings if m.relation == relation)
        for relation in MAPPINGS
    }
    return {
        "broader": linked(concept.broader),
        "related": linked(concept.related),
        "inScheme": linked(concept.schemes),
        "memberOf": linked(concept.member_of),
        "isReplacedBy": linked(concept.replaced_by),
        **mappings,
    }
