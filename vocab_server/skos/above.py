"""What stands above and under concepts in a sketch, and how a vocabulary states it.

A vocabulary may state only skos:broader, only skos:narrower, or both; each implies the other
(SKOS Reference S25). What an act adds is stated as the vocabulary does; what it removes goes in
both directions, the refinements of ISO 25964 and the transitive forms too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import product

from rdflib.term import Identifier

from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Triple
from vocab_server.rdf.namespaces import ISOTHES, SKOS
from vocab_server.skos.sketch import Sketch

REACHED = 20_000  # concepts that one walk upward visits at most

UPWARD = (
    SKOS.broader,
    SKOS.broaderTransitive,
    ISOTHES.broaderGeneric,
    ISOTHES.broaderInstantial,
    ISOTHES.broaderPartitive,
)
DOWNWARD = (
    SKOS.narrower,
    SKOS.narrowerTransitive,
    ISOTHES.narrowerGeneric,
    ISOTHES.narrowerInstantial,
    ISOTHES.narrowerPartitive,
)

Above = dict[Identifier, set[Identifier]]


def broader_of(sketch: Sketch, concepts: Collection[Identifier]) -> Above:
    """What stands right above each concept, by skos:broader or the inverse of skos:narrower."""
    stated = sketch.find(concepts, [SKOS.broader])
    implied = sketch.find(None, [SKOS.narrower], concepts)
    pairs = [(s, o) for s, _, o in stated] + [(o, s) for s, _, o in implied]
    return _grouped(pairs)


def narrower_of(sketch: Sketch, concept: Identifier) -> list[Identifier]:
    """What stands right under a concept and is not deprecated, in order."""
    return narrower_of_each(sketch, [concept])[concept]


def narrower_of_each(
    sketch: Sketch, concepts: Collection[Identifier]
) -> dict[Identifier, list[Identifier]]:
    """What stands right under each of the concepts and is not deprecated, in order."""
    stated = sketch.find(concepts, [SKOS.narrower])
    implied = sketch.find(None, [SKOS.broader], concepts)
    under = _grouped([(s, o) for s, _, o in stated] + [(o, s) for s, _, o in implied])
    gone = sketch.deprecated(set().union(*under.values()))
    return {each: sorted(under.get(each, set()) - gone - {each}) for each in concepts}


def walk_up(sketch: Sketch, starts: Collection[Identifier]) -> Above:
    """What stands right above each of the concepts, and above those, up to the top.

    Level by level, each concept once, so that a cycle ends; one pair of queries a level. Raises
    InvalidError when more than REACHED concepts stand above.
    """
    found: Above = {}
    level = set(starts)
    while level:
        higher = broader_of(sketch, level)
        found.update({concept: higher.get(concept, set()) for concept in level})
        if len(found) > REACHED:
            raise InvalidError(
                "More than %(most)s concepts stand above these. Change fewer concepts at once.",
                most=REACHED,
            )
        level = set().union(*higher.values()) - found.keys()
    return found


def reach(above: Mapping[Identifier, set[Identifier]], start: Identifier) -> set[Identifier]:
    """Everything above a concept by what ``walk_up`` found; itself only when it is in a cycle."""
    found: set[Identifier] = set()
    waiting = list(above.get(start, ()))
    while waiting:
        concept = waiting.pop()
        if concept not in found:
            found.add(concept)
            waiting.extend(above.get(concept, ()))
    return found


def put_under(
    sketch: Sketch, concepts: Collection[Identifier], broader: Collection[Identifier]
) -> None:
    """State that concepts are under others, and then not at the top of their schemes (STR-7)."""
    states_narrower = sketch.uses(SKOS.narrower)
    states_broader = sketch.uses(SKOS.broader) or not states_narrower
    edges = list(product(concepts, broader))
    if states_broader:
        sketch.add(*((concept, SKOS.broader, parent) for concept, parent in edges))
    if states_narrower:
        sketch.add(*((parent, SKOS.narrower, concept) for concept, parent in edges))
    if edges:
        _leave_top(sketch, concepts, broader)


def take_from(
    sketch: Sketch, concepts: Collection[Identifier], broader: Collection[Identifier]
) -> None:
    """State no longer that any of the concepts is under any of the others."""
    sketch.remove(*sketch.find(concepts, UPWARD, broader))
    sketch.remove(*sketch.find(broader, DOWNWARD, concepts))


def settle(sketch: Sketch, concepts: Collection[Identifier]) -> None:
    """Make those of the concepts top concepts that nothing in use stands above any more."""
    above = broader_of(sketch, concepts)
    in_use = _in_use(sketch, set().union(*above.values()))
    settle_at_top(sketch, [c for c in concepts if not (above.get(c, set()) - {c}) & in_use])


def in_use_above(sketch: Sketch, concept: Identifier) -> set[Identifier]:
    """What stands right above a concept, is there, and is not deprecated."""
    return _in_use(sketch, broader_of(sketch, [concept]).get(concept, set()) - {concept})


def _in_use(sketch: Sketch, concepts: set[Identifier]) -> set[Identifier]:
    return sketch.known(concepts) - sketch.deprecated(concepts)


def settle_at_top(sketch: Sketch, concepts: Collection[Identifier]) -> None:
    """Make concepts that nothing stands above top concepts of their schemes (SKOS Reference S8).

    Nothing is stated where a vocabulary with concepts states no top concepts at all: the one
    stated would seem to be the only one.
    """
    states_scheme = sketch.uses(SKOS.hasTopConcept)
    states_concept = sketch.uses(SKOS.topConceptOf)
    if not (states_scheme or states_concept):
        if sketch.uses(SKOS.inScheme):
            return
        states_concept = states_scheme = True
    for concept, schemes in schemes_of(sketch, concepts).items():
        if states_scheme:
            sketch.add(*((scheme, SKOS.hasTopConcept, concept) for scheme in schemes))
        if states_concept:
            sketch.add(*((concept, SKOS.topConceptOf, scheme) for scheme in schemes))


def schemes_of(sketch: Sketch, concepts: Collection[Identifier]) -> Above:
    """The schemes that each concept is in (SKOS Reference S4, S7, S8)."""
    stated = sketch.find(concepts, [SKOS.inScheme, SKOS.topConceptOf])
    implied = sketch.find(None, [SKOS.hasTopConcept], concepts)
    return _grouped([(s, o) for s, _, o in stated] + [(o, s) for s, _, o in implied])


def is_top(sketch: Sketch, concept: Identifier) -> bool:
    """Whether a concept is a stated top concept of a scheme."""
    return bool(_tops(sketch, [concept]))


def _leave_top(
    sketch: Sketch, concepts: Collection[Identifier], parents: Collection[Identifier]
) -> None:
    """A concept in two schemes may be at the top of one and not of the other."""
    tops = _tops(sketch, concepts)
    if not tops:
        return
    above = broader_of(sketch, parents)
    # A parent that is nowhere in the tree would take the concept out of sight.
    settle_at_top(sketch, [parent for parent in parents if parent not in above])
    schemes = schemes_of(sketch, parents)
    inside = set().union(*schemes.values()) if len(schemes) == len(set(parents)) else None
    for subject, predicate, value in tops:
        concept, scheme = (subject, value) if predicate == SKOS.topConceptOf else (value, subject)
        if inside is None or scheme in inside:
            sketch.remove((subject, predicate, value))
            sketch.add((concept, SKOS.inScheme, scheme))


def _tops(sketch: Sketch, concepts: Collection[Identifier]) -> set[Triple]:
    stated = sketch.find(concepts, [SKOS.topConceptOf])
    return stated | sketch.find(None, [SKOS.hasTopConcept], concepts)


def _grouped(pairs: Iterable[tuple[Identifier, Identifier]]) -> Above:
    found: Above = defaultdict(set)
    for concept, other in pairs:
        found[concept].add(other)
    return dict(found)
