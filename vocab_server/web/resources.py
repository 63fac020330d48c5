"""Linked data: identifiers, and the descriptions that they lead to.

An identifier names a thing, not a document, so it answers 303 with the address of a description
(Cool URIs for the Semantic Web, 4.2; RFC 9110, 15.4.4).
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from rdflib import Literal, URIRef
from rdflib.term import Identifier
from werkzeug.urls import iri_to_uri, uri_to_iri

from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.gone import refuse_withdrawn
from vocab_server.grouping import Array, arrays_under, groups_around, groups_in, list_members
from vocab_server.levels import level, opened_tree
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
    content_type,
    find_format,
    get_format,
    negotiate,
)
from vocab_server.rdf.languages import Label, display_tag, language_name
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import is_iri
from vocab_server.reading import (
    Download,
    Link,
    Page,
    content_language,
    document_url,
    lens_for,
    link,
    links,
    page_number,
    shown,
    shown_language,
    view,
)
from vocab_server.services import services
from vocab_server.skos.concepts import (
    MAPPINGS,
    PAGE,
    Concept,
    Mapping,
    Names,
    get_concept,
    graphs_of,
)
from vocab_server.skos.description import describe, has_more
from vocab_server.skos.hierarchy import Item, Lens, items
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.releases import releases_with
from vocab_server.web.signposting import Paging, external_url, link_headers
from vocab_server.web.tree import tree_list
from vocab_server.web.vocabularies import summary

bp = Blueprint("resources", __name__)

HTML, JSON = "text/html", "application/json"
OFFERS = (*(form.media_type for form in DESCRIPTION_FORMATS), JSON, HTML)
_EXTENSIONS = {form.extension: form.media_type for form in DESCRIPTION_FORMATS}
_EXTENSIONS |= {"json": JSON, "html": HTML}


@bp.get("/id/<path:name>")
def identify(name: str) -> ResponseReturnValue:
    """What an IRI that we minted leads to: its description."""
    iri, _ = _minted(name)
    response = redirect(document_url(iri), HTTPStatus.SEE_OTHER)
    response.headers.add("Link", f'<{document_url(iri)}>; rel="describedby"')
    response.headers["Vary"] = "Accept"
    return response


@bp.get("/doc/<path:name>")
def document(name: str) -> ResponseReturnValue:
    """The description of a resource that we minted, in the format of its ending or of Accept."""
    stem, _, extension = name.rpartition(".")
    if extension in _EXTENSIONS and stem:
        with suppress(NotFoundError):  # a name may itself end like that
            return _described(*_minted(stem), _EXTENSIONS[extension])
    return _described(*_minted(name), _accepted())


@bp.get("/resource")
def resource() -> ResponseReturnValue:
    """The description of any resource that we hold. Parameters: ``iri``, and ``format``."""
    iri = request.args.get("iri", "").strip()
    if ":" not in iri:
        raise InvalidError("Give the address of a resource as ?iri=, with special signs encoded.")
    wanted = request.args.get("format")
    media_type = _named_format(wanted) if wanted else _accepted()
    return _described(*_held(iri), media_type)


def _minted(name: str) -> tuple[URIRef, list[URIRef]]:
    return _held(f"{services().settings.base}/id/{name}")


def _held(iri: str) -> tuple[URIRef, list[URIRef]]:
    """The resource with this IRI, percent-encoded or not, and the graphs that it is in.

    What differs only in that means the same (RFC 3987, 5.3.2.3); the exact IRI goes first.
    Raises NotFoundError, GoneError for what was withdrawn.
    """
    if "release" in g:  # where it may still be
        refuse_withdrawn(iri)
    for spelling in dict.fromkeys((iri, iri_to_uri(iri), uri_to_iri(iri))):
        if is_iri(spelling):
            with suppress(NotFoundError, InvalidError):
                graphs = graphs_of(view().store, view().graphs, URIRef(spelling))
                g.held = URIRef(spelling), graphs  # for the links to its past
                return URIRef(spelling), graphs
    refuse_withdrawn(iri)
    raise NotFoundError(f"Nothing here is named {iri}.")


def _accepted() -> str:
    return negotiate(request.headers.get("Accept"), OFFERS)


def _named_format(wanted: str) -> str:
    if wanted in _EXTENSIONS:
        return _EXTENSIONS[wanted]
    found = find_format(wanted, DESCRIPTION_FORMATS)
    return found.media_type if found else get_format(wanted, DESCRIPTION_FORMATS).media_type


def _described(iri: URIRef, graphs: list[URIRef], media_type: str) -> ResponseReturnValue:
    vocabulary = _vocabulary_of(graphs)
    if media_type == HTML:
        page = _page(vocabulary, iri) if vocabulary else _page_of_graph(iri, graphs)
        response = Response(page, content_type="text/html; charset=utf-8")
    else:
        response = _rdf(iri, graphs, media_type)
    for header in link_headers(iri, graphs, vocabulary, media_type):
        response.headers.add("Link", header)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _rdf(iri: URIRef, graphs: list[URIRef], media_type: str) -> Response:
    written = "application/ld+json" if media_type == JSON else media_type
    paging = _paging(iri, graphs)
    described = describe(
        view().store, graphs, iri, written, page=page_number(), view=paging.triples(iri)
    )
    form = get_format(written)
    response = Response(described, content_type=content_type(media_type))
    for header in paging.headers():
        response.headers.add("Link", header)
    if media_type != JSON and "." in request.path.rpartition("/")[2]:
        name = iri.rstrip("/#").rpartition("/")[2] or "description"
        safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))
        response.headers["Content-Disposition"] = (
            f'inline; filename="{safe or "description"}.{form.extension}"'
        )
    return response


def _paging(iri: URIRef, graphs: list[URIRef]) -> Paging:
    """Which page of the narrower concepts this is. Raises NotFoundError for one past the last."""
    page = page_number()
    if page > 1 and not has_more(view().store, graphs, iri, page - 1):
        raise NotFoundError(f"There is no page {page} of the description of {iri}.")
    here = {name: value for name, value in request.args.items() if name != "page"} | {"page": ""}
    path = quote(request.script_root + request.path)
    address = f"{services().settings.base}{path}?{urlencode(here)}"
    return Paging(address, page, has_more(view().store, graphs, iri, page))


def _vocabulary_of(graphs: list[URIRef]) -> Vocabulary | None:
    return next((v for v in view().vocabularies if v.graph in graphs), None)


def _page(vocabulary: Vocabulary, iri: URIRef) -> str:
    lens = lens_for(vocabulary.graph)
    concept = get_concept(lens, iri)
    paths = [[*(item.iri for item in path), iri] for path in concept.paths]
    tree = opened_tree(lens, paths if concept.is_concept else ())
    return render_template(
        "concepts/show.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        concept=_concept_page(lens, concept),
        dataset_counts=view().datasets.counts(concept.iri),
        tree=tree_list(vocabulary, tree, current=iri),
        keep_parameters=_kept_parameters(),
        releases=releases_with(vocabulary, iri),
        canonical=services().settings.base + document_url(iri),
    )


def _page_of_graph(iri: URIRef, graphs: list[URIRef]) -> str:
    """A page for what belongs to no vocabulary: the description of the vocabularies themselves."""
    lens = lens_for(graphs[0])
    return render_template(
        "concepts/other.html", concept=_concept_page(lens, get_concept(lens, iri))
    )


def _kept_parameters() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name not in {"lang", "page"}}


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


def _concept_page(lens: Lens, concept: Concept) -> ConceptPage:
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
        notes=[
            note
            for kind in (SKOS.note, SKOS.historyNote, SKOS.editorialNote)
            for note in _labels(concept.notes.get(kind, ()))
        ],
        paths=[links(path) for path in concept.paths if path],
        broader=links(concept.broader),
        narrower=Page(links(found), number, PAGE, total),
        narrower_is_members=not concept.is_concept,
        related=links(concept.related),
        member_of=links(_groups_around(lens, concept)),
        superordinate=links(concept.superordinate),
        groups=[]
        if concept.is_concept
        else [link(one.item) for one in groups_in(lens, concept.iri)],
        arrays=[(link(array.item), links(array.members)) for array in arrays],
        is_circled=concept.is_concept and view().structure.is_circled(lens.graph, concept.iri),
        schemes=links(concept.schemes),
        alt_labels=_labels(label for names in _own(concept) for label in names.alternative),
        hidden_labels=_labels(label for names in _own(concept) for label in names.hidden),
        labels_by_language=_by_language(concept),
        mappings=mapping_links(concept.mappings),
        other=[(p.name, p.iri, [_value(value) for value in p.values]) for p in concept.others],
        downloads=[
            Download(document_url(concept.iri, form.extension), form.title, form.media_type)
            for form in DESCRIPTION_FORMATS
        ],
        structured=_structured(concept),
    )


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
    return Value(str(value), display_tag(language) if language else "")


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
