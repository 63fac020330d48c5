"""Columns that hold concepts, or look as if they do, compared with vocabularies, many at once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from rdflib import Literal, URIRef

from vocab_server.quality.data.fault import Column, DataFinding, Findings, Place
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.skos.resolving import Resolved, Status, resolve_iris
from vocab_server.store.base import Reader
from vocab_server.store.embedded import can_hold

ASKED = 2_000  # terms in one query
LOOKED_FOR = 50  # unknown values of a column for which a name is proposed
FEWEST = 5  # values of a column that looks as if it held concepts
MOST_OF = 0.8  # of them that are concepts
LONGEST = 200  # characters of a name

# In pairs: of many values and some properties apart, the store reads all that has the properties.
_NAMED = """SELECT ?value ?concept ?graph WHERE { VALUES (?property ?value) { $pairs }
    $in { ?concept ?property ?value } }"""
_NOTATIONS = (SKOS.notation,)
_LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
_IRIS = """SELECT DISTINCT ?concept WHERE { VALUES ?concept { $values } GRAPH $graph {
    ?concept a skos:Concept } }"""
_NOTATION = "SELECT ?value WHERE { GRAPH $graph { ?concept skos:notation ?value } } LIMIT 1"

Propose = Callable[[str], str]  # the name of a concept that a misspelt one may mean, or ""
Meant = Mapping[str, frozenset[URIRef]]


@dataclass(frozen=True, slots=True)
class Source:
    """A vocabulary that values are compared with: its graph, and the languages of its labels."""

    store: Reader
    graph: URIRef
    languages: Sequence[str]
    propose: Propose


def compare_column(column: Column, source: Source) -> tuple[DataFinding, ...]:
    """Which values of a column are no concepts, ended ones, ambiguous ones, or misspelt.

    A handful of queries, however many values there are.
    """
    meant = meant_by(column.distinct, source, column.by)
    concepts = sorted({concept for found in meant.values() for concept in found})
    fates = {
        URIRef(found.iri): found for found in resolve_iris(source.store, concepts, source.languages)
    }
    findings, proposed = Findings(), 0
    for value, (count, place) in column.distinct.items():
        found = meant.get(value, frozenset())
        current = [iri for iri in found if fates[iri].status is Status.CURRENT]
        if not found:
            is_name = column.by in ("", "label") and proposed < LOOKED_FOR
            better = source.propose(value) if is_name else ""
            proposed += is_name
            told = replace(place, value=value, note=better, times=count)
            findings.add_all("CON-3" if better else "CON-1", [told], count)
        elif not current:
            ended = replace(place, value=value, note=_instead(fates[min(found)]), times=count)
            findings.add_all("CON-2", [ended], count)
        elif len(current) > 1:
            several = replace(place, value=value, note=" ".join(sorted(current)), times=count)
            findings.add_all("CON-5", [several], count)
    return findings.found()


def _instead(fate: Resolved) -> str:
    return ", ".join(label.text if label else str(iri) for iri, label in fate.replaced_by)


def meant_by(values: Collection[str], source: Source, by: str = "") -> Meant:
    """The concepts that each value is a notation, a label or the IRI of; ``by`` names one way."""
    found: dict[str, set[URIRef]] = defaultdict(set)
    if by in ("", "notation"):
        _add(found, source, _NOTATIONS, _as_notations(values, source))
    if by in ("", "label"):
        _add(found, source, _LABELS, _as_labels(values, source.languages))
    if by in ("", "iri"):
        iris = [URIRef(value) for value in values if can_hold(value)]
        for some in _parts(iris):
            for row in source.store.select(bind(_IRIS, values=some, graph=source.graph)):
                found[str(row["concept"])].add(URIRef(row["concept"]))
    return {value: frozenset(concepts) for value, concepts in found.items()}


def _add(
    found: dict[str, set[URIRef]],
    source: Source,
    properties: Sequence[URIRef],
    spelt: Mapping[Literal, str],
) -> None:
    within = _NAMED.replace("$in", "GRAPH $graph")
    for some in _parts(list(spelt)):
        pairs = list(product(properties, some))
        for row in source.store.select(bind(within, pairs=pairs, graph=source.graph)):
            value = row["value"]
            if isinstance(value, Literal) and value in spelt:
                found[spelt[value]].add(URIRef(row["concept"]))


def _as_notations(values: Iterable[str], source: Source) -> dict[Literal, str]:
    """Values as the vocabulary writes its notations: plain, or with a datatype of its own."""
    rows = source.store.select(bind(_NOTATION, graph=source.graph))
    first = rows[0]["value"] if rows else None
    datatype = first.datatype if isinstance(first, Literal) else None
    return {Literal(value, datatype=datatype): value for value in values}


def _as_labels(values: Iterable[str], languages: Iterable[str]) -> dict[Literal, str]:
    """Values in every language of the vocabulary, and with a small or large first letter."""
    tags = [tag.lower() for tag in languages]
    return {
        Literal(text, lang=tag or None): value
        for value in values
        if len(value) <= LONGEST
        for text in (value[:1].swapcase() + value[1:], value.lower(), value)
        for tag in (*tags, "")
    }


def _parts(terms: list[Literal] | list[URIRef]) -> Iterable[list[Literal] | list[URIRef]]:
    return (terms[start : start + ASKED] for start in range(0, len(terms), ASKED))


def vocabulary_of(
    store: Reader, column: Column, languages: Sequence[str], graphs: Collection[URIRef]
) -> URIRef | None:
    """The vocabulary of which most values of a column are concepts, None when there is none.

    ``graphs`` are the vocabularies there are. Two queries, or some more for many languages.
    """
    values = [value for value in column.distinct if len(value) <= LONGEST]
    if len(values) < FEWEST:
        return None
    known: dict[URIRef, set[str]] = defaultdict(set)
    plain = {Literal(value): value for value in values}
    for properties, spelt in ((_NOTATIONS, plain), (_LABELS, _as_labels(values, languages))):
        for some in _parts(list(spelt)):
            pairs = list(product(properties, some))
            for row in store.select(bind(_NAMED.replace("$in", "GRAPH ?graph"), pairs=pairs)):
                value = row["value"]
                if isinstance(value, Literal) and value in spelt:
                    known[URIRef(row["graph"])].add(spelt[value])
    best = max(
        known.keys() & set(graphs), key=lambda graph: (len(known[graph]), graph), default=None
    )
    is_most = best is not None and len(known[best]) >= MOST_OF * len(values)
    return best if is_most else None


def pointed_out(column: Column, vocabulary: str) -> tuple[DataFinding, ...]:
    """That a column looks as if it held concepts of a vocabulary."""
    findings = Findings()
    findings.add("CON-4", Place(column=column.name, sheet=column.sheet, note=vocabulary))
    return findings.found()


def not_here(column: Column) -> tuple[DataFinding, ...]:
    """That a column is declared to hold concepts of a vocabulary that is not here."""
    findings = Findings()
    findings.add("CON-6", Place(column=column.name, sheet=column.sheet, value=column.concepts))
    return findings.found()
