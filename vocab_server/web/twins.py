"""Pages whose data programs find at another address, as JSON or RDF: which, and the way there.

Who accepts that rather than HTML is led to it (RFC 9110, 12.5.1 and 15.4.4), in the same language.
"""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus

from flask import Flask, request, url_for
from flask import redirect as redirected
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from vocab_server.rdf.formats import DESCRIPTION_FORMATS, negotiate
from vocab_server.reading import with_language
from vocab_server.retagging import find_dataset
from vocab_server.services import services

HTML, JSON, TURTLE = "text/html", "application/json", "text/turtle"


def _tree(identifier: str) -> str:
    if iri := request.args.get("iri"):
        return url_for("api_concepts.narrower", iri=iri)
    scheme = request.args.get("scheme")
    return url_for("api_vocabularies.top", identifier=identifier, scheme=scheme)


def _dataset(identifier: str) -> str:
    return url_for("resources.resource", iri=find_dataset(identifier).resource.iri)


def _dataset_as_json(identifier: str) -> str:
    return url_for("api_datasets.show", dataset=identifier)


def _service(identifier: str) -> str:
    return url_for("resources.resource", iri=f"{services().settings.base}/services/{identifier}")


def _entries_as_json(identifier: str, name: str) -> str:
    return url_for("api_entries.index", catalog=identifier, kind=name)


def _file(extension: str, identifier: str) -> str:
    return url_for("graphs.download", identifier=identifier, extension=extension)


_Ways = Mapping[str, Callable[..., str]]
_FILES: _Ways = {
    form.media_type: partial(_file, form.extension) for form in DESCRIPTION_FORMATS
}  # the address of a vocabulary is its graph's (SPARQL 1.1 Graph Store HTTP Protocol, 4.1)


def _in_every_format(way: Callable[..., str]) -> _Ways:
    """One way for all: what it leads to looks at ``Accept`` itself."""
    return {form.media_type: way for form in DESCRIPTION_FORMATS}


TWINS: Mapping[str, _Ways] = {
    "catalogs.index": _in_every_format(partial(url_for, "dcat.all_catalogs")),
    "datasets.show": {**_in_every_format(_dataset), JSON: _dataset_as_json},
    "entries.index": {JSON: _entries_as_json},
    "entries.service": {**_in_every_format(_service), JSON: _service},
    "quality.show": {
        JSON: partial(url_for, "quality.data"),
        TURTLE: partial(url_for, "quality.rdf"),
    },
    "structure.circles": {JSON: partial(url_for, "api_structure.list_circles")},
    "structure.groups": {JSON: partial(url_for, "api_structure.list_groups")},
    "structure.orphans": {JSON: partial(url_for, "api_structure.list_orphans")},
    "vocabularies.index": {
        **_in_every_format(partial(url_for, "void.show")),
        JSON: partial(url_for, "api_vocabularies.index"),
    },
    "vocabularies.letter": {JSON: partial(url_for, "api_structure.list_names")},
    "vocabularies.show": {**_FILES, JSON: partial(url_for, "api_vocabularies.show")},
    "vocabularies.tree": {JSON: _tree},
}


def set_up(app: Flask) -> None:
    """Let an application lead those who accept it to the data of its pages."""
    app.before_request(_lead)
    app.after_request(_tell)


def _lead() -> ResponseReturnValue | None:
    ways = TWINS.get(request.endpoint or "", {})
    if not ways or request.method not in ("GET", "HEAD"):
        return None
    wanted = negotiate(request.headers.get("Accept"), (HTML, *ways))
    if wanted == HTML:
        return None
    address = ways[wanted](**(request.view_args or {}))
    return redirected(with_language(address), HTTPStatus.SEE_OTHER)


def _tell(response: Response) -> Response:
    if request.endpoint in TWINS:
        response.vary.add("Accept")
    return response
