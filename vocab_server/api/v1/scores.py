"""REST API: the scores of datasets, catalogs and publishers."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.parameters import choice, iri, window
from vocab_server.api.v1.shapes import answer, language, languages, listed, named
from vocab_server.catalog.catalogs import find_catalog
from vocab_server.database.scores import Kind, Point, Scores, Summary
from vocab_server.errors import NotFoundError
from vocab_server.operation.score_facts import Scored
from vocab_server.operation.scoring import score_dataset
from vocab_server.quality.mqa import grade_of
from vocab_server.quality.score_sums import COLUMNS, PLACE, Column, Sum, fix_first, sums_of
from vocab_server.rdf.languages import Label
from vocab_server.reading import view
from vocab_server.retagging import find_dataset
from vocab_server.services import services
from vocab_server.skos.labels import labels_of

bp = Blueprint("api_scores", __name__, url_prefix="/api/v1")


@bp.get("/datasets/<dataset>/score")
def dataset(dataset: str) -> ResponseReturnValue:
    """The scores of a dataset as it is now."""
    found = find_dataset(dataset)
    scored = score_dataset(services(), view(), found.iri)
    if scored is None:
        raise NotFoundError(f"{found.iri} is not scored: it is not passed on to other portals.")
    return _unkept(answer(_scored(scored)))


@bp.get("/scores")
def index() -> ResponseReturnValue:
    """The scores of all catalogs, or of all publishers."""
    kind, wanted = Kind(choice("kind", tuple(Kind), Kind.CATALOG)), window()
    table = Scores(services().database)
    some = table.summaries(kind, limit=wanted.limit, offset=wanted.offset)
    names = labels_of(view().store, [URIRef(each.place) for each in some], languages())
    items = [
        _place(each.kind, URIRef(each.place), names.get(URIRef(each.place)))
        | {"datasets": each.datasets}
        | _means(each)
        for each in some
    ]
    return _unkept(listed(items, table.count_places(kind)))


@bp.get("/scores/metrics")
def metrics() -> ResponseReturnValue:
    """What is measured."""
    wanted = language()
    items = [
        _metric(column)
        | {
            "title": column.title.said(wanted),
            "description": column.meaning.said(wanted),
            "remedy": column.remedy.said(wanted),
            "source": column.source,
        }
        for column in COLUMNS
    ]
    return listed(items, len(items))


@bp.get("/scores/place")
def place() -> ResponseReturnValue:
    """The scores of one catalog or publisher."""
    about = iri("iri")
    is_catalog = find_catalog(view().catalogs, about) is not None
    if not is_catalog and not view().datasets.count_of(about):
        raise NotFoundError(f"There is no catalog or publisher {about} here.")
    table = Scores(services().database)
    found = table.summary(about)
    name = labels_of(view().store, [about], languages()).get(about)
    told = _place(Kind.CATALOG if is_catalog else Kind.PUBLISHER, about, name)
    return _unkept(answer(told | _details(found, table.trend(about))))


def _details(found: Summary | None, trend: Sequence[Point]) -> dict[str, Any]:
    sums = sums_of(found.details) if found else {}
    datasets = found.datasets if found else 0
    return {
        "datasets": datasets,
        **(_means(found) if found else {}),
        "metrics": [
            _metric(COLUMNS[PLACE[id_]]) | _counted(each, datasets) for id_, each in sums.items()
        ],
        "firstToDo": [
            {"metric": gain.column.id, "datasets": gain.datasets, "points": gain.points}
            for gain in fix_first(datasets, sums)
        ],
        "history": [
            {
                "since": point.day.isoformat(),
                "mqa": point.mqa,
                "tagQuality": point.tags,
                "datasets": point.datasets,
            }
            for point in trend
        ],
    }


def _counted(found: Sum, datasets: int) -> dict[str, Any]:
    looked_at = datasets - found.unknown
    points = {"points": round(found.points / looked_at, 1)} if looked_at > 0 else {}
    return {"lacking": found.lacking, "unchecked": found.unknown, **points}


def _scored(scored: Scored) -> dict[str, Any]:
    return {
        "iri": scored.dataset.iri,
        "mqa": scored.mqa_points,
        "grade": grade_of(scored.mqa_points).id,
        "tagQuality": scored.tag_points,
        "unchecked": scored.unknown_points,
        "metrics": [
            _metric(column)
            | ({} if result is None else {"points": round(float(result) * column.points, 1)})
            for column, result in zip(COLUMNS, scored.results, strict=True)
        ],
    }


def _metric(column: Column) -> dict[str, Any]:
    score = "tagQuality" if column.is_ours else "mqa"
    return {"id": column.id, "score": score, "possible": column.points}


def _means(found: Summary) -> dict[str, Any]:
    return {"mqa": found.mqa, "grade": grade_of(found.mqa).id, "tagQuality": found.tags}


def _place(kind: Kind, about: URIRef, name: Label | None) -> dict[str, Any]:
    catalog = find_catalog(view().catalogs, about)
    return {
        "iri": about,
        "kind": kind,
        **({"id": catalog.id} if catalog else {}),
        **named(catalog.title if catalog else name),
    }


def _unkept(response: Response) -> Response:
    """The answer, which depends on more than the snapshot: it is not kept anywhere."""
    response.headers["Cache-Control"] = "no-store"
    return response
