"""What a draft and the published state did to the same concepts: set arithmetic, no stores."""

from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from tests.strategies import CONCEPTS, FORMS, SCHEME, family_triples, skos_triples
from vocab_server.editing.conflicts import Choice, Comparison, Reason, compare, resolution
from vocab_server.editing.places import written
from vocab_server.editing.rebasing import refuse_unresolved, shorteners
from vocab_server.errors import ConflictError
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.composing import compose, read_change, stream
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS, SKOSXL
from vocab_server.rdf.skolem import PREFIX

GRAPH = URIRef("https://example.org/vocabularies/animals")
DOG, CAT, FISH, BIRD, ANIMAL = CONCEPTS
Graph = frozenset[Triple]


def name(text: str, language: str = "en", of: URIRef = DOG) -> Triple:
    return (of, SKOS.prefLabel, Literal(text, lang=language))


def under(concept: URIRef, broader: URIRef) -> Triple:
    return (concept, SKOS.broader, broader)


def nobody(_nodes: list[URIRef]) -> dict:
    return {}


def told(ours: Change, theirs: Change) -> list[tuple[URIRef, tuple[Reason, ...]]]:
    return [(c.concept, c.reasons) for c in compare(ours, theirs, nobody).conflicts]


def change(added: Iterable[Triple] = (), removed: Iterable[Triple] = ()) -> Change:
    return Change(GRAPH, frozenset(added), frozenset(removed))


