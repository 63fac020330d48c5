"""Suggestions learn from datasets that are tagged: of the same words, and never what has ended."""

from collections.abc import Iterator

import pytest
from flask import Flask
from rdflib import URIRef

from tests.cataloguing import CATALOG, HARBOUR, TOPIC, make_harbour, read_catalog, read_vocabulary
from tests.cataloguing import TOPICS as TOPIC_FILE
from tests.people import services_of
from vocab_server.database.suggestion_answers import Answers
from vocab_server.rdf.languages import Label
from vocab_server.search.described import Described, Match, Part
from vocab_server.search.learning import learned_from
from vocab_server.search.mentions import Source
from vocab_server.search.suggesting import Suggestion, suggest

# Nothing in these words is a name of a concept; the tags are what is known of them.
LIKE = """<https://harbour.example/{n}> a dcat:Dataset ;
    dct:title "Quay occupancy per week {n}"@en ;
    dct:publisher <{publisher}> ; dcat:theme topic:{theme} .
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("learning")
    made = make_harbour(folder)
    office = f"{HARBOUR}office"
    more = "".join(LIKE.format(n=n, theme="boats", publisher=office) for n in range(3))
    more += LIKE.format(n=9, theme="traffic", publisher="https://other.example/")
    read_catalog(services_of(made), folder, "harbour", CATALOG + more)
    yield made
    services_of(made).close()


def suggestions(app: Flask, title: str, without: tuple[str, ...] = ()) -> list[Suggestion]:
    view = services_of(app).published.view()
    source = Source(
        view.index, view.cards, (), ("en",), view.datasets, without_publishers=frozenset(without)
    )
    return suggest(source, Described(title=title, language="en"), 5)


def test_words_lead_to_what_datasets_with_them_have(app: Flask) -> None:
    first, second = suggestions(app, "Occupancy of the quay")
    assert (str(first.concept), str(second.concept)) == (f"{TOPIC}boats", f"{TOPIC}traffic")
    (reason,) = first.reasons
    assert (reason.match, reason.part) == (Match.TAGGED, Part.DATASETS)
    assert reason.text == "occupancy quay" and reason.label.text.startswith("Quay occupancy")
    assert first.score > second.score


def test_one_publisher_can_be_left_out(app: Flask) -> None:
    (only,) = suggestions(app, "Occupancy of the quay", (f"{HARBOUR}office",))
    assert str(only.concept) == f"{TOPIC}traffic"


def test_a_single_word_in_common_teaches_nothing(app: Flask) -> None:
    assert suggestions(app, "Occupancy") == []
    assert suggestions(app, "Occupancy of the moon") == []
    searcher = services_of(app).published.view().datasets.searcher
    assert learned_from(searcher, ["moon"], "quay") == {}


def test_a_concept_that_has_ended_is_not_learned(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("ended")
    ended = ":boats <http://www.w3.org/2002/07/owl#deprecated> true .\n"
    read_vocabulary(services_of(app), folder, "topics", TOPIC_FILE + ended)
    found = [str(each.concept) for each in suggestions(app, "Occupancy of the quay")]
    read_vocabulary(services_of(app), folder, "topics", TOPIC_FILE)
    assert found == [f"{TOPIC}traffic"]


OFTEN = "".join(
    LIKE.format(n=n, theme="fishing", publisher="https://many.example/") for n in range(20, 26)
)


def test_what_many_datasets_have_comes_last_and_never_alone(
    app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("often")
    read_catalog(services_of(app), folder, "often", CATALOG.split(":catalog a")[0] + OFTEN)
    found = suggestions(app, "Bathing in the moonlight")
    first, *_, last = found
    assert (str(first.concept), str(last.concept)) == (f"{TOPIC}bathing", f"{TOPIC}fishing")
    (reason,) = last.reasons
    assert (reason.match, reason.part) == (Match.USUAL, Part.DATASETS)
    assert reason.label == Label("fishing", "en")
    having, of = map(int, reason.text.split("/"))
    assert having >= 6 and of > having
    assert last.score < first.score
    assert suggestions(app, "Moonlight") == []


def test_peers_count_more_than_others(app: Flask) -> None:
    view = services_of(app).published.view()
    harbour = frozenset({view.catalog("harbour").graph})
    title = Described(title="Occupancy of the quay", language="en")
    alike = Source(view.index, view.cards, (), ("en",), view.datasets, peers=harbour)
    others = Source(view.index, view.cards, (), ("en",), view.datasets)
    boats = URIRef(f"{TOPIC}boats")
    by_peers = {found.concept: found.score for found in suggest(alike, title, 5)}
    by_all = {found.concept: found.score for found in suggest(others, title, 5)}
    assert by_peers[boats] > by_all[boats]


def test_answers_count_for_the_words_that_led_to_them_and_within_bounds(app: Flask) -> None:
    view = services_of(app).published.view()
    title = Described(title="Bathing and fishing", language="en")

    def scores(told: dict[tuple[str, str], Answers]) -> dict[str, int]:
        source = Source(view.index, view.cards, (), ("en",), view.datasets, answers=lambda _: told)
        return {str(each.concept): each.score for each in suggest(source, title, 5)}

    fishing, bathing = f"{TOPIC}fishing", f"{TOPIC}bathing"
    plain = scores({})
    no = scores({(fishing, "fishing"): Answers(0, 1_000)})
    yes = scores({(fishing, "fishing"): Answers(1_000, 0)})
    assert plain[fishing] / 2 - 1 <= no[fishing] < plain[fishing] < yes[fishing] <= 100
    assert no[bathing] == plain[bathing] == yes[bathing]
    assert scores({(fishing, "angling"): Answers(0, 1_000)}) == plain
