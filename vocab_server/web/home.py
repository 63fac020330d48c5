"""The start page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from vocab_server.identity import current_account
from vocab_server.web.own_work import work_of
from vocab_server.web.vocabularies import summaries

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> ResponseReturnValue:
    """What is here, and where to go on from it; for who is signed in what is theirs goes first."""
    account = current_account()
    return render_template(
        "home/show.html", vocabularies=summaries(), work=work_of(account) if account else None
    )
