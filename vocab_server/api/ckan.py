"""Reading datasets as from a CKAN site (CKAN API 3, read-only): for tools that know no DCAT.

Packages have the shape that ckanext-dcat gives them; names are the ids that datasets have here, and
organizations are our catalogs.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from inspect import cleandoc
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from vocab_server.api.ckan_query import facets_of, filtered, order_of, titled
from vocab_server.api.parameters import LONGEST
from vocab_server.catalog.catalogs import Registration
from vocab_server.catalog.resources import Dataset, Distribution, dataset_id, read_datasets
from vocab_server.errors import GoneError, InvalidError, NotFoundError, VocabServerError
from vocab_server.rdf.languages import Label, resolve
from vocab_server.rdf.licences import is_known_licence, licence_name
from vocab_server.rdf.namespaces import DCT
from vocab_server.reading import languages, view
from vocab_server.retagging import find_card
from vocab_server.search.dataset_documents import DatasetCard
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.skos.hierarchy import local_name
from vocab_server.skos.labels import labels_of

bp = Blueprint("ckan", __name__)

ROWS = 10  # as CKAN's own default
MOST = 1_000
NAMES = 1_000  # of one package_list
FURTHEST = 1_000_000  # place in a list
STATUS = {
    NotFoundError: (HTTPStatus.NOT_FOUND, "Not Found Error"),
    GoneError: (HTTPStatus.NOT_FOUND, "Not Found Error"),
    InvalidError: (HTTPStatus.CONFLICT, "Validation Error"),
}


View = Callable[..., ResponseReturnValue]
ACTIONS: dict[str, str] = {}  # what each does


def _action(name: str) -> Callable[[View], View]:
    """Let a view answer to an action, with the version in its address or without."""

    def add(view: View) -> View:
        if not name.startswith("<"):
            ACTIONS[name] = cleandoc(view.__doc__ or "")
        for prefix in ("/api/3/action", "/api/action"):
            bp.add_url_rule(f"{prefix}/{name}", view_func=view, methods=["GET", "POST"])
        return view

    return add


@bp.errorhandler(VocabServerError)
def ckan_error(error: VocabServerError) -> ResponseReturnValue:
    """An error in CKAN's shape, with the status that CKAN gives it."""
    unknown = (HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error")
    status, kind = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), unknown)
    told = {"message": str(error), "__type": kind}
    return jsonify(help=_help(), success=False, error=told), status


@_action("package_search")
def package_search() -> ResponseReturnValue:
    """The datasets that have all the words of q and pass the filters of fq, newest first.

    With words the best match goes first, unless sort says otherwise; start and rows make pages.
    facet.field counts the values of fields, at most facet.limit of each.
    """
    asked = _asked()
    text = "" if asked.get("q", "") in ("", "*:*") else asked["q"]
    rows, start = _number(asked, "rows", ROWS, MOST), _number(asked, "start", 0, FURTHEST)
    order, is_rising = order_of(asked.get("sort", ""))
    chosen = Chosen(
        text=text.strip()[:LONGEST],
        languages=tuple(languages()),
        either=filtered(asked.get("fq", "")),
    )
    cards, total = view().datasets.find(
        chosen, limit=max(1, rows), offset=start, order=order, is_rising=is_rising
    )
    facets = facets_of(asked, chosen)
    found = {"count": total, "results": _packages(cards[:rows]), "sort": asked.get("sort", "")}
    return _answer({**found, "facets": facets, "search_facets": titled(facets)})


@_action("package_show")
def package_show() -> ResponseReturnValue:
    """One dataset by its id here."""
    identifier = _asked().get("id", "")
    if not identifier:
        raise InvalidError("id: Missing value")
    return _answer(_packages([find_card(identifier)])[0])


@_action("package_list")
def package_list() -> ResponseReturnValue:
    """The ids of datasets, in an order that stays; at most NAMES of them at a time."""
    asked = _asked()
    limit = max(1, _number(asked, "limit", NAMES, NAMES))
    offset = _number(asked, "offset", 0, FURTHEST)
    cards, _total = view().datasets.find(Chosen(), limit=limit, offset=offset, order="place")
    return _answer([card.id for card in cards])


@_action("organization_list")
def organization_list() -> ResponseReturnValue:
    """The catalogs: their ids, or with ``all_fields`` what they are called."""
    if _asked().get("all_fields", "").lower() not in ("true", "1"):
        return _answer([catalog.id for catalog in view().catalogs])
    counts = view().datasets.catalogs()
    return _answer(
        [
            {**_organization(each), "package_count": counts.get(each.graph, 0)}
            for each in view().catalogs
        ]
    )


