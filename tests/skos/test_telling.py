from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from tests.acts_strategies import operations, vocabularies
from tests.curating import GRAPH, SCHEME, THEMES, Desk, en, iri, sv
from tests.strategies import skos_triples
from vocab_server.errors import VocabServerError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, RDF, SH, SKOS
from vocab_server.rdf.rdf_patch import read_patch, write_patch
from vocab_server.skos.acts.operations import perform
from vocab_server.skos.telling import Kind, Told, named_in, tell

EU = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
GROUP = ":group a skos:OrderedCollection ; skos:prefLabel 'G'@en ; skos:memberList rdf:nil ."


def done(*steps: dict[str, Any], more: str = "") -> list[Told]:
    """What the last of the operations is told as."""
    desk = Desk(THEMES + more)
    for step in steps[:-1]:
        desk.apply(perform(desk.curation, step))
    return tell(perform(desk.curation, steps[-1]))


def at(name: str) -> str:
    return str(iri(name))


def test_a_move_is_told_with_where_from_and_where_to() -> None:
    told = done({"do": "move", "concept": at("bathing"), "to": at("leisure")})
    assert told == [Told(Kind.MOVED, iri("bathing"), (iri("water"),), (iri("leisure"),))]
    assert named_in(told) == {iri("bathing"), iri("water"), iri("leisure")}


def test_a_move_is_told_the_same_where_only_narrower_is_stated() -> None:
    held = frozenset({(iri("a"), SKOS.narrower, iri("c"))})
    new = frozenset({(iri("b"), SKOS.narrower, iri("c"))})
    told = tell(Change(GRAPH, added=new, removed=held))
    assert told == [Told(Kind.MOVED, iri("c"), (iri("a"),), (iri("b"),))]


def test_moves_to_and_from_the_top_and_places_besides() -> None:
    assert done({"do": "move", "concept": at("bathing"), "to": None}) == [
        Told(Kind.MOVED, iri("bathing"), (iri("water"),), ())
    ]
    assert done({"do": "move", "concept": at("water"), "to": at("leisure")}) == [
        Told(Kind.MOVED, iri("water"), (), (iri("leisure"),))
    ]
    besides = {"do": "addBroader", "concept": at("bathing"), "broader": at("leisure")}
    assert done(besides) == [Told(Kind.PLACED, iri("bathing"), (), (iri("leisure"),))]
    taken = {"do": "removeBroader", "concept": at("bathing"), "broader": at("water")}
    assert done(besides, taken) == [Told(Kind.TAKEN, iri("bathing"), (iri("water"),), ())]


def test_a_concept_that_is_made_is_told_with_its_names_and_place() -> None:
    made = {"do": "create", "prefLabel": {"en": "Rinks", "sv": "Isbanor"}, "broader": at("sport")}
    assert done(made) == [
        Told(
            Kind.CREATED,
            iri("rinks"),
            (),
            (iri("sport"),),
            SKOS.Concept,
            texts=(en("Rinks"), sv("Isbanor")),
        )
    ]


def test_labels_are_told_old_and_new() -> None:
    change = {
        "do": "changeLabel",
        "concept": at("sport"),
        "kind": "prefLabel",
        "before": {"text": "Sport", "lang": "en"},
        "label": {"text": "Sports", "lang": "en"},
    }
    assert done(change) == [
        Told(Kind.LABEL_CHANGED, iri("sport"), (en("Sport"),), (en("Sports"),), SKOS.prefLabel)
    ]


def test_a_label_of_another_kind_is_told_as_such() -> None:
    old = frozenset({(iri("a"), SKOS.altLabel, en("A"))})
    new = frozenset({(iri("a"), SKOS.hiddenLabel, en("A"))})
    assert tell(Change(GRAPH, new, old)) == [
        Told(
            Kind.LABEL_CHANGED,
            iri("a"),
            (en("A"),),
            (en("A"),),
            SKOS.hiddenLabel,
            SKOS.altLabel,
        )
    ]


