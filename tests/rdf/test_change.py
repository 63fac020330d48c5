import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef

from tests.strategies import skos_triples
from vocab_server.rdf.change import Change, FileChange, Triple
from vocab_server.rdf.query import bind
from vocab_server.store.embedded import EmbeddedStore

GRAPH = URIRef("urn:graph")
NT = "application/n-triples"
P, A = URIRef("urn:p"), URIRef("urn:a")
sets = st.frozensets(skos_triples, max_size=10)


def apply(held: frozenset[Triple], change: Change) -> frozenset[Triple]:
    return (held - change.removed) | change.added


@given(sets, sets)
def test_the_change_between_two_graphs_turns_one_into_the_other(
    before: frozenset[Triple], after: frozenset[Triple]
) -> None:
    assert apply(before, Change.between(GRAPH, before, after)) == after


@given(sets, sets)
def test_a_change_and_its_inverse_restore_the_graph(
    before: frozenset[Triple], after: frozenset[Triple]
) -> None:
    change = Change.between(GRAPH, before, after)
    assert apply(apply(before, change), change.inverse()) == before
    assert change.inverse().inverse() == change


@given(sets)
def test_the_change_from_a_graph_to_itself_is_nothing(held: frozenset[Triple]) -> None:
    assert not Change.between(GRAPH, held, held)


@given(sets)
def test_blocks_are_lines_that_the_store_writes_the_same(held: frozenset[Triple]) -> None:
    lines = b"".join(Change(GRAPH, held).added_blocks())
    store = EmbeddedStore.in_memory()
    store.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {lines.decode()} }} }}")
    target = io.BytesIO()
    store.write(bind("CONSTRUCT { ?s ?p ?o } { GRAPH $g { ?s ?p ?o } }", g=GRAPH), NT, target)
    assert sorted(lines.split(b"\n")) == sorted(target.getvalue().split(b"\n"))


@pytest.mark.parametrize(
    "triple", [(Literal("a"), P, A), (A, Literal("p"), A), (BNode(), P, A), (A, P, BNode())]
)
def test_what_is_no_triple_of_names_is_refused(triple: Triple) -> None:
    with pytest.raises(ValueError, match=r"no subject|cannot name"):
        list(Change(GRAPH, frozenset({triple})).added_blocks())


def test_a_change_of_files_gives_their_lines_whole(tmp_path: Path) -> None:
    for name in ("added", "removed"):
        (tmp_path / name).write_text(f'<urn:a> <urn:p> "{name}\\n\u2028" .\n' * 3, "utf-8")
    change = FileChange(GRAPH, tmp_path / "added", tmp_path / "removed")
    assert b"".join(change.added_blocks()) == change.added.read_bytes()
    assert b"".join(change.removed_blocks()) == change.removed.read_bytes()
