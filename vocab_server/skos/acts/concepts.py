"""Acts that make concepts: creating one, with an address of its own, and taking back a mistake."""

from collections.abc import Callable, Sequence

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, InvalidError, RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.languages import ascii_words
from vocab_server.rdf.namespaces import DCT, RDF, SKOS
from vocab_server.skos.above import put_under, schemes_of, settle_at_top
from vocab_server.skos.acts.curation import (
    AddressRule,
    Curation,
    Policy,
    cleaned_label,
    cleaned_note,
    require_in_use,
    time_literal,
)
from vocab_server.skos.label_sets import language_of
from vocab_server.skos.sketch import Sketch
from vocab_server.store.embedded import can_hold

Taken = Callable[[URIRef], bool]

MAX_SLUG = 60  # characters of a label that go into an address
TRIES = 1_000  # addresses that differ in their last number only


def create_concept(
    curation: Curation,
    labels: Sequence[Literal],
    broader: Sequence[URIRef] = (),
    scheme: URIRef | None = None,
    iri: URIRef | None = None,
    definitions: Sequence[Literal] = (),
) -> Change:
    """Make a concept with its preferred labels, one in each language, under others or at the top.

    It may have definitions, too, one in each language.

    Its address is proposed by the vocabulary's policy from the first label unless ``iri`` is
    given; ``created_iri`` reads it from the change. It goes into the schemes of what is above it,
    or into ``scheme``, which must be given when the vocabulary has several. Raises ConflictError
    when the IRI was ever used, RuleBrokenError for two labels in one language (SKOS Reference
    S14), InvalidError without any label (LAB-1).
    """
    sketch = curation.sketch()
    require_in_use(sketch, broader)
    schemes = [scheme] if scheme else schemes_for(sketch, broader)
    made = begin_concept(curation, sketch, labels, iri)
    sketch.add(*((made, SKOS.definition, cleaned_note(text)) for text in definitions))
    sketch.add(*((made, SKOS.inScheme, each) for each in schemes))
    put_under(sketch, [made], broader)
    if not broader:
        settle_at_top(sketch, [made])
    return curation.finish(sketch, [])


def begin_concept(
    curation: Curation, sketch: Sketch, labels: Sequence[Literal], iri: URIRef | None = None
) -> URIRef:
    """Write a concept with its labels, and nothing of its place. See create_concept."""
    names = [cleaned_label(label) for label in labels]
    made = new_iri(curation, sketch, names, iri)
    sketch.add(
        (made, RDF.type, SKOS.Concept),
        (made, DCT.created, time_literal(curation.at)),
        (made, DCT.modified, time_literal(curation.at)),
        *((made, SKOS.prefLabel, name) for name in names),
    )
    return made


def created_iri(change: Change) -> URIRef:
    """The concept, collection or scheme that a change creates; the first one of several.

    Raises ValueError when it creates none.
    """
    found = sorted(s for s, p, _ in change.added if p == DCT.created)
    if not found:
        raise ValueError("The change creates nothing.")
    return URIRef(str(found[0]))


def discard(curation: Curation, concept: URIRef) -> Change:
    """Remove a concept that nobody outside has seen, with everything that points at it.

    Raises RuleBrokenError when it was published, or has concepts in use under it.
    """
    sketch = curation.sketch()
    require_in_use(sketch, [concept])
    under = sketch.find([concept], [SKOS.narrower]) | sketch.find(None, [SKOS.broader], [concept])
    if under:
        raise RuleBrokenError(
            "TYP-1",
            "%(concept)s still has concepts under it.",
            "Move them first.",
            concept=sketch.name(concept),
        )
    sketch.remove(*sketch.find([concept]), *sketch.find(None, None, [concept]))
    return curation.finish(sketch, [])


def new_iri(
    curation: Curation, sketch: Sketch, labels: Sequence[Literal], iri: URIRef | None
) -> URIRef:
    """The IRI that a new resource gets: the one asked for, or one that the policy proposes.

    Raises InvalidError without a label or for what is no IRI, ConflictError for one that is taken.
    """
    if not labels:
        raise InvalidError("There is no label. Write a preferred label in at least one language.")

    def is_taken(candidate: URIRef) -> bool:
        return sketch.mentions(candidate) or curation.is_taken(candidate)

    if iri is None:
        return propose_iri(curation.policy, is_taken, labels[0])
    if not can_hold(iri) or not str(iri).startswith(("http://", "https://", "urn:")):
        raise InvalidError(
            "%(iri)r is no address for a concept. Begin it with https://.", iri=str(iri)
        )
    if is_taken(iri):
        raise ConflictError(
            "%(iri)s is in use, or was once, and is never given to anything else. Choose another.",
            iri=iri,
        )
    return iri


def propose_iri(policy: Policy, is_taken: Taken, label: Literal) -> URIRef:
    """An address that was never used, by the policy: words of the label, or a running number."""
    start = policy.namespace + policy.prefix
    if policy.address is AddressRule.NUMBER:
        return _numbered(start, policy.digits, is_taken)
    words = ascii_words(str(label), language_of(label))[:MAX_SLUG].strip("-")
    if not words:
        return _numbered(start, policy.digits, is_taken)
    for number in range(1, TRIES):
        candidate = URIRef(f"{start}{words}" + (f"-{number}" if number > 1 else ""))
        if not is_taken(candidate):
            return candidate
    return _numbered(f"{start}{words}-", policy.digits, is_taken)


def _numbered(start: str, digits: int, is_taken: Taken) -> URIRef:
    """The first free number after a taken one, found in about 2 log n questions."""

    def at(number: int) -> URIRef:
        return URIRef(f"{start}{number:0{digits}}")

    free = 1
    while is_taken(at(free)):
        free *= 2
    taken = free // 2
    while free - taken > 1:
        middle = (free + taken) // 2
        if is_taken(at(middle)):
            taken = middle
        else:
            free = middle
    return at(free)


def schemes_for(sketch: Sketch, broader: Sequence[URIRef]) -> list[Identifier]:
    """The schemes of what is above, else the only scheme of the vocabulary."""
    found = schemes_of(sketch, broader)
    if found:
        return sorted(set().union(*found.values()))
    schemes = {s for s, _, _ in sketch.find(None, [RDF.type], [SKOS.ConceptScheme])}
    if len(schemes) > 1:
        raise InvalidError("The vocabulary has several schemes. Say which one the concept is in.")
    return list(schemes)
