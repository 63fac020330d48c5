"""The register of what an organisation holds (PSI), for programs and spreadsheets."""

import csv
import io
from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from vocab_server.api.parameters import number
from vocab_server.catalog.resources import Dataset, dataset_id, read_datasets
from vocab_server.catalog.stages import Stage, blockers_of, reason_of, shown_stage
from vocab_server.rdf.languages import Label, resolve
from vocab_server.reading import languages, view
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services

bp = Blueprint("registers", __name__)
MOST = 1_000  # assets of a file; the next part begins at ?offset=
COLUMNS = ("id", "iri", "title", "description", "stage", "accessRights", "blockedBy", "reason")


@bp.get("/catalogs/<identifier>/register.json")
def entries(identifier: str) -> ResponseReturnValue:
    """A part of the register for programs: ``limit``, ``offset`` and ``total``."""
    rows, total = _part(identifier)
    return jsonify(total=total, items=list(rows))


@bp.get("/catalogs/<identifier>/register.csv")
def table(identifier: str) -> ResponseReturnValue:
    """A part of the register for spreadsheets, as UTF-8 with a mark that they know."""
    rows, total = _part(identifier)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    lines.writerows([_harmless(_joined(row[name])) for name in COLUMNS] for row in rows)
    response = Response(f"\ufeff{written.getvalue()}", content_type="text/csv; charset=utf-8")
    response.headers["X-Total-Count"] = str(total)
    response.headers["Content-Disposition"] = f'attachment; filename="{identifier}-register.csv"'
    return response


def _part(identifier: str) -> tuple[Iterator[dict[str, object]], int]:
    limit, offset = number("limit", MOST, 1, MOST), number("offset", 0, 0, 10**9)
    stage, graph = request.args.get("stage", ""), view().catalog(identifier).graph
    wanted = (stage,) if stage in set(Stage) else ()
    chosen = Chosen(catalogs=(graph,), stages=wanted, without=())
    cards, total = view().datasets.find(chosen, limit=limit, offset=offset, order="place")
    return map(_entry, read_datasets(view().store, [card.iri for card in cards])), total


def _entry(dataset: Dataset) -> dict[str, object]:
    base = services().settings.base
    texts = {
        "title": _text(dataset.titles),
        "description": _text(dataset.descriptions),
        "reason": _text(dataset.resource.texts(reason_of(base))),
    }
    return {
        "id": dataset_id(base, dataset.iri),
        "iri": str(dataset.iri),
        **texts,
        "stage": str(shown_stage(dataset)),
        "accessRights": dataset.access_rights,
        "blockedBy": [str(blocker) for blocker in blockers_of(base, dataset)],
    }


def _text(texts: Sequence[Label]) -> str:
    found = resolve(texts, languages())
    return found.text if found else ""


def _joined(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
