"""The SPARQL endpoint (SPARQL 1.1 Protocol), its service description and its page."""

import re
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import Graph, Literal, URIRef
from werkzeug.datastructures import MultiDict

from vocab_server.api.examples import examples
from vocab_server.api.table import LINES, TABLE, Table, first_rows
from vocab_server.errors import (
    ForbiddenError,
    InvalidError,
    NotOfferedError,
    UnknownFormatError,
    VocabServerError,
)
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
    FORMATS,
    RESULTS,
    Format,
    content_type,
    find_format,
    negotiate,
)
from vocab_server.rdf.namespaces import DCT, RDF, SD, VOID
from vocab_server.rdf.query import is_iri
from vocab_server.reading import content_language, document_url, languages, view
from vocab_server.services import services
from vocab_server.skos.labels import labels_of
from vocab_server.store.sandbox import Answer, PublicQuery

bp = Blueprint("sparql", __name__)

ROWS = 1_000  # rows that the page shows
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
W3C_FORMATS = "http://www.w3.org/ns/formats/"
HTML = "text/html"
OUTCOME = "vocab_server.outcome"  # in the environment: what came of a query that has run already
_EACH_TIME_ANEW = re.compile(r"\b(?:now|rand|struuid|uuid)\b", re.IGNORECASE)
_LETTERS = ("now", "rand", "uuid")  # in all these names: looked for first, in a seventh of the time
NO_UPDATES = (
    "This address only answers questions. Vocabularies are changed in the editor or by import,"
    " so that every change is reviewed and kept in the history."
)


