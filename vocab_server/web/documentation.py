"""The documentation: pages from Markdown, with tables made of what the program itself goes by."""

from functools import lru_cache, partial
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from vocab_server.reading import interface_language
from vocab_server.services import services
from vocab_server.web import manual
from vocab_server.web.manual import Audience, Page
from vocab_server.web.markup import Places, Text, make_text
from vocab_server.web.references import table_of

bp = Blueprint("documentation", __name__)

WRITTEN_FOR = "http://127.0.0.1:8000"  # the server that commands in the documentation ask
AUDIENCES = {
    Audience.AGENCY: lazy_gettext("For the agency that looks after concepts"),
    Audience.PUBLISHER: lazy_gettext("For publishers of data"),
    Audience.DEVELOPER: lazy_gettext("For developers"),
    Audience.OPERATOR: lazy_gettext("For those who run the server"),
}
NOTEBOOK = "vocab-server.ipynb"


@bp.get("/docs")
def index() -> ResponseReturnValue:
    """What there is to read, by reader."""
    return render_template("documentation/index.html", groups=_groups())


@bp.get(f"/docs/{NOTEBOOK}")
def notebook() -> ResponseReturnValue:
    """The notebook, which asks this server, to be opened in Jupyter."""
    text = (manual.folder() / NOTEBOOK).read_text("utf-8")
    response = Response(
        text.replace(WRITTEN_FOR, services().settings.base), mimetype="application/x-ipynb+json"
    )
    response.headers.set("Content-Disposition", "attachment", filename=NOTEBOOK)
    return response


@bp.get("/docs/<path:slug>")
def show(slug: str) -> ResponseReturnValue:
    """One page. Raises NotFoundError when there is none."""
    page = manual.get_page(slug)
    language = manual.language_of(page, interface_language())
    return render_template(
        "documentation/show.html",
        page=page,
        language=language,
        text=_text(page, language, interface_language(), services().settings.base),
        audience=AUDIENCES[page.audience],
        groups=_groups(),
    )


@bp.app_template_global("page_of_documentation")
def called(slug: str) -> tuple[str, str]:
    """What a page is called for this reader, and the language of that."""
    page = manual.get_page(slug)
    return manual.title(page, interface_language()), manual.language_of(page, interface_language())


def _groups() -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """For each reader the pages: slug, address, title and the language of that."""
    wanted = interface_language()
    found: dict[Audience, list[tuple[str, str, str, str]]] = {each: [] for each in AUDIENCES}
    for page in manual.pages().values():
        link = url_for("documentation.show", slug=page.slug)
        told = (page.slug, link, manual.title(page, wanted), manual.language_of(page, wanted))
        found[page.audience].append(told)
    return [(str(AUDIENCES[each]), rows) for each, rows in found.items()]


@lru_cache(maxsize=256)
def _text(page: Page, language: str, interface: str, base: str) -> Text:
    """The page for readers of this interface language, with the commands for this server."""
    places = Places(partial(_link, page), partial(table_of, language=interface), _("Example"))
    return make_text(manual.source_of(page, language).replace(WRITTEN_FOR, base), places)


def _link(page: Page, href: str) -> str:
    """The address that a link in the source of a page means; a file beside it is a page."""
    parts = urlsplit(href)
    if parts.scheme or not parts.path.endswith(".md"):
        return href
    above = page.slug.rpartition("/")[0].split("/") if "/" in page.slug else []
    for step in parts.path.removesuffix(".md").split("/"):
        above = above[:-1] if step == ".." else [*above, step]
    address = url_for("documentation.show", slug="/".join(above))
    return f"{address}#{parts.fragment}" if parts.fragment else address
