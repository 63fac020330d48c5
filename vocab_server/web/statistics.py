"""Statistics of a vocabulary: labels by language, concepts by depth, mappings, documentation.

All figures were counted when the vocabulary was last changed (``skos.statistics``,
``skos.outline``) or are looked up in the search index: no page counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from rdflib import URIRef

from vocab_server.rdf.languages import display_tag, language_name
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import lens_for, shown_language, view
from vocab_server.search.lists import count_names
from vocab_server.skos.concepts import MAPPINGS, NOTES
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.outline import Outline
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.vocabularies import summary

bp = Blueprint("statistics", __name__)

LEVELS = 24  # rows of the table of levels; the last one has all that are deeper
DOCUMENTATION = (SKOS.definition, *NOTES)


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """How much there is in one language; "" for texts without one.

    ``named`` counts the concepts that have a preferred label, the rest counts texts.
    """

    tag: str
    name: str
    named: int
    alternative: int
    hidden: int
    definitions: int


@dataclass(frozen=True, slots=True)
class Level:
    """The concepts that are so many steps from the top; in the last row, that many or more."""

    first: int
    last: int
    concepts: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a vocabulary; ``outline`` is None until they have been made."""

    concepts: int
    outline: Outline | None
    languages: list[LanguageFigures]
    mappings: dict[URIRef, int]
    documentation: dict[URIRef, int]


@bp.get("/vocabularies/<identifier>/statistics")
def show(identifier: str) -> ResponseReturnValue:
    """The figures as tables with bars."""
    vocabulary = view().vocabulary(identifier)
    found = figures(vocabulary)
    return render_template(
        "vocabularies/statistics.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens_for(vocabulary.graph)),
        figures=found,
        levels=levels(found.outline.depths) if found.outline else [],
        mappings=_named(found.mappings),
        documentation=_named(found.documentation),
    )


@bp.get("/vocabularies/<identifier>/statistics.json")
def data(identifier: str) -> ResponseReturnValue:
    """The figures as JSON; property names are those of SKOS, shares go from 0 to 1."""
    vocabulary = view().vocabulary(identifier)
    found = figures(vocabulary)
    return jsonify(
        {
            "id": vocabulary.id,
            "graph": vocabulary.graph,
            "concepts": found.concepts,
            **(_placed(found.outline) if found.outline else {}),
            "languages": [_language(counted, found.concepts) for counted in found.languages],
            "mappings": {local_name(iri): count for iri, count in found.mappings.items()},
            "documentation": {local_name(iri): count for iri, count in found.documentation.items()},
        }
    )


def figures(vocabulary: Vocabulary) -> Figures:
    """What was counted of a vocabulary."""
    counted = view().statistics(vocabulary.graph)
    outline = view().outlines.get(vocabulary.graph)
    return Figures(
        concepts=outline.concepts if outline else counted.concepts,
        outline=outline,
        languages=_languages(vocabulary.graph, counted.labels),
        mappings=_counts(counted.properties, MAPPINGS),
        documentation=_counts(counted.properties, DOCUMENTATION),
    )


def levels(depths: tuple[int, ...]) -> list[Level]:
    """The concepts by steps from the top; what is deeper than LEVELS in one row."""
    own = depths if len(depths) <= LEVELS else depths[: LEVELS - 1]
    found = [Level(depth, depth, count) for depth, count in enumerate(own)]
    if len(own) < len(depths):
        found.append(Level(len(own), len(depths) - 1, sum(depths[len(own) :])))
    return found


def _languages(graph: URIRef, labels: Mapping[str, Mapping[str, int]]) -> list[LanguageFigures]:
    counts = {name: labels.get(name, {}) for name in ("altLabel", "hiddenLabel", "definition")}
    tags = {tag for found in labels.values() for tag, count in found.items() if count > 0}
    found = [
        LanguageFigures(
            tag=display_tag(tag) if tag else "",
            name=language_name(tag) if tag else "",
            named=count_names(view().index, graph, tag),
            alternative=counts["altLabel"].get(tag, 0),
            hidden=counts["hiddenLabel"].get(tag, 0),
            definitions=counts["definition"].get(tag, 0),
        )
        for tag in sorted(tags)
    ]
    return sorted(found, key=lambda figures: -figures.named)


def _counts(properties: Mapping[str, int], wanted: tuple[URIRef, ...]) -> dict[URIRef, int]:
    return {iri: properties.get(str(iri), 0) for iri in wanted}


def _named(counts: Mapping[URIRef, int]) -> list[tuple[str, int]]:
    names = {
        SKOS.exactMatch: gettext("Exact match"),
        SKOS.closeMatch: gettext("Close match"),
        SKOS.broadMatch: gettext("Broader match"),
        SKOS.narrowMatch: gettext("Narrower match"),
        SKOS.relatedMatch: gettext("Related match"),
        SKOS.definition: gettext("Definition"),
        SKOS.scopeNote: gettext("Scope note"),
        SKOS.example: gettext("Example"),
        SKOS.note: gettext("Note"),
        SKOS.changeNote: gettext("Change note"),
        SKOS.historyNote: gettext("History note"),
        SKOS.editorialNote: gettext("Editorial note"),
    }
    return [(names[iri], count) for iri, count in counts.items()]


def _placed(outline: Outline) -> dict[str, Any]:
    return {
        "topConcepts": outline.depths[0] if outline.depths else 0,
        "orphans": outline.orphans,
        "deprecated": outline.deprecated,
        "inNoTree": outline.unplaced,
        "conceptsByDepth": list(outline.depths),
    }


def _language(counted: LanguageFigures, concepts: int) -> dict[str, Any]:
    return {
        "lang": counted.tag or "@none",
        "prefLabel": counted.named,
        "coverage": round(counted.named / concepts, 4) if concepts else 0,
        "altLabel": counted.alternative,
        "hiddenLabel": counted.hidden,
        "definition": counted.definitions,
    }
