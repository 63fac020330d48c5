"""The forms of accounts: what they hold; what may be, the domain says."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from vocab_server.accounts.passwords import SHORTEST
from vocab_server.accounts.roles import Role
from vocab_server.accounts.rules import Rule
from vocab_server.accounts.tokens import DAYS
from vocab_server.web.account_texts import ABOUT_ROLES, ROLES, RULES

PERIODS = (7, 30, DAYS, 365)  # days that a token is good for


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Name and password."""

    name = StringField(
        _("Name"),
        [DataRequired(_("Enter your name."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, by somebody who has the old one."""

    current = PasswordField(
        _("Password until now"),
        [InputRequired(_("Enter the password that you have now."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _("New password"),
        [InputRequired(_("Enter a new password."))],
        description=_("At least %(least)s characters. Several words are good.", least=SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _("New password, once more"),
        [EqualTo("password", _("This is another password than the one above."))],
        render_kw={"autocomplete": "new-password"},
    )


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A new token; the choices of ``scopes`` are set to what its owner may do."""

    label = StringField(
        _("What it is for"),
        [DataRequired(_("Say what the token is for, so that you know it again."))],
        description=_("For example the name of the program."),
    )
    scopes = SelectMultipleField(
        _("What it may do"),
        [DataRequired(RULES[Rule.TOKEN_SCOPE_UNKNOWN])],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        default=["read"],
    )
    days = SelectField(
        _("Good for"),
        choices=[SelectChoice(str(days)) for days in PERIODS],
        coerce=int,
        default=DAYS,
    )


class RoleForm(FlaskForm):  # type: ignore[misc]
    """A role, and where it holds."""

    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role.value, ROLES[role]) for role in reversed(Role)],
        default=Role.READER.value,
    )
    scope = StringField(
        _("Vocabulary or catalog"),
        description=_(
            "Its id; empty for all. Administrators and readers have no such bounds. A publisher"
            " makes the catalog of this id where there is none yet."
        ),
        filters=[lambda text: (text or "").strip()],
        render_kw={"list": "scopes", "autocapitalize": "none", "spellcheck": "false"},
    )


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """What people are told about an account."""

    display_name = StringField(_("Shown name"), description=_("What colleagues call this person."))
    email = EmailField(_("E-mail address"), render_kw={"autocomplete": "off"})
    is_active = BooleanField(_("May sign in"))


class NewAccountForm(RoleForm):
    """A new account with its first role."""

    name = StringField(
        _("Name"),
        [DataRequired(_("Enter a name."))],
        description=_("For signing in: letters a to z, digits and . _ @ + -"),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    display_name = StringField(_("Shown name"), description=_("What colleagues call this person."))
    email = EmailField(_("E-mail address"), render_kw={"autocomplete": "off"})
    with_password = BooleanField(_("Make a password, which is shown once"), default=True)


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """A button, and the proof that it was pressed on one of our pages."""


def errors_of(form: FlaskForm) -> list[tuple[str, str]]:
    """What is wrong in a form: the id of the field to go to, and the text."""
    return [(form[name].id, str(text)) for name, texts in form.errors.items() for text in texts]


def blame(form: FlaskForm, name: str, text: str) -> None:
    """Say at a field what the domain refused."""
    form[name].errors = [*form[name].errors, text]


def about_roles() -> list[tuple[str, str]]:
    """What each role is for, the most modest first."""
    return [(str(ROLES[role]), str(ABOUT_ROLES[role])) for role in reversed(Role)]
