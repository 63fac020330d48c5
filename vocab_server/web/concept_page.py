"""A concept, or what else a vocabulary describes, as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date, format_datetime, gettext
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.grouping import Array, arrays_under, groups_around, groups_in, list_members
from vocab_server.levels import level
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
)
from vocab_server.rdf.languages import Label, display_tag, language_name
from vocab_server.rdf.namespaces import SKOS
from vocab_server.reading import (
    Download,
    Link,
    Page,
    content_language,
    document_url,
    link,
    links,
    page_number,
    shown,
    view,
)
from vocab_server.services import services
from vocab_server.skos.concepts import (
    MAPPINGS,
    PAGE,
    Concept,
    Mapping,
    Names,
)
from vocab_server.skos.hierarchy import Item, Lens, items
from vocab_server.web.signposting import external_url


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a text in a language, or a link."""

    text: str
    language: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """A concept as its page shows it."""

    iri: str
    label: Label
    notations: tuple[str, ...]
    deprecated: bool
    replaced_by: list[Link]
    change_notes: list[Label]
    definitions: list[Label]
    other_definitions: list[Label]
    scope_notes: list[Label]
    examples: list[Label]
    notes: list[Label]
    paths: list[list[Link]]
    broader: list[Link]
    narrower: Page
    narrower_is_members: bool
    related: list[Link]
    member_of: list[Link]
    superordinate: list[Link]
    groups: list[Link]
    arrays: list[tuple[Link, list[Link]]]
    is_circled: bool
    schemes: list[Link]
    alt_labels: list[Label]
    hidden_labels: list[Label]
    labels_by_language: list[tuple[str, str, Label | None, list[Label], str]]
    mappings: list[tuple[str, list[Link]]]
    other: list[tuple[str, str, list[Value]]]
    downloads: list[Download]
    structured: dict[str, object]


def concept_page(lens: Lens, concept: Concept) -> ConceptPage:
    """A concept with the page of its narrower ones that the request asks for."""
    number = page_number()
    definitions = _labels(concept.definitions)
    found, total = list_below(lens, concept, offset=(number - 1) * PAGE)
    arrays = arrays_under(lens, concept.iri) if concept.is_concept else ()
    found = _outside(found, arrays) if total <= PAGE else found
    return ConceptPage(
        iri=concept.iri,
        label=shown(concept.label),
        notations=concept.notations,
        deprecated=concept.is_deprecated,
        replaced_by=links(concept.replaced_by),
        change_notes=_labels(concept.notes.get(SKOS.changeNote, ())),
        definitions=[text for text in definitions if text.language == definitions[0].language],
        other_definitions=[t for t in definitions if t.language != definitions[0].language],
        scope_notes=_labels(concept.notes.get(SKOS.scopeNote, ())),
        examples=_labels(concept.notes.get(SKOS.example, ())),
        notes=_other_notes(concept),
        paths=[links(path) for path in concept.paths if path],
        broader=links(concept.broader),
        narrower=Page(links(found), number, PAGE, total),
        narrower_is_members=not concept.is_concept,
        related=links(concept.related),
        member_of=links(_groups_around(lens, concept)),
        superordinate=links(concept.superordinate),
        groups=_groups_inside(lens, concept),
        arrays=[(link(array.item), links(array.members)) for array in arrays],
        is_circled=concept.is_concept and view().structure.is_circled(lens.graph, concept.iri),
        schemes=links(concept.schemes),
        alt_labels=_labels(label for names in _own(concept) for label in names.alternative),
        hidden_labels=_labels(label for names in _own(concept) for label in names.hidden),
        labels_by_language=_by_language(concept),
        mappings=mapping_links(concept.mappings),
        other=[(p.name, p.iri, [_value(value) for value in p.values]) for p in concept.others],
        downloads=_downloads(concept.iri),
        structured=_structured(concept),
    )


def _other_notes(concept: Concept) -> list[Label]:
    kinds = (SKOS.note, SKOS.historyNote, SKOS.editorialNote)
    return [note for kind in kinds for note in _labels(concept.notes.get(kind, ()))]


def _groups_inside(lens: Lens, concept: Concept) -> list[Link]:
    """The groups that a group has; concepts have none."""
    return [] if concept.is_concept else [link(g.item) for g in groups_in(lens, concept.iri)]


