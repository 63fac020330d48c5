"""Datasets by concept, with what is below it: never fewer than below, never those above."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS, XSD

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, TOPICS, read_catalog, read_vocabulary
from tests.conftest import BASE
from vocab_server.rdf.change import Change
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import Services
from vocab_server.tagging.tags import Origin, add_tag, list_tags, remove_tag

GRAPH = URIRef(f"{BASE}/vocabularies/topics")
SOURCE = URIRef(f"{BASE}/catalogs/harbour")
NATURE, WATER, BATHING, FISHING, TRAFFIC, BOATS = (
    f"{TOPIC}{name}" for name in ("nature", "water", "bathing", "fishing", "traffic", "boats")
)


@pytest.fixture
def harbour(services: Services, tmp_path: Path) -> Services:
    read_vocabulary(services, tmp_path, "topics", TOPICS)
    read_catalog(services, tmp_path, "harbour")
    return services


def titles(services: Services, **chosen: object) -> set[str]:
    found, total = services.published.view().datasets.find(Chosen(**chosen), limit=50)  # type: ignore[arg-type]
    assert total == len(found)
    return {str(card.iri).removeprefix(HARBOUR) for card in found}


def counts(services: Services, *concepts: str) -> list[int]:
    return list(services.published.view().datasets.count_under(concepts).values())


def test_a_concept_finds_what_is_below_it_and_nothing_above(harbour: Services) -> None:
    assert titles(harbour, concepts=(NATURE,)) == {"plans", "beaches", "catches"}
    assert titles(harbour, concepts=(WATER,)) == {"beaches", "catches"}
    assert titles(harbour, concepts=(BATHING,)) == {"beaches"}
    assert titles(harbour, concepts=(NATURE,), is_exact=True) == {"plans"}


def test_a_dataset_with_two_concepts_below_one_counts_once(harbour: Services) -> None:
    assert counts(harbour, NATURE, WATER, BATHING, FISHING) == [3, 2, 1, 2]


def test_several_concepts_narrow_down(harbour: Services) -> None:
    assert titles(harbour, concepts=(BATHING, FISHING)) == {"beaches"}
    assert titles(harbour, concepts=(BATHING, BOATS)) == set()


def test_counts_are_those_under_the_current_choice(harbour: Services) -> None:
    index = harbour.published.view().datasets
    csv = Chosen(facets=(("format", "csv"),))
    assert index.count_under([NATURE, BOATS], csv) == {NATURE: 1, BOATS: 0}
    facets = index.facets(Chosen(concepts=(NATURE,)), 10)
    assert dict(facets["format"]) == {"csv": 1, "json": 1}
    assert dict(facets["licence"]) == {"CC0 1.0": 1, "CC BY 4.0": 1}
    assert dict(facets["publisher"]) == {f"{HARBOUR}office": 2}
    assert dict(facets["access"]) == {"PUBLIC": 1}


def test_words_are_found_in_all_languages_inflected_and_unfinished(harbour: Services) -> None:
    assert titles(harbour, text="badplats", languages=("sv",)) == {"beaches"}
    assert titles(harbour, text="BATHING plac") == {"beaches"}
    assert titles(harbour, text="swimming", languages=("en",)) == {"beaches"}
    assert titles(harbour, text="bathing nothing") == set()
    assert titles(harbour, text='" OR (.*') == set()


def test_a_moved_subtree_moves_the_counts(harbour: Services) -> None:
    moved = Change(
        GRAPH,
        added=frozenset({(URIRef(WATER), SKOS.broader, URIRef(TRAFFIC))}),
        removed=frozenset({(URIRef(WATER), SKOS.broader, URIRef(NATURE))}),
    )
    harbour.writer.commit([moved], "test", "Move")
    assert counts(harbour, NATURE, WATER, TRAFFIC) == [1, 2, 3]
    harbour.writer.commit([moved.inverse()], "test", "Move back")
    assert counts(harbour, NATURE, WATER, TRAFFIC) == [3, 2, 1]


def merged(concept: str, *instead: str) -> Change:
    """What a merge or a split states of the concept that ends."""
    ended = (URIRef(concept), OWL.deprecated, Literal("true", datatype=XSD.boolean))
    replaced = {(URIRef(concept), DCTERMS.isReplacedBy, URIRef(iri)) for iri in instead}
    return Change(GRAPH, added=frozenset({ended, *replaced}))


def test_tags_follow_a_merge_and_wait_at_a_split(harbour: Services) -> None:
    harbour.writer.commit([merged(BOATS, FISHING)], "test", "Merge")
    assert titles(harbour, concepts=(FISHING,)) == {"beaches", "catches", "berths"}
    assert titles(harbour, concepts=(BOATS,)) == {"berths"}
    harbour.writer.commit([merged(BATHING, FISHING, WATER)], "test", "Split")
    assert titles(harbour, concepts=(BATHING,)) == {"beaches"}
    harbour.writer.commit([merged(FISHING, BATHING, NATURE)], "test", "In a circle")
    assert counts(harbour, FISHING) == [2]


def test_a_tag_with_what_means_the_same_elsewhere_counts(harbour: Services, tmp_path: Path) -> None:
    theme = "http://publications.europa.eu/resource/authority/data-theme/TRAN"
    more = f"<{theme}> a <http://www.w3.org/2004/02/skos/core#Concept> ."
    read_vocabulary(harbour, tmp_path, "eu", more)
    changed = CATALOG.replace("dcat:theme topic:nature", f"dcat:theme <{theme}>")
    read_catalog(harbour, tmp_path, "harbour", changed)
    assert titles(harbour, concepts=(TRAFFIC,)) == {"berths", "plans"}
    assert titles(harbour, concepts=(theme,)) == {"berths", "plans"}


def test_a_picked_tag_is_found_kept_at_the_next_harvest_and_taken_away(
    harbour: Services, tmp_path: Path
) -> None:
    plans, concept = URIRef(f"{HARBOUR}plans"), URIRef(BOATS)
    time = datetime(2026, 1, 2, tzinfo=UTC)
    harbour.writer.commit([add_tag(SOURCE, plans, concept, time=time)], "test", "Tag")
    assert titles(harbour, concepts=(TRAFFIC,)) == {"berths", "plans"}
    read_catalog(harbour, tmp_path, "harbour", CATALOG.replace('"Plans"', '"Drawings"'))
    store = harbour.published.view().store
    (picked,) = (t for t in list_tags(store, plans, [SOURCE]) if t.concept == concept)
    assert (picked.origin, picked.created) == (Origin.PICKED, "2026-01-02T00:00:00Z")
    harbour.writer.commit([remove_tag(store, SOURCE, plans, concept)], "test", "Untag")
    assert titles(harbour, concepts=(TRAFFIC,)) == {"berths"}
    assert list_tags(harbour.published.view().store, plans, [SOURCE]) != ()


def test_the_index_made_anew_says_the_same(harbour: Services) -> None:
    harbour.writer.commit([merged(BOATS, FISHING)], "test", "Merge")
    before = counts(harbour, NATURE, WATER, BATHING, FISHING, TRAFFIC, BOATS)
    harbour.writer.rebuild()
    assert counts(harbour, NATURE, WATER, BATHING, FISHING, TRAFFIC, BOATS) == before


def test_concepts_of_catalogs_are_in_no_list_of_concepts(harbour: Services, tmp_path: Path) -> None:
    stub = f'<{TOPIC}nature> a skos:Concept ; skos:prefLabel "stubborn"@en .'
    prefix = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    read_catalog(harbour, tmp_path, "harbour", prefix + CATALOG + stub)
    view = harbour.published.view()
    assert view.index.num_docs and not view.index.doc_freq("graph", str(SOURCE))
    assert set(view.outlines) == {GRAPH}


def test_an_index_of_another_version_is_made_anew_without_a_change(harbour: Services) -> None:
    writer, name = harbour.writer, harbour.published.name()
    position = harbour.settings.data / "datasets" / "position"
    position.write_text(f"another {position.read_text().split()[1]}")
    writer.follow()
    assert harbour.published.name() == name
    writer.renew()
    assert harbour.published.name() != name
    assert titles(harbour, concepts=(BATHING,)) == {"beaches"}
