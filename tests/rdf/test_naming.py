import random
import resource

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.blank_nodes import canonical, with_blank_nodes
from vocab_server.rdf.naming import name_blank_nodes

XSD = "http://www.w3.org/2001/XMLSchema#"
NODES = st.sampled_from([f"_:n{number}" for number in range(6)])
TERMS = st.one_of(NODES, st.sampled_from(["<x:a>", "<x:b>", '"x"', f'"1"^^<{XSD}integer>']))
TRIPLES = st.tuples(st.one_of(NODES, st.just("<x:a>")), st.sampled_from(["<x:p>", "<x:q>"]), TERMS)
GRAPHS = st.lists(TRIPLES, max_size=14, unique=True).map(
    lambda triples: [" ".join((*triple, ".")) for triple in triples if "_:" in " ".join(triple)]
)


def relabelled(lines: list[str], order: random.Random) -> list[bytes]:
    labels = list(range(6))
    order.shuffle(labels)
    table = {f"_:n{old}": f"_:m{new}x" for old, new in enumerate(labels)}
    mixed = [" ".join(table.get(part, part) for part in line.split(" ")) for line in lines]
    order.shuffle(mixed)
    return [line.encode() for line in mixed]


@given(GRAPHS, st.randoms(use_true_random=False))
def test_names_depend_on_content_only(lines: list[str], order: random.Random) -> None:
    named = sorted(name_blank_nodes(line.encode() for line in lines))
    assert named == sorted(name_blank_nodes(relabelled(lines, order)))


@given(GRAPHS)
def test_named_blank_nodes_are_the_same_graph(lines: list[str]) -> None:
    named = b"\n".join(name_blank_nodes(line.encode() for line in lines)).decode()
    original = ox.parse("\n".join(lines), ox.RdfFormat.N_TRIPLES)
    assert canonical(with_blank_nodes(named)) == canonical(original)


@pytest.mark.parametrize(
    "lines",
    [
        [f"_:n{a} <x:p> _:n{b} ." for a in range(60) for b in range(60) if a != b],
        [f"_:n{n} <x:p> _:n{(n + 1) % 5000} ." for n in range(5000)],
        [f"_:n{n} <x:next> _:n{n + 1} ." for n in range(5000)],
        [f"_:root <x:p> _:n{n} ." for n in range(5000)],
    ],
    ids=["clique", "ring", "chain", "star"],
)
def test_hostile_blank_nodes_get_names_in_time(lines: list[str]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    named = list(name_blank_nodes(line.encode() for line in lines))
    assert len(set(named)) == len(lines)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 10
