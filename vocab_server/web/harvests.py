"""Pages of harvests: where catalogs come from, what each run did, and what went wrong in words."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.catalogs import register_catalog
from vocab_server.database.harvests import Harvests, Source
from vocab_server.errors import InvalidError
from vocab_server.harvest import HARVESTERS
from vocab_server.identity import current_account, demand, requires
from vocab_server.operation.harvesting import GRACE, GRACE_RUNS, harvest_soon
from vocab_server.outbound import demand_address
from vocab_server.reading import Page, page_number, view
from vocab_server.services import services
from vocab_server.web.account_forms import errors_of
from vocab_server.web.error_texts import in_words

bp = Blueprint("harvests", __name__, url_prefix="/harvests")

RUNS = 20  # on a page
MISSING = 100  # datasets that a page shows
LONGEST = 2_000  # characters of an address
MOST_HOURS = 24 * 366


class SourceForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Where a catalog is harvested from."""

    kind = SelectField(
        lazy_gettext("What is there"),
        choices=[SelectChoice(name, found.title) for name, found in HARVESTERS.items()],
        default="dcat",
    )
    address = StringField(
        lazy_gettext("Address"),
        [DataRequired(lazy_gettext("Write the address.")), Length(max=LONGEST)],
        description=lazy_gettext(
            "With https:// in front. Of a file: its name in the folder for harvesting."
        ),
    )
    every = IntegerField(
        lazy_gettext("Hours between harvests"),
        [
            InputRequired(lazy_gettext("Write a number.")),
            NumberRange(0, MOST_HOURS, lazy_gettext("Choose from 0 to %(most)s.", most=MOST_HOURS)),
        ],
        default=24,
        description=lazy_gettext("0 for by hand only."),
    )


class NewSourceForm(SourceForm):
    """Where a catalog, which may be new, is harvested from."""

    catalog = StringField(
        lazy_gettext("Catalog"),
        [DataRequired(lazy_gettext("Write the id of the catalog."))],
        description=lazy_gettext("Its id: lower-case letters, digits and hyphens. It may be new."),
    )


@bp.get("")
@requires(Permission.EDIT_DATASETS, anywhere=True)
def index() -> ResponseReturnValue:
    """The catalogs that are harvested, as far as one may see them, with the latest run of each."""
    account = demand(Permission.EDIT_DATASETS, anywhere=True)
    found = [
        source
        for source in _table().sources()
        if account.may(Permission.EDIT_DATASETS, source.catalog)
    ]
    latest = _table().latest([source.catalog for source in found])
    return render_template("harvests/index.html", sources=found, latest=latest)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGS)
def new() -> ResponseReturnValue:
    """A form for a source, of a catalog that may be new."""
    form = NewSourceForm()
    if form.validate_on_submit() and _is_kept(form, (form.catalog.data or "").strip()):
        return redirect(url_for(".show", catalog=form.catalog.data.strip()), HTTPStatus.SEE_OTHER)
    errors = errors_of(form)
    page = render_template("harvests/new.html", form=form, errors=errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.route("/<catalog>", methods=["GET", "POST"])
@requires(Permission.EDIT_DATASETS, "catalog")
def show(catalog: str) -> ResponseReturnValue:
    """Where a catalog is harvested from, what each run did, and which datasets are missing."""
    source, number = _table().get(catalog), page_number()
    account = current_account()
    may_change = account is not None and account.may(Permission.MANAGE_CATALOGS, catalog)
    form = SourceForm(obj=source) if may_change else None
    if form and form.validate_on_submit() and _is_kept(form, catalog):
        return redirect(url_for(".show", catalog=catalog), HTTPStatus.SEE_OTHER)
    runs, total = _table().runs(catalog, limit=RUNS, offset=(number - 1) * RUNS)
    errors = errors_of(form) if form else []
    page = render_template(
        "harvests/show.html",
        is_there=any(each.id == catalog for each in view().catalogs),
        source=source,
        kind=HARVESTERS[source.kind].title,
        form=form,
        errors=errors,
        page=Page(runs, number, RUNS, total),
        missing=_table().missing(catalog, MISSING),
        grace_runs=GRACE_RUNS,
        grace_days=GRACE.days,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.post("/<catalog>/now")
@requires(Permission.EDIT_DATASETS, "catalog")
def harvest_now(catalog: str) -> ResponseReturnValue:
    """Let the background harvest a catalog next."""
    harvest_soon(services(), catalog)
    flash(_("It is harvested in a moment. Load this page again to see what came of it."))
    return redirect(url_for(".show", catalog=catalog), HTTPStatus.SEE_OTHER)


@bp.post("/<catalog>/remove")
@requires(Permission.MANAGE_CATALOGS)
def remove(catalog: str) -> ResponseReturnValue:
    """Harvest a catalog no more; what it says stays."""
    _table().get(catalog)
    _table().remove(catalog)
    flash(_("%(catalog)s is harvested no more. Its datasets stay as they are.", catalog=catalog))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.get("/<catalog>/runs/<int:number>")
@requires(Permission.EDIT_DATASETS, "catalog")
def run(catalog: str, number: int) -> ResponseReturnValue:
    """One run, with every problem in words."""
    return render_template("harvests/run.html", run=_table().run(catalog, number))


def _is_kept(form: SourceForm, catalog: str) -> bool:
    """Whether a source could be kept; if not, the field says why."""
    source = Source(catalog, form.kind.data, form.address.data.strip(), form.every.data)
    try:
        register_catalog(services().settings.base, catalog, catalog)  # refuses a bad id
    except InvalidError as error:
        form.catalog.errors = [in_words(error)]
        return False
    try:
        if HARVESTERS[source.kind].is_remote:
            demand_address(source.address)
    except InvalidError as error:
        form.address.errors = [in_words(error)]
        return False
    _table().set(source)
    harvest_soon(services(), catalog)
    flash(_("Saved. It is harvested in a moment."))
    return True


def _table() -> Harvests:
    return Harvests(services().database)
