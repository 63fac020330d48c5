"""The coverage map: which publishers have data about which concepts, and how far it has come."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.errors import InvalidError
from vocab_server.levels import level
from vocab_server.rdf.languages import Label
from vocab_server.reading import languages, lens_for, shown, view, with_language
from vocab_server.search.dataset_documents import Openness
from vocab_server.search.dataset_find import Chosen
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.embedded import can_hold

bp = Blueprint("coverage", __name__)

CONCEPTS = 60  # rows: more than the levels of a good hierarchy have
PUBLISHERS = 12  # columns: those with most datasets


@dataclass(frozen=True, slots=True)
class Cell:
    """What a publisher has under a concept: the best stage of it, None for nothing."""

    stage: Openness | None
    counts: dict[Openness, int]
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A concept with a cell for each publisher; ``href`` is the map of what lies under it."""

    iri: URIRef
    label: Label
    href: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Map:
    """A level of a vocabulary by publishers."""

    publishers: list[tuple[str, Label]]
    rows: list[Row]
    is_cut: bool


@bp.get("/coverage")
def show() -> ResponseReturnValue:
    """The map of one level of a vocabulary as a table."""
    if not view().vocabularies:
        return render_template("coverage/show.html", found=None)
    vocabulary, concept = _vocabulary(), _concept()
    names = labels_of(view().store, [concept] if concept else [], languages())
    return render_template(
        "coverage/show.html",
        chosen_vocabulary=vocabulary.id,
        vocabularies=[(v.id, shown(v.title(languages()))) for v in view().vocabularies],
        concept=shown(names.get(concept) or Label(local_name(concept))) if concept else None,
        found=_map(vocabulary, concept),
        json=f"{url_for('.data')}?{urlencode(list(request.args.items()))}",
    )


@bp.get("/coverage.json")
def data() -> ResponseReturnValue:
    """The same for programs: for each concept and publisher how many datasets in each stage."""
    vocabulary = _vocabulary()
    found = _map(vocabulary, _concept())
    publishers = [{"iri": iri, **_named(label)} for iri, label in found.publishers]
    return jsonify(
        vocabulary=vocabulary.id,
        publishers=publishers,
        concepts=[_row(row, [iri for iri, _ in found.publishers]) for row in found.rows],
    )


def _row(row: Row, publishers: list[str]) -> dict[str, Any]:
    return {
        "iri": row.iri,
        **_named(row.label),
        "coverage": [
            {"publisher": publisher, "status": cell.stage or "missing", **cell.counts}
            for publisher, cell in zip(publishers, row.cells, strict=True)
        ],
    }


def _named(label: Label) -> dict[str, str]:
    return {"prefLabel": label.text, "lang": label.language}


def _vocabulary() -> Vocabulary:
    wanted = request.args.get("vocabulary") or _usual()
    return view().vocabulary(wanted)


def _usual() -> str:
    """The vocabulary whose concepts are used by most datasets at its top."""
    used = view().datasets.is_used
    for vocabulary in view().vocabularies:
        top = level(lens_for(vocabulary.graph), None, limit=CONCEPTS).items[:CONCEPTS]
        if any(used(item.iri) for item in top):
            return vocabulary.id
    return view().vocabularies[0].id if view().vocabularies else ""


def _concept() -> URIRef | None:
    text = request.args.get("concept", "")
    if text and not can_hold(text):
        raise InvalidError("Give the address of a concept as ?concept=.")
    return URIRef(text) if text else None


def _map(vocabulary: Vocabulary, concept: URIRef | None) -> Map:
    """One level by publishers: an aggregation for each of at most CONCEPTS concepts."""
    below = level(lens_for(vocabulary.graph), concept, limit=CONCEPTS).items
    chosen = Chosen(concepts=(concept,) if concept else ())
    publishers = [iri for iri, _ in view().datasets.facets(chosen, PUBLISHERS)["publisher"]]
    names = labels_of(view().store, map(URIRef, publishers), languages())
    rows = []
    for item in below[:CONCEPTS]:
        counts = view().datasets.coverage(item.iri)
        cells = [_cell(item.iri, iri, counts.get(iri, {})) for iri in publishers]
        rows.append(Row(item.iri, shown(item.label), _deeper(vocabulary, item.iri), cells))
    return Map(
        [(iri, shown(names.get(URIRef(iri)) or Label(local_name(iri)))) for iri in publishers],
        rows,
        len(below) > CONCEPTS,
    )


def _cell(concept: URIRef, publisher: str, counts: dict[Openness, int]) -> Cell:
    best = next((stage for stage in Openness if counts.get(stage)), None)
    query = urlencode({"concept": concept, "publisher": publisher})
    return Cell(best, counts, with_language(f"{url_for('datasets.index')}?{query}"))


def _deeper(vocabulary: Vocabulary, concept: URIRef) -> str:
    query = urlencode({"vocabulary": vocabulary.id, "concept": concept})
    return with_language(f"{url_for('.show')}?{query}")
