"""The rules that no change may break, checked on what the graph will say.

Only what a change adds is held against it: an imported vocabulary may break a rule elsewhere, and
can be edited nevertheless. The rules named STR, TYP, NOT and LAB are house rules, after qSKOS and
others; SKOS itself allows cycles (SKOS Reference, 8.6.8).
"""

from collections.abc import Callable, Collection, Iterator

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import NotFoundError, Phrase, RuleBrokenError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS, SKOSXL
from vocab_server.skos.above import Above, in_use_above, narrower_of_each, reach, walk_up
from vocab_server.skos.label_sets import EXTENDED, KINDS, PLAIN, Labels, labels_in, language_of
from vocab_server.skos.mapping_rules import check_mappings
from vocab_server.skos.sketch import TRUE, Sketch
from vocab_server.store.base import Reader

MEMBERS = 10_000  # collections above one that are looked at

_HIERARCHY = (SKOS.broader, SKOS.narrower)
_POINTING = (*_HIERARCHY, SKOS.related, SKOS.member, SKOS.inScheme, DCT.isReplacedBy)
_CLASSES = {SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection}
_CLASH = "SKOS Reference S9 and S37"

Published = Callable[[URIRef], bool]


def always(_iri: URIRef) -> bool:
    """For who does not know what was published: anything may have been."""
    return True


def check_change(store: Reader, change: Change, was_published: Published = always) -> None:
    """Pass silently when a change breaks no rule; for changes that were not made by our acts.

    An undo that brings back a fault that an import had is refused as well: where nothing came
    between, the inverse of a change may go in unchecked.

    Raises RuleBrokenError with the rule and the remedy, NotFoundError for a relation to what is
    not there, InvalidError for an IRI that cannot be one.
    """
    sketch = Sketch.of(store, change)
    sketch.change()  # leaves out what is there already
    check(sketch, was_published)


def check(sketch: Sketch, was_published: Published = always) -> None:
    """Pass silently when what a sketch adds and removes breaks no rule. See check_change."""
    for rule in RULES:
        rule(sketch)
    _check_nothing_is_lost(sketch, was_published)


def _added(sketch: Sketch, *predicates: URIRef) -> list[Triple]:
    wanted = frozenset(predicates)  # terms are compared slowly, and hashed fast
    return sorted(triple for triple in sketch.added if triple[1] in wanted)


def _check_labels(sketch: Sketch) -> None:
    """S12, S13 and S14, for the resources that get a label."""
    for resource, literal, kind, labels in _new_labels(sketch):
        if literal.datatype is not None:
            raise RuleBrokenError(
                "SKOS Reference S12",
                "The label %(literal)s of %(resource)s is not plain text.",
                "Give it a language instead of a datatype.",
                literal=literal.n3(),
                resource=sketch.name(resource),
            )
        if kind == SKOS.prefLabel:
            _check_one_preferred(sketch, resource, literal, labels[SKOS.prefLabel])
        for other in KINDS:
            if other != kind and literal in labels[other]:
                raise RuleBrokenError(
                    "SKOS Reference S13",
                    "%(literal)s is already %(present)s of %(resource)s.",
                    "A text is a label once: remove that one, or do not add %(kind)s.",
                    literal=literal.n3(),
                    present=_KIND[other],
                    resource=sketch.name(resource),
                    kind=_KIND[kind],
                )


_KIND = {
    SKOS.prefLabel: Phrase("the preferred label"),
    SKOS.altLabel: Phrase("an alternative label"),
    SKOS.hiddenLabel: Phrase("a hidden label"),
}


def _new_labels(
    sketch: Sketch,
) -> Iterator[tuple[Identifier, Literal, URIRef, Labels]]:
    forms = {subject for subject, _, _ in _added(sketch, SKOSXL.literalForm)}
    links = sketch.find(None, PLAIN.keys(), forms) | set(_added(sketch, *EXTENDED.values()))
    resources = {s for s, _, _ in _added(sketch, *KINDS)} | {s for s, _, _ in links}
    before = sketch.find(resources, KINDS) - sketch.added
    for resource, labels in labels_in(sketch, resources).items():
        for kind in KINDS:
            new = (one for one in labels[kind] if (resource, kind, one) not in before)
            for literal in sorted(new):
                yield resource, literal, kind, labels


def _check_one_preferred(
    sketch: Sketch, resource: Identifier, literal: Literal, preferred: set[Literal]
) -> None:
    for present in sorted(preferred - {literal}):
        if language_of(present) == language_of(literal):
            raise RuleBrokenError(
                "SKOS Reference S14",
                "%(resource)s already has the preferred label %(present)s.",
                "Change that one, or add this text as an alternative label.",
                resource=sketch.name(resource),
                present=present.n3(),
            )


