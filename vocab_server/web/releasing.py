"""The page where a release of a vocabulary is made."""

from datetime import UTC, date, datetime, time
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from vocab_server.accounts.roles import Permission
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.identity import demand_account, requires
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.releases import LONGEST_NOTES, check_name
from vocab_server.web import release_mount
from vocab_server.web.account_forms import blame, errors_of
from vocab_server.web.error_texts import in_words
from vocab_server.web.release_notes import proposed_notes
from vocab_server.web.releases import releases_of
from vocab_server.web.vocabularies import summary

bp = Blueprint("releasing", __name__)


class ReleaseForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A new release."""

    name = StringField(
        lazy_gettext("Name"),
        [DataRequired(lazy_gettext("Give the release a name."))],
        description=lazy_gettext(
            "For example 2026-1 or 4.0: letters a to z, digits, hyphens and single dots. It"
            " becomes part of the address and never changes."
        ),
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    issued = DateField(
        lazy_gettext("Date"),
        [Optional()],
        description=lazy_gettext("Today when left empty; not before the last release."),
    )
    notes = TextAreaField(
        lazy_gettext("What is new"),
        [Length(max=LONGEST_NOTES, message=lazy_gettext("Shorten the text."))],
        description=lazy_gettext(
            "Proposed from what changed since the last release. Write it as readers need it."
        ),
        render_kw={"rows": 12, "dir": "auto"},
    )


@bp.route("/vocabularies/<identifier>/new-release", methods=["GET", "POST"])
@requires(Permission.RELEASE, "identifier")
def make(identifier: str) -> ResponseReturnValue:
    """The form for a release, with notes that can be edited; and the freezing."""
    vocabulary, form = view().vocabulary(identifier), ReleaseForm()
    earlier = releases_of(vocabulary)
    if form.validate_on_submit() and (made := _made(identifier, form)):
        flash(_("Release %(name)s is made. It never changes from now on.", name=made))
        release_mount.prepare(vocabulary.graph, made)
        address = url_for("releases.show", identifier=identifier, name=made)
        return redirect(address, HTTPStatus.SEE_OTHER)
    if not form.is_submitted():
        form.notes.data = proposed_notes(vocabulary, earlier[0] if earlier else None)
    errors = errors_of(form)
    page = render_template(
        "releases/new.html",
        vocabulary=summary(vocabulary),
        form=form,
        errors=errors,
        before=earlier[0] if earlier else None,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _made(identifier: str, form: ReleaseForm) -> str:
    """The name of the release that was made; "" when it could not be, which the form then says."""
    name, author = form.name.data, demand_account().name
    issued = time_of(form.issued.data) if form.issued.data else None
    try:
        check_name(name)
    except InvalidError as error:
        blame(form, "name", in_words(error))
        return ""
    try:
        services().releases.freeze(identifier, name, author, form.notes.data or "", issued)
    except ConflictError as error:
        blame(form, "name", in_words(error))
        return ""
    except InvalidError as error:
        blame(form, "issued", in_words(error))
        return ""
    return str(name)


def time_of(day: date) -> datetime | None:
    """The time at which a release of a day is issued; None, that is now, for today."""
    if day == datetime.now(UTC).date():
        return None
    return datetime.combine(day, time.min, UTC)
