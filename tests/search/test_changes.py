"""The lists of changes, kept up to date by a real log of changes."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from vocab_server.database import migrate, open_database
from vocab_server.database.log import ChangeLog
from vocab_server.rdf.change import Change, Triple
from vocab_server.rdf.dates import Span, read_date
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS
from vocab_server.search.change_lists import ChangeLists, Wanted
from vocab_server.search.changes import By, ChangesProjection, Event
from vocab_server.skos.history import Kind
from vocab_server.store.embedded import EmbeddedStore

GRAPH, OTHER = URIRef("https://example.org/g"), URIRef("https://example.org/other")
A, B, C = (URIRef(f"https://example.org/{name}") for name in "abc")
DEPRECATED = Literal(True)
STORE = EmbeddedStore.in_memory()


def day(text: str) -> Literal:
    return Literal(text, datatype=XSD.date, normalize=False)


def concept(iri: URIRef, **dates: str) -> set[Triple]:
    """A concept with dates by the name of the property."""
    return {(iri, RDF.type, SKOS.Concept), *((iri, DCT[n], day(d)) for n, d in dates.items())}


class Lists:
    """Lists that follow a log in a directory of their own."""

    def __init__(self, directory: Path) -> None:
        engine = open_database(f"sqlite:///{directory / 'log.sqlite'}")
        migrate(engine)
        self.log = ChangeLog(engine)
        self.directory = directory
        self.projection = ChangesProjection(directory)

    def change(
        self, added: Iterable[Triple] = (), removed: Iterable[Triple] = (), graph: URIRef = GRAPH
    ) -> str:
        """One change; the time at which the log has it."""
        self.log.append([Change(graph, frozenset(added), frozenset(removed))], "me", "A change")
        return self.follow(self.projection)

    def follow(self, projection: ChangesProjection) -> str:
        """Let a projection take in what the log has and it has not."""
        last = None
        for last in self.log.since(projection.position()):
            projection.apply(last, last.number, STORE)
        assert last is not None
        return last.time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def events(self, **wanted: object) -> list[Event]:
        return ChangeLists(self.directory).page(_wanted(**wanted), limit=1000)[0]

    def listed(self, **wanted: object) -> list[tuple[str, URIRef, str]]:
        """Kind, concept and date of what is found, newest first."""
        return [(event.kind, event.concept, event.date) for event in self.events(**wanted)]


def _wanted(**wanted: object) -> Wanted:
    return Wanted(**({"graphs": (GRAPH,)} | wanted))  # type: ignore[arg-type]


def within(since: str, until: str) -> Span:
    first, last = read_date(since), read_date(until)
    assert first and last
    return Span(first.start, last.end)


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)


def test_dates_come_from_the_data(lists: Lists) -> None:
    lists.change(
        concept(A, created="2020-01-02", modified="2021-03-04")
        | concept(B, issued="2019-05-06")
        | concept(C, created="2018-01-01", issued="2018-02-02", modified="2018-01-01")
    )
    assert lists.listed() == [
        ("changed", A, "2021-03-04"),
        ("new", A, "2020-01-02"),
        ("new", B, "2019-05-06"),
        ("new", C, "2018-01-01"),  # changed on the day it came: not listed twice
    ]


def test_the_first_import_of_an_undated_vocabulary_is_one_entry(lists: Lists) -> None:
    many = [URIRef(f"https://example.org/many/{number}") for number in range(3000)]
    time = lists.change({triple for iri in many for triple in concept(iri)})
    assert lists.listed() == [("imported", GRAPH, time)]
    assert lists.events()[0].concepts == 3000


def test_an_undated_concept_that_comes_later_is_new(lists: Lists) -> None:
    lists.change(concept(A))
    time = lists.change(concept(B))
    assert ("new", B, time) in lists.listed()
    assert lists.listed(kinds=(Kind.NEW,)) == [("new", B, time)]


def test_an_undated_concept_that_is_touched_has_changed(lists: Lists) -> None:
    lists.change(concept(A) | concept(B))
    time = lists.change({(A, SKOS.prefLabel, Literal("개", lang="ko"))})
    assert lists.listed(kinds=(Kind.CHANGED,)) == [("changed", A, time)]


def test_a_change_that_leaves_the_date_of_the_data_counts_itself(lists: Lists) -> None:
    lists.change(concept(A, created="2020-01-02", modified="2021-03-04"))
    time = lists.change({(A, SKOS.altLabel, Literal("hound"))})
    assert lists.listed(kinds=(Kind.CHANGED,)) == [("changed", A, time)]
    lists.change({(A, DCT.modified, day("2022-01-01"))}, {(A, DCT.modified, day("2021-03-04"))})
    assert lists.listed(kinds=(Kind.CHANGED,)) == [("changed", A, "2022-01-01")]


def test_a_deprecated_concept_is_dated_by_its_data_or_by_the_change(lists: Lists) -> None:
    lists.change(
        concept(A, created="2020-01-02", modified="2021-03-04")
        | {(A, OWL.deprecated, DEPRECATED)}
        | concept(B)
        | concept(C)
        | {(C, OWL.deprecated, DEPRECATED)}
    )
    time = lists.change({(B, OWL.deprecated, DEPRECATED)})
    found = lists.listed(kinds=(Kind.DEPRECATED, Kind.CHANGED))
    assert found == [("deprecated", B, time), ("deprecated", A, "2021-03-04")]
    lists.change((), {(B, OWL.deprecated, DEPRECATED)})
    assert [event.kind for event in lists.events() if event.concept == B] == ["changed"]


def test_what_is_removed_is_listed_until_it_comes_back(lists: Lists) -> None:
    lists.change(concept(A, created="2020-01-02") | concept(B))
    time = lists.change((), concept(A, created="2020-01-02"))
    assert lists.listed(kinds=(Kind.REMOVED, Kind.NEW)) == [("removed", A, time)]
    lists.change(concept(A))
    assert [event.kind for event in lists.events() if event.concept == A] == ["new"]


def test_unreadable_dates_do_not_count(lists: Lists) -> None:
    odd = {
        (A, DCT.created, Literal("yesterday")),
        (A, DCT.created, URIRef("https://example.org/when")),
        (A, DCT.modified, Literal("9" * 50)),
        (A, DCT.modified, Literal("\x00\u2028", lang="ar")),
    }
    lists.change(concept(A) | odd)
    assert [event.kind for event in lists.events()] == ["imported"]


def test_a_collection_and_a_label_are_no_concepts(lists: Lists) -> None:
    lists.change({(A, RDF.type, SKOS.Collection), (A, DCT.created, day("2020-01-01"))})
    assert lists.listed() == []


def test_a_period_begins_and_ends_on_its_day(lists: Lists) -> None:
    days = ("2020-01-31", "2020-02-01", "2020-02-15", "2020-02-29", "2020-03-01")
    for number, text in enumerate(days):
        lists.change(concept(URIRef(f"https://example.org/{number}"), created=text))

    def dates(since: str, until: str) -> list[str]:
        page, total = ChangeLists(lists.directory).page(
            _wanted(within=within(since, until)), limit=10
        )
        assert total == len(page)
        return [event.date for event in page]

    assert dates("2020-02", "2020-02") == ["2020-02-29", "2020-02-15", "2020-02-01"]
    assert dates("2020-02-02", "2020-02-29") == ["2020-02-29", "2020-02-15"]
    assert dates("2020-02-15", "2020-02-15") == ["2020-02-15"]
    assert dates("2020-02-16", "2020-02-28") == []
    assert dates("2020", "2020") == list(reversed(days))


def test_pages_together_are_the_whole_list(lists: Lists) -> None:
    triples = set[Triple]()
    for number in range(90):
        iri = URIRef(f"https://example.org/{number}")
        triples |= concept(iri, created=f"20{10 + number % 7}-0{1 + number % 9}-01")
    lists.change(triples)
    whole = lists.listed()
    assert len(whole) == 90
    opened = ChangeLists(lists.directory)
    pages = [opened.page(_wanted(), limit=7, offset=offset) for offset in range(0, 98, 7)]
    assert {total for _, total in pages} == {90}
    assert [(e.kind, e.concept, e.date) for page, _ in pages for e in page] == whole
    assert [date for _, _, date in whole] == sorted((date for _, _, date in whole), reverse=True)


def test_what_comes_in_late_is_noted_when_it_came(lists: Lists) -> None:
    lists.change(concept(A, created="2020-01-02"))
    time = lists.change(concept(B, created="2019-01-01"))
    found = lists.events(by=By.NOTED)
    assert [(event.concept, event.noted) for event in found] == [(B, time), (A, "2020-01-02")]
    assert [event.concept for event in lists.events()] == [A, B]


def test_a_date_to_come_is_noted_now(lists: Lists) -> None:
    time = lists.change(concept(A, created="2999-01-01"))
    assert [(event.date, event.noted) for event in lists.events()] == [("2999-01-01", time)]


def test_graphs_are_listed_apart_and_together(lists: Lists) -> None:
    lists.change(concept(A, created="2020-01-02"))
    lists.change(concept(A, created="2021-01-02"), graph=OTHER)
    assert lists.listed() == [("new", A, "2020-01-02")]
    assert [date for *_, date in lists.listed(graphs=(GRAPH, OTHER))] == [
        "2021-01-02",
        "2020-01-02",
    ]


TRIPLES = st.sets(
    st.one_of(
        st.tuples(st.sampled_from([A, B]), st.just(RDF.type), st.just(SKOS.Concept)),
        st.tuples(
            st.sampled_from([A, B]),
            st.sampled_from([DCT.created, DCT.modified, DCT.issued]),
            st.sampled_from([day("2020-01-01"), day("2021-01-01"), Literal("2020-06")]),
        ),
        st.tuples(st.sampled_from([A, B]), st.just(OWL.deprecated), st.just(DEPRECATED)),
        st.tuples(st.sampled_from([A, B]), st.just(SKOS.prefLabel), st.just(Literal("x"))),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(TRIPLES, min_size=1, max_size=5))
def test_made_anew_from_the_log_the_lists_are_the_same(states: list[set[Triple]]) -> None:
    with TemporaryDirectory() as name:
        lists = Lists(Path(name))
        before: set[Triple] = set()
        for state in states:
            lists.change(state - before, before - state)
            before = state
        fresh = Path(name) / "fresh"
        fresh.mkdir()
        lists.follow(ChangesProjection(fresh))
        for by in By:
            wanted = _wanted(by=by)
            found = ChangeLists(fresh).page(wanted, limit=100)
            assert found == ChangeLists(lists.directory).page(wanted, limit=100)
            assert found[1] == len(found[0])


def test_a_change_that_is_held_already_does_no_harm(lists: Lists) -> None:
    lists.change(concept(A))
    before = lists.listed()
    (change,) = lists.log.since(0)
    lists.projection.apply(change, change.number, STORE)
    assert lists.listed() == before


def test_a_damaged_index_and_one_of_another_version_are_made_anew(lists: Lists) -> None:
    lists.change(concept(A))
    meta = lists.directory / "changes" / "meta.json"
    meta.write_text("{")
    assert ChangesProjection(lists.directory).position() == 0


class _Counting:
    """A searcher that counts what is asked of it."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher, self.asked = searcher, 0

    def search(self, *args: object, **options: object) -> object:
        self.asked += 1
        return self.searcher.search(*args, **options)  # type: ignore[arg-type]

    def doc(self, address: tantivy.DocAddress) -> tantivy.Document:
        self.asked += 1
        return self.searcher.doc(address)


@pytest.mark.parametrize("size", [100, 10_000])
def test_a_page_asks_the_same_of_a_vocabulary_of_any_size(lists: Lists, size: int) -> None:
    triples = set[Triple]()
    for number in range(size):
        text = f"{1990 + number % 30}-{1 + number % 12:02}-{1 + number % 28:02}"
        triples |= concept(URIRef(f"https://example.org/{number}"), created=text)
    lists.change(triples)
    opened = ChangeLists(lists.directory)
    counting = _Counting(opened._searcher)
    opened._searcher = counting  # type: ignore[assignment]
    period = within("1995-03-05", "2015-02-07")
    for offset in (0, 30):
        counting.asked = 0
        page, _ = opened.page(_wanted(within=period), limit=10, offset=offset)
        assert len(page) == 10
        assert counting.asked <= 13  # the page, the two months at its ends, ten documents
