"""Taking an earlier change back as a new change, when it still applies."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, Phrase
from vocab_server.rdf.change import Change, Patch, Reversed, Triple, to_lines
from vocab_server.rdf.namespaces import DCT, RDF, SKOS, SKOSXL
from vocab_server.rdf.ntriples import read_triple
from vocab_server.rdf.skolem import is_skolem
from vocab_server.skos.acts.curation import Curation
from vocab_server.skos.acts.replacing import deprecate
from vocab_server.skos.sketch import Sketch
from vocab_server.store.base import Reader
from vocab_server.store.holding import held

TOLD = 5  # statements that an error message quotes
CLASSES = (SKOS.Concept, SKOS.Collection, SKOS.OrderedCollection)


def inverse(store: Reader, change: Patch) -> Reversed:
    """What undoes a change of any size in the store.

    Raises ConflictError, with the statements, when something that the change added is no longer
    there or something that it removed is back.
    """
    gone = [*_found(store, change, change.added_blocks(), is_held=False)]
    back = [*_found(store, change, change.removed_blocks(), is_held=True)]
    if gone or back:
        raise ConflictError(
            "Later changes are in the way of undoing this one.%(gone)s%(back)s Undo those first, or"
            " make the change by hand.",
            statements=(*to_lines(gone), *to_lines(back)),
            gone=Phrase(" No longer there: %(lines)s", lines=_quoted(gone)) if gone else "",
            back=Phrase(" There again: %(lines)s", lines=_quoted(back)) if back else "",
        )
    return Reversed(change)


def take_back(curation: Curation, change: Change) -> Change:
    """What undoes a change after others; when things were modified is never in the way.

    Raises ConflictError as ``inverse`` does, and what ``Curation.finish`` raises.
    """
    dated = {s for s, p, _ in change.added | change.removed if p == DCT.modified}
    added, removed = (
        frozenset(triple for triple in some if triple[1] != DCT.modified)
        for some in (change.added, change.removed)
    )
    rest = Change(change.graph, added, removed)
    inverse(curation.store, rest)  # raises ConflictError
    sketch = Sketch.of(curation.store, rest.inverse())
    return curation.finish(sketch, sketch.known(dated))


def take_back_published(curation: Curation, change: Change, reason: Sequence[Literal]) -> Change:
    """What undoes a published change after others; no identifier goes away.

    What the change created stays, and is no longer used, for a reason. Raises as ``take_back``
    does, and as ``deprecate`` when concepts were put under a created one since.
    """
    created = _created(change)
    kept = _kept(change, set(created))
    back = take_back(curation, Change(change.graph, change.added - kept, change.removed))
    done = Sketch.of(curation.store, back)
    for concept in created:
        if concept not in curation.sketch().deprecated([concept]):
            done.take(deprecate(replace(curation, done=done), concept, (), reason))
    return done.change()


def _created(change: Change) -> list[URIRef]:
    """What a change made, what is under others before these."""
    types = {s for s, p, o in change.removed if p == RDF.type and o in CLASSES}
    made = {s for s, p, o in change.added if p == RDF.type and o in CLASSES} - types
    under: dict[Identifier, set[Identifier]] = {concept: set() for concept in sorted(made)}
    for subject, predicate, value in sorted(change.added):
        if predicate == SKOS.broader and value in made:
            under[value].add(subject)
        elif predicate == SKOS.narrower and subject in made:
            under[subject].add(value)
    try:
        order = list(TopologicalSorter(under).static_order())
    except CycleError:  # of an import: none of the orders is better
        order = sorted(under)
    return [URIRef(concept) for concept in order if concept in made]


def _kept(change: Change, created: set[URIRef]) -> frozenset[Triple]:
    """The statements of what a change made, which are still true of what is no longer used."""
    own = {triple for triple in change.added if created.intersection((triple[0], triple[2]))}
    labels = {s for s, p, o in change.added if p == RDF.type and o == SKOSXL.Label}
    parts = {value for _, _, value in own if value in labels or _is_part(value)}
    return frozenset(own | {triple for triple in change.added if triple[0] in parts})


def _is_part(value: Identifier) -> bool:
    return isinstance(value, URIRef) and is_skolem(value)


def _found(
    store: Reader, change: Patch, blocks: Iterable[bytes], *, is_held: bool
) -> Iterator[Triple]:
    for block in blocks:
        triples = frozenset(map(read_triple, block.splitlines()))
        for triple, is_there in held(store, change.graph, triples).items():
            if is_there == is_held:
                yield triple


def _quoted(triples: list[Triple]) -> str:
    lines = " ".join(to_lines(triples)[:TOLD])
    if len(triples) <= TOLD:
        return lines
    return Phrase("%(lines)s and %(number)s more", lines=lines, number=len(triples) - TOLD)