def _check_relations(sketch: Sketch) -> None:
    """Both ends of a new relation are concepts that are there and in use (S9, S37, STR-2)."""
    found = _added(sketch, *_HIERARCHY, SKOS.related)
    ends = {end for subject, _, value in found for end in (subject, value)}
    check_concepts(sketch, ends)
    for subject, _, value in found:
        if subject == value:
            raise RuleBrokenError(
                "STR-2",
                "%(subject)s cannot be related to itself.",
                "Choose another concept.",
                subject=sketch.name(subject),
            )
    deprecated = sketch.deprecated(ends)
    for subject, predicate, value in found:
        lower, upper = (value, subject) if predicate == SKOS.narrower else (subject, value)
        gone = deprecated & {lower, upper}
        is_wrong = gone if predicate == SKOS.related else gone == {upper}
        if is_wrong:
            raise RuleBrokenError(
                "STR-14",
                "%(concept)s is no longer used.",
                "Choose what replaces it, or restore it first.",
                concept=sketch.name(min(gone)),
            )


def check_concepts(sketch: Sketch, resources: Collection[Identifier]) -> None:
    """Pass silently when all the resources are concepts of the graph.

    Raises NotFoundError for what is not there (TYP-1), RuleBrokenError for schemes and
    collections, which are no concepts (SKOS Reference S9, S37).
    """
    missing = set(resources) - sketch.concepts(resources)
    for resource in sorted(missing):
        if resource not in sketch.known([resource]):
            raise NotFoundError("There is no concept %(iri)s in this vocabulary.", iri=resource)
        raise RuleBrokenError(
            _CLASH,
            "%(resource)s is a collection or a vocabulary, not a concept.",
            "Choose a concept.",
            resource=sketch.name(resource),
        )


def _check_hierarchy(sketch: Sketch) -> None:
    """No cycles (STR-1), and related concepts are not above one another (S27)."""
    edges = sorted(
        (s, o) if p == SKOS.broader else (o, s) for s, p, o in _added(sketch, *_HIERARCHY)
    )
    if edges:
        above = walk_up(sketch, {parent for _, parent in edges})
        reached = {parent: reach(above, parent) for parent in {p for _, p in edges}}
        for concept, parent in edges:
            if concept in reached[parent]:
                raise RuleBrokenError(
                    "STR-1",
                    "%(concept)s cannot be under %(parent)s, because %(parent)s is already under"
                    " %(concept)s.",
                    "Move that one first, or choose another place.",
                    concept=sketch.name(concept),
                    parent=sketch.name(parent),
                )
        for lower, upper in related_clashes(sketch, edges, above):
            _refuse_related(sketch, lower, upper)


def related_clashes(
    sketch: Sketch, edges: Collection[tuple[Identifier, Identifier]], above: Above
) -> list[tuple[Identifier, Identifier]]:
    """The pairs of related concepts that these new edges put one above the other (S27).

    Edges go from a concept to what is right above it; ``above`` is what ``walk_up`` found from
    their upper ends. The few concepts above have few related ones, and the way from these up to
    an edge is short: however much is under the edge, it is not read.
    """
    reached = {parent: reach(above, parent) | {parent} for parent in {p for _, p in edges}}
    uppers = set().union(*reached.values())
    pairs = {(s, o) for s, _, o in sketch.find(uppers, [SKOS.related])}
    pairs |= {(o, s) for s, _, o in sketch.find(None, [SKOS.related], uppers)}
    climbed = walk_up(sketch, {partner for _, partner in pairs})
    lowers = {partner: reach(climbed, partner) | {partner} for _, partner in pairs}
    return sorted(
        {
            (partner, upper)
            for upper, partner in pairs
            for concept, parent in edges
            if upper in reached[parent] and concept in lowers[partner]
        }
    )


def _check_related(sketch: Sketch) -> None:
    """S27 for what becomes related."""
    pairs = [(subject, value) for subject, _, value in _added(sketch, SKOS.related)]
    above = walk_up(sketch, {end for pair in pairs for end in pair})
    for one, other in pairs:
        if other in reach(above, one):
            _refuse_related(sketch, one, other)


def _refuse_related(sketch: Sketch, lower: Identifier, upper: Identifier) -> None:
    raise RuleBrokenError(
        "SKOS Reference S27",
        "%(lower)s and %(upper)s cannot be related, because %(lower)s is under %(upper)s.",
        "Keep one of the two relations.",
        lower=sketch.name(lower),
        upper=sketch.name(upper),
    )


