"""Search with ``*`` for any text, and look-up of exact names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.api.skosmos.answers import (
    MOST,
    ONKI,
    Body,
    answer,
    asked_language,
    default_language,
    get_vocabulary,
    short,
)
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.rdf.languages import display_tag
from vocab_server.rdf.namespaces import PREFIXES, SKOS
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.find import Hit, Wanted, search
from vocab_server.search.lists import list_concepts
from vocab_server.search.looks import Kind
from vocab_server.search.text import folded, plain
from vocab_server.skos.below import Relation
from vocab_server.skos.hierarchy import Item, items
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.embedded import can_hold

bp = Blueprint("search", __name__)

FOUND = 1_000  # concepts that one search goes through
FIELDS = re.compile(r"[A-Za-z]{1,40}\Z", re.ASCII)
LABELS = ("altLabel", "hiddenLabel")
# In pairs: of many concepts and some properties apart, the store reads all that has the properties.
_ABOUT = """SELECT ?concept ?property ?value WHERE { VALUES (?concept ?property) { $pairs }
    GRAPH $graph { ?concept ?property ?value } } LIMIT 50000"""
_IN_SCHEME = """SELECT DISTINCT ?concept WHERE { GRAPH $graph { VALUES ?concept { $concepts }
    { ?concept skos:inScheme|skos:topConceptOf $scheme } UNION
    { $scheme skos:hasTopConcept ?concept } } }"""
_CONTEXT = {
    "isothes": PREFIXES["iso-thes"],
    "onki": ONKI,
    "results": {"@id": "onki:results", "@container": "@list"},
    "prefLabel": "skos:prefLabel",
    "altLabel": "skos:altLabel",
    "hiddenLabel": "skos:hiddenLabel",
}


@bp.get("/search", defaults={"vocid": ""})
@bp.get("/<vocid>/search")
def show(vocid: str) -> ResponseReturnValue:
    """The concepts that a text finds, best first; without a text those of a group or under one."""
    text = request.args.get("query", "").strip()
    within = [name for name in ("parent", "group") if request.args.get(name)]
    if not text and not within:
        raise InvalidError("query parameter missing")
    limit, offset = _positive("maxhits", 1) or FOUND, _positive("offset", 0)
    vocabularies = _chosen(vocid)
    hits = _of_scheme(_find(text or "*", vocabularies))
    fields = [name for name in request.args.get("fields", "").split() if FIELDS.match(name)]
    results = _results(hits[offset : offset + limit], vocabularies, fields)
    context = _CONTEXT | {field: f"skos:{field}" for field in fields}
    if "prefLabel" in fields:
        context["prefLabels"] = {"@id": "skos:prefLabel", "@container": "@language"}
    language = request.args.get("labellang") or request.args.get("lang")
    if language:
        context["@language"] = language
    return answer({"uri": "", "results": results}, context)


@bp.get("/<vocid>/lookup")
def lookup(vocid: str) -> ResponseReturnValue:
    """The concepts with exactly this name; preferred names count first. 404 when there is none."""
    vocabulary = get_vocabulary(vocid)
    label = request.args.get("label", "").strip()
    if not label:
        raise InvalidError("label parameter missing")
    hits = _best(_find(label.replace("*", " "), (vocabulary,)), label)
    if not hits:
        raise NotFoundError(f"Could not find label '{label}'")
    context: Body = {
        "onki": ONKI,
        "results": {"@id": "onki:results"},
        "prefLabel": "skos:prefLabel",
        "altLabel": "skos:altLabel",
        "hiddenLabel": "skos:hiddenLabel",
    }
    if asked_language():
        context["@language"] = display_tag(asked_language())
    return answer({"result": _results(hits, (vocabulary,), ())}, context)


def _best(hits: Iterable[Hit], label: str) -> list[Hit]:
    """The hits of the best kind that has any: preferred before alternative, same letters first."""
    exact = [hit for hit in hits if not hit.is_folded]
    for name in ("prefLabel", "altLabel"):
        of_kind = [hit for hit in exact if hit.label_property == name]
        if of_kind:
            return [hit for hit in of_kind if hit.text == label] or of_kind
    return []


def _positive(name: str, least: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise InvalidError(f"{name} parameter is invalid")
    return int(text)


def _chosen(vocid: str) -> tuple[Vocabulary, ...]:
    """The vocabularies to search: the one of the address, those of ``vocab``, or all."""
    named = [vocid] if vocid else request.args.get("vocab", "").split()
    return tuple(map(get_vocabulary, named)) if named else view().vocabularies


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with ``*`` for any text: what to search for, and what then fits."""

    text: str
    fits: re.Pattern[str]
    is_open: bool  # whether more than the whole name fits

    def holds(self, hit: Hit) -> bool:
        """Whether a name fits."""
        name = plain(hit.text)
        return bool(self.fits.match(folded(name) if hit.is_folded else name))


