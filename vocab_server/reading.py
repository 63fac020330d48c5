"""What every page shares: the snapshot it reads, the two languages, and how things are linked.

The interface language and the language that names are shown in are two different choices.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

from babel import Locale
from flask import g, has_request_context, request
from flask_babel import get_locale
from rdflib import URIRef
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from vocab_server.config import Settings
from vocab_server.database import UNUSABLE
from vocab_server.database.drafts import Draft
from vocab_server.rdf.languages import Label, display_tag, is_tag, language_name
from vocab_server.services import services
from vocab_server.skos.hierarchy import Item, Lens
from vocab_server.views import View

INTERFACE_LANGUAGES = ("en", "sv")
LAST_PAGE = 1_000_000_000  # of a list; databases count no further than 2^63


def view() -> View:
    """The snapshot that this request reads from start to end."""
    if "view" not in g:
        g.view = services().published.view()
    found: View = g.view
    return found


def last_change(graph: URIRef) -> datetime | None:
    """When a vocabulary was changed here last; None when it is as it came, or nobody can tell.

    Pages that everybody may read go on without the database.
    """
    with suppress(*UNUSABLE):
        return services().log.changed(graph)
    return None


def read_draft(draft: Draft) -> None:
    """Let the rest of this request read a draft, with links to the pages of the draft.

    Raises ConflictError when it is published or withdrawn.
    """
    g.view = services().draft_views.view(draft)
    g.draft = draft.id


def interface_cookie(settings: Settings) -> str:
    """The cookie that remembers the chosen interface language; with https of this host only."""
    return "__Host-interface" if settings.base_url.startswith("https:") else "interface"


def choose_interface_language() -> str:
    """The reader's choice, else what the browser prefers, else English, as where nobody reads."""
    if not has_request_context():
        return INTERFACE_LANGUAGES[0]
    kept = request.cookies.get(interface_cookie(services().settings))
    chosen = request.args.get("interface") or kept
    if chosen in INTERFACE_LANGUAGES:
        return str(chosen)
    return preferred_language(request.headers.get("Accept-Language"))


@lru_cache(maxsize=1_000)
def preferred_language(accepted: str | None) -> str:
    """The interface language that a browser prefers (RFC 9110, 12.5.4); English for who says none.

    Remembered, as most browsers say one of a few things with every request.
    """
    wanted = parse_accept_header(accepted, LanguageAccept)
    return wanted.best_match(INTERFACE_LANGUAGES) or INTERFACE_LANGUAGES[0]


def interface_language() -> str:
    """The language of headings and buttons."""
    locale = get_locale()
    return str(locale.language) if isinstance(locale, Locale) else INTERFACE_LANGUAGES[0]


def content_language() -> str:
    """The language that names are wanted in: the reader's choice, else the interface's."""
    chosen = request.args.get("lang", "").lower()
    return chosen if is_tag(chosen) else interface_language()


def lens_for(graph: URIRef) -> Lens:
    """How to show a vocabulary to this reader."""
    return view().lens(graph, content_language())


def shown_language(lens: Lens) -> str:
    """The language that names of a vocabulary are mostly shown in: what else needs a mark.

    The content language, or the one that stands in for it where a vocabulary has no names in it.
    """
    return display_tag(lens.languages[0]) if lens.languages else content_language()


def languages() -> tuple[str, ...]:
    """The fallback chain for texts that belong to no single vocabulary."""
    return (content_language(), *services().settings.languages)


def with_language(url: str) -> str:
    """The address with the reader's choice of content language, if there was one."""
    if "chosen_language" not in g:  # asked for each link of a page
        chosen = request.args.get("lang")
        g.chosen_language = urlencode({"lang": chosen}) if chosen else ""
    if not g.chosen_language:
        return url
    return f"{url}{'&' if '?' in url else '?'}{g.chosen_language}"


def document_url(iri: str, extension: str = "") -> str:
    """The address of the description of a resource, relative to this server.

    With an extension that of the description in that format.
    """
    found = document_address(services().settings.base, iri, extension)
    return f"{g.root}{found}" if "root" in g else found  # below the release that is read


def page_url(iri: str) -> str:
    """The address of the page of a concept, in the draft that is read or of what is published."""
    draft = g.get("draft")
    if draft is None:
        return document_url(iri)
    return f"/drafts/{draft}/concepts?{urlencode({'iri': iri})}"


def page_urls() -> Callable[[str], str]:
    """What gives the address of a concept's page, with the reader's choice of language.

    For long lists: what all addresses of a request share is found once.
    """
    base = services().settings.base
    if g.get("draft") is None and "root" not in g and not with_language(""):
        return lambda iri: document_address(base, iri)
    return lambda iri: with_language(page_url(iri))


@lru_cache(maxsize=5_000)
def document_address(base: str, iri: str, extension: str = "") -> str:
    """The address of the description of a resource in what is published now."""
    minted = f"{base}/id/"
    if iri.startswith(minted):
        path = f"/doc/{quote(iri.removeprefix(minted), safe='/~')}"
        return f"{path}.{extension}" if extension else path
    query = {"iri": iri} | ({"format": extension} if extension else {})
    return f"/resource?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Link:
    """A concept as pages link to it."""

    href: str
    label: Label
    notation: str = ""
    deprecated: bool = False
    scheme: str = ""
    iri: str = ""
    alternative: Label | None = None  # another name, which led here
    replaced_by: tuple["Link", ...] = ()


def link(item: Item) -> Link:
    """The link to a concept."""
    href = with_language(page_url(item.iri))
    return Link(href, shown(item.label), item.notation, item.is_deprecated, iri=item.iri)


def links(items: Iterable[Item]) -> list[Link]:
    """The links to concepts."""
    return [link(item) for item in items]


def shown(label: Label) -> Label:
    """A label whose language tag is written as BCP 47 recommends."""
    tag = display_tag(label.language) if label.language else ""
    return label if tag == label.language else Label(label.text, tag)


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """A language of a vocabulary and how many preferred labels there are in it."""

    tag: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Download:
    """A file or description that can be fetched."""

    href: str
    title: str
    media_type: str


def language_counts(counts: Mapping[str, int]) -> list[LanguageCount]:
    """Languages with their own names, most labels first; text without a language is left out."""
    return [
        LanguageCount(display_tag(tag), language_name(tag), count)
        for tag, count in counts.items()
        if tag
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long list."""

    items: Sequence[object]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))

    def url(self, number: int) -> str:
        """The address of another page of the list, with all other parameters kept."""
        kept = {**request.args.to_dict(flat=False), "page": [str(number)]}
        return f"{request.script_root}{request.path}?{urlencode(kept, doseq=True)}"


def page_number() -> int:
    """The page of a long list that is asked for; 1 for what is no number."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)


def read_anew() -> None:
    """Let the rest of this request read what was published since it began."""
    g.pop("view", None)
