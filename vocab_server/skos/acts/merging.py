"""The act that makes one concept of several."""

from collections.abc import Collection, Sequence
from itertools import product

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import InvalidError, RuleBrokenError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.above import (
    in_use_above,
    narrower_of,
    put_under,
    reach,
    settle,
    take_from,
    walk_up,
)
from vocab_server.skos.acts.collections import replace_member
from vocab_server.skos.acts.curation import Curation, require_in_use
from vocab_server.skos.acts.replacing import retire
from vocab_server.skos.concepts import MAPPINGS
from vocab_server.skos.label_sets import KINDS, labels_in, language_of
from vocab_server.skos.mapping_rules import check_mapping
from vocab_server.skos.rules import related_clashes
from vocab_server.skos.sketch import Sketch

_NOTES = (SKOS.scopeNote, SKOS.example, SKOS.note, SKOS.historyNote, SKOS.editorialNote)

Edge = tuple[Identifier, Identifier]


def merge(
    curation: Curation, concepts: Sequence[URIRef], into: URIRef, reason: Sequence[Literal] = ()
) -> Change:
    """Let one concept take the place of others, which are deprecated with it as replacement.

    Their labels become alternative (hidden ones hidden) unless it has the text already; notes,
    relations, mappings and places in collections are carried over, what is under them comes under
    it. What would break a rule is left out: a relation to itself or to what is above or under it
    (SKOS Reference S27), a cycle, a contradicting mapping (S46), a second definition in a language,
    which becomes an editorial note. Notations stay with the old concepts.
    """
    merged = sorted(set(concepts))
    sketch = curation.sketch()
    if not merged:
        raise InvalidError("No concept is chosen. Choose at least one to merge.")
    if into in merged:
        raise RuleBrokenError(
            "STR-2",
            "%(concept)s cannot be merged with itself.",
            "Choose another concept.",
            concept=sketch.name(into),
        )
    require_in_use(sketch, [*merged, into])
    touched: set[Identifier] = {into, *merged}
    for concept in merged:
        _carry_labels(sketch, concept, into)
        _carry_notes(sketch, concept, into)
        touched |= _carry_hierarchy(sketch, concept, into)
        _carry_related(sketch, concept, into)
        _carry_mappings(sketch, concept, into)
        replace_member(sketch, concept, [into])
        retire(sketch, concept, [into], reason)
    return curation.finish(sketch, touched)


def _carry_labels(sketch: Sketch, concept: Identifier, into: Identifier) -> None:
    labels = labels_in(sketch, [concept, into])
    for kind in KINDS:
        for label in sorted(labels[concept][kind]):
            take_label(
                sketch, into, SKOS.hiddenLabel if kind == SKOS.hiddenLabel else SKOS.altLabel, label
            )


def take_label(sketch: Sketch, concept: Identifier, kind: URIRef, label: Literal) -> None:
    """Give a concept a label unless it has the text; one that was hidden comes out (S13)."""
    present = labels_in(sketch, [concept])[concept]
    if kind == SKOS.altLabel and label in present[SKOS.hiddenLabel]:
        sketch.remove((concept, SKOS.hiddenLabel, label))
        present[SKOS.hiddenLabel].discard(label)
    if not any(label in found for found in present.values()):
        sketch.add((concept, kind, label))


def _carry_notes(sketch: Sketch, concept: Identifier, into: Identifier) -> None:
    sketch.add(*((into, kind, text) for _, kind, text in sketch.find([concept], _NOTES)))
    defined = sketch.values(into, SKOS.definition)
    languages = {language_of(text) for text in defined if isinstance(text, Literal)}
    for text in sketch.values(concept, SKOS.definition):
        if text not in defined:
            is_second = isinstance(text, Literal) and language_of(text) in languages
            sketch.add((into, SKOS.editorialNote if is_second else SKOS.definition, text))


def _carry_hierarchy(sketch: Sketch, concept: Identifier, into: Identifier) -> set[Identifier]:
    """Bring what is under the concept under the other one, and that under what is above it.

    Gives what was moved. What stands between the two stays above the other one.
    """
    parents = in_use_above(sketch, concept)
    under = narrower_of(sketch, concept)
    take_from(sketch, under, [concept])
    between = (reach(walk_up(sketch, [into]), into) | {into}).intersection(under)
    edges = _place(sketch, sorted(between), parents)
    edges += _place(sketch, sorted(set(under) - between), [into])
    take_from(sketch, [into], [concept])
    edges += _place(sketch, [into], _wanted_above(sketch, parents, into))
    _drop_clashes(sketch, edges)
    return set(under)


def _place(
    sketch: Sketch, concepts: Sequence[Identifier], to: Collection[Identifier]
) -> list[Edge]:
    put_under(sketch, concepts, sorted(to))
    settle(sketch, concepts)
    return list(product(concepts, to))


def _wanted_above(
    sketch: Sketch, parents: Collection[Identifier], into: Identifier
) -> list[Identifier]:
    """Those of the parents that make no cycle and are not above the concept already."""
    above = walk_up(sketch, [*parents, into])
    already = reach(above, into) | {into}
    return [each for each in sorted(parents) if each not in already | _under(above, into)]


def _under(above: dict[Identifier, set[Identifier]], concept: Identifier) -> set[Identifier]:
    return {each for each in above if concept in reach(above, each)}


def _drop_clashes(sketch: Sketch, edges: Sequence[Edge]) -> None:
    """Where a new place puts related concepts above one another, the place counts (S27)."""
    above = walk_up(sketch, {parent for _, parent in edges})
    for lower, upper in related_clashes(sketch, edges, above):
        sketch.remove((lower, SKOS.related, upper), (upper, SKOS.related, lower))


def _carry_related(sketch: Sketch, concept: Identifier, into: Identifier) -> None:
    related = set(sketch.values(concept, SKOS.related))
    related |= {s for s, _, _ in sketch.find(None, [SKOS.related], [concept])}
    related -= {into, concept} | sketch.deprecated(related)
    above = walk_up(sketch, [*related, into])
    for other in sorted(related - reach(above, into) - _under(above, into)):
        sketch.add((into, SKOS.related, other), (other, SKOS.related, into))


def _carry_mappings(sketch: Sketch, concept: Identifier, into: Identifier) -> None:
    for mapping in sorted(sketch.find([concept], MAPPINGS)):
        move_mapping(sketch, mapping, (into, mapping[1], mapping[2]))
    for mapping in sorted(sketch.find(None, MAPPINGS, [concept])):
        move_mapping(sketch, mapping, (mapping[0], mapping[1], into))


def move_mapping(sketch: Sketch, old: Triple, new: Triple) -> None:
    """Put a mapping in the place of another one; it is left out when it contradicts a third."""
    sketch.remove(old)
    subject, _, value = new
    if subject == value or sketch.find([subject], MAPPINGS, [value]):
        return
    sketch.add(new)
    try:
        check_mapping(sketch, new)
    except RuleBrokenError:
        sketch.remove(new)