def pattern(query: str, is_folded: bool = False) -> Pattern:
    """How Skosmos understands a query: as a whole name, with ``*`` for any text."""
    parts = [plain(part) for part in query.split("*")]
    made = [folded(part) if is_folded else part for part in parts]
    fits = re.compile(".*".join(map(re.escape, made)) + r"\Z", re.DOTALL)
    return Pattern(max(parts, key=len), fits, len(parts) > 1)


def _find(query: str, vocabularies: Sequence[Vocabulary]) -> list[Hit]:
    """The concepts whose names fit the query, in the chosen part of the vocabularies."""
    among = _among(vocabularies)
    exact, loose = pattern(query), pattern(query, is_folded=True)
    if not exact.text:
        return _everything(vocabularies, among)
    wanted = Wanted(
        exact.text,
        graphs=[vocabulary.graph for vocabulary in vocabularies],
        language=asked_language() or None,
        among=among,
    )
    hits, _ = search(view().index, wanted, limit=FOUND if exact.is_open else MOST // 20)
    return [
        hit
        for hit in hits
        if hit.kind != Kind.MISSPELT and (loose if hit.is_folded else exact).holds(hit)
    ]


def _everything(
    vocabularies: Sequence[Vocabulary], among: dict[URIRef, frozenset[URIRef]] | None
) -> list[Hit]:
    """The first of all concepts, for a query that fits every name."""
    found: list[Hit] = []
    for vocabulary in vocabularies:
        graph, room = vocabulary.graph, FOUND - len(found)
        if among is not None:
            concepts = sorted(among.get(graph, ()))[:room]
        else:
            concepts = list_concepts(view().index, graph, limit=room)[0] if room else []
        found += [Hit(iri, graph, "", "prefLabel", "", Kind.EXACT) for iri in concepts]
    return found


def _among(vocabularies: Sequence[Vocabulary]) -> dict[URIRef, frozenset[URIRef]] | None:
    """The concepts that the parameters confine the search to; None for all."""
    wanted = [
        (Relation.UNDER, request.args.get("parent", "").split()),
        (Relation.GROUP, request.args.get("group", "").split()),
        (Relation.TYPE, _types()),
    ]
    asked = [
        (relation, [URIRef(iri) for iri in iris if can_hold(iri)]) for relation, iris in wanted
    ]
    asked = [(relation, iris) for relation, iris in asked if iris]
    if not asked:
        return None
    found = {}
    for graph in (vocabulary.graph for vocabulary in vocabularies):
        sets = [
            frozenset[URIRef]().union(*(view().sets.find(relation, graph, iri) for iri in iris))
            for relation, iris in asked
        ]
        found[graph] = frozenset.intersection(*sets)
    return found


def _types() -> list[str]:
    """The wanted types in full; none when all concepts are wanted anyway."""
    listed = request.args.get("type", "").replace("+", " ").split()
    found = []
    for name in listed:
        prefix, colon, local = name.partition(":")
        space = PREFIXES.get("iso-thes" if prefix == "isothes" else prefix)
        found.append(f"{space}{local}" if space and colon else name)
    return [] if str(SKOS.Concept) in found else found


def _of_scheme(hits: list[Hit]) -> list[Hit]:
    """The hits in one of the schemes that the request names, if it names any."""
    schemes = [URIRef(iri) for iri in request.args.get("scheme", "").split() if can_hold(iri)]
    if not schemes:
        return hits
    inside: set[tuple[URIRef, URIRef]] = set()
    for graph, concepts in _by_graph(hits).items():
        for scheme in schemes[:20]:
            asked = bind(_IN_SCHEME, graph=graph, concepts=concepts, scheme=scheme)
            inside |= {(graph, URIRef(row["concept"])) for row in view().store.select(asked)}
    return [hit for hit in hits if (hit.graph, hit.concept) in inside]


def _by_graph(hits: Iterable[Hit]) -> dict[URIRef, list[URIRef]]:
    found: dict[URIRef, list[URIRef]] = defaultdict(list)
    for hit in hits:
        found[hit.graph].append(hit.concept)
    return found


_Values = dict[URIRef, dict[str, list[Identifier]]]


def _results(
    hits: Sequence[Hit], vocabularies: Sequence[Vocabulary], fields: Sequence[str]
) -> list[Body]:
    """The hits as Skosmos writes them; a few queries for each vocabulary, none for each hit."""
    by_graph = {vocabulary.graph: vocabulary for vocabulary in vocabularies}
    written: dict[tuple[URIRef, URIRef], Body] = {}
    grouped: dict[URIRef, list[Hit]] = defaultdict(list)
    for hit in hits:
        grouped[hit.graph].append(hit)
    for graph, found in grouped.items():
        written |= _results_in(by_graph[graph], found, fields)
    return [written[hit.graph, hit.concept] for hit in hits]


def _results_in(
    vocabulary: Vocabulary, hits: Sequence[Hit], fields: Sequence[str]
) -> dict[tuple[URIRef, URIRef], Body]:
    asked = asked_language("labellang") or asked_language()
    lens = view().lens(vocabulary.graph, asked or default_language(vocabulary))
    concepts = [hit.concept for hit in hits]
    shown = {item.iri: item for item in items(lens, concepts)}
    values = _values(vocabulary.graph, concepts, fields)
    linked = {
        iri
        for found in values.values()
        for name in fields
        for iri in found.get(name, ())
        if isinstance(iri, URIRef)
    }
    names = {item.iri: item.label.text for item in items(lens, sorted(linked))}
    return {
        (hit.graph, hit.concept): _result(hit, vocabulary, shown[hit.concept])
        | _types_of(values[hit.concept])
        | _fields_of(values[hit.concept], fields, names)
        for hit in hits
    }


def _values(graph: URIRef, concepts: list[URIRef], fields: Sequence[str]) -> _Values:
    properties = {f"{SKOS}{name}": name for name in fields} | {PREFIXES["rdf"] + "type": "type"}
    found: _Values = defaultdict(lambda: defaultdict(list))
    pairs = list(product(concepts, map(URIRef, properties)))
    query = bind(_ABOUT, graph=graph, pairs=pairs)
    for row in view().store.select(query):
        name = properties[str(row["property"])]
        found[URIRef(row["concept"])][name].append(row["value"])
    return found


def _result(hit: Hit, vocabulary: Vocabulary, item: Item) -> Body:
    """The names: the one to show, and the one that was found when it is another."""
    body: Body = {"uri": hit.concept, "type": [], "prefLabel": item.label.text}
    if hit.label_property in LABELS:
        body[hit.label_property] = hit.text
    elif hit.label_property == "prefLabel" and hit.text and hit.text != item.label.text:
        body["matchedPrefLabel"] = hit.text
    body |= {"lang": display_tag(item.label.language), "vocab": vocabulary.id}
    return body | ({"notation": item.notation} if item.notation else {})


def _types_of(values: dict[str, list[Identifier]]) -> Body:
    found = sorted(short(str(value)) for value in values.get("type", ()))
    return {"type": found or ["skos:Concept"]}


def _fields_of(
    values: dict[str, list[Identifier]], fields: Sequence[str], names: dict[URIRef, str]
) -> Body:
    """The further properties that were asked for."""
    body: Body = {}
    for name in fields:
        found = sorted(values.get(name, ()))
        texts = [value for value in found if isinstance(value, Literal)]
        if name == "prefLabel":
            body["prefLabels"] = {display_tag(t.language or ""): str(t) for t in texts}
            continue
        listed: list[Body] = [
            {"uri": iri, "prefLabel": names[iri]} for iri in found if isinstance(iri, URIRef)
        ]
        listed += [{"lang": display_tag(t.language or ""), "value": str(t)} for t in texts]
        if listed:
            body[name] = listed
    return body
