"""The pages of the documentation: which there are, for whom, in which languages, and where."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import vocab_server
from vocab_server.errors import NotFoundError
from vocab_server.web.markup import title_of

PACKAGE = Path(vocab_server.__file__).parent
FIRST = "en"  # the language that every page is in


class Audience(StrEnum):
    """Whom a page is for."""

    AGENCY = "agency"
    PUBLISHER = "publisher"
    DEVELOPER = "developer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Page:
    """A page; ``slug`` is its file without the ending and the last part of its address."""

    slug: str
    audience: Audience
    languages: tuple[str, ...] = (FIRST,)


BOTH = ("en", "sv")
# What people of an agency or a publisher read is in both languages, what programmers and operators
# read in English, which the standards and the commands that it is about are in too.
PAGES = (
    Page("first-vocabulary", Audience.AGENCY, BOTH),
    Page("drafts-and-review", Audience.AGENCY, BOTH),
    Page("quality-and-releases", Audience.AGENCY, BOTH),
    Page("merging-and-splitting", Audience.AGENCY, BOTH),
    Page("roles", Audience.AGENCY, BOTH),
    Page("describing-data", Audience.PUBLISHER, BOTH),
    Page("concepts-for-data", Audience.PUBLISHER, BOTH),
    Page("addresses", Audience.DEVELOPER),
    Page("sparql", Audience.DEVELOPER),
    Page("interfaces", Audience.DEVELOPER),
    Page("picker", Audience.DEVELOPER),
    Page("harvesting", Audience.DEVELOPER),
    Page("checks", Audience.DEVELOPER),
    Page("notebook", Audience.DEVELOPER),
    Page("installation", Audience.OPERATOR),
    Page("settings", Audience.OPERATOR),
    Page("commands", Audience.OPERATOR),
    Page("limits", Audience.OPERATOR),
    Page("benchmark", Audience.OPERATOR),
    Page("security", Audience.OPERATOR),
    Page("asvs", Audience.OPERATOR),
)


def folder() -> Path:
    """Where the pages are: in the package when installed, beside it in a checkout."""
    installed = PACKAGE / "docs"
    return installed if installed.is_dir() else PACKAGE.parent / "docs"


@lru_cache(maxsize=1)
def pages() -> dict[str, Page]:
    """All pages by slug: those of PAGES, then what else is there, for who runs a server."""
    listed = {page.slug: page for page in PAGES}
    files = sorted(path.relative_to(folder()) for path in folder().rglob("*.md"))
    slugs = [path.with_suffix("").as_posix() for path in files if path.parts[0] != "sv"]
    return listed | {slug: Page(slug, Audience.OPERATOR) for slug in slugs if slug not in listed}


def get_page(slug: str) -> Page:
    """The page with this slug. Raises NotFoundError when there is none."""
    try:
        return pages()[slug]
    except KeyError:
        raise NotFoundError("The documentation has no page %(slug)r.", slug=slug[:100]) from None


def language_of(page: Page, wanted: str) -> str:
    """The language in which a page is shown to who wants this one."""
    return wanted if wanted in page.languages else FIRST


@lru_cache(maxsize=256)
def source_of(page: Page, language: str) -> str:
    """The Markdown of a page."""
    place = folder() if language == FIRST else folder() / language
    return (place / f"{page.slug}.md").read_text("utf-8")


def title(page: Page, wanted: str) -> str:
    """What a page is called, in the language in which it is shown."""
    return title_of(source_of(page, language_of(page, wanted)))
