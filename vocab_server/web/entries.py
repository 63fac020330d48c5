"""Series and interfaces of a catalog: their lists, the pages of an interface, the links to both."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from rdflib import URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.codes import CODES
from vocab_server.catalog.kinds import KINDS
from vocab_server.catalog.profiles import AUTHORITY
from vocab_server.catalog.resources import (
    Dataset,
    Resource,
    dataset_id,
    read_datasets,
    read_service,
)
from vocab_server.catalog.stages import Stage, stage_named
from vocab_server.errors import InvalidError
from vocab_server.identity import current_account
from vocab_server.listing.assets import find_asset
from vocab_server.listing.entries import list_entries, list_members, list_serving, named_entries
from vocab_server.listing.keepers import is_kept_here
from vocab_server.listing.members import MOST_MEMBERS, put_in_series, take_from_series
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.licences import licence_name
from vocab_server.rdf.namespaces import DCAT, DCT, DCT_FORMAT, FOAF
from vocab_server.reading import (
    Link,
    Page,
    document_url,
    languages,
    page_number,
    shown,
    view,
    with_language,
)
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.store.embedded import can_hold
from vocab_server.web.error_texts import in_words
from vocab_server.web.register import standing_of
from vocab_server.web.signposting import external_url
from vocab_server.web.stage_texts import STAGES, access_name

bp = Blueprint("entries", __name__)
ROWS = 50  # entries of a list
NAMES = {
    "series": lazy_gettext("Dataset series"),
    "services": lazy_gettext("Interfaces"),
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as a list shows it; ``stage`` is "" for what is in no register."""

    link: Link
    description: Label | None
    stage: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What a dataset is linked with: interfaces that give it, its series, members of its own."""

    services: list[Link]
    series: list[Link]
    members: Page | None


@bp.get("/catalogs/<identifier>/<any(series, services):name>")
def index(identifier: str, name: str) -> ResponseReturnValue:
    """The series or the interfaces of a catalog; those that were withdrawn say so."""
    catalog, number, kind = view().catalog(identifier), page_number(), KINDS[name]
    found = list_entries(catalog, kind, (number - 1) * ROWS, ROWS)
    account = current_account()
    may_edit = account is not None and account.may(Permission.EDIT_DATASETS, identifier)
    return render_template(
        "entries/index.html",
        catalog=catalog,
        kind=kind,
        name=NAMES[name],
        page=Page([_row(each) for each in found.items], number, ROWS, found.total),
        may_edit=may_edit and is_kept_here(catalog),
    )


@bp.get("/services/<identifier>")
def service(identifier: str) -> ResponseReturnValue:
    """An interface that was entered here: what it is, where it answers, what it gives."""
    iri = URIRef(f"{services().settings.base}/services/{identifier}")
    entry = read_service(view().store, iri)
    own = entry.resource
    return render_template(
        "entries/service.html",
        entry=entry,
        name=_title(own),
        descriptions=[shown(text) for text in _in_one_language(entry.descriptions)],
        catalogs=[c for c in view().catalogs if c.graph in entry.graphs],
        standing=standing_of(entry),
        endpoints=[(str(v), external_url(str(v))) for v in own.links(DCAT.endpointURL)],
        documents=[
            (str(v), external_url(str(v)))
            for v in own.links(DCAT.endpointDescription, FOAF.page, DCAT.landingPage)
        ],
        formats=[_code_name(v, f"{AUTHORITY}file-type") for v in own.links(DCT_FORMAT)],
        licences=[(licence_name(v), external_url(v)) for v in own.links(DCT.license)],
        access=access_name(entry.access_rights.rpartition("/")[2]),
        publishers=[shown(a) for p in entry.publishers if (a := resolve(p.names, languages()))],
        contacts=[(resolve(c.names, languages()), c.email) for c in entry.contacts],
        keywords=[shown(word) for word in entry.keywords],
        datasets=_dataset_links(own.links(DCAT.servesDataset)),
        uri=iri,
    )


@bp.post("/catalogs/<identifier>/assets/<name>/members")
def change_members(identifier: str, name: str) -> ResponseReturnValue:
    """Put datasets into a series, or take them out of it."""
    series = find_asset(identifier, name)
    chosen = [URIRef(i) for i in request.form.getlist("dataset") if can_hold(i)][:MOST_MEMBERS]
    back = redirect(
        f"{url_for('entering.edit', identifier=identifier, name=name)}#members",
        HTTPStatus.SEE_OTHER,
    )
    try:
        if "remove" in request.form:
            take_from_series(series, chosen)
            flash(_("The dataset is taken out of the series."))
        else:
            put_in_series(series, chosen)
            flash(_("The datasets are in the series now."))
    except InvalidError as error:
        flash(in_words(error), "warning")
    return back


def linked_with(dataset: Dataset) -> Linked:
    """What pages of a dataset or of a series link to besides its files."""
    stated = [service.iri for service in dataset.services]
    serving = [e.iri for graph in dataset.graphs for e in list_serving(graph, dataset.iri).items]
    return Linked(
        services=_links(dataset.graphs, dict.fromkeys((*stated, *serving))),
        series=_links(dataset.graphs, dict.fromkeys(dataset.resource.links(DCAT.inSeries))),
        members=members_of(dataset) if dataset.is_series else None,
    )


def members_of(series: Dataset) -> Page:
    """The datasets of a series, a page of them."""
    number = page_number()
    found = list_members(series.graphs[0], series.iri, (number - 1) * ROWS, ROWS)
    shown_ones = [e for e in found.items if stage_named(e) is not Stage.WITHDRAWN]
    return Page([entry_link(e) for e in shown_ones], number, ROWS, found.total)


def entry_link(entry: Resource) -> Link:
    """The link to a dataset, a series or an interface."""
    return Link(with_language(entry_url(entry)), _title(entry), iri=str(entry.iri))


def entry_url(entry: Resource) -> str:
    """The address of the page of an entry of a catalog."""
    base = services().settings.base
    if not entry.is_a(DCAT.DataService):
        return url_for("datasets.show", identifier=dataset_id(base, entry.iri))
    own = f"{base}/services/"
    if entry.iri.startswith(own):
        return url_for("entries.service", identifier=entry.iri.removeprefix(own))
    return document_url(entry.iri)


def _links(graphs: Iterable[URIRef], iris: Iterable[URIRef]) -> list[Link]:
    """The links to entries, withdrawn ones left out."""
    wanted = list(iris)
    found = {e.iri: e for g in graphs for e in named_entries(g, wanted) if e.values}
    entries = [found[iri] for iri in wanted if iri in found]
    return [entry_link(e) for e in entries if stage_named(e) is not Stage.WITHDRAWN]


def _dataset_links(iris: Iterable[URIRef]) -> list[Link]:
    found = read_datasets(view().store, list(iris)[:ROWS])
    return [entry_link(d.resource) for d in found if stage_named(d.resource) is not Stage.WITHDRAWN]


def _row(entry: Resource) -> EntryRow:
    description, stage = resolve(entry.texts(DCT.description), languages()), stage_named(entry)
    return EntryRow(
        entry_link(entry),
        shown(description) if description else None,
        str(STAGES[stage]) if stage else "",
    )


def _title(entry: Resource) -> Label:
    return shown(resolve(entry.texts(DCT.title), languages()) or Label(local_name(entry.iri)))


def _in_one_language(texts: Iterable[Label]) -> list[Label]:
    texts = list(texts)
    first = resolve(texts, languages())
    return [text for text in texts if first and text.language == first.language]


def _code_name(iri: URIRef, codes: str) -> Label:
    names = next((code.names for code in CODES[codes] if code.iri == iri), ())
    return shown(resolve(names, languages()) or Label(local_name(iri)))
