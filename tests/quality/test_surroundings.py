"""What surrounds an edit tells what the edit brings, as the whole vocabulary would."""

from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from tests.acts_strategies import vocabularies
from tests.curating import GRAPH as THEMES
from tests.curating import Desk
from tests.quality.test_checks import (
    ANIMALS,
    BROKEN,
    EXAMPLES,
    GRAPH,
    LANGUAGES,
    PLACE,
    named,
    write,
)
from vocab_server.quality.check import Check, to_finding
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.nearby import brought_by, findings_at
from vocab_server.quality.part import Part
from vocab_server.quality.running import Looked, lines_of
from vocab_server.quality.surroundings import (
    ASKED,
    FEW,
    LINKS,
    MANY,
    ROOM,
    Edited,
    TooMuchError,
    read_edited,
    surroundings,
)
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.rdf.query import bind
from vocab_server.store.embedded import EmbeddedStore

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
NEAR = [check for check in CHECKS if not check.needs_all]


def found(store: EmbeddedStore, check: Check, graph: URIRef = GRAPH) -> set[bytes]:
    return set(lines_of(check, Looked(store, graph, LANGUAGES, BROKEN)))


def found_in_part(store: EmbeddedStore, check: Check, graph: URIRef = GRAPH) -> set[bytes]:
    """What is found with all statements in memory: the same, often without a query."""
    part = Part.of(store, graph)
    lines = set(lines_of(check, Looked(store, graph, LANGUAGES, BROKEN, part)))
    assert lines == found(store, check, graph), check.id
    return lines


def brought(store: EmbeddedStore, change: Change, checks: list[Check]) -> dict[str, set[bytes]]:
    """What each check finds after a change and not before, around it."""
    around = surroundings(store, change.graph, read_edited(change))
    with closing(around.store(change)) as part:
        new = {check.id: found_in_part(part, check, change.graph) for check in checks}
        around.take_back(change, part)
        known = {check.id: found_in_part(part, check, change.graph) for check in checks}
    return {check: lines - known[check] for check, lines in new.items()}


@pytest.mark.parametrize(("_check", "example"), EXAMPLES, ids=named)
def test_with_all_in_memory_checks_find_the_same(_check: Check, example: str) -> None:
    store = EmbeddedStore.in_memory()
    write(store, ANIMALS)
    write(store, example)
    assert any(lines for lines in [found_in_part(store, check) for check in CHECKS])


def test_what_an_edit_made_is_taken_back_but_what_was_there_stays() -> None:
    store = EmbeddedStore.in_memory()
    write(store, ANIMALS)
    there = min(store.construct(bind(ALL, graph=GRAPH)))
    missing = (there[0], SKOS.altLabel, Literal("not there", lang="en"))
    new = (there[0], SKOS.altLabel, Literal("new", lang="en"))
    change = Change(GRAPH, frozenset({there, new}), frozenset({missing}))
    around = surroundings(store, GRAPH, read_edited(change))
    with closing(around.store(change)) as part:
        around.take_back(change, part)
        assert set(part.lines(bind(ALL, graph=GRAPH))) == set(around.lines)


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=named)
def test_what_an_example_breaks_is_seen_around_it(check: Check, example: str) -> None:
    before, after = EmbeddedStore.in_memory(), EmbeddedStore.in_memory()
    for store in (before, after):
        write(store, ANIMALS)
    write(after, example)
    was, now = (
        store.construct("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }")
        for store in (before, after)
    )
    change = Change.between(GRAPH, was, now)
    new = found(after, check) - found(before, check)
    assert new
    if not check.needs_all:
        assert new <= brought(before, change, [check])[check.id]
        told = brought_by(before, change, [check], LANGUAGES)
        assert {to_finding(check, line) for line in new} <= set(told)


TEXTS = st.sampled_from(("water", "pool", "sea"))


@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
@given(vocabularies(), st.data())
def test_nothing_that_an_edit_brings_is_missed(turtle: str, data: st.DataObject) -> None:
    before, after = Desk(turtle).store, Desk(turtle).store
    resources = sorted(
        {row["s"] for row in before.select("SELECT DISTINCT ?s { GRAPH ?g { ?s ?p ?o } }")}
    )
    paths = [SKOS.broader, SKOS.narrower, SKOS.related, SKOS.exactMatch, SKOS.broadMatch]
    some = st.sampled_from(resources)
    added = data.draw(st.sets(st.tuples(some, st.sampled_from(paths), some), max_size=3))
    said = sorted(before.construct("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }"))
    removed = data.draw(st.sets(st.sampled_from(said), max_size=3))
    change = Change(THEMES, frozenset(added) - set(said), frozenset(removed) - frozenset(added))
    after.add(THEMES, b"".join(change.added_blocks()).splitlines())
    after.remove(THEMES, change.removed_blocks())
    around = brought(before, change, NEAR)
    for check in NEAR:
        new = found(after, check, THEMES) - found(before, check, THEMES)
        assert bool(new) <= bool(around[check.id]), check.id


