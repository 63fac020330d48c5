"""What all answers of the JSKOS API share: pages of lists, chosen properties, errors."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.api.problems import STATUS
from vocab_server.errors import InvalidError, NotFoundError, StoreUnavailableError, VocabServerError
from vocab_server.services import services
from vocab_server.store.embedded import can_hold

bp = Blueprint("answers", __name__)

Body = dict[str, Any]

PREFIX = "/jskos"
CONTEXT = "https://gbv.github.io/jskos/context.json"
LIMIT = 100  # items of an answer unless it says how many
MOST = 1_000  # items of an answer; Link leads to the next
LARGEST_OFFSET = 1_000_000_000
URIS = 500  # resources that one request may name
ADDED = ("narrower", "ancestors")  # properties that come only when they are asked for
_ERRORS = (
    (NotFoundError, "EntityNotFoundError"),
    (InvalidError, "MalformedRequestError"),
    (StoreUnavailableError, "DatabaseAccessError"),
)


@bp.get("/", defaults={"path": ""})
@bp.get("/<path:path>")
def nothing(path: str) -> ResponseReturnValue:
    """What the API has not. Raises NotFoundError."""
    raise NotFoundError(f"There is no {PREFIX}/{path} here; {PREFIX}/status says what there is.")


def refusal(error: VocabServerError) -> Response:
    """An error as jskos-server names it."""
    status = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    name = next((name for kind, name in _ERRORS if isinstance(error, kind)), "BackendError")
    response = jsonify(error=name, status=status.value, message=str(error))
    response.status_code = status
    return response


def address(path: str) -> str:
    """The full address of something in this API."""
    return f"{services().settings.base}{PREFIX}{path}"


def window() -> tuple[int, int]:
    """How many items are wanted, at most MOST, and from which on. Raises InvalidError."""
    return min(_number("limit", LIMIT, 1), MOST), min(_number("offset", 0, 0), LARGEST_OFFSET)


def _number(name: str, otherwise: int, least: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 12) or int(text) < least:
        raise InvalidError(f"Parameter `{name}` must be a whole number from {least} on.")
    return int(text)


def several(name: str) -> list[str]:
    """The values of a parameter, which stand between bars."""
    return [value for value in request.args.get(name, "").split("|") if value]


def several_iris(name: str) -> list[URIRef]:
    """The IRIs of a parameter; what is none is nothing that we hold. Raises InvalidError."""
    found = list(dict.fromkeys(several(name)))
    if len(found) > URIS:
        raise InvalidError(f"Parameter `{name}` may name at most {URIS} resources.")
    return [URIRef(iri) for iri in found if can_hold(iri)]


def listed(items: Sequence[Body], total: int, limit: int, offset: int) -> Response:
    """A page of a list, with links to the others and how many items there are in all."""
    response = _chosen(items)
    response.headers["X-Total-Count"] = str(total)
    last = max(0, total - 1) // limit * limit
    places = {"first": 0, "prev": max(0, offset - limit), "next": offset + limit, "last": last}
    if offset == 0:
        del places["prev"]
    if offset + limit >= total:
        del places["next"]
    response.headers["Link"] = ", ".join(
        f'<{_here(limit, place)}>; rel="{relation}"' for relation, place in places.items()
    )
    return response


def whole(items: Sequence[Body]) -> Response:
    """A list without pages."""
    response = _chosen(items)
    response.headers["X-Total-Count"] = str(len(items))
    return response


def _here(limit: int, offset: int) -> str:
    asked = request.args.to_dict() | {"limit": str(limit), "offset": str(offset)}
    return f"{services().settings.base}{quote(request.path)}?{urlencode(asked)}"


def wanted_properties() -> tuple[set[str], set[str]]:
    """The properties to add and those to leave out, as ``properties`` says (jskos-server, API).

    ``-`` leaves out a property and all that follow, until ``+`` adds again; ``*`` adds all.
    """
    added: set[str] = set()
    removed: set[str] = set()
    is_removing = False
    for name in request.args.get("properties", "").replace(" ", "+").split(","):
        if name[:1] in ("-", "+"):
            is_removing = name[0] == "-"
        names = set(ADDED) if name == "*" else {name.lstrip("+-")}
        added = added - names if is_removing else added | names
        removed = removed | names if is_removing else removed - names
    return added, removed


def _chosen(items: Sequence[Body]) -> Response:
    _, removed = wanted_properties()
    return jsonify([{k: v for k, v in item.items() if k not in removed} for item in items])
