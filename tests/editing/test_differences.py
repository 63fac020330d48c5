"""What changed between releases: the same as their files say, in words, in any size."""

import gzip

import pytest
from rdflib import Literal, URIRef

from tests.changing import BASE, DATED, edit, let_through, name, put
from vocab_server.editing.differences import composed, difference
from vocab_server.rdf.change import Change
from vocab_server.rdf.composing import read_change
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.rdf_patch import patch_rows, read_patch
from vocab_server.services import Services
from vocab_server.skos.told_groups import Group
from vocab_server.skos.vocabularies import graph_of

ZOO = graph_of(BASE, "zoo")


@pytest.fixture
def numbers(services: Services) -> tuple[int, int]:
    """Two releases of a vocabulary that was edited in between, some of it back and forth."""
    put(services, "zoo", "Zoo", DATED)
    let_through(services, "zoo")
    first = services.releases.freeze("zoo", "1", "anna")
    edit(services, "zoo", added=':cat a skos:Concept ; skos:prefLabel "cat"@en .')
    edit(services, "zoo", removed=':dog skos:prefLabel "dog"@en .')
    edit(services, "zoo", added=':dog skos:prefLabel "the dog"@en ; skos:broader :bare .')
    edit(services, "zoo", added=":bare owl:deprecated true . :dog skos:exactMatch <urn:dog> .")
    edit(services, "zoo", added=':dog skos:scopeNote "Barks."@en ; skos:related :cat .')
    edit(services, "zoo", added=':cat skos:altLabel "puss"@en .')
    edit(services, "zoo", removed=':cat skos:altLabel "puss"@en .')
    put(services, "other", "Other", ":x a skos:Concept .")
    second = services.releases.freeze("zoo", "2", "anna")
    return first.number, second.number


def lines(services: Services, wanted: str) -> set[bytes]:
    found = next(r for r in services.published.view().releases[ZOO] if r.name == wanted)
    return set(gzip.decompress(services.releases.file(found).read_bytes()).splitlines(True))


def test_the_log_between_releases_is_what_their_files_differ_in(
    services: Services, numbers: tuple[int, int]
) -> None:
    old, new = lines(services, "1"), lines(services, "2")
    for start, end, removed, added in (
        (*numbers, old - new, new - old),
        (*numbers[::-1], new - old, old - new),
    ):
        with composed(services.log, ZOO, start, end) as patch:
            assert set(b"".join(patch.added_blocks()).splitlines(True)) == added
            assert set(b"".join(patch.removed_blocks()).splitlines(True)) == removed


def test_what_changed_is_told_by_group(services: Services, numbers: tuple[int, int]) -> None:
    found = difference(services.log, ZOO, *numbers)
    assert found.counts() == dict.fromkeys(Group, 1)
    groups = found.groups or {}
    assert [item.concept for items in groups.values() for item in items] == [
        name(local) for local in ("cat", "bare", "dog", "dog", "dog", "dog", "cat")
    ]
    [label] = groups[Group.RELABELLED]
    assert (label.before, label.after) == (
        (Literal("dog", lang="en"),),
        (Literal("the dog", lang="en"),),
    )
    assert difference(services.log, ZOO, numbers[1], numbers[1]).counts() == {}


def test_the_patch_that_is_written_says_the_same(
    services: Services, numbers: tuple[int, int]
) -> None:
    node = URIRef("urn:vocab-server:genid:0123456789abcdef0123n1")
    hostile = Literal("<urn:vocab-server:genid:0> .\n")
    services.writer.commit([Change(ZOO, frozenset({(node, SKOS.note, hostile)}))], "test", "Node")
    with composed(services.log, ZOO, numbers[0], services.log.last()) as patch:
        text = b"".join(patch_rows(patch, {"id": ZOO})).decode()
        assert read_patch(text, ZOO) == [read_change(patch)]
    assert "<_:0123456789abcdef0123n1>" in text


def test_more_than_can_be_told_is_counted(services: Services) -> None:
    concepts = frozenset((name(f"n{n}"), RDF.type, SKOS.Concept) for n in range(200_001))
    number = services.log.append([Change(ZOO, concepts)], "test", "Many")
    found = difference(services.log, ZOO, number - 1, number)
    assert (found.added, found.removed, found.groups) == (200_001, 0, None)


def test_what_would_take_too_long_to_compose_is_counted_only(
    services: Services, numbers: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vocab_server.editing.differences.COMPOSED", 10)
    there = difference(services.log, ZOO, *numbers)
    assert (there.added, there.removed, there.groups) == (9, 2, None)
    back = difference(services.log, ZOO, *reversed(numbers))
    assert (back.added, back.removed) == (2, 9)