def _downloads(iri: URIRef) -> list[Download]:
    return [
        Download(document_url(iri, form.extension), form.title, form.media_type)
        for form in DESCRIPTION_FORMATS
    ]


def _own(concept: Concept) -> list[Names]:
    """The names in the language that the concept is shown in, and in the one that was wanted."""
    languages = {concept.label.language, content_language()}
    return [names for names in concept.names if names.language in languages]


def list_below(
    lens: Lens, concept: Concept, *, limit: int = PAGE, offset: int = 0
) -> tuple[tuple[Item, ...], int]:
    """A page of the narrower concepts, or of the members of a collection, and how many in all."""
    if not concept.is_concept:
        members = list_members(lens, concept.iri, limit=limit, offset=offset)
        return members.items, members.total
    found = level(lens, concept.iri, limit=limit, offset=offset)
    return found.items, found.total


def _outside(narrower: tuple[Item, ...], arrays: tuple[Array, ...]) -> tuple[Item, ...]:
    """The narrower concepts that stand in no thesaurus array."""
    inside = {member.iri for array in arrays for member in array.members}
    return tuple(item for item in narrower if item.iri not in inside)


def _groups_around(lens: Lens, concept: Concept) -> tuple[Item, ...]:
    """The groups that a concept or another group is in, whoever says so."""
    stated = () if concept.is_concept else groups_around(lens, concept.iri)
    return items(lens, {item.iri for item in (*concept.member_of, *stated)})


def _labels(texts: Iterable[Label]) -> list[Label]:
    return [shown(text) for text in texts]


def _by_language(concept: Concept) -> list[tuple[str, str, Label | None, list[Label], str]]:
    found = []
    for names in concept.names:
        preferred = shown(names.preferred) if names.preferred else None
        here = document_url(concept.iri)
        href = f"{here}{'&' if '?' in here else '?'}lang={names.language}"
        name = language_name(names.language) if names.language else ""
        alternative = [shown(label) for label in names.alternative]
        found.append((display_tag(names.language), name, preferred, alternative, href))
    return found


def mapping_links(mappings: tuple[Mapping, ...]) -> list[tuple[str, list[Link]]]:
    """The links to other vocabularies by relation, with a heading for each that there is."""
    if not mappings:
        return []
    headings = dict(
        zip(
            MAPPINGS,
            (
                gettext("Exact match"),
                gettext("Close match"),
                gettext("Broader match"),
                gettext("Narrower match"),
                gettext("Related match"),
            ),
            strict=True,
        )
    )
    return [
        (heading, [_mapping(found) for found in mappings if found.relation == relation])
        for relation, heading in headings.items()
        if any(found.relation == relation for found in mappings)
    ]


def _mapping(found: Mapping) -> Link:
    made = link(found.item)
    href = made.href if found.item.is_known else external_url(found.item.iri)
    return Link(href, made.label, made.notation, scheme=found.scheme, iri=found.item.iri)


def _value(value: Identifier) -> Value:
    if isinstance(value, URIRef):
        return Value(str(value), href=external_url(value))
    language = value.language if isinstance(value, Literal) else None
    return Value(_written(value), display_tag(language) if language else "")


def _written(value: Identifier) -> str:
    """A value as people write it; what claims to be a date and is none stays as it is."""
    found = value.toPython() if isinstance(value, Literal) else None
    if isinstance(found, datetime):
        return str(format_datetime(found, "medium"))
    return str(format_date(found, "medium")) if isinstance(found, date) else str(value)


def _structured(concept: Concept) -> dict[str, object]:
    """The concept as search engines read it (schema.org DefinedTerm)."""
    described = {
        "@context": "https://schema.org/",
        "@type": "DefinedTerm" if concept.is_concept else "DefinedTermSet",
        "@id": concept.iri,
        "name": concept.label.text,
        "inLanguage": display_tag(concept.label.language) or None,
        "alternateName": [label.text for n in concept.names for label in n.alternative][:50],
        "description": concept.definitions[0].text if concept.definitions else None,
        "termCode": concept.notations[0] if concept.notations else None,
        "inDefinedTermSet": concept.schemes[0].iri if concept.schemes else None,
        "url": services().settings.base + document_url(concept.iri),
    }
    return {name: value for name, value in described.items() if value}
