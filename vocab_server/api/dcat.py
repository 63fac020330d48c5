"""Catalogs for harvesters: what publishers say, with what follows from the tags (DCAT-AP).

RDF/XML unless another format is asked for, in pages with hydra (Hydra Core Vocabulary, 5.4).
"""

import io
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from rdflib import Literal, URIRef
from rdflib.term import Node

from vocab_server.api import graphs
from vocab_server.api.parameters import number
from vocab_server.catalog.export import datasets_of, services_in, with_services
from vocab_server.catalog.stages import NOT_FED
from vocab_server.errors import NotFoundError
from vocab_server.rdf.change import to_lines
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, content_type, get_format, negotiate
from vocab_server.rdf.graph_names import catalogs_graph
from vocab_server.rdf.namespaces import DCAT, DCT, HYDRA, RDF
from vocab_server.reading import view
from vocab_server.search.dataset_find import Chosen
from vocab_server.services import services
from vocab_server.store.serialization import convert
from vocab_server.tagging.deriving import derived_triples

bp = Blueprint("dcat", __name__)

_IS_SERIES = f"<{RDF.type}> <{DCAT.DatasetSeries}> ."
PAGE = 100  # datasets of a page
MOST = 1_000
# RDF/XML first: it is what the national portals take (DCAT-AP-SE, harvesting).
OFFERS = tuple(get_format(name).media_type for name in ("xml", "turtle", "json-ld", "nt"))


@bp.get("/datasets/dcat")
def all_catalogs() -> ResponseReturnValue:
    """All datasets of all catalogs, a page at a time."""
    root = catalogs_graph(services().settings.base)
    return _feed([catalog.graph for catalog in view().catalogs], root)


@bp.get("/catalogs/<identifier>/dcat")
def one_catalog(identifier: str) -> ResponseReturnValue:
    """The datasets of one catalog, a page at a time."""
    return _feed([view().catalog(identifier).graph], None)


@bp.get("/catalogs/<identifier>/register/dcat")
def register(identifier: str) -> ResponseReturnValue:
    """All that an organisation holds, also what is only listed or withdrawn, a page at a time."""
    return _feed([view().catalog(identifier).graph], None, without=())


@bp.get("/catalogs/<identifier>.<extension>")
def download(identifier: str, extension: str) -> ResponseReturnValue:
    """A catalog exactly as its publisher has it, as a file."""
    media_type = get_format(extension, DESCRIPTION_FORMATS).media_type
    response = graphs.graph(view().catalog(identifier).graph, media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{identifier}.{extension}"'
    return response


def _feed(
    sources: Sequence[URIRef], root: URIRef | None, without: tuple[str, ...] = NOT_FED
) -> Response:
    media_type = _media_type()
    page, size = number("page", 1, 1, 1_000_000), number("limit", PAGE, 1, MOST)
    chosen = Chosen(catalogs=tuple(map(str, sources)), without=without)
    cards, total = view().datasets.find(chosen, limit=size, offset=(page - 1) * size, order="place")
    if page > 1 and not cards:
        raise NotFoundError(f"There is no page {page}: there are {total} datasets.")
    datasets = [card.iri for card in cards]
    if root:  # only the catalogs that have something on this page
        here = {graph for card in cards for graph in card.graphs}.intersection(sources)
        sources = sorted(here.union(_without_datasets(sources, chosen) if page == 1 else ()))
    lines = datasets_of(view().store, sources, datasets)
    more = derived_triples(view().store, sources, datasets)
    paging = set(_paging(page, -(-total // size), total))
    entries = _no_series(datasets, lines), services_in(lines)
    about = set(_catalog(root, *entries)) if root else set()
    lines |= {line.encode() for line in to_lines(more | paging | about)}
    written = io.BytesIO()
    convert(b"\n".join(sorted(lines)), media_type, written)
    response = Response(written.getvalue(), content_type=content_type(media_type))
    response.vary.add("Accept")
    return response


def _without_datasets(sources: Sequence[URIRef], chosen: Chosen) -> list[URIRef]:
    """The catalogs that no page of datasets brings, but that have interfaces."""
    held = view().datasets.values("catalog", chosen, len(sources)) if sources else {}
    return with_services(view().store, [graph for graph in sources if str(graph) not in held])


def _media_type() -> str:
    wanted = request.args.get("format")
    if wanted:
        return get_format(wanted, DESCRIPTION_FORMATS).media_type
    return negotiate(request.headers.get("Accept"), OFFERS)


def _catalog(
    root: URIRef, datasets: Sequence[URIRef], interfaces: Sequence[URIRef]
) -> Iterator[tuple[Node, Node, Node]]:
    """The catalog of all catalogs."""
    yield root, RDF.type, DCAT.Catalog
    yield root, DCT.title, Literal("All datasets", lang="en")
    yield root, DCT.title, Literal("Alla datamängder", lang="sv")
    yield root, DCT.description, Literal("The datasets of all catalogs here.", lang="en")
    yield root, DCT.description, Literal("Datamängderna i alla kataloger här.", lang="sv")
    for dataset in datasets:
        yield root, DCAT.dataset, dataset
    for interface in interfaces:
        yield root, DCAT.service, interface


def _no_series(datasets: Sequence[URIRef], lines: Collection[bytes]) -> list[URIRef]:
    """The datasets that are no series: a catalog lists these by the datasets in them only."""
    return [iri for iri in datasets if f"<{iri}> {_IS_SERIES}".encode() not in lines]


def _paging(page: int, pages: int, total: int) -> Iterator[tuple[Node, Node, Node]]:
    """Which page this is, and where the others are."""
    whole, here = _address(), _address(page)
    yield whole, RDF.type, HYDRA.Collection
    yield whole, HYDRA.totalItems, Literal(total)
    yield whole, HYDRA.view, here
    yield here, RDF.type, HYDRA.PartialCollectionView
    yield here, HYDRA.first, _address(1)
    yield here, HYDRA.last, _address(max(1, pages))
    if page > 1:
        yield here, HYDRA.previous, _address(page - 1)
    if page < pages:
        yield here, HYDRA.next, _address(page + 1)


def _address(page: int | None = None) -> URIRef:
    kept = [(name, value) for name, value in request.args.items() if name != "page"]
    query = urlencode([*kept, ("page", page)] if page else kept)
    here = f"{services().settings.base}{request.path}"
    return URIRef(f"{here}?{query}" if query else here)
