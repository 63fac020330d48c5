"""Entries of one catalog as others of it name them: a series, an interface, a dataset."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.describing import Described, described_by, own_lines
from vocab_server.catalog.entering import Filled, property_name
from vocab_server.catalog.kinds import OWN, Kind, kind_of
from vocab_server.catalog.resources import Resource
from vocab_server.catalog.stages import Stage, stage_named
from vocab_server.rdf.namespaces import DCAT, DCT
from vocab_server.rdf.query import bind
from vocab_server.reading import view
from vocab_server.search.dataset_find import Chosen

OFFERED = 20  # entries that a form offers to choose from
FEW = 100  # entries of a kind that are read to find some by name
_KNOWN = """SELECT DISTINCT ?entry WHERE { VALUES ?entry { $entries }
    GRAPH $graph { ?entry a $class } }"""
_ALL = "GRAPH $graph { ?entry a $value }"
_LINKED = "GRAPH $graph { ?entry $way $value }"


def strange_links(catalog: Registration, filled: Filled, described: Described) -> Filled:
    """What a form says, with a problem for each link to what the catalog does not have.

    What was ``described`` so before may stay.
    """
    problems = list(filled.problems)
    for way, kind in OWN.items():
        links = {(s, v) for s, p, v in filled.statements if p == way and isinstance(v, URIRef)}
        new = {v for s, v in links if v not in described.get(URIRef(s), {}).get(way, ())}
        if new - known_entries(catalog, kind, new):
            problems.append((property_name(way), _("Choose one of the list.")))
    return Filled(filled.statements, tuple(problems))


def known_entries(catalog: Registration, kind: Kind, iris: Collection[URIRef]) -> set[URIRef]:
    """Those of some resources that are entries of a kind in a catalog."""
    if not iris:
        return set()
    asked = bind(_KNOWN, graph=catalog.graph, entries=list(iris), **{"class": kind.of})
    return {URIRef(row["entry"]) for row in view().store.select(asked)}


@dataclass(frozen=True, slots=True)
class Entries:
    """Some entries of a catalog with all that it says of them, by IRI, and how many there are."""

    items: tuple[Resource, ...]
    total: int


def list_entries(catalog: Registration, kind: Kind, offset: int = 0, limit: int = FEW) -> Entries:
    """The entries of a kind in a catalog, withdrawn ones too."""
    return _entries(catalog.graph, _ALL, offset, limit, value=kind.of)


def list_members(graph: URIRef, series: URIRef, offset: int, limit: int) -> Entries:
    """The datasets of a series in a catalog."""
    return _entries(graph, _LINKED, offset, limit, way=DCAT.inSeries, value=series)


def list_serving(graph: URIRef, dataset: URIRef) -> Entries:
    """The interfaces that give a dataset in a catalog, FEW at most."""
    return _entries(graph, _LINKED, 0, FEW, way=DCAT.servesDataset, value=dataset)


def offered_entries(
    catalog: Registration, kind: Kind, text: str, languages: Sequence[str]
) -> list[Resource]:
    """Entries of a kind that a form may name, those whose title has a text; OFFERED at most."""
    if kind.is_dataset:
        chosen = Chosen(catalogs=(catalog.graph,), text=text, languages=tuple(languages))
        cards, _total = view().datasets.find(chosen, limit=OFFERED)
        return [
            each for each in named_entries(catalog.graph, [c.iri for c in cards]) if _is(each, kind)
        ]
    found = (each for each in list_entries(catalog, kind).items if _is(each, kind))
    wanted = text.casefold()
    titled = (e for e in found if any(wanted in t.text.casefold() for t in e.texts(DCT.title)))
    return list(islice(titled, OFFERED))


def named_entries(graph: URIRef, iris: Sequence[URIRef]) -> list[Resource]:
    """What a catalog says of some resources, in their order."""
    described = described_by(own_lines(view().store, [graph], iris)) if iris else {}
    return [Resource.of(iri, described) for iri in iris]


def _is(resource: Resource, kind: Kind) -> bool:
    """Whether a resource is an entry of a kind that was not withdrawn."""
    return kind_of(resource) is kind and stage_named(resource) is not Stage.WITHDRAWN


def _entries(graph: URIRef, pattern: str, offset: int, limit: int, **terms: URIRef) -> Entries:
    page = f"ORDER BY ?entry OFFSET {int(offset)} LIMIT {int(limit)}"
    listed = bind(f"SELECT DISTINCT ?entry WHERE {{ {pattern} }} {page}", graph=graph, **terms)
    counted = f"SELECT (COUNT(DISTINCT ?entry) AS ?n) WHERE {{ {pattern} }}"
    iris = [URIRef(row["entry"]) for row in view().store.select(listed)]
    (row,) = view().store.select(bind(counted, graph=graph, **terms))
    return Entries(tuple(named_entries(graph, iris)), int(str(row["n"])))
