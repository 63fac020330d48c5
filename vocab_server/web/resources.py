"""Linked data: identifiers, and the descriptions that they lead to.

An identifier names a thing, not a document, so it answers 303 with the address of a description
(Cool URIs for the Semantic Web, 4.2; RFC 9110, 15.4.4).
"""

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef
from werkzeug.urls import iri_to_uri, uri_to_iri

from vocab_server.errors import InvalidError, NotFoundError
from vocab_server.gone import refuse_vanished, refuse_withdrawn
from vocab_server.levels import opened_tree
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
    content_type,
    find_format,
    get_format,
    negotiate,
)
from vocab_server.rdf.query import is_iri
from vocab_server.reading import (
    document_url,
    lens_for,
    page_number,
    shown_language,
    view,
)
from vocab_server.services import services
from vocab_server.skos.concepts import (
    Concept,
    get_concept,
    graphs_of,
)
from vocab_server.skos.description import describe, has_more
from vocab_server.skos.hierarchy import Lens
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.web.concept_page import concept_page
from vocab_server.web.releases import releases_with
from vocab_server.web.signposting import Paging, link_headers
from vocab_server.web.tree import tree_list
from vocab_server.web.vocabularies import summary

bp = Blueprint("resources", __name__)

HTML, JSON = "text/html", "application/json"
OFFERS = (*(form.media_type for form in DESCRIPTION_FORMATS), JSON, HTML)
_EXTENSIONS = {form.extension: form.media_type for form in DESCRIPTION_FORMATS}
_EXTENSIONS |= {"json": JSON, "html": HTML}


@bp.get("/id/<path:name>")
def identify(name: str) -> ResponseReturnValue:
    """What an IRI that we minted leads to: its description."""
    iri, _ = _minted(name)
    response = redirect(document_url(iri), HTTPStatus.SEE_OTHER)
    response.headers.add("Link", f'<{document_url(iri)}>; rel="describedby"')
    response.headers["Vary"] = "Accept"
    return response


@bp.get("/doc/<path:name>")
def document(name: str) -> ResponseReturnValue:
    """The description of a resource that we minted, in the format of its ending or of Accept."""
    stem, _, extension = name.rpartition(".")
    if extension in _EXTENSIONS and stem:
        with suppress(NotFoundError):  # a name may itself end like that
            return _described(*_minted(stem), _EXTENSIONS[extension])
    return _described(*_minted(name), _accepted())


@bp.get("/resource")
def resource() -> ResponseReturnValue:
    """The description of any resource that we hold. Parameters: ``iri``, and ``format``."""
    iri = request.args.get("iri", "").strip()
    if ":" not in iri:
        raise InvalidError("Give the address of a resource as ?iri=, with special signs encoded.")
    wanted = request.args.get("format")
    media_type = _named_format(wanted) if wanted else _accepted()
    return _described(*_held(iri), media_type)


def _minted(name: str) -> tuple[URIRef, list[URIRef]]:
    return _held(f"{services().settings.base}/id/{name}")


def _held(iri: str) -> tuple[URIRef, list[URIRef]]:
    """The resource with this IRI, percent-encoded or not, and the graphs that it is in.

    What differs only in that means the same (RFC 3987, 5.3.2.3); the exact IRI goes first.
    Raises NotFoundError, GoneError for what was withdrawn.
    """
    if "release" in g:  # where it may still be
        refuse_withdrawn(iri)
    for spelling in dict.fromkeys((iri, iri_to_uri(iri), uri_to_iri(iri))):
        if is_iri(spelling):
            with suppress(NotFoundError, InvalidError):
                graphs = graphs_of(view().store, view().graphs, URIRef(spelling))
                g.held = URIRef(spelling), graphs  # for the links to its past
                return URIRef(spelling), graphs
    refuse_withdrawn(iri)
    refuse_vanished(iri)
    raise NotFoundError("Nothing here is named %(iri)s.", iri=iri)


def _accepted() -> str:
    return negotiate(request.headers.get("Accept"), OFFERS)


def _named_format(wanted: str) -> str:
    if wanted in _EXTENSIONS:
        return _EXTENSIONS[wanted]
    found = find_format(wanted, DESCRIPTION_FORMATS)
    return found.media_type if found else get_format(wanted, DESCRIPTION_FORMATS).media_type


def _described(iri: URIRef, graphs: list[URIRef], media_type: str) -> ResponseReturnValue:
    vocabulary, concept = _vocabulary_of(graphs), None
    if media_type == HTML:
        lens = lens_for(vocabulary.graph if vocabulary else graphs[0])
        concept = get_concept(lens, iri)
        page = _page(vocabulary, lens, concept) if vocabulary else _page_of_graph(lens, concept)
        response = Response(page, content_type="text/html; charset=utf-8")
    else:
        response = _rdf(iri, graphs, media_type)
    for header in link_headers(iri, graphs, vocabulary, media_type, concept):
        response.headers.add("Link", header)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _rdf(iri: URIRef, graphs: list[URIRef], media_type: str) -> Response:
    written = "application/ld+json" if media_type == JSON else media_type
    paging = _paging(iri, graphs)
    described = describe(
        view().store, graphs, iri, written, page=page_number(), view=paging.triples(iri)
    )
    form = get_format(written)
    response = Response(described, content_type=content_type(media_type))
    for header in paging.headers():
        response.headers.add("Link", header)
    if media_type != JSON and "." in request.path.rpartition("/")[2]:
        name = iri.rstrip("/#").rpartition("/")[2] or "description"
        safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))
        response.headers["Content-Disposition"] = (
            f'inline; filename="{safe or "description"}.{form.extension}"'
        )
    return response


def _paging(iri: URIRef, graphs: list[URIRef]) -> Paging:
    """Which page of the narrower concepts this is. Raises NotFoundError for one past the last."""
    page = page_number()
    if page > 1 and not has_more(view().store, graphs, iri, page - 1):
        raise NotFoundError(
            "There is no page %(page)s of the description of %(iri)s.", page=page, iri=iri
        )
    here = {name: value for name, value in request.args.items() if name != "page"} | {"page": ""}
    path = quote(request.script_root + request.path)
    address = f"{services().settings.base}{path}?{urlencode(here)}"
    return Paging(address, page, has_more(view().store, graphs, iri, page))


def _vocabulary_of(graphs: list[URIRef]) -> Vocabulary | None:
    by_graph = {vocabulary.graph: vocabulary for vocabulary in view().vocabularies}
    return next((by_graph[graph] for graph in graphs if graph in by_graph), None)


def _page(vocabulary: Vocabulary, lens: Lens, concept: Concept) -> str:
    iri = concept.iri
    paths = [[*(item.iri for item in path), iri] for path in concept.paths]
    tree = opened_tree(lens, paths if concept.is_concept else ())
    return render_template(
        "concepts/show.html",
        vocabulary=summary(vocabulary),
        content_language=shown_language(lens),
        concept=concept_page(lens, concept),
        dataset_counts=None if "release" in g else view().datasets.counts(iri),
        tree=tree_list(vocabulary, tree, current=iri),
        keep_parameters=_kept_parameters(),
        releases=releases_with(vocabulary, iri),
        canonical=services().settings.base + document_url(iri),
    )


def _page_of_graph(lens: Lens, concept: Concept) -> str:
    """A page for what belongs to no vocabulary: the description of the vocabularies themselves."""
    return render_template("concepts/other.html", concept=concept_page(lens, concept))


def _kept_parameters() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name not in {"lang", "page"}}
