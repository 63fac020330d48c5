"""Which changes speak of which resource, and what was said of it back then, by a real log."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from vocab_server.database import migrate, open_database
from vocab_server.database.log import ChangeLog
from vocab_server.errors import StoreUnavailableError, TooLargeError
from vocab_server.past import taken_back
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.search import histories as module
from vocab_server.search.histories import Histories, HistoriesProjection
from vocab_server.store.embedded import EmbeddedStore

GRAPH, OTHER = URIRef("https://example.org/g"), URIRef("https://example.org/other")
A, B, C = (URIRef(f"https://example.org/{name}") for name in "abc")
STORE = EmbeddedStore.in_memory()


def concept(iri: URIRef) -> Triple:
    return iri, RDF.type, SKOS.Concept


class Past:
    """An index that follows a log in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        engine = open_database(f"sqlite:///{directory / 'log.sqlite'}")
        migrate(engine)
        self.log = ChangeLog(engine)
        self.directory = directory
        self.projection = HistoriesProjection(directory)

    def change(
        self, added: Iterable[Triple] = (), removed: Iterable[Triple] = (), graph: URIRef = GRAPH
    ) -> None:
        self.log.append([Change(graph, frozenset(added), frozenset(removed))], "me", "A change")
        self.follow(self.projection)

    def follow(self, projection: HistoriesProjection) -> None:
        """Let a projection take in what the log has and it has not."""
        for each in self.log.since(projection.position()):
            projection.apply(each, each.number, STORE)

    def numbers(self, resource: URIRef, graph: URIRef = GRAPH) -> list[int]:
        return Histories(self.directory).page(graph, resource, limit=100)[0]


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path)


def test_a_resource_has_the_changes_that_name_it_newest_first(past: Past) -> None:
    past.change([concept(A)])
    past.change([concept(B), (B, SKOS.broader, A)])
    past.change([(B, SKOS.prefLabel, Literal("b", lang="en"))])
    past.change([concept(A)], graph=OTHER)
    assert past.numbers(A) == [2, 1]
    assert past.numbers(B) == [3, 2]
    assert past.numbers(A, OTHER) == [4]
    assert past.numbers(C) == []


def test_a_history_comes_in_pages(past: Past) -> None:
    for number in range(7):
        past.change([(A, SKOS.altLabel, Literal(str(number)))])
    found = Histories(past.directory)
    assert found.page(GRAPH, A, limit=2, offset=2) == ([5, 4], 7)
    assert found.page(GRAPH, A, limit=2, offset=8) == ([], 7)
    assert found.page(GRAPH, A, limit=2, until=3) == ([3, 2], 3)
    assert found.after(GRAPH, A, 4, limit=2) == [5, 6]
    assert found.first(GRAPH, A) == 1


def test_it_is_known_at_which_changes_a_concept_was_there(past: Past) -> None:
    past.change([concept(B)])
    past.change([concept(A)])
    past.change([(A, SKOS.altLabel, Literal("a"))])
    past.change(removed=[concept(A), (A, SKOS.altLabel, Literal("a"))])
    past.change([(A, RDF.type, SKOS.Collection)])
    assert Histories(past.directory).there_at(GRAPH, A, range(1, 7)) == {2, 3, 5, 6}


def test_what_a_dead_process_left_undone_is_caught_up(past: Past) -> None:
    past.change([concept(A)])
    past.projection.close()
    past.log.append([Change(GRAPH, frozenset([concept(B)]))], "me", "Not taken in")
    again = HistoriesProjection(past.directory)
    assert again.position() == 1
    past.follow(again)
    assert past.numbers(B) == [2]


def test_to_take_a_change_in_again_does_no_harm(past: Past) -> None:
    past.change([concept(A)])
    past.projection.apply(past.log.get(1), 1, STORE)
    assert past.numbers(A) == [1]


def test_documents_of_another_version_are_made_anew(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.change([concept(A)])
    past.projection.close()
    monkeypatch.setattr(module, "MARK", "reached 0")
    with pytest.raises(StoreUnavailableError, match="rebuild"):
        Histories(past.directory)
    again = HistoriesProjection(past.directory)
    assert again.position() == 0
    past.follow(again)
    assert past.numbers(A) == [1]


def test_a_change_that_was_never_logged_has_no_history(past: Past) -> None:
    with pytest.raises(TypeError, match="never logged"):
        past.projection.apply(Change(GRAPH), 1, STORE)


TERMS = [A, B, C]
TRIPLES = st.one_of(
    st.tuples(st.sampled_from(TERMS), st.just(SKOS.broader), st.sampled_from(TERMS)),
    st.tuples(
        st.sampled_from(TERMS),
        st.just(SKOS.altLabel),
        st.sampled_from([Literal("x"), Literal(f"<{A}> .", lang="en"), Literal(f'"\n<{B}>')]),
    ),
    st.sampled_from([concept(term) for term in TERMS]),
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.sets(TRIPLES, max_size=8), min_size=1, max_size=6))
def test_a_state_made_from_the_present_is_the_state_that_was(states: list[set[Triple]]) -> None:
    with TemporaryDirectory() as directory:
        past = Past(Path(directory))
        were, before = [set[Triple]()], set[Triple]()
        for after in states:
            if after != before:
                past.change(after - before, before - after)
                were.append(after)
            before = after
        found, last = Histories(past.directory) if len(were) > 1 else None, len(were) - 1
        for number, were_then in enumerate(were if found else ()):
            for resource in TERMS:
                own, now = (
                    {triple for triple in some if resource in (triple[0], triple[2])}
                    for some in (were_then, before)
                )
                span = number, last
                made = taken_back(found, past.log.block, GRAPH, resource, now, span)  # type: ignore[arg-type]
                assert made == own


def test_a_past_that_is_too_long_to_be_read_is_refused(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        past.change([(A, SKOS.altLabel, Literal(str(number)))])
    monkeypatch.setattr("vocab_server.past.READ", 1)
    with pytest.raises(TooLargeError, match="Too much happened"):
        taken_back(Histories(past.directory), past.log.block, GRAPH, A, (), (0, 3))
