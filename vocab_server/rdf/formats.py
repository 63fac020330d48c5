"""The serializations that we read and write, and which of them a client gets.

One row in FORMATS names a format for readers, writers, links and uploads alike; RESULTS does the
same for the answers to SELECT and ASK (SPARQL 1.1 Protocol, 2.1; SPARQL 1.1 Overview, 4).
"""

from dataclasses import dataclass
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from vocab_server.errors import NotOfferedError, UnknownFormatError


@dataclass(frozen=True, slots=True)
class Format:
    """One serialization; ``aliases`` are media types and file endings we accept but never send.

    ``w3c`` is its name among the unique URIs for file formats (www.w3.org/ns/formats/).
    """

    name: str
    media_type: str
    extension: str
    title: str
    w3c: str
    aliases: tuple[str, ...] = ()
    has_graphs: bool = False


FORMATS = (
    Format(
        "turtle",
        "text/turtle",
        "ttl",
        "Turtle",
        "Turtle",
        ("application/x-turtle", "application/turtle", "turtle", "text/n3", "n3"),
    ),
    Format(
        "json-ld", "application/ld+json", "jsonld", "JSON-LD", "JSON-LD", ("json-ld", "json"), True
    ),
    Format(
        "xml",
        "application/rdf+xml",
        "rdf",
        "RDF/XML",
        "RDF_XML",
        ("application/xml", "text/xml", "xml", "owl", "rdfxml", "rdf+xml"),
    ),
    Format(
        "nt", "application/n-triples", "nt", "N-Triples", "N-Triples", ("text/plain", "ntriples")
    ),
    Format(
        "nquads",
        "application/n-quads",
        "nq",
        "N-Quads",
        "N-Quads",
        ("text/x-nquads", "nquads"),
        True,
    ),
    Format("trig", "application/trig", "trig", "TriG", "TriG", ("application/x-trig",), True),
    Format("n3", "text/n3", "n3", "Notation3", "N3", ("text/rdf+n3",)),
)
DESCRIPTION_FORMATS = FORMATS[:4]

RESULTS = (
    Format(
        "json",
        "application/sparql-results+json",
        "srj",
        "JSON",
        "SPARQL_Results_JSON",
        ("application/json", "json"),
    ),
    Format(
        "xml",
        "application/sparql-results+xml",
        "srx",
        "XML",
        "SPARQL_Results_XML",
        ("application/xml", "text/xml", "xml"),
    ),
    Format("csv", "text/csv", "csv", "CSV", "SPARQL_Results_CSV"),
    Format("tsv", "text/tab-separated-values", "tsv", "TSV", "SPARQL_Results_TSV"),
)


def find_format(name: str, formats: tuple[Format, ...] = FORMATS) -> Format | None:
    """The format with this name, media type or file ending, or None."""
    wanted = parse_options_header(name)[0].lower().lstrip(".")
    for form in formats:
        if wanted in (form.name, form.media_type, form.extension):
            return form
    return next((form for form in formats if wanted in form.aliases), None)


def get_format(name: str, formats: tuple[Format, ...] = FORMATS) -> Format:
    """The format with this name, media type or file ending.

    Raises UnknownFormatError, naming those there are.
    """
    form = find_format(name, formats)
    if form is None:
        known = ", ".join(sorted({form.extension for form in formats}))
        raise UnknownFormatError(
            "There is no format %(name)r here. Use one of: %(known)s.", name=name, known=known
        )
    return form


def content_type(media_type: str) -> str:
    """With the charset where the media type has that parameter (RFC 9110, 8.3.2)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


@lru_cache(maxsize=512)
def negotiate(accept: str | None, offers: tuple[str, ...]) -> str:
    """The media type to answer with: the client's best, ties broken by our order.

    ``offers`` is in our order of preference; the first answers a request without
    an Accept header (RFC 9110, 12.5.1). Parameters other than ``q`` are ignored,
    so ``application/ld+json;profile=…`` still finds JSON-LD. Raises
    NotOfferedError, naming the offers, when the client accepts none of them.
    """
    ranges = parse_accept_header(accept, MIMEAccept)
    if not ranges:
        return offers[0]
    bare = [(parse_options_header(name)[0], quality) for name, quality in ranges]
    qualities = [(_quality(bare, offer), -place, offer) for place, offer in enumerate(offers)]
    quality, _, best = max(qualities)
    if quality <= 0:
        raise NotOfferedError(
            "There is no %(accept)s here. Accept one of: %(known)s.",
            offers,
            accept=accept,
            known=", ".join(offers),
        )
    return best


def _quality(ranges: list[tuple[str, float]], offer: str) -> float:
    """The quality of the most specific range that covers the offer (RFC 9110, 12.5.1)."""
    kind = offer.partition("/")[0]
    for candidate in (offer, f"{kind}/*", "*/*"):
        found = [quality for name, quality in ranges if name.lower() == candidate]
        if found:
            return max(found)
    return 0
