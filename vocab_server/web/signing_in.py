"""Signing in with name and password, and signing out."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.accounts.signing_in import check_sign_in
from vocab_server.errors import AccountRuleError, TooManyAttemptsError
from vocab_server.identity import current_account, sign_in, sign_out
from vocab_server.reading import interface_language
from vocab_server.services import services
from vocab_server.web.account_forms import SignInForm, blame, errors_of
from vocab_server.web.account_texts import told, told_wait

bp = Blueprint("signing_in", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in already goes on."""
    if current_account():
        return onwards()
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)
    address = request.remote_addr or ""
    try:
        account = check_sign_in(services().database, form.name.data, form.password.data, address)
    except AccountRuleError as error:
        blame(form, "name", told(error))
        return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyAttemptsError as error:
        blame(form, "name", told_wait(error.retry_after))
        response = _page(form, HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    sign_in(account)
    services().notices.note_language(account.id, interface_language())
    return onwards()


@bp.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Sign out in this browser."""
    sign_out()
    flash(_("You are signed out."))
    response = make_response(redirect(url_for("home.show"), HTTPStatus.SEE_OTHER))
    response.headers["Clear-Site-Data"] = '"storage"'  # pages of somebody are not kept anyway
    return response


def onwards() -> ResponseReturnValue:
    """To the page that asked for signing in, else to the start."""
    return redirect(own_page(request.args.get("next", "")), HTTPStatus.SEE_OTHER)


def own_page(address: str) -> str:
    """A path of this site; the start page for everything else (CWE-601).

    Browsers drop control characters and read backslashes as slashes (WHATWG URL, 4.4), so an
    address with any is not believed.
    """
    is_plain = address.startswith("/") and "\\" not in address and min(address) > " "
    if not is_plain or address.startswith("//") or urlsplit(address).netloc:
        return url_for("home.show")
    return address


def _page(form: SignInForm, status: HTTPStatus) -> Response:
    provider = services().settings.openid_issuer and services().settings.openid_name
    page = render_template(
        "signing_in/show.html", form=form, errors=errors_of(form), provider=provider
    )
    return make_response(page, status)
