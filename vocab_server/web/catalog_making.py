"""A new organisation: the page that makes its catalog."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from vocab_server.accounts.roles import Permission
from vocab_server.catalog.codes import CODES
from vocab_server.catalog.profiles import PUBLISHER_TYPES
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.founding import awaited_from, make_catalog
from vocab_server.identity import demand, demand_account
from vocab_server.rdf.languages import Label, resolve
from vocab_server.reading import content_language, languages
from vocab_server.web.account_forms import blame, errors_of
from vocab_server.web.error_texts import in_words

bp = Blueprint("catalog_making", __name__)
LONGEST = 300  # characters of a name
_SHORT = Length(max=LONGEST, message=lazy_gettext("Use at most %(most)s characters.", most=LONGEST))


class CatalogForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A new catalog and who answers for it."""

    identifier = StringField(
        lazy_gettext("Id"),
        [DataRequired(lazy_gettext("Write an id, for example ekebro."))],
        description=lazy_gettext("Part of its addresses for ever: a to z, digits and hyphens."),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    publisher = StringField(
        lazy_gettext("Organisation"),
        [DataRequired(lazy_gettext("Write the name of the organisation, in full.")), _SHORT],
        description=lazy_gettext("Its name in full, for example Ekebro kommun."),
        render_kw={"dir": "auto"},
    )
    kind = SelectField(lazy_gettext("Kind of organisation"), validate_choice=True)
    title = StringField(
        lazy_gettext("Title of the catalog"),
        [DataRequired(lazy_gettext("Write a title.")), _SHORT],
        description=lazy_gettext("For example Data of Ekebro."),
        render_kw={"dir": "auto"},
    )
    description = TextAreaField(
        lazy_gettext("Description"),
        [DataRequired(lazy_gettext("Write a sentence about the data."))],
        description=lazy_gettext("Whose data it lists, and of what kind."),
        render_kw={"rows": 3, "dir": "auto"},
    )


@bp.route("/catalogs/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a catalog: any one, or the one that somebody has the role of the publisher of."""
    account = demand_account()
    awaited = awaited_from(account)
    if not awaited:
        demand(Permission.MANAGE_CATALOGS)
    is_own = not account.may(Permission.MANAGE_CATALOGS)
    form = _form(awaited, is_own=is_own)
    if form.validate_on_submit() and _made(form):
        flash(
            _("The catalog is made. Go on here.")
            if is_own
            else _("The catalog is made. Give somebody the role of its publisher.")
        )
        address = url_for("first_steps.show", identifier=form.identifier.data.strip())
        return redirect(address, HTTPStatus.SEE_OTHER)
    errors = errors_of(form)
    page = render_template("catalogs/new.html", form=form, errors=errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _form(awaited: list[str], *, is_own: bool) -> CatalogForm:
    asked = request.args.get("id", "")
    form = CatalogForm(data={"identifier": asked if asked in awaited else "".join(awaited[:1])})
    form.kind.choices = _kinds()
    if is_own:
        form.identifier.render_kw = {**form.identifier.render_kw, "readonly": True}
        form.identifier.description = _("It was chosen with your role, and is part of addresses.")
    return form


def _made(form: CatalogForm) -> bool:
    language = content_language()
    title, about, name = (
        Label(form[field].data.strip(), language) for field in ("title", "description", "publisher")
    )
    try:
        make_catalog(form.identifier.data.strip(), title, about, name, form.kind.data)
    except (InvalidError, ConflictError) as error:
        blame(form, "identifier", in_words(error))
        return False
    return True


def _kinds() -> list[tuple[str, str]]:
    names = [(str(code.iri), resolve(code.names, languages())) for code in CODES[PUBLISHER_TYPES]]
    return [(iri, name.text if name else iri) for iri, name in names]
