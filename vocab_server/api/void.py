"""Descriptions of the data for machines: VoID and DCAT, sitemap, robots.txt."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from vocab_server.api.graphs import accepted
from vocab_server.errors import NotFoundError
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, content_type, get_format
from vocab_server.rdf.languages import display_tag
from vocab_server.rdf.namespaces import DCAT, DCT, OWL, RDF, SKOS, VOID
from vocab_server.rdf.query import bind
from vocab_server.reading import INTERFACE_LANGUAGES, document_url, last_change, view
from vocab_server.services import services
from vocab_server.skos.vocabularies import Vocabulary, catalog_of
from vocab_server.store.results import read_rows

bp = Blueprint("void", __name__)

SITEMAP = 20_000  # addresses in one sitemap file; the protocol allows 50 000
_CARRIED = (
    DCT.title,
    SKOS.prefLabel,
    DCT.description,
    DCT.license,
    DCT.publisher,
    DCT.issued,
)
_CONCEPTS = """SELECT ?concept WHERE { GRAPH $graph { ?concept a skos:Concept } }
ORDER BY ?concept LIMIT $limit OFFSET $offset"""


@bp.get("/.well-known/void")
def show() -> ResponseReturnValue:
    """All vocabularies with their files and figures (VoID, DCAT 3)."""
    media_type = accepted()
    described = Graph()
    base = services().settings.base
    catalog = catalog_of(base)
    described.add((catalog, RDF.type, DCAT.Catalog))
    described.add((catalog, RDF.type, VOID.Dataset))
    described.add((catalog, DCT.title, Literal("All vocabularies", lang="en")))
    described.add((catalog, DCT.title, Literal("Alla vokabulärer", lang="sv")))
    described.add((catalog, VOID.sparqlEndpoint, URIRef(f"{base}/sparql")))
    for vocabulary in view().vocabularies:
        described.add((catalog, DCAT.dataset, vocabulary.graph))
        described.add((catalog, VOID.subset, vocabulary.graph))
        for triple in _vocabulary(vocabulary, base):
            described.add(triple)
    data = described.serialize(format=get_format(media_type).name, encoding="utf-8")
    response = Response(data, content_type=content_type(media_type))
    response.vary.add("Accept")
    return response


def _vocabulary(vocabulary: Vocabulary, base: str) -> Iterator[tuple[Node, Node, Node]]:
    name, counted = vocabulary.graph, view().statistics(vocabulary.graph)
    yield name, RDF.type, VOID.Dataset
    yield name, RDF.type, DCAT.Dataset
    yield name, DCT.identifier, Literal(vocabulary.id)
    yield name, VOID.uriSpace, Literal(vocabulary.registration.namespace)
    yield name, VOID.triples, Literal(counted.triples)
    yield name, VOID.sparqlEndpoint, URIRef(f"{base}/sparql")
    yield name, DCAT.landingPage, URIRef(f"{base}/vocabularies/{vocabulary.id}")
    for tag in counted.languages:
        if tag:
            yield name, DCT.language, Literal(display_tag(tag), datatype=XSD.language)
    if vocabulary.first(DCT.title, SKOS.prefLabel) is None:
        yield name, DCT.title, Literal(vocabulary.registration.title.text)
    for scheme in vocabulary.schemes[:1]:
        yield name, VOID.rootResource, scheme.iri
        for wanted, value in scheme.values:
            if wanted in _CARRIED:
                yield name, DCT.title if wanted == SKOS.prefLabel else wanted, value
    yield from _state(vocabulary)
    yield from _files(vocabulary, base)
    yield from _partitions(vocabulary, f"{base}/vocabularies/{vocabulary.id}")


def _state(vocabulary: Vocabulary) -> Iterator[tuple[Node, Node, Node]]:
    """Which version it is and when it changed: here, else what the vocabulary says of itself."""
    changed = last_change(vocabulary.graph)
    modified = changed and Literal(changed.date().isoformat(), datatype=XSD.date)
    releases = view().releases.get(vocabulary.graph, ())
    version = Literal(releases[0].name) if releases else vocabulary.version
    for wanted, value in (
        (DCT.modified, modified or vocabulary.first(DCT.modified)),
        (OWL.versionInfo, version),
    ):
        if value:
            yield vocabulary.graph, wanted, value


def _files(vocabulary: Vocabulary, base: str) -> Iterator[tuple[Node, Node, Node]]:
    """The whole vocabulary in each format (VoID, 3.4; DCAT 3, 6.8)."""
    name, licence = vocabulary.graph, vocabulary.first(DCT.license)
    for form in DESCRIPTION_FORMATS:
        file = URIRef(f"{base}/vocabularies/{vocabulary.id}.{form.extension}")
        yield name, VOID.dataDump, file
        yield name, DCAT.distribution, file
        yield file, RDF.type, DCAT.Distribution
        yield file, DCAT.accessURL, file
        yield file, DCAT.downloadURL, file
        if licence is not None:
            yield file, DCT.license, licence
        yield (
            file,
            DCAT.mediaType,
            URIRef(f"https://www.iana.org/assignments/media-types/{form.media_type}"),
        )


def _partitions(vocabulary: Vocabulary, address: str) -> Iterator[tuple[Node, Node, Node]]:
    """How often each class and property is used (VoID, 4.5), which query editors complete from."""
    counted = view().statistics(vocabulary.graph)
    kinds = (
        (counted.classes, VOID.classPartition, VOID["class"], VOID.entities),
        (counted.properties, VOID.propertyPartition, VOID.property, VOID.triples),
    )
    for counts, partition, named, measured in kinds:
        for place, (iri, count) in enumerate(sorted(counts.items())):
            part = URIRef(f"{address}#{named.rpartition('#')[2]}-{place}")
            yield vocabulary.graph, partition, part
            yield part, named, URIRef(iri)
            yield part, measured, Literal(count)


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What search engines may read: pages, not queries."""
    lines = (
        "User-agent: *",
        "Disallow: /sparql?",
        "Disallow: /rdf-graph-store",
        "Disallow: /search",
        "Disallow: /sign-in",
        f"Sitemap: {services().settings.base}/sitemap.xml",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """The list of the sitemaps of all vocabularies (sitemaps.org protocol)."""
    base = services().settings.base
    files = [
        f"{base}/sitemap/{vocabulary.id}/{page}.xml"
        for vocabulary in view().vocabularies
        for page in range(1, 2 + view().statistics(vocabulary.graph).concepts // SITEMAP)
    ]
    rows = "".join(f"<sitemap><loc>{escape(file)}</loc></sitemap>" for file in files)
    return _xml(f'<sitemapindex xmlns="{_SITEMAPS}">{rows}</sitemapindex>')


@bp.get("/sitemap/<identifier>/<int:page>.xml")
def sitemap_of(identifier: str, page: int) -> ResponseReturnValue:
    """The pages of one vocabulary's concepts, with those in the other interface language."""
    vocabulary = view().vocabulary(identifier)
    query = _CONCEPTS.replace("$limit", str(SITEMAP))
    query = query.replace("$offset", str(SITEMAP * (page - 1)))
    found = [row[0].text for row in read_rows(view().store, bind(query, graph=vocabulary.graph))]
    if page < 1 or (page > 1 and not found):
        raise NotFoundError("There is no such sitemap.")
    pages = [document_url(iri) for iri in found]
    if page == 1:
        pages.insert(0, f"/vocabularies/{identifier}")
    rows = "".join(_row(services().settings.base + address) for address in pages)
    return _xml(
        f'<urlset xmlns="{_SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">{rows}</urlset>'
    )


_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _row(address: str) -> str:
    mark = "&" if "?" in address else "?"
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}"'
        f' href="{escape(f"{address}{mark}interface={tag}")}"/>'
        for tag in INTERFACE_LANGUAGES
    )
    return f"<url><loc>{escape(address)}</loc>{others}</url>"


def _xml(text: str) -> Response:
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', content_type="application/xml"
    )
