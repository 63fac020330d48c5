"""A change told in words as data: what was created, moved, relabelled, merged, and so on.

Works on any change, also one that no act of ours made; what has no words of its own is told
statement by statement. Templates turn each item into a sentence in the reader's language.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SH, SKOS, SKOSXL
from vocab_server.skos.concepts import MAPPINGS, NOTES
from vocab_server.skos.label_sets import KINDS
from vocab_server.skos.sketch import TRUE


class Kind(StrEnum):
    """What happened to a concept, collection or vocabulary."""

    CREATED = "created"
    REMOVED = "removed"
    MERGED = "merged"
    SPLIT = "split"
    REPLACED = "replaced"
    DEPRECATED = "deprecated"  # and nothing replaces it
    RESTORED = "restored"
    MOVED = "moved"
    PLACED = "placed"  # under one more concept
    TAKEN = "taken"  # from under one of several
    LABEL_ADDED = "label-added"
    LABEL_CHANGED = "label-changed"
    LABEL_REMOVED = "label-removed"
    NOTATION_ADDED = "notation-added"
    NOTATION_CHANGED = "notation-changed"
    NOTATION_REMOVED = "notation-removed"
    NOTE_ADDED = "note-added"
    NOTE_CHANGED = "note-changed"
    NOTE_REMOVED = "note-removed"
    RELATED = "related"
    UNRELATED = "unrelated"
    MAPPED = "mapped"
    REMAPPED = "remapped"
    UNMAPPED = "unmapped"
    MEMBER_ADDED = "member-added"
    MEMBER_CHANGED = "member-changed"  # another one is in its place
    MEMBER_REMOVED = "member-removed"
    REORDERED = "reordered"  # the members of a collection
    POSITION_ADDED = "position-added"  # among the concepts beside it
    POSITION_CHANGED = "position-changed"
    POSITION_REMOVED = "position-removed"
    STATEMENT_ADDED = "statement-added"
    STATEMENT_CHANGED = "statement-changed"
    STATEMENT_REMOVED = "statement-removed"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a change does.

    ``before`` and ``after`` are texts, or the IRIs of what it was and is under, related to or
    replaced by; for a move () is the top. ``property`` is the property whose value changed, the
    class of what was created; ``was`` the property that the same value had before. ``texts`` are
    the names of what was created or removed, and why something was deprecated, merged or restored.
    """

    kind: Kind
    concept: Identifier
    before: tuple[Identifier, ...] = ()
    after: tuple[Identifier, ...] = ()
    property: Identifier | None = None
    was: Identifier | None = None
    texts: tuple[Identifier, ...] = ()


def tell(change: Change) -> list[Told]:
    """What a change does, the weightiest first: a fixed order of kinds, within each by concept.

    When something was modified is not told, nor what follows from what is told.
    """
    told = _Told(change)
    return [item for teller in TELLERS for item in teller(told)]


def named_in(items: Iterable[Told]) -> set[URIRef]:
    """Every IRI that stands in the items and has a name to be shown by."""
    return {
        term
        for item in items
        for term in (item.concept, *item.before, *item.after)
        if isinstance(term, URIRef)
    }


class _Told:
    """What is left to tell of a change; what was told is taken out."""

    def __init__(self, change: Change) -> None:
        self.added = {_upright(triple) for triple in change.added}
        self.removed = {_upright(triple) for triple in change.removed}
        both = self.added & self.removed  # stated in another direction, which says the same
        self.added -= both
        self.removed -= both
        self.graph = change.graph
        self.about: dict[Identifier, list[Triple]] = defaultdict(list)  # also what was told
        for triple in (*self.added, *self.removed):
            self.about[triple[0]].append(triple)

    def took(
        self, held: set[Triple], subject: Identifier, *predicates: URIRef
    ) -> tuple[Identifier, ...]:
        """The values of a subject, in order, which are then no longer to be told."""
        about = self.about.get(subject, ())
        found = {t for t in about if t[1] in predicates and t in held}
        held -= found
        return tuple(sorted(value for _, _, value in found))

    def subjects(
        self, held: set[Triple], predicate: URIRef, *values: Identifier
    ) -> list[Identifier]:
        """The subjects that have the predicate, with one of the values if there are any."""
        found = {s for s, p, o in held if p == predicate and (not values or o in values)}
        return sorted(found)


def _upright(triple: Triple) -> Triple:
    """The same statement in the direction that we tell it in (SKOS Reference S8, S23, S25)."""
    subject, predicate, value = triple
    if predicate == SKOS.narrower:
        return value, SKOS.broader, subject
    if predicate == SKOS.hasTopConcept:
        return value, SKOS.topConceptOf, subject
    if predicate == SKOS.related and value < subject:
        return value, predicate, subject
    return triple


