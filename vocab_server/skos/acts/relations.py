"""Acts on relations: broader and narrower, related, and mappings to other vocabularies."""

from rdflib import URIRef

from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.above import broader_of, put_under, settle, take_from
from vocab_server.skos.acts.curation import Curation, require_in_use
from vocab_server.skos.concepts import MAPPINGS


def add_broader(curation: Curation, concept: URIRef, broader: URIRef) -> Change:
    """Put a concept under one more; it stays where it is, too.

    Stated as skos:broader, skos:narrower or both, as the vocabulary does. Raises RuleBrokenError
    for a cycle (STR-1) or when the two are related (SKOS Reference S27).
    """
    sketch = curation.sketch()
    require_in_use(sketch, [concept, broader])
    put_under(sketch, [concept], [broader])
    return curation.finish(sketch, [concept])


def remove_broader(curation: Curation, concept: URIRef, broader: URIRef) -> Change:
    """Take a concept from under another; with nothing left above it, it is a top concept.

    Raises ConflictError when it is not there any more.
    """
    sketch = curation.sketch()
    require_in_use(sketch, [concept])
    above = broader_of(sketch, [concept]).get(concept, set())
    if broader not in above:
        raise ConflictError(
            "%(concept)s is not under %(broader)s any more. Look at it again.",
            concept=sketch.name(concept),
            broader=sketch.name(broader),
        )
    take_from(sketch, [concept], [broader])
    settle(sketch, [concept])
    return curation.finish(sketch, [concept])


def add_related(curation: Curation, concept: URIRef, related: URIRef) -> Change:
    """Relate two concepts to one another, stated both ways (SKOS Reference S23).

    Raises RuleBrokenError when one is under the other (S27).
    """
    sketch = curation.sketch()
    require_in_use(sketch, [concept, related])
    sketch.add((concept, SKOS.related, related), (related, SKOS.related, concept))
    return curation.finish(sketch, [concept, related])


def remove_related(curation: Curation, concept: URIRef, related: URIRef) -> Change:
    """Relate two concepts no longer. Raises ConflictError when they are not any more."""
    sketch = curation.sketch()
    require_in_use(sketch, [concept])
    both = sketch.find([concept], [SKOS.related], [related])
    both |= sketch.find([related], [SKOS.related], [concept])
    if not both:
        raise ConflictError(
            "%(concept)s and %(related)s are not related any more.",
            concept=sketch.name(concept),
            related=sketch.name(related),
        )
    sketch.remove(*both)
    return curation.finish(sketch, [concept, related])


def add_mapping(curation: Curation, concept: URIRef, relation: URIRef, target: URIRef) -> Change:
    """Map a concept to one of another vocabulary, with one of the five mapping properties.

    It takes the place of another mapping to the same target. Raises RuleBrokenError when it
    contradicts one (SKOS Reference S46, S27), InvalidError when the relation is no mapping.
    """
    sketch = curation.sketch()
    require_in_use(sketch, [concept])
    _require_mapping(relation)
    sketch.remove(*sketch.find([concept], MAPPINGS, [target]))
    sketch.add((concept, relation, target))
    return curation.finish(sketch, [concept])


def remove_mapping(curation: Curation, concept: URIRef, relation: URIRef, target: URIRef) -> Change:
    """Take a mapping away. Raises ConflictError when it is not there any more."""
    sketch = curation.sketch()
    require_in_use(sketch, [concept])
    _require_mapping(relation)
    if not sketch.find([concept], [relation], [target]):
        raise ConflictError(
            "%(concept)s is not mapped to %(target)s any more.",
            concept=sketch.name(concept),
            target=target,
        )
    sketch.remove((concept, relation, target))
    return curation.finish(sketch, [concept])


def _require_mapping(relation: URIRef) -> None:
    if relation not in MAPPINGS:
        names = ", ".join(str(each).rpartition("#")[2] for each in MAPPINGS)
        raise InvalidError(
            "%(relation)s is no mapping. Use one of: %(names)s.", relation=relation, names=names
        )
