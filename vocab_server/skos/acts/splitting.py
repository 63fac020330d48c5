"""The act that makes several concepts of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, InvalidError, RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.skos.above import (
    in_use_above,
    narrower_of,
    put_under,
    schemes_of,
    settle,
    take_from,
)
from vocab_server.skos.acts.collections import collections_of, put_in_place
from vocab_server.skos.acts.concepts import begin_concept
from vocab_server.skos.acts.curation import Curation, cleaned_label, require_in_use
from vocab_server.skos.acts.merging import take_label
from vocab_server.skos.acts.replacing import retire
from vocab_server.skos.concepts import MAPPINGS
from vocab_server.skos.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Part:
    """A concept that comes out of a split, and what it takes of the old one.

    Either ``concept`` is one that is there, or it is made with ``labels`` as its preferred ones.
    ``alternative`` are texts that it gets as alternative labels. ``narrower``, ``related`` and
    ``collections`` name what it takes; ``mapped_to`` names the other ends of mappings.
    """

    concept: URIRef | None = None
    labels: tuple[Literal, ...] = ()
    alternative: tuple[Literal, ...] = ()
    narrower: tuple[URIRef, ...] = ()
    related: tuple[URIRef, ...] = ()
    mapped_to: tuple[URIRef, ...] = ()
    collections: tuple[URIRef, ...] = ()


def split(
    curation: Curation, concept: URIRef, parts: Sequence[Part], reason: Sequence[Literal] = ()
) -> Change:
    """Let two or more concepts take the place of one, which is deprecated with all as replacement.

    New ones stand where the old one stood. Of what the old one has, each part gets what it names;
    several may name the same. Everything under the old one must be named by a part, unless it is
    under something else too. Labels, notes and mappings that no part names stay with the old one.
    Raises RuleBrokenError for what is left under it (STR-14), ConflictError for what is named but
    not there any more.
    """
    sketch = curation.sketch()
    require_in_use(sketch, [concept, *(part.concept for part in parts if part.concept)])
    if len(parts) < 2:
        raise InvalidError("A split makes at least two of one. Add another part, or merge instead.")
    made = [_begin(curation, sketch, concept, part) for part in parts]
    if concept in made or len(set(made)) < len(made):
        raise RuleBrokenError(
            "STR-2",
            "%(concept)s cannot be split so.",
            "Choose different concepts.",
            concept=sketch.name(concept),
        )
    touched = _give_narrower(sketch, concept, parts, made)
    for part, iri in zip(parts, made, strict=True):
        _give(sketch, concept, part, iri)
    _give_places(sketch, concept, parts, made)
    _take_mappings(sketch, concept, parts)
    retire(sketch, concept, made, reason)
    return curation.finish(sketch, [concept, *made, *touched])


def _begin(curation: Curation, sketch: Sketch, concept: URIRef, part: Part) -> URIRef:
    if part.concept is not None:
        return part.concept
    made = begin_concept(curation, sketch, part.labels)
    schemes = schemes_of(sketch, [concept]).get(concept, set())
    sketch.add(*((made, SKOS.inScheme, scheme) for scheme in schemes))
    put_under(sketch, [made], sorted(in_use_above(sketch, concept)))
    settle(sketch, [made])
    return made


def _give_narrower(
    sketch: Sketch, concept: URIRef, parts: Sequence[Part], made: Sequence[URIRef]
) -> list[Identifier]:
    under = narrower_of(sketch, concept)
    parents = in_use_above(sketch, concept)
    _require_there(sketch, under, [iri for part in parts for iri in part.narrower])
    for lower in under:
        pairs = zip(parts, made, strict=True)
        to: list[Identifier] = [
            iri for part, iri in pairs if lower in part.narrower and iri != lower
        ]
        if lower in made and not to:  # it comes up to where the old one stood
            to = sorted(parents)
        take_from(sketch, [lower], [concept])
        put_under(sketch, [lower], to)
        if lower in made:
            settle(sketch, [lower])
        elif not in_use_above(sketch, lower):
            raise RuleBrokenError(
                "STR-14",
                "%(lower)s is under %(concept)s.",
                "Say which part it goes to.",
                lower=sketch.name(lower),
                concept=sketch.name(concept),
            )
    return under


def _give(sketch: Sketch, concept: URIRef, part: Part, iri: URIRef) -> None:
    for label in part.alternative:
        take_label(sketch, iri, SKOS.altLabel, cleaned_label(label))
    related = set(sketch.values(concept, SKOS.related))
    related |= {s for s, _, _ in sketch.find(None, [SKOS.related], [concept])}
    _require_there(sketch, related, part.related)
    for other in part.related:
        sketch.add((iri, SKOS.related, other), (other, SKOS.related, iri))
    mappings = sketch.find([concept], MAPPINGS)
    _require_there(sketch, {value for _, _, value in mappings}, part.mapped_to)
    for _, relation, target in mappings:
        if target in part.mapped_to:
            sketch.add((iri, relation, target))


def _give_places(
    sketch: Sketch, concept: URIRef, parts: Sequence[Part], made: Sequence[URIRef]
) -> None:
    """Put the parts where the old concept was in collections, or take it out."""
    collections = collections_of(sketch, concept)
    _require_there(sketch, collections, [iri for part in parts for iri in part.collections])
    for collection in collections:
        pairs = zip(parts, made, strict=True)
        new = [iri for part, iri in pairs if collection in part.collections]
        put_in_place(sketch, collection, concept, new)


def _take_mappings(sketch: Sketch, concept: URIRef, parts: Sequence[Part]) -> None:
    given = {target for part in parts for target in part.mapped_to}
    sketch.remove(*sketch.find([concept], MAPPINGS, given))


def _require_there(
    sketch: Sketch, there: Collection[Identifier], named: Collection[URIRef]
) -> None:
    for missing in sorted(set(named) - set(there)):
        raise ConflictError(
            "%(missing)s does not belong to the concept any more. Look at it again.",
            missing=sketch.name(missing),
        )
