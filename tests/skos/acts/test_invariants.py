"""What no sequence of acts ever does, on any vocabulary."""

from collections import Counter, defaultdict
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from tests.acts_strategies import operations, vocabularies
from tests.curating import GRAPH, SCHEME, Desk
from vocab_server.errors import VocabServerError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS
from vocab_server.skos.acts.operations import perform, perform_all
from vocab_server.skos.resolving import Status, resolve_iris
from vocab_server.skos.rules import check_change

Triples = frozenset[Triple]
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


def pairs(held: Triples, predicate: URIRef, inverse: URIRef | None = None) -> set:
    stated = {(s, o) for s, p, o in held if p == predicate}
    return stated | {(o, s) for s, p, o in held if p == inverse}


def deprecated(held: Triples) -> set[Identifier]:
    return {s for s, p, o in held if p == OWL.deprecated and str(o) == "true"}


def above(held: Triples) -> dict[Identifier, set[Identifier]]:
    """Everything above each concept; a concept that is above itself stands in a cycle."""
    found = defaultdict(set)
    for lower, upper in pairs(held, SKOS.broader, SKOS.narrower):
        found[lower].add(upper)
    for _ in range(30):
        for lower in list(found):
            found[lower] |= set().union(*(found.get(upper, set()) for upper in found[lower]))
    return found


def cycles(held: Triples) -> object:
    return {lower for lower, uppers in above(held).items() if lower in uppers}


def related_and_above(held: Triples) -> object:
    uppers = above(held)
    return {
        (one, other)
        for one, other in pairs(held, SKOS.related, SKOS.related)
        if other in uppers[one] or one == other
    }


def second_preferred(held: Triples) -> object:
    counts = Counter((s, o.language) for s, p, o in held if p == SKOS.prefLabel)
    return {key for key, count in counts.items() if count > 1}


def labels_of_two_kinds(held: Triples) -> object:
    counts = Counter((s, o) for s, p, o in held if p in LABELS)
    return {key for key, count in counts.items() if count > 1}


def nameless(held: Triples) -> object:
    named = {s for s, p, _ in held if p == SKOS.prefLabel}
    return {s for s, p, o in held if p == RDF.type and o != SKOS.ConceptScheme} - named


def dangling(held: Triples) -> object:
    typed = {s for s, p, _ in held if p == RDF.type}
    relations = {SKOS.broader, SKOS.narrower, SKOS.related, SKOS.member, SKOS.hasTopConcept}
    relations |= {SKOS.topConceptOf, SKOS.inScheme, DCT.isReplacedBy, RDF.first}
    ends = {end for s, p, o in held if p in relations for end in (s, o)}
    return {end for end in ends - typed if "genid" not in end and end.startswith(SCHEME)}


def wrong_classes(held: Triples) -> object:
    others = {s for s, p, o in held if p == RDF.type and o != SKOS.Concept}
    ends = {end for pair in pairs(held, SKOS.broader, SKOS.narrower) for end in pair}
    ends |= {end for pair in pairs(held, SKOS.related) for end in pair}
    return ends & others


def used_though_deprecated(held: Triples) -> object:
    gone = deprecated(held)
    under = {low for low, up in pairs(held, SKOS.broader, SKOS.narrower) if up in gone}
    elsewhere = {low for low, up in pairs(held, SKOS.broader, SKOS.narrower) if up not in gone}
    related = {one for one, _ in pairs(held, SKOS.related, SKOS.related) if one in gone}
    members = {o for s, p, o in held if p in (SKOS.member, RDF.first) and o in gone}
    return (under - gone - elsewhere) | related | members


def wrong_tops(held: Triples) -> object:
    """A top concept has nothing above it, and what has nothing above it is a top concept."""
    placed = {low for low, _ in pairs(held, SKOS.broader, SKOS.narrower)}
    tops = {s for s, _ in pairs(held, SKOS.topConceptOf, SKOS.hasTopConcept)}
    concepts = {s for s, p, o in held if p == RDF.type and o == SKOS.Concept}
    return (tops & placed) | (concepts - deprecated(held) - tops - placed)


def contradicting_mappings(held: Triples) -> object:
    exact = pairs(held, SKOS.exactMatch, SKOS.exactMatch)
    unlike = pairs(held, SKOS.broadMatch, SKOS.narrowMatch) | pairs(held, SKOS.relatedMatch)
    same = defaultdict(set)
    for one, other in exact:
        same[one] |= {one, other}
    for _ in range(10):
        for one in same:
            same[one] |= set().union(*(same.get(other, set()) for other in same[one]))
    return {(one, other) for one, other in unlike if other in same[one] or one in same[other]}


