"""Acts that end the use of a concept, or begin it again: deprecate, restore, merge, split.

An identifier never dies: the concept stays, with its names, its notes and its place, which trees
and lists leave out. It says that it is deprecated, what replaces it, and why.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, InvalidError, NotFoundError, Phrase, RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, OWL, SKOS
from vocab_server.skos.above import broader_of, in_use_above, narrower_of, settle, take_from
from vocab_server.skos.acts.collections import replace_member
from vocab_server.skos.acts.curation import (
    Curation,
    cleaned_note,
    require_known,
)
from vocab_server.skos.acts.moves import place
from vocab_server.skos.resolving import Status, resolve_iris
from vocab_server.skos.sketch import Sketch

DEPRECATED = Literal(True)
_SENTENCE = {
    Status.REPLACED: Phrase("%(iri)s has itself been replaced."),
    Status.SPLIT: Phrase("%(iri)s has itself been split."),
    Status.DEPRECATED: Phrase("%(iri)s is itself no longer used."),
}

Placing = Mapping[URIRef, Sequence[URIRef]]


def deprecate(
    curation: Curation,
    concept: URIRef,
    replaced_by: Sequence[URIRef],
    reason: Sequence[Literal],
    placing: Placing | None = None,
    others_to: Sequence[URIRef] | None = None,
) -> Change:
    """Say that a concept is no longer to be used, what to use instead, and why.

    ``replaced_by`` () says that nothing replaces it; replacements may be in other vocabularies.
    What is under the concept goes where ``placing`` says for each, else to ``others_to``; () is
    the top. The concept leaves collections and related concepts; its notes and mappings stay.
    Raises RuleBrokenError for a concept that would be left under it (STR-14) or a replacement
    that is not in use, InvalidError without a reason.
    """
    sketch = curation.sketch()
    _require_in_use(sketch, concept)
    if not reason:
        raise InvalidError("There is no reason. Say in a sentence why it is no longer used.")
    _check_replacements(curation, sketch, concept, replaced_by)
    touched = _place_narrower(sketch, concept, placing or {}, others_to)
    replace_member(sketch, concept, ())
    retire(sketch, concept, replaced_by, reason)
    return curation.finish(sketch, [concept, *touched])


def restore(
    curation: Curation,
    concept: URIRef,
    to: Sequence[URIRef] | None = None,
    reason: Sequence[Literal] = (),
) -> Change:
    """Use a deprecated concept again, in its old place or under others; () is the top.

    Raises ConflictError when it is in use already, RuleBrokenError when its old place is gone.
    """
    sketch = curation.sketch()
    require_known(sketch, [concept])
    if concept not in sketch.deprecated([concept]):
        raise ConflictError("%(concept)s is in use already.", concept=sketch.name(concept))
    sketch.remove(*sketch.find([concept], [OWL.deprecated, DCT.isReplacedBy]))
    _explain(sketch, concept, reason)
    above = broader_of(sketch, [concept]).get(concept, set())
    if to is not None:
        place(sketch, [concept], above - set(to), to)
    elif above and not in_use_above(sketch, concept):
        raise RuleBrokenError(
            "STR-14",
            "What %(concept)s was under is no longer used.",
            "Say where it is to go.",
            concept=sketch.name(concept),
        )
    else:
        take_from(sketch, [concept], sketch.deprecated(above))
        settle(sketch, [concept])
    return curation.finish(sketch, [concept])


def retire(
    sketch: Sketch,
    concept: Identifier,
    replaced_by: Sequence[Identifier],
    reason: Sequence[Literal],
) -> None:
    """Mark a concept as deprecated, with what replaces it and why, and related to none."""
    sketch.replace(concept, OWL.deprecated, DEPRECATED)
    sketch.replace(concept, DCT.isReplacedBy, *replaced_by)
    _explain(sketch, concept, reason)
    sketch.remove(*sketch.find([concept], [SKOS.related]))
    sketch.remove(*sketch.find(None, [SKOS.related], [concept]))


def _explain(sketch: Sketch, concept: Identifier, reason: Sequence[Literal]) -> None:
    sketch.add(*((concept, SKOS.changeNote, cleaned_note(text)) for text in reason))


def _require_in_use(sketch: Sketch, concept: URIRef) -> None:
    """A concept or a collection that is not deprecated; schemes cannot be deprecated."""
    require_known(sketch, [concept])
    if concept in sketch.deprecated([concept]):
        raise ConflictError("%(concept)s is deprecated already.", concept=sketch.name(concept))


def _check_replacements(
    curation: Curation, sketch: Sketch, concept: URIRef, replaced_by: Sequence[URIRef]
) -> None:
    if concept in replaced_by:
        raise RuleBrokenError(
            "STR-2",
            "%(concept)s cannot replace itself.",
            "Choose another concept.",
            concept=sketch.name(concept),
        )
    for gone in sorted(sketch.deprecated(replaced_by)):
        raise RuleBrokenError(
            "STR-14",
            "%(concept)s is itself no longer used.",
            "Choose what is used.",
            concept=sketch.name(gone),
        )
    for found in resolve_iris(curation.store, replaced_by, ()):
        if found.status in _SENTENCE:
            raise RuleBrokenError(
                "STR-14",
                _SENTENCE[found.status],
                "Choose what is used instead.",
                iri=found.iri,
            )
        if found.status is Status.UNKNOWN and found.iri.startswith(curation.policy.namespace):
            raise NotFoundError("There is no concept %(iri)s in this vocabulary.", iri=found.iri)


def _place_narrower(
    sketch: Sketch,
    concept: URIRef,
    placing: Placing,
    others_to: Sequence[URIRef] | None,
) -> list[Identifier]:
    """Put what is under a concept elsewhere; what was put."""
    under = narrower_of(sketch, concept)
    for wrong in sorted(set(placing) - set(under)):
        raise ConflictError(
            "%(concept)s is not under %(broader)s any more.",
            concept=sketch.name(wrong),
            broader=sketch.name(concept),
        )
    placed: dict[tuple[URIRef, ...], list[Identifier]] = defaultdict(list)
    for lower in under:
        to = placing.get(URIRef(str(lower)), others_to)
        if to is None and in_use_above(sketch, lower) <= {concept}:
            raise RuleBrokenError(
                "STR-14",
                "%(lower)s is under %(concept)s.",
                "Say where each concept under it goes.",
                lower=sketch.name(lower),
                concept=sketch.name(concept),
            )
        placed[tuple(to or ())].append(lower)
    for where, lowers in placed.items():
        place(sketch, lowers, [concept], where)
    return under
