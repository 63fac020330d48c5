"""A page for anybody: paste RDF or choose a file, and see what is wrong with it."""

from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.catalog.profiles import PROFILES
from vocab_server.errors import BusyError, InvalidError
from vocab_server.quality.shacl.results import ShaclResult
from vocab_server.quality.uploads import (
    LARGEST,
    MOST,
    Checked,
    check_upload,
    check_upload_by_shapes,
)
from vocab_server.rdf.formats import FORMATS
from vocab_server.store.parsing import MIB
from vocab_server.web.error_texts import in_words
from vocab_server.web.quality_texts import SEVERITIES, by_check

bp = Blueprint("validating", __name__)


@bp.route("/validate", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """The form, and below it what was found."""
    if request.method == "GET":
        return _page()
    try:
        shapes = request.files.get("shapes")
        if shapes is not None and shapes.filename:
            data, name, _form = _sent()
            own = shapes.read(LARGEST + 1), shapes.filename
            return _page(shaped=check_upload_by_shapes(data, name, *own))
        found = check_upload(*_sent(), request.form.get("profile", ""))
    except InvalidError as error:
        return _page(problem=in_words(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return _page(problem=in_words(error)), HTTPStatus.SERVICE_UNAVAILABLE
    return _page(found)


def _sent() -> tuple[bytes, str, str | None]:
    """What was sent, what it is called, and its format if that was chosen."""
    form = request.form.get("format") or None
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.read(LARGEST + 1), file.filename, form
    return request.form.get("text", "").encode("utf-8", "replace"), _("Your text"), form


def _page(
    found: Checked | None = None,
    problem: str = "",
    shaped: list[ShaclResult] | None = None,
) -> str:
    return render_template(
        "validating/show.html",
        found=found,
        shaped=shaped,
        most=MOST,
        groups=by_check(found) if found else [],
        severities=SEVERITIES,
        errors=[("text", problem)] if problem else [],
        typed=request.form.get("text", ""),
        chosen=request.form.get("format", ""),
        formats=FORMATS,
        profile=request.form.get("profile", request.args.get("profile", "")),
        profiles=list(PROFILES.values()),
        largest=LARGEST // MIB,
    )