def test_merging_splitting_deprecating_and_restoring_have_words_of_their_own() -> None:
    reason = {"en": "Because."}
    merged = {"do": "merge", "concept": at("beach"), "into": at("pool"), "reason": reason}
    assert done(merged) == [
        Told(Kind.MERGED, iri("beach"), (), (iri("pool"),), texts=(en("Because."),)),
        Told(Kind.LABEL_ADDED, iri("pool"), (), (en("Beaches"),), SKOS.altLabel),
    ]
    gone = {"do": "deprecate", "concept": at("beach"), "replacedBy": [], "reason": reason}
    assert done(gone)[0] == Told(Kind.DEPRECATED, iri("beach"), texts=(en("Because."),))
    assert done(gone | {"replacedBy": EU})[0].kind is Kind.REPLACED
    parts = [{"prefLabel": {"en": "A"}}, {"prefLabel": {"en": "B"}}]
    kinds = [item.kind for item in done({"do": "split", "concept": at("pool"), "parts": parts})]
    assert kinds == [Kind.CREATED, Kind.CREATED, Kind.SPLIT]
    assert done(gone, {"do": "restore", "concept": at("beach")}) == [
        Told(Kind.RESTORED, iri("beach"))
    ]


def test_mappings_notes_relations_and_numbers_are_told() -> None:
    mapping = {"do": "addMapping", "concept": at("pool"), "relation": "closeMatch", "target": EU}
    assert done(mapping)[0].kind is Kind.MAPPED
    assert done(mapping, mapping | {"relation": "exactMatch"}) == [
        Told(
            Kind.REMAPPED,
            iri("pool"),
            (URIRef(EU),),
            (URIRef(EU),),
            SKOS.exactMatch,
            SKOS.closeMatch,
        )
    ]
    note = {"do": "addNote", "concept": at("pool"), "kind": "scopeNote", "note": {"text": "N"}}
    assert done(note)[0] == Told(Kind.NOTE_ADDED, iri("pool"), (), (Literal("N"),), SKOS.scopeNote)
    related = {"do": "addRelated", "concept": at("pool"), "related": at("sport")}
    assert done(related) == [Told(Kind.RELATED, iri("pool"), (), (iri("sport"),))]
    notation = {"do": "setNotation", "concept": at("sport"), "notation": "L2"}
    assert done(notation)[0].kind is Kind.NOTATION_CHANGED
    order = {"do": "order", "broader": at("bathing"), "concepts": [at("pool"), at("beach")]}
    assert {(item.kind, item.property) for item in done(order)} == {(Kind.POSITION_ADDED, SH.order)}


def test_members_and_their_order_are_told() -> None:
    group = {"do": "setMembers", "collection": at("group"), "members": [at("pool"), at("beach")]}
    assert [item.kind for item in done(group, more=GROUP)] == [Kind.MEMBER_ADDED] * 2
    turned = group | {"members": [at("beach"), at("pool")]}
    assert done(group, turned, more=GROUP) == [
        Told(
            Kind.REORDERED,
            iri("group"),
            (iri("pool"), iri("beach")),
            (iri("beach"), iri("pool")),
        )
    ]


def test_the_rest_is_told_statement_by_statement() -> None:
    triple = (iri("pool"), URIRef("urn:depth"), Literal("2"))
    other = (iri("pool"), URIRef("urn:depth"), Literal("3"))
    assert tell(Change(GRAPH, frozenset({triple}))) == [
        Told(Kind.STATEMENT_ADDED, triple[0], (), (triple[2],), triple[1])
    ]
    assert tell(Change(GRAPH, frozenset({other}), frozenset({triple}))) == [
        Told(Kind.STATEMENT_CHANGED, triple[0], (triple[2],), (other[2],), triple[1])
    ]
    title = {"do": "setMetadata", "scheme": str(SCHEME), "property": str(DCT.title)}
    told = done(title | {"values": {"en": "All themes"}})
    assert told[0].before == (en("Themes"),)


