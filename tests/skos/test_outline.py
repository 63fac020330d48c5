"""The places of concepts, kept up to date, against places found anew in the plainest way."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.term import Node

from tests.conftest import SHARED
from tests.strategies import edits, play
from vocab_server.rdf.change import Change, FileChange, Triple
from vocab_server.rdf.namespaces import OWL, RDF, SKOS
from vocab_server.skos.outline import Branch, Outline, OutlineProjection, read_outlines
from vocab_server.skos.placing import MANY
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.parsing import parse

GRAPH = URIRef("https://example.org/vocabularies/animals")
PLACE = "https://example.org/c/"
SCHEME = URIRef("https://example.org/c")
STORE = EmbeddedStore.in_memory()  # placing needs none
NAMES = [URIRef(f"{PLACE}{name}") for name in "abcdefg"]

_named = st.sampled_from(NAMES)
_statements: st.SearchStrategy[Triple] = st.one_of(
    st.tuples(_named, st.just(SKOS.broader), _named),
    st.tuples(_named, st.just(SKOS.broader), _named),
    st.tuples(_named, st.just(SKOS.narrower), _named),
    st.tuples(_named, st.just(RDF.type), st.just(SKOS.Concept)),
    st.tuples(_named, st.just(SKOS.topConceptOf), st.just(SCHEME)),
    st.tuples(_named, st.just(OWL.deprecated), st.just(Literal(True))),
)
hierarchies = st.lists(
    st.tuples(st.frozensets(_statements, max_size=9), st.frozensets(st.integers(0, 25))),
    min_size=1,
    max_size=6,
)


def placed(triples: Iterable[Triple]) -> Outline:
    """The figures of some triples, found by walking down from the top, without any table."""
    held = set(triples)
    links = {(s, o) for s, p, o in held if p == SKOS.broader and isinstance(o, URIRef)}
    links |= {(o, s) for s, p, o in held if p == SKOS.narrower and isinstance(o, URIRef)}
    tops = {s for s, p, o in held if p == SKOS.topConceptOf and isinstance(o, URIRef)}
    tops |= {o for _, p, o in held if p == SKOS.hasTopConcept and isinstance(o, URIRef)}
    typed = {s for s, p, o in held if (p, o) == (RDF.type, SKOS.Concept)}
    narrower = {s for s, p, o in held if p == SKOS.narrower and isinstance(o, URIRef)}
    concepts = typed | tops | narrower | {child for child, _ in links}
    ended = {s for s, p, o in held if (p, o) == (OWL.deprecated, Literal(True))} & concepts
    used = concepts - ended
    held_up = {child for child, parent in links if parent in concepts}
    depth = dict.fromkeys(tops & used if tops else used - held_up, 0)
    for step in range(len(concepts)):
        for child, parent in links:
            if depth.get(parent) == step and child in used:
                depth.setdefault(child, step + 1)
    counts = Counter(depth.values())
    return Outline(
        depths=tuple(counts[step] for step in range(max(counts, default=-1) + 1)),
        unplaced=len(used - depth.keys()),
        orphans=len(used - {end for link in links for end in link}),
        deprecated=len(ended),
        top=_branch(None, depth, links),
    )


def _branch(concept: Node | None, depth: dict[Node, int], links: set[tuple[Node, Node]]) -> Branch:
    """A small branch, opened all the way."""

    def place(child: Node) -> Node | None:
        above = [p for c, p in links if c == child and depth.get(p) == depth[child] - 1]
        return min(above, key=str) if depth[child] else None

    under = [_branch(c, depth, links) for c in depth if place(c) == concept]
    size = sum(branch.size for branch in under) + (concept is not None)
    ordered = sorted(under, key=lambda branch: (-branch.size, str(branch.concept)))
    return Branch(URIRef(concept) if concept else None, size, tuple(ordered))


def closed(branch: Branch, level: int = 0) -> tuple[object, ...]:
    """A branch as far as a drawing opens it."""
    shown = branch.branches if level < 4 else ()
    return branch.concept, branch.size, tuple(closed(each, level + 1) for each in shown)


def same(found: Outline, wanted: Outline) -> bool:
    figures = [(o.depths, o.unplaced, o.orphans, o.deprecated) for o in (found, wanted)]
    return figures[0] == figures[1] and closed(found.top) == closed(wanted.top)


def table(directory: str) -> list[tuple[object, ...]]:
    found = sqlite3.connect(Path(directory) / "outline" / "table.sqlite")
    asked = """SELECT c.iri, c.said, c.top, c.deprecated, c.links, c.depth, p.iri, c.size
        FROM concept c LEFT JOIN concept p ON c.place = p.id ORDER BY c.iri"""
    with found:
        rows = found.execute(asked).fetchall()
    found.close()
    return rows


A, B, C, *_ = NAMES
NEARER = [  # B comes as near to the top as C was, and its name goes first: it takes A over
    (
        frozenset(
            {
                (C, SKOS.topConceptOf, SCHEME),
                (B, SKOS.broader, C),
                (A, SKOS.broader, B),
                (A, SKOS.broader, C),
            }
        ),
        frozenset(),
    ),
    (frozenset({(B, SKOS.topConceptOf, SCHEME)}), frozenset()),
]


@settings(max_examples=400, deadline=None)
@given(hierarchies | edits)
@example(NEARER)
def test_places_kept_up_to_date_are_those_found_anew(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    held: frozenset[Triple] = frozenset()
    with TemporaryDirectory() as directory, TemporaryDirectory() as other:
        projection = OutlineProjection(Path(directory))
        for number, (added, removed) in enumerate(play(edits), 1):
            projection.apply(Change(GRAPH, added, removed), number, STORE)
            held = (held | added) - removed
            projection.snapshot(Path(directory))
            found = read_outlines(Path(directory)).get(GRAPH, Outline())
            assert same(found, placed(held)), (found, placed(held))
        anew = OutlineProjection(Path(other))
        anew.apply(Change(GRAPH, held), 1, STORE)
        assert table(directory) == table(other)
        projection.close()
        anew.close()


def outline_of(directory: Path, *changes: Change | FileChange) -> Outline:
    projection = OutlineProjection(directory)
    for number, change in enumerate(changes, projection.position() + 1):
        projection.apply(change, number, STORE)
    projection.snapshot(directory)
    projection.close()
    return read_outlines(directory).get(GRAPH, Outline())


def links(*pairs: tuple[str, str]) -> frozenset[Triple]:
    """What is broader than what; the first named is the top."""
    told = {(URIRef(PLACE + a), SKOS.broader, URIRef(PLACE + b)) for a, b in pairs}
    return frozenset({(URIRef(PLACE + pairs[0][1]), SKOS.topConceptOf, SCHEME), *told})


def test_a_concept_with_two_parents_counts_once_and_at_the_nearer(tmp_path: Path) -> None:
    found = outline_of(
        tmp_path, Change(GRAPH, links(("b", "a"), ("c", "b"), ("d", "c"), ("d", "a")))
    )
    assert found.depths == (1, 2, 1)
    assert [(b.concept, b.size) for b in found.top.branches[0].branches] == [
        (URIRef(PLACE + "b"), 2),
        (URIRef(PLACE + "d"), 1),
    ]


def test_a_circle_that_nothing_leads_to_is_in_no_tree(tmp_path: Path) -> None:
    ring = frozenset({(NAMES[1], SKOS.broader, NAMES[2]), (NAMES[2], SKOS.broader, NAMES[1])})
    whole = links(("b", "a")) | ring
    assert outline_of(tmp_path, Change(GRAPH, whole)).depths == (1, 1, 1)
    away = Change(GRAPH, removed=frozenset({(NAMES[1], SKOS.broader, NAMES[0])}))
    found = outline_of(tmp_path, away)
    assert (found.depths, found.unplaced, found.concepts) == ((1,), 2, 3)


def test_a_graph_that_is_emptied_has_no_outline(tmp_path: Path) -> None:
    told = links(("b", "a"))
    outline_of(tmp_path, Change(GRAPH, told), Change(GRAPH, removed=told))
    assert read_outlines(tmp_path) == {}


def test_a_change_that_concerns_very_many_places_the_whole_graph_anew(tmp_path: Path) -> None:
    children = MANY + 1
    told = links(*((f"{number}", "root") for number in range(children)))
    assert outline_of(tmp_path, Change(GRAPH, told)).depths == (1, children)
    ended = frozenset({(URIRef(PLACE + "root"), OWL.deprecated, Literal(True))})
    found = outline_of(tmp_path, Change(GRAPH, ended))
    assert (found.depths, found.unplaced, found.deprecated) == ((), children, 1)
    assert outline_of(tmp_path, Change(GRAPH, removed=ended)).depths == (1, children)


@pytest.mark.parametrize(
    ("name", "depths", "unplaced"),
    [
        ("chain-20000-deep", (1,) * 20_000, 0),
        ("cycle-2", (), 2),
        ("cycle-5000-ring", (), 5_000),
        ("cycle-self", (), 1),
        ("wide-50000-children", (1, 50_000), 0),
    ],
)
def test_hard_hierarchies_are_placed(
    tmp_path: Path, name: str, depths: tuple[int, ...], unplaced: int
) -> None:
    source = SHARED / "bad" / "derived" / f"{name}.ttl"
    if not source.exists():
        pytest.skip(f"{source} is not here.")
    lines, nothing = tmp_path / "lines.nt", tmp_path / "nothing.nt"
    parse(source, file_name=source.name, base_iri=PLACE, target=lines)
    nothing.touch()
    found = outline_of(tmp_path, FileChange(GRAPH, lines, nothing))
    assert (found.depths, found.unplaced) == (depths, unplaced)


@pytest.mark.parametrize("text", ["", "no table at all"])
def test_a_damaged_table_is_made_anew(tmp_path: Path, text: str) -> None:
    outline_of(tmp_path, Change(GRAPH, links(("b", "a"))))
    (tmp_path / "outline" / "table.sqlite").write_text(text)
    projection = OutlineProjection(tmp_path)
    assert projection.position() == 0
    projection.close()


def test_a_snapshot_of_an_older_version_has_no_outlines(tmp_path: Path) -> None:
    assert read_outlines(tmp_path) == {}
