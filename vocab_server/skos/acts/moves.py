"""Acts on the place of concepts: moving one or many, each with all that is under it."""

from collections.abc import Collection, Sequence

from rdflib import URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change
from vocab_server.skos.above import broader_of, put_under, settle, take_from
from vocab_server.skos.acts.curation import Curation, require_in_use
from vocab_server.skos.sketch import Sketch


def move(
    curation: Curation,
    concepts: Sequence[URIRef],
    to: URIRef | None,
    away_from: URIRef | None = None,
) -> Change:
    """Put concepts, each with all that is under it, under another one.

    ``to`` None is the top. They leave ``away_from`` only, and stay under others that they are
    under; with None they leave all. Raises ConflictError when one is not under ``away_from`` any
    more, RuleBrokenError when one would be under itself (STR-1) or under one that it is related
    to (SKOS Reference S27).
    """
    if not concepts:
        raise InvalidError("No concept is chosen. Choose at least one to move.")
    sketch = curation.sketch()
    require_in_use(sketch, [*concepts, *([to] if to is not None else [])])
    above = broader_of(sketch, concepts)
    for concept in concepts:
        left = _left(sketch, concept, above.get(concept, set()), away_from)
        place(sketch, concept, left - {to}, [to] if to is not None else [])
    return curation.finish(sketch, concepts)


def place(
    sketch: Sketch,
    concept: Identifier,
    away_from: Collection[Identifier],
    to: Collection[Identifier],
) -> None:
    """Take a concept from some and put it under others; at the top when nothing is above it."""
    take_from(sketch, concept, away_from)
    put_under(sketch, concept, to)
    settle(sketch, concept)


def _left(
    sketch: Sketch, concept: URIRef, above: set[Identifier], away_from: URIRef | None
) -> set[Identifier]:
    if away_from is None:
        return above
    if away_from not in above:
        raise ConflictError(
            f"{sketch.name(concept)} is not under {sketch.name(away_from)} any more."
            " Look at the tree again before you move it."
        )
    return {away_from}
