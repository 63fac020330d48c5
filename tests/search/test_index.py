from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import tantivy
from hypothesis import given, settings
from rdflib import Literal, URIRef

from tests.strategies import CONCEPTS, LANGUAGES, PLACE, SCHEME, edits, play
from vocab_server.rdf.change import Change, Patch, Triple, to_lines
from vocab_server.rdf.languages import initial, initials
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS, SKOSXL
from vocab_server.search import index
from vocab_server.search.entries import Entry, read_entries
from vocab_server.search.index import FEW, IndexProjection
from vocab_server.search.lists import count_level, count_names, letters, list_level, list_names
from vocab_server.search.places import ORPHAN, STATED_TOP, member_of, top_of
from vocab_server.store.embedded import EmbeddedStore

GRAPH = URIRef("https://example.org/vocabularies/animals")
PADDING = frozenset((URIRef(f"urn:{n}"), SKOS.note, Literal("")) for n in range(FEW + 1))
A, B, C, D, E = CONCEPTS
FORM = URIRef(f"{PLACE}label-0")
FLAGS = (STATED_TOP, ORPHAN, top_of(SCHEME), *map(member_of, CONCEPTS))
NONE: frozenset[Triple] = frozenset()


class Indexed:
    """A store in memory and its index, which follow changes as a writer makes them follow."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.store = EmbeddedStore.in_memory()
        self.index = IndexProjection(directory)
        self.number = 0

    def change(self, added: Iterable[Triple] = (), removed: Iterable[Triple] = ()) -> None:
        """One change, in the store and then in the index."""
        self.put(added, removed)
        self.note(Change(GRAPH, frozenset(added), frozenset(removed)))

    def put(self, added: Iterable[Triple], removed: Iterable[Triple] = ()) -> None:
        """A change that the index does not hear of, yet."""
        for verb, triples in (("DELETE", removed), ("INSERT", added)):
            lines = "\n".join(to_lines(triples))
            self.store.update(f"{verb} DATA {{ GRAPH <{GRAPH}> {{ {lines} }} }}")

    def note(self, patch: Patch) -> None:
        """Let the index follow a change that the store already holds."""
        self.number += 1
        self.index.apply(patch, self.number, self.store)

    def lists(self) -> dict[str, object]:
        """All that the index answers."""
        return answers(tantivy.Index.open(str(self.directory / "index")).searcher())

    def anew(self) -> dict[str, object]:
        """All that an index answers that is made from the whole graph at once."""
        with TemporaryDirectory() as directory:
            fresh = Indexed(Path(directory))
            fresh.store = self.store
            fresh.note(Change(GRAPH, PADDING))
            return fresh.lists()

    def expected(self) -> dict[str, object]:
        """What it should answer."""
        dumped = self.directory / "dump.nt"
        self.store.dump(GRAPH, dumped)
        return expectations(dumped.read_bytes().split(b"\n")[:-1])


def answers(index: tantivy.Searcher) -> dict[str, object]:
    return {
        "letters": {tag: letters(index, GRAPH, tag) for tag in LANGUAGES},
        "names": {
            (tag, letter): sorted(
                (str(n.concept), n.property, n.text)
                for n in list_names(index, GRAPH, tag, letter, limit=100, offset=0)[0]
            )
            for tag in LANGUAGES
            for letter in letters(index, GRAPH, tag)
        },
        "named": {tag: count_names(index, GRAPH, tag) for tag in LANGUAGES},
        "levels": {
            (parent, tag): sorted(map(str, list_level(index, GRAPH, parent, tag, limit=100)))
            for parent in (None, *CONCEPTS)
            for tag in LANGUAGES
        },
        "sizes": {parent: count_level(index, GRAPH, parent) for parent in (None, *CONCEPTS)},
        "flagged": {
            flag: sorted(map(str, list_level(index, GRAPH, None, "en", limit=100, flag=flag)))
            for flag in FLAGS
        },
    }


def expectations(lines: list[bytes]) -> dict[str, object]:
    entries = dict(read_entries(lines))
    current = {iri: entry for iri, entry in entries.items() if not entry.is_deprecated}
    listed = [
        ((name.language, initial(name.text, name.language)), (iri, name.property, name.text))
        for iri, entry in current.items()
        for name in entry.names
        if name.language in LANGUAGES and name.property != "notation"
    ]
    shelves = {shelf: sorted(n for s, n in listed if s == shelf) for shelf, _ in listed}
    preferred = [
        {name.language for name in entry.names if name.property == "prefLabel"}
        for entry in entries.values()
    ]
    levels = {
        parent: sorted(iri for iri, entry in current.items() if below(entry.parents, parent))
        for parent in (None, *CONCEPTS)
    }
    return {
        "letters": {
            tag: {x: len(shelves[tag, x]) for x in initials(tag) if (tag, x) in shelves}
            for tag in LANGUAGES
        },
        "names": shelves,
        "named": {tag: sum(tag in tags for tags in preferred) for tag in LANGUAGES},
        "levels": {(parent, tag): levels[parent] for parent in levels for tag in LANGUAGES},
        "sizes": {parent: len(found) for parent, found in levels.items()},
        "flagged": {
            flag: sorted(iri for iri, entry in current.items() if flag in stands(entry))
            for flag in FLAGS
        },
    }


def stands(entry: Entry) -> set[str]:
    places = {member_of(group) for group in entry.groups} | {top_of(s) for s in entry.top_of}
    if entry.top_of:
        return places | {STATED_TOP}
    return places if entry.parents else places | {ORPHAN}


def below(parents: set[str], parent: URIRef | None) -> bool:
    return not parents if parent is None else str(parent) in parents


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    """An empty store with its index."""
    made = Indexed(tmp_path)
    yield made
    made.index.close()


@settings(max_examples=80, deadline=None)
@given(edits)
def test_small_changes_leave_the_index_as_if_made_anew(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    with TemporaryDirectory() as directory:
        indexed = Indexed(Path(directory))
        for added, removed in play(edits):
            indexed.change(added, removed)
            assert indexed.lists() == indexed.expected()
        indexed.index.close()


@settings(max_examples=20, deadline=None)
@given(edits)
def test_an_index_that_lags_behind_the_store_catches_up(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    with TemporaryDirectory() as directory:
        indexed = Indexed(Path(directory))
        made = list(play(edits))
        indexed.change(*made[0])
        for added, removed in made[1:]:
            indexed.put(added, removed)
        for added, removed in made[1:]:
            indexed.note(Change(GRAPH, added, removed))
        assert indexed.lists() == indexed.expected()
        indexed.index.close()


@settings(max_examples=10, deadline=None)
@given(edits)
def test_small_and_big_changes_by_turns_leave_it_as_if_made_anew(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    with TemporaryDirectory() as directory:
        indexed = Indexed(Path(directory))
        for place, (added, removed) in enumerate(play(edits)):
            indexed.put(added, removed)
            indexed.note(Change(GRAPH, added | (NONE, PADDING)[place % 2], removed))
        assert indexed.lists() == indexed.anew() == indexed.expected()
        indexed.index.close()


def label(concept: URIRef, text: str, language: str | None = "en") -> Triple:
    return concept, SKOS.prefLabel, Literal(text, lang=language)


# What is there, what comes, what goes: each once left something stale or stopped the writer.
FAULTS: dict[str, tuple[set[Triple], set[Triple], set[Triple]]] = {
    "a parent comes to be described": ({(A, SKOS.broader, B)}, {label(B, "b")}, set()),
    "a parent is no longer described": (
        {(A, SKOS.broader, B), label(B, "b")},
        set(),
        {label(B, "b")},
    ),
    "a described parent is no concept": (
        {(B, SKOS.note, Literal("x"))},
        {(A, SKOS.broader, B), (B, SKOS.note, Literal("y"))},
        set(),
    ),
    "nothing describes what is broader": (set(), {(A, SKOS.broader, B), label(C, "c")}, set()),
    "a parent is described when one comes under it": (
        {(A, SKOS.broader, B), label(C, "c")},
        {(C, SKOS.broader, B), (B, DCT.modified, Literal("2026"))},
        set(),
    ),
    "a SKOS-XL label loses its text": (
        {(A, SKOSXL.prefLabel, FORM), (FORM, SKOSXL.literalForm, Literal("a"))},
        set(),
        {(FORM, SKOSXL.literalForm, Literal("a"))},
    ),
    "a text comes after its SKOS-XL label": (
        {(A, SKOSXL.altLabel, FORM), label(A, "a")},
        {(FORM, SKOSXL.literalForm, Literal("a2"))},
        set(),
    ),
    "a text has line ends that Python splits at": (
        {label(A, "a")},
        {label(A, "x\u2028y\x85z\x0b\x0c\x1c")},
        set(),
    ),
    "a narrower concept is a text": (
        {label(A, "a")},
        {(A, SKOS.narrower, Literal("b c", lang="en")), (A, SKOS.broader, Literal("d"))},
        set(),
    ),
    "a label is an IRI": ({label(A, "a")}, {(A, SKOS.prefLabel, B)}, set()),
    "a concept is both deprecated and not": (
        {label(A, "a")},
        {(A, OWL.deprecated, Literal(True)), (A, OWL.deprecated, Literal(False))},
        set(),
    ),
    "a concept is typed as something else": ({label(A, "a")}, {(A, RDF.type, OWL.Class)}, set()),
    "a scheme gets a top concept by name only": (
        {label(A, "a")},
        {(SCHEME, SKOS.hasTopConcept, B)},
        set(),
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_change_is_followed_to_all_that_it_alters(indexed: Indexed, case: str) -> None:
    before, added, removed = FAULTS[case]
    indexed.change(before)
    indexed.change(added, removed)
    assert indexed.lists() == indexed.expected()
    assert indexed.lists() == indexed.anew()


def test_a_big_change_does_not_hide_what_was_there(indexed: Indexed) -> None:
    indexed.change({(FORM, SKOSXL.literalForm, Literal("mouse", lang="en"))})
    big = {(URIRef(f"urn:c{n}"), RDF.type, SKOS.Concept) for n in range(FEW + 1)}
    indexed.change(big | {(A, RDF.type, SKOS.Concept), (A, SKOSXL.prefLabel, FORM)})
    assert letters(searcher(indexed), GRAPH, "en") == {"M": 1}


def test_two_big_changes_one_after_the_other_are_both_in(indexed: Indexed) -> None:
    for name in "ab":
        indexed.change({(URIRef(f"urn:{name}{n}"), RDF.type, SKOS.Concept) for n in range(FEW + 1)})
    assert count_level(searcher(indexed), GRAPH, None) == 2 * (FEW + 1)


def test_of_a_big_graph_a_part_is_looked_up_in_parts(
    indexed: Indexed, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed.change({label(concept, concept[-1]) for concept in CONCEPTS})
    for name, value in (("FEW", 1), ("SHARE", 1), ("ASKED", 2)):
        monkeypatch.setattr(index, name, value)
    changed = {label(concept, f"{concept[-1]} too") for concept in (A, B, C)}
    indexed.change({(A, SKOS.broader, B), (D, SKOS.broader, A), *changed})
    assert indexed.lists() == indexed.expected()
    assert indexed.lists() == indexed.anew()


MODIFIED = (A, DCT.modified, Literal("2026-01-02"))
BESIDE: dict[str, tuple[set[Triple], set[Triple], int]] = {
    "it gets a name": ({label(A, "b", "sv")}, set(), 1500),
    "one comes under it": ({MODIFIED, (B, SKOS.broader, A)}, set(), 1501),
    "one is named under it": ({(A, SKOS.narrower, B)}, set(), 1501),
    "one leaves it": ({MODIFIED}, {(URIRef("urn:7"), SKOS.broader, A)}, 1499),
    "only its date is new": ({MODIFIED}, set(), 1500),
}


@pytest.mark.parametrize("case", BESIDE)
def test_a_parent_of_many_does_not_have_them_indexed_again(indexed: Indexed, case: str) -> None:
    added, removed, size = BESIDE[case]
    indexed.change({label(A, "a"), *((URIRef(f"urn:{n}"), SKOS.broader, A) for n in range(1500))})
    files = set((indexed.directory / "index").glob("*.term"))
    indexed.change(added, removed)
    new = set((indexed.directory / "index").glob("*.term")) - files
    assert sum(file.stat().st_size for file in new) < 5_000
    assert indexed.lists()["sizes"][A] == size
    assert indexed.lists()["sizes"] == indexed.anew()["sizes"]


def searcher(indexed: Indexed) -> tantivy.Searcher:
    return tantivy.Index.open(str(indexed.directory / "index")).searcher()


# What somebody did to the files of an index while nobody had it open.
DAMAGES = {
    "meta.json is empty": lambda path: (path / "meta.json").write_text(""),
    "meta.json is gone": lambda path: (path / "meta.json").unlink(),
    "position is empty": lambda path: (path / "position").write_text(""),
    "position is gone": lambda path: (path / "position").unlink(),
    "segments are gone": lambda path: [file.unlink() for file in path.glob("*.term")],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_begun_anew(indexed: Indexed, damage: str) -> None:
    indexed.change({label(A, "a")})
    indexed.index.close()
    DAMAGES[damage](indexed.directory / "index")
    indexed.index = IndexProjection(indexed.directory)
    assert indexed.index.position() == 0
    indexed.note(Change(GRAPH, frozenset({label(A, "a")})))
    assert indexed.lists() == indexed.expected()


def test_files_of_a_process_that_died_in_a_commit_are_not_in_the_way(indexed: Indexed) -> None:
    indexed.change({label(A, "a"), label(B, "b")})
    last = [indexed.directory / "index" / name for name in ("meta.json", "position")]
    before = [file.read_text() for file in last]
    indexed.change({label(A, "a2")})
    for file, text in zip(last, before, strict=True):  # what a commit writes in the end
        file.write_text(text)
    indexed.index = IndexProjection(indexed.directory)
    assert indexed.index.position() == 1
    indexed.note(Change(GRAPH, frozenset({label(A, "a2")})))
    assert indexed.lists() == indexed.expected()


def test_names_are_listed_in_the_order_of_their_language(indexed: Indexed) -> None:
    words = ["älg", "ål", "zebra", "öl", "apa"]
    indexed.change(
        {label(concept, word, "sv") for concept, word in zip(CONCEPTS, words, strict=True)}
    )
    assert letters(searcher(indexed), GRAPH, "sv") == {"A": 1, "Z": 1, "Å": 1, "Ä": 1, "Ö": 1}
    found = list_level(searcher(indexed), GRAPH, None, "sv", limit=10)
    assert [words[CONCEPTS.index(concept)] for concept in found] == [
        "apa",
        "zebra",
        "ål",
        "älg",
        "öl",
    ]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_a_level_are_the_whole_level_cut_up(indexed: Indexed, size: int) -> None:
    indexed.change({label(A, "b"), label(B, "a"), label(C, "c", "sv"), (D, RDF.type, SKOS.Concept)})
    index = searcher(indexed)
    pages = [
        list_level(index, GRAPH, None, "en", limit=size, offset=offset)
        for offset in range(0, 4, size)
    ]
    assert [concept for page in pages for concept in page] == [B, A, D, C]
