"""A new organisation: the page that makes its catalog."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
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
from vocab_server.founding import make_catalog
from vocab_server.identity import requires
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
@requires(Permission.MANAGE_CATALOGS)
def new() -> ResponseReturnValue:
    """Make a catalog."""
    form = CatalogForm()
    form.kind.choices = _kinds()
    if form.validate_on_submit() and _made(form):
        flash(_("The catalog is made. Give somebody the role of its publisher."))
        address = url_for("first_steps.show", identifier=form.identifier.data.strip())
        return redirect(address, HTTPStatus.SEE_OTHER)
    errors = errors_of(form)
    page = render_template("catalogs/new.html", form=form, errors=errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


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
