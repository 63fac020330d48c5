"""Which part of a concept's description a statement belongs to, told from its line alone.

A place is a concept, a property and a language. "A narrower B" says something about B, as
"B broader A" does (SKOS Reference S25, S8); what is said about a label with a name of its own
(SKOS-XL, B.3) or a node without one belongs to the concept that has it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from rdflib import URIRef

from vocab_server.rdf.change import Patch
from vocab_server.rdf.composing import stream
from vocab_server.rdf.namespaces import SKOS, SKOSXL
from vocab_server.rdf.skolem import PREFIX


class Place(NamedTuple):
    """Part of what is said about a concept; IRIs are written as in N-Triples."""

    concept: bytes
    property: bytes
    language: bytes


Owners = Mapping[bytes, tuple[bytes, bytes]]  # what a node belongs to: a subject and a property
FindOwners = Callable[[list[URIRef]], Owners]


def written(iri: str) -> bytes:
    """An IRI as N-Triples write it."""
    return f"<{iri}>".encode()


_TURNED = {
    written(SKOS.narrower): written(SKOS.broader),
    written(SKOS.hasTopConcept): written(SKOS.topConceptOf),
}
_FORM = written(SKOSXL.literalForm)
_LABELS = {written(SKOSXL.prefLabel), written(SKOSXL.altLabel), written(SKOSXL.hiddenLabel)}
_NODE = f"<{PREFIX}".encode()


def place_of(line: bytes, owners: Owners) -> Place:
    """Where a line of N-Triples belongs."""
    subject, predicate, rest = line.split(b" ", 2)
    if predicate in _TURNED and rest.startswith(b"<"):
        return Place(rest[:-2], _TURNED[predicate], b"")
    language = _language(rest)
    passed = set()
    while subject in owners and subject not in passed:
        passed.add(subject)
        (subject, predicate), language = owners[subject], b""
    return Place(subject, predicate, language)


def target_of(line: bytes) -> bytes:
    """What a line says its concept is related to: an IRI or a literal, as N-Triples write it."""
    subject, predicate, rest = line.split(b" ", 2)
    return subject if predicate in _TURNED and rest.startswith(b"<") else rest[:-2]


def find_owners(patches: Iterable[Patch], find: FindOwners) -> Owners:
    """What the nodes and labels that the patches speak of belong to.

    ``find`` is asked for those that the patches themselves do not tell, until it knows no more.
    """
    owners: dict[bytes, tuple[bytes, bytes]] = {}
    asked: set[bytes] = set()
    for subject, predicate, rest in _split(patches):
        if rest.startswith(_NODE) or predicate in _LABELS:
            owners[rest[:-2]] = (subject, predicate)
        if subject.startswith(_NODE) or predicate == _FORM:
            asked.add(subject)
    open_ends = asked - owners.keys()
    while open_ends:
        found = find([URIRef(node[1:-1].decode()) for node in sorted(open_ends)])
        owners.update(found)
        ends = {subject for subject, _ in found.values() if subject.startswith(_NODE)}
        open_ends = ends - owners.keys()
    return owners


def _split(patches: Iterable[Patch]) -> Iterator[tuple[bytes, bytes, bytes]]:
    for patch in patches:
        for _, block in stream(patch):
            for line in block.splitlines():
                subject, predicate, rest = line.split(b" ", 2)
                yield subject, predicate, rest


def _language(rest: bytes) -> bytes:
    _, quote, tag = rest.rpartition(b'"')
    return tag[1:-2] if quote and tag.startswith(b"@") else b""
