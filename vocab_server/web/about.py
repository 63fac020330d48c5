"""What this site is, how accessible it is, and what it keeps of people."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from vocab_server.accounts import sessions, throttle
from vocab_server.services import services

bp = Blueprint("about", __name__)

STATUS = {
    "full": _("This site fulfils all demands of the law on accessibility."),
    "partial": _("This site fulfils most demands of the law on accessibility, but not all."),
    "none": _("This site does not fulfil the demands of the law on accessibility."),
}
# What we know of, in every installation; what an agency finds in its own content comes on top.
SHORTCOMINGS = (
    _(
        "The query editor on the SPARQL page is made by others: its own texts are in English"
        " only, and closing one of its tabs needs a mouse. The plain text box beside it has"
        " neither fault."
    ),
    _("The documentation for developers and operators is in English only."),
    _(
        "Names and definitions of concepts are in the languages that their vocabulary has them in;"
        " each is marked with its language."
    ),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Personal data: what, of whom and what for, where, and for how long."""

    what: str
    purpose: str
    where: str
    time: str


MINUTES = int(throttle.PERIOD.total_seconds()) // 60
DATABASE = _("database")
FOR_GOOD = _("for good, with the changes that they made")
PERSONAL_DATA = (
    Kept(
        _("Name, shown name, e-mail address and roles of an account"),
        _("to sign in and to be told of drafts and proposals"),
        DATABASE,
        FOR_GOOD,
    ),
    Kept(
        _("Hash of a password; name at the other sign-in"),
        _("to sign in"),
        DATABASE,
        _("until it is replaced"),
    ),
    Kept(
        _("Session: account, begin, last click"),
        _("to stay signed in"),
        DATABASE,
        _("%(days)s days at most", days=sessions.LONGEST.days),
    ),
    Kept(
        _("Attempts to sign in, as a hash of name and network address"),
        _("to hold off guessing"),
        DATABASE,
        _("%(minutes)s minutes", minutes=MINUTES),
    ),
    Kept(
        _("Audit trail: who signed in or changed accounts, when, from which network address"),
        _("to find out about misuse"),
        DATABASE,
        _("until the operator deletes it"),
    ),
    Kept(
        _("History: who changed what, when and why"),
        _("the record of the vocabularies"),
        DATABASE,
        FOR_GOOD,
    ),
    Kept(
        _("Proposals and comments; name and e-mail address of guests who leave them"),
        _("to answer them"),
        DATABASE,
        _("until they are deleted"),
    ),
    Kept(
        _("Letters that are not sent yet"),
        _("to tell people what becomes of their proposals and drafts"),
        DATABASE,
        _("until they are sent; what could not be sent, until it is deleted"),
    ),
    Kept(
        _("Network addresses, as a number that cannot be turned back"),
        _("so that nobody takes up the whole server"),
        _("file"),
        _("1 minute"),
    ),
    Kept(
        _("The language that you choose"),
        _("to show pages in it"),
        _("cookie in your browser"),
        _("1 year"),
    ),
)
REQUEST_LOG = Kept(
    _("Log of requests, without names and addresses"),
    _("to run the site"),
    _("log"),
    _("as the operator says"),
)


@bp.get("/about")
def show() -> ResponseReturnValue:
    """What the site is for and how programs read it."""
    return render_template("about/show.html")


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement, in the shape of Commission Decision (EU) 2018/1523."""
    settings = services().settings
    return render_template(
        "about/accessibility.html",
        settings=settings,
        status=STATUS.get(settings.accessibility),
        assessed=settings.accessibility and date.fromisoformat(settings.accessibility_assessed),
        shortcomings=SHORTCOMINGS,
    )


@bp.get("/tillganglighetsredogorelse")
def swedish_accessibility() -> ResponseReturnValue:
    """The same under the name that Swedish readers look for."""
    return redirect(url_for(".accessibility", interface="sv"), HTTPStatus.SEE_OTHER)


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept of people (Regulation (EU) 2016/679, articles 13 and 14)."""
    settings = services().settings
    kept = (*PERSONAL_DATA, REQUEST_LOG) if settings.log_requests else PERSONAL_DATA
    return render_template("about/privacy.html", settings=settings, kept=kept)
