"""The catalogs that the server holds: which there are, and what is said of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from vocab_server.catalog.codes import concept_of
from vocab_server.catalog.profiles import CC0, PUBLISHER_TYPES
from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.graph_names import catalogs_graph, source_graph
from vocab_server.rdf.languages import Label
from vocab_server.rdf.namespaces import DCAT, DCT, FOAF, RDF
from vocab_server.rdf.query import bind
from vocab_server.store.base import Reader

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")  # as of vocabularies
RESERVED = frozenset(
    {"new", "support", "tags", "vocabularies"}
)  # they mean something else in names of graphs

_LISTED = """SELECT ?graph ?id ?title ?source WHERE { GRAPH $catalogs {
    ?graph a dcat:CatalogRecord ; dct:identifier ?id .
    OPTIONAL { ?graph dct:title ?title } OPTIONAL { ?graph dct:source ?source } } } ORDER BY ?id"""


@dataclass(frozen=True, slots=True)
class Registration:
    """What the server itself knows of a catalog.

    ``graph`` holds it as its publisher has it, and is its address here; ``source`` is where it
    was read from, "" for a file.
    """

    id: str
    graph: URIRef
    title: Label
    source: str = ""

    @property
    def main(self) -> URIRef:
        """The catalog itself, where it is kept here and not read from elsewhere."""
        return URIRef(f"{self.graph}#catalog")

    @property
    def publisher(self) -> URIRef:
        """Who publishes it, where it is kept here."""
        return URIRef(f"{self.graph}#publisher")


def can_name(catalog: str) -> bool:
    """Whether a text can be the id of a catalog."""
    return bool(ID.match(catalog)) and catalog not in RESERVED


def register_catalog(base: str, catalog: str, title: str, source: str = "") -> Change:
    """The change that makes a catalog known.

    Raises InvalidError when the id is not made of lower-case letters, digits and hyphens.
    """
    if not can_name(catalog):
        raise InvalidError(
            "%(catalog)r cannot name a catalog. Use lower-case letters, digits and hyphens.",
            catalog=catalog,
        )
    graph = source_graph(base, catalog)
    triples = {
        (graph, RDF.type, DCAT.CatalogRecord),
        (graph, RDF.type, FOAF.Document),
        (graph, DCT.identifier, Literal(catalog)),
        (graph, DCT.title, Literal(title)),
    }
    if source:
        triples.add((graph, DCT.source, URIRef(source)))
    return Change(catalogs_graph(base), added=frozenset(triples))


def describe_catalog(
    catalog: Registration, title: Label, description: Label, name: Label, kind: str = ""
) -> Change:
    """The change that says what a catalog kept here is, and which organisation answers for it.

    Its descriptions are CC0 (DCAT-AP-SE 3.0.1, Catalog, licence). ``kind`` is an ADMS publisher
    type, "" when not said.
    """
    main, publisher, licence = catalog.main, catalog.publisher, URIRef(CC0)
    triples: set[Triple] = {
        (main, RDF.type, DCAT.Catalog),
        (main, DCT.title, Literal(title.text, lang=title.language)),
        (main, DCT.description, Literal(description.text, lang=description.language)),
        (main, DCT.publisher, publisher),
        (main, DCT.license, licence),
        (licence, RDF.type, DCT.LicenseDocument),
        (publisher, RDF.type, FOAF.Agent),
        (publisher, FOAF.name, Literal(name.text, lang=name.language)),
    }
    if kind:
        triples |= {(publisher, DCT.type, URIRef(kind)), *concept_of(kind, PUBLISHER_TYPES)}
    return Change(catalog.graph, added=frozenset(triples))


def list_catalogs(store: Reader, base: str) -> list[Registration]:
    """All catalogs, by id."""
    return [
        Registration(
            id=str(row["id"]),
            graph=URIRef(row["graph"]),
            title=Label(str(row.get("title", row["id"]))),
            source=str(row.get("source", "")),
        )
        for row in store.select(bind(_LISTED, catalogs=catalogs_graph(base)))
    ]


def find_catalog(catalogs: Sequence[Registration], graph: URIRef) -> Registration | None:
    """The catalog that a graph holds as published, or None."""
    return next((catalog for catalog in catalogs if catalog.graph == graph), None)
