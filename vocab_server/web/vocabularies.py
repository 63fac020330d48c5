"""Pages of a vocabulary: overview with its tree, alphabetical index, deprecated concepts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from rdflib import Literal, URIRef

from vocab_server.editing.spreadsheets import FORMS, MEDIA_TYPES
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.grouping import count_orphans
from vocab_server.levels import branch, list_flagged, opened_tree
from vocab_server.rdf.formats import DESCRIPTION_FORMATS
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.licences import licence_name
from vocab_server.rdf.namespaces import DCT
from vocab_server.rdf.query import is_iri
from vocab_server.reading import (
    Download,
    LanguageCount,
    Link,
    Page,
    content_language,
    language_counts,
    languages,
    last_change,
    lens_for,
    link,
    links,
    page_number,
    shown,
    shown_language,
    view,
    with_language,
)
from vocab_server.search.documents import DEPRECATED
from vocab_server.search.entries import PREFERRED
from vocab_server.search.lists import count_names, first_letter, letters, list_names
from vocab_server.skos.concepts import replacements
from vocab_server.skos.hierarchy import Lens, items, local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.releases import Release
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.tree import tree_list

bp = Blueprint("vocabularies", __name__)

NAMES = 200  # names on a page of the alphabetical index


@dataclass(frozen=True, slots=True)
class Summary:
    """A vocabulary as lists and headings show it."""

    id: str
    iri: str
    href: str
    title: Label
    description: Label | None
    concept_count: int
    languages: list[LanguageCount]
    modified: date | None
    licence: Link | None
    publisher: Label | None
    version: str
    downloads: list[Download]
    group_count: int
    release_count: int


@bp.get("/vocabularies")
def index() -> ResponseReturnValue:
    """All vocabularies."""
    return render_template("vocabularies/index.html", vocabularies=summaries())


@bp.get("/vocabularies/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    """A vocabulary: what it is, its files, and its tree from the top."""
    vocabulary = view().vocabulary(identifier)
    lens, scheme = lens_for(vocabulary.graph), _chosen_scheme(vocabulary)
    tree = opened_tree(lens, scheme=URIRef(scheme) if scheme else None)
    return render_template(
        "vocabularies/show.html",
        vocabulary=replace(summary(vocabulary), languages=_named_concepts(vocabulary)),
        content_language=shown_language(lens),
        tree=tree_list(vocabulary, tree, scheme=scheme),
        schemes=_schemes(vocabulary, lens, scheme),
        orphan_count=count_orphans(vocabulary.graph),
        circled_count=view().structure.count_circled(vocabulary.graph),
    )


@dataclass(frozen=True, slots=True)
class SchemeChoice:
    """One of several concept schemes, whose top concepts the tree may begin with."""

    iri: str
    label: Label
    chosen: bool


def _chosen_scheme(vocabulary: Vocabulary) -> str:
    """The scheme that the tree is to begin with, or "" for all. Raises NotFoundError."""
    wanted = request.args.get("scheme", "")
    if wanted and not vocabulary.has_scheme(wanted):
        raise NotFoundError(
            "The vocabulary %(vocabulary)r has no concept scheme %(wanted)s.",
            vocabulary=vocabulary.id,
            wanted=wanted,
        )
    return wanted


def _schemes(vocabulary: Vocabulary, lens: Lens, chosen: str) -> list[SchemeChoice]:
    """The schemes to choose from; none where there is no choice."""
    if len(vocabulary.schemes) < 2:
        return []
    found = [
        (scheme, resolve(scheme.labels(), lens.languages) or Label(local_name(scheme.iri)))
        for scheme in vocabulary.schemes
    ]
    return [SchemeChoice(s.iri, shown(label), str(s.iri) == chosen) for s, label in found]


@bp.get("/vocabularies/<identifier>/tree")
def tree(identifier: str) -> ResponseReturnValue:
    """A piece of the tree: the concepts right under one, a page at a time.

    A fragment for the script of the tree; with ``whole``, a page for readers without it.
    """
    return piece_of_tree(view().vocabulary(identifier))


def piece_of_tree(vocabulary: Vocabulary) -> ResponseReturnValue:
    """The piece of the tree that the request asks for, of what is published or of a draft."""
    lens = lens_for(vocabulary.graph)
    iri = request.args.get("iri", "")
    if not is_iri(iri):
        raise InvalidError("Give the address of a concept as ?iri=.")
    offset = max(0, request.args.get("offset", 0, type=int))
    depth = max(1, request.args.get("level", 1, type=int))
    scheme = _chosen_scheme(vocabulary) if not iri else ""
    place = URIRef(scheme) if scheme else None
    piece = branch(lens, URIRef(iri) if iri else None, offset, place)
    found = tree_list(vocabulary, piece, level=depth, offset=offset, scheme=scheme)
    if "whole" in request.args:
        name = shown(vocabulary.title(lens.languages))
        return render_template(
            "vocabularies/level.html", tree=found, name=name, href=_href(vocabulary)
        )
    return Response(found, content_type="text/html; charset=utf-8")


@bp.get("/vocabularies/<identifier>/index", defaults={"letter": ""})
@bp.get("/vocabularies/<identifier>/index/<letter>")
def letter(identifier: str, letter: str) -> ResponseReturnValue:
    """The names under one letter, in the order of the content language."""
    vocabulary = view().vocabulary(identifier)
    lens = lens_for(vocabulary.graph)
    language = _indexed_language(vocabulary)
    found = letters(view().index, vocabulary.graph, language)
    letter = letter or first_letter(found)
    if letter and letter not in found:
        abort(HTTPStatus.NOT_FOUND)
    number = page_number()
    listed, total = list_names(
        view().index,
        vocabulary.graph,
        language,
        letter,
        limit=NAMES,
        offset=(number - 1) * NAMES,
    )
    shown_items = {item.iri: item for item in items(lens, (name.concept for name in listed))}
    entries = [
        replace(
            link(shown_items[name.concept]),
            alternative=None if name.property == PREFERRED else shown(Label(name.text, language)),
        )
        for name in listed
    ]
    return render_template(
        "vocabularies/letter.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        letters=[_letter(vocabulary, text, letter) for text in found],
        page=Page(entries, number, NAMES, total),
    )


@bp.get("/vocabularies/<identifier>/deprecated")
def deprecated(identifier: str) -> ResponseReturnValue:
    """The concepts that are no longer used, with what to use instead."""
    vocabulary = view().vocabulary(identifier)
    number = page_number()
    lens = lens_for(vocabulary.graph)
    found = list_flagged(lens, DEPRECATED, NAMES, (number - 1) * NAMES)
    instead = replacements(lens, [item.iri for item in found.items])
    concepts = [
        replace(link(item), replaced_by=tuple(links(instead[item.iri]))) for item in found.items
    ]
    return render_template(
        "vocabularies/deprecated.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        concepts=concepts,
        page=Page(concepts, number, NAMES, found.total),
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the alphabetical index."""

    text: str
    href: str
    current: bool


