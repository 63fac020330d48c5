"""The alphabetical index, and what is new or changed."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vocab_server.api.skosmos.answers import (
    Body,
    answer,
    get_vocabulary,
    lens_of,
    natural,
    page,
    with_next,
)
from vocab_server.rdf.languages import OTHER_SCRIPTS, OTHER_SIGNS, display_tag
from vocab_server.reading import view
from vocab_server.recent import Recent, recent
from vocab_server.search.change_lists import Wanted
from vocab_server.search.entries import PREFERRED
from vocab_server.search.lists import Listed, letters, list_names
from vocab_server.skos.hierarchy import Item, Lens, items, local_name
from vocab_server.skos.history import Kind

bp = Blueprint("letters", __name__)

SPECIAL, DIGITS, ALL = "!*", "0-9", "*"
CHANGES = 200  # concepts in a list of changes unless it says how many
_SHELVES = {SPECIAL: OTHER_SCRIPTS, DIGITS: OTHER_SIGNS}
_LETTERS = {ours: theirs for theirs, ours in _SHELVES.items()}
_LAST = (SPECIAL, DIGITS)
# The changes that each list holds; a concept is modified too when it goes out of use.
_KINDS = {"new": (Kind.NEW,), "modified": (Kind.CHANGED, Kind.DEPRECATED)}


@bp.get("/<vocid>/index/")
def index_letters(vocid: str) -> ResponseReturnValue:
    """The letters that names begin with, signs and digits last."""
    lens = lens_of(get_vocabulary(vocid))
    found = [_LETTERS.get(letter, letter) for letter in _letters(lens)]
    listed = sorted(found, key=lambda letter: letter in _LAST and 1 + _LAST.index(letter))
    in_order = {"@container": "@list", "@language": display_tag(lens.wanted)}
    context = {"indexLetters": {"@id": "skosmos:indexLetters", **in_order}}
    return answer({"uri": "", "indexLetters": listed}, context)


@bp.get("/<vocid>/index/<letter>")
def index_concepts(vocid: str, letter: str) -> ResponseReturnValue:
    """The names under one letter, or with ``*`` all, in alphabetical order."""
    lens = lens_of(get_vocabulary(vocid))
    limit, offset = page()
    listed, total = _names(lens, letter, limit, offset)
    shown = {item.iri: item for item in items(lens, (name.concept for name in listed))}
    concepts = [_entry(name, shown[name.concept], lens) for name in listed]
    context = {"indexConcepts": {"@id": "skosmos:indexConcepts", "@container": "@list"}}
    response = answer({"uri": "", "indexConcepts": concepts}, context)
    return with_next(response, limit, offset, total)


@bp.get("/<vocid>/new", defaults={"name": "new"})
@bp.get("/<vocid>/modified", defaults={"name": "modified"})
def changes(vocid: str, name: str) -> ResponseReturnValue:
    """The concepts that came, or changed, last."""
    lens = lens_of(get_vocabulary(vocid))
    limit, offset = natural("limit", CHANGES) or CHANGES, natural("offset", 0, 10_000_000)
    wanted = Wanted((lens.graph,), _KINDS[name])
    found = recent(wanted, lens.languages, limit=limit, offset=offset)
    context = {
        "@language": display_tag(lens.wanted),
        "prefLabel": "skos:prefLabel",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "date": {
            "@id": "http://purl.org/dc/terms/date",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        },
    }
    return answer({"changeList": [_change(row) for row in found.rows]}, context)


def _letters(lens: Lens) -> dict[str, int]:
    return letters(view().index, lens.graph, _tag(lens))


def _tag(lens: Lens) -> str:
    """The language whose names are listed: the wanted one, else the first that has any."""
    return lens.languages[0] if lens.languages else lens.wanted


def _names(lens: Lens, letter: str, limit: int, offset: int) -> tuple[list[Listed], int]:
    """A page of the names under a letter, or under all of them, and how many there are."""
    if letter != ALL:
        shelf = _SHELVES.get(letter, letter.upper())
        return list_names(view().index, lens.graph, _tag(lens), shelf, limit=limit, offset=offset)
    listed: list[Listed] = []
    before = 0
    for shelf, count in _letters(lens).items():
        wanted, start = limit - len(listed), max(0, offset - before)
        if wanted and start < count:
            listed += list_names(
                view().index, lens.graph, _tag(lens), shelf, limit=wanted, offset=start
            )[0]
        before += count
    return listed, before


def _entry(name: Listed, item: Item, lens: Lens) -> Body:
    other = {} if name.property == PREFERRED else {"altLabel": name.text}
    return {
        "uri": item.iri,
        "localname": local_name(item.iri),
        "prefLabel": item.label.text,
        **other,
        "lang": display_tag(_tag(lens)),
    }


def _change(row: Recent) -> Body:
    body: Body = {
        "uri": row.link.iri,
        "prefLabel": row.link.label.text,
        "date": _date(row.event.date),
        "deprecated": row.event.is_deprecated,
    }
    for instead in row.replaced_by[:1]:
        body["replacedBy"] = instead.iri
        body["replacingLabel"] = instead.label.text
    return body


def _date(text: str) -> str:
    """A date and time as PHP writes it, without a colon in the offset."""
    day, _, time = text.partition("T")
    clock, offset = time[:8] or "00:00:00", time[8:].lstrip(".0123456789")
    return f"{day[:10]}T{clock}{(offset or '+00:00').replace('Z', '+00:00').replace(':', '')}"
