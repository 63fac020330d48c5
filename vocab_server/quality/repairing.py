"""What mends a finding without a question: a change that a curator sees before it is made."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.quality.check import Finding, Repair
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

T = TypeVar("T")

MOST = 2_000  # findings that are mended in one change
ASKED = 500  # statements that one query looks up

_INVERSE = {
    SKOS.broader: SKOS.narrower,
    SKOS.narrower: SKOS.broader,
    SKOS.related: SKOS.related,
    SKOS.topConceptOf: SKOS.hasTopConcept,
}
_THERE = """SELECT ?s ?p ?o WHERE { VALUES (?s ?p ?o) { $statements }
    GRAPH $graph { ?s ?p ?o } }"""
_LABELS = """SELECT ?s ?o WHERE { VALUES ?s { $resources } GRAPH $graph {
    ?s skos:prefLabel|skos:altLabel|skos:hiddenLabel ?o } }"""


def repair(store: Reader, graph: URIRef, findings: Sequence[Finding]) -> Change:
    """The change that mends findings of checks that have a repair; others are left out.

    A text that would become what another term of the resource says already is taken away instead.
    """
    labels = _labels(store, graph, {f.focus for f in findings if f.check.rewrite})
    added: set[Triple] = set()
    removed: set[Triple] = set()
    for finding in findings:
        if finding.value is None or finding.check.repair is None:
            continue
        statement = (finding.focus, finding.path, finding.value)
        if finding.check.repair is Repair.ADD:
            added.add(statement)
        else:
            removed.update(_both_ways(statement))
            added.update(_rewritten(finding, labels.setdefault(finding.focus, set())))
    there = _there(store, graph, removed | added)
    return Change(graph, frozenset(added - there), frozenset(removed & there))


def _both_ways(statement: Triple) -> Iterator[Triple]:
    subject, predicate, value = statement
    yield statement
    if predicate in _INVERSE:
        yield value, _INVERSE[URIRef(predicate)], subject


def _rewritten(finding: Finding, labels: set[Identifier]) -> Iterator[Triple]:
    """The statement with its text as it should be; none when the text is there, or nothing is."""
    value = finding.value
    if finding.check.rewrite is None or not isinstance(value, Literal):
        return
    text = finding.check.rewrite(str(value))
    mended = Literal(text, lang=value.language, datatype=value.datatype)
    if text and mended not in labels:
        labels.add(mended)
        yield finding.focus, finding.path, mended


def _labels(store: Reader, graph: URIRef, resources: set[URIRef]) -> dict[URIRef, set[Identifier]]:
    found: dict[URIRef, set[Identifier]] = {}
    for some in _slices(sorted(resources)):
        for row in store.select(bind(_LABELS, graph=graph, resources=some)):
            found.setdefault(URIRef(row["s"]), set()).add(row["o"])
    return found


def _there(store: Reader, graph: URIRef, statements: Iterable[Triple]) -> set[Triple]:
    found: set[Triple] = set()
    for some in _slices(sorted(statements)):
        for row in store.select(bind(_THERE, graph=graph, statements=some)):
            found.add((row["s"], row["p"], row["o"]))
    return found


def _slices(values: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), ASKED):
        yield values[start : start + ASKED]