def _letter(vocabulary: Vocabulary, text: str, current: str) -> Letter:
    href = url_for("vocabularies.letter", identifier=vocabulary.id, letter=text)
    return Letter(text, with_language(href), text == current)


def _indexed_language(vocabulary: Vocabulary) -> str:
    """The language whose names are listed: the wanted one, else the first that has any."""
    lens = lens_for(vocabulary.graph)
    return lens.languages[0] if lens.languages else content_language()


def summaries() -> list[Summary]:
    """All vocabularies as lists show them."""
    return [summary(vocabulary) for vocabulary in view().vocabularies]


def summary(vocabulary: Vocabulary) -> Summary:
    """A vocabulary as headings and lists show it."""
    snapshot = str(view().path)
    return _summary(snapshot, vocabulary.id, content_language(), request.args.get("lang"))


@lru_cache(maxsize=500)  # every page of a vocabulary has it in its heading
def _summary(_snapshot: str, identifier: str, _wanted: str, _chosen: str | None) -> Summary:
    """The summary, which is the same for as long as the snapshot and the languages are."""
    vocabulary = view().vocabulary(identifier)
    counted = view().statistics(vocabulary.graph)
    lens = lens_for(vocabulary.graph)
    description = vocabulary.description(lens.languages)
    iri = vocabulary.schemes[0].iri if vocabulary.schemes else vocabulary.graph
    return Summary(
        id=vocabulary.id,
        iri=iri,
        href=_href(vocabulary),
        title=shown(vocabulary.title(lens.languages)),
        description=shown(description) if description else None,
        concept_count=counted.concepts,
        languages=language_counts(counted.languages),
        modified=_modified(vocabulary),
        licence=_named(vocabulary.first(DCT.license, DCT.rights)),
        publisher=_publisher(vocabulary),
        version=newest_version(vocabulary),
        downloads=[
            Download(
                url_for("graphs.download", identifier=vocabulary.id, extension=f.extension),
                f.title,
                f.media_type,
            )
            for f in DESCRIPTION_FORMATS
        ]
        + [
            Download(
                url_for("spreadsheets.download", identifier=vocabulary.id, form=form),
                form.upper(),
                MEDIA_TYPES[form],
            )
            for form in FORMS
        ],
        group_count=view().structure.count_groups(vocabulary.graph),
        release_count=len(_releases(vocabulary)),
    )


def newest_version(vocabulary: Vocabulary) -> str:
    """The name of the newest release, else the version that the vocabulary gives itself, or ""."""
    releases = _releases(vocabulary)
    return releases[0].name if releases else str(vocabulary.version or "")


def _releases(vocabulary: Vocabulary) -> Sequence[Release]:
    return view().releases.get(vocabulary.graph, ())


def _modified(vocabulary: Vocabulary) -> date | None:
    """When it changed last: here, or as it says itself where it is as it came."""
    said = _date(vocabulary.first(DCT.modified, DCT.issued, DCT.created))
    here = None if "root" in g else last_change(vocabulary.graph)
    found = [day for day in (said, here.date() if here else None) if day]
    return max(found, default=None)


def _named_concepts(vocabulary: Vocabulary) -> list[LanguageCount]:
    """How many concepts have a preferred label in each language, most first."""
    graph = vocabulary.graph
    tags = view().statistics(graph).languages
    counts = {tag: count_names(view().index, graph, tag) for tag in tags}
    return language_counts(dict(sorted(counts.items(), key=lambda found: -found[1])))


def _href(vocabulary: Vocabulary) -> str:
    return with_language(url_for("vocabularies.show", identifier=vocabulary.id))


def _date(value: URIRef | Literal | None) -> date | None:
    if not isinstance(value, Literal):
        return None
    try:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).date()
    except ValueError:
        return None


def _named(value: URIRef | Literal | None) -> Link | None:
    if not isinstance(value, URIRef) or not str(value).startswith(("http://", "https://")):
        return None
    label = labels_of(view().store, [value], languages()).get(value)
    return Link(str(value), label or Label(licence_name(value)))


def _publisher(vocabulary: Vocabulary) -> Label | None:
    value = vocabulary.first(DCT.publisher, DCT.creator)
    if isinstance(value, Literal):
        return Label(str(value), value.language or "")
    return labels_of(view().store, [value], languages()).get(value) if value else None
