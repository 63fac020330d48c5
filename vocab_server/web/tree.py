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

from vocab_server.rdf.languages import display_tag
from vocab_server.reading import page_urls, with_language
from vocab_server.skos.hierarchy import Branch, Item
from vocab_server.skos.vocabularies import Vocabulary

REMEMBERED = 3_000  # rows


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
    tree = _Tree(f"{place}/tree", with_language("?").removeprefix("?"), page_urls(), str(current))
    return Markup(_list(tree, branch, level, offset, scheme))  # noqa: S704  (rows are escaped)


def _list(tree: _Tree, branch: Branch, level: int, offset: int = 0, scheme: str = "") -> str:
    reached = offset + len(branch.branches)
    size = max(branch.total, reached)
    rows = [
        _row(tree, below, below.item, level, place, size)
        for place, below in enumerate(branch.branches, offset + 1)
        if below.item is not None  # only the branch that all are under has none
    ]
    if rows and reached < branch.total:
        above = branch.item.iri if branch.item else ""
        is_opened = any(_is_opened(below, tree.current) for below in branch.branches)
        reached -= is_opened
        there = _children(tree.place, tree.choice, above, level, reached, scheme)
        rows.append(_more(there))
    return f"<ul>\n{''.join(rows)}</ul>"


def _is_opened(branch: Branch, current: str) -> bool:
    return bool(branch.branches) or (branch.item is not None and str(branch.item.iri) == current)


def _row(tree: _Tree, below: Branch, item: Item, level: int, place: int, size: int) -> str:
    iri = str(item.iri)  # rdflib's own terms are slow to compare
    shown = iri, tree.page_url(iri), item.label.text, item.label.language, item.notation
    position = level, place, size
    children = tree.place if item.has_narrower and not below.branches else ""
    is_current = iri == tree.current
    if not below.branches and not is_current:
        return _closed(shown, position, children, tree.choice)
    narrower = _list(tree, below, level + 1) if below.branches else ""
    return _written(shown, position, children, tree.choice, narrower, is_current=is_current)


_Shown = tuple[str, str, str, str, str]  # IRI, address of the page, name and its language, notation
_Position = tuple[int, int, int]  # level, place in it, how many there are


@lru_cache(maxsize=REMEMBERED)
def _closed(shown: _Shown, position: _Position, children: str, choice: str) -> str:
    """The row of a concept with nothing open under it, on any page but its own."""
    return _written(shown, position, children, choice)


def _written(
    shown: _Shown,
    position: _Position,
    children: str,
    choice: str,
    narrower: str = "",
    *,
    is_current: bool = False,
) -> str:
    """A row as HTML; ``children`` is where its narrower concepts are to be had, if they are."""
    iri, href, name, language, notation = shown
    level, place, size = position
    more = f' data-children="{_children(children, choice, iri, level + 1)}"' if children else ""
    here = ' aria-current="page"' if is_current else ""
    code = f'<span class="notation">{escape(notation)}</span> ' if notation else ""
    tag = display_tag(language) if language else ""
    return (
        f'<li data-level="{level}" data-setsize="{size}" data-posinset="{place}"{more}'
        f' data-iri="{escape(iri)}"><a href="{escape(href)}" lang="{escape(tag)}"{here}>'
        f'{code}<span dir="auto">{escape(name)}</span></a>{narrower}</li>\n'
    )


def _children(
    place: str, choice: str, iri: str, level: int, offset: int = 0, scheme: str = ""
) -> Markup:
    """Where the narrower concepts of a concept come from as a piece of the tree, as HTML."""
    query = {"iri": iri, "level": str(level)} | ({"offset": str(offset)} if offset else {})
    query |= {"scheme": scheme} if scheme else {}
    return escape(f"{place}?{urlencode(query)}{choice}")


def _more(there: str) -> str:
    text = escape(gettext("More"))
    return f'<li class="more" data-more="{there}"><a href="{there}&amp;whole=1">{text}</a></li>\n'
