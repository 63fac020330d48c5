from collections.abc import Iterator
from pathlib import Path

import pytest
import tantivy
from rdflib import URIRef

from vocab_server.rdf.languages import order
from vocab_server.search.entries import NOTATION, PREFERRED, Entry, Name
from vocab_server.search.index import empty_index, fill
from vocab_server.search.lists import NEAR, count_level, list_level

GRAPH = URIRef("https://example.org/vocabularies/places")
TOP = URIRef("https://example.org/places/0")
LONG = "The municipal district office of the town of"  # more than the numbers hold
SWEDISH = ("ö", "ä", "å", "z", "Z", "", "stad", "stadens hus", LONG)
LANGUAGES = {
    "sv": lambda n: f"{SWEDISH[n % 9]} {n * 7 % 1_000:03}",
    "zh": lambda n: f"{['北京', '上海', '广州'][n % 3]}{n}",
    "he": lambda n: "אבגד"[n % 4] * (1 + n % 5),  # many are the same
}
CONCEPTS = 3 * NEAR


def entry_of(number: int) -> tuple[str, Entry]:
    """A concept under the top; every third has no name in Swedish."""
    names = {
        Name(PREFERRED, tag, name(number))
        for tag, name in LANGUAGES.items()
        if tag != "sv" or number % 3
    }
    names.add(Name(NOTATION, "", f"{number % 40}.{number}"))
    return f"https://example.org/places/{number}", Entry(names, {str(TOP)})


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tantivy.Searcher]:
    made = empty_index(Path(tmp_path_factory.mktemp("index")))
    entries = [(str(TOP), Entry()), *map(entry_of, range(1, CONCEPTS + 1))]
    for part in (entries[:700], entries[700:]):  # so that there are two segments
        fill(made, GRAPH, {iri for iri, _ in part}, part)
    made.reload()
    yield made.searcher()


def pages(index: tantivy.Searcher, language: str, limit: int, **how: bool) -> list[URIRef]:
    return [
        concept
        for offset in range(0, CONCEPTS + limit, limit)
        for concept in list_level(index, GRAPH, TOP, language, limit=limit, offset=offset, **how)
    ]


@pytest.mark.parametrize("limit", [97, NEAR + 50])
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_pages_deep_in_a_list_go_on_in_order(
    index: tantivy.Searcher, language: str, limit: int
) -> None:
    found = pages(index, language, limit)
    assert len(found) == len(set(found)) == count_level(index, GRAPH, TOP) == CONCEPTS
    numbers = [int(concept.rpartition("/")[2]) for concept in found]
    named = [n for n in numbers if language != "sv" or n % 3]
    assert numbers[: len(named)] == named  # first those with a name in the language
    keys = [order(LANGUAGES[language](n), language) for n in named]
    assert keys == sorted(keys)


def test_pages_deep_in_a_list_by_notation_go_on_in_order(index: tantivy.Searcher) -> None:
    numbers = [int(c.rpartition("/")[2]) for c in pages(index, "sv", 97, by_notation=True)]
    assert numbers == sorted(range(1, CONCEPTS + 1), key=lambda n: (n % 40, n))
