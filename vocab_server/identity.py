"""Who is asking: a browser in which somebody signed in, or a program with a personal token.

The REST API believes tokens only, so that no page of others can make a browser write; everything
else believes sessions only, so that a token never opens the pages of its owner.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from vocab_server.accounts.account import Account, By
from vocab_server.accounts.keys import session_key
from vocab_server.accounts.roles import EVERYWHERE, REACH, Permission, Reach, roles_with
from vocab_server.accounts.sessions import begin_session, end_session, find_session
from vocab_server.accounts.tokens import find_token
from vocab_server.config import Settings
from vocab_server.database import UNUSABLE
from vocab_server.errors import ForbiddenError, Phrase, SignInNeededError, either
from vocab_server.services import services

PROGRAMS = "/api/v1"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNING_IN = frozenset({"signing_in", "openid"})  # pages that nobody goes back to
P = ParamSpec("P")


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """An account in one browser, which Flask-Login knows by the secret of the session."""

    def __init__(self, secret: str, account: Account) -> None:
        self.secret = secret
        self.account = account

    def get_id(self) -> str:
        """See UserMixin."""
        return self.secret


def set_up_sessions(app: Flask, settings: Settings) -> None:
    """Make the application remember who is signed in, in a cookie that scripts cannot read.

    With an https address the cookie goes over https only, and to this host only (RFC 6265bis,
    4.1.3.2).
    """
    is_https = settings.base_url.startswith("https:")
    app.secret_key = session_key(settings.secret_key, settings.data)
    app.config["SESSION_COOKIE_NAME"] = "__Host-session" if is_https else "session"
    app.config["SESSION_COOKIE_SECURE"] = is_https
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"  # Strict would lose who comes from a provider
    manager = LoginManager()
    manager.session_protection = None  # sessions are kept here, where they can be ended
    manager.user_loader(_load)
    # Without init_app: its hook would make each answer, RDF too, depend on cookies.
    app.login_manager = manager  # type: ignore[attr-defined]


def _load(secret: str) -> SignedIn | None:
    account = find_session(services().database, secret)
    return SignedIn(secret, account) if account else None


def current_account() -> Account | None:
    """Who is asking, or None. Raises SignInNeededError for a token that is not good."""
    if "account" not in g:
        g.account = _token_account() if is_for_programs() else _session_account()
    found: Account | None = g.account
    return found


def is_for_programs() -> bool:
    """Whether this address is one of the REST API."""
    return request.path == PROGRAMS or request.path.startswith(f"{PROGRAMS}/")


def way_back() -> str | None:
    """The page to show after signing in: this one, when it can be shown again."""
    is_page = request.method == "GET" and request.blueprint not in SIGNING_IN
    return request.full_path.rstrip("?") if is_page else None


def by() -> By:
    """Who is asking and from where, for the audit trail."""
    account = current_account()
    return By(account.name if account else "", request.remote_addr or "")


def demand(permission: Permission, scope: str = EVERYWHERE, *, anywhere: bool = False) -> Account:
    """Who is asking, when they may do something in a vocabulary or catalog.

    Without a scope: in all of them; with ``anywhere`` in at least one. Raises SignInNeededError
    when we do not know who asks, ForbiddenError, with the roles that would allow it, when they
    may not.
    """
    account = demand_account()
    if account.may_anywhere(permission) if anywhere else account.may(permission, scope):
        return account
    if permission not in account.bounds:
        raise ForbiddenError(
            "The token does not have the scope %(permission)s.", permission=permission
        )
    raise ForbiddenError(
        "This needs the role %(roles)s%(where)s.",
        roles=either(roles_with(permission)),
        where=_where(permission, scope),
    )


def demand_account() -> Account:
    """Who is asking. Raises SignInNeededError when we do not know."""
    account = current_account()
    if account is None:
        raise SignInNeededError(
            Phrase("Send a personal token as Authorization: Bearer.")
            if is_for_programs()
            else Phrase("Sign in first.")
        )
    return account


def requires(
    permission: Permission, scope: str = "", *, anywhere: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let only those call a view who may do something.

    ``scope`` names the argument of the view that holds the id of the vocabulary or catalog; without
    one they must be allowed to do it in all, or with ``anywhere`` in at least one.
    """

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            demand(permission, str(kwargs[scope]) if scope else EVERYWHERE, anywhere=anywhere)
            return view(*args, **kwargs)

        return guarded

    return guard


def signed_in_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only those call a view whom we know."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        demand_account()
        return view(*args, **kwargs)

    return guarded


def sign_in(account: Account) -> None:
    """Sign somebody in in this browser; nothing of what it held before is kept."""
    session.clear()
    who = By(account.name, request.remote_addr or "")
    secret = begin_session(services().database, who, account)
    login_user(SignedIn(secret, account))
    g.account = account


def session_secret() -> str:
    """What the browser that asks is known by. Raises SignInNeededError when nobody is signed in."""
    demand_account()
    return str(current_user.secret)


def sign_out() -> None:
    """Sign out in this browser; a copy of its cookie is worth nothing afterwards."""
    if current_account():
        end_session(services().database, by(), current_user.secret)
        logout_user()
    session.clear()
    g.account = None


def _session_account() -> Account | None:
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return None
    try:
        return current_user.account if current_user.is_authenticated else None
    except UNUSABLE as error:
        if request.method not in READING:
            raise
        reason = getattr(error, "orig", error)
        current_app.logger.warning("Without the database nobody is signed in: %s", reason)
        g.is_cut_off = True
        return None  # what everybody may read can be read


def _token_account() -> Account | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    account = find_token(services().database, text.strip())
    if account is None:
        raise SignInNeededError("The token is unknown, expired or revoked.", is_refused=True)
    return account


def _where(permission: Permission, scope: str) -> object:
    reach = {REACH[role] for role in roles_with(permission)} - {Reach.SITE}
    if scope == EVERYWHERE or not reach:
        return ""
    return Phrase(" for the %(reach)s %(scope)r", reach=reach.pop(), scope=scope)
