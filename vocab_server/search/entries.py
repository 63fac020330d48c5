"""What the index holds of each concept, read from lines of N-Triples.

Why lines: a vocabulary of 750 000 triples is read in 2 s this way, and in 10 s by queries.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from vocab_server.rdf.namespaces import OWL, RDF, SH, SKOS, SKOSXL
from vocab_server.rdf.ntriples import read_literal
from vocab_server.search.notes import SEARCHED

PREFERRED = "prefLabel"
NOTATION = "notation"
_PROPERTIES = ("prefLabel", "altLabel", "hiddenLabel")


def _written(iri: str) -> str:
    """An IRI as lines of N-Triples have it."""
    return f"<{iri}>"


_PLAIN = {_written(SKOS[name]): name for name in (*_PROPERTIES, NOTATION)}
_EXTENDED = {_written(SKOSXL[name]): name for name in _PROPERTIES}
_NOTES = {_written(SKOS[name]) for name in SEARCHED}
_TYPE, _CONCEPT, _DEPRECATED = map(_written, (RDF.type, SKOS.Concept, OWL.deprecated))
_BROADER, _NARROWER = map(_written, (SKOS.broader, SKOS.narrower))
_HAS_TOP, _TOP_OF = map(_written, (SKOS.hasTopConcept, SKOS.topConceptOf))
_MEMBER, _ORDER = map(_written, (SKOS.member, SH.order))
_LITERAL_FORM = _written(SKOSXL.literalForm)
_OF_CONCEPTS = {_BROADER, _NARROWER, _TOP_OF}
_TO_CONCEPTS = {_NARROWER, _HAS_TOP}
_LIKELY = {*_PLAIN, _written(SKOS.inScheme)}
_READ = frozenset(
    {*_LIKELY, *_EXTENDED, *_NOTES, *_OF_CONCEPTS, *_TO_CONCEPTS}
    | {_TYPE, _DEPRECATED, _MEMBER, _ORDER, _LITERAL_FORM}
)
# Properties of which what is held of a concept is made.
READ = frozenset(written[1:-1] for written in _READ)

_write_json = json.JSONEncoder(ensure_ascii=False).encode  # one for all is quicker


class Name(NamedTuple):
    """One name of a concept; ``property`` is the local name of the SKOS property."""

    property: str
    language: str
    text: str


@dataclass(slots=True)
class Entry:
    """What the index holds of one concept; ``top_of`` are schemes, ``groups`` collections."""

    names: set[Name] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)
    top_of: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    is_deprecated: bool = False
    notes: set[tuple[str, str]] = field(default_factory=set)  # language, text
    orders: set[str] = field(default_factory=set)  # values of sh:order


@dataclass(slots=True)
class _Found:
    names: set[Name] = field(default_factory=set)
    forms: set[tuple[str, str]] = field(default_factory=set)  # property, SKOS-XL label
    parents: set[str] = field(default_factory=set)
    top_of: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    is_concept: bool = False
    is_likely: bool = False
    is_typed: bool = False
    is_described: bool = False
    is_deprecated: bool = False
    notes: set[tuple[str, str]] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)


def read_entries(lines: Iterable[bytes]) -> Iterator[tuple[str, Entry]]:
    """The concepts that the lines describe, with what the index holds of each.

    A concept is what is typed so, what takes part in the hierarchy, and what has no type but
    SKOS properties. A broader concept that is itself not described is no parent, so that what
    lies under it is not lost. Names of SKOS-XL labels count as plain ones (SKOS Reference, B.3).
    """
    found: dict[str, _Found] = defaultdict(_Found)
    texts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    before, about = "", _Found()
    for line in lines:
        subject, predicate, rest = line.decode().split(" ", 2)
        if subject != before:  # lines about one thing mostly stand together
            before, about = subject, found[subject[1:-1]]
            about.is_described = True
        if predicate in _READ:
            _take(found, texts, about, subject[1:-1], predicate, rest[:-2])
    for iri, about in found.items():
        if about.is_concept or (about.is_likely and not about.is_typed):
            names = about.names | {
                Name(name, *text) for name, form in about.forms for text in texts.get(form, ())
            }
            parents = {up for up in about.parents if up in found and found[up].is_described}
            yield (
                iri,
                Entry(
                    names,
                    parents,
                    about.top_of,
                    about.groups,
                    about.is_deprecated,
                    about.notes,
                    about.orders,
                ),
            )


def card(entry: Entry, shown: Iterable[Name]) -> bytes:
    """What lists show of a concept, as the index keeps it: see ``search.cards``."""
    notations = [name.text for name in entry.names if name.property == NOTATION]
    held = {
        "labels": [[name.language, name.text] for name in shown],
        "above": sorted(entry.parents),
        "notation": min(notations, default=""),
        "orders": sorted(entry.orders),
        "deprecated": entry.is_deprecated,
    }
    return _write_json(held).encode()


def _take(
    found: dict[str, _Found],
    texts: dict[str, set[tuple[str, str]]],
    about: _Found,
    subject: str,
    predicate: str,
    value: str,
) -> None:
    if predicate in _LIKELY:
        about.is_likely = True
    elif predicate in _OF_CONCEPTS:
        about.is_concept = True
    if value.startswith('"'):
        _take_text(about, texts, subject, predicate, value)
    elif predicate in _EXTENDED:
        about.forms.add((_EXTENDED[predicate], value[1:-1]))
    elif predicate == _TYPE:
        about.is_typed = True
        about.is_concept |= value == _CONCEPT
    else:
        _relate(found, subject, predicate, value[1:-1])


def _take_text(
    about: _Found, texts: dict[str, set[tuple[str, str]]], subject: str, predicate: str, value: str
) -> None:
    if predicate in _PLAIN:
        about.names.add(Name(_PLAIN[predicate], *read_literal(value)))
    elif predicate in _NOTES:
        about.notes.add(read_literal(value))
    elif predicate == _LITERAL_FORM:
        texts[subject].add(read_literal(value))
    elif predicate == _ORDER:
        about.orders.add(read_literal(value)[1])
    elif predicate == _DEPRECATED:
        about.is_deprecated |= value.startswith('"true"')


def _relate(found: dict[str, _Found], subject: str, predicate: str, value: str) -> None:
    if predicate in _TO_CONCEPTS:
        found[value].is_concept = True
    if predicate == _BROADER:
        found[subject].parents.add(value)
    elif predicate == _NARROWER:
        found[value].parents.add(subject)
    elif predicate == _TOP_OF:
        found[subject].top_of.add(value)
    elif predicate == _HAS_TOP:
        found[value].top_of.add(subject)
    elif predicate == _MEMBER:
        found[value].groups.add(subject)
