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
        write_graph(result, media_type, target)
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


def is_table(media_type: str) -> bool:
    """Whether the media type is for the result of a SELECT or ASK query."""
    return ox.QueryResultsFormat.from_media_type(media_type) is not None


def parse_results(body: Any) -> Any:
    """What an engine answers to a SELECT or ASK query in JSON, as ``serialize`` takes it.

    Virtuoso answers an ASK query with a table, which has a row when there is a solution. Raises
    SyntaxError for anything else than a result.
    """
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QuerySolutions):
        return found
    if [variable.value for variable in found.variables] != ["__ASK_RETVAL"]:
        return found
    answer = b"true" if any(True for _ in found) else b"false"
    return ox.parse_query_results(
        b'{"head":{},"boolean":%s}' % answer, format=ox.QueryResultsFormat.JSON
    )


def parse_graph(body: Any, media_type: str) -> Iterator[Any]:
    """The triples in an open file, as the engine has them. Raises SyntaxError on the way."""
    return (quad.triple for quad in ox.parse(body, format=_rdf_format(media_type)))


def convert(ntriples: Any, media_type: str, target: Writable) -> None:
    """Write N-Triples that we kept, read from an open file, in another format."""
    write_graph(parse_graph(ntriples, "application/n-triples"), media_type, target)


def write_graph(triples: Iterable[Any], media_type: str, target: Writable) -> None:
    """Write triples; stand-ins for blank nodes become blank nodes again."""
    write_triples(_with_blank_nodes(triples), media_type, target)


def write_triples(triples: Iterable[Any], media_type: str, target: Any) -> None:
    """Write triples as they are."""
    rdf = _rdf_format(media_type)
    prefixes = None if rdf == ox.RdfFormat.N_TRIPLES else PREFIXES
    ox.serialize(triples, target, rdf, prefixes=prefixes)


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
