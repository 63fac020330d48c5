"""Signing in with OpenID Connect Core 1.0: code flow with PKCE, state and nonce."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms.validators import ValidationError

from vocab_server.accounts.account import Account
from vocab_server.accounts.identities import (
    Identity,
    add_identified,
    connect,
    find_identified,
)
from vocab_server.config import Settings
from vocab_server.errors import AccountRuleError, NotFoundError, ProviderError
from vocab_server.identity import by, current_account, sign_in
from vocab_server.services import services
from vocab_server.web.account_texts import told
from vocab_server.web.signing_in import own_page

bp = Blueprint("openid", __name__, url_prefix="/sign-in/openid")
EXTENSION = "vocab_server_openid"
NEXT = "openid_next"  # in the session: the page that asked for signing in
CONNECT = "openid_connect"  # in the session: whether an account waits to be connected
SECONDS = 10  # that the provider has for an answer


def set_up(app: Flask, settings: Settings) -> None:
    """Make the application a client of the provider, when the settings name one."""
    if not settings.openid_issuer:
        return
    # Not with the others: it takes 12 MB that servers without a provider need not have.
    from authlib.integrations.flask_client import OAuth

    issuer = settings.openid_issuer.rstrip("/")
    app.extensions[EXTENSION] = OAuth(app).register(
        "openid",
        client_id=settings.openid_client_id,
        client_secret=settings.openid_client_secret or None,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
            **({} if settings.openid_client_secret else {"token_endpoint_auth_method": "none"}),
        },
    )


@bp.get("")
def start() -> ResponseReturnValue:
    """On to the provider. Raises ProviderError when it does not answer.

    Whoever is signed in already connects that sign-in with their account, but only by the link on
    the page of the account: it holds a proof that no page of others has.
    """
    client = _client()
    if current_account():
        _check_proof(request.args.get("proof"))
    session[NEXT] = request.args.get("next", "")
    session[CONNECT] = current_account() is not None
    with _trouble_told():
        _check_issuer(client.load_server_metadata())
        back = services().settings.base + url_for(".finish")
        answer: ResponseReturnValue = client.authorize_redirect(back)
        return answer


@bp.get("/callback")
def finish() -> ResponseReturnValue:
    """Back from the provider: find out who it is, and sign them in or connect them."""
    client = _client()
    target, connects = session.pop(NEXT, ""), session.pop(CONNECT, False)
    if "error" in request.args:
        flash(_("You were not signed in: the sign-in was stopped."), "warning")
        return redirect(url_for("signing_in.show"), HTTPStatus.SEE_OTHER)
    with _trouble_told():
        claims = client.authorize_access_token().get("userinfo")
    if not claims:
        raise ProviderError("The OpenID provider did not say who you are (no id_token).")
    identity = _identity(claims)
    account = current_account() if connects else None
    return _connected(account, identity) if account else _signed_in(identity, target)


def _check_proof(proof: str | None) -> None:
    try:
        validate_csrf(proof)
    except ValidationError as error:
        raise CSRFError from error


def _client() -> Any:
    if EXTENSION not in current_app.extensions:
        raise NotFoundError("Signing in with OpenID Connect is not set up here.")
    return current_app.extensions[EXTENSION]


@contextmanager
def _trouble_told() -> Iterator[None]:
    """Whatever goes wrong with the provider, told as that.

    OSError is what all errors of its HTTP client are.
    """
    from authlib.common.errors import AuthlibBaseError  # see set_up
    from joserfc.errors import JoseError

    name = services().settings.openid_name
    try:
        yield
    except OSError as error:
        raise ProviderError(
            "%(name)s does not answer. Try again later, or sign in with a password.", name=name
        ) from error
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError, KeyError) as error:
        raise ProviderError(
            "The answer of %(name)s cannot be trusted (%(error)s). Begin again at the sign-in"
            " page.",
            name=name,
            error=error,
        ) from error


def _check_issuer(metadata: Mapping[str, Any]) -> None:
    """The provider must be who we think (OpenID Connect Discovery 1.0, 4.3)."""
    said, wanted = str(metadata.get("issuer")), services().settings.openid_issuer
    if said.rstrip("/") != wanted.rstrip("/"):
        raise ValueError(f"it calls itself {said!r} and not {wanted!r}")


def _identity(claims: Mapping[str, Any]) -> Identity:
    email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        name=str(claims.get("preferred_username") or email or claims.get("name") or ""),
        display_name=str(claims.get("name") or ""),
        email=email,
    )


def _connected(account: Account, identity: Identity) -> ResponseReturnValue:
    try:
        connect(services().database, by(), account, identity)
    except AccountRuleError as error:
        flash(told(error), "error")
    else:
        flash(_("From now on you can sign in in this way too."))
    return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)


def _signed_in(identity: Identity, target: str) -> ResponseReturnValue:
    database, address = services().database, request.remote_addr or ""
    account = find_identified(database, identity)
    if account is None and services().settings.openid_new_accounts:
        account = add_identified(database, identity, address)
    if account is None or not account.is_active:
        flash(_("No account here belongs to that sign-in. Ask an administrator."), "warning")
        return redirect(url_for("signing_in.show"), HTTPStatus.SEE_OTHER)
    sign_in(account)
    return redirect(own_page(target), HTTPStatus.SEE_OTHER)
