"""Acts on collections: groups of concepts, some of them in an order (SKOS Reference, 9).

The members of an ordered collection are stated twice, as skos:memberList and as skos:member, which
follows from it (S36): readers that know no lists find them too.
"""

from collections.abc import Sequence

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import DCT, RDF, SKOS
from vocab_server.rdf.naming import name_blank_nodes
from vocab_server.rdf.query import bind
from vocab_server.skos.acts.concepts import new_iri
from vocab_server.skos.acts.curation import (
    Curation,
    cleaned_label,
    require_known,
    time_literal,
)
from vocab_server.skos.sketch import Sketch

_COLLECTIONS = [SKOS.Collection, SKOS.OrderedCollection]
_LISTS = """SELECT DISTINCT ?collection WHERE { GRAPH $graph {
    ?node rdf:first $member . ?collection skos:memberList/rdf:rest* ?node } }"""


def create_collection(
    curation: Curation,
    labels: Sequence[Literal],
    members: Sequence[URIRef] = (),
    *,
    ordered: bool = False,
    iri: URIRef | None = None,
) -> Change:
    """Make a collection with its names and members; an ordered one keeps them in this order.

    Raises as create_concept, and RuleBrokenError for a member that is no concept or group.
    """
    sketch = curation.sketch()
    names = [cleaned_label(label) for label in labels]
    made = new_iri(curation, sketch, names, iri)
    sketch.add(
        (made, RDF.type, SKOS.OrderedCollection if ordered else SKOS.Collection),
        (made, DCT.created, time_literal(curation.at)),
        (made, DCT.modified, time_literal(curation.at)),
        *((made, SKOS.prefLabel, name) for name in names),
    )
    write_members(sketch, made, members, ordered=ordered)
    return curation.finish(sketch, [])


def add_member(
    curation: Curation, collection: URIRef, member: URIRef, before: URIRef | None = None
) -> Change:
    """Put a concept or a group into a collection, in front of ``before`` or at the end.

    Raises NotFoundError when one of them is not there, RuleBrokenError when the member is no
    concept or group, or holds the collection (SKOS Reference S32).
    """
    sketch = curation.sketch()
    ordered, members = _begun(sketch, collection)
    if member not in members:
        place = members.index(_there(sketch, before, members)) if before else len(members)
        write_members(sketch, collection, [*members[:place], member, *members[place:]], ordered)
    return curation.finish(sketch, [collection])


def remove_member(curation: Curation, collection: URIRef, member: URIRef) -> Change:
    """Take a concept out of a collection. Raises ConflictError when it is not in it any more."""
    sketch = curation.sketch()
    ordered, members = _begun(sketch, collection)
    members.remove(_there(sketch, member, members))
    write_members(sketch, collection, members, ordered)
    return curation.finish(sketch, [collection])


def set_members(curation: Curation, collection: URIRef, members: Sequence[URIRef]) -> Change:
    """Say which members a collection has; an ordered one keeps them in this order."""
    sketch = curation.sketch()
    ordered, _ = _begun(sketch, collection)
    write_members(sketch, collection, members, ordered)
    return curation.finish(sketch, [collection])


def write_members(
    sketch: Sketch, collection: Identifier, members: Sequence[Identifier], ordered: bool
) -> None:
    """Let a collection have these members, each once, and no others."""
    unique = list(dict.fromkeys(members))
    sketch.remove(*_list_of(sketch, collection))
    sketch.remove(*sketch.find([collection], [SKOS.member, SKOS.memberList]))
    sketch.add(*((collection, SKOS.member, member) for member in unique))
    if ordered:
        sketch.add(*_as_list(collection, unique))


def replace_member(sketch: Sketch, member: Identifier, replacements: Sequence[Identifier]) -> None:
    """Put others in the place of a member, in every collection that it is in; or nothing."""
    for collection in collections_of(sketch, member):
        put_in_place(sketch, collection, member, replacements)


def put_in_place(
    sketch: Sketch, collection: Identifier, member: Identifier, replacements: Sequence[Identifier]
) -> None:
    """Put others in the place of a member; those that are in the collection stay where they are."""
    ordered, members = read_members(sketch, collection)
    new = [each for each in replacements if each not in members]
    kept: list[Identifier] = []
    for each in members:
        kept += new if each == member else [each]
    write_members(sketch, collection, kept, ordered)


def collections_of(sketch: Sketch, member: Identifier) -> list[Identifier]:
    """The collections that a concept is a member of, by skos:member or in a list, in order."""
    stated = {s for s, _, _ in sketch.find(None, [SKOS.member], [member])}
    rows = sketch.store.select(bind(_LISTS, graph=sketch.graph, member=member))
    listed = {row["collection"] for row in rows}
    gone = {s for s, p, _ in sketch.removed if p == SKOS.memberList}
    return sorted(stated | (listed - gone))


def read_members(sketch: Sketch, collection: Identifier) -> tuple[bool, list[Identifier]]:
    """Whether a collection is ordered, and its members: in its order, else by IRI."""
    stated = sketch.values(collection, SKOS.member)
    if not sketch.find([collection], [RDF.type], [SKOS.OrderedCollection]):
        return False, stated
    listed = [
        value for _, predicate, value in _list_of(sketch, collection) if predicate == RDF.first
    ]
    return True, list(dict.fromkeys([*listed, *stated]))


def _begun(sketch: Sketch, collection: URIRef) -> tuple[bool, list[Identifier]]:
    require_known(sketch, [collection])
    if not sketch.find([collection], [RDF.type], _COLLECTIONS):
        raise InvalidError(
            "%(collection)s is no collection. Choose one.", collection=sketch.name(collection)
        )
    return read_members(sketch, collection)


def _there(sketch: Sketch, member: URIRef, members: Sequence[Identifier]) -> Identifier:
    if member not in members:
        raise ConflictError(
            "%(member)s is not in the collection any more. Look at it again.",
            member=sketch.name(member),
        )
    return member


def _list_of(sketch: Sketch, collection: Identifier) -> list[Triple]:
    """The triples of a collection's list, in its order; a list that bites its tail ends."""
    found: list[Triple] = []
    nodes = sketch.values(collection, SKOS.memberList)
    seen: set[Identifier] = {RDF.nil}
    while nodes and nodes[0] not in seen:
        seen.add(nodes[0])
        own = sorted(sketch.find([nodes[0]], [RDF.type, RDF.first, RDF.rest]))
        found += own
        nodes = [value for _, predicate, value in own if predicate == RDF.rest]
    return found


def _as_list(collection: Identifier, members: Sequence[Identifier]) -> list[Triple]:
    """A list as triples, its nodes named as import does, so that a round trip is no change."""
    nodes = [f"_:b{place}" for place in range(len(members))]
    ends = [*nodes, f"<{RDF.nil}>"]
    lines = [f"<{collection}> <{SKOS.memberList}> {ends[0]} ."]
    for place, member in enumerate(members):
        lines.append(f"{nodes[place]} <{RDF.first}> <{member}> .")
        lines.append(f"{nodes[place]} <{RDF.rest}> {ends[place + 1]} .")
    if not members:
        return [(collection, SKOS.memberList, RDF.nil)]
    named = name_blank_nodes(line.encode() for line in lines)
    return [_triple(line.decode()) for line in named]


def _triple(line: str) -> Triple:
    subject, predicate, value, _ = line.split(" ")
    return URIRef(subject[1:-1]), URIRef(predicate[1:-1]), URIRef(value[1:-1])
