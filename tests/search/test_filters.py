"""Searches in notes and among some concepts, cards, and the reader's language before others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tantivy
from hypothesis import given, settings
from rdflib import Literal, URIRef

from tests.strategies import CONCEPTS, edits, play
from vocab_server.rdf.change import Change, Triple, to_lines
from vocab_server.rdf.namespaces import OWL, RDF, SKOS
from vocab_server.search import within
from vocab_server.search.cards import Cards
from vocab_server.search.find import Hit, Wanted, search, with_passages
from vocab_server.search.index import IndexProjection
from vocab_server.search.looks import Kind
from vocab_server.search.within import Within
from vocab_server.skos.below import Relation
from vocab_server.skos.hierarchy import Lens
from vocab_server.skos.trails import ways
from vocab_server.store.embedded import EmbeddedStore

GRAPH = URIRef("https://example.org/vocabularies/animals")
PLACE = "https://example.org/"


class Found:
    """A vocabulary in a store in memory and in an index."""

    def __init__(self, directory: Path, *changes: set[Triple]) -> None:
        self.store, index = EmbeddedStore.in_memory(), IndexProjection(directory)
        for number, triples in enumerate(changes, 1):
            lines = "\n".join(to_lines(triples))
            self.store.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {lines} }} }}")
            index.apply(Change(GRAPH, added=frozenset(triples)), number, self.store)
        index.close()
        self.index: tantivy.Searcher = tantivy.Index.open(str(directory / "index")).searcher()
        self.cards = Cards(self.index)
        self.within = Within(self.store, self.cards)

    def hits(self, text: str, **values: object) -> list[Hit]:
        return search(self.index, Wanted(text, **values), limit=100)[0]  # type: ignore[arg-type]

    def texts(self, text: str, **values: object) -> list[str]:
        return [hit.text for hit in self.hits(text, **values)]

    def among(self, **given: str) -> object:
        chosen = {Relation(name): URIRef(PLACE + iri) for name, iri in given.items()}
        return self.within.among([GRAPH], chosen)


def concept(name: str, **values: str) -> set[Triple]:
    iri = URIRef(PLACE + name)
    found: set[Triple] = {(iri, RDF.type, SKOS.Concept)}
    for key, text in values.items():
        predicate, _, language = key.partition("_")
        found.add((iri, SKOS[predicate], Literal(text, lang=language or "sv")))
    return found


def under(lower: str, upper: str) -> set[Triple]:
    return {(URIRef(PLACE + lower), SKOS.broader, URIRef(PLACE + upper))}


WOLF = concept(
    "wolf",
    prefLabel="varg",
    prefLabel_en="wolf",
    definition="Stort rovdjur som lever i flockar.",
    scopeNote_en="A large predator that lives in packs; dogs come from it.",
)
DOG = concept("dog", prefLabel="hund", altLabel="rovdjurets vän", definition="Husdjur.")


@pytest.fixture
def animals(tmp_path: Path) -> Found:
    """A wolf, which a note calls a predator, and a dog, which a name does."""
    return Found(tmp_path, WOLF | DOG)


def test_notes_are_searched_only_when_asked_for(animals: Found) -> None:
    assert animals.texts("flockar") == []
    [hit] = animals.hits("flockar", in_notes=True)
    assert (hit.concept, hit.kind) == (URIRef(f"{PLACE}wolf"), Kind.NOTE)


def test_what_is_found_in_notes_comes_after_all_names(animals: Found) -> None:
    hits = animals.hits("rovdjur", in_notes=True)
    assert [hit.concept.removeprefix(PLACE) for hit in hits] == ["dog", "wolf"]
    assert hits[0].score > hits[1].score > 0


@pytest.mark.parametrize(
    ("typed", "languages"), [("flock", ("sv",)), ("predators", ("en",)), ("packs dogs", ())]
)
def test_words_in_notes_are_found_by_their_stems(
    animals: Found, typed: str, languages: tuple[str, ...]
) -> None:
    hits = animals.hits(typed, in_notes=True, stem_languages=languages)
    assert [hit.concept.removeprefix(PLACE) for hit in hits] == ["wolf"]


def test_a_search_in_one_language_finds_notes_in_it_only(animals: Found) -> None:
    assert animals.hits("flockar", in_notes=True, language="en") == []
    assert len(animals.hits("flockar", in_notes=True, language="sv")) == 1


def test_a_note_shows_the_passage_that_was_found(animals: Found) -> None:
    hits = animals.hits("predator", in_notes=True)
    [shown] = with_passages(animals.store, hits, "predator", ["sv"])
    assert (shown.label_property, shown.language) == ("scopeNote", "en")
    assert "predator" in shown.text


def test_a_passage_of_a_long_note_is_short_and_has_the_word(tmp_path: Path) -> None:
    long = "ord " * 200 + "skidspår " + "ord " * 200
    found = Found(tmp_path, concept("a", prefLabel="a", note=long))
    hits = found.hits("skidspår", in_notes=True)
    [shown] = with_passages(found.store, hits, "skidspår", ["sv"])
    assert "skidspår" in shown.text
    assert len(shown.text) < 200


def test_a_changed_note_is_followed(tmp_path: Path) -> None:
    note: Triple = (URIRef(f"{PLACE}a"), SKOS.note, Literal("fjäll", lang="sv"))
    found = Found(tmp_path, concept("a", prefLabel="a"), {note})
    assert len(found.hits("fjäll", in_notes=True)) == 1


@pytest.fixture(params=[2_000, 2], ids=["listed", "asked about"])
def family(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Found]:
    """Dogs under mammals under animals, with a second parent; small and large sets alike."""
    monkeypatch.setattr(within, "FEW", request.param)
    parts = [concept(str(n), prefLabel=f"tax {n}") for n in range(6)]
    parts += [under("1", "0"), under("2", "1"), under("2", "5"), under("3", "2"), under("4", "3")]
    cell = URIRef(f"{PLACE}cell")
    group = URIRef(f"{PLACE}group")
    members: set[Triple] = {
        (group, RDF.type, SKOS.Collection),
        *((group, SKOS.member, URIRef(f"{PLACE}{n}")) for n in (1, 3, 4)),
        (URIRef(f"{PLACE}ordered"), SKOS.memberList, cell),
        (cell, RDF.first, URIRef(f"{PLACE}5")),
        (cell, RDF.rest, RDF.nil),
        *((URIRef(f"{PLACE}{n}"), RDF.type, OWL.Class) for n in (0, 4, 5)),
    }
    yield Found(tmp_path, set().union(*parts), members)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"under": "0"}, "1234"),
        ({"under": "5"}, "234"),
        ({"under": "4"}, ""),
        ({"group": "group"}, "134"),
        ({"group": "ordered"}, "5"),
        ({"under": "5", "group": "group"}, "34"),
    ],
)
def test_a_search_stays_among_what_is_asked_for(
    family: Found, given: dict[str, str], expected: str
) -> None:
    texts = family.texts("tax", among=family.among(**given))
    assert texts == [f"tax {n}" for n in expected]


def test_a_search_stays_among_concepts_of_a_type(family: Found) -> None:
    among = family.within.among([GRAPH], {Relation.TYPE: URIRef(OWL.Class)})
    assert family.texts("tax", among=among) == ["tax 0", "tax 4", "tax 5"]


def test_a_search_among_nothing_known_finds_nothing(family: Found) -> None:
    assert family.texts("tax", among=family.among(under="none")) == []


def test_of_equal_names_of_a_concept_the_readers_is_shown(tmp_path: Path) -> None:
    found = Found(
        tmp_path, concept("a", prefLabel_de="Klima", prefLabel="klimat", prefLabel_en="klimate")
    )
    languages = {tag: found.texts("klim", stem_languages=(tag,)) for tag in ("sv", "en", "fi")}
    assert languages == {"sv": ["klimat"], "en": ["klimate"], "fi": ["Klima"]}


def test_a_preferred_name_goes_before_an_alternative_in_the_readers_language(
    tmp_path: Path,
) -> None:
    found = Found(tmp_path, concept("a", prefLabel_de="Klima", altLabel="klimat"))
    assert found.texts("klim", stem_languages=("sv",)) == ["Klima"]


def test_an_unfinished_word_that_some_begin_with_is_not_misspelt(tmp_path: Path) -> None:
    found = Found(tmp_path, concept("a", prefLabel="skola") | concept("b", prefLabel="skolan"))
    found_all = Found(
        tmp_path / "x", concept("c", prefLabel="skala") | concept("d", prefLabel="skolan")
    )
    assert found.texts("skolx", is_unfinished=True)[:1] == ["skola"]
    assert found_all.texts("skola", is_unfinished=True) == ["skolan"]
    assert found_all.texts("skola") == ["skolan", "skala"]


@settings(max_examples=40, deadline=None)
@given(edits)
def test_cards_say_of_places_what_the_store_says(
    tmp_path_factory: pytest.TempPathFactory,
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    added = set().union(*(added for added, _ in play(edits)))
    found = Found(tmp_path_factory.mktemp("cards"), added)
    lens = Lens(found.store, GRAPH, ("sv", "en", ""), "sv")
    stored = ways(lens, CONCEPTS)
    fresh = Lens(found.store, GRAPH, ("sv", "en", ""), "sv")
    carded = found.cards.ways(fresh, CONCEPTS)
    described = found.cards.find(GRAPH, CONCEPTS)
    assert {iri: carded[iri] for iri in described} == {iri: stored[iri] for iri in described}
