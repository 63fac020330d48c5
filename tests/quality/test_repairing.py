"""A repair removes what was found, and brings nothing else."""

import pytest

from tests.quality.test_checks import ANIMALS, BROKEN, GRAPH, LANGUAGES, named, write
from vocab_server.quality.check import Check
from vocab_server.quality.checks import CHECKS, get_check
from vocab_server.quality.repairing import repair
from vocab_server.quality.running import run
from vocab_server.rdf.change import Change
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.projection import to_update

REPAIRED = [
    (check, text) for check in CHECKS if check.repair is not None for text in check.examples
]


def apply(store: EmbeddedStore, change: Change) -> None:
    store.update(
        to_update(GRAPH, list(change.added_blocks()), list(change.removed_blocks()), number=1)
    )


@pytest.mark.parametrize(("check", "example"), REPAIRED, ids=named)
def test_a_repair_removes_the_finding_and_brings_none(check: Check, example: str) -> None:
    store = EmbeddedStore.in_memory()
    write(store, ANIMALS)
    write(store, example)
    checks = [one for one in CHECKS if one.default_on or one is check]
    before = {finding.identity for finding in run(store, GRAPH, checks, LANGUAGES, BROKEN)}
    found = list(run(store, GRAPH, [check], LANGUAGES, BROKEN))
    assert found
    apply(store, repair(store, GRAPH, found))
    after = list(run(store, GRAPH, checks, LANGUAGES, BROKEN))
    assert [one for one in after if one.check is check] == []
    assert {one.identity for one in after} <= before


def test_a_text_that_is_there_already_is_not_said_twice() -> None:
    store = EmbeddedStore.in_memory()
    write(store, f'{ANIMALS} :dog skos:altLabel "dog "@en, " dog"@en, "hound "@en, "  hound"@en .')
    found = list(run(store, GRAPH, [get_check("LAB-6")]))
    change = repair(store, GRAPH, found)
    assert [str(value) for _, _, value in change.added] == ["hound"]
    assert len(change.removed) == 4


def test_an_identity_is_that_of_the_line() -> None:
    store = EmbeddedStore.in_memory()
    write(store, f'{ANIMALS} :dog skos:altLabel "a \\"b\\"\\n  \\\\ é\\t"@en-GB, "  "@en .')
    found = list(run(store, GRAPH, [get_check("LAB-6")]))
    assert len({one.identity for one in found}) == len(found) == 2
    assert found == list(run(store, GRAPH, [get_check("LAB-6")]))
