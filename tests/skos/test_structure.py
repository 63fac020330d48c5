"""The structure beside the hierarchy: kept change by change, the same as if found anew."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from tests.strategies import CONCEPTS, play, triples
from vocab_server.rdf.change import Change, Triple, to_lines
from vocab_server.rdf.namespaces import ISOTHES, RDF, SKOS
from vocab_server.skos.groups import Group, Structure
from vocab_server.skos.structure import StructureProjection
from vocab_server.skos.touched import FEW
from vocab_server.store.embedded import EmbeddedStore

GRAPH = URIRef("https://example.org/graph")
A, B, C, D, E = CONCEPTS
NODES = tuple(URIRef(f"urn:node:{number}") for number in range(3))
PADDING = frozenset((URIRef(f"urn:{n}"), SKOS.member, A) for n in range(FEW + 1))
concepts, nodes = st.sampled_from(CONCEPTS), st.sampled_from(NODES)
statements = st.one_of(
    triples(concepts, [RDF.type], st.sampled_from([SKOS.Collection, ISOTHES.ThesaurusArray])),
    triples(concepts, [SKOS.member, ISOTHES.subGroup, ISOTHES.superGroup], concepts),
    triples(concepts, [SKOS.broader, SKOS.narrower], concepts),
    triples(concepts, [SKOS.memberList], nodes),
    triples(nodes, [RDF.first], concepts),
    triples(nodes, [RDF.rest], nodes | st.just(RDF.nil)),
    triples(concepts, [SKOS.notation], st.sampled_from([Literal("1"), Literal("11")])),
)
edits = st.lists(
    st.tuples(st.frozensets(statements, max_size=6), st.frozensets(st.integers(0, 9))),
    min_size=1,
    max_size=6,
)


class Kept:
    """A store in memory and its structure, which follow changes as a writer makes them follow."""

    def __init__(self, directory: Path, store: EmbeddedStore | None = None) -> None:
        self.directory = directory
        self.store = store or EmbeddedStore.in_memory()
        self.projection = StructureProjection(directory)
        self.number = 0

    def change(self, added: Iterable[Triple] = (), removed: Iterable[Triple] = ()) -> None:
        for verb, found in (("DELETE", removed), ("INSERT", added)):
            lines = "\n".join(to_lines(found))
            self.store.update(f"{verb} DATA {{ GRAPH <{GRAPH}> {{ {lines} }} }}")
        self.note(Change(GRAPH, frozenset(added), frozenset(removed)))

    def note(self, change: Change) -> None:
        self.number += 1
        self.projection.apply(change, self.number, self.store)

    def read(self) -> Structure:
        return Structure(self.directory)

    def answers(self) -> dict[str, object]:
        found = self.read()
        tops, total = found.list_top_groups(GRAPH, 100, 0)
        return {
            "tops": (tops, total),
            "groups": [found.find_group(GRAPH, iri) for iri in CONCEPTS],
            "inside": found.list_groups_in(GRAPH, CONCEPTS, 100),
            "around": [found.list_groups_around(GRAPH, iri, 100) for iri in CONCEPTS],
            "ordered": [found.list_ordered(GRAPH, iri, 100, 0) for iri in CONCEPTS],
            "circles": found.list_circled(GRAPH, 100, 0),
            "circled": [found.is_circled(GRAPH, iri) for iri in CONCEPTS],
            "notations": found.is_by_notation(GRAPH),
        }


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """An empty store with its structure."""
    return Kept(tmp_path)


@settings(max_examples=60, deadline=None)
@given(edits)
def test_small_changes_leave_the_structure_as_if_found_anew(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    with TemporaryDirectory() as directory, TemporaryDirectory() as other:
        kept = Kept(Path(directory))
        for added, removed in play(edits):
            kept.change(added, removed)
        anew = Kept(Path(other), kept.store)
        everything = kept.store.construct(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
        )
        anew.note(Change(GRAPH, frozenset(everything) | PADDING))  # more than FEW: all is looked at
        assert kept.answers() == anew.answers()


def listed(head: URIRef, members: Iterable[URIRef]) -> set[Triple]:
    made: set[Triple] = set()
    node, found = head, list(members)
    for place, member in enumerate(found):
        after = URIRef(f"{head}-{place}") if place < len(found) - 1 else RDF.nil
        made |= {(node, RDF.first, member), (node, RDF.rest, after)}
        node = after
    return made


def test_a_long_list_keeps_its_order_and_comes_in_pages(kept: Kept) -> None:
    members = [URIRef(f"urn:member:{number * 7919 % 5_000}") for number in range(5_000)]
    head = URIRef("urn:list")
    kept.change({(A, RDF.type, SKOS.OrderedCollection), (A, SKOS.memberList, head)})
    kept.change(listed(head, members))
    assert kept.read().list_ordered(GRAPH, A, 100, 4_950) == (members[4_950:], 5_000)
    assert kept.read().find_group(GRAPH, A) == Group(A, SKOS.OrderedCollection, 5_000, 0)


def test_a_list_that_comes_back_to_itself_ends(kept: Kept) -> None:
    node = NODES[0]
    kept.change({(A, SKOS.memberList, node), (node, RDF.first, B), (node, RDF.rest, node)})
    assert kept.read().list_ordered(GRAPH, A, 10, 0) == ([B], 1)


def test_groups_in_a_circle_are_all_begun_with(kept: Kept) -> None:
    typed = {(iri, RDF.type, SKOS.Collection) for iri in (A, B, C)}
    kept.change(typed | {(A, SKOS.member, B), (B, SKOS.member, A), (B, SKOS.member, C)})
    tops, total = kept.read().list_top_groups(GRAPH, 10, 0)
    assert ([group.iri for group in tops], total) == ([A, B], 2)


def test_a_circle_that_is_cut_open_is_none(kept: Kept) -> None:
    kept.change({(A, SKOS.broader, B), (B, SKOS.broader, C), (A, SKOS.narrower, C)})
    assert kept.read().list_circled(GRAPH, 10, 0) == [(0, A), (0, B), (0, C)]
    assert kept.read().list_circled(GRAPH, 1, 1) == [(0, B)]
    kept.change(removed={(B, SKOS.broader, C)})
    assert kept.read().count_circled(GRAPH) == 0


@pytest.mark.parametrize(
    ("notations", "expected"),
    [
        ({A: "01", B: "01.1", C: "01.2"}, True),
        ({A: "03000000-1", B: "03100000-2", C: "03110000-3"}, True),
        ({A: "A00-B99", B: "A01", C: "A02"}, True),
        ({A: "5921", B: "77", C: "1188"}, False),  # numbers that only identify
        ({A: "AGRI", B: "AGRI-01", C: "AGRI-02"}, False),  # short names
        ({A: "01"}, False),
        ({}, False),
    ],
)
def test_notations_give_the_order_where_they_go_on_from_those_above(
    kept: Kept, notations: dict[URIRef, str], expected: bool
) -> None:
    said = {(iri, SKOS.notation, Literal(text)) for iri, text in notations.items()}
    kept.change({(B, SKOS.broader, A), (C, SKOS.broader, A)} | said)
    assert kept.read().is_by_notation(GRAPH) is expected


def test_a_snapshot_stays_as_it_was(kept: Kept, tmp_path: Path) -> None:
    kept.change({(A, RDF.type, SKOS.Collection)})
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    kept.projection.snapshot(snapshot)
    before = Structure(snapshot)
    kept.change({(B, RDF.type, SKOS.Collection)})
    assert before.count_groups(GRAPH) == Structure(snapshot).count_groups(GRAPH) == 1
    assert kept.read().count_groups(GRAPH) == 2


def test_a_snapshot_from_before_has_no_structure(tmp_path: Path) -> None:
    assert Structure(tmp_path).count_groups(GRAPH) == 0
    assert Structure(tmp_path).list_top_groups(GRAPH, 10, 0) == ([], 0)


@pytest.mark.parametrize("damage", ["", "0 5", "1"])
def test_a_damaged_structure_is_found_anew(tmp_path: Path, damage: str) -> None:
    kept = Kept(tmp_path)
    kept.change({(A, RDF.type, SKOS.Collection)})
    assert StructureProjection(tmp_path).position() == 1
    (tmp_path / "structure" / "position").write_text(damage)
    assert StructureProjection(tmp_path).position() == 0
