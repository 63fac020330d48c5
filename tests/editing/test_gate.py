"""The quality gate: what a draft would bring, and what a release would freeze."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from tests.changing import BASE
from tests.editing.test_drafts import ALL
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.editing.workflow import State
from vocab_server.errors import RuleBrokenError
from vocab_server.quality.checks import get_check
from vocab_server.quality.running import run
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.services import Services, open_services
from vocab_server.skos.vocabularies import graph_of

GRAPH = graph_of(BASE, "dirty")
PLACE = "https://example.org/t/"
DIRTY = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <{PLACE}> .
: a skos:ConceptScheme ; skos:prefLabel "Test"@en ; skos:hasTopConcept :a .
:a a skos:Concept ; skos:inScheme : ; skos:prefLabel "water"@en, "aqua"@en ."""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A vocabulary with a fault that was imported."""
    folder = tmp_path_factory.mktemp("gate")
    opened = open_services(Settings(data=folder / "data", base_url=BASE))
    file = Path(folder / "dirty.ttl")
    file.write_text(DIRTY)
    import_file(opened.writer, BASE, "dirty", Source(file, file.name), "test")
    yield opened
    opened.close()


def concept(name: str, *more: Triple) -> Change:
    iri = URIRef(PLACE + name)
    own = {(iri, RDF.type, SKOS.Concept), (iri, SKOS.inScheme, URIRef(PLACE))}
    return Change(GRAPH, frozenset({*own, *more}))


def named(name: str) -> Change:
    return concept(name, (URIRef(PLACE + name), SKOS.prefLabel, Literal(name, lang="en")))


def approved(services: Services, change: Change) -> int:
    draft = services.drafts.begin(GRAPH, "More", "", "anna")
    services.drafts.commit(draft.id, change, "anna", "Change")
    services.drafts.step(draft.id, State.IN_REVIEW, "anna", ALL)
    services.drafts.step(draft.id, State.APPROVED, "cleo", ALL)
    return draft.id


def test_a_draft_that_brings_a_fault_is_not_published(services: Services) -> None:
    last, draft = services.log.last(), approved(services, concept("nameless"))
    with pytest.raises(RuleBrokenError, match="nameless>: Without a preferred term") as refused:
        services.publisher.publish(draft, "dora", ALL)
    assert refused.value.rule == "LAB-1"
    assert "INT-S14" not in str(refused.value)  # it was there before
    assert services.log.last() == last


def test_faults_that_are_there_already_stop_no_draft(services: Services) -> None:
    number = services.publisher.publish(approved(services, named("sea")), "dora", ALL)
    assert services.log.get(number).added == 3


def test_what_is_accepted_or_only_reported_stops_no_draft(services: Services) -> None:
    draft = approved(services, concept("unnamed"))
    services.quality.change(GRAPH, {"LAB-1": "report"}, ())
    services.publisher.publish(draft, "dora", ALL)
    services.quality.change(GRAPH, {}, ())
    assert services.drafts.table.get(draft).state == State.PUBLISHED


def test_a_release_is_stopped_by_all_that_is_there(services: Services) -> None:
    services.quality.change(GRAPH, {"LAB-1": "report"}, ())
    with pytest.raises(RuleBrokenError, match="INT-S14") as refused:
        services.releases.freeze("dirty", "1", "anna")
    assert "a finding" in str(refused.value)
    assert GRAPH not in services.published.view().releases
    store = services.published.view().store
    (finding,) = run(store, GRAPH, [get_check("INT-S14")])
    services.quality.accept(
        GRAPH, "INT-S14", finding.identity, finding.focus, "Both are in the law.", "cleo"
    )
    assert services.releases.freeze("dirty", "1", "anna").name == "1"
