"""The alphabetical index, and what is new or changed."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from rdflib import URIRef

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
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.entries import PREFERRED
from vocab_server.search.lists import Listed, letters, list_names
from vocab_server.skos.hierarchy import Item, Lens, items, local_name
from vocab_server.skos.labels import labels_of
from vocab_server.store.base import Row

bp = Blueprint("letters", __name__)

SPECIAL, DIGITS, ALL = "!*", "0-9", "*"
CHANGES = 200  # concepts in a list of changes unless it says how many
_SHELVES = {SPECIAL: OTHER_SCRIPTS, DIGITS: OTHER_SIGNS}
_LETTERS = {ours: theirs for theirs, ours in _SHELVES.items()}
_LAST = (SPECIAL, DIGITS)
_CHANGED = """SELECT ?concept (MAX(?at) AS ?date) (SAMPLE(?is) AS ?deprecated)
    (MIN(?instead) AS ?replacement) WHERE { GRAPH $graph { ?concept PROPERTY ?at ; a skos:Concept
    OPTIONAL { ?concept owl:deprecated ?is } OPTIONAL { ?concept dct:isReplacedBy ?instead } } }
    GROUP BY ?concept ORDER BY DESC(?date) ?concept LIMIT LIMIT_ OFFSET OFFSET_"""


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


@bp.get("/<vocid>/new", defaults={"property_name": "created"})
@bp.get("/<vocid>/modified", defaults={"property_name": "modified"})
def changes(vocid: str, property_name: str) -> ResponseReturnValue:
    """The concepts that came, or changed, last."""
    lens = lens_of(get_vocabulary(vocid))
    limit, offset = natural("limit", CHANGES) or CHANGES, natural("offset", 0, 10_000_000)
    query = _CHANGED.replace("PROPERTY", f"dct:{property_name}")
    query = query.replace("LIMIT_", str(limit)).replace("OFFSET_", str(offset))
    rows = [row for row in lens.store.select(bind(query, graph=lens.graph)) if "date" in row]
    named = [row[name] for row in rows for name in ("concept", "replacement") if name in row]
    labels = labels_of(lens.store, map(URIRef, named), lens.languages)
    texts = {str(iri): label.text for iri, label in labels.items()}
    context = {
        "@language": display_tag(lens.wanted),
        "prefLabel": "skos:prefLabel",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "date": {
            "@id": "http://purl.org/dc/terms/date",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        },
    }
    return answer({"changeList": [_change(row, texts) for row in rows]}, context)


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


def _change(row: Row, texts: dict[str, str]) -> Body:
    iri = str(row["concept"])
    body: Body = {
        "uri": iri,
        "prefLabel": texts.get(iri, local_name(iri)),
        "date": _date(str(row["date"])),
        "deprecated": str(row.get("deprecated")) == "true",
    }
    if "replacement" in row:
        body["replacedBy"] = str(row["replacement"])
        if body["replacedBy"] in texts:
            body["replacingLabel"] = texts[body["replacedBy"]]
    return body


def _date(text: str) -> str:
    """A date and time as PHP writes it, without a colon in the offset."""
    day, _, time = text.partition("T")
    clock, offset = time[:8] or "00:00:00", time[8:].lstrip(".0123456789")
    return f"{day[:10]}T{clock}{(offset or '+00:00').replace('Z', '+00:00').replace(':', '')}"
