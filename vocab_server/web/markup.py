"""Our own Markdown as HTML (CommonMark 0.31.2, and tables): headings to link to, no raw HTML."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

REFERENCE = "reference"  # a fenced block that holds the name of a table, which is put in its place
EXTERNAL = ("http:", "https:", "mailto:")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; ``level`` is 2 or 3."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A page as HTML: what stands under its title, and what it is made of."""

    title: str
    body: Markup
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """What a page leads to: the address that a link means, the table that a name means."""

    link: Callable[[str], str]
    table: Callable[[str], Markup]
    code: str  # what a piece of code is called for those who do not see it


class _Renderer(RendererHTML):
    """HTML as our pages need it: what is wide scrolls and can be reached by keyboard."""

    def fence(self, tokens: Sequence[Token], idx: int, _options: object, env: object) -> str:
        """A table of ours, or code."""
        places, token = _places(env), tokens[idx]
        kind = token.info.partition(" ")[0]
        if kind == REFERENCE:
            return "".join(places.table(name) for name in token.content.split())
        return _code(token.content, f"{places.code} {idx}")

    def code_block(self, tokens: Sequence[Token], idx: int, _options: object, env: object) -> str:
        """Code that is only indented."""
        return _code(tokens[idx].content, f"{_places(env).code} {idx}")

    def code_inline(self, tokens: Sequence[Token], idx: int, _options: object, _env: object) -> str:
        """A name or a command within a sentence."""
        return f'<code dir="ltr" translate="no">{escape(tokens[idx].content)}</code>'

    def link_open(self, tokens: Sequence[Token], idx: int, options: object, env: object) -> str:
        """A link, to another page where it names a file beside this one."""
        href = str(tokens[idx].attrGet("href") or "")
        tokens[idx].attrSet("href", _places(env).link(href))
        return self.renderToken(tokens, idx, options, env)  # type: ignore[arg-type]

    def table_open(self, _tokens: Sequence[Token], idx: int, _options: object, env: object) -> str:
        """A table, which may be wider than the page."""
        name = f"{_places(env).code} {idx}"
        return f'<div class="scroll-x" role="region" tabindex="0" aria-label="{name}"><table>\n'

    def table_close(self, *_rest: object) -> str:
        """The end of a table."""
        return "</table></div>\n"

    def th_open(self, *_rest: object) -> str:
        """The heading of a column."""
        return '<th scope="col">'


def _code(text: str, name: str) -> str:
    return (
        f'<pre tabindex="0" role="region" aria-label="{escape(name)}">'
        f'<code dir="ltr" translate="no">{escape(text)}</code></pre>\n'
    )


def _places(env: object) -> Places:
    assert isinstance(env, dict)  # noqa: S101  (set by make_text, for the type checker)
    found: Places = env["places"]
    return found


def make_text(source: str, places: Places) -> Text:
    """A page from its Markdown, whose first line is its title.

    HTML in the source is shown as text; only http, https and mailto are links out
    (CommonMark 6.11 is switched off; see ``markdown_it.common.normalize_url``).
    """
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    env = {"places": places}
    tokens = parser.parse(source, env)
    titles = _headings(tokens)
    body = parser.renderer.render(tokens[3:], parser.options, env)
    return Text(titles[0].text, Markup(body), tuple(titles[1:]))  # noqa: S704  (rendered above)


def title_of(source: str) -> str:
    """The title of a page: its first line, without the sign of a heading."""
    return source.partition("\n")[0].lstrip("# ").strip()


def _headings(tokens: Sequence[Token]) -> list[Heading]:
    """The headings, each of which gets an id that no other has."""
    found: list[Heading] = []
    used: Counter[str] = Counter()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag in ("h1", "h2", "h3"):
            text = "".join(part.content for part in inline.children or ())
            name = anchor(text)
            own = f"{name}-{used[name]}" if used[name] else name
            used[name] += 1
            found.append(Heading(int(token.tag[1]), own, text))
            token.attrSet("id", found[-1].id)
    return found


def anchor(text: str) -> str:
    """What a heading is linked to by, as GitHub makes it: letters, digits and hyphens."""
    kept = re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", text).lower())
    return kept.strip().replace(" ", "-")
