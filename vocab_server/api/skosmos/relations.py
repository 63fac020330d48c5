"""How concepts stand to each other: the levels of the hierarchy, ways up and down, groups."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.skosmos.answers import (
    MOST,
    ONKI,
    Body,
    answer,
    asked_concept,
    asked_iri,
    get_vocabulary,
    in_words,
    lens_of,
    named,
    page,
    short,
    with_next,
    with_notation,
)
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.grouping import list_members
from vocab_server.levels import Level, level, read_levels
from vocab_server.rdf.languages import display_tag
from vocab_server.rdf.query import bind
from vocab_server.skos.hierarchy import Item, Lens, above, below, items
from vocab_server.skos.vocabularies import Vocabulary

bp = Blueprint("relations", __name__)

TRANSITIVE = 1_000  # concepts that a transitive question finds unless it says how many
MOST_TRANSITIVE = 10_000
OPENED = 200  # narrower concepts of each concept on the way up
_RELATED = """SELECT DISTINCT ?concept WHERE { GRAPH $graph {
    { $resource skos:related ?concept } UNION { ?concept skos:related $resource }
    FILTER (isIRI(?concept)) } }"""
_TOP_OF = """SELECT DISTINCT ?concept ?scheme WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    { ?scheme skos:hasTopConcept ?concept } UNION { ?concept skos:topConceptOf ?scheme } } }"""
_GROUPS = """SELECT ?group ?child ?member WHERE { GRAPH $graph {
    VALUES ?kind { skos:Collection skos:OrderedCollection iso-thes:ConceptGroup
        iso-thes:ThesaurusArray }
    ?group a ?kind
    OPTIONAL { ?group skos:member ?child . ?child a ?childKind FILTER (?childKind IN
        (skos:Collection, skos:OrderedCollection, iso-thes:ConceptGroup, iso-thes:ThesaurusArray)) }
    BIND (EXISTS { ?group skos:member|skos:memberList ?any } AS ?member) } } LIMIT 20000"""
_KINDS = """SELECT ?concept ?type ?member WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    ?concept a ?type BIND (EXISTS { ?concept skos:member|skos:memberList ?any } AS ?member) } }"""


@bp.get("/<vocid>/topConcepts")
def top_concepts(vocid: str) -> ResponseReturnValue:
    """The concepts at the top of a scheme, or of all."""
    vocabulary = get_vocabulary(vocid)
    lens = lens_of(vocabulary)
    limit, offset = page()
    found = _tops(vocabulary, lens, limit, offset)
    schemes = _schemes_of(vocabulary, lens, found.items)
    listed = [
        with_notation(
            item,
            {
                "uri": item.iri,
                "topConceptOf": schemes[item.iri][0],
                "label": in_words(item.label, lens.wanted),
                "hasChildren": item.has_narrower,
            },
        )
        for item in found.items
    ]
    context = _in(lens) | {
        "onki": ONKI,
        "topconcepts": "skos:hasTopConcept",
        "notation": "skos:notation",
        "label": "skos:prefLabel",
    }
    scheme = request.args.get("scheme") or _main_scheme(vocabulary)
    response = answer({"uri": scheme, "topconcepts": listed}, context)
    return with_next(response, limit, offset, found.total)


@bp.get("/<vocid>/broader", endpoint="broader")
@bp.get("/<vocid>/narrower", endpoint="narrower")
@bp.get("/<vocid>/related", endpoint="related")
def neighbours(vocid: str) -> ResponseReturnValue:
    """The concepts right above, right below or beside one."""
    name = request.path.rpartition("/")[2]
    vocabulary = get_vocabulary(vocid)
    lens, iri = lens_of(vocabulary), asked_concept(vocabulary)
    limit, offset = page()
    if name == "narrower":
        found = level(lens, iri, limit=limit, offset=offset)
    else:
        near = items(lens, above(lens, iri)[iri] if name == "broader" else _related(lens, iri))
        found = Level(near[offset : offset + limit], len(near))
    context = _in(lens) | {"prefLabel": "skos:prefLabel", name: f"skos:{name}"}
    response = answer({"uri": iri, name: named(found.items)}, context)
    return with_next(response, limit, offset, found.total)


@bp.get("/<vocid>/broaderTransitive", endpoint="broader_transitive")
@bp.get("/<vocid>/narrowerTransitive", endpoint="narrower_transitive")
def transitive(vocid: str) -> ResponseReturnValue:
    """A concept with all above or all below it, and how they hang together."""
    name = request.path.rpartition("/")[2]
    direct = name.removesuffix("Transitive")
    vocabulary = get_vocabulary(vocid)
    limit = _transitive_limit()
    lens, iri = lens_of(vocabulary), asked_concept(vocabulary)
    found = _near_first(above(lens, iri), iri, limit) if direct == "broader" else None
    links = found if found is not None else below(lens, iri, limit)
    shown = {item.iri: item for item in items(lens, links)}
    listed = {
        item.iri: {"uri": item.iri, "prefLabel": item.label.text}
        | ({direct: sorted(links[item.iri])} if links[item.iri] else {})
        for item in (shown[iri] for iri in links)
    }
    context = _in(lens) | {
        "prefLabel": "skos:prefLabel",
        direct: {"@id": f"skos:{direct}", "@type": "@id"},
        name: {"@id": f"skos:{name}", "@container": "@index"},
    }
    return answer({"uri": iri, name: listed}, context)


@bp.get("/<vocid>/children")
def children(vocid: str) -> ResponseReturnValue:
    """The concepts right below one, as a tree shows them."""
    vocabulary = get_vocabulary(vocid)
    lens, iri = lens_of(vocabulary), asked_concept(vocabulary)
    limit, offset = page()
    found = level(lens, iri, limit=limit, offset=offset)
    context = _in(lens) | {
        "prefLabel": "skos:prefLabel",
        "narrower": "skos:narrower",
        "notation": "skos:notation",
        "hasChildren": f"{ONKI}hasChildren",
    }
    listed = [_child(item, lens, "prefLabel") for item in found.items]
    response = answer({"uri": iri, "narrower": listed}, context)
    return with_next(response, limit, offset, found.total)


@bp.get("/<vocid>/hierarchy")
def hierarchy(vocid: str) -> ResponseReturnValue:
    """The tree opened at a concept: all above it with what is below each, and all tops."""
    vocabulary = get_vocabulary(vocid)
    lens, iri = lens_of(vocabulary), asked_concept(vocabulary)
    ways = _near_first(above(lens, iri), iri, OPENED)
    way = items(lens, ways)
    read_levels(lens, ways)
    tops = _tops(vocabulary, lens, MOST, 0).items
    schemes = _schemes_of(vocabulary, lens, (*way, *tops))
    stated = {item.iri for item in tops}
    on_the_way = {up for found in ways.values() for up in found}
    listed: dict[str, Body] = {}
    for item in way:
        opened = level(lens, item.iri, limit=OPENED).items if item.has_narrower else ()
        known = {lower.iri for lower in opened}
        missing = [lower for lower in way if item.iri in ways[lower.iri] and lower.iri not in known]
        listed[item.iri] = _place(item, lens, ways[item.iri], (*opened, *missing))
        if item.iri not in on_the_way:
            listed[item.iri]["hasChildren"] = item.has_narrower
        if item.iri in stated:
            listed[item.iri] |= _top_of(schemes[item.iri])
    for item in tops:
        body = {"uri": item.iri, **_top_of(schemes[item.iri])}
        body |= {"prefLabel": in_words(item.label, lens.wanted), "hasChildren": item.has_narrower}
        listed.setdefault(item.iri, with_notation(item, body))
    return answer({"uri": iri, "broaderTransitive": listed}, _in(lens) | _TREE)


_TREE = {
    "onki": ONKI,
    "prefLabel": "skos:prefLabel",
    "notation": "skos:notation",
    "narrower": {"@id": "skos:narrower", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "broaderTransitive": {"@id": "skos:broaderTransitive", "@container": "@index"},
    "top": {"@id": "skos:topConceptOf", "@type": "@id"},
    "tops": {"@id": "skos:topConceptOf", "@type": "@id"},
    "hasChildren": "onki:hasChildren",
}


@bp.get("/<vocid>/groups")
def groups(vocid: str) -> ResponseReturnValue:
    """All groups (SKOS collections), with the groups in them."""
    lens = lens_of(get_vocabulary(vocid))
    members: dict[URIRef, bool] = {}
    inside: dict[URIRef, set[URIRef]] = defaultdict(set)
    for row in lens.store.select(bind(_GROUPS, graph=lens.graph)):
        group = URIRef(row["group"])
        members[group] = str(row["member"]) == "true"
        if "child" in row:
            inside[group].add(URIRef(row["child"]))
    listed = [
        with_notation(
            item,
            {"uri": item.iri, "prefLabel": item.label.text, "hasMembers": members[item.iri]}
            | ({"childGroups": sorted(inside[item.iri])} if item.iri in inside else {}),
        )
        for item in items(lens, sorted(members)[:MOST])
    ]
    context = _in(lens) | {
        "onki": ONKI,
        "prefLabel": "skos:prefLabel",
        "groups": "onki:hasGroup",
        "childGroups": {"@id": "skos:member", "@type": "@id"},
        "hasMembers": "onki:hasMembers",
    }
    return answer({"uri": "", "groups": listed}, context)


@bp.get("/<vocid>/groupMembers")
def group_members(vocid: str) -> ResponseReturnValue:
    """What is in a group. One without members is no group."""
    lens, iri = lens_of(get_vocabulary(vocid)), asked_iri()
    limit, offset = page()
    members = list_members(lens, iri, limit=limit, offset=offset)
    if not members.total:
        raise NotFoundError(f"Could not find group <{iri}>")
    kinds: dict[URIRef, set[str]] = defaultdict(set)
    supers: set[URIRef] = set()
    asked = bind(_KINDS, graph=lens.graph, concepts=[item.iri for item in members.items])
    for row in lens.store.select(asked):
        kinds[URIRef(row["concept"])].add(short(row["type"]))
        if str(row["member"]) == "true":
            supers.add(URIRef(row["concept"]))
    listed = [
        with_notation(
            item,
            {
                "uri": item.iri,
                "type": sorted(kinds[item.iri]),
                "isSuper": item.iri in supers,
                "hasMembers": item.iri in supers,
                "prefLabel": item.label.text,
            },
        )
        for item in members.items
    ]
    context = _in(lens) | {"prefLabel": "skos:prefLabel", "members": "skos:member"}
    response = answer({"uri": iri, "members": listed}, context)
    return with_next(response, limit, offset, members.total)


def _tops(vocabulary: Vocabulary, lens: Lens, limit: int, offset: int) -> Level:
    """The top concepts of the scheme that is asked for, or of all of the vocabulary."""
    scheme = request.args.get("scheme", "")
    if scheme and scheme not in {str(found.iri) for found in vocabulary.schemes}:
        return Level((), 0)
    chosen = URIRef(scheme) if scheme and len(vocabulary.schemes) > 1 else None
    return level(lens, None, limit=limit, offset=offset, scheme=chosen)


def _schemes_of(
    vocabulary: Vocabulary, lens: Lens, concepts: Iterable[Item]
) -> Mapping[URIRef, list[str]]:
    """The schemes that concepts are at the top of; the main scheme where none is stated."""
    listed = list(dict.fromkeys(item.iri for item in concepts))
    found: dict[URIRef, set[str]] = defaultdict(set)
    if listed:
        asked = bind(_TOP_OF, graph=lens.graph, concepts=listed)
        for row in lens.store.select(asked):
            found[URIRef(row["concept"])].add(str(row["scheme"]))
    return {iri: sorted(found[iri]) or [_main_scheme(vocabulary)] for iri in listed}


def _main_scheme(vocabulary: Vocabulary) -> str:
    return str(vocabulary.schemes[0].iri if vocabulary.schemes else vocabulary.graph)


def _related(lens: Lens, iri: URIRef) -> list[URIRef]:
    rows = lens.store.select(bind(_RELATED, graph=lens.graph, resource=iri))
    return [URIRef(row["concept"]) for row in rows]


def _transitive_limit() -> int:
    text = request.args.get("limit") or str(TRANSITIVE)
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) == 0:
        raise InvalidError("Invalid limit parameter")
    return min(int(text), MOST_TRANSITIVE)


def _near_first(
    links: Mapping[URIRef, AbstractSet[URIRef]], start: URIRef, limit: int
) -> dict[URIRef, set[URIRef]]:
    """The concepts that links lead to from one, itself first, at most so many."""
    found: dict[URIRef, set[URIRef]] = {}
    waiting = [start]
    while waiting and len(found) < limit:
        iri = waiting.pop(0)
        if iri not in found:
            found[iri] = set(links.get(iri, ()))
            waiting += sorted(found[iri])
    return {iri: near & set(found) for iri, near in found.items()}


def _child(item: Item, lens: Lens, name: str) -> Body:
    text = in_words(item.label, lens.wanted)
    body = {"uri": item.iri, name: text, "hasChildren": item.has_narrower}
    return with_notation(item, body)


def _place(item: Item, lens: Lens, broader: set[URIRef], narrower: Iterable[Item]) -> Body:
    body: Body = {"uri": item.iri, "prefLabel": in_words(item.label, lens.wanted)}
    if broader:
        body["broader"] = sorted(broader)
    lower = [_child(below_it, lens, "label") for below_it in narrower]
    if lower:
        body["narrower"] = lower
    return with_notation(item, body)


def _top_of(schemes: list[str]) -> Body:
    return {"top": schemes[0], "tops": schemes}


def _in(lens: Lens) -> Body:
    return {"@language": display_tag(lens.wanted)}
