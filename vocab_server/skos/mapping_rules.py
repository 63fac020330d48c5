"""Rules about mappings (SKOS Reference, 10)."""

from collections.abc import Collection

from rdflib.term import Identifier

from vocab_server.errors import RuleBrokenError
from vocab_server.rdf.change import Triple
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.skos.concepts import MAPPINGS
from vocab_server.skos.sketch import Sketch

SAME = 500  # concepts that are the same as one, that are looked at

_UNLIKE = (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_HIERARCHICAL = {SKOS.broadMatch, SKOS.narrowMatch}


def check_mappings(sketch: Sketch) -> None:
    """Pass silently when the mappings that a sketch adds break neither S46 nor S27.

    skos:exactMatch is symmetric and transitive (S44, S45) and disjoint with the hierarchical and
    associative ones (S46); relatedMatch is a related, broadMatch a broader (S41), so S27 holds.
    """
    wanted = frozenset(MAPPINGS)
    found = sorted(triple for triple in sketch.added if triple[1] in wanted)
    _check_are_concepts(sketch, {value for _, _, value in found})
    for mapping in found:
        check_mapping(sketch, mapping)


def check_mapping(sketch: Sketch, mapping: Triple) -> None:
    """Pass silently when a mapping, which the sketch has, contradicts no other."""
    subject, predicate, value = mapping
    if subject == value:
        raise RuleBrokenError(
            "STR-2",
            "%(subject)s cannot match itself.",
            "Choose another concept.",
            subject=sketch.name(subject),
        )
    if predicate == SKOS.exactMatch:
        _check_exact(sketch, subject, value)
    elif predicate in _UNLIKE:
        _check_unlike(sketch, subject, predicate, value)


def _check_are_concepts(sketch: Sketch, values: set[Identifier]) -> None:
    others = [SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection]
    for value, _, _ in sorted(sketch.find(values, [RDF.type], others)):
        raise RuleBrokenError(
            "SKOS Reference S9 and S37",
            "%(resource)s is a collection or a vocabulary, not a concept.",
            "Choose a concept.",
            resource=sketch.name(value),
        )


def _check_unlike(
    sketch: Sketch, one: Identifier, predicate: Identifier, other: Identifier
) -> None:
    both = sketch.find([one], _UNLIKE, [other]) | sketch.find([other], _UNLIKE, [one])
    stated = {found for _, found, _ in both}
    if SKOS.relatedMatch in stated and stated & _HIERARCHICAL:
        raise RuleBrokenError(
            "SKOS Reference S27",
            "%(one)s cannot match %(other)s both as related and as broader or narrower.",
            "Keep one of the two.",
            one=sketch.name(one),
            other=other,
        )
    if other in _same(sketch, one, ()):
        _refuse(sketch, one, predicate, other)


def _check_exact(sketch: Sketch, one: Identifier, other: Identifier) -> None:
    """S46 between all that is the same as one and all that is the same as the other."""
    link = (one, other), (other, one)
    ones, others = _same(sketch, one, link), _same(sketch, other, link)
    unlike = sketch.find(ones, _UNLIKE, others) | sketch.find(others, _UNLIKE, ones)
    for subject, predicate, value in sorted(unlike):
        if subject != value:
            _refuse(sketch, subject, predicate, value)


def _refuse(sketch: Sketch, one: Identifier, predicate: Identifier, other: Identifier) -> None:
    raise RuleBrokenError(
        "SKOS Reference S46",
        "%(one)s cannot match %(other)s both exactly and as %(mapping)s.",
        "Keep one of the two.",
        one=sketch.name(one),
        other=other,
        mapping=str(predicate).rpartition("#")[2],
    )


def _same(
    sketch: Sketch, concept: Identifier, without: Collection[tuple[Identifier, Identifier]]
) -> set[Identifier]:
    """What is exactly the same as a concept, at any distance, some links left out of account."""
    found: set[Identifier] = set()
    level: set[Identifier] = {concept}
    while level and len(found) < SAME:
        found |= level
        links = sketch.find(level, [SKOS.exactMatch])
        links |= sketch.find(None, [SKOS.exactMatch], level)
        ends = {end for s, _, o in links if (s, o) not in without for end in (s, o)}
        level = ends - found
    return found