def _check_classes(sketch: Sketch) -> None:
    """A concept, a collection and a scheme are three different things (S9, S37)."""
    subjects = {s for s, _, value in _added(sketch, RDF.type) if value in _CLASSES}
    ordered = {SKOS.Collection, SKOS.OrderedCollection}
    for subject in sorted(subjects):
        classes = _CLASSES.intersection(sketch.values(subject, RDF.type))
        if len(classes) > 1 and not classes <= ordered:
            raise RuleBrokenError(
                _CLASH,
                "%(subject)s cannot be several of concept, collection and vocabulary.",
                "Choose one of them.",
                subject=sketch.name(subject),
            )


def _check_members(sketch: Sketch) -> None:
    """Members are there, are no schemes, and no collection is in itself (S31 to S33)."""
    found = _added(sketch, SKOS.member)
    members = {value for _, _, value in found}
    known = sketch.known(members)
    for member in sorted(members - known):
        raise NotFoundError("There is no concept %(iri)s in this vocabulary.", iri=member)
    for member in sorted(sketch.deprecated(members)):
        raise RuleBrokenError(
            "STR-14",
            "%(concept)s is no longer used.",
            "Choose what replaces it.",
            concept=sketch.name(member),
        )
    schemes = {s for s, _, _ in sketch.find(members, [RDF.type], [SKOS.ConceptScheme])}
    holding = {s for s, _, _ in found}
    for collection in sorted(holding):
        if schemes or members & _collections_above(sketch, collection):
            raise RuleBrokenError(
                "SKOS Reference S32",
                "%(collection)s cannot hold a vocabulary, or a group that it is in.",
                "Choose concepts or other groups.",
                collection=sketch.name(collection),
            )


def _collections_above(sketch: Sketch, collection: Identifier) -> set[Identifier]:
    found: set[Identifier] = set()
    level: set[Identifier] = {collection}
    while level and len(found) < MEMBERS:
        found |= level
        level = {s for s, _, _ in sketch.find(None, [SKOS.member], level)} - found
    return found


def _check_notations(sketch: Sketch) -> None:
    """No two concepts of a scheme share a notation (SKOS Reference, 6.5.4; NOT-1)."""
    for subject, _, notation in _added(sketch, SKOS.notation):
        others = {s for s, _, _ in sketch.find(None, [SKOS.notation], [notation])} - {subject}
        schemes = set(sketch.values(subject, SKOS.inScheme))
        for other in sorted(others):
            theirs = set(sketch.values(other, SKOS.inScheme))
            if schemes & theirs or not schemes or not theirs:
                raise RuleBrokenError(
                    "SKOS Reference 6.5.4",
                    "%(other)s already has the notation %(notation)r.",
                    "Choose another notation.",
                    other=sketch.name(other),
                    notation=str(notation),
                )


def _check_deprecated(sketch: Sketch) -> None:
    """A deprecated concept has nothing in use under it, and does not replace itself."""
    found = [c for c, _, value in _added(sketch, OWL.deprecated) if str(value) == TRUE]
    for concept, under in narrower_of_each(sketch, found).items():
        left = [each for each in under if not in_use_above(sketch, each)]
        if left:
            raise RuleBrokenError(
                "STR-14",
                "%(concept)s still has %(lower)s under it.",
                "Say where each concept under it goes.",
                concept=sketch.name(concept),
                lower=sketch.name(left[0]),
            )
    for concept, _, replacement in _added(sketch, DCT.isReplacedBy):
        if concept == replacement:
            raise RuleBrokenError(
                "STR-2",
                "%(concept)s cannot replace itself.",
                "Choose another concept.",
                concept=sketch.name(concept),
            )


def _check_nothing_is_lost(sketch: Sketch, was_published: Published) -> None:
    """An IRI that was ever published answers for ever (design: identifiers never die)."""
    typed = {s for s, p, o in sketch.removed if p == RDF.type and o in _CLASSES}
    typed |= {s for s, p, _ in sketch.removed if p in KINDS or p in PLAIN}
    gone = typed - sketch.known(typed)
    _check_nothing_dangles(sketch, gone)
    for iri in sorted(gone):
        if isinstance(iri, URIRef) and was_published(iri):
            raise RuleBrokenError(
                "identifiers never die",
                "%(iri)s has been published and cannot be removed.",
                "Deprecate it, and say what replaces it.",
                iri=iri,
            )


def _check_nothing_dangles(sketch: Sketch, gone: Collection[Identifier]) -> None:
    """What is removed is not pointed at any more (TYP-1)."""
    for subject, _, value in sorted(sketch.find(None, _POINTING, gone) if gone else ()):
        if subject not in gone:
            raise RuleBrokenError(
                "TYP-1",
                "%(iri)s would be gone, and %(subject)s still points at it.",
                "Move that one, or remove the relation, first.",
                iri=value,
                subject=sketch.name(subject),
            )


RULES = (
    _check_labels,
    _check_relations,
    _check_hierarchy,
    _check_related,
    check_mappings,
    _check_classes,
    _check_members,
    _check_notations,
    _check_deprecated,
)
