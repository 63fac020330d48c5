"""The act that puts the concepts under another one in an order by hand.

The place of a concept among its siblings is a number, sh:order (SHACL, 8.1: decimals, ascending),
on the concept. An ordered collection under each parent (ISO 25964's arrays) would state the
hierarchy a second time, and every move, merge and deprecation would have to rewrite a list: two
drafts that touch different siblings would then be in conflict. Numbers are one triple a concept,
of which an act changes as few as it can. Siblings without one come after those with, by name.
A concept under several others has one number, which counts under all of them.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, Phrase
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SH, XSD
from vocab_server.skos.above import is_top, narrower_of
from vocab_server.skos.acts.curation import Curation, require_in_use
from vocab_server.skos.hierarchy import to_place
from vocab_server.skos.sketch import Sketch

PLACES = 6  # decimals; with more, all siblings are numbered anew


def order_narrower(
    curation: Curation, broader: URIRef | None, concepts: Sequence[URIRef]
) -> Change:
    """Show these concepts under another one in this order; None is the top.

    Those that are not named come after them; no concepts at all is alphabetical order again.
    Raises ConflictError when one is not under the other any more.
    """
    sketch = curation.sketch()
    listed = list(dict.fromkeys(concepts))
    require_in_use(sketch, listed if broader is None else [broader, *listed])
    under = _siblings(sketch, broader, listed)
    numbers = order_numbers(sketch, [*under, *listed])
    for concept in sorted(set(under) - set(listed)):
        sketch.remove(*sketch.find([concept], [SH.order]))
    for concept, number in new_numbers(listed, numbers).items():
        if numbers.get(concept) != number:
            sketch.replace(concept, SH.order, _literal(number))
    changed = {subject for subject, _, _ in sketch.added | sketch.removed}
    return curation.finish(sketch, changed)


def order_numbers(sketch: Sketch, concepts: Sequence[Identifier]) -> dict[Identifier, Decimal]:
    """The number of each concept that has one."""
    found: dict[Identifier, Decimal] = {}
    for concept, _, value in sorted(sketch.find(concepts, [SH.order])):
        number = to_place(value)
        if number is not None:
            found.setdefault(concept, number)
    return found


def new_numbers(
    concepts: Sequence[Identifier], numbers: Mapping[Identifier, Decimal]
) -> dict[Identifier, Decimal]:
    """Ascending numbers for concepts in this order, as many of the old ones kept as can be."""
    kept = _longest_ascent([c for c in concepts if c in numbers], numbers)
    found: dict[Identifier, Decimal] = {}
    low = Decimal(0)
    waiting: list[Identifier] = []
    for concept in concepts:
        if concept not in kept:
            waiting.append(concept)
            continue
        if numbers[concept] > low or not found:
            low = _fill(found, waiting, low, numbers[concept])
            found[concept] = low
        waiting = []
    _fill(found, waiting, low, low + len(waiting) + 1)
    if any(-_exponent(number) > PLACES for number in found.values()):
        return {concept: Decimal(place) for place, concept in enumerate(concepts, 1)}
    return found


def _fill(
    found: dict[Identifier, Decimal], concepts: Sequence[Identifier], low: Decimal, high: Decimal
) -> Decimal:
    """Number concepts evenly between two numbers; the upper one."""
    if concepts and high <= low:
        low = high - len(concepts) - 1
    for place, concept in enumerate(concepts, 1):
        found[concept] = low + (high - low) * place / (len(concepts) + 1)
    return high


def _exponent(number: Decimal) -> int:
    return int(number.normalize().as_tuple().exponent)


def _longest_ascent(
    concepts: Sequence[Identifier], numbers: Mapping[Identifier, Decimal]
) -> set[Identifier]:
    """The most concepts whose numbers ascend in this order (patience sorting)."""
    tails: list[Decimal] = []
    ends: list[Identifier] = []
    before: dict[Identifier, Identifier | None] = {}
    for concept in concepts:
        place = bisect_left(tails, numbers[concept])
        before[concept] = ends[place - 1] if place else None
        tails[place : place + 1] = [numbers[concept]]
        ends[place : place + 1] = [concept]
    found: set[Identifier] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def _literal(number: Decimal) -> Literal:
    return Literal(f"{number.normalize():f}", datatype=XSD.decimal, normalize=False)


def _siblings(sketch: Sketch, broader: URIRef | None, listed: Sequence[URIRef]) -> list[Identifier]:
    """What may be numbered: all under a concept, or those listed that are at the top."""
    under: list[Identifier] = [concept for concept in listed if is_top(sketch, concept)]
    if broader is not None:
        under = narrower_of(sketch, broader)
    for missing in sorted(set(listed) - set(under)):
        where = Phrase("at the top")
        if broader is not None:
            where = Phrase("under %(broader)s", broader=sketch.name(broader))
        raise ConflictError(
            "%(concept)s is not %(where)s any more. Look at it again.",
            concept=sketch.name(missing),
            where=where,
        )
    return under
