"""The named graphs of catalogs: one as its publisher has it, and one of its tags.

Their names tell what is in them, so that what is made of vocabularies only can leave them out.
"""

import re

from rdflib import URIRef

CATALOGS = "catalogs"  # the last part of the graph that lists the catalogs
_OF_CATALOG = re.compile(rf"/{CATALOGS}(/(?!vocabularies(/|$))[a-z0-9][a-z0-9-]*(/tags)?)?\Z")


def catalogs_graph(base: str) -> URIRef:
    """The graph that lists the catalogs."""
    return URIRef(f"{base}/{CATALOGS}")


def source_graph(base: str, catalog: str) -> URIRef:
    """The graph of a catalog as its publisher has it: its address here."""
    return URIRef(f"{base}/{CATALOGS}/{catalog}")


def tags_graph(source: str) -> URIRef:
    """The graph of the tags of the catalog that a source graph holds."""
    return URIRef(f"{source}/tags")


def is_of_catalogs(graph: str) -> bool:
    """Whether a graph is one of catalogs, and so holds no vocabulary."""
    return _OF_CATALOG.search(graph) is not None


def is_source(graph: str) -> bool:
    """Whether a graph is a catalog as its publisher has it."""
    found = _OF_CATALOG.search(graph)
    return found is not None and found[1] is not None and found[3] is None
