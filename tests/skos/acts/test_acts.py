"""Stories of what a curator does, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from tests.curating import GRAPH, SCHEME, THEMES, Desk, en, iri, sv
from vocab_server.errors import ConflictError, InvalidError, NotFoundError, RuleBrokenError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SH, SKOS, SKOSXL
from vocab_server.rdf.query import bind
from vocab_server.skos.acts.collections import (
    add_member,
    create_collection,
    remove_member,
    set_members,
)
from vocab_server.skos.acts.concepts import create_concept, created_iri, discard
from vocab_server.skos.acts.curation import AddressRule, Curation
from vocab_server.skos.acts.labels import Cell, add_label, change_label, remove_label, set_labels
from vocab_server.skos.acts.merging import merge
from vocab_server.skos.acts.metadata import change_namespace, create_scheme, set_metadata
from vocab_server.skos.acts.moves import move
from vocab_server.skos.acts.notes import (
    add_note,
    change_note,
    check_pattern,
    remove_note,
    set_notation,
)
from vocab_server.skos.acts.operations import perform, perform_all
from vocab_server.skos.acts.ordering import order_narrower
from vocab_server.skos.acts.relations import (
    add_broader,
    add_mapping,
    add_related,
    remove_broader,
    remove_mapping,
    remove_related,
)
from vocab_server.skos.acts.replacing import deprecate, restore
from vocab_server.skos.acts.splitting import Part, split
from vocab_server.skos.hierarchy import Item, Lens, items, narrower, placed
from vocab_server.skos.resolving import Status, resolve_iris
from vocab_server.skos.rules import check_change
from vocab_server.skos.vocabularies import catalog_of, get_registration, register
from vocab_server.store.base import Row
from vocab_server.store.embedded import EmbeddedStore

EU = URIRef("http://publications.europa.eu/resource/authority/data-theme/ENVI")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def lens(desk: Desk) -> Lens:
    return Lens(desk.store, GRAPH, ["en", "sv"], "en")


def tree(desk: Desk, name: str) -> list[str]:
    """The names of the concepts that the tree shows under one."""
    found = narrower(lens(desk), [iri(name)])[iri(name)]
    return [item.label.text for item in found]


# Creating


def test_a_concept_gets_an_address_from_its_label_and_stands_under_another(desk: Desk) -> None:
    change = desk.apply(create_concept(desk.curation, [sv("Åar & sjöar")], [iri("water")]))
    assert created_iri(change) == iri("aar-sjoar")
    assert tree(desk, "water") == ["Åar & sjöar", "Bathing water"]
    assert desk.values("aar-sjoar", SKOS.inScheme) == {SCHEME}
    assert desk.values("aar-sjoar", DCT.created) == desk.values("aar-sjoar", DCT.modified) != set()


def test_a_concept_under_nothing_is_a_top_concept(desk: Desk) -> None:
    desk.apply(create_concept(desk.curation, [en("Energy")]))
    assert iri("energy") in {item.iri for item in tops(desk)}


def test_an_address_that_was_used_once_is_never_proposed_again(desk: Desk) -> None:
    change = create_concept(desk.curation, [en("Energy")])
    desk.apply(change)
    desk.apply(change.inverse())
    again = create_concept(desk.curation, [en("Energy")])
    assert created_iri(again) == iri("energy-2")


def test_a_label_in_no_latin_script_is_written_as_it_sounds(desk: Desk) -> None:
    change = create_concept(desk.curation, [Literal("한국", lang="ko")])
    assert created_iri(change) == iri("hangug")


def test_running_numbers_go_on_after_the_last_one() -> None:
    desk = Desk(address=AddressRule.NUMBER, prefix="t", digits=4)
    desk.used = {iri(f"t{number:04}") for number in range(1, 38)}
    change = desk.apply(create_concept(desk.curation, [en("One")]))
    assert created_iri(change) == iri("t0038")
    assert created_iri(create_concept(desk.curation, [en("Two")])) == iri("t0039")


def test_a_new_vocabulary_begins_with_its_scheme() -> None:
    desk = Desk("")
    desk.apply(create_scheme(desk.curation, [en("Themes")], SCHEME))
    desk.apply(create_concept(desk.curation, [en("Energy")]))
    desk.apply(create_concept(desk.curation, [en("Health")]))
    assert [item.label.text for item in tops(desk)] == ["Energy", "Health"]


def test_a_vocabulary_that_states_no_top_concepts_gets_none() -> None:
    desk = Desk(': a skos:ConceptScheme . :a skos:inScheme : ; skos:prefLabel "A"@en .')
    desk.apply(create_concept(desk.curation, [en("B")]))
    assert not desk.values("b", SKOS.topConceptOf)


def test_a_concept_nobody_saw_can_be_discarded_and_others_cannot(desk: Desk) -> None:
    desk.apply(create_concept(desk.curation, [en("Mistake")]))
    with pytest.raises(RuleBrokenError, match="published and cannot be removed"):
        discard(desk.curation, iri("mistake"))
    unseen = Curation(**fields(desk.curation) | {"was_published": lambda _: False})
    desk.apply(discard(unseen, iri("mistake")))
    assert desk.triples() == Desk().triples()


def fields(curation: Curation) -> dict[str, Any]:
    return {name: getattr(curation, name) for name in curation.__slots__}


# Labels, notes, notations


def test_labels_are_added_changed_and_removed(desk: Desk) -> None:
    desk.apply(add_label(desk.curation, iri("beach"), SKOS.prefLabel, sv(" Bad  stränder ")))
    assert sv("Bad stränder") in desk.values("beach", SKOS.prefLabel)
    change = change_label(
        desk.curation, iri("beach"), SKOS.prefLabel, sv("Bad stränder"), sv("Stränder")
    )
    desk.apply(change)
    assert desk.values("beach", SKOS.prefLabel) == {en("Beaches"), sv("Stränder")}
    desk.apply(remove_label(desk.curation, iri("beach"), SKOS.prefLabel, sv("Stränder")))
    assert desk.values("beach", SKOS.prefLabel) == {en("Beaches")}


def test_a_translation_grid_is_written_in_one_change(desk: Desk) -> None:
    cells = [
        Cell(iri("beach"), "ar", "شواطئ", before=""),
        Cell(iri("pool"), "sv-FI", "Simbassänger"),
        Cell(iri("bathing"), "sv", "Bad", before="Badvatten"),
        Cell(iri("sport"), "ko", ""),
    ]
    change = desk.apply(set_labels(desk.curation, cells))
    assert {s for s, p, _ in change.added if p == DCT.modified} == {
        iri(name) for name in ("beach", "pool", "bathing", "sport")
    }
    assert Literal("Simbassänger", lang="sv-fi") in desk.values("pool", SKOS.prefLabel)
    assert desk.values("sport", SKOS.prefLabel) == {en("Sport")}


def test_a_cell_that_somebody_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    with pytest.raises(ConflictError, match="not 'Bad' any more"):
        set_labels(desk.curation, [Cell(iri("bathing"), "sv", "Badplats", before="Bad")])
    with pytest.raises(ConflictError):
        set_labels(desk.curation, [Cell(iri("bathing"), "sv", "Badplats", before="")])


def test_a_skos_xl_label_keeps_its_own_iri() -> None:
    desk = Desk(
        THEMES + ':sport skosxl:altLabel :form . :form skosxl:literalForm "Games"@en'
        " ; a skosxl:Label ."
    )
    desk.apply(
        change_label(desk.curation, iri("sport"), SKOS.altLabel, en("Games"), en("Athletics"))
    )
    assert desk.values("form", SKOSXL.literalForm) == {en("Athletics")}
    assert desk.values("sport", SKOS.altLabel) == set()
    desk.apply(remove_label(desk.curation, iri("sport"), SKOS.altLabel, en("Athletics")))
    assert not [t for t in desk.triples() if iri("form") in t]


def test_notes_are_added_changed_and_removed(desk: Desk) -> None:
    note = en("First line.\nSecond line.")
    desk.apply(add_note(desk.curation, iri("beach"), SKOS.definition, note))
    assert desk.values("beach", SKOS.definition) == {note}
    desk.apply(
        change_note(desk.curation, iri("beach"), SKOS.definition, note, en("Shore for bathing."))
    )
    assert desk.values("beach", SKOS.definition) == {en("Shore for bathing.")}
    with pytest.raises(InvalidError, match="has a definition"):
        add_note(desk.curation, iri("beach"), SKOS.definition, en("Another one."))
    desk.apply(remove_note(desk.curation, iri("beach"), SKOS.definition, en("Shore for bathing.")))
    assert desk.values("beach", SKOS.definition) == set()


def test_a_notation_fits_the_pattern_and_is_unique() -> None:
    desk = Desk(notation_pattern="[A-Z][0-9]+")
    desk.apply(set_notation(desk.curation, iri("pool"), Literal("W12")))
    assert desk.values("pool", SKOS.notation) == {Literal("W12")}
    with pytest.raises(InvalidError, match=r"\[A-Z\]\[0-9\]\+"):
        set_notation(desk.curation, iri("pool"), Literal("W12b"))
    with pytest.raises(RuleBrokenError, match='"Bathing water" already has the notation'):
        set_notation(desk.curation, iri("pool"), Literal("W1"))
    desk.apply(set_notation(desk.curation, iri("pool"), None))
    assert desk.values("pool", SKOS.notation) == set()
    with pytest.raises(InvalidError, match="no pattern"):
        check_pattern(desk.store, "[A-Z")
    check_pattern(desk.store, "(a+)+b")


def test_a_hostile_pattern_takes_no_time() -> None:
    desk = Desk(notation_pattern="(a+)+b")
    with pytest.raises(InvalidError):
        set_notation(desk.curation, iri("pool"), Literal("a" * 90))


# Relations and moves


def test_moving_a_concept_takes_all_that_is_under_it_along(desk: Desk) -> None:
    desk.apply(move(desk.curation, [iri("bathing")], iri("leisure")))
    assert tree(desk, "leisure") == ["Bathing water", "Sport"]
    assert tree(desk, "bathing") == ["Beaches", "Pools"]
    assert tree(desk, "water") == []


def test_moving_from_one_of_several_leaves_the_others(desk: Desk) -> None:
    desk.apply(add_broader(desk.curation, iri("bathing"), iri("leisure")))
    desk.apply(move(desk.curation, [iri("bathing")], iri("sport"), iri("water")))
    assert desk.broader("bathing") == {"leisure", "sport"}
    with pytest.raises(ConflictError, match="not under"):
        move(desk.curation, [iri("bathing")], iri("leisure"), iri("water"))


def test_a_concept_moved_to_the_top_is_a_top_concept_and_back_it_is_none(desk: Desk) -> None:
    desk.apply(move(desk.curation, [iri("beach"), iri("pool")], None))
    assert {"Beaches", "Pools"} <= {item.label.text for item in tops(desk)}
    desk.apply(move(desk.curation, [iri("beach"), iri("pool")], iri("sport")))
    assert len(tops(desk)) == 2
    assert desk.values("beach", SKOS.inScheme) == {SCHEME}


def test_the_hierarchy_is_stated_as_the_vocabulary_states_it() -> None:
    only_narrower = THEMES.replace(":beach a", ":bathing skos:narrower :beach . :beach a")
    for name in ("water", "bathing", "leisure"):
        only_narrower = only_narrower.replace(f"skos:broader :{name}", "skos:note :x")
    desk = Desk(only_narrower)
    desk.apply(move(desk.curation, [iri("beach")], iri("sport")))
    assert desk.values("sport", SKOS.narrower) == {iri("beach")}
    assert desk.broader("beach") == set()
    assert tree(desk, "sport") == ["Beaches"]


def test_the_refinements_of_iso_25964_go_with_the_relation() -> None:
    desk = Desk(THEMES + ":beach isothes:broaderPartitive :bathing .")
    desk.apply(move(desk.curation, [iri("beach")], iri("sport")))
    assert not [t for t in desk.triples() if "broaderPartitive" in t[1]]


def test_related_concepts_are_related_both_ways(desk: Desk) -> None:
    desk.apply(add_related(desk.curation, iri("sport"), iri("beach")))
    assert desk.values("beach", SKOS.related) == {iri("sport")}
    desk.apply(remove_related(desk.curation, iri("beach"), iri("sport")))
    assert desk.values("sport", SKOS.related) == set()


def test_a_mapping_takes_the_place_of_another_to_the_same_concept(desk: Desk) -> None:
    desk.apply(add_mapping(desk.curation, iri("water"), SKOS.broadMatch, EU))
    desk.apply(add_mapping(desk.curation, iri("water"), SKOS.exactMatch, EU))
    assert desk.values("water", SKOS.broadMatch) == set()
    desk.apply(remove_mapping(desk.curation, iri("water"), SKOS.exactMatch, EU))
    assert desk.values("water", SKOS.exactMatch) == set()


def test_what_loses_its_last_broader_concept_is_at_the_top(desk: Desk) -> None:
    desk.apply(remove_broader(desk.curation, iri("sport"), iri("leisure")))
    assert desk.values("sport", SKOS.topConceptOf) == {SCHEME}


# Merging, splitting, deprecating


def test_a_merged_concept_leaves_everything_to_the_other_one(desk: Desk) -> None:
    desk.write(
        ":sport skos:hiddenLabel 'Badvatten'@sv ; skos:definition 'Play.'@en ; skos:related :pool ."
        " :bathing skos:definition 'Water to bathe in.'@en, 'Vatten att bada i.'@sv ;"
        f" skos:exactMatch <{EU}> ; skos:scopeNote 'Not pools.'@en ."
        " :group a skos:Collection ; skos:prefLabel 'G'@en ; skos:member :bathing ."
    )
    desk.apply(merge(desk.curation, [iri("bathing")], iri("sport"), [en("The same.")]))
    assert {en("Bathing water"), sv("Badvatten")} <= desk.values("sport", SKOS.altLabel)
    assert desk.values("sport", SKOS.hiddenLabel) == set()
    assert desk.values("sport", SKOS.definition) == {en("Play."), sv("Vatten att bada i.")}
    assert desk.values("sport", SKOS.editorialNote) == {en("Water to bathe in.")}
    assert desk.values("sport", SKOS.exactMatch) == {EU}
    assert desk.values("bathing", SKOS.exactMatch) == set()
    assert desk.values("group", SKOS.member) == {iri("sport")}
    assert tree(desk, "sport") == ["Beaches", "Pools"]
    assert desk.values("sport", SKOS.related) == set()  # the pools are under it now (S27)
    assert tree(desk, "water") == ["Sport"]
    (resolved,) = resolve_iris(desk.store, [iri("bathing")], ["en"])
    assert resolved.status is Status.REPLACED
    assert resolved.replaced_by[0][0] == iri("sport")
    assert desk.values("bathing", SKOS.changeNote) == {en("The same.")}


def test_a_concept_can_be_merged_into_one_under_it_and_one_above_it(desk: Desk) -> None:
    desk.apply(merge(desk.curation, [iri("bathing")], iri("beach")))
    assert desk.broader("beach") == {"water"}
    assert desk.broader("pool") == {"beach"}
    desk.apply(merge(desk.curation, [iri("beach")], iri("water")))
    assert tree(desk, "water") == ["Pools"]
    assert [r.replaced_by[0][0] for r in resolve_iris(desk.store, [iri("bathing")], [])] == [
        iri("water")
    ]


def test_what_is_between_two_merged_concepts_stays_above(desk: Desk) -> None:
    desk.apply(merge(desk.curation, [iri("water")], iri("beach")))
    assert desk.values("bathing", SKOS.topConceptOf) == {SCHEME}
    assert desk.broader("beach") == {"bathing"}


def test_a_mapping_that_contradicts_stays_behind(desk: Desk) -> None:
    desk.write(f":sport skos:broadMatch <{EU}> . :bathing skos:exactMatch <{EU}> .")
    desk.apply(merge(desk.curation, [iri("bathing")], iri("sport")))
    assert desk.values("sport", SKOS.exactMatch) == set()
    assert desk.values("sport", SKOS.broadMatch) == {EU}


def test_a_split_gives_each_part_what_it_is_to_have(desk: Desk) -> None:
    desk.write(
        f":bathing skos:exactMatch <{EU}> ; skos:related :sport ."
        " :group a skos:Collection ; skos:prefLabel 'G'@en ; skos:member :bathing, :sport ."
    )
    parts = [
        Part(
            labels=(en("Sea bathing"), sv("Havsbad")),
            alternative=(en("Swimming places"),),
            narrower=(iri("beach"),),
            mapped_to=(EU,),
            collections=(iri("group"),),
        ),
        Part(labels=(en("Bathhouses"),), narrower=(iri("pool"),), related=(iri("sport"),)),
    ]
    desk.apply(split(desk.curation, iri("bathing"), parts, [en("Two things.")]))
    assert tree(desk, "water") == ["Bathhouses", "Sea bathing"]
    assert tree(desk, "sea-bathing") == ["Beaches"]
    assert desk.values("sea-bathing", SKOS.exactMatch) == {EU}
    assert desk.values("sea-bathing", SKOS.altLabel) == {en("Swimming places")}
    assert desk.values("bathhouses", SKOS.related) == {iri("sport")}
    assert desk.values("group", SKOS.member) == {iri("sea-bathing"), iri("sport")}
    (resolved,) = resolve_iris(desk.store, [iri("bathing")], [])
    assert resolved.status is Status.SPLIT
    assert len(resolved.replaced_by) == 2


def test_a_deprecated_concept_says_why_and_leaves_the_tree(desk: Desk) -> None:
    placing = {iri("beach"): [iri("sport")]}
    change = deprecate(
        desk.curation, iri("bathing"), [EU], [en("Use the theme of the EU.")], placing, []
    )
    desk.apply(change)
    assert desk.broader("beach") == {"sport"}
    assert desk.values("pool", SKOS.topConceptOf) == {SCHEME}
    assert tree(desk, "water") == []
    assert desk.values("bathing", DCT.isReplacedBy) == {EU}
    assert desk.values("bathing", SKOS.changeNote) == {en("Use the theme of the EU.")}


def test_a_restored_concept_is_back_in_its_place(desk: Desk) -> None:
    desk.apply(deprecate(desk.curation, iri("sport"), [iri("water")], [en("No.")]))
    desk.apply(restore(desk.curation, iri("sport"), reason=[en("Yes.")]))
    assert tree(desk, "leisure") == ["Sport"]
    assert desk.values("sport", DCT.isReplacedBy) == set()
    assert desk.values("sport", OWL.deprecated) == set()
    with pytest.raises(ConflictError, match="in use already"):
        restore(desk.curation, iri("sport"))


def test_what_was_under_something_deprecated_is_restored_elsewhere(desk: Desk) -> None:
    desk.apply(deprecate(desk.curation, iri("sport"), [], [en("No.")]))
    desk.apply(deprecate(desk.curation, iri("leisure"), [], [en("No.")]))
    with pytest.raises(RuleBrokenError, match="Say where it is to go"):
        restore(desk.curation, iri("sport"))
    desk.apply(restore(desk.curation, iri("sport"), [iri("water")]))
    assert tree(desk, "water") == ["Bathing water", "Sport"]


# Collections, order, metadata


def test_an_ordered_collection_keeps_its_order(desk: Desk) -> None:
    made = create_collection(
        desk.curation, [en("Outdoors")], [iri("pool"), iri("beach")], ordered=True
    )
    group = created_iri(desk.apply(made))
    desk.apply(add_member(desk.curation, group, iri("sport"), before=iri("beach")))
    assert members(desk, group) == ["Pools", "Sport", "Beaches"]
    desk.apply(remove_member(desk.curation, group, iri("pool")))
    assert members(desk, group) == ["Sport", "Beaches"]
    desk.apply(set_members(desk.curation, group, [iri("beach"), iri("water"), iri("sport")]))
    assert members(desk, group) == ["Beaches", "Water", "Sport"]
    desk.apply(merge(desk.curation, [iri("water")], iri("leisure")))
    assert members(desk, group) == ["Beaches", "Leisure", "Sport"]
    desk.apply(set_members(desk.curation, group, []))
    assert not [t for t in desk.triples() if t[1] in (RDF.first, RDF.rest)]


LINKS = """SELECT ?node ?member ?next WHERE { GRAPH $graph {
    ?node rdf:first ?member ; rdf:rest ?next } }"""
LISTS = "SELECT ?list WHERE { GRAPH $graph { $group skos:memberList ?list } }"
TOPS = """SELECT DISTINCT ?found WHERE { GRAPH $graph {
    { $group skos:hasTopConcept ?found } UNION { ?found skos:topConceptOf $group } } }"""


def tops(desk: Desk) -> tuple[Item, ...]:
    rows = desk.store.select(bind(TOPS, graph=GRAPH, group=SCHEME))
    return placed(items(lens(desk), (URIRef(row["found"]) for row in rows)))


def members(desk: Desk, group: URIRef) -> list[str]:
    links = {row["node"]: row for row in desk.store.select(bind(LINKS, graph=GRAPH))}
    node = desk.store.select(bind(LISTS, graph=GRAPH, group=group))[0]["list"]
    found: list[URIRef] = []
    while node in links:
        link = links.pop(node)
        found.append(URIRef(link["member"]))
        node = link["next"]
    names = {item.iri: item.label.text for item in items(lens(desk), found)}
    return [names[iri] for iri in found]


def test_a_list_that_bites_its_tail_can_be_written_anew(desk: Desk) -> None:
    desk.write(
        ":list a skos:OrderedCollection ; skos:prefLabel 'L'@en ; skos:memberList :n1 ."
        " :n1 rdf:first :pool ; rdf:rest :n2 . :n2 rdf:first :beach ; rdf:rest :n1 ."
    )
    desk.apply(set_members(desk.curation, iri("list"), [iri("sport")]))
    assert members(desk, iri("list")) == ["Sport"]


def test_siblings_are_put_in_an_order_with_few_changes(desk: Desk) -> None:
    for name in "abcd":
        desk.apply(create_concept(desk.curation, [en(name)], [iri("sport")]))
    order = [iri(name) for name in "abcd"]
    desk.apply(order_narrower(desk.curation, iri("sport"), order))
    numbers = {name: desk.values(name, SH.order) for name in "abcd"}
    assert numbers["a"] == {Literal("1", datatype=XSD.decimal)}
    moved = desk.apply(
        order_narrower(desk.curation, iri("sport"), [order[3], order[0], order[1], order[2]])
    )
    assert {s for s, p, _ in moved.added if p == SH.order} == {iri("d")}
    assert tree(desk, "sport") == ["d", "a", "b", "c"]
    desk.apply(create_concept(desk.curation, [en("Aa")], [iri("sport")]))
    assert tree(desk, "sport") == ["d", "a", "b", "c", "Aa"]
    again = desk.apply(order_narrower(desk.curation, iri("sport"), []))
    assert tree(desk, "sport") == ["a", "Aa", "b", "c", "d"]
    assert not [t for t in desk.triples() if t[1] == SH.order]
    assert len([t for t in again.removed if t[1] == SH.order]) == 4


def test_top_concepts_are_put_in_an_order(desk: Desk) -> None:
    assert [item.label.text for item in tops(desk)] == ["Leisure", "Water"]
    desk.apply(order_narrower(desk.curation, None, [iri("water"), iri("leisure")]))
    assert [item.label.text for item in tops(desk)] == ["Water", "Leisure"]


def test_the_vocabulary_gets_a_title_and_a_description(desk: Desk) -> None:
    desk.write(": skos:prefLabel 'Themes'@en .")
    titles = [en("Themes of data"), sv("Ämnen")]
    desk.apply(set_metadata(desk.curation, SCHEME, DCT.title, titles))
    assert desk.values("", SKOS.prefLabel) == desk.values("", DCT.title) == set(titles)
    with pytest.raises(InvalidError, match="one title in each language"):
        set_metadata(desk.curation, SCHEME, DCT.title, [en("A"), en("B")])
    with pytest.raises(InvalidError, match="A vocabulary has a title"):
        set_metadata(desk.curation, SCHEME, DCT.title, [])
    with pytest.raises(InvalidError, match="is an address"):
        set_metadata(desk.curation, SCHEME, DCT.license, [en("CC0")])


# What is noted, and what is refused


def test_every_act_notes_when_and_nothing_else_is_touched(desk: Desk) -> None:
    desk.write(':beach dct:modified "2020-01-01"^^xsd:date .')
    change = desk.apply(add_label(desk.curation, iri("beach"), SKOS.altLabel, en("Shores")))
    today = Literal("2026-11-24", datatype=XSD.date)
    assert change.added == {
        (iri("beach"), SKOS.altLabel, en("Shores")),
        (iri("beach"), DCT.modified, today),
    }
    assert not add_label(desk.curation, iri("beach"), SKOS.altLabel, en("Shores"))


REFUSED: dict[str, tuple[Callable[[Curation], Change], str]] = {
    "S14": (
        lambda c: add_label(c, iri("water"), SKOS.prefLabel, en("Aqua")),
        'already has the preferred label "Water"@en. Change that one',
    ),
    "S13": (
        lambda c: add_label(c, iri("bathing"), SKOS.altLabel, en("Bathing water")),
        "already the preferred label",
    ),
    "S13 the other way": (
        lambda c: add_label(c, iri("beach"), SKOS.hiddenLabel, en("Beaches")),
        "SKOS Reference S13",
    ),
    "LAB-1": (
        lambda c: remove_label(c, iri("beach"), SKOS.prefLabel, en("Beaches")),
        "no preferred label in any language",
    ),
    "cycle": (
        lambda c: move(c, [iri("water")], iri("pool")),
        '"Water" cannot be under "Pools", because "Pools" is already under "Water"',
    ),
    "itself": (lambda c: add_broader(c, iri("water"), iri("water")), "related to itself"),
    "S27": (lambda c: add_related(c, iri("water"), iri("pool")), "SKOS Reference S27"),
    "S9": (lambda c: add_related(c, iri("water"), SCHEME), "not a concept"),
    "S46": (
        lambda c: add_mapping(c, iri("sport"), SKOS.relatedMatch, URIRef("urn:same")),
        "SKOS Reference S46",
    ),
    "child left": (
        lambda c: deprecate(c, iri("bathing"), [], [en("No.")]),
        "Say where each concept under it goes",
    ),
    "replaced by itself": (
        lambda c: deprecate(c, iri("pool"), [iri("pool")], [en("No.")]),
        "cannot replace itself",
    ),
    "replaced by deprecated": (
        lambda c: deprecate(c, iri("pool"), [iri("old")], [en("No.")]),
        "itself no longer used",
    ),
    "under deprecated": (lambda c: move(c, [iri("pool")], iri("old")), "no longer used"),
    "merged with itself": (lambda c: merge(c, [iri("pool")], iri("pool")), "merged with itself"),
    "scheme as member": (
        lambda c: add_member(c, iri("group"), SCHEME),
        "cannot hold a vocabulary",
    ),
    "group in itself": (
        lambda c: add_member(c, iri("group"), iri("group")),
        "SKOS Reference S32",
    ),
    "split left over": (
        lambda c: split(c, iri("bathing"), [Part(labels=(en("A"),)), Part(labels=(en("B"),))]),
        "Say which part it goes to",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_breaks_a_rule_is_refused_with_the_rule_and_the_remedy(desk: Desk, case: str) -> None:
    desk.write(
        ":group a skos:Collection ; skos:prefLabel 'G'@en ."
        " :old a skos:Concept ; skos:prefLabel 'Old'@en ; owl:deprecated true ."
        " :sport skos:exactMatch :same . :same skos:exactMatch <urn:same> ."
    )
    before = desk.triples()
    act, said = REFUSED[case]
    with pytest.raises(RuleBrokenError) as refused:
        act(desk.curation)
    assert said in str(refused.value)
    assert f"({refused.value.rule})" in str(refused.value)
    assert desk.triples() == before


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda c: move(c, [iri("nothing")], None), NotFoundError),
        (lambda c: move(c, [URIRef("not an iri")], None), NotFoundError),
        (lambda c: move(c, [], None), InvalidError),
        (lambda c: merge(c, [], iri("water")), InvalidError),
        (lambda c: create_concept(c, []), InvalidError),
        (lambda c: create_concept(c, [en("  ")]), InvalidError),
        (lambda c: create_concept(c, [en("x" * 501)]), InvalidError),
        (lambda c: create_concept(c, [en("bell \a")]), InvalidError),
        (lambda c: create_concept(c, [en("A")], iri=iri("water")), ConflictError),
        (lambda c: create_concept(c, [en("A")], iri=URIRef("water")), InvalidError),
        (lambda c: create_concept(c, [en("A"), en("B")]), RuleBrokenError),
        (lambda c: add_label(c, iri("nothing"), SKOS.prefLabel, en("A")), NotFoundError),
        (lambda c: add_label(c, iri("water"), SKOS.note, en("A")), InvalidError),
        (lambda c: remove_label(c, iri("water"), SKOS.altLabel, en("A")), ConflictError),
        (lambda c: add_note(c, iri("water"), SKOS.prefLabel, en("A")), InvalidError),
        (lambda c: remove_note(c, iri("water"), SKOS.note, en("A")), ConflictError),
        (lambda c: remove_broader(c, iri("water"), iri("pool")), ConflictError),
        (lambda c: remove_related(c, iri("water"), iri("pool")), ConflictError),
        (lambda c: add_mapping(c, iri("water"), SKOS.related, EU), InvalidError),
        (lambda c: add_mapping(c, iri("water"), SKOS.exactMatch, URIRef("x y")), InvalidError),
        (lambda c: remove_mapping(c, iri("water"), SKOS.exactMatch, EU), ConflictError),
        (lambda c: add_member(c, iri("water"), iri("pool")), InvalidError),
        (lambda c: deprecate(c, iri("water"), [], []), InvalidError),
        (lambda c: deprecate(c, iri("pool"), [iri("nothing")], [en("No.")]), NotFoundError),
        (lambda c: split(c, iri("pool"), [Part(labels=(en("A"),))]), InvalidError),
        (lambda c: order_narrower(c, iri("water"), [iri("sport")]), ConflictError),
        (lambda c: set_metadata(c, SCHEME, RDF.type, [EU]), InvalidError),
    ],
)
def test_what_cannot_be_done_is_refused(
    desk: Desk, act: Callable[[Curation], Change], error: type[Exception]
) -> None:
    with pytest.raises(error):
        act(desk.curation)


def test_a_change_made_by_hand_is_held_against_the_rules_too(desk: Desk) -> None:
    check_change(desk.store, Change(GRAPH, frozenset({(iri("pool"), SKOS.altLabel, en("P"))})))
    wrong = Change(GRAPH, frozenset({(iri("water"), SKOS.broader, iri("pool"))}))
    with pytest.raises(RuleBrokenError, match="STR-1"):
        check_change(desk.store, wrong)
    typed = Change(GRAPH, frozenset({(iri("water"), RDF.type, SKOS.Collection)}))
    with pytest.raises(RuleBrokenError, match="S9 and S37"):
        check_change(desk.store, typed)
    lost = Change(GRAPH, removed=frozenset(t for t in desk.triples() if t[0] == iri("pool")))
    with pytest.raises(RuleBrokenError, match="identifiers never die"):
        check_change(desk.store, lost)
    number = Change(GRAPH, frozenset({(iri("pool"), SKOS.altLabel, Literal(1))}))
    with pytest.raises(RuleBrokenError, match="S12"):
        check_change(desk.store, number)


def test_old_faults_elsewhere_do_not_stand_in_the_way(desk: Desk) -> None:
    desk.write(
        ":water skos:prefLabel 'Aqua'@en ; skos:related :pool ; skos:broader :pool ."
        " :sport skos:broader :nothing ."
    )
    desk.apply(add_label(desk.curation, iri("water"), SKOS.altLabel, en("Wet")))
    desk.apply(move(desk.curation, [iri("sport")], iri("water")))
    assert tree(desk, "water") == ["Bathing water", "Sport"]


def test_the_namespace_of_new_addresses_is_changed_in_the_list_of_vocabularies(desk: Desk) -> None:
    base = "https://example.org"
    desk.apply(register(base, "themes", "Themes"))
    change = change_namespace(desk.store, base, "themes", "https://data.example/themes/")
    desk.apply(change)
    assert change.graph == catalog_of(base)
    assert get_registration(desk.store, base, "themes").namespace == "https://data.example/themes/"
    for wrong in ("data.example/", "https://data.example/themes", "https://a b/"):
        with pytest.raises(InvalidError):
            change_namespace(desk.store, base, "themes", wrong)
    with pytest.raises(NotFoundError):
        change_namespace(desk.store, base, "none", "https://data.example/")


def test_several_acts_are_one_change_that_sees_itself(desk: Desk) -> None:
    first = {"do": "create", "prefLabel": {"en": "Winter"}, "iri": str(iri("winter"))}
    second = {"do": "move", "concept": [str(iri("sport"))], "to": str(iri("winter"))}
    back = {"do": "move", "concept": [str(iri("winter"))], "to": str(iri("sport"))}
    with pytest.raises(RuleBrokenError, match="STR-1") as refused:
        perform_all(desk.curation, [first, second, back])
    assert refused.value.__notes__ == ["Operation 3"]
    before = desk.triples()
    change = desk.apply(perform_all(desk.curation, [first, second]))
    assert tree(desk, "winter") == ["Sport"]
    desk.apply(change.inverse())
    assert desk.triples() == before


def test_an_act_looks_up_no_more_in_a_bigger_vocabulary() -> None:
    small, big = Desk(), Desk()
    big.write(
        "\n".join(
            f":x{number} a skos:Concept ; skos:inScheme : ; skos:broader :leisure ;"
            f' skos:prefLabel "x{number}"@en .'
            for number in range(2_000)
        )
    )
    operation = {"do": "merge", "concept": str(iri("bathing")), "into": str(iri("sport"))}
    assert rows_read(small, operation) == rows_read(big, operation)


class Counting:
    """A store that counts what it is asked and what it answers."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self.queries = 0
        self.rows = 0

    def select(self, query: str) -> list[Row]:
        found = self._store.select(query)
        self.queries += 1
        self.rows += len(found)
        return found

    def ask(self, query: str) -> bool:
        self.queries += 1
        return self._store.ask(query)


def rows_read(desk: Desk, operation: dict[str, Any]) -> tuple[int, int]:
    counting = Counting(desk.store)
    curation = Curation(**fields(desk.curation) | {"store": counting})
    perform(curation, operation)
    return counting.queries, counting.rows


def test_what_is_deprecated_may_be_under_something_deprecated(desk: Desk) -> None:
    desk.apply(deprecate(desk.curation, iri("sport"), [], [en("No.")]))
    desk.apply(deprecate(desk.curation, iri("leisure"), [], [en("No.")]))
    change = desk.apply(restore(desk.curation, iri("sport"), [iri("water")]))
    check_change(desk.store, change.inverse())
