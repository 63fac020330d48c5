"""Each check finds each of its examples, and only it does; and not what is close to them."""

import pytest
from rdflib import URIRef

from vocab_server.quality.check import Check, Query, Routine
from vocab_server.quality.checks import CHECKS, get_check
from vocab_server.quality.running import run
from vocab_server.rdf.namespaces import PREFIXES, RDF, SKOS
from vocab_server.store.embedded import EmbeddedStore

PLACE = "https://example.org/animals/"
GRAPH = URIRef("https://example.org/vocabularies/animals")
LANGUAGES = ("en",)
BROKEN = ("http://gone.example/dog",)
_KNOWN = "".join(f"PREFIX {prefix}: <{name}> " for prefix, name in PREFIXES.items())


def _concept(name: str, definition: str, place: str) -> str:
    return (
        f':{name} a skos:Concept ; skos:inScheme : ; skos:prefLabel "{name}"@en ; {place} ;'
        f' skos:definition "{definition}"@en ; skos:exactMatch <http://other.example/{name}> .'
    )


ANIMALS = "\n".join(
    (
        ': a skos:ConceptScheme ; dct:title "Animals"@en ; dct:description "What moves."@en ;'
        ' dct:creator :us ; dct:created "2026-01-01"^^xsd:date ; skos:hasTopConcept :animal ;'
        ' dct:modified "2026-01-02"^^xsd:date ; dct:license <http://example.com/free> .',
        _concept("animal", "What lives and moves.", "skos:topConceptOf :"),
        _concept("dog", "It barks.", "skos:broader :animal"),
        _concept("cat", "It purrs.", "skos:broader :animal"),
        _concept("bird", "It flies.", "skos:broader :animal"),
        _concept("penguin", "It swims.", "skos:broader :bird"),
        ":animal skos:narrower :dog, :cat, :bird . :bird skos:narrower :penguin .",
    )
)


def write(store: EmbeddedStore, turtle: str, graph: URIRef = GRAPH) -> None:
    store.update(f"PREFIX : <{PLACE}> {_KNOWN} INSERT DATA {{ GRAPH <{graph}> {{ {turtle} }} }}")


def broken(turtle: str, check: Check) -> set[str]:
    """The checks that what is said of the animals breaks, which the animals alone do not."""
    store = EmbeddedStore.in_memory()
    write(store, ANIMALS)
    write(store, turtle)
    checks = [one for one in CHECKS if one.default_on or one is check]
    return {finding.check.id for finding in run(store, GRAPH, checks, LANGUAGES, BROKEN)}


EXAMPLES = [(check, text) for check in CHECKS for text in check.examples]
NEIGHBOURS = [(check, text) for check in CHECKS for text in check.neighbours]


def named(value: object) -> str | None:
    return value.id if isinstance(value, Check) else None


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=named)
def test_an_example_is_found_by_its_check_only(check: Check, example: str) -> None:
    found = broken(example, check)
    assert check.id in found
    assert found - check.implied == {check.id}


@pytest.mark.parametrize(("check", "neighbour"), NEIGHBOURS, ids=named)
def test_a_neighbour_is_not_found(check: Check, neighbour: str) -> None:
    assert check.id not in broken(neighbour, check)


@pytest.mark.parametrize(
    ("check", "path", "may_matter"),
    [
        ("STR-14", SKOS.broader, True),
        ("STR-14", SKOS.altLabel, False),
        ("LAB-6", SKOS.altLabel, True),
        ("LAB-6", SKOS.broader, False),
        ("LAB-1", RDF.type, True),  # what is a concept may matter everywhere
        ("TYP-3", SKOS.altLabel, True),  # it asks for every property
        ("STR-1", SKOS.narrower, True),
        ("STR-1", SKOS.altLabel, False),
        ("LAB-8", SKOS.inScheme, True),
        ("LAB-4", SKOS.broader, False),
    ],
)
def test_a_formulation_tells_what_may_change_its_answer(
    check: str, path: URIRef, may_matter: bool
) -> None:
    formulation = get_check(check).find
    assert isinstance(formulation, Query | Routine)
    assert formulation.may_read([path]) is may_matter
