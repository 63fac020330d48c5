"""Running checks over one graph: each by itself, so that one that fails spoils no other."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rdflib import URIRef

from vocab_server.quality.check import Check, Finding, to_finding
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.hierarchy import Hierarchy
from vocab_server.quality.part import Part
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

_LABELS = """CONSTRUCT { ?focus ?path ?value } WHERE { GRAPH $graph {
    VALUES ?path { skos:prefLabel skos:altLabel skos:hiddenLabel } ?focus ?path ?value } }"""
_RETIRED = """CONSTRUCT { ?focus owl:deprecated true } WHERE { GRAPH $graph {
    ?focus owl:deprecated true } }"""


@dataclass(frozen=True)
class Looked:
    """See Material: a vocabulary in a store, or the part of one that surrounds an edit."""

    store: Reader
    graph: URIRef
    languages: Collection[str] = ()
    broken: Collection[str] = ()
    part: Part | None = None

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """See Material."""
        return Hierarchy(self.store, self.graph, self.part)

    @cached_property
    def labels(self) -> list[bytes]:
        """See Material."""
        if self.part:
            return self.part.lines((SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel))
        return self.store.lines(bind(_LABELS, graph=self.graph))

    @cached_property
    def retired(self) -> set[bytes]:
        """See Material."""
        lines = self.store.lines(bind(_RETIRED, graph=self.graph))
        return {line.split(b" ", 1)[0] for line in lines}


def lines_of(check: Check, material: Looked) -> list[bytes]:
    """What a check finds, each once, in order, as N-Triples lines. Raises what it raises."""
    return sorted(set(check.find(material)))


def run(
    store: Reader,
    graph: URIRef,
    checks: Iterable[Check] = CHECKS,
    languages: Collection[str] = (),
    broken: Collection[str] = (),
) -> Iterator[Finding]:
    """Every finding in one named graph, check by check, in the order of ``checks``.

    Raises what a check raises: for where that is not to happen see ``apart``.
    """
    material = Looked(store, graph, languages, broken)
    for check in checks:
        for line in lines_of(check, material):
            yield to_finding(check, line)
