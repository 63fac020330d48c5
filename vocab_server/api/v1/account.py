"""REST API: whom a token belongs to, and what it allows."""

from flask import Blueprint, Response, jsonify

from vocab_server.accounts.roles import Permission
from vocab_server.identity import demand_account

bp = Blueprint("api_account", __name__)


@bp.get("/api/v1/account")
def show() -> Response:
    """The account of the token, its roles, and the permissions that the token lets through."""
    account = demand_account()
    body = jsonify(
        name=account.name,
        displayName=account.shown_name,
        roles=[{"role": grant.role, "scope": grant.scope} for grant in sorted(account.grants)],
        permissions=[found for found in Permission if account.may_anywhere(found)],
    )
    body.headers["Cache-Control"] = "private, no-store"
    return body