@bp.route("/sparql", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Answer a query; without one, describe the service, or show its page to a browser."""
    _refuse_updates()
    wants_page = _wants_page()
    query = _sent_query()
    if wants_page:
        return _page(query)
    if query is None:
        return _service_description()
    return _answer(query)


def _refuse_updates() -> None:
    """Raise ForbiddenError for a request that would change something (Protocol, 2.2)."""
    if request.mimetype == UPDATE or "update" in request.values:
        raise ForbiddenError(NO_UPDATES)


def _sent_query() -> PublicQuery | None:
    """The query of the request; None when there is none.

    Raises InvalidError for anything but one query (SPARQL 1.1 Protocol, 2.1).
    """
    if request.method == "POST" and request.mimetype == QUERY:
        return _query([_decoded(request.get_data())], request.args)
    if request.method == "POST" and request.mimetype == FORM:
        return _query(request.form.getlist("query"), request.form)
    if request.method == "POST":
        raise UnknownFormatError(f"Send a query as {FORM} or {QUERY}.")
    if "query" not in request.args:
        return None
    return _query(request.args.getlist("query"), request.args)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InvalidError("A query is sent in UTF-8.") from error


def _query(texts: list[str], parameters: MultiDict[str, str]) -> PublicQuery:
    if len(texts) != 1:
        raise InvalidError("Send exactly one query.")
    results, graphs = _media_types(parameters.get("format") or request.args.get("format"))
    return PublicQuery(
        text=texts[0],
        results_type=results,
        graph_type=graphs,
        default_graphs=_graphs("default-graph-uri"),
        named_graphs=_graphs("named-graph-uri"),
        base_iri=_endpoint(),
    )


def _graphs(parameter: str) -> tuple[str, ...]:
    """The graphs that the request names, in its address or in its form (Protocol, 2.1.4)."""
    names = request.values.getlist(parameter)
    for name in names:
        if not is_iri(name) or ":" not in name:
            raise InvalidError(f"{name!r} in {parameter} is no absolute IRI.")
    return tuple(names)


def _endpoint() -> URIRef:
    return URIRef(f"{services().settings.base}/sparql")


def _media_types(wanted: str | None) -> tuple[str | None, str | None]:
    """The media types of tables and of graphs that the client takes; None for none."""
    if wanted:
        found = find_format(wanted, RESULTS), find_format(wanted, FORMATS)
        if found == (None, None):
            raise UnknownFormatError(f"There is no format {wanted!r} here.")
        return tuple(form.media_type if form else None for form in found)  # type: ignore[return-value]
    return accepted(request.headers.get("Accept"))


@lru_cache(maxsize=256)
def accepted(accept: str | None) -> tuple[str | None, str | None]:
    """The media types of tables and of graphs that go best with Accept; None for none."""
    return _best_type(accept, RESULTS), _best_type(accept, FORMATS)


def _best_type(accept: str | None, formats: tuple[Format, ...]) -> str | None:
    """The best of the formats by Accept, other names of theirs (application/json) included."""
    own = {form.media_type: form for form in formats}
    others = {alias: form for form in formats for alias in form.aliases if "/" in alias}
    names = own | others | own  # in this order, and a format's own name is never another one's
    try:
        best = negotiate(accept, tuple(names))
    except NotOfferedError:
        return None
    return names[best].media_type


def is_each_time_anew(text: str) -> bool:
    """Whether a query may call what gives something else each time (SPARQL 1.1, 17.4)."""
    folded = text.lower()
    return any(map(folded.count, _LETTERS)) and bool(_EACH_TIME_ANEW.search(text))


def _wants_page() -> bool:
    """Whether a browser asks, which takes HTML rather than any result."""
    if request.values.get("format") or HTML not in request.headers.get("Accept", ""):
        return False
    offers = tuple(f.media_type for f in (*RESULTS, *FORMATS))
    return negotiate(request.headers.get("Accept"), (HTML, *offers)) == HTML


def _answer(query: PublicQuery) -> Response:
    answer = _outcome(query)
    body = answer.whole if answer.whole is not None else answer.chunks
    response = Response(body, content_type=content_type(answer.media_type))
    if answer.whole is None:
        response.call_on_close(answer.close)
    response.headers["Vary"] = "Accept"
    if is_each_time_anew(query.text):
        response.cache_control.no_store = True
    return response


def _outcome(query: PublicQuery) -> Answer:
    done = request.environ.pop(OUTCOME, None)
    if isinstance(done, VocabServerError):
        raise done
    found = view()
    return done or services().queries.run(found.directory, query, found.at_hand)


def _service_description() -> Response:
    """What this endpoint can do (SPARQL 1.1 Service Description)."""
    formats = DESCRIPTION_FORMATS
    offers = tuple(form.media_type for form in formats)
    media_type = negotiate(request.headers.get("Accept"), offers)
    endpoint = _endpoint()
    described = Graph()
    described.bind("sd", SD)
    described.add((endpoint, RDF.type, SD.Service))
    described.add((endpoint, SD.endpoint, endpoint))
    described.add((endpoint, SD.supportedLanguage, SD.SPARQL11Query))
    described.add((endpoint, SD.feature, SD.UnionDefaultGraph))
    for form in (*RESULTS, *FORMATS):
        described.add((endpoint, SD.resultFormat, URIRef(f"{W3C_FORMATS}{form.w3c}")))
    dataset, default = URIRef(f"{endpoint}#dataset"), URIRef(f"{endpoint}#default-graph")
    described.add((endpoint, SD.defaultDataset, dataset))
    described.add((dataset, RDF.type, SD.Dataset))
    described.add((dataset, DCT.title, Literal("All vocabularies", lang="en")))
    described.add((dataset, SD.defaultGraph, default))
    described.add((default, RDF.type, SD.Graph))
    for place, name in enumerate(view().graphs):
        _describe_graph(described, endpoint, dataset, name, place)
    data = described.serialize(format=find_format(media_type).name, encoding="utf-8")  # type: ignore[union-attr]
    response = Response(data, content_type=content_type(media_type))
    response.vary.add("Accept")
    return response


def _describe_graph(
    described: Graph, endpoint: URIRef, dataset: URIRef, name: URIRef, place: int
) -> None:
    named, content = URIRef(f"{endpoint}#named-{place}"), URIRef(f"{endpoint}#graph-{place}")
    described.add((dataset, SD.namedGraph, named))
    described.add((named, RDF.type, SD.NamedGraph))
    described.add((named, SD.name, name))
    described.add((named, SD.graph, content))
    described.add((content, RDF.type, SD.Graph))
    described.add((content, VOID.triples, Literal(view().statistics(name).triples)))


def _page(query: PublicQuery | None) -> ResponseReturnValue:
    """The page with the form, and below it the results or what was wrong with the query."""
    table, error, status = None, None, HTTPStatus.OK
    shown = examples(view().vocabularies, content_language())
    if query is not None:
        try:
            table = _table(query)
        except VocabServerError as problem:
            error, status = str(problem), HTTPStatus.BAD_REQUEST
    page = render_template(
        "sparql/show.html",
        query=query.text if query else shown[0].query,
        examples=shown,
        result=table,
        error=error,
        endpoint="/sparql",
        endpoint_absolute=_endpoint(),
        seconds=services().settings.sparql_timeout,
        formats=[(form.extension, form.title) for form in RESULTS],
    )
    return page, status


def _table(query: PublicQuery) -> Table:
    """The first rows of the results; a graph as a table of its triples."""
    asked = replace(query, results_type=TABLE, graph_type=LINES)
    answer = services().queries.run(view().directory, asked)
    try:
        table = first_rows(answer.chunks, is_graph=answer.media_type == LINES, limit=ROWS)
    finally:
        answer.close()
    iris = {cell.text for row in table.rows for cell in row if cell and cell.is_iri}
    labels = labels_of(view().store, map(URIRef, iris), languages())
    return table.linked(labels, document_url)
