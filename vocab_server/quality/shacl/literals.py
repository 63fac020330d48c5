"""Terms as shapes see them, in a store that writes literals anew and has no blank nodes.

Why: the store makes ``"01"^^xsd:integer`` and ``"1"^^xsd:int`` the same 1, and a shape must tell
them apart. So literals with a datatype of XML Schema get one of our own while they are checked,
which the store leaves as it is; blank nodes get the names that ``rdf.skolem`` gives them.
"""

import re
from pathlib import Path

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Identifier, Node

from vocab_server.errors import InvalidError
from vocab_server.rdf.change import blocks
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.query import to_sparql
from vocab_server.rdf.skolem import PREFIX, is_skolem

KEPT = "urn:vocab-server:kept:"
_XSD = str(XSD)
_DATATYPE = re.compile(rb'"\^\^<http://www\.w3\.org/2001/XMLSchema#(?!string>)(\w+)> \.$', re.M)


def keep_literals(ntriples: bytes) -> bytes:
    """Whole lines of N-Triples with the datatypes that the store leaves as they are."""
    return _DATATYPE.sub(rb'"^^<' + KEPT.encode() + rb"\1> .", ntriples)


def keep_file(ntriples: Path) -> Path:
    """A file beside another one, with its literals kept as they are."""
    target = ntriples.with_suffix(".kept.nt")
    with target.open("wb") as file:
        file.writelines(map(keep_literals, blocks(ntriples)))
    return target


def kept_datatype(datatype: Node) -> URIRef:
    """What a datatype is called in the store."""
    name = str(datatype)
    if name.startswith(_XSD) and datatype != XSD.string:
        return URIRef(KEPT + name.removeprefix(_XSD))
    return URIRef(name)


def named(term: Node) -> Identifier:
    """A term with a name, if it is a blank node."""
    if isinstance(term, BNode):
        return URIRef(PREFIX + term)
    return term if isinstance(term, URIRef | Literal) else Literal(str(term))


def to_store(term: Node) -> Identifier:
    """A term of data or shapes as the store has it."""
    if isinstance(term, Literal) and term.datatype is not None:
        return Literal(str(term), datatype=kept_datatype(term.datatype), normalize=False)
    return named(term)


def from_store(term: Identifier) -> Identifier:
    """A term of the store as the data has it."""
    if isinstance(term, URIRef):
        return BNode(term.removeprefix(PREFIX)) if is_skolem(term) else term
    if isinstance(term, Literal) and str(term.datatype).startswith(KEPT):
        datatype = URIRef(_XSD + str(term.datatype).removeprefix(KEPT))
        return Literal(str(term), datatype=datatype, normalize=False)
    return term


def written(term: Node) -> str:
    """A term of data or shapes as SPARQL text for the store."""
    return to_sparql(to_store(term))


def as_name(term: Node) -> URIRef:
    """The name of a class or property in shapes. Raises InvalidError for a term that is none."""
    if not isinstance(term, URIRef):
        raise InvalidError("A shape has %(value)s where a name belongs.", value=term.n3())
    return term


def line_of(statement: tuple[Node, Node, Node]) -> bytes:
    """A statement as a line of N-Triples with names for blank nodes.

    Raises InvalidError for what no file of RDF could hold.
    """
    try:
        return f"{' '.join(to_sparql(named(term)) for term in statement)} .\n".encode()
    except ValueError as error:
        raise InvalidError("%(error)s", error=error) from error


def graph_of_file(ntriples: Path) -> Graph:
    """A file of N-Triples as a graph, with blank nodes for the names that stand for them."""
    graph = Graph()
    with ntriples.open("rb") as file:
        for line in file:
            subject, predicate, value = map(from_store, read_triple(line))
            graph.add((subject, predicate, value))
    return graph


def comparable(variable: str) -> str:
    """SPARQL for the value of a variable with its real datatype, so that it can be compared."""
    datatype = f"STR(DATATYPE({variable}))"
    real = f'STRDT(STR({variable}), IRI(CONCAT("{_XSD}", STRAFTER({datatype}, "{KEPT}"))))'
    return f'COALESCE(IF(STRSTARTS({datatype}, "{KEPT}"), {real}, {variable}), {variable})'


def is_blank(variable: str) -> str:
    """SPARQL for whether a variable holds what stands for a blank node."""
    return f'(isIRI({variable}) && STRSTARTS(STR({variable}), "{PREFIX}"))'
