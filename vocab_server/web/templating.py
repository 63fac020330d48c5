"""What all templates use: texts of the interface, formats, addresses of files, who is asking."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.numbers import format_decimal, format_percent
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import format_date, format_datetime, get_translations
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

import vocab_server
from vocab_server.__version__ import __version__
from vocab_server.accounts.account import Account
from vocab_server.identity import current_account, is_for_programs, way_back
from vocab_server.reading import (
    INTERFACE_LANGUAGES,
    content_language,
    interface_language,
)
from vocab_server.services import services
from vocab_server.web.error_texts import in_words
from vocab_server.web.labels import concept_link_html, label_html
from vocab_server.web.release_mount import today_url


def set_up_templates(app: Flask) -> None:
    """Give templates what they all use: texts of the interface, formats, addresses of files."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "dateformat": format_date,
        "datetimeformat": format_datetime,
        "numberformat": lambda number: format_decimal(number, locale=_locale()),
        "percentformat": lambda share: format_percent(share, locale=_locale()),
        "jsonld": _json_in_html,
        "in_words": in_words,
    }
    app.jinja_env.globals |= {
        "_": _translated,
        "gettext": _translated,
        "label_html": label_html,
        "concept_link_html": concept_link_html,
        "asset": asset,
        "vendor": vendor,
        "url_for": _address,
        "site_name": "vocab-server",
        "version": __version__,
    }
    app.context_processor(_page_values)


@pass_context
def _translated(context: Context, text: str, /, **values: object) -> Markup:
    """A text of the interface, as Jinja's new-style gettext gives it.

    A page has dozens of them, and Flask-Babel finds the reader's language anew for each.
    """
    found = _translation(context["interface_language"], text)
    return found % values if "%" in found else found


@lru_cache(maxsize=4_000)
def _translation(_language: str, text: str) -> Markup:
    return Markup(get_translations().ugettext(text))  # noqa: S704  (ours, from the catalog)


def _page_values() -> dict[str, object]:
    account = _page_account()
    return {
        "interface_language": interface_language(),
        "interface_languages": [(tag, _own_name(tag), _in(tag)) for tag in INTERFACE_LANGUAGES],
        "content_language": content_language(),
        "account": account,
        "unread": services().notices.count_unread(account.id) if account else 0,
        "is_cut_off": g.get("is_cut_off", False),
        "release_read": g.get("release"),
        "today_url": today_url,
        "way_back": None if request.path == _address("home.show") else way_back(),
    }


def _address(endpoint: str, **values: Any) -> str:
    """See ``flask.url_for``; a page has a dozen addresses that are the same on every page."""
    if values or endpoint.startswith(".") or not has_request_context():
        return url_for(endpoint, **values)
    return _plain_address(request.script_root, endpoint)


@lru_cache(maxsize=2_000)
def _plain_address(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def _page_account() -> Account | None:
    """Who sees the page; nobody where a program is told of an error as a page."""
    return None if is_for_programs() else current_account()


def _locale() -> str:
    return interface_language()


@lru_cache(maxsize=16)
def _own_name(tag: str) -> str:
    name = Locale.parse(tag).get_display_name(tag) or tag
    return name[:1].upper() + name[1:]


def _in(tag: str) -> str:
    """The address of this page with the interface in another language."""
    query = urlencode({**request.args.to_dict(), "interface": tag})
    return f"{request.script_root}{request.path}?{query}"


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """The address of a file of ours; the version in it makes a new one be fetched."""
    return f"/static/{path}?v={__version__}"


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    listed = Path(vocab_server.__file__).parent / "static" / "vendor" / "manifest.json"
    found: dict[str, str] = json.loads(listed.read_text()) if listed.exists() else {}
    return found


def vendor(name: str) -> str:
    """The address of a third-party file, or "" when the build had no network to fetch it."""
    path = _manifest().get(name)
    return f"/static/{path}" if path else ""


def _json_in_html(value: object) -> Markup:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return Markup(text)  # noqa: S704  (escaped above)
