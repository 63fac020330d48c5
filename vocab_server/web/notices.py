"""What somebody who is signed in is told, and in which way they want to be told."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vocab_server.editing.notifying import About
from vocab_server.errors import InvalidError
from vocab_server.identity import demand_account, signed_in_only
from vocab_server.reading import INTERFACE_LANGUAGES, Page, interface_language, page_number
from vocab_server.services import services
from vocab_server.web.letters import page_of, read_token, unsubscribe
from vocab_server.web.notice_texts import KINDS, sentence

bp = Blueprint("notices", __name__)
NOTICES = 50  # on a page
LARGEST = 2**31 - 1  # number that a database gives


@bp.get("/account/notifications")
@signed_in_only
def index() -> ResponseReturnValue:
    """What one was told, newest first, and which of it comes by mail too."""
    account, number = demand_account(), page_number()
    found, total = services().notices.page(account.id, limit=NOTICES, offset=(number - 1) * NOTICES)
    wish = services().notices.preference(account.id)
    return render_template(
        "notices/index.html",
        page=Page(found, number, NOTICES, total),
        told=[
            (n, sentence(n.kind, n.actor, n.title), page_of(n.kind, n.subject, n.title))
            for n in found
        ],
        last=found[0].id if found else 0,
        kinds=KINDS,
        unmailed=wish.unmailed,
        language=wish.language or interface_language(),
        is_mailing=bool(services().settings.smtp),
    )


@bp.post("/account/notifications/read")
@signed_in_only
def read() -> ResponseReturnValue:
    """Note that one has read a notice, or all that were shown."""
    only, last = (request.form.get(name, type=int) for name in ("only", "last"))
    shown = only if last is None else last
    if shown is None or shown > LARGEST:
        raise InvalidError("The form does not say which notices were read. Load the page anew.")
    services().notices.mark_read(demand_account().id, shown, only)
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/account/notifications/mail")
@signed_in_only
def mail() -> ResponseReturnValue:
    """Say of what one wants mail, and in which language."""
    language = request.form.get("language", "")
    if language not in INTERFACE_LANGUAGES:
        raise InvalidError(
            "Choose one of the languages: %(languages)s.",
            languages=", ".join(INTERFACE_LANGUAGES),
        )
    wanted = set(request.form.getlist("kind"))
    unmailed = [about for about in About if about not in wanted]
    services().notices.set_preference(demand_account().id, language, unmailed)
    flash(_("Saved."))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.get("/unsubscribe/<token>")
def ask(token: str) -> ResponseReturnValue:
    """Ask whether letters of a kind are to end: programs that look at links must not end them."""
    read_token(token)
    return render_template("notices/unsubscribe.html", is_done=False)


@bp.post("/unsubscribe/<token>")
def end(token: str) -> ResponseReturnValue:
    """End letters of a kind. The token is the proof: mail programs send no other (RFC 8058)."""
    unsubscribe(token)
    return render_template("notices/unsubscribe.html", is_done=True)
