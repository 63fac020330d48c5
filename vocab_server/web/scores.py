"""Pages of scores: of a dataset, a catalog and a publisher, over time, and what to do first.

The same addresses give the measurements as linked data to who asks for it (DQV; RFC 9110, 12.5.1).
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.database.scores import Kind, Point, Progress, Scores, Summary
from vocab_server.errors import NotFoundError
from vocab_server.operation.score_facts import Scored
from vocab_server.operation.scoring import score_dataset
from vocab_server.quality import dqv, mqa, tag_quality
from vocab_server.quality.score_sums import (
    COLUMNS,
    PLACE,
    Column,
    Gain,
    Sum,
    fix_first,
    sums_of,
    unknown_mean,
)
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, content_type, negotiate
from vocab_server.rdf.languages import Label, resolve
from vocab_server.reading import (
    Link,
    Page,
    document_url,
    interface_language,
    languages,
    page_number,
    shown,
    view,
    with_language,
)
from vocab_server.retagging import catalogs_of, find_dataset
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.store.embedded import can_hold
from vocab_server.store.serialization import convert
from vocab_server.web.charts import Chart, draw_shares
from vocab_server.web.quality import unkept
from vocab_server.web.score_places import (
    Place,
    catalog_place,
    lacking_rows,
    listed_places,
    publisher_place,
)
from vocab_server.web.score_texts import FAULTS

bp = Blueprint("scores", __name__)

HTML = "text/html"
OFFERS = (HTML, *(form.media_type for form in DESCRIPTION_FORMATS))
ROWS = 25  # datasets on a page
FIRST = 12  # things to do that a page lists
LISTED = 100  # places of a kind on a page
NO_PROGRESS = Progress()


@dataclass(frozen=True, slots=True)
class Why:
    """A reason why points are missing: of a concept (``link``), of a word, or of all."""

    text: str
    link: Link | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A metric as pages show it; ``points`` is None when nobody looked yet.

    ``unknown`` is of how many datasets that is so.
    """

    column: Column
    points: float | None
    reasons: Sequence[Why] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Some metrics together, with their points in all."""

    title: str
    points: float
    most: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Trend:
    """Scores over time: a chart, and the points of its table, newest first."""

    chart: Chart
    points: Sequence[Point]


@bp.get("/scores")
def index() -> ResponseReturnValue:
    """The scores of all catalogs and publishers."""
    table, number = Scores(services().database), page_number()
    start = (number - 1) * LISTED
    page = render_template(
        "scores/index.html",
        listed={
            kind: listed_places(table.summaries(kind, limit=LISTED, offset=start)) for kind in Kind
        },
        page=Page((), number, LISTED, max(map(table.count_places, Kind))),
        **score_values(table.progress()),
    )
    return unkept(make_response(page))


@bp.get("/scores/metrics")
def metrics() -> ResponseReturnValue:
    """What is measured: the metrics of MQA, and ours."""
    if wanted_type() != HTML:
        return as_rdf(dqv.metrics(services().settings.base))
    response = make_response(
        render_template("scores/metrics.html", columns=COLUMNS, **score_values())
    )
    response.vary.add("Accept")
    return response


@bp.get("/datasets/<identifier>/score")
def dataset(identifier: str) -> ResponseReturnValue:
    """The scores of a dataset: points got and possible, why, and what to do."""
    found, table = find_dataset(identifier), Scores(services().database)
    scored = score_dataset(services(), view(), found.iri)
    base = services().settings.base
    if wanted_type() != HTML:
        if scored is None:
            raise NotFoundError(
                "%(iri)s is not scored: it is not passed on to other portals.", iri=found.iri
            )
        here = f"{base}{request.path}"
        return as_rdf(
            dqv.dataset_measurements(base, here, found.iri, scored.results, datetime.now(UTC))
        )
    page = render_template(
        "scores/dataset.html",
        identifier=identifier,
        name=_text(found.titles) or Label(local_name(found.iri)),
        catalogs=catalogs_of(found),
        scored=scored,
        sections=_sections(scored) if scored else [],
        trend=_trend(table.trend_of_dataset(found.iri)),
        **score_values(table.progress()),
    )
    return negotiated(page)


@bp.get("/catalogs/<identifier>/score")
def catalog(identifier: str) -> ResponseReturnValue:
    """The scores of a catalog."""
    return _place_page(catalog_place(identifier))


@bp.get("/publishers/score")
def publisher() -> ResponseReturnValue:
    """The scores of the publisher ``iri``."""
    return _place_page(publisher_place())


@bp.get("/catalogs/<identifier>/score/<column>")
def lacking(identifier: str, column: str) -> ResponseReturnValue:
    """The datasets of a catalog where a metric fails."""
    return _lacking_page(catalog_place(identifier), column)


@bp.get("/publishers/score/<column>")
def lacking_of_publisher(column: str) -> ResponseReturnValue:
    """The datasets of the publisher ``iri`` where a metric fails."""
    return _lacking_page(publisher_place(), column)


def first_to_do(identifier: str, most: int) -> tuple[Place, list[Gain]]:
    """What the datasets of a catalog gain most points by."""
    place = catalog_place(identifier)
    summary = Scores(services().database).summary(place.iri)
    return place, _gains(summary)[:most] if summary else []


def _place_page(place: Place) -> ResponseReturnValue:
    table = Scores(services().database)
    summary = table.summary(place.iri)
    if wanted_type() != HTML:
        return _place_rdf(place, summary, table.progress())
    page = render_template(
        "scores/place.html",
        place=place,
        summary=summary,
        unknown=unknown_mean(summary.datasets, sums_of(summary.details)) if summary else 0,
        sections=_sums(summary) if summary else [],
        gains=_gains(summary)[:FIRST] if summary else [],
        trend=_trend(table.trend(place.iri)),
        **score_values(table.progress()),
    )
    return negotiated(page)


def _place_rdf(place: Place, summary: Summary | None, progress: Progress) -> Response:
    if summary is None:
        raise NotFoundError("There are no scores of %(iri)s yet.", iri=place.iri)
    base, sums = services().settings.base, sums_of(summary.details)
    query = f"?{urlencode({'iri': place.iri})}" if place.kind is Kind.PUBLISHER else ""
    return as_rdf(
        dqv.place_measurements(
            base,
            f"{base}{request.path}{query}",
            place.iri,
            [(COLUMNS[PLACE[id_]], each) for id_, each in sums.items()],
            summary.datasets,
            (summary.mqa, summary.tags),
            progress.ended,
        )
    )


def _lacking_page(place: Place, name: str) -> ResponseReturnValue:
    column, number = _column(name), page_number()
    found, total = Scores(services().database).lacking(
        place.iri, PLACE[name], limit=ROWS, offset=(number - 1) * ROWS
    )
    page = render_template(
        "scores/lacking.html",
        place=place,
        column=column,
        page=Page(lacking_rows(found, column), number, ROWS, total),
        **score_values(),
    )
    return unkept(make_response(page))


def _column(name: str) -> Column:
    if name not in PLACE:
        raise NotFoundError("There is no metric %(name)r. See /scores/metrics.", name=name)
    return COLUMNS[PLACE[name]]


def _sections(scored: Scored) -> list[Section]:
    """The metrics of a dataset by dimension, ours last."""
    reasons = _reasons(scored)
    lines = [
        Line(
            column,
            None if result is None else round(float(result) * column.points, 1),
            reasons.get(column.id, ()),
        )
        for column, result in zip(COLUMNS, scored.results, strict=True)
    ]
    return list(_by_dimension(lines))


def _sums(summary: Summary) -> list[Section]:
    """The metrics of a place by dimension with the mean points of its datasets."""
    sums = sums_of(summary.details)
    lines = [
        Line(
            column,
            _mean(found, summary.datasets, column),
            unknown=found.unknown if found else summary.datasets,
        )
        for column in COLUMNS
        for found in [sums.get(column.id)]
    ]
    return list(_by_dimension(lines))


def _mean(found: Sum | None, datasets: int, column: Column) -> float | None:
    """The mean points of the datasets that were looked at."""
    if found is None or datasets <= found.unknown:
        return None
    return min(round(found.points / (datasets - found.unknown), 1), column.points)


def _by_dimension(lines: Sequence[Line]) -> Iterable[Section]:
    ids = {metric.id: metric.dimension for metric in mqa.METRICS}
    for dimension in mqa.DIMENSIONS:
        own = [each for each in lines if ids.get(each.column.id) is dimension]
        yield _section(dimension.title.said(interface_language()), own)
    yield _section("", [each for each in lines if each.column.is_ours])


def _section(title: str, lines: Sequence[Line]) -> Section:
    points = round(sum(line.points or 0 for line in lines), 1)
    return Section(title, points, sum(line.column.points for line in lines), lines)


def _reasons(scored: Scored) -> dict[str, list[Why]]:
    """Why points of tag quality are missing; one look-up of names for all."""
    found = {
        part.id: problems
        for part, (_share, problems) in zip(tag_quality.PARTS, scored.tags, strict=True)
    }
    iris = {URIRef(p.about) for some in found.values() for p in some if _is_iri(p.about)}
    names = labels_of(view().store, iris, languages())
    return {id_: [_why(p, names) for p in problems] for id_, problems in found.items()}


def _why(problem: tag_quality.Problem, names: dict[URIRef, Label]) -> Why:
    text = str(FAULTS[problem.fault])
    if not _is_iri(problem.about):
        return Why(text, word=problem.about)
    iri = URIRef(problem.about)
    label = shown(names.get(iri) or Label(local_name(iri)))
    return Why(text, Link(with_language(document_url(iri)), label, iri=iri))


def _is_iri(text: str) -> bool:
    return "://" in text and can_hold(text)


def _gains(summary: Summary) -> list[Gain]:
    return fix_first(summary.datasets, sums_of(summary.details))


def _trend(points: Sequence[Point]) -> Trend | None:
    if not points:
        return None
    chart = draw_shares(
        [point.day for point in points],
        [
            ("mqa", [point.mqa / mqa.MOST for point in points]),
            ("tags", [point.tags / tag_quality.MOST for point in points]),
        ],
        datetime.now(UTC).date(),
    )
    return Trend(chart, points[::-1])


def score_values(progress: Progress = NO_PROGRESS) -> dict[str, object]:
    """What all pages of scores use."""
    language = interface_language()
    return {
        "said": lambda words: words.said(language),
        "grade_of": mqa.grade_of,
        "most": mqa.MOST,
        "most_tags": tag_quality.MOST,
        "progress": progress,
    }


def _text(texts: Sequence[Label]) -> Label | None:
    found = resolve(texts, languages())
    return shown(found) if found else None


def wanted_type() -> str:
    """The media type that a page of scores is asked for in."""
    return negotiate(request.headers.get("Accept"), OFFERS)


def negotiated(page: str) -> Response:
    """A page at whose address there is linked data too."""
    response = make_response(page)
    response.vary.add("Accept")
    return unkept(response)


def as_rdf(triples: Iterable[Triple]) -> Response:
    """Triples in the format that is asked for."""
    media_type, written = wanted_type(), io.BytesIO()
    convert("\n".join(sorted(set(to_lines(triples)))).encode(), media_type, written)
    response = Response(written.getvalue(), content_type=content_type(media_type))
    response.vary.add("Accept")
    return unkept(response)
