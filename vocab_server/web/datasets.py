"""Pages of datasets: lists narrowed by concepts and facets, and one dataset with its tags."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.resources import Dataset, read_resource, sources_of
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.identity import current_account
from vocab_server.levels import level
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.namespaces import FOAF
from vocab_server.rdf.plain_text import paragraphs_of, without_markup
from vocab_server.reading import (
    Link,
    Page,
    document_url,
    languages,
    lens_for,
    page_number,
    shown,
    view,
    with_language,
)
from vocab_server.retagging import (
    ShownTag,
    catalogs_of,
    find_dataset,
    shown_tags,
    tag_dataset,
    untag_dataset,
)
from vocab_server.search.dataset_documents import FACETS, DatasetCard
from vocab_server.search.dataset_find import Chosen
from vocab_server.search.find import Wanted
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.store.embedded import can_hold
from vocab_server.tagging.tags import Origin, known_concepts
from vocab_server.web.distributions import forms_of
from vocab_server.web.entries import linked_with
from vocab_server.web.error_texts import in_words
from vocab_server.web.register import standing_of
from vocab_server.web.search import Result, results
from vocab_server.web.signposting import external_url
from vocab_server.web.stage_texts import access_name

bp = Blueprint("datasets", __name__)

ROWS = 20  # datasets on a page
VALUES = 12  # of each facet
NARROWER = 60  # concepts that a list offers to narrow by
NAMED = ("publisher", "theme")  # facets whose values are resources with names
LONGEST = 200  # characters that are searched for
MOST_CONCEPTS = 10  # that a list is narrowed by
FOUND = 10  # concepts that a search for one shows


@dataclass(frozen=True, slots=True)
class Row:
    """A dataset as lists show it."""

    href: str
    title: Label
    description: Label | None
    publishers: list[Label]
    formats: tuple[str, ...]
    concepts: list[Link]
    modified: str
    is_listed_only: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow a list by, with how many datasets that leaves."""

    label: Label
    count: int
    href: str
    is_chosen: bool = False


@bp.get("/datasets")
def index() -> ResponseReturnValue:
    """The datasets under the chosen concepts and facets, with what narrows them further."""
    chosen, number = asked(), page_number()
    found, total = view().datasets.find(chosen, limit=ROWS, offset=(number - 1) * ROWS)
    publisher = dict(chosen.facets).get("publisher")
    return render_template(
        "datasets/index.html",
        chosen=chosen,
        kept=[(n, v) for n, v in request.args.items(multi=True) if n not in ("q", "page")],
        page=Page(rows(found), number, ROWS, total),
        facets=_facets(chosen),
        narrowed=[*_chosen_concepts(chosen), *_chosen_facets(chosen)],
        concepts=_narrower(chosen),
        publisher=_publisher(publisher) if publisher else None,
        measure=view().datasets.measure(chosen) if publisher else None,
    )