def broken_lists(held: Triples) -> object:
    """An ordered collection has one list, of the members that it states."""
    nexts, firsts = dict(pairs(held, RDF.rest)), dict(pairs(held, RDF.first))
    wrong = set()
    lists = pairs(held, SKOS.memberList)
    used = set()
    for collection, node in lists:
        listed = []
        while node != RDF.nil:
            used.add(node)
            listed.append(firsts[node])
            node = nexts[node]
        stated = {o for s, o in pairs(held, SKOS.member) if s == collection}
        if len(listed) != len(set(listed)) or set(listed) != stated:
            wrong.add(collection)
    return wrong | (set(firsts) - used) | (set(nexts) - used)


def two_times_modified(held: Triples) -> object:
    counts = Counter(s for s, p, _ in held if p == DCT.modified)
    return {s for s, count in counts.items() if count > 1}


FAULTS = (
    cycles,
    related_and_above,
    second_preferred,
    labels_of_two_kinds,
    nameless,
    dangling,
    wrong_classes,
    used_though_deprecated,
    wrong_tops,
    contradicting_mappings,
    broken_lists,
    two_times_modified,
)


def faults(held: Triples) -> dict[str, object]:
    return {fault.__name__: found for fault in FAULTS if (found := fault(held))}


def attempt(desk: Desk, operation: dict[str, Any]) -> Change | None:
    try:
        return perform(desk.curation, operation)
    except VocabServerError:
        return None


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(vocabularies(), st.lists(operations, min_size=1, max_size=12))
def test_no_act_breaks_a_rule_and_every_act_can_be_undone(
    turtle: str, tried: list[dict[str, Any]]
) -> None:
    desk = Desk(turtle)
    ever = {s for s, p, _ in desk.triples() if p == RDF.type}
    already = faults(desk.triples())
    for operation in tried:
        before = desk.triples()
        change = attempt(desk, operation)
        if change is None:
            assert desk.triples() == before
            continue
        check_change(desk.store, change)
        desk.apply(change)
        after = desk.triples()
        assert after == (before - change.removed) | change.added
        assert not change.added & before
        assert change.removed <= before
        assert {name: found for name, found in faults(after).items() if name not in already} == {}
        ever |= {s for s, p, _ in after if p == RDF.type}
        unknown = [r for r in resolve_iris(desk.store, ever, ()) if r.status is Status.UNKNOWN]
        assert unknown == []
        check_change(desk.store, change.inverse(), was_published=lambda _: False)
        desk.apply(change.inverse())
        assert desk.triples() == before
        desk.apply(change)
        assert desk.union() == desk.triples()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(vocabularies(), st.lists(operations, min_size=1, max_size=6))
def test_the_same_acts_give_the_same_graph_one_by_one_and_all_at_once(
    turtle: str, tried: list[dict[str, Any]]
) -> None:
    one, other = Desk(turtle), Desk("\n".join(reversed(turtle.splitlines())))
    done = []
    for operation in tried:
        change = attempt(one, operation)
        assert attempt(other, operation) == change
        if change is not None:
            one.apply(change)
            other.apply(change)
            done.append(operation)
    at_once = Desk(turtle)
    if done:
        at_once.apply(perform_all(at_once.curation, done))
    assert without_times(one.triples()) == without_times(at_once.triples())


def without_times(held: Triples) -> set[Triple]:
    return {t for t in held if t[1] not in (DCT.modified, DCT.created)}


def test_the_faults_that_the_tests_look_for_are_found() -> None:
    one, other = URIRef(SCHEME + "c0"), URIRef(SCHEME + "c1")
    wrong = {
        (one, SKOS.broader, other),
        (one, SKOS.narrower, other),
        (one, SKOS.related, other),
        (one, SKOS.prefLabel, Literal("a", lang="en")),
        (one, SKOS.prefLabel, Literal("b", lang="en")),
        (one, SKOS.altLabel, Literal("b", lang="en")),
        (other, RDF.type, SKOS.Collection),
        (one, OWL.deprecated, Literal(True)),
        (one, SKOS.topConceptOf, SCHEME),
        (one, SKOS.exactMatch, GRAPH),
        (GRAPH, SKOS.broadMatch, one),
        (GRAPH, RDF.first, one),
        (one, DCT.modified, Literal("1")),
        (one, DCT.modified, Literal("2")),
    }
    assert set(faults(frozenset(wrong))) == {fault.__name__ for fault in FAULTS}
