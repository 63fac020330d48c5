"""REST API: datasets, series and interfaces as publishers enter them, by program."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from rdflib import URIRef

from vocab_server.api.bodies import json_body
from vocab_server.api.parameters import window
from vocab_server.api.v1.entry_shapes import (
    entry_json,
    files_in,
    given_in,
    standing_in,
    standing_now,
)
from vocab_server.api.v1.shapes import answer, language_map, languages, listed
from vocab_server.catalog.kinds import KINDS, Kind
from vocab_server.catalog.resources import dataset_id
from vocab_server.catalog.stages import Stage, stage_named
from vocab_server.errors import FieldsRefusedError, NotFoundError, StaleError, UnguardedError
from vocab_server.listing.assets import Standing, find_asset, new_asset, save_asset
from vocab_server.listing.entries import list_entries
from vocab_server.listing.keepers import Asset
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import DCT
from vocab_server.reading import read_anew, view
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services

bp = Blueprint("api_entries", __name__, url_prefix="/api/v1/catalogs")
KIND = f"/<catalog>/<any({', '.join(KINDS)}):kind>"


@bp.get(KIND)
def index(catalog: str, kind: str) -> ResponseReturnValue:
    """The entries of a kind in a catalog with their titles: series and interfaces by IRI."""
    part, found = window(), view().catalog(catalog)
    languages()
    if KINDS[kind].is_dataset:
        chosen = Chosen(catalogs=(found.graph,), without=())
        cards, total = view().datasets.find(chosen, limit=part.limit, offset=part.offset)
        return listed((_item(c.iri, c.titles, c.stage) for c in cards), total)
    entries = list_entries(found, KINDS[kind], part.offset, part.limit)
    items = (_item(e.iri, e.texts(DCT.title), stage_named(e)) for e in entries.items)
    return listed(items, entries.total)


@bp.post(KIND)
def create(catalog: str, kind: str) -> ResponseReturnValue:
    """Enter something new: 201 with its address and its ETag."""
    asset, content = new_asset(catalog, KINDS[kind]), _content()
    if not content.get("title"):
        raise FieldsRefusedError((("title", _("Write what it is called.")),))
    standing = standing_in(content, Standing(KINDS[kind].stages[0]))
    _save(asset, content, standing)
    response = _told(find_asset(catalog, asset.id))
    response.status_code = 201
    response.headers["Location"] = url_for(
        ".show", catalog=catalog, kind=kind, name=asset.id, _external=False
    )
    return response


@bp.get(f"{KIND}/<name>")
def show(catalog: str, kind: str, name: str) -> ResponseReturnValue:
    """One entry as it was entered, with its ETag."""
    return _told(_find(catalog, KINDS[kind], name))


@bp.put(f"{KIND}/<name>")
def replace(catalog: str, kind: str, name: str) -> ResponseReturnValue:
    """Make an entry say this and nothing else; what is not sent of its standing and files stays."""
    asset, content = _seen(catalog, KINDS[kind], name), _content()
    _save(asset, content, standing_in(content, standing_now(asset)))
    return _told(find_asset(catalog, name))


@bp.delete(f"{KIND}/<name>")
def withdraw(catalog: str, kind: str, name: str) -> ResponseReturnValue:
    """Withdraw an entry: it keeps its address and its page, and leaves lists and feeds."""
    asset = _seen(catalog, KINDS[kind], name)
    content = {**entry_json(asset), "stage": Stage.WITHDRAWN}
    _save(asset, content, standing_in(content, standing_now(asset)))
    return _told(find_asset(catalog, name))


def _item(iri: URIRef, titles: Sequence[Label], stage: str | None) -> dict[str, Any]:
    told = {
        "id": dataset_id(services().settings.base, iri),
        "iri": iri,
        "title": language_map(titles),
    }
    return told | ({"stage": stage} if stage else {})


def _save(asset: Asset, content: dict[str, Any], standing: Standing) -> None:
    files = files_in(content, asset)
    _stage, filled = save_asset(asset, given_in(content, asset.kind), standing, files)
    if filled.problems:
        raise FieldsRefusedError(filled.problems)
    read_anew()


def _content() -> dict[str, Any]:
    found = json_body()
    if not isinstance(found, dict):
        raise FieldsRefusedError((("", _("Give an object.")),))
    return found


def _find(catalog: str, kind: Kind, name: str) -> Asset:
    asset = find_asset(catalog, name)
    if asset.kind is not kind:
        raise NotFoundError("There is nothing of that kind with the id %(name)r.", name=name)
    return asset


def _seen(catalog: str, kind: Kind, name: str) -> Asset:
    """An entry that is as the caller read it. Raises UnguardedError and StaleError."""
    asset = _find(catalog, kind, name)
    if "If-Match" not in request.headers:
        raise UnguardedError(
            "Say which state you read: send its ETag as If-Match. Nothing was changed."
        )
    if not request.if_match.contains(asset.tag):
        raise StaleError(
            "Somebody changed %(iri)s meanwhile. Nothing is saved: look at it again first.",
            iri=asset.dataset.iri,
        )
    return asset


def _told(asset: Asset) -> Response:
    response = answer(entry_json(asset))
    response.set_etag(asset.tag)
    response.headers["Cache-Control"] = "private, no-store"
    return response
