"""Scores on real catalogs: MQA agrees with its definition, and tag quality tells good from bad."""

import random
from collections.abc import Callable
from itertools import chain
from statistics import mean
from urllib.parse import urlencode

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT

from tests.conftest import BASE
from tests.quality import mqa_by_definition
from tests.quality.conftest import Tagged
from vocab_server.operation.score_facts import Concepts, Scorer
from vocab_server.quality.mqa import GRADES, METRICS, MOST, Known, grade_of, points_of
from vocab_server.rdf.change import Change
from vocab_server.rdf.graph_names import source_graph, tags_graph
from vocab_server.rdf.namespaces import DCT
from vocab_server.rdf.query import bind
from vocab_server.search.dataset_documents import DatasetCard

THEME = URIRef("http://publications.europa.eu/resource/authority/data-theme/ENVI")
VOCABULARIES = {"ekebro": "themes", "matverket": "themes", "norway": "los"}
MOST_DATASETS = 30  # of a catalog that are given other tags
BELOW = 15  # points that bad tags must score less, in the mean and for nearly all datasets
_TAGS = "SELECT ?d ?c WHERE { GRAPH $graph { ?d dct:subject ?c } } ORDER BY ?d ?c"
_THEMES = "SELECT ?d ?c WHERE { GRAPH $graph { ?d dcat:theme ?c } }"
_CONCEPTS = "SELECT DISTINCT ?c WHERE { GRAPH $graph { ?c a skos:Concept } } ORDER BY ?c"
_UP = "SELECT ?c ?up WHERE { GRAPH $graph { ?c skos:broader ?up } } ORDER BY ?c ?up"
_WORDS = "SELECT ?d ?w WHERE { GRAPH $graph { ?d dcat:keyword ?w } }"

Instead = Callable[[list[tuple[URIRef, URIRef]]], set[tuple[URIRef, URIRef]]]
catalogs = pytest.mark.parametrize("catalog", ["ekebro", "norway"])


@pytest.fixture(autouse=True)
def _skip_what_is_not_there(request: pytest.FixtureRequest, tagged: Tagged) -> None:
    found = getattr(request.node, "callspec", None)
    if found and found.params.get("catalog", "ekebro") not in tagged.catalogs:
        pytest.skip("The shared test data is not there.")


def rows(tagged: Tagged, query: str, graph: str) -> list[tuple[URIRef, URIRef]]:
    store = tagged.services.published.view().store
    return [tuple(row.values()) for row in store.select(bind(query, graph=URIRef(graph)))]  # type: ignore[misc]


def vocabulary(catalog: str) -> str:
    return f"{BASE}/vocabularies/{VOCABULARIES[catalog]}"


def retagged(tagged: Tagged, catalog: str, instead: Instead) -> tuple[list[URIRef], Change]:
    """The datasets with tags, and the change that gives them others.

    Where publishers state themes, those that do: so that theirs are not the only ones.
    """
    source = source_graph(BASE, catalog)
    graph, themed = tags_graph(source), {d for d, _ in rows(tagged, _THEMES, source)}
    there = [
        (d, c)
        for d, c in rows(tagged, _TAGS, graph)
        if "data-theme" not in c and (d in themed or not themed)
    ]
    some = set(sorted({d for d, _ in there})[:MOST_DATASETS])
    there = [(d, c) for d, c in there if d in some]
    wanted = {(d, DCT.subject, c) for d, c in instead(there)}
    before = {(d, DCT.subject, c) for d, c in there}
    change = Change(graph, frozenset(wanted - before), frozenset(before - wanted))
    return sorted({d for d, _ in there}), change


def assert_clearly_below(tagged: Tagged, datasets: list[URIRef], *changes: Change) -> None:
    with tagged.changed(*changes) as found:
        before = [tagged.original[str(d)] for d in datasets]
        after = [found[str(d)] for d in datasets]
    assert [each.mqa for each in after] == [each.mqa for each in before]
    lost = [good.tags - bad.tags for good, bad in zip(before, after, strict=True)]
    assert mean(lost) >= BELOW
    assert sum(points >= BELOW for points in lost) >= 0.8 * len(lost)


def links_of(graph: Graph) -> dict[str, bool]:
    """Made-up answers: some addresses were tried, and some of these answered."""
    query = "SELECT ?url WHERE { ?s dcat:accessURL|dcat:downloadURL ?url }"
    urls = sorted({str(row[0]) for row in graph.query(mqa_by_definition.PREFIXES + query)})  # type: ignore[index]
    return {url: place % 3 == 0 for place, url in enumerate(urls) if place % 4}


def read_feed(tagged: Tagged, catalog: str) -> Graph:
    """The catalog as other portals get it."""
    query = urlencode({"limit": 1000, "format": "nt"})
    answer = tagged.app.test_client().get(f"/catalogs/{catalog}/dcat?{query}")
    return Graph().parse(data=answer.data, format="nt")


def cards_of(tagged: Tagged, catalog: str) -> list[DatasetCard]:
    index = tagged.services.published.view().datasets
    return index.cards(index.in_catalog(source_graph(BASE, catalog)))


