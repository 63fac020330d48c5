"""Catalogs come in whole, a second time as a difference, and with the tags that they bring."""

from pathlib import Path

import pytest
from rdflib import URIRef

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, read_catalog, read_catalog_file
from tests.conftest import BASE, SHARED
from vocab_server.catalog.resources import format_name, read_dataset
from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.services import Services
from vocab_server.tagging.tags import list_tags

DCAT_FILES = SHARED / "dcat"
REAL = {  # files with how many datasets they hold
    "no/datanorge_2018_05_31.jsonld": 563,
    "no/geonorge-data-2017-10-19.xml": 168,
    "se/soch-ksamsok.rdf": 177,
}
REFUSED = {  # files that nobody can read as they stand, with what their publisher is told
    "piveau/example_catalog.ttl": "It ends in the middle of a statement",
}


def test_a_catalog_is_read_with_all_that_belongs_to_its_datasets(harbour: Services) -> None:
    store = harbour.published.view().store
    beaches = read_dataset(store, URIRef(f"{HARBOUR}beaches"))
    assert [label.text for label in beaches.titles] == ["Badplatser", "Bathing places"]
    assert [agent.names[0].text for agent in beaches.publishers] == ["Hamnkontoret"]
    assert [contact.email for contact in beaches.contacts] == ["desk@harbour.example"]
    assert (beaches.formats, beaches.is_listed_only) == (("csv",), False)
    assert beaches.graphs == (URIRef(f"{BASE}/catalogs/harbour"),)
    assert read_dataset(store, URIRef(f"{HARBOUR}berths")).is_listed_only
    with pytest.raises(NotFoundError):
        read_dataset(store, URIRef(f"{HARBOUR}office"))


def test_themes_become_tags_only_where_the_concept_is_here(harbour: Services) -> None:
    store = harbour.published.view().store
    dataset = URIRef(f"{HARBOUR}beaches")
    tags = list_tags(store, dataset, read_dataset(store, dataset).graphs)
    assert [str(tag.concept) for tag in tags] == [f"{TOPIC}bathing", f"{TOPIC}fishing"]
    assert {tag.origin for tag in tags} == {"harvested"}


def test_reading_the_same_again_commits_nothing(harbour: Services, tmp_path: Path) -> None:
    last = harbour.log.last()
    again = read_catalog(harbour, tmp_path, "harbour")
    assert (again.number, again.added, again.removed, again.tags) == (None, 0, 0, 0)
    assert harbour.log.last() == last


def test_reading_again_commits_the_difference(harbour: Services, tmp_path: Path) -> None:
    changed = CATALOG.replace('"Berths"@en', '"Boat berths"@en').replace(
        "topic:boats", "topic:water"
    )
    report = read_catalog(harbour, tmp_path, "harbour", changed)
    assert (report.added, report.removed, report.tags, report.is_new) == (2, 2, 1, False)
    view = harbour.published.view()
    assert view.datasets.count_under([f"{TOPIC}boats", f"{TOPIC}water"]) == {
        f"{TOPIC}boats": 0,
        f"{TOPIC}water": 3,
    }


def test_a_file_without_dcat_is_refused_and_changes_nothing(
    topics: Services, tmp_path: Path
) -> None:
    last = topics.log.last()
    with pytest.raises(InvalidError, match="nothing of DCAT"):
        read_catalog(topics, tmp_path, "empty", "<urn:a> <urn:b> <urn:c> .")
    for name in ("Bad Name", "vocabularies", "tags", "", "../x"):
        with pytest.raises(InvalidError, match="cannot name a catalog"):
            read_catalog_file(topics, tmp_path / "empty.ttl", name)
    assert topics.log.last() == last
    assert topics.published.view().catalogs == ()


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("http://publications.europa.eu/resource/authority/file-type/CSV", "csv"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("application/vnd.ms-excel", "xls"),
        ("Excel", "xls"),
        ("application/rdf+xml", "rdf"),
        ("a sentence about formats", ""),
        ("", ""),
    ],
)
def test_formats_are_told_by_one_short_word(stated: str, name: str) -> None:
    assert format_name(stated) == name


@pytest.mark.skipif(not DCAT_FILES.is_dir(), reason="The shared test data is not here.")
def test_real_catalogs_are_read_or_refused_with_a_reason(topics: Services, tmp_path: Path) -> None:
    held = {
        name: read_catalog_file(topics, DCAT_FILES / name, f"c{place}").holdings.datasets
        for place, name in enumerate(REAL)
    }
    assert held == REAL
    for name, reason in REFUSED.items():
        with pytest.raises(InvalidError, match=reason):
            read_catalog_file(topics, DCAT_FILES / name, "refused")
    listed = topics.published.view().datasets.catalogs()
    expected = {f"{BASE}/catalogs/c{n}": count for n, count in enumerate(REAL.values())}
    assert {str(graph): count for graph, count in listed.items()} == expected