def test_an_edit_of_very_much_has_no_surroundings() -> None:
    many = Graph()
    for number in range(FEW):
        many.add((URIRef(f"{PLACE}{number}"), SKOS.related, URIRef(f"{PLACE}other-{number}")))
    with pytest.raises(TooMuchError):
        read_edited(Change(GRAPH, frozenset(many)))


def test_a_parent_of_many_is_not_read_whole() -> None:
    store = EmbeddedStore.in_memory()
    lines = [
        f"<{PLACE}{number}> <{SKOS.broader}> <{PLACE}top> .".encode() for number in range(3_000)
    ]
    store.add(GRAPH, lines)
    around = surroundings(store, GRAPH, Edited(frozenset({URIRef(f"{PLACE}7")})))
    assert len(around.lines) < 10


class Counting(EmbeddedStore):
    """A store that counts what it is asked."""

    asked = 0

    def lines(self, query: str) -> list[bytes]:
        """See Reader."""
        self.asked += 1
        return super().lines(query)


def test_many_resources_are_not_asked_for_one_by_one() -> None:
    store = Counting.in_memory()
    touched = [URIRef(f"{PLACE}{number}") for number in range(FEW)]
    store.add(GRAPH, [f"<{iri}-group> <{SKOS.member}> <{iri}> .".encode() for iri in touched])
    around = surroundings(store, GRAPH, Edited(frozenset(touched)))
    assert len(around.lines) == FEW
    assert store.asked < FEW // 50


@pytest.mark.parametrize(("relation", "turned"), [(SKOS.member, False), (SKOS.narrower, True)])
def test_what_has_very_much_hides_nothing_of_others(relation: URIRef, turned: bool) -> None:
    store, hub = EmbeddedStore.in_memory(), URIRef(f"{PLACE}hub")
    touched = [URIRef(f"{PLACE}{number}") for number in range(ASKED)]
    ends = [(hub, URIRef(f"{hub}-{number}")) for number in range(ROOM * 10)]
    ends += [(resource, URIRef(f"{resource}-beside")) for resource in touched]
    pairs = ends if turned else [(other, one) for one, other in ends]
    store.add(GRAPH, [f"<{one}> <{relation}> <{other}> .".encode() for one, other in pairs])
    around = surroundings(store, GRAPH, Edited(frozenset({hub, *touched})))
    about_hub = [line for line in around.lines if f"<{hub}>".encode() in line]
    assert len(around.lines) - len(about_hub) == len(touched)
    assert LINKS <= len(about_hub) <= ROOM


@pytest.mark.parametrize("relation", [SKOS.broader, SKOS.narrower])
def test_the_hierarchy_that_an_edit_does_not_take_away_is_seen(relation: URIRef) -> None:
    store = EmbeddedStore.in_memory()
    edges = [(URIRef(f"{PLACE}{name}"), relation, URIRef(f"{PLACE}{name}-end")) for name in "abc"]
    whole = Change(GRAPH, frozenset(edges))
    store.add(GRAPH, whole.added_blocks())
    for left in edges:
        change = Change(GRAPH, removed=whole.added - {left})
        around = surroundings(store, GRAPH, read_edited(change))
        with closing(around.store(change)) as after:
            assert after.ask(f"ASK {{ GRAPH ?g {{ ?s <{relation}> ?o }} }}")


def test_a_branch_of_very_much_has_no_surroundings() -> None:
    store, top = EmbeddedStore.in_memory(), URIRef(f"{PLACE}top")
    lines = []
    for number in range(MANY // 2):
        branch = f"{PLACE}branch-{number}"
        lines.append(f"<{branch}> <{SKOS.broader}> <{top}> .".encode())
        lines.append(f"<{PLACE}leaf-{number}> <{SKOS.broader}> <{branch}> .".encode())
    store.add(GRAPH, lines)
    with pytest.raises(TooMuchError):
        surroundings(store, GRAPH, Edited(frozenset({top}), lowered=frozenset({top})))


def test_what_a_change_would_bring_is_told_before_it_is_made() -> None:
    store, cat = EmbeddedStore.in_memory(), URIRef(f"{PLACE}cat")
    write(store, ANIMALS)
    dog = (cat, SKOS.prefLabel, Literal("dog", lang="en"))
    named_cat = (cat, SKOS.prefLabel, Literal("cat", lang="en"))
    change = Change(GRAPH, frozenset({dog}), frozenset({named_cat}))
    brings = {finding.check.id for finding in brought_by(store, change, CHECKS)}
    assert brings == {"LAB-8"}
    assert findings_at(store, GRAPH, cat, CHECKS) == []
    write(store, ':cat skos:altLabel "puss "@en .')
    assert [one.check.id for one in findings_at(store, GRAPH, cat, CHECKS)] == ["LAB-6"]
