"""What somebody who is signed in sees and changes of their own account."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from vocab_server.accounts.account import Account
from vocab_server.accounts.identities import list_identities
from vocab_server.accounts.register import set_password
from vocab_server.accounts.sessions import end_other_sessions, list_sessions
from vocab_server.accounts.signing_in import check_sign_in
from vocab_server.accounts.tokens import (
    SCOPES,
    create_token,
    list_tokens,
    revoke_token,
)
from vocab_server.errors import AccountRuleError, NotFoundError, TooManyAttemptsError
from vocab_server.identity import by, demand_account, session_secret, sign_in, signed_in_only
from vocab_server.reading import Page, page_number
from vocab_server.services import services
from vocab_server.web import account_texts
from vocab_server.web.account_forms import ConfirmForm, PasswordForm, TokenForm, blame, errors_of

bp = Blueprint("account", __name__, url_prefix="/account")
TOKENS = 50  # on a page


@bp.get("")
@signed_in_only
def show() -> ResponseReturnValue:
    """Who one is here, and what one may do."""
    account = demand_account()
    settings = services().settings
    connected = [issuer for issuer, _subject in list_identities(services().database, account)]
    return render_template(
        "account/show.html",
        roles=[(account_texts.ROLES[found.role], found.scope) for found in sorted(account.grants)],
        sessions=list_sessions(services().database, account, session_secret()),
        connected=connected,
        provider=settings.openid_name if settings.openid_issuer else "",
        can_connect=bool(settings.openid_issuer) and settings.openid_issuer not in connected,
    )


@bp.post("/sign-out-elsewhere")
@signed_in_only
def leave_elsewhere() -> ResponseReturnValue:
    """Sign out in all other browsers (OWASP ASVS 5.0, 7.5.2)."""
    end_other_sessions(services().database, by(), demand_account(), session_secret())
    flash(_("Everywhere else you are signed out."))
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@bp.route("/password", methods=["GET", "POST"])
@signed_in_only
def password() -> ResponseReturnValue:
    """Change the password; every other browser is signed out."""
    account, form = demand_account(), PasswordForm()
    if not account.has_password:
        raise NotFoundError("This account has no password: it signs in in another way.")
    if form.validate_on_submit() and _is_changed(account, form):
        sign_in(account)
        flash(_("The password is changed. Everywhere else you are signed out."))
        return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)
    errors = errors_of(form)
    return render_template("account/password.html", form=form, errors=errors), _status(errors)


@bp.route("/tokens", methods=["GET", "POST"])
@signed_in_only
def tokens() -> ResponseReturnValue:
    """The tokens of one's own; a new one is shown in the answer and never again."""
    account, made = demand_account(), ""
    form = _token_form(account)
    if form.validate_on_submit():
        try:
            made, _token = create_token(
                services().database,
                by(),
                account,
                label=form.label.data,
                scopes=form.scopes.data,
                days=form.days.data,
            )
        except AccountRuleError as error:
            blame(form, "label", account_texts.told(error))
        else:
            form = _token_form(account, formdata=None)
    errors = errors_of(form)
    return render_template(
        "account/tokens.html",
        form=form,
        errors=errors,
        made=made,
        page=_token_page(account),
        scope_texts=account_texts.SCOPES,
        confirm=ConfirmForm(),
    ), _status(errors)


@bp.post("/tokens/<int:number>/revoke")
@signed_in_only
def revoke(number: int) -> ResponseReturnValue:
    """Make a token of one's own open nothing any more."""
    revoke_token(services().database, by(), demand_account(), number)
    flash(_("The token is revoked."))
    return redirect(url_for(".tokens"), HTTPStatus.SEE_OTHER)


def _is_changed(account: Account, form: PasswordForm) -> bool:
    """Whether the new password is set; if not, the form says why."""
    database, address = services().database, request.remote_addr or ""
    try:
        check_sign_in(database, account.name, form.current.data, address)
    except AccountRuleError:
        blame(form, "current", _("This is not your password."))
        return False
    except TooManyAttemptsError as error:
        blame(form, "current", account_texts.told_wait(error.retry_after))
        return False
    try:
        set_password(database, by(), account.name, form.password.data)
    except AccountRuleError as error:
        blame(form, "password", account_texts.told(error))
        return False
    return True


def _token_form(account: Account, **more: None) -> TokenForm:
    """The form, with the scopes that mean something for an account."""
    form = TokenForm(**more)
    form.scopes.choices = [
        SelectChoice(name, account_texts.SCOPES[name])
        for name, allowed in SCOPES.items()
        if any(map(account.may_anywhere, allowed))
    ]
    return form


def _token_page(account: Account) -> Page:
    number = page_number()
    found, total = list_tokens(
        services().database, account, limit=TOKENS, offset=(number - 1) * TOKENS
    )
    return Page(found, number, TOKENS, total)


def _status(errors: list[tuple[str, str]]) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