@pytest.mark.parametrize("catalog", ["ekebro", "matverket", "norway"])
def test_every_metric_of_every_dataset_agrees_with_the_definition(
    tagged: Tagged, catalog: str
) -> None:
    feed = read_feed(tagged, catalog)
    cards = cards_of(tagged, catalog)
    links = links_of(feed)
    valid = {str(card.iri): place % 2 == 0 for place, card in enumerate(cards)}
    scorer = Scorer(Concepts(tagged.services.published.view()), {}, lambda _: Known(links, valid))
    ours = {
        str(scored.dataset.iri): dict(
            zip((m.id for m in METRICS), map(bool, scored.mqa), strict=True)
        )
        for scored in scorer.score(cards)
    }
    theirs = mqa_by_definition.score_catalog(feed, links, valid)
    assert ours.keys() == theirs.keys()
    totals = {iri: mqa_by_definition.points(found) for iri, found in theirs.items()}
    assert {i: mqa_by_definition.points(found) for i, found in ours.items()} == totals
    differing = [
        (iri, name, ours[iri][name])
        for iri in sorted(ours)
        for name in mqa_by_definition.POINTS
        if ours[iri][name] != theirs[iri][name]
    ]
    assert differing == []
    assert set(chain.from_iterable(map(dict.values, ours.values()))) == {True, False}


def test_the_table_has_the_points_of_the_definition() -> None:
    assert {metric.id: metric.points for metric in METRICS} == mqa_by_definition.POINTS
    assert MOST == 405
    by_dimension: dict[str, int] = {}
    for metric in METRICS:
        by_dimension[metric.dimension.id] = by_dimension.get(metric.dimension.id, 0) + metric.points
    assert list(by_dimension.values()) == [100, 100, 110, 75, 20]


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        (405, "excellent"),
        (351, "excellent"),
        (350.6, "excellent"),
        (350.4, "good"),
        (221, "good"),
        (220, "sufficient"),
        (121, "sufficient"),
        (120, "bad"),
        (0, "bad"),
    ],
)
def test_grades_begin_where_the_eu_says(points: float, grade: str) -> None:
    assert grade_of(points).id == grade
    assert [each.id for each in GRADES] == ["excellent", "good", "sufficient", "bad"]


def test_what_nobody_looked_at_is_not_a_failure(tagged: Tagged) -> None:
    cards = cards_of(tagged, "ekebro")
    view = tagged.services.published.view()
    beaches = next(card for card in cards if card.iri.endswith("badplatser"))
    (found,) = Scorer(Concepts(view), {}).score([beaches])
    results = dict(zip((metric.id for metric in METRICS), found.mqa, strict=True))
    assert results["accessUrlStatusCode"] is results["dcatApCompliance"] is None
    assert found.unknown_points == 110
    urls = [url for part in found.dataset.distributions for url in part.addresses]
    known = Known.of(dict.fromkeys(urls, 204), {str(beaches.iri): True})
    (whole,) = Scorer(Concepts(view), {}, lambda _: known).score([beaches])
    assert points_of(whole.mqa) == found.mqa_points + 110
    broken = Known.of(dict.fromkeys(urls, 404), {})
    (gone,) = Scorer(Concepts(view), {}, lambda _: broken).score([beaches])
    assert (gone.mqa_points, gone.unknown_points) == (found.mqa_points, 30)


@catalogs
def test_one_theme_for_all_scores_clearly_below(tagged: Tagged, catalog: str) -> None:
    datasets, change = retagged(tagged, catalog, lambda tags: {(d, THEME) for d, _ in tags})
    assert_clearly_below(tagged, datasets, change)


def test_one_concept_for_all_scores_clearly_below(tagged: Tagged) -> None:
    catalog = "ekebro"
    datasets, change = retagged(tagged, catalog, lambda tags: {(d, tags[0][1]) for d, _ in tags})
    assert_clearly_below(tagged, datasets, change)


@catalogs
def test_the_name_of_the_publisher_scores_clearly_below(tagged: Tagged, catalog: str) -> None:
    datasets, untagged = retagged(tagged, catalog, lambda _: set())
    source = source_graph(BASE, catalog)
    publisher = "SELECT ?d ?n WHERE { GRAPH $graph { ?d dct:publisher ?p . ?p foaf:name ?n } }"
    names = dict(rows(tagged, publisher, source))
    words = [(d, w) for d, w in rows(tagged, _WORDS, source) if d in datasets]
    added = {(d, DCAT.keyword, Literal(str(names.get(d, "Norge")))) for d in datasets}
    added |= {(d, DCAT.theme, THEME) for d in datasets}
    renamed = Change(
        source, frozenset(added), frozenset((d, DCAT.keyword, w) for d, w in words) - added
    )
    assert_clearly_below(tagged, datasets, untagged, renamed)


@catalogs
def test_random_concepts_score_clearly_below(tagged: Tagged, catalog: str) -> None:
    chance = random.Random(1)  # noqa: S311  (no secret)
    concepts = [c for (c,) in rows(tagged, _CONCEPTS, vocabulary(catalog))]  # type: ignore[misc]
    datasets, change = retagged(
        tagged, catalog, lambda tags: {(d, chance.choice(concepts)) for d, _ in tags}
    )
    assert_clearly_below(tagged, datasets, change)


@catalogs
def test_top_concepts_only_score_clearly_below(tagged: Tagged, catalog: str) -> None:
    above = dict(reversed(rows(tagged, _UP, vocabulary(catalog))))

    def top(concept: URIRef) -> URIRef:
        return top(above[concept]) if concept in above else concept

    datasets, change = retagged(tagged, catalog, lambda tags: {(d, top(c)) for d, c in tags})
    assert_clearly_below(tagged, datasets, change)
