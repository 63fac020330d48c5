"""Query results of the embedded engine as bytes.

Apart from ``embedded`` because query processes must start fast, and rdflib takes 100 ms to import.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from vocab_server.errors import InvalidError
from vocab_server.rdf.prefixes import PREFIXES
from vocab_server.rdf.skolem import PREFIX as SKOLEM
from vocab_server.rdf.skolem import BlankNodeWriter, Writable


def serialize(result: Any, media_type: str, target: Writable) -> None:
    """Write a query result; stand-ins for blank nodes become blank nodes again.

    Raises InvalidError when the media type cannot hold a result of this kind.
    """
    stream: Any = target  # the engine's types ask for a whole file, the engine only for write
    if isinstance(result, ox.QueryTriples):
        _serialize_triples(result, media_type, target)
        return
    form = ox.QueryResultsFormat.from_media_type(media_type)
    if form is None:
        raise InvalidError(f"The answer to a SELECT or ASK query is never {media_type}.")
    if isinstance(result, ox.QueryBoolean):
        result.serialize(stream, form)
        return
    named: Any = BlankNodeWriter(target, media_type)
    result.serialize(named, form)
    named.finish()


def convert(ntriples: Any, media_type: str, target: Writable) -> None:
    """Write N-Triples that we kept, read from an open file, in another format."""
    read = (quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    _serialize_triples(read, media_type, target)


def _serialize_triples(triples: Iterable[Any], media_type: str, target: Any) -> None:
    rdf = _rdf_format(media_type)
    prefixes = None if rdf == ox.RdfFormat.N_TRIPLES else PREFIXES
    ox.serialize(_with_blank_nodes(triples), target, rdf, prefixes=prefixes)


def _rdf_format(media_type: str) -> ox.RdfFormat:
    found = ox.RdfFormat.from_media_type(media_type)
    if found is None:
        raise InvalidError(f"A graph cannot be written as {media_type}.")
    return found


def _with_blank_nodes(triples: Iterable[Any]) -> Iterator[Any]:
    for triple in triples:
        subject, value = triple.subject, triple.object
        named = isinstance(subject, ox.NamedNode) and subject.value.startswith(SKOLEM)
        if not named and not (isinstance(value, ox.NamedNode) and value.value.startswith(SKOLEM)):
            yield triple
        else:
            yield ox.Triple(_blank(subject), triple.predicate, _blank(value))


def _blank(term: Any) -> Any:
    if isinstance(term, ox.NamedNode) and term.value.startswith(SKOLEM):
        # RDF/XML takes no name that starts with a digit (RDF 1.1 XML Syntax, 5.1.5).
        return ox.BlankNode(f"b{term.value.removeprefix(SKOLEM)}")
    return term