def test_what_was_removed_whole_is_told_once() -> None:
    desk = Desk()
    gone = frozenset(t for t in desk.triples() if t[0] == iri("sport"))
    told = tell(Change(GRAPH, removed=gone))
    assert told[0].kind is Kind.REMOVED
    assert told[0].before == (iri("leisure"),)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(vocabularies(), st.lists(operations, min_size=1, max_size=4))
def test_every_act_is_told_read_back_from_a_patch_and_undone_in_words(
    turtle: str, tried: list[dict[str, Any]]
) -> None:
    desk = Desk(turtle)
    for operation in tried:
        try:
            change = perform(desk.curation, operation)
        except VocabServerError:
            continue
        if change:
            assert tell(change) != []
            assert tell(change.inverse()) != []
        desk.apply(change)


@given(st.frozensets(skos_triples, max_size=9), st.frozensets(skos_triples, max_size=9))
def test_any_change_is_told_and_nothing_in_it_is_left_out(added, removed) -> None:
    change = Change(GRAPH, added - removed, removed - added)
    told = tell(change)
    subjects = {triple[0] for triple in change.added | change.removed}
    objects = {triple[2] for triple in change.added | change.removed}
    said = {term for item in told for term in (item.concept, *item.before, *item.after)}
    assert {item.concept for item in told} <= subjects | objects
    assert bool(told) or all(implied(change, triple) for triple in change.added | change.removed)
    assert said <= subjects | objects


def implied(change: Change, triple: tuple) -> bool:
    """Whether the same is only stated in the other direction."""
    inverse = {SKOS.broader: SKOS.narrower, SKOS.topConceptOf: SKOS.hasTopConcept}
    inverse |= {value: key for key, value in inverse.items()} | {SKOS.related: SKOS.related}
    other = (triple[2], inverse.get(triple[1]), triple[0])
    return other in change.added | change.removed


def test_a_list_made_by_hand_is_told() -> None:
    node = URIRef("urn:n")
    change = Change(
        GRAPH,
        frozenset({(iri("group"), SKOS.memberList, node), (node, RDF.first, iri("pool"))}),
    )
    assert [item.kind for item in tell(change)] == [Kind.REORDERED]


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"do": "fly"}, "There is no operation 'fly'"),
        ({"do": []}, "There is no operation"),
        ({"do": "move", "concept": at("pool")}, "move needs the field 'to'"),
        ({"do": "move", "concept": at("pool"), "to": None, "x": 1}, "no field 'x'"),
        ({"do": "move", "concept": "pool", "to": None}, "field 'concept': 'pool' is not"),
        ({"do": "addLabel", "concept": at("pool"), "kind": "x", "label": "a"}, "field 'kind'"),
        (
            {"do": "create", "prefLabel": {"no language": "a"}},
            "field 'prefLabel': 'no language' is no language tag",
        ),
        ({"do": "create", "prefLabel": "a"}, "Texts by language"),
        ({"do": "setLabels", "cells": {}}, "A list is expected"),
        ({"do": "setLabels", "cells": [1]}, "A cell must be an object"),
        ({"do": "createCollection", "prefLabel": {"en": "a"}, "ordered": 1}, "true or false"),
        ({"do": "deprecate", "concept": at("pool"), "reason": {"en": "a"}}, "'replacedBy'"),
    ],
)
def test_an_operation_that_is_not_understood_is_refused(
    operation: dict[str, Any], said: str
) -> None:
    with pytest.raises(VocabServerError, match=said.replace("(", r"\(")):
        perform(Desk().curation, operation)


def test_a_patch_of_an_act_is_the_act() -> None:
    change = perform(Desk().curation, {"do": "move", "concept": at("bathing"), "to": None})
    assert read_patch(write_patch([change]), GRAPH) == [change]
