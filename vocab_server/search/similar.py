"""Concepts that are called almost as a new name: the same, without marks, or misspelt."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import tantivy
from rdflib import URIRef

from vocab_server.search.find import Hit, Wanted, search
from vocab_server.search.looks import Kind
from vocab_server.search.text import folded, plain

LOOKED = 50  # hits of the search that are compared letter by letter
ALIKE = 0.86  # share of letters in common, from which on two names are alike
SHORTEST = 2  # characters of a name that is compared
_NAMES = {"prefLabel", "altLabel", "hiddenLabel"}


def similar(
    index: tantivy.Searcher,
    text: str,
    graphs: Sequence[URIRef],
    languages: Sequence[str],
    *,
    without: URIRef | None = None,
    limit: int = 5,
) -> list[Hit]:
    """The concepts of some vocabularies that have a name like this one, the most alike first.

    Deprecated ones too: a new concept may be one of these in use again. ``graphs`` () is all;
    ``without`` is the concept that gets the name.
    """
    typed = folded(plain(text))
    if len(typed) < SHORTEST:
        return []
    wanted = Wanted(text, graphs, stem_languages=languages, deprecated=None)
    hits, _more = search(index, wanted, limit=LOOKED)
    alike = [hit for hit in hits if hit.concept != without and _is_alike(hit, typed)]
    return alike[:limit]


def _is_alike(hit: Hit, typed: str) -> bool:
    if hit.label_property not in _NAMES:
        return False
    name = folded(plain(hit.text))
    return hit.kind == Kind.EXACT or SequenceMatcher(None, typed, name).ratio() >= ALIKE
