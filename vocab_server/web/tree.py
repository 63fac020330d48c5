"""The tree as HTML: nested lists of links, which concept-tree.js makes a tree for the keyboard.

Why not a template: a concept's page shows eighty concepts here, and the template engine takes half
of the page's time for them. The same concepts near the top stand on page after page, so what is
written of each is remembered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import g
from flask_babel import gettext
from markupsafe import Markup, escape

from vocab_server.rdf.languages import Label
from vocab_server.reading import page_urls, shown, with_language
from vocab_server.skos.hierarchy import Branch, Item
from vocab_server.skos.vocabularies import Vocabulary

REMEMBERED = 5_000  # links, and addresses of what is under concepts


@dataclass(frozen=True, slots=True)
class _Tree:
    """What all rows of a tree share."""

    place: str  # the address that its pieces are under
    choice: str  # the reader's choice of language, as the end of an address
    page_url: Callable[[str], str]
    current: str  # the concept that the page is about


def tree_list(
    vocabulary: Vocabulary,
    branch: Branch,
    *,
    current: str = "",
    level: int = 1,
    offset: int = 0,
    scheme: str = "",
) -> Markup:
    """What is under a branch, from ``offset`` on, as a list.

    ``scheme`` is the one whose top concepts these are, where not those of all are.

    Each item tells its level, its place and how many are beside it (WAI-ARIA, 6.6), and where its
    narrower concepts are to be had when they are not there. A concept that the tree is open at may
    stand last, out of turn; so what comes after begins one earlier, and may repeat one concept,
    rather than leave one out.
    """
    draft = g.get("draft")
    place = f"/vocabularies/{vocabulary.id}" if draft is None else f"/drafts/{draft}"
    place = f"{g.get('root', '')}{place}"  # below the release that is read
    tree = _Tree(f"{place}/tree", with_language("?").removeprefix("?"), page_urls(), current)
    return Markup(_list(tree, branch, level, offset, scheme))  # noqa: S704  (rows are escaped)


def _list(tree: _Tree, branch: Branch, level: int, offset: int = 0, scheme: str = "") -> str:
    reached = offset + len(branch.branches)
    size = max(branch.total, reached)
    rows = [
        _row(tree, below, below.item, f'data-setsize="{size}" data-posinset="{place}"', level)
        for place, below in enumerate(branch.branches, offset + 1)
        if below.item is not None  # only the branch that all are under has none
    ]
    if rows and reached < branch.total:
        above = branch.item.iri if branch.item else ""
        is_opened = any(_is_opened(below, tree.current) for below in branch.branches)
        rows.append(_more(_children(tree, above, level, reached - is_opened, scheme)))
    return f"<ul>\n{''.join(rows)}</ul>"


def _is_opened(branch: Branch, current: str) -> bool:
    return bool(branch.branches) or (branch.item is not None and branch.item.iri == current)


def _row(tree: _Tree, below: Branch, item: Item, place: str, level: int) -> str:
    children, narrower = "", ""
    if below.branches:
        narrower = _list(tree, below, level + 1)
    elif item.has_narrower:
        children = f' data-children="{_children(tree, item.iri, level + 1)}"'
    link = _link(item.iri, tree.page_url(item.iri), item.label, item.notation)
    here = ' aria-current="page"' if item.iri == tree.current else ""
    return (
        f'<li data-level="{level}" {place}{children}{link.iri}>'
        f"{link.begin}{here}{link.end}{narrower}</li>\n"
    )


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to a concept as HTML, apart where more may be said of it."""

    iri: str
    begin: str
    end: str


@lru_cache(maxsize=REMEMBERED)
def _link(iri: str, href: str, label: Label, notation: str) -> _Link:
    name = shown(label)
    code = f'<span class="notation">{escape(notation)}</span> ' if notation else ""
    return _Link(
        iri=f' data-iri="{escape(iri)}"',
        begin=f'<a href="{escape(href)}" lang="{escape(name.language)}"',
        end=f'>{code}<span dir="auto">{escape(name.text)}</span></a>',
    )


def _children(tree: _Tree, iri: str, level: int, offset: int = 0, scheme: str = "") -> str:
    """Where the narrower concepts of a concept come from as a piece of the tree, as HTML."""
    return _children_url(tree.place, tree.choice, iri, level, offset, scheme)


@lru_cache(maxsize=REMEMBERED)
def _children_url(
    place: str, choice: str, iri: str, level: int, offset: int, scheme: str
) -> Markup:
    query = {"iri": iri, "level": str(level)} | ({"offset": str(offset)} if offset else {})
    query |= {"scheme": scheme} if scheme else {}
    return escape(f"{place}?{urlencode(query)}{choice}")


def _more(there: str) -> str:
    text = escape(gettext("More"))
    return f'<li class="more" data-more="{there}"><a href="{there}&amp;whole=1">{text}</a></li>\n'
