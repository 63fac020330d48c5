"""Scores as linked data (W3C Data Quality Vocabulary): measurements, metrics and dimensions.

The metrics of the EU have the names that MQA gives them; ours are named under the address of the
server. What nobody looked at yet has no measurement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import PROV, XSD

from vocab_server.quality import mqa, tag_quality
from vocab_server.quality.check import Words
from vocab_server.quality.score_sums import COLUMNS, Column, Results, Sum
from vocab_server.rdf.change import Triple
from vocab_server.rdf.dates import write_time
from vocab_server.rdf.namespaces import RDF, SKOS

DQV = Namespace("http://www.w3.org/ns/dqv#")
POINTS = URIRef(f"{mqa.PIVEAU}scoring")  # all points of MQA
OURS = "scores/metrics"  # where our own metrics are told of


def dataset_measurements(
    base: str, page: str, dataset: URIRef, results: Results, time: datetime | None
) -> Iterator[Triple]:
    """What was measured of one dataset: whether each metric of MQA holds, our shares, the points.

    ``results`` are in the order of COLUMNS; ``page`` is the address of this description.
    """
    of = _Of(dataset, page, time)
    for column, result in zip(COLUMNS, results, strict=True):
        if result is not None:
            value = _share(result) if column.is_ours else Literal(bool(result))
            yield from of.measured(column_iri(base, column), value)
    points = mqa.points_of([_held(r) for r in results[: len(mqa.METRICS)]])
    shares = [float(r or 0) for r in results[len(mqa.METRICS) :]]
    yield from of.measured(POINTS, Literal(points))
    own = Literal(tag_quality.points_of(shares))
    yield from of.measured(own_iri(base), own)
    yield from metrics(base)


def place_measurements(
    base: str,
    page: str,
    place: URIRef,
    sums: Sequence[tuple[Column, Sum]],
    datasets: int,
    means: tuple[float, float],
    time: datetime | None,
) -> Iterator[Triple]:
    """What was measured of many datasets: the share of the points of each metric, and the means.

    ``means`` are those of MQA and of tag quality; ``page`` is the address of this description.
    """
    of = _Of(place, page, time)
    for column, each in sums:
        looked_at = (datasets - each.unknown) * column.points
        if looked_at:
            share = _share(each.points / looked_at)
            yield from of.measured(column_iri(base, column), share)
    for metric, mean in zip((POINTS, own_iri(base)), means, strict=True):
        yield from of.measured(metric, Literal(Decimal(str(mean))))
    yield from metrics(base)


def metrics(base: str) -> Iterator[Triple]:
    """All metrics, with the dimensions that they belong to."""
    ours = URIRef(f"{base}/{OURS}#tags")
    for dimension in mqa.DIMENSIONS:
        yield from _named(dimension.iri, DQV.Dimension, dimension.title)
    yield from _named(ours, DQV.Dimension, Words("Tag quality", "Taggkvalitet"))
    dimensions = {metric.id: metric.dimension.iri for metric in mqa.METRICS}
    for column in COLUMNS:
        iri = column_iri(base, column)
        yield from _named(iri, DQV.Metric, column.title, column.meaning)
        yield iri, DQV.inDimension, ours if column.is_ours else dimensions[column.id]
        kind = XSD.decimal if column.is_ours else XSD.boolean
        yield iri, DQV.expectedDataType, kind
    yield from _named(POINTS, DQV.Metric, Words("Points of MQA", "Poäng i MQA"))
    yield POINTS, DQV.expectedDataType, XSD.integer
    yield from _named(
        own_iri(base), DQV.Metric, Words("Points of tag quality", "Poäng i taggkvalitet")
    )
    yield own_iri(base), DQV.expectedDataType, XSD.integer
    yield own_iri(base), DQV.inDimension, ours


def column_iri(base: str, column: Column) -> URIRef:
    """How a metric is named."""
    return URIRef(f"{base}/{OURS}#{column.id}" if column.is_ours else f"{mqa.PIVEAU}{column.id}")


def own_iri(base: str) -> URIRef:
    """How the points of our own score are named."""
    return URIRef(f"{base}/{OURS}#points")


def _held(result: float | bool | None) -> bool | None:
    return None if result is None else bool(result)


@dataclass(frozen=True, slots=True)
class _Of:
    """What measurements are of, where they are told, and when they were made."""

    about: URIRef
    page: str
    time: datetime | None

    def measured(self, metric: URIRef, value: Literal) -> Iterator[Triple]:
        node = URIRef(f"{self.page}#{metric.rpartition('#')[2]}")
        yield node, RDF.type, DQV.QualityMeasurement
        yield node, DQV.computedOn, self.about
        yield node, DQV.isMeasurementOf, metric
        yield node, DQV.value, value
        yield self.about, DQV.hasQualityMeasurement, node
        if self.time:
            made = Literal(write_time(self.time), datatype=XSD.dateTime)
            yield node, PROV.generatedAtTime, made


def _named(
    iri: URIRef, kind: URIRef, title: Words, meaning: Words | None = None
) -> Iterator[Triple]:
    yield iri, RDF.type, kind
    for language in ("en", "sv"):
        yield iri, SKOS.prefLabel, Literal(title.said(language), lang=language)
        if meaning:
            yield iri, SKOS.definition, Literal(meaning.said(language), lang=language)


def _share(value: float) -> Literal:
    return Literal(Decimal(str(round(float(value), 3))))
