"""What the split or the end of a concept leaves to its publishers: a choice for each dataset.

Tags follow merges by themselves. Where a concept became several, or nothing, only who knows the
data can say which one fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.resources import Dataset
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.identity import demand
from vocab_server.rdf.languages import Label
from vocab_server.reading import Link, Page, languages, page_number, shown, view
from vocab_server.retagging import Wish, find_dataset, retag_datasets
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.search.dataset_find import Chosen
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.resolving import Resolved, Status, resolve_iris
from vocab_server.store.embedded import can_hold
from vocab_server.web.datasets import Row, rows
from vocab_server.web.error_texts import in_words
from vocab_server.web.first_steps import concept_link

bp = Blueprint("choices", __name__)

USED = 1_000  # different concepts of a catalog that are looked at
CONCEPTS = 10  # that a page shows
ROWS = 20  # datasets of one concept that are shown at a time
NOTHING = "nothing"  # what stands for none of the successors
_FIELD = "to-"  # before the id of a dataset
_ENDED = (Status.SPLIT, Status.DEPRECATED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Choice:
    """A concept that is no longer used, what may stand in its place, and some of its datasets."""

    former: Link
    instead: list[Link]
    rows: list[tuple[Row, DatasetCard]]
    total: int


@bp.get("/catalogs/<identifier>/choices")
def index(identifier: str) -> ResponseReturnValue:
    """The datasets of a catalog whose concepts have ended, each with what to choose from."""
    catalog = view().catalog(identifier)
    demand(Permission.TAG_DATASETS, identifier)
    return _page(catalog)


@bp.post("/catalogs/<identifier>/choices")
def choose(identifier: str) -> ResponseReturnValue:
    """Tag datasets with what somebody chose instead of a concept that has ended."""
    catalog = view().catalog(identifier)
    demand(Permission.TAG_DATASETS, identifier)
    former = request.form.get("former", "")
    try:
        wishes = [
            Wish(_of_catalog(dataset, catalog), [*map(URIRef, chosen)], [URIRef(former)])
            for dataset, chosen in _chosen(former)
        ]
        done = len(retag_datasets(wishes)) if wishes else 0
    except InvalidError as error:
        return _page(catalog, in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    if not done:
        return _page(catalog, _("Choose what fits for at least one dataset.")), 422
    flash(ngettext("%(num)s choice is saved.", "%(num)s choices are saved.", done))
    return redirect(url_for(".index", identifier=identifier), HTTPStatus.SEE_OTHER)


def _of_catalog(identifier: str, catalog: Registration) -> Dataset:
    """A dataset of a catalog. Raises NotFoundError when the catalog does not have it."""
    found = find_dataset(identifier)
    if catalog.graph not in found.graphs:
        raise NotFoundError(
            "The catalog %(identifier)r has no dataset %(dataset)r.",
            identifier=catalog.id,
            dataset=identifier,
        )
    return found


def ended_concepts(catalog: Registration) -> list[Resolved]:
    """The concepts that datasets of a catalog have and that ended without one successor."""
    chosen = Chosen(catalogs=(catalog.graph,), without=())
    used = view().datasets.values("concept", chosen, USED)
    return [each for each in resolve_iris(view().store, used, languages()) if each.status in _ENDED]


def _chosen(former: str) -> Iterator[tuple[str, list[str]]]:
    """The ids of datasets, each with the concepts that a form says. Raises InvalidError."""
    if not can_hold(former):
        raise InvalidError("The form does not say which category it is about. Load it anew.")
    for name, values in request.form.lists():
        if name.startswith(_FIELD):
            concepts = [value for value in values if value != NOTHING]
            if not all(map(can_hold, concepts)):
                raise InvalidError("Choose a category from the list.")
            yield name.removeprefix(_FIELD), concepts


def _page(catalog: Registration, problem: str = "") -> str:
    ended, number = ended_concepts(catalog), page_number()
    some = ended[(number - 1) * CONCEPTS : number * CONCEPTS]
    choices = [_choice(catalog, each) for each in some]
    return render_template(
        "catalogs/choices.html",
        catalog=catalog,
        problem=problem,
        nothing=NOTHING,
        page=Page(choices, number, CONCEPTS, len(ended)),
    )


def _choice(catalog: Registration, ended: Resolved) -> Choice:
    asked = Chosen(concepts=(ended.iri,), catalogs=(catalog.graph,), is_exact=True, without=())
    cards, total = view().datasets.find(asked, limit=ROWS, order="place")
    former = concept_link(URIRef(ended.iri), shown(ended.label or Label(local_name(ended.iri))))
    instead = [concept_link(iri, name) for iri, name in ended.replaced_by]
    return Choice(former, instead, list(zip(rows(cards), cards, strict=True)), total)
