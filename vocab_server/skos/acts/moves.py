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
    left = _left(sketch, concepts, away_from)
    place(sketch, concepts, left - {to}, [to] if to is not None else [])
    return curation.finish(sketch, concepts)


def place(
    sketch: Sketch,
    concepts: Collection[Identifier],
    away_from: Collection[Identifier],
    to: Collection[Identifier],
) -> None:
    """Take concepts from some and put them under others; at the top when nothing is above them."""
    take_from(sketch, concepts, away_from)
    put_under(sketch, concepts, to)
    settle(sketch, concepts)


def _left(sketch: Sketch, concepts: Sequence[URIRef], away_from: URIRef | None) -> set[Identifier]:
    """What the concepts leave."""
    above = broader_of(sketch, concepts)
    if away_from is None:
        return set().union(*above.values())
    for concept in concepts:
        if away_from not in above.get(concept, ()):
            raise ConflictError(
                "%(concept)s is not under %(broader)s any more. Look at the tree again before"
                " you move it.",
                concept=sketch.name(concept),
                broader=sketch.name(away_from),
            )
    return {away_from}
