"""From values to SPARQL text: the only place where a value becomes query text."""

from collections.abc import Iterable
from functools import lru_cache
from string import Template

from rdflib import Literal, URIRef
from rdflib.term import Node

from vocab_server.rdf.namespaces import PREFIXES

_FORBIDDEN = frozenset('<>"{}|^`\\') | {chr(code) for code in (*range(0x21), 0x7F)}


Value = Node | Iterable[Node] | Iterable[tuple[Node, ...]]


def bind(query: str, **values: Value) -> str:
    """The query with the usual prefixes and with every ``$name`` replaced by its value.

    A term is written as it is, several one after the other for ``VALUES ?x { $terms }``, tuples
    in brackets for ``VALUES (?x ?y) { $rows }``. A ``$name`` without a value is a programming
    error and raises KeyError; a term that SPARQL cannot write raises ValueError. A dollar sign
    itself is ``$$``.
    """
    return _prologue(query) + Template(query).substitute(
        {name: _written(value) for name, value in values.items()}
    )


@lru_cache(maxsize=1_000)
def _prologue(query: str) -> str:
    """The prefixes that a query may use: each that it has not is one less to be read."""
    return "".join(
        f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items() if f"{prefix}:" in query
    )


def _written(value: Value) -> str:
    if isinstance(value, Node):
        return to_sparql(value)
    return " ".join(
        f"({_written(item)})" if isinstance(item, tuple) else to_sparql(item) for item in value
    )


def to_sparql(term: Node) -> str:
    """A term as SPARQL and N-Triples write it.

    So a value can never be read as syntax. Raises ValueError for characters that no
    IRI may have (SPARQL 1.1, IRIREF) and for blank nodes, which have no name.
    """
    if isinstance(term, URIRef) and is_iri(term):
        return f"<{term}>"
    if isinstance(term, Literal):
        return _literal(term)
    raise ValueError(f"SPARQL cannot name {str(term)!r}.")


def is_iri(text: str) -> bool:
    """Whether SPARQL can write this text between angle brackets (SPARQL 1.1, IRIREF)."""
    return not _FORBIDDEN.intersection(text)


def _literal(literal: Literal) -> str:
    text = quoted(str(literal))
    if literal.language:
        return f"{text}@{literal.language}"
    if literal.datatype:
        return f"{text}^^{to_sparql(literal.datatype)}"
    return text


_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    ord(sign): f"\\{letter}" for sign, letter in zip('\\"\b\t\n\f\r', '\\"btnfr', strict=True)
}


def quoted(text: str) -> str:
    """A string literal in the canonical form of N-Triples (RDF 1.2 N-Triples, 4), as stores do."""
    return f'"{text.translate(_ESCAPES)}"'
