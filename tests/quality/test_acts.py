"""What our own acts make of a vocabulary breaks no rule that the checks know."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.acts_strategies import operations, vocabularies
from tests.curating import GRAPH, THEMES, Desk
from tests.skos.acts.test_invariants import attempt
from vocab_server.quality.check import Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.running import run
from vocab_server.rdf.query import bind
from vocab_server.skos.acts.operations import perform_all

GRAVE = [check for check in CHECKS if check.severity is Severity.VIOLATION]
MATCHES = (
    "VALUES ?p { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch"
    " skos:relatedMatch } ?s ?p ?o"
)


def violations(desk: Desk) -> set[str]:
    return {finding.check.id for finding in run(desk.store, GRAPH, GRAVE)}


def forget_matches(desk: Desk) -> None:
    """Acts look at each match by itself, not at what follows from several of them (S41, S43)."""
    desk.store.update(
        bind(
            f"DELETE {{ GRAPH $graph {{ ?s ?p ?o }} }} WHERE {{ GRAPH $graph {{ {MATCHES} }} }}",
            graph=GRAPH,
        )
    )


@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
@given(vocabularies(), st.lists(operations, min_size=1, max_size=10))
def test_no_act_brings_a_violation(turtle: str, tried: list[dict[str, Any]]) -> None:
    desk = Desk(turtle + ' : dct:title "Themes"@en .')
    for operation in tried:
        change = attempt(desk, operation)
        if change is not None:
            desk.apply(change)
    forget_matches(desk)
    assert violations(desk) == set()


def test_a_vocabulary_made_by_acts_has_no_violation() -> None:
    desk = Desk(THEMES)
    assert violations(desk) == set()
    place = "https://example.org/themes/"
    made = perform_all(
        desk.curation,
        [
            {
                "do": "create",
                "prefLabel": {"en": "Rivers", "sv": "Floder"},
                "broader": [f"{place}water"],
            },
            {"do": "move", "concept": f"{place}pool", "to": f"{place}leisure"},
            {"do": "merge", "concept": f"{place}beach", "into": f"{place}bathing"},
        ],
    )
    desk.apply(made)
    assert violations(desk) == set()