_CLASSES = (SKOS.Concept, SKOS.Collection, SKOS.OrderedCollection, SKOS.ConceptScheme)
_PLACE = (SKOS.inScheme, SKOS.topConceptOf)
_LISTS = (RDF.first, RDF.rest)


def _created(told: _Told) -> Iterator[Told]:
    for concept in told.subjects(told.added, RDF.type, *_CLASSES):
        kind = told.took(told.added, concept, RDF.type)[0]
        names = told.took(told.added, concept, SKOS.prefLabel, DCT.title)
        above = told.took(told.added, concept, SKOS.broader)
        told.took(told.added, concept, DCT.created, *_PLACE)
        yield Told(Kind.CREATED, concept, after=above, property=kind, texts=names)


def _removed(told: _Told) -> Iterator[Told]:
    for concept in told.subjects(told.removed, RDF.type, *_CLASSES):
        kind = told.took(told.removed, concept, RDF.type)[0]
        above = told.took(told.removed, concept, SKOS.broader)
        names = told.took(told.removed, concept, SKOS.prefLabel, DCT.title)
        told.took(told.removed, concept, DCT.created, DCT.modified, *_PLACE)
        yield Told(Kind.REMOVED, concept, before=above, property=kind, texts=names)


def _ended(told: _Told) -> Iterator[Told]:
    for concept in told.subjects(told.added, OWL.deprecated, Literal(True)):
        instead = told.took(told.added, concept, DCT.isReplacedBy)
        before = told.took(told.removed, concept, DCT.isReplacedBy)
        reason = told.took(told.added, concept, SKOS.changeNote)
        told.took(told.added, concept, OWL.deprecated)
        told.took(told.removed, concept, OWL.deprecated)
        yield Told(_ending(told, instead), concept, before, instead, texts=reason)


def _ending(told: _Told, instead: Sequence[Identifier]) -> Kind:
    if not instead:
        return Kind.DEPRECATED
    if len(instead) > 1:
        return Kind.SPLIT
    carried = (*KINDS, *MAPPINGS, *NOTES)
    about = told.about.get(instead[0], ())
    gained = any(triple[1] in carried and triple in told.added for triple in about)
    return Kind.MERGED if gained else Kind.REPLACED


def _restored(told: _Told) -> Iterator[Told]:
    for concept in told.subjects(told.removed, OWL.deprecated):
        values = told.took(told.removed, concept, OWL.deprecated)
        told.took(told.added, concept, OWL.deprecated)
        instead = told.took(told.removed, concept, DCT.isReplacedBy)
        reason = told.took(told.added, concept, SKOS.changeNote)
        if TRUE in map(str, values):
            yield Told(Kind.RESTORED, concept, before=instead, texts=reason)


def _moved(told: _Told) -> Iterator[Told]:
    places = (SKOS.broader, SKOS.topConceptOf)
    moved = {s for s, p, _ in told.added | told.removed if p in places}
    for concept in sorted(moved):
        before = told.took(told.removed, concept, SKOS.broader)
        after = told.took(told.added, concept, SKOS.broader)
        from_top = told.took(told.removed, concept, SKOS.topConceptOf)
        to_top = told.took(told.added, concept, SKOS.topConceptOf)
        for scheme in from_top:  # that it is in the scheme was implied (SKOS Reference S7)
            told.added.discard((concept, SKOS.inScheme, scheme))
        yield Told(_movement(before, after, from_top, to_top), concept, before, after)


def _movement(
    before: Sequence[Identifier],
    after: Sequence[Identifier],
    from_top: Sequence[Identifier],
    to_top: Sequence[Identifier],
) -> Kind:
    if (before or from_top) and (after or to_top):
        return Kind.MOVED
    return Kind.PLACED if after or to_top else Kind.TAKEN


def _related(told: _Told) -> Iterator[Told]:
    for kind, held in ((Kind.RELATED, told.added), (Kind.UNRELATED, told.removed)):
        for concept in told.subjects(held, SKOS.related):
            others = told.took(held, concept, SKOS.related)
            for other in others:
                ends = ((), (other,)) if kind is Kind.RELATED else ((other,), ())
                yield Told(kind, concept, *ends)


