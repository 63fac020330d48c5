"""Searches in real vocabularies of many scripts, and the order of what they find."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tantivy
from rdflib import Literal, URIRef

from tests.conftest import BASE, ROOT, SHARED
from vocab_server.bench.searches import SEARCHES, SOURCES, Search
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.rdf.change import Change, Triple, to_lines
from vocab_server.rdf.namespaces import OWL, RDF, SKOS
from vocab_server.search.find import Hit, Wanted, search
from vocab_server.search.index import IndexProjection
from vocab_server.search.looks import SCORES, Kind
from vocab_server.services import open_services
from vocab_server.skos.vocabularies import graph_of
from vocab_server.store.embedded import EmbeddedStore

THEMES = ROOT / "vocabularies" / "themes.ttl"
ANIMALS = URIRef("https://example.org/vocabularies/animals")
PLANTS = URIRef("https://example.org/vocabularies/plants")
LATIN = ("fi", "sv")  # the alphabet of the others is not that of scientific names
LABEL = re.compile(r'"@([a-zA-Z]+)(-[-a-zA-Z0-9]+)? \.$')


def read(vocabulary: str, directory: Path) -> Path:
    """The file of a vocabulary; of big ones only the names in languages that are asked for."""
    source = SHARED / SOURCES[vocabulary]
    if source.suffix != ".gz":
        return source
    languages = {row.language for _, row in SEARCHES if row.vocabulary == vocabulary}
    target = directory / source.name.removesuffix(".gz")
    with gzip.open(source, "rt") as lines, target.open("w") as chosen:
        chosen.writelines(line for line in lines if is_asked_for(line, languages))
    return target


def is_asked_for(line: str, languages: set[str]) -> bool:
    found = LABEL.search(line)
    if found is None:
        return True
    is_scientific = "agrovoc" in line and found[1] not in LATIN and line.isascii()
    return found[1] in languages and not is_scientific


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tantivy.Searcher]:
    """An index of the vocabularies of the table that are there."""
    work = tmp_path_factory.mktemp("searches")
    files = {"themes": THEMES}
    if SHARED.is_dir():
        files |= {vocabulary: read(vocabulary, work) for vocabulary in SOURCES}
    services = open_services(Settings(data=work / "data", base_url=BASE))
    for vocabulary, file in files.items():
        source = Source(file, file.name)
        import_file(services.writer, services.settings.base, vocabulary, source, "test")
    yield services.published.view().index
    services.close()


def identifier(case: tuple[str, Search]) -> str:
    group, row = case
    return f"{group}-{row.vocabulary}-{row.text}"


@pytest.mark.parametrize("case", SEARCHES, ids=identifier)
def test_what_people_type_finds_what_they_mean(
    index: tantivy.Searcher, case: tuple[str, Search]
) -> None:
    _, row = case
    if row.vocabulary != "themes" and not SHARED.is_dir():
        pytest.skip(f"There are no vocabularies in {SHARED}.")
    hits, _ = search(index, row.wanted(graph_of(BASE, row.vocabulary)), limit=row.within)
    assert row.rank(hits) is not None, [(hit.text, hit.kind.value) for hit in hits]


def test_the_table_is_large() -> None:
    assert len(SEARCHES) >= 120
    assert len({row.language for _, row in SEARCHES}) >= 12


def test_a_score_is_never_better_than_the_one_before(index: tantivy.Searcher) -> None:
    for _, row in SEARCHES:
        hits, _ = search(index, Wanted(row.text, stem_languages=("sv", "en")), limit=50)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True), row.text


def test_pages_together_are_the_whole(index: tantivy.Searcher) -> None:
    for text in ("a", "skol", "energi", "vatten och", "kommun"):
        whole, _ = search(index, Wanted(text), limit=40)
        pages = [search(index, Wanted(text), limit=10, offset=10 * page)[0] for page in range(4)]
        assert [hit for page in pages for hit in page] == whole


# Small vocabularies, of which every match is known.


def names(concept: str, **labels: str) -> set[Triple]:
    iri = URIRef(f"https://example.org/{concept}")
    found: set[Triple] = {(iri, RDF.type, SKOS.Concept)}
    for name, text in labels.items():
        found.add((iri, SKOS[name], Literal(text, lang="sv")))
    return found


def indexed(directory: Path, *vocabularies: tuple[URIRef, set[Triple]]) -> tantivy.Searcher:
    directory.mkdir(exist_ok=True)
    store, index = EmbeddedStore.in_memory(), IndexProjection(directory)
    for number, (graph, triples) in enumerate(vocabularies, 1):
        change = Change(graph, added=frozenset(triples))
        lines = "\n".join(to_lines(triples))
        store.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {lines} }} }}")
        index.apply(change, number, store)
    index.close()
    return tantivy.Index.open(str(directory / "index")).searcher()


def found(index: tantivy.Searcher, text: str, **values: object) -> list[Hit]:
    hits, _ = search(index, Wanted(text, **values))  # type: ignore[arg-type]
    return hits


def test_the_kinds_of_match_come_in_their_order(tmp_path: Path) -> None:
    texts = ("hund", "hundar", "en hund", "ödehund", "hind")
    parts = [names(str(number), prefLabel=text) for number, text in enumerate(texts)]
    index = indexed(tmp_path, (ANIMALS, set().union(*parts)))
    hits = found(index, "hund")
    assert [hit.text for hit in hits] == list(texts)
    assert [*(hit.kind for hit in hits), Kind.NOTE] == list(Kind) == list(SCORES)


def test_preferred_names_come_before_alternative_before_hidden_ones(tmp_path: Path) -> None:
    triples = (
        names("a", prefLabel="x", hiddenLabel="katter")
        | names("b", prefLabel="y", altLabel="katterna")
        | names("c", prefLabel="kattungarna")
    )
    hits = found(indexed(tmp_path, (ANIMALS, triples)), "katt")
    assert [hit.label_property for hit in hits] == ["prefLabel", "altLabel", "hiddenLabel"]


def test_short_names_come_before_long_ones_and_then_by_the_alphabet(tmp_path: Path) -> None:
    texts = ("fisk", "fiska", "fiskå", "fiskön", "fiskare i hav")
    triples = set().union(*(names(str(n), prefLabel=t) for n, t in enumerate(reversed(texts))))
    hits = found(indexed(tmp_path, (ANIMALS, triples)), "fisk")
    assert [hit.text for hit in hits] == list(texts)


def test_letters_as_typed_come_before_letters_without_marks(tmp_path: Path) -> None:
    triples = (
        names("a", prefLabel="å")
        | names("b", prefLabel="a")
        | names("c", prefLabel="al")
        | names("d", prefLabel="ål")
    )
    index = indexed(tmp_path, (ANIMALS, triples))
    assert [hit.text for hit in found(index, "a")] == ["a", "å", "al", "ål"]
    assert [hit.text for hit in found(index, "å")] == ["å", "a", "ål", "al"]


def test_a_concept_is_found_once_by_its_best_name(tmp_path: Path) -> None:
    triples = names("a", prefLabel="tamhund", altLabel="hund", hiddenLabel="hundar")
    (hit,) = found(indexed(tmp_path, (ANIMALS, triples)), "hund")
    assert (hit.text, hit.label_property, hit.kind) == ("hund", "altLabel", Kind.EXACT)


def test_concepts_with_many_names_leave_room_for_others(tmp_path: Path) -> None:
    crowd = {
        (URIRef("https://example.org/many"), SKOS.altLabel, Literal(f"lo{n:03}", lang="sv"))
        for n in range(200)
    }
    triples = crowd | names("many", prefLabel="lo") | names("other", hiddenLabel="lodjuren")
    hits = found(indexed(tmp_path, (ANIMALS, triples)), "lo")
    assert [hit.text for hit in hits] == ["lo", "lodjuren"]


def test_only_the_rest_of_a_long_name_tells_it_from_others(tmp_path: Path) -> None:
    begun = "andra världskriget, 1939-1945"
    many = set().union(*(names(str(n), prefLabel=f"{begun} {n:03}") for n in range(300)))
    hits = found(indexed(tmp_path, (ANIMALS, many)), f"{begun} 217")
    assert [hit.text for hit in hits] == [f"{begun} 217"]
    assert hits[0].kind == Kind.EXACT


def test_two_indexes_of_the_same_give_the_same(tmp_path: Path) -> None:
    parts = [names(str(n), prefLabel=f"vargar {n % 7}") for n in range(60)]
    one = indexed(tmp_path / "one", (ANIMALS, set().union(*parts)))
    two = indexed(tmp_path / "two", *((ANIMALS, part) for part in reversed(parts)))
    assert found(one, "varg") == found(two, "varg")
    assert found(one, "vargar 3") == found(two, "vargar 3")


@pytest.fixture
def two(tmp_path: Path) -> tantivy.Searcher:
    """Two vocabularies: of animals, one of them deprecated, and of plants."""
    deprecated = (URIRef("https://example.org/old"), OWL.deprecated, Literal(True))
    english = (URIRef("https://example.org/a"), SKOS.prefLabel, Literal("lily", lang="en-GB"))
    animals = names("a", prefLabel="lilja") | names("old", prefLabel="lilla") | {deprecated}
    return indexed(
        tmp_path, (ANIMALS, animals | {english}), (PLANTS, names("p", prefLabel="liljor"))
    )


def test_a_search_in_some_vocabularies_finds_only_theirs(two: tantivy.Searcher) -> None:
    assert [hit.graph for hit in found(two, "li", graphs=(PLANTS,))] == [PLANTS]
    assert {hit.graph for hit in found(two, "li")} == {ANIMALS, PLANTS}


def test_a_search_in_a_language_finds_its_variants_too(two: tantivy.Searcher) -> None:
    assert [hit.text for hit in found(two, "li", language="en")] == ["lily"]
    assert [hit.text for hit in found(two, "li", language="en-GB")] == ["lily"]
    assert found(two, "li", language="fi") == []


def test_deprecated_concepts_are_found_when_asked_for(two: tantivy.Searcher) -> None:
    texts = {
        wanted: {hit.text for hit in found(two, "lil", deprecated=wanted)}
        for wanted in (True, False, None)
    }
    assert texts == {
        True: {"lilla"},
        False: {"lily", "liljor"},
        None: {"lily", "lilla", "liljor"},
    }


@pytest.mark.parametrize("others", [0, 3_000], ids=["few", "many"])
def test_a_search_among_concepts_finds_no_others(two: tantivy.Searcher, others: int) -> None:
    more = {URIRef(f"https://example.org/{n}") for n in range(others)}
    among = {PLANTS: frozenset({URIRef("https://example.org/p")} | more)}
    assert [hit.text for hit in found(two, "li", among=among)] == ["liljor"]
    assert found(two, "li", among={}) == []


@pytest.mark.parametrize("text", ["", "  ", "…", "-", '"', "\\", "*", "a" * 1000, "\x00"])
def test_any_text_may_be_typed(two: tantivy.Searcher, text: str) -> None:
    assert found(two, text) == []
