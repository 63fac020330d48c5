"""The tree as HTML: nested lists of links, which concept-tree.js makes a tree for the keyboard.

Why not a template: a concept's page shows eighty concepts here, and the template engine takes half
of the page's time for them.
"""

from functools import lru_cache
from urllib.parse import urlencode

from flask import g
from flask_babel import gettext
from markupsafe import Markup, escape

from vocab_server.reading import page_url, shown, with_language
from vocab_server.skos.hierarchy import Branch, Item
from vocab_server.skos.vocabularies import Vocabulary


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
    reached = offset + len(branch.branches)
    size = max(branch.total, reached)
    rows = [
        _row(vocabulary, below, f'data-setsize="{size}" data-posinset="{place}"', current, level)
        for place, below in enumerate(branch.branches, offset + 1)
    ]
    if rows and reached < branch.total:
        above = branch.item.iri if branch.item else ""
        is_opened = any(_is_opened(below, current) for below in branch.branches)
        rows.append(_more(children_url(vocabulary, above, level, reached - is_opened, scheme)))
    return Markup(f"<ul>\n{''.join(rows)}</ul>")  # noqa: S704  (rows are escaped)


def children_url(
    vocabulary: Vocabulary, iri: str, level: int, offset: int = 0, scheme: str = ""
) -> str:
    """Where the narrower concepts of a concept come from as a piece of the tree."""
    draft = g.get("draft")
    place = f"/vocabularies/{vocabulary.id}" if draft is None else f"/drafts/{draft}"
    return with_language(_children_url(place, iri, level, offset, scheme))


@lru_cache(maxsize=10_000)
def _children_url(place: str, iri: str, level: int, offset: int, scheme: str) -> str:
    query = {"iri": iri, "level": str(level)} | ({"offset": str(offset)} if offset else {})
    query |= {"scheme": scheme} if scheme else {}
    return f"{place}/tree?{urlencode(query)}"


def _is_opened(branch: Branch, current: str) -> bool:
    return bool(branch.branches) or (branch.item is not None and branch.item.iri == current)


def _row(vocabulary: Vocabulary, below: Branch, place: str, current: str, level: int) -> str:
    item = below.item
    if item is None:  # only the branch that all are under has none
        return ""
    children, narrower = "", ""
    if below.branches:
        narrower = tree_list(vocabulary, below, current=current, level=level + 1)
    elif item.has_narrower:
        url = children_url(vocabulary, item.iri, level + 1)
        children = f' data-children="{escape(url)}"'
    return (
        f'<li data-iri="{escape(item.iri)}" data-level="{level}" {place}{children}>'
        f"{_link(item, item.iri == current)}{narrower}</li>\n"
    )


def _link(item: Item, is_current: bool) -> str:
    label = shown(item.label)
    here = ' aria-current="page"' if is_current else ""
    code = f'<span class="notation">{escape(item.notation)}</span> ' if item.notation else ""
    return (
        f'<a href="{escape(with_language(page_url(item.iri)))}"'
        f' lang="{escape(label.language)}"{here}>'
        f'{code}<span dir="auto">{escape(label.text)}</span></a>'
    )


def _more(url: str) -> str:
    there = escape(url)
    text = escape(gettext("More"))
    return f'<li class="more" data-more="{there}"><a href="{there}&amp;whole=1">{text}</a></li>\n'
