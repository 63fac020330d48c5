"""Whole graphs: the read side of the SPARQL 1.1 Graph Store HTTP Protocol, and dumps."""

from hashlib import sha256

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
    FORMATS,
    Format,
    content_type,
    get_format,
    negotiate,
)
from vocab_server.rdf.query import bind, is_iri
from vocab_server.reading import view
from vocab_server.services import services
from vocab_server.store.sandbox import PublicQuery

bp = Blueprint("graphs", __name__)

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"


@bp.get("/rdf-graph-store")
def show() -> ResponseReturnValue:
    """A graph, named as ``?graph=``, or with ``?default`` all of them as one (GSP, 5.2)."""
    named, is_default = request.args.getlist("graph"), "default" in request.args
    if len(named) + is_default != 1:
        raise InvalidError("Name one graph as ?graph=, or ask for ?default.")
    if is_default:
        return dump(bind(_ALL), accepted(FORMATS))
    if not is_iri(named[0]) or ":" not in named[0]:
        raise InvalidError(f"{named[0]!r} is no absolute IRI.")
    return graph(URIRef(named[0]), accepted(FORMATS))


@bp.get("/vocabularies/<identifier>.<extension>")
def download(identifier: str, extension: str) -> ResponseReturnValue:
    """All of a vocabulary as a file."""
    media_type = get_format(extension, DESCRIPTION_FORMATS).media_type
    response = graph(view().vocabulary(identifier).graph, media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{identifier}.{extension}"'
    return response


def accepted(formats: tuple[Format, ...] = DESCRIPTION_FORMATS) -> str:
    """Which of the RDF formats the request asks for."""
    wanted = request.args.get("format")
    if wanted:
        return get_format(wanted, formats).media_type
    offers = tuple(form.media_type for form in formats)
    return negotiate(request.headers.get("Accept"), offers)


def graph(name: URIRef, media_type: str) -> Response:
    """All of a named graph. Raises NotFoundError when it is not there."""
    if name not in view().graphs:
        raise NotFoundError(f"There is no graph {name} here.")
    return dump(bind(_GRAPH, graph=name), media_type)


def dump(query: str, media_type: str) -> Response:
    """The graph that a query of our own builds, streamed from a query process.

    The snapshot names its state, so who has it already costs no query (RFC 9110, 8.8.3).
    """
    response = Response(content_type=content_type(media_type))
    response.set_etag(sha256(f"{view().name} {media_type} {query}".encode()).hexdigest()[:32])
    response.vary.add("Accept")
    if request.method == "HEAD" or request.if_none_match.contains_weak(
        response.get_etag()[0] or ""
    ):
        response.automatically_set_content_length = False
        return response
    asked = PublicQuery(query, results_type=None, graph_type=media_type)
    answer = services().dumps.run(view().directory, asked)
    response.response = [answer.whole] if answer.whole is not None else answer.chunks
    response.call_on_close(answer.close)
    return response
