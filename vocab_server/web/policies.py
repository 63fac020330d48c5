"""What a vocabulary prescribes to those who edit it: addresses, notations, who approves."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from vocab_server.accounts.roles import Permission
from vocab_server.database.policies import Policies, Prescribed
from vocab_server.errors import InvalidError
from vocab_server.identity import requires
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.skos.acts.curation import AddressRule
from vocab_server.skos.acts.notes import check_pattern
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.account_forms import errors_of
from vocab_server.web.error_texts import in_words
from vocab_server.web.vocabularies import summary

bp = Blueprint("policies", __name__)
LONGEST_PREFIX = 40  # characters
LONGEST_PATTERN = 300  # characters
MOST_DIGITS = 12


class PolicyForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What a vocabulary prescribes."""

    address = SelectField(
        lazy_gettext("The address of a new concept ends with"),
        choices=[
            SelectChoice(AddressRule.LABEL.value, lazy_gettext("words of its first term")),
            SelectChoice(AddressRule.NUMBER.value, lazy_gettext("a running number")),
        ],
    )
    prefix = StringField(
        lazy_gettext("What stands before that"),
        [
            Length(
                max=LONGEST_PREFIX,
                message=lazy_gettext("Use at most %(most)s characters.", most=LONGEST_PREFIX),
            ),
            Regexp(
                r"[A-Za-z0-9._~-]*\Z",
                message=lazy_gettext("Use the letters A to Z, figures, and - . _ ~ only."),
            ),
        ],
        description=lazy_gettext("For example c_; may be empty."),
    )
    digits = IntegerField(
        lazy_gettext("Digits of a number at least"),
        [
            InputRequired(lazy_gettext("Write a number.")),
            NumberRange(
                1,
                MOST_DIGITS,
                message=lazy_gettext("Choose from 1 to %(most)s.", most=MOST_DIGITS),
            ),
        ],
    )
    notation_pattern = StringField(
        lazy_gettext("What notations look like"),
        [
            Length(
                max=LONGEST_PATTERN,
                message=lazy_gettext("Use at most %(most)s characters.", most=LONGEST_PATTERN),
            )
        ],
        description=lazy_gettext(
            "A regular expression for the whole notation, such as [A-Z][0-9]{2}; empty for any."
        ),
    )
    allows_own_approval = BooleanField(
        lazy_gettext("Who worked on a draft may approve it, without a second person")
    )

    def prescribed(self) -> Prescribed:
        """What the filled-in form says."""
        return Prescribed(
            address=self.address.data,
            prefix=self.prefix.data or "",
            digits=self.digits.data,
            notation_pattern=(self.notation_pattern.data or "").strip(),
            allows_own_approval=self.allows_own_approval.data,
        )


@bp.route("/vocabularies/<identifier>/policy", methods=["GET", "POST"])
@requires(Permission.MANAGE_VOCABULARIES, "identifier")
def show(identifier: str) -> ResponseReturnValue:
    """What a vocabulary prescribes, and a form to change it."""
    vocabulary = view().vocabulary(identifier)
    policies = Policies(services().database)
    form = PolicyForm(obj=policies.get(vocabulary.graph))
    if form.validate_on_submit() and _is_pattern(form):
        policies.set(vocabulary.graph, form.prescribed())
        flash(_("Saved. It holds for what is made from now on."))
        return redirect(url_for(".show", identifier=identifier), HTTPStatus.SEE_OTHER)
    errors = errors_of(form)
    page = render_template(
        "vocabularies/policy.html",
        vocabulary=summary(vocabulary),
        form=form,
        errors=errors,
        example=_example(vocabulary, policies.get(vocabulary.graph)),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _is_pattern(form: PolicyForm) -> bool:
    """Whether notations can be held against what is written; if not, the field says so."""
    pattern = form.prescribed().notation_pattern
    try:
        check_pattern(view().store, pattern)
    except InvalidError as error:
        form.notation_pattern.errors = [in_words(error)]
        return False
    return True


def _example(vocabulary: Vocabulary, prescribed: Prescribed) -> str:
    """What an address looks like by the policy that holds."""
    start = f"{vocabulary.registration.namespace}{prescribed.prefix}"
    is_number = prescribed.address == AddressRule.NUMBER
    return start + (f"{7:0{prescribed.digits}}" if is_number else "bathing-water")