@_action("site_read")
@_action("status_show")
def status_show() -> ResponseReturnValue:
    """That there is a site, for clients that ask first."""
    return _answer({"site_url": services().settings.base, "ckan_version": "2.10", "extensions": []})


@_action("help_show")
def help_show() -> ResponseReturnValue:
    """What an action does, by its name: where the help of each answer leads."""
    name = _asked().get("name", "")
    if name not in ACTIONS:
        raise NotFoundError(f"There is no action {name!r} here; there are {', '.join(ACTIONS)}.")
    return _answer(ACTIONS[name])


@_action("<name>")
def unknown(name: str) -> ResponseReturnValue:
    """That there is no such action, as CKAN says it."""
    return jsonify(f"Bad request - Action name not known: {name}"), HTTPStatus.BAD_REQUEST


def _asked() -> dict[str, str]:
    """What was asked for, in the address or as JSON: CKAN takes both."""
    content = request.get_json(silent=True) if request.method == "POST" else None
    posted = content if isinstance(content, dict) else request.form
    found = {**request.args, **posted}
    return {str(name): _as_text(value) for name, value in found.items() if value is not None}


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _number(asked: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = asked.get(name, str(usual))
    if not text.isdecimal() or len(text) > 9 or int(text) > FURTHEST:
        raise InvalidError(f"{name}: Give a whole number from 0 to {most}.")
    return min(int(text), most)


def _packages(cards: Sequence[DatasetCard]) -> list[dict[str, Any]]:
    """The datasets in CKAN's shape; a few queries for all."""
    found = list(read_datasets(view().store, [card.iri for card in cards]))
    concepts = {card.iri: card.concepts for card in cards}
    names = labels_of(view().store, {c for some in concepts.values() for c in some}, languages())
    return [
        _package(dataset, [n for c in concepts.get(dataset.iri, ()) if (n := names.get(c))])
        for dataset in found
    ]


def _package(dataset: Dataset, concepts: Iterable[Label]) -> dict[str, Any]:
    base = services().settings.base
    identifier = dataset_id(base, dataset.iri)
    catalog = next(each for each in view().catalogs if each.graph in dataset.graphs)
    words = dict.fromkeys(word.text for word in (*dataset.keywords, *concepts))
    contact = dataset.contacts[0] if dataset.contacts else None
    return {
        "id": identifier,
        "name": identifier,
        "title": _text(dataset.titles) or local_name(dataset.iri),
        "notes": _text(dataset.descriptions),
        "url": f"{base}/datasets/{identifier}",
        "state": "active",
        "type": "dataset",
        "private": False,
        "isopen": any(map(is_known_licence, dataset.licences)),
        "metadata_created": dataset.resource.first(DCT.issued) or None,
        "metadata_modified": dataset.resource.first(DCT.modified) or None,
        "license_id": licence_name(dataset.licences[0]) if dataset.licences else None,
        "license_url": dataset.licences[0] if dataset.licences else None,
        "maintainer": _text(contact.names) if contact else None,
        "maintainer_email": contact.email if contact else None,
        "owner_org": catalog.id,
        "organization": _organization(catalog),
        "tags": [{"name": word, "display_name": word, "state": "active"} for word in words],
        "num_tags": len(words),
        "resources": [_resource(part, identifier) for part in dataset.distributions],
        "num_resources": len(dataset.distributions),
        "extras": [
            {"key": "uri", "value": str(dataset.iri)},
            *(
                {"key": "publisher_name", "value": _text(agent.names)}
                for agent in dataset.publishers[:1]
            ),
        ],
    }


def _organization(catalog: Registration) -> dict[str, Any]:
    return {
        "id": catalog.id,
        "name": catalog.id,
        "title": catalog.title.text,
        "type": "organization",
        "is_organization": True,
        "state": "active",
    }


def _resource(part: Distribution, package: str) -> dict[str, Any]:
    return {
        "id": dataset_id(services().settings.base, part.iri),
        "package_id": package,
        "name": _text(part.titles) or None,
        "description": _text(part.descriptions) or None,
        "format": part.formats[0].upper() if part.formats else "",
        "url": part.addresses[0] if part.addresses else "",
        "uri": str(part.iri),
        "state": "active",
    }


def _text(texts: Iterable[Label]) -> str:
    found = resolve(tuple(texts), languages())
    return found.text if found else ""


def _answer(result: object) -> Response:
    return jsonify(help=_help(), success=True, result=result)


def _help() -> str:
    """Where CKAN explains a call; clients learn from it which site they are on."""
    name = request.path.rpartition("/")[2]
    return f"{services().settings.base}/api/3/action/help_show?name={name}"
