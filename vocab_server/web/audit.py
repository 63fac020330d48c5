"""The audit trail as a page."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from vocab_server.accounts.account import OPERATOR
from vocab_server.accounts.audit import Act, read_trail
from vocab_server.accounts.register import normal_name
from vocab_server.accounts.roles import Permission
from vocab_server.identity import requires
from vocab_server.reading import Page, page_number
from vocab_server.services import services
from vocab_server.web.account_texts import ACTS

bp = Blueprint("audit", __name__)
ENTRIES = 50  # on a page


@bp.get("/administration/audit")
@requires(Permission.READ_AUDIT)
def show() -> ResponseReturnValue:
    """Who did what, newest first; of one account, or of one kind."""
    name, act = normal_name(request.args.get("name", "")), request.args.get("act", "")
    act, number = act if act in set(Act) else "", page_number()
    found, total = read_trail(
        services().database, name=name, act=act, limit=ENTRIES, offset=(number - 1) * ENTRIES
    )
    return render_template(
        "audit/show.html",
        page=Page(found, number, ENTRIES, total),
        name=name,
        act=act,
        acts=ACTS,
        operator=OPERATOR.name,
    )
