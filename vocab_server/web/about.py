"""What this site is, and how accessible it is."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("about", __name__)


@bp.get("/about")
def show() -> ResponseReturnValue:
    """What the site is for and how programs read it."""
    return render_template("about/show.html")


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement of the software; the operator adds the legal part."""
    return render_template("about/accessibility.html")
