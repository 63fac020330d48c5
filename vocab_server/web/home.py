"""The start page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from vocab_server.web.vocabularies import summaries

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> ResponseReturnValue:
    """What is here, and where to go on from it."""
    return render_template("home/show.html", vocabularies=summaries())
