"""What tells at once that a check finds nothing in the few statements around an edit.

Each clue is true wherever the query of its check finds something; where it is true without that,
the query is run in vain. So the query alone says what is a finding.
"""

import re
from collections.abc import Iterable

from rdflib import DC, RDFS, URIRef

from vocab_server.quality.part import Clue, Part, Term, term
from vocab_server.quality.same_names import UNTAGGED, tag_of
from vocab_server.rdf.namespaces import DCT, OWL, SKOS, SKOSXL

LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
MATCHES = (
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
)
SEMANTIC = (
    *(SKOS.semanticRelation, SKOS.broader, SKOS.narrower, SKOS.related),
    *(SKOS.broaderTransitive, SKOS.narrowerTransitive, SKOS.mappingRelation, *MATCHES),
)
_RELATIONS = (
    *(SKOS.broader, SKOS.narrower, SKOS.related, SKOS.broaderTransitive, SKOS.narrowerTransitive),
    *(SKOS.semanticRelation, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
)
_TITLES = (SKOS.prefLabel, RDFS.label, DCT.title, DC.title)
# A text that begins with anything but a sign of ASCII that is no space.
_ODD_START = re.compile(rb'> "(?:["\\]|[^!-~])')
_FORM = re.compile(r"[<>{}|#*_~^=\[\]\\]|^(the|a|an|der|die|das) ", re.IGNORECASE)


def has_any(*paths: URIRef) -> Clue:
    """There is a statement with one of some properties."""
    names = frozenset(map(term, paths))
    return lambda part: not names.isdisjoint(part.paths)


def names_other_than(space: str, known: Iterable[URIRef]) -> Clue:
    """There is a property or class in a namespace that is none of those that are known."""
    names, start = frozenset(map(term, known)), f"<{space}".encode()

    def clue(part: Part) -> bool:
        terms = {*part.paths, *part.classes} - names
        return any(one.startswith(start) or not one.startswith(b"<") for one in terms)

    return clue


def scheme_and_concept(part: Part) -> object:
    """Something is used as both (SKOS Reference, S9)."""
    schemes = part.members(SKOS.ConceptScheme) | part.subjects(SKOS.hasTopConcept)
    schemes |= part.values(SKOS.inScheme, SKOS.topConceptOf)
    return (
        schemes & part.members(SKOS.Concept)
        or schemes & part.subjects(SKOS.topConceptOf, *SEMANTIC)
        or schemes & part.values(*SEMANTIC)
    )


def collection(part: Part) -> object:
    """There is a collection."""
    named = part.members(SKOS.Collection, SKOS.OrderedCollection)
    return named or part.subjects(SKOS.member, SKOS.memberList)


def alone(part: Part) -> object:
    """A concept has no relation to another."""
    left = _concepts(part) - part.subjects(*_RELATIONS)
    return left and left - part.values(*_RELATIONS)


def without_place(part: Part) -> object:
    """A concept is neither under another nor at the top."""
    left = _concepts(part) - part.subjects(SKOS.broader, SKOS.topConceptOf)
    return left and left - part.values(SKOS.narrower, SKOS.hasTopConcept)


def without_match(part: Part) -> object:
    """A concept has no match."""
    left = _concepts(part) - part.subjects(*MATCHES)
    return left and left - part.values(*MATCHES)


def without_name(part: Part) -> object:
    """A concept has no preferred label as plain text, or a concept scheme no label or title."""
    schemes = part.members(SKOS.ConceptScheme) - part.subjects(*_TITLES)
    return schemes or _concepts(part) - part.subjects(SKOS.prefLabel)


def without(*paths: URIRef) -> Clue:
    """A concept has none of some properties."""
    return lambda part: _concepts(part) - part.subjects(*paths)


def not_there(*paths: URIRef) -> Clue:
    """The value of some properties is no concept here."""
    return lambda part: part.values(*paths) - _concepts(part)


def undeclared_scheme(part: Part) -> object:
    """Something is in what is not said to be a concept scheme here."""
    return part.values(SKOS.inScheme, SKOS.topConceptOf) - part.members(SKOS.ConceptScheme)


def in_no_common_scheme(*paths: URIRef) -> Clue:
    """Two resources that are each in a scheme, but in none together, are related."""

    def clue(part: Part) -> bool:
        inside: dict[Term, set[Term]] = {}
        for subject, scheme in part.pairs(SKOS.inScheme):
            inside.setdefault(subject, set()).add(scheme)
        return any(
            one in inside and other in inside and inside[one].isdisjoint(inside[other])
            for one, other in part.pairs(*paths)
        )

    return clue


def leads_to_retired(*paths: URIRef) -> Clue:
    """Something that may be deprecated is the value of some properties."""
    return lambda part: part.subjects(OWL.deprecated) & part.values(*paths)


def to_itself(*paths: URIRef) -> Clue:
    """Something is its own value."""
    return lambda part: any(subject == value for subject, value in part.pairs(*paths))


def not_plain(part: Part) -> bool:
    """A label is no text, or a text with a datatype."""
    tags = {tag_of(line) for line in part.lines(LABELS)}
    return any(tag != UNTAGGED and not tag.startswith(b"@") for tag in tags)


def unnamed_language(part: Part) -> bool:
    """A label that is not preferred is in a language without a preferred label as plain text."""
    named = {(line.split(b" ", 1)[0], tag_of(line)) for line in part.lines(LABELS[:1])}
    others = part.lines(LABELS[1:])
    return any((line.split(b" ", 1)[0], tag_of(line)) not in named for line in others)


def empty(part: Part) -> bool:
    """A label or title has nothing but space, or what N-Triples writes with a backslash."""
    lines = part.lines((*LABELS, *_TITLES))
    if not _ODD_START.search(b"\n".join(lines)):
        return False
    return any("\\" in text or not text.strip() for text in _texts(lines))


def untidy(part: Part) -> bool:
    """A label has space around it, or other space in it than single blanks."""
    return any(
        "\\" in text or text != " ".join(text.split()) for text in _texts(part.lines(LABELS))
    )


def unprintable(part: Part) -> bool:
    """A label has a character that is no letter, sign or blank, or not in this Unicode version."""
    return any("\\" in text or not text.isprintable() for text in _texts(part.lines(LABELS)))


def odd_form(part: Part) -> bool:
    """A preferred label has a sign that terms have not, or begins like an article."""
    return any(_FORM.search(text) for text in _texts(part.lines(LABELS[:1])))


def extended(part: Part) -> object:
    """There is a label with properties of its own."""
    names = (SKOSXL.literalForm, SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel)
    return part.members(SKOSXL.Label) or part.subjects(*names)


def _concepts(part: Part) -> set[Term]:
    return part.members(SKOS.Concept)


def _texts(lines: Iterable[bytes]) -> Iterable[str]:
    """The texts of literals, escaped as N-Triples does."""
    for line in lines:
        start = line.find(b'"') + 1
        if start:
            yield line[start : line.rfind(b'"')].decode()
