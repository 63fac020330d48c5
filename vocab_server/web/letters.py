"""Letters: what people are told by mail, in their own language, and the way to get no more."""

from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext
from itsdangerous import BadSignature, URLSafeSerializer

from vocab_server.editing.notifying import About, Letter, Written
from vocab_server.errors import NotFoundError
from vocab_server.reading import INTERFACE_LANGUAGES
from vocab_server.services import services
from vocab_server.web.notice_texts import sentence

_SALT = "unsubscribe"


def write_letter(letter: Letter) -> Written:
    """A letter in the language of who gets it, else in the first of the server's that we speak."""
    with force_locale(_language(letter.language)):
        return _written(letter)


def _language(wanted: str) -> str:
    spoken = [tag for tag in (wanted, *services().settings.languages) if tag in INTERFACE_LANGUAGES]
    return spoken[0] if spoken else INTERFACE_LANGUAGES[0]


def _written(letter: Letter) -> Written:
    event, base = letter.event, services().settings.base
    told = sentence(event.about, event.actor, event.title)
    guest = letter.guest
    own_page = page_of(event.about, event.subject, event.title)
    page = f"/proposals/follow/{guest.follow}" if guest else own_page
    unsubscribe = f"{base}/unsubscribe/{_token(letter)}"
    reason = gettext("You get this letter because it concerns you. No more letters of this kind:")
    parts = (told, event.text, base + page, f"-- \n{reason}\n{unsubscribe}")
    return Written(told, "\n\n".join(filter(None, parts)) + "\n", unsubscribe)


def page_of(about: str, subject: int, title: str) -> str:
    """The page of the draft, the proposal or the harvest that a notice is about."""
    if about == About.HARVEST_FAILED:
        return f"/harvests/{title}/runs/{subject}"
    kind = "proposals" if about.startswith("proposal-") else "drafts"
    return f"/{kind}/{subject}"


def _token(letter: Letter) -> str:
    whose: list[Any] = (
        ["guest", letter.guest.proposal]
        if letter.guest
        else ["account", letter.account, letter.event.about.value]
    )
    return str(_serializer().dumps(whose))


def unsubscribe(token: str) -> None:
    """Write no more of what the letter with this token was about.

    Raises NotFoundError for a token that is not ours.
    """
    whose = read_token(token)
    if whose[0] == "guest":
        services().proposals.table.forget_email(whose[1])
    else:
        services().notices.unmail(whose[1], About(whose[2]))


def read_token(token: str) -> list[Any]:
    """Whose letters of what kind a token ends. Raises NotFoundError for one that is not ours."""
    try:
        found: list[Any] = _serializer().loads(token)
    except BadSignature as error:
        raise NotFoundError("This address is not whole. Copy all of it from the letter.") from error
    return found


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=_SALT)
