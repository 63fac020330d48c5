"""Graphs with blank nodes, compared whatever their labels are."""

import re
from collections.abc import Iterable

import pyoxigraph as ox

from vocab_server.rdf.skolem import PREFIX

_NAMED = re.compile(f"<{PREFIX}([0-9A-Za-z]+)>")


def with_blank_nodes(ntriples: str) -> Iterable[ox.Quad]:
    """The triples with blank nodes where IRIs stand for them."""
    return ox.parse(_NAMED.sub(r"_:\1", ntriples), ox.RdfFormat.N_TRIPLES)


def canonical(quads: Iterable[ox.Quad]) -> set[str]:
    """The same set for graphs that differ in their labels only (RDFC-1.0)."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}
