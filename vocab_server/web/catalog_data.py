"""How the files of a catalog stand, those with most to correct first; and all checked at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from rdflib import URIRef

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.resources import dataset_id, part_key
from vocab_server.database.data_checks import DataCheck, DataChecks, Wanted
from vocab_server.identity import current_account, demand_account, requires
from vocab_server.quality.data.fault import Score
from vocab_server.rdf.languages import Label
from vocab_server.rdf.query import bind
from vocab_server.reading import Page, languages, page_number, shown, view
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.web.data_texts import SCORES, STATES
from vocab_server.web.quality import unkept

bp = Blueprint("catalog_data", __name__)
ROWS = 50  # files on a page
MOST_AT_ONCE = 2_000  # files that one click has checked
_FILES = """SELECT ?dataset ?part WHERE { GRAPH $graph {
    ?dataset dcat:distribution ?part FILTER (isIRI(?part)) } } LIMIT $most"""


@dataclass(frozen=True, slots=True)
class Row:
    """A file as the list shows it: the dataset's name, the page of its check, how it stands."""

    name: Label
    href: str
    running: str
    check: DataCheck


@bp.get("/catalogs/<identifier>/data")
def show(identifier: str) -> ResponseReturnValue:
    """The mean scores of a catalog, and its files."""
    catalog = view().catalog(identifier)
    checks, number = DataChecks(services().database), page_number()
    found = checks.of_catalog(identifier, limit=ROWS, offset=(number - 1) * ROWS)
    account, means = current_account(), checks.averages(identifier)
    values = (means.values, means.metadata, means.management)
    page = render_template(
        "catalog_data/show.html",
        catalog=catalog,
        page=Page(_rows(found), number, ROWS, checks.count(identifier)),
        means=[(*SCORES[kind], value) for kind, value in zip(Score, values, strict=True)],
        violations=means.violations,
        may_check=account is not None and account.may(Permission.EDIT_DATASETS, identifier),
    )
    return unkept(make_response(page))


@bp.post("/catalogs/<identifier>/data")
@requires(Permission.EDIT_DATASETS, "identifier")
def check(identifier: str) -> ResponseReturnValue:
    """Have all files of a catalog checked."""
    wanted = _files(view().catalog(identifier))
    now, name = datetime.now(UTC), demand_account().name
    number = DataChecks(services().database).ask(wanted, name, now)
    flash(
        ngettext("%(num)s check is on its way.", "%(num)s checks are on their way.", number)
        if number
        else _("There is no file whose check is not on its way already.")
    )
    return redirect(url_for(".show", identifier=identifier), HTTPStatus.SEE_OTHER)


def _files(catalog: Registration) -> Iterator[Wanted]:
    query = bind(_FILES.replace("$most", str(MOST_AT_ONCE)), graph=catalog.graph)
    for row in view().store.select(query):
        yield Wanted(str(row["part"]), str(row["dataset"]), catalog.id)


def _rows(found: list[DataCheck]) -> list[Row]:
    """The files with the names of their datasets; one look-up for all."""
    names = labels_of(view().store, {URIRef(one.dataset) for one in found}, languages())
    base = services().settings.base
    return [
        Row(
            name=shown(names.get(URIRef(one.dataset)) or Label(local_name(one.dataset))),
            href=url_for(
                "data_checks.show",
                identifier=dataset_id(base, one.dataset),
                key=part_key(one.distribution),
            ),
            running=str(STATES.get(one.state, "")),
            check=one,
        )
        for one in found
    ]
