"""What CKAN's ``package_search`` is asked for: filter queries, orders and facets.

Filters are the part of Solr's query syntax that clients of CKAN write: ``field:value`` with quotes
round several words, several of them after each other or with AND, and ``field:(a OR b)``. What is
not understood is refused: an answer that leaves a filter out would be a wrong one.
"""

import json
import re
from collections.abc import Mapping

from vocab_server.errors import InvalidError
from vocab_server.reading import view
from vocab_server.search.dataset_find import Chosen
from vocab_server.search.find import Wanted, search
from vocab_server.search.looks import Kind
from vocab_server.search.text import keyword_form

FIELDS = {
    "organization": "catalog",
    "owner_org": "catalog",
    "res_format": "format",
    "license_id": "licence",
    "tags": "keyword",
}  # of CKAN, with what they are in the index of datasets
NEVER = frozenset({"groups"})  # fields of CKAN that no package has here
ALWAYS = {"state": "active", "type": "dataset", "dataset_type": "dataset", "private": "false"}
ORDERS = {"metadata_modified": "modified", "id": "place", "name": "place"}
FACET_VALUES = 50  # of a field, as CKAN's own default
MOST_FACET_VALUES = 1_000
MOST_FILTERS = 20
MOST_VALUES = 50  # of one filter
SAME_LABEL = 20  # concepts with one name

_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s()"]+'
_FILTER = re.compile(rf"\+?(\w+):(\((?:[^()\"]|\"[^\"]*\")*\)|{_VALUE})(?:\s+AND\b)?\s*")
_ONE = re.compile(_VALUE)


def filtered(query: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The filters of ``fq``, each as the fields and values of the index of which any will do.

    Raises InvalidError for what is not understood, NotFoundError for an unknown organization.
    """
    found: list[tuple[tuple[str, str], ...]] = []
    text, position = query.strip(), 0
    while position < len(text):
        match = _FILTER.match(text, position)
        if match is None or len(found) == MOST_FILTERS:
            raise InvalidError(
                f"fq: Write field:value, several with AND; the fields are {', '.join(FIELDS)}."
            )
        position = match.end()
        if ALWAYS.get(match[1]) != match[2].strip('"').lower() and match[2] != "*":
            found.append(_filter(match[1], _values(match[2])))
    return tuple(found)


def order_of(sort: str) -> tuple[str, bool]:
    """The field of the index to sort by, "" for the best match, and whether backwards.

    Only the first of several orders counts. Names stand in an order that stays, which is what
    whoever turns pages needs, and not in that of the alphabet. Raises InvalidError.
    """
    name, _, direction = sort.partition(",")[0].strip().lower().partition(" ")
    if name in ("", "score", "relevance"):
        return "", False
    if name not in ORDERS or direction.strip() not in ("", "asc", "desc"):
        raise InvalidError(f"sort: Use score or {', '.join(ORDERS)}, with asc or desc.")
    return ORDERS[name], direction.strip() != "desc"


def facets_of(asked: Mapping[str, str], chosen: Chosen) -> dict[str, dict[str, int]]:
    """How many of the chosen datasets have each value of the fields of ``facet.field``.

    A tag is written as one of its datasets writes it. Raises InvalidError.
    """
    if asked.get("facet", "true").lower() == "false":
        return {}
    names = _names(asked.get("facet.field", ""))
    if unknown := [name for name in names if name not in FIELDS and name not in NEVER]:
        known = ", ".join((*FIELDS, *sorted(NEVER)))
        raise InvalidError(f"facet.field: There is no field {unknown[0]}; use {known}.")
    most = _most(asked.get("facet.limit", ""))
    return {name: _counted(name, chosen, most) if name in FIELDS else {} for name in names}


def titled(facets: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    """The facets once more as CKAN's pages want them, with the names that people read."""
    titles = {catalog.id: catalog.title.text for catalog in view().catalogs}
    return {
        name: {
            "title": name,
            "items": [
                {
                    "name": value,
                    "display_name": titles.get(value, value) if _is_catalog(name) else value,
                    "count": count,
                }
                for value, count in values.items()
            ],
        }
        for name, values in facets.items()
    }


def _is_catalog(name: str) -> bool:
    return FIELDS.get(name) == "catalog"


def _filter(name: str, values: list[str]) -> tuple[tuple[str, str], ...]:
    if name not in FIELDS:
        known = ", ".join(FIELDS)
        raise InvalidError(f"fq: The field {name} is not understood here; use {known}.")
    return tuple(pair for value in values for pair in _pairs(name, value))


def _pairs(name: str, value: str) -> list[tuple[str, str]]:
    field = FIELDS[name]
    if field == "catalog":
        return [(field, str(view().catalog(value).graph))]
    if field == "format":
        return [(field, value.lower())]
    if field == "keyword":  # a tag is a free keyword or the name of a concept
        return [(field, keyword_form(value)), *(("concept", iri) for iri in _called(value))]
    return [(field, value)]


def _called(label: str) -> list[str]:
    """The concepts with a name, in whatever language: a package has it in that of its reader."""
    wanted = Wanted(label, [v.graph for v in view().vocabularies], deprecated=None)
    hits, _ = search(view().index, wanted, limit=SAME_LABEL)
    return [str(hit.concept) for hit in hits if hit.kind == Kind.EXACT]


def _values(text: str) -> list[str]:
    inside = text[1:-1] if text.startswith("(") else text
    found = [word for word in _ONE.findall(inside) if word != "OR"]
    if not found or len(found) > MOST_VALUES or "AND" in found or "NOT" in found:
        raise InvalidError("fq: In brackets write values with OR between them.")
    return [re.sub(r"\\(.)", r"\1", word.strip('"')) for word in found]


def _names(text: str) -> list[str]:
    if not text:
        return []
    try:
        read = json.loads(text) if text.startswith("[") else [text]
    except ValueError:
        read = None
    if not isinstance(read, list) or not all(isinstance(name, str) for name in read):
        raise InvalidError('facet.field: Give a list as JSON, for example ["organization"].')
    return list(dict.fromkeys(read))


def _most(text: str) -> int:
    if text in ("", "-1", "0"):
        return MOST_FACET_VALUES if text else FACET_VALUES
    if not text.isdecimal() or len(text) > 9:
        raise InvalidError("facet.limit: Give a whole number, or -1 for all.")
    return min(int(text), MOST_FACET_VALUES)


def _counted(name: str, chosen: Chosen, most: int) -> dict[str, int]:
    field = FIELDS[name]
    counted = view().datasets.values(field, chosen, most)
    if field == "catalog":
        ids = {str(catalog.graph): catalog.id for catalog in view().catalogs}
        return {ids[graph]: count for graph, count in counted.items() if graph in ids}
    if field == "format":
        return {value.upper(): count for value, count in counted.items()}
    if field == "keyword":
        known = view().datasets.keywords_of(counted)
        written = {form: keyword.written.text for form, keyword in known.items()}
        return {written.get(form, form): count for form, count in counted.items()}
    return counted
