"""The columns of a file, compared with the vocabularies that are here."""

from collections.abc import Iterator

from rdflib import URIRef

from vocab_server.quality.data.concepts import (
    Source,
    compare_column,
    not_here,
    pointed_out,
    vocabulary_of,
)
from vocab_server.quality.data.fault import DataFinding, DataReport
from vocab_server.search.find import Wanted
from vocab_server.search.looks import Kind
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.views import View

MOST_COLUMNS = 20  # of a file that are looked at for concepts nobody declared
_NEAR = (Kind.EXACT, Kind.MISSPELT)


def compare_columns(
    report: DataReport, view: View, languages: tuple[str, ...]
) -> Iterator[DataFinding]:
    """What declared columns have that is no concept, and which others look as if they held some."""
    declared = [column for column in report.columns if column.concepts]
    for column in declared:
        vocabulary = find_vocabulary(view, column.concepts)
        if vocabulary is None:
            yield from not_here(column)
        else:
            yield from compare_column(column, _source(view, vocabulary))
    graphs = {vocabulary.graph: vocabulary for vocabulary in view.vocabularies}
    others = [column for column in report.columns if column.distinct and not column.concepts]
    for column in others[:MOST_COLUMNS]:
        graph = vocabulary_of(view.store, column, languages, graphs)
        if graph is not None:
            yield from pointed_out(column, graphs[graph].id)


def find_vocabulary(view: View, named: str) -> Vocabulary | None:
    """The vocabulary with an id, an address here, or a concept scheme of this name."""
    for vocabulary in view.vocabularies:
        if named in (vocabulary.id, str(vocabulary.graph)) or vocabulary.has_scheme(named):
            return vocabulary
    return None


def _source(view: View, vocabulary: Vocabulary) -> Source:
    graph = vocabulary.graph
    spoken = tuple(view.statistics(graph).languages)
    return Source(view.store, graph, spoken, lambda value: _nearest(view, graph, spoken, value))


def _nearest(view: View, graph: URIRef, languages: tuple[str, ...], value: str) -> str:
    """The name that a misspelt one is nearly, "" when there is none.

    A name with the same stem is found as a word; it is near when it has no other words.
    """
    hits = view.suggest(Wanted(value[:200], (graph,), stem_languages=languages), 1)
    if not hits:
        return ""
    found, is_whole = hits[0], len(hits[0].text.split()) == len(value.split())
    return found.text if found.kind in _NEAR or (found.kind is Kind.WORD and is_whole) else ""