RETIRED = (CAT, OWL.deprecated, Literal(True))
NODE, OTHER_NODE = URIRef(PREFIX + "1"), URIRef(PREFIX + "2")
CASES: dict[str, tuple[Change, Change, list]] = {
    "each in a language": (change([name("dog")]), change([name("hund", "sv")]), []),
    "the same": (
        change([name("hound")], [name("dog")]),
        change([name("hound")], [name("dog")]),
        [],
    ),
    "the same name to different ones": (
        change([name("hound")], [name("dog")]),
        change([name("mutt")], [name("dog")]),
        [(DOG, (Reason.REPLACED_TWICE,))],
    ),
    "one removes what the other replaces": (
        change([], [name("dog")]),
        change([name("mutt")], [name("dog")]),
        [(DOG, (Reason.REPLACED_TWICE,))],
    ),
    "two first names in a language": (
        change([name("hound")]),
        change([name("mutt")]),
        [(DOG, (Reason.TWO_VALUES,))],
    ),
    "two alternative names": (
        change([(DOG, SKOS.altLabel, Literal("hound", lang="en"))]),
        change([(DOG, SKOS.altLabel, Literal("mutt", lang="en"))]),
        [],
    ),
    "moved to two places": (
        change([under(DOG, CAT)], [under(DOG, ANIMAL)]),
        change([under(DOG, FISH)], [under(DOG, ANIMAL)]),
        [(DOG, (Reason.REPLACED_TWICE,))],
    ),
    "moved to two places, told from above": (
        change([(CAT, SKOS.narrower, DOG)], [(ANIMAL, SKOS.narrower, DOG)]),
        change([(FISH, SKOS.narrower, DOG)], [(ANIMAL, SKOS.narrower, DOG)]),
        [(DOG, (Reason.REPLACED_TWICE,))],
    ),
    "made a top concept by one": (
        change([(SCHEME, SKOS.hasTopConcept, DOG)]),
        change([(SCHEME, SKOS.hasTopConcept, CAT)]),
        [],
    ),
    "renamed and deprecated": (
        change([name("kitty", of=CAT)]),
        change([RETIRED]),
        [(CAT, (Reason.RETIRED,))],
    ),
    "deprecated and renamed": (
        change([RETIRED]),
        change([name("kitty", of=CAT)]),
        [(CAT, (Reason.RETIRED,))],
    ),
    "deprecated by both for different ones": (
        change([RETIRED, (CAT, DCT.isReplacedBy, DOG)]),
        change([RETIRED, (CAT, DCT.isReplacedBy, FISH)]),
        [(CAT, (Reason.RETIRED,))],
    ),
    "put under what was deprecated": (
        change([under(DOG, CAT)], [under(DOG, ANIMAL)]),
        change([RETIRED]),
        [(DOG, (Reason.POINTS_AT_RETIRED,))],
    ),
    "deprecates what something was put under": (
        change([RETIRED]),
        change([under(DOG, CAT)], [under(DOG, ANIMAL)]),
        [(CAT, (Reason.POINTS_AT_RETIRED,))],
    ),
    "removed and used": (
        change([(BIRD, SKOS.related, CAT)]),
        change([], [(CAT, RDF.type, SKOS.Concept), name("cat", of=CAT)]),
        [(BIRD, (Reason.POINTS_AT_RETIRED,))],
    ),
    "a label with a name of its own": (
        change([(FORMS[0], SKOSXL.literalForm, Literal("hound", lang="en"))],
               [(FORMS[0], SKOSXL.literalForm, Literal("dog", lang="en")),]),
        change([(DOG, SKOSXL.prefLabel, FORMS[1])], [(DOG, SKOSXL.prefLabel, FORMS[0])]),
        [],
    ),
    "two orders of a collection": (
        change([(DOG, SKOS.memberList, NODE), (NODE, RDF.first, CAT)],
               [(DOG, SKOS.memberList, URIRef(PREFIX + "0"))]),
        change([(DOG, SKOS.memberList, OTHER_NODE), (OTHER_NODE, RDF.first, FISH)],
               [(DOG, SKOS.memberList, URIRef(PREFIX + "0"))]),
        [(DOG, (Reason.REPLACED_TWICE,))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_goes_together_and_what_does_not(case: str) -> None:
    ours, theirs, expected = CASES[case]
    assert told(ours, theirs) == expected


def test_the_nodes_of_a_list_go_with_their_concept() -> None:
    ours, theirs, _ = CASES["two orders of a collection"]
    (conflict,) = compare(ours, theirs, nobody).conflicts
    assert conflict.our_part == ours
    assert conflict.their_part == theirs


def test_what_a_label_belongs_to_is_looked_up() -> None:
    form = partial(lambda text: (FORMS[0], SKOSXL.literalForm, Literal(text, lang="en")))
    ours = change([form("hound")], [form("dog")])
    theirs = change([form("mutt")], [form("dog")])
    owners = {written(FORMS[0]): (written(DOG), written(SKOSXL.prefLabel))}
    found = compare(ours, theirs, lambda nodes: owners if nodes == [FORMS[0]] else {})
    assert [c.concept for c in found.conflicts] == [DOG]


def test_concepts_that_both_changed_are_told() -> None:
    found = compare(change([name("dog")]), change([name("hund", "sv")]), nobody)
    assert found == Comparison((), (DOG,))


def test_the_error_names_what_has_no_choice() -> None:
    ours, theirs, _ = CASES["two first names in a language"]
    found = compare(ours, theirs, nobody)
    with pytest.raises(ConflictError, match=str(DOG)) as caught:
        refuse_unresolved(found, {CAT: Choice.OURS})
    assert caught.value.concepts == (DOG,)
    refuse_unresolved(found, {DOG: Choice.OURS})


deprecations = st.tuples(st.sampled_from(CONCEPTS), st.just(OWL.deprecated), st.just(Literal(True)))
found_triples = st.one_of(family_triples, family_triples, skos_triples, deprecations)
graphs = st.frozensets(found_triples, max_size=8)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Graph, list[Graph], list[Graph]]:
    """A graph, the states that a draft gives it, and those that others publish."""
    base = draw(graphs)
    sides = []
    for _ in range(2):
        states = [base]
        for _ in range(draw(st.integers(0, 4))):
            old = sorted(states[-1])
            gone = frozenset(draw(st.lists(st.sampled_from(old), max_size=3))) if old else set()
            states.append((states[-1] - gone) | draw(st.frozensets(found_triples, max_size=3)))
        sides.append(states)
    return base, sides[0], sides[1]


def steps(states: list[Graph]) -> list[Change]:
    return [Change.between(GRAPH, *pair) for pair in pairwise(states)]


def apply(held: Graph, done: Change) -> Graph:
    assert not done.added & held  # no change says more than the difference
    assert done.removed <= held
    return (held - done.removed) | done.added


def composed(changes: list[Change]) -> Change:
    with TemporaryDirectory() as work:
        read = lambda: (block for one in changes for block in stream(one))  # noqa: E731
        return read_change(compose(GRAPH, read, Path(work), "all"))


@given(histories())
def test_changes_come_to_what_lies_between_their_ends(history: tuple) -> None:
    _, states, _ = history
    assert composed(steps(states)) == Change.between(GRAPH, states[0], states[-1])


@settings(max_examples=500)
@given(histories(), st.data())
def test_no_change_is_lost_silently(history: tuple, data: st.DataObject) -> None:
    """Of both sides: it is in the result, or its concept is in conflict and the choice was so."""
    base, our_states, their_states = history
    ours = Change.between(GRAPH, base, our_states[-1])
    theirs = Change.between(GRAPH, base, their_states[-1])
    found = compare(ours, theirs, nobody)
    choices = {c.concept: data.draw(st.sampled_from(Choice)) for c in found.conflicts}
    solved = resolution(GRAPH, found, choices)

    after = their_states[-1]  # the draft's own changes on what is published, one by one
    for one in shortened(ours, theirs, steps(our_states)):
        after = apply(after, one)
    after = apply(after, solved)

    lost_ours = {c.concept: c.our_part for c in found.conflicts if choices[c.concept] == "theirs"}
    lost_theirs = {c.concept: c.their_part for c in found.conflicts if choices[c.concept] == "ours"}
    for done, lost in ((ours, lost_ours), (theirs, lost_theirs)):
        told_added = frozenset[Triple]().union(*(part.added for part in lost.values()))
        told_removed = frozenset[Triple]().union(*(part.removed for part in lost.values()))
        assert done.added - after <= told_added
        assert done.removed & after <= told_removed
    untouched = base - ours.removed - theirs.removed
    assert untouched <= after
    assert after <= base | ours.added | theirs.added


def shortened(ours: Change, theirs: Change, changes: list[Change]) -> list[Change]:
    shorten = shorteners(ours, theirs)
    return [read_change(shorten(one)) for one in changes]


@given(histories())
def test_without_conflicts_both_nets_hold(history: tuple) -> None:
    base, our_states, their_states = history
    ours = Change.between(GRAPH, base, our_states[-1])
    theirs = Change.between(GRAPH, base, their_states[-1])
    after = their_states[-1]
    for one in shortened(ours, theirs, steps(our_states)):
        after = apply(after, one)
    assert after == (their_states[-1] - ours.removed) | ours.added
