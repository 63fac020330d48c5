from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from tests.conftest import BASE
from vocab_server.editing.importing import Report, Source, import_file
from vocab_server.errors import InvalidError, UnknownFormatError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import SKOS
from vocab_server.services import Services
from vocab_server.skos.vocabularies import graph_of

GRAPH = graph_of(BASE, "animals")
ANIMALS = """
@prefix : <https://example.org/animals/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
: a skos:ConceptScheme ; dct:title "Animals"@en, "Djur"@sv .
:animal a skos:Concept ; skos:inScheme : ; skos:prefLabel "animal"@en .
:dog a skos:Concept ; skos:inScheme : ; skos:broader :animal ; skos:prefLabel "dog"@en, "hund"@SV ;
    skos:definition [ a skos:Note ; dct:title "Barks\u2028loudly"@en ] ; skos:notation 007 .
"""
TRIPLES = 15


def importing(services: Services, tmp_path: Path, text: str, **options: object) -> Report:
    """Import a text as the file animals.ttl."""
    file = tmp_path / "animals.ttl"
    file.write_text(text, "utf-8")
    source = Source(file, file.name, namespace="https://example.org/animals/")
    return import_file(services.writer, BASE, "animals", source, "me", **options)


def test_a_new_vocabulary_is_registered_and_said(services: Services, tmp_path: Path) -> None:
    report = importing(services, tmp_path, ANIMALS)
    assert (report.is_new, report.added, report.removed) == (True, TRIPLES, 0)
    view = services.published.view()
    assert view.vocabulary("animals").title(["sv"]).text == "Djur"
    assert view.statistics(GRAPH).triples == TRIPLES
    assert view.statistics(GRAPH).concepts == 2


def test_the_same_file_again_commits_nothing(services: Services, tmp_path: Path) -> None:
    importing(services, tmp_path, ANIMALS)
    report = importing(services, tmp_path, ANIMALS)
    assert (report.number, report.is_new, report.added, report.removed) == (None, False, 0, 0)


# What is written in the place of what, and how many triples come and go.
EDITS = {
    "one label": ('"hund"@SV', '"vovve"@sv', 1, 1),
    "one more": ("skos:notation 007", 'skos:notation 007, "K9"', 1, 0),
    "one less": (', "hund"@SV', "", 0, 1),
    "the same number": ("007", "7", 0, 0),
    "the same tag": ("@SV", "@sv", 0, 0),
    "inside of a blank node": ("Barks", "Howls", 3, 3),
}


@pytest.mark.parametrize("edit", EDITS)
def test_only_the_difference_to_what_is_there_is_committed(
    services: Services, tmp_path: Path, edit: str
) -> None:
    before, after, added, removed = EDITS[edit]
    importing(services, tmp_path, ANIMALS)
    report = importing(services, tmp_path, ANIMALS.replace(before, after))
    assert (report.added, report.removed) == (added, removed)
    assert services.published.view().statistics(GRAPH).triples == TRIPLES + added - removed


def test_an_edit_made_here_is_undone_by_the_file(services: Services, tmp_path: Path) -> None:
    importing(services, tmp_path, ANIMALS)
    dog = URIRef("https://example.org/animals/dog")
    label = Literal("Hund", lang="de")
    change = Change(GRAPH, frozenset({(dog, SKOS.prefLabel, label)}))
    services.writer.commit([change], "you", "In German too")
    report = importing(services, tmp_path, ANIMALS)
    assert (report.added, report.removed) == (0, 1)


def test_a_dry_run_tells_and_leaves_all_as_it_was(services: Services, tmp_path: Path) -> None:
    report = importing(services, tmp_path, ANIMALS, dry_run=True)
    assert (report.number, report.is_new, report.added) == (None, True, TRIPLES)
    assert services.log.last() == 0
    assert services.published.view().vocabularies == ()


REFUSED = {
    "nothing of SKOS": ('<urn:a> <urn:p> "x" .', InvalidError, "nothing of SKOS in these 1"),
    "not Turtle": ("@prefix : <urn:x> . :a :b", InvalidError, "animals.ttl"),
    "HTML": ("<!doctype html><title>404</title>", UnknownFormatError, "HTML page"),
    "nothing at all": ("", InvalidError, "The file is empty"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_vocabulary_is_refused_and_nothing_changes(
    services: Services, tmp_path: Path, case: str
) -> None:
    text, error, reason = REFUSED[case]
    importing(services, tmp_path, ANIMALS)
    with pytest.raises(error, match=reason):
        importing(services, tmp_path, text)
    assert services.log.last() == 2
    assert services.published.view().statistics(GRAPH).triples == TRIPLES


@pytest.mark.parametrize("name", ["", "Animals", "a b", "../etc", "-a", "a" * 64, "å"])
def test_a_bad_name_is_refused_before_anything_is_read(services: Services, name: str) -> None:
    with pytest.raises(InvalidError, match="cannot name a vocabulary"):
        import_file(services.writer, BASE, name, Source(Path("none.ttl"), "none.ttl"), "me")


def test_what_is_unusual_is_remarked(services: Services, tmp_path: Path) -> None:
    found = importing(services, tmp_path, ANIMALS).found
    assert (found.concepts, found.schemes, found.title) == (2, 1, "Animals")
    assert found.remarks == (
        "Only skos:broader is stated; skos:narrower follows from it (SKOS Reference S25).",
    )


def test_the_log_says_who_imported_what(services: Services, tmp_path: Path) -> None:
    importing(services, tmp_path, ANIMALS)
    assert {(c.author, c.message) for c in services.log.since(0)} == {("me", "Import animals.ttl")}
