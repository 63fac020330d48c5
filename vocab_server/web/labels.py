"""Names as HTML, in their own languages, and links to concepts.

Why not macros: a page has dozens of them, and the template engine takes three times as long for
each.
"""

from functools import lru_cache
from typing import Protocol

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from vocab_server.reading import Link

REMEMBERED = 2_000  # names


class Text(Protocol):
    """A text and the tag of its language, "" for one without."""

    @property
    def text(self) -> str:
        """What it says."""
        ...

    @property
    def language(self) -> str:
        """The language it is in."""
        ...


@pass_context
def label_html(
    context: Context,
    label: Text,
    marker: bool = False,
    wanted: str | None = None,
) -> Markup:
    """A text in its own language; with ``marker`` one in another than the wanted one says so.

    That is the language that names are wanted in, if no other is given.
    """
    mark = _mark(label.language, wanted or context["content_language"]) if marker else ""
    return Markup(name_html(label.text, label.language) + mark)  # noqa: S704  (escaped)


@pass_context
def concept_link_html(context: Context, item: Link, marker: bool = True) -> Markup:
    """A link to a concept with its notation; it says which language it is in, and if it is old."""
    label = item.label
    code = f'<span class="notation">{escape(item.notation)}</span> ' if item.notation else ""
    mark = _mark(label.language, context["content_language"]) if marker else ""
    kind, badge = "", ""
    if item.deprecated:
        kind = ' class="deprecated"'
        badge = f' <span class="badge">{context["_"](context, "No longer used")}</span>'
    name = code + name_html(label.text, label.language)
    link = f'<a href="{escape(item.href)}">{name}</a>'
    return Markup(f"<span{kind}>{link}{mark}{badge}</span>")  # noqa: S704  (escaped)


@lru_cache(maxsize=REMEMBERED)
def name_html(text: str, language: str | None) -> str:
    """A name, escaped, that says which language it is in; it reads in its own direction."""
    return f'<span lang="{escape(language or "")}" dir="auto">{escape(text)}</span>'


def _mark(language: str | None, wanted: str) -> str:
    if not language or language.lower() == wanted.lower():
        return ""
    return f' <span class="language-tag">({escape(language)})</span>'