@bp.get("/datasets/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    """One dataset: what it is, how it is had, and what it is tagged with."""
    page = make_response(_page(identifier, find_dataset(identifier)))
    # What links answer changes without anything being published.
    page.headers["Cache-Control"] = "private, no-cache"
    return page


@bp.post("/datasets/<identifier>/tags")
def tag(identifier: str) -> ResponseReturnValue:
    """Tag a dataset with a concept."""
    dataset, concept = find_dataset(identifier), _posted_concept()
    try:
        _concept, is_new = tag_dataset(dataset, concept)
    except (InvalidError, NotFoundError) as error:
        return _page(identifier, dataset, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The category is added.") if is_new else _("The dataset had this category already."))
    return redirect(url_for(".show", identifier=identifier), HTTPStatus.SEE_OTHER)


@bp.post("/datasets/<identifier>/untag")
def untag(identifier: str) -> ResponseReturnValue:
    """Take a concept from a dataset."""
    if untag_dataset(find_dataset(identifier), _posted_concept()):
        flash(_("The category is taken away."))
    return redirect(url_for(".show", identifier=identifier), HTTPStatus.SEE_OTHER)


def _posted_concept() -> URIRef:
    text = request.form.get("concept", "").strip()
    if not can_hold(text):
        raise InvalidError("Choose a category from the list.")
    return URIRef(text)


def asked() -> Chosen:
    """What the address narrows a list by. Raises InvalidError for what is no IRI."""
    concepts = tuple(dict.fromkeys(filter(None, request.args.getlist("concept"))))
    if len(concepts) > MOST_CONCEPTS or not all(map(can_hold, concepts)):
        raise InvalidError("Give the addresses of at most ten concepts as ?concept=.")
    named = request.args.get("catalog", "")
    return Chosen(
        concepts=concepts,
        facets=tuple((name, v) for name in FACETS if (v := request.args.get(name))),
        catalogs=(view().catalog(named).graph,) if named else (),
        text=request.args.get("q", "").strip()[:LONGEST],
        languages=languages(),
    )


def rows(cards: Sequence[DatasetCard]) -> list[Row]:
    """The datasets as lists show them; one look-up of names for all."""
    wanted = {iri for card in cards for iri in (*card.publishers, *card.concepts)}
    names = labels_of(view().store, wanted, languages())
    return [_row(card, names) for card in cards]


def _row(card: DatasetCard, names: Mapping[URIRef, Label]) -> Row:
    title = resolve(card.titles, languages())
    description = resolve(card.descriptions, languages())
    return Row(
        href=with_language(url_for("datasets.show", identifier=card.id)),
        title=shown(title or Label(local_name(card.iri))),
        description=shown(without_markup(description)) if description else None,
        publishers=[shown(names.get(p) or Label(local_name(p))) for p in card.publishers],
        formats=card.formats,
        concepts=[_concept_link(iri, names.get(iri)) for iri in card.concepts],
        modified=card.modified[:10],
        is_listed_only=card.is_listed_only,
    )


def _concept_link(iri: URIRef, label: Label | None) -> Link:
    href = with_language(document_url(iri))
    return Link(href, shown(label or Label(local_name(iri))), iri=iri)


def _facets(chosen: Chosen) -> list[tuple[str, list[Choice]]]:
    """The values of each facet that is not chosen yet."""
    counted = view().datasets.facets(chosen, VALUES)
    taken = dict(chosen.facets)
    named = [v for name in NAMED for v, _count in counted[name]]
    names = labels_of(view().store, map(URIRef, named), languages())
    return [
        (name, [Choice(value_name(name, v, names), n, _with(name, v)) for v, n in counted[name]])
        for name in FACETS
        if name not in taken and counted[name]
    ]


def value_name(facet: str, value: str, names: Mapping[URIRef, Label]) -> Label:
    """What a value of a facet is called."""
    if facet == "access":
        return Label(access_name(value))
    if facet in NAMED:
        return shown(names.get(URIRef(value)) or Label(local_name(value)))
    return Label(value.upper() if facet == "format" else value)


def _chosen_concepts(chosen: Chosen) -> list[Choice]:
    """The chosen concepts, each with the address of the list without it."""
    names = labels_of(view().store, map(URIRef, chosen.concepts), languages())
    counts = view().datasets.count_under(chosen.concepts)
    return [
        Choice(
            shown(names.get(URIRef(iri)) or Label(local_name(iri))),
            counts[iri],
            _address(concept=[other for other in chosen.concepts if other != iri]),
            is_chosen=True,
        )
        for iri in chosen.concepts
    ]


def _chosen_facets(chosen: Chosen) -> list[Choice]:
    named = [URIRef(v) for name, v in chosen.facets if name in NAMED and can_hold(v)]
    names = labels_of(view().store, named, languages())
    found = [
        Choice(value_name(name, value, names), 0, _address(**{name: []}), is_chosen=True)
        for name, value in chosen.facets
    ]
    for catalog in view().catalogs:
        if catalog.graph in chosen.catalogs:
            found.append(Choice(catalog.title, 0, _address(catalog=[]), is_chosen=True))
    return found


def _narrower(chosen: Chosen) -> list[tuple[Label, list[Choice]]]:
    """The concepts right under the last chosen one, or at the top, that leave any dataset.

    By vocabulary, each with its title.
    """
    last = URIRef(chosen.concepts[-1]) if chosen.concepts else None
    known = known_concepts(view().store, [last]).values() if last else ()
    listed = [v for v in view().vocabularies if not last or v.graph in known][:MOST_CONCEPTS]
    found = [(shown(v.title(languages())), _below(v.graph, last, chosen)) for v in listed]
    return [(title, choices) for title, choices in found if choices]


def _below(graph: URIRef, last: URIRef | None, chosen: Chosen) -> list[Choice]:
    lower = level(lens_for(graph), last, limit=NARROWER).items[:NARROWER]
    counts = view().datasets.count_under([item.iri for item in lower], chosen)
    others = [iri for iri in chosen.concepts if iri != str(last)]
    return [
        Choice(shown(item.label), counts[item.iri], _address(concept=[*others, item.iri]))
        for item in lower
        if counts[item.iri]
    ]


def _with(name: str, value: str) -> str:
    return _address(**{name: [value]})


def _address(**changed: Iterable[str]) -> str:
    """The address of this list with other values of some parameters, from its first page on."""
    kept = [(n, v) for n, v in request.args.items(multi=True) if n not in {*changed, "page"}]
    more = [(name, value) for name, values in changed.items() for value in values]
    return f"{url_for('datasets.index')}?{urlencode([*kept, *more])}"


def _publisher(iri: str) -> tuple[Label, str]:
    """Who publishes, and their home page if they have one."""
    if not can_hold(iri):
        raise InvalidError("Give the address of a publisher as ?publisher=.")
    found = read_resource(view().store, URIRef(iri), sources_of(view().store, URIRef(iri)))
    name = resolve(found.texts(FOAF.name), languages())
    return shown(name or Label(local_name(iri))), external_url(found.first(FOAF.homepage))


def _page(identifier: str, dataset: Dataset, problem: str = "") -> str:
    account = current_account()
    own = catalogs_of(dataset)
    may_tag = account is not None and any(
        account.may(Permission.TAG_DATASETS, catalog.id) for catalog in own
    )
    query = request.args.get("find", "").strip()[:LONGEST] if may_tag else ""
    tags = shown_tags(dataset, languages())
    return render_template(
        "datasets/show.html",
        identifier=identifier,
        dataset=dataset,
        standing=standing_of(dataset),
        name=_text(dataset.titles) or Label(local_name(dataset.iri)),
        descriptions=[
            paragraph
            for text in _in_one_language(dataset.descriptions)
            for paragraph in paragraphs_of(text)
        ],
        publishers=[
            (_text(agent.names) or Label(local_name(agent.iri)), _list_of("publisher", agent.iri))
            for agent in dataset.publishers
        ],
        catalogs=own,
        access=access_name(dataset.access_rights.rpartition("/")[2]),
        distributions=forms_of(identifier, dataset),
        linked=linked_with(dataset),
        contacts=[(_text(c.names), c.email) for c in dataset.contacts],
        keywords=[shown(word) for word in dataset.keywords],
        tags=[_tag(found) for found in tags],
        origins=ORIGINS,
        may_tag=may_tag,
        query=query,
        found=_find(query) if query else [],
        problem=problem,
    )


ORIGINS = tuple(Origin)


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag as the page of a dataset shows it; ``instead`` are what its concept was split into."""

    link: Link
    stated: str
    origin: Origin
    list_href: str
    needs_choice: bool
    instead: list[Link]
    former: Label | None


def _tag(found: ShownTag) -> TagRow:
    names = dict(found.resolved.replaced_by)
    is_other = found.concept != found.tag.concept
    label = names.get(found.concept) if is_other else found.resolved.label
    former = found.resolved.label or Label(local_name(found.tag.concept))
    return TagRow(
        link=_concept_link(found.concept, label),
        stated=found.tag.concept,
        origin=found.tag.origin,
        list_href=_list_of("concept", found.concept),
        needs_choice=found.needs_choice,
        instead=[_concept_link(iri, name) for iri, name in names.items()],
        former=shown(former) if is_other else None,
    )


def _list_of(name: str, value: str) -> str:
    return f"{url_for('datasets.index')}?{urlencode({name: value})}"


def _find(query: str) -> list[Result]:
    """The concepts that a text names."""
    graphs = tuple(vocabulary.graph for vocabulary in view().vocabularies)
    wanted = Wanted(query, graphs, stem_languages=languages(), is_unfinished=True)
    return results(view().suggest(wanted, FOUND))


def _text(texts: Sequence[Label]) -> Label | None:
    found = resolve(texts, languages())
    return shown(found) if found else None


def _in_one_language(texts: Sequence[Label]) -> list[Label]:
    first = resolve(texts, languages())
    return [shown(text) for text in texts if first and text.language == first.language]
