"""REST API: datasets of all catalogs, and the concepts that they are tagged with."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.parameters import LONGEST, choice, iri, window
from vocab_server.api.v1.shapes import answer, language, language_map, languages, listed, named
from vocab_server.catalog.resources import Dataset, dataset_id
from vocab_server.errors import InvalidError
from vocab_server.rdf.languages import Label, display_tag, resolve
from vocab_server.reading import view
from vocab_server.retagging import (
    ShownTag,
    catalogs_of,
    find_dataset,
    shown_tags,
    tag_dataset,
    untag_dataset,
)
from vocab_server.search.dataset_documents import FACETS, DatasetCard
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of
from vocab_server.skos.resolving import Status
from vocab_server.store.embedded import can_hold

bp = Blueprint("api_datasets", __name__, url_prefix="/api/v1/datasets")

MOST_CONCEPTS = 10  # that a list is narrowed by


@bp.get("")
def index() -> ResponseReturnValue:
    """The datasets under all of the given concepts and facets, best match or newest first."""
    chosen, wanted = _chosen(), window()
    cards, total = view().datasets.find(chosen, limit=wanted.limit, offset=wanted.offset)
    concepts = {concept for card in cards for concept in card.concepts}
    publishers = {publisher for card in cards for publisher in card.publishers}
    names = labels_of(view().store, concepts | publishers, languages())
    return listed((_item(card, names) for card in cards), total)


@bp.get("/<dataset>")
def show(dataset: str) -> ResponseReturnValue:
    """One dataset with its tags."""
    return answer(_described(find_dataset(dataset)))


@bp.put("/<dataset>/tags")
def tag(dataset: str) -> ResponseReturnValue:
    """Tag a dataset with a concept: 201 when that is new, 200 when it had the tag already."""
    concept, is_new = tag_dataset(find_dataset(dataset), iri("concept"))
    names = labels_of(view().store, [concept], languages())
    return answer({"iri": concept, **named(names.get(concept))}), 201 if is_new else 200


@bp.delete("/<dataset>/tags")
def untag(dataset: str) -> ResponseReturnValue:
    """Take a tag from a dataset; that it was not there is no error."""
    concept = iri("concept")
    untag_dataset(find_dataset(dataset), concept)
    return answer({"iri": concept})


def _chosen() -> Chosen:
    concepts = request.args.getlist("concept")
    if len(concepts) > MOST_CONCEPTS or not all(map(can_hold, concepts)):
        raise InvalidError(
            f"The parameter concept must be the IRI of a resource, at most {MOST_CONCEPTS} times."
        )
    named_catalog = request.args.get("catalog")
    return Chosen(
        concepts=tuple(dict.fromkeys(concepts)),
        facets=tuple((name, v) for name in FACETS if (v := request.args.get(name))),
        catalogs=(view().catalog(named_catalog).graph,) if named_catalog else (),
        text=request.args.get("q", "").strip()[:LONGEST],
        languages=tuple(languages()),
        is_exact=choice("includeNarrower", ("true", "false"), "true") == "false",
    )


def _item(card: DatasetCard, names: Mapping[URIRef, Label]) -> dict[str, Any]:
    return {
        "id": card.id,
        "iri": card.iri,
        **_title(card.titles, card.iri),
        "publisher": [_linked(p, names.get(p)) for p in card.publishers],
        "catalog": _catalogs(card.graphs),
        "tags": [_linked(concept, names.get(concept)) for concept in card.concepts],
        "format": list(card.formats),
        "license": list(card.licences),
        **({"modified": card.modified} if card.modified else {}),
    }


def _described(dataset: Dataset) -> dict[str, Any]:
    wanted = tuple(languages())
    base = services().settings.base
    return {
        "id": dataset_id(base, dataset.iri),
        "iri": dataset.iri,
        "title": language_map(dataset.titles),
        "description": language_map(dataset.descriptions),
        "keyword": language_map(dataset.keywords),
        "publisher": [_linked(p.iri, resolve(p.names, wanted)) for p in dataset.publishers],
        "catalog": [catalog.id for catalog in catalogs_of(dataset)],
        "theme": list(dataset.themes),
        "format": list(dataset.formats),
        "license": list(dataset.licences),
        "distribution": [
            {"iri": part.iri, "accessURL": list(part.addresses), "format": list(part.formats)}
            for part in dataset.distributions
        ],
        "tags": [_tag(found) for found in shown_tags(dataset, wanted)],
    }


def _tag(found: ShownTag) -> dict[str, Any]:
    """A tag; its status says what became of its concept, and what was stated when it is another."""
    label = dict(found.resolved.replaced_by).get(found.concept, found.resolved.label)
    told = {
        **_linked(found.concept, label),
        "origin": found.tag.origin,
        "status": found.resolved.status,
    }
    if found.concept != found.tag.concept:
        told["stated"] = found.tag.concept
    if found.resolved.status is Status.SPLIT:
        told["isReplacedBy"] = [_linked(*each) for each in found.resolved.replaced_by]
    return told | ({"created": found.tag.created} if found.tag.created else {})


def _title(titles: Iterable[Label], iri: URIRef) -> dict[str, str]:
    found = resolve(titles, languages()) or Label(local_name(iri), language())
    return {"title": found.text, "lang": display_tag(found.language)}


def _linked(iri: URIRef, label: Label | None) -> dict[str, Any]:
    return {"iri": iri, **named(label)}


def _catalogs(graphs: Iterable[URIRef]) -> list[str]:
    return [catalog.id for catalog in view().catalogs if catalog.graph in graphs]