def _reordered(told: _Told) -> Iterator[Told]:
    """New lists; that members came or went is told of skos:member, where that is stated."""
    collections = {s for s, p, _ in told.added | told.removed if p == SKOS.memberList}
    for concept in sorted(collections):
        before, after = _list(told.removed, concept), _list(told.added, concept)
        told.took(told.added, concept, SKOS.memberList)
        told.took(told.removed, concept, SKOS.memberList)
        stated = {o for s, p, o in told.added | told.removed if (s, p) == (concept, SKOS.member)}
        different = set(before) ^ set(after)
        if before != after and (not different or different - stated):
            yield Told(Kind.REORDERED, concept, before, after)


def _list(held: set[Triple], collection: Identifier) -> tuple[Identifier, ...]:
    """The members of a list, whose triples are then no longer to be told."""
    found: list[Identifier] = []
    nodes = [o for s, p, o in held if s == collection and p == SKOS.memberList]
    by_node: dict[Identifier, list[Triple]] = defaultdict(list)
    for triple in held:
        if triple[1] in _LISTS or triple[2] == RDF.List:
            by_node[triple[0]].append(triple)
    while nodes:
        own = by_node.pop(nodes.pop(), [])
        held.difference_update(own)
        found += [o for _, p, o in own if p == RDF.first]
        nodes += [o for _, p, o in own if p == RDF.rest]
    return tuple(found)


Kinds = tuple[Kind, Kind, Kind]


def _values(kinds: Kinds, *properties: URIRef) -> Callable[[_Told], Iterator[Told]]:
    """A teller of values that come, change and go; no properties stand for all that are left."""

    def teller(told: _Told) -> Iterator[Told]:
        by_subject: dict[Identifier, tuple[list[Triple], list[Triple]]] = {}
        for place, held in enumerate((told.removed, told.added)):
            for triple in sorted(t for t in held if not properties or t[1] in properties):
                by_subject.setdefault(triple[0], ([], []))[place].append(triple)
                held.discard(triple)
        for _, (removed, added) in sorted(by_subject.items()):
            yield from _changes(kinds, removed, added)

    return teller


def _changes(kinds: Kinds, removed: list[Triple], added: list[Triple]) -> Iterator[Told]:
    for subject, predicate, value in list(added):
        same = next((t for t in removed if t[2] == value), None)
        if same is not None:
            removed.remove(same)
            added.remove((subject, predicate, value))
            yield Told(kinds[1], subject, (value,), (value,), predicate, same[1])
    for key in sorted({_key(triple) for triple in (*removed, *added)}):
        gone = [t for t in removed if _key(t) == key]
        come = [t for t in added if _key(t) == key]
        for old, new in zip_longest(gone, come):
            yield _change(kinds, old, new)


def _change(kinds: Kinds, old: Triple | None, new: Triple | None) -> Told:
    if old is None and new is not None:
        return Told(kinds[0], new[0], after=(new[2],), property=new[1])
    if new is None and old is not None:
        return Told(kinds[2], old[0], before=(old[2],), property=old[1])
    if old is None or new is None:
        raise ValueError("Nothing changed.")
    return Told(kinds[1], new[0], (old[2],), (new[2],), new[1])


def _key(triple: Triple) -> tuple[str, str]:
    """What makes an old and a new value the same one changed: property and language."""
    language = triple[2].language if isinstance(triple[2], Literal) else None
    return str(triple[1]), language or ""


def _forget_times(told: _Told) -> Iterator[Told]:
    for held in (told.added, told.removed):
        held.difference_update([t for t in held if t[1] == DCT.modified])
    yield from ()


TELLERS: tuple[Callable[[_Told], Iterator[Told]], ...] = (
    _forget_times,
    _created,
    _removed,
    _ended,
    _restored,
    _moved,
    _values((Kind.LABEL_ADDED, Kind.LABEL_CHANGED, Kind.LABEL_REMOVED), *KINDS, SKOSXL.literalForm),
    _values((Kind.NOTATION_ADDED, Kind.NOTATION_CHANGED, Kind.NOTATION_REMOVED), SKOS.notation),
    _values((Kind.NOTE_ADDED, Kind.NOTE_CHANGED, Kind.NOTE_REMOVED), SKOS.definition, *NOTES),
    _related,
    _values((Kind.MAPPED, Kind.REMAPPED, Kind.UNMAPPED), *MAPPINGS),
    _reordered,
    _values((Kind.MEMBER_ADDED, Kind.MEMBER_CHANGED, Kind.MEMBER_REMOVED), SKOS.member),
    _values((Kind.POSITION_ADDED, Kind.POSITION_CHANGED, Kind.POSITION_REMOVED), SH.order),
    _values((Kind.STATEMENT_ADDED, Kind.STATEMENT_CHANGED, Kind.STATEMENT_REMOVED)),
)
