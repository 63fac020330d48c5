"""The form that proposes something, which people who are not signed in may fill in too.

Robots are held off without a puzzle: a field that people do not see and robots fill in, and a
signed moment before which nobody could have read the form.
"""

import time

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from vocab_server.web.account_forms import blame

FASTEST = 4  # seconds in which nobody fills in the form
LONGEST_OPEN = 24 * 3600  # seconds that a form is good for
_SALT = "form begun"
_SMALL = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class ProposalForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A proposal; which of the fields are shown depends on its kind."""

    kind = HiddenField()
    concept = StringField(
        _("Which concept"),
        description=_("Its name or its address."),
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    label = StringField(_("Name"), render_kw={"dir": "auto", "autocomplete": "off"})
    label_language = StringField(
        _("Language"), render_kw={**_SMALL, "list": "languages", "dir": "ltr"}
    )
    use = SelectField(
        _("How it is to be used"),
        validate_choice=False,  # not there where it means nothing
        choices=[
            SelectChoice("preferred", _("Instead of the name that it has")),
            SelectChoice("alternative", _("As one more name")),
        ],
    )
    definition = TextAreaField(
        _("What it means"),
        description=_("A sentence or two, in the same language as the name."),
        render_kw={"rows": 3, "dir": "auto"},
    )
    broader = StringField(
        _("Where it belongs"),
        description=_("The name or address of the concept above it; empty for the top."),
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    reason = TextAreaField(_("Why"), render_kw={"rows": 4, "dir": "auto"})
    dataset_title = StringField(
        _("The dataset that needs it"), description=_("Its title."), render_kw={"dir": "auto"}
    )
    dataset_url = StringField(
        _("Address of the dataset"),
        description=_("For example https://example.org/dataset/1"),
        render_kw={**_SMALL, "inputmode": "url", "dir": "ltr"},
    )
    name = StringField(
        _("Your name"),
        description=_("If you like. Only the curators see it."),
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _("Your e-mail address"),
        description=_("If you want the answer by mail. Nobody sees it, and it is not published."),
        render_kw={"autocomplete": "email"},
    )
    website = StringField(_("Leave this empty"), render_kw={"tabindex": "-1", **_SMALL})
    begun = HiddenField()


def sign_moment(moment: float | None = None) -> str:
    """When a form was begun, in seconds since 1970, now if not said; nobody else can write it."""
    return str(_serializer().dumps(int(time.time() if moment is None else moment)))


def refuse_robots(form: ProposalForm) -> None:
    """Blame a form that no person can have filled in."""
    if form.website.data:
        blame(form, "website", gettext("Leave this field empty; it is there to stop robots."))
    try:
        age = time.time() - _serializer().loads(form.begun.data or "")
    except (BadSignature, TypeError):
        age = LONGEST_OPEN + 1
    if age > LONGEST_OPEN:
        blame(form, "reason", gettext("The form was open for too long. Send it once more."))
    elif age < FASTEST:
        blame(form, "reason", gettext("That was very fast. Read it over and send it once more."))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=_SALT)
