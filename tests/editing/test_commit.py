import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from tests.editing.processes import BASE, dumped, make_database, opened, replayed
from tests.strategies import CONCEPTS, edits, play
from vocab_server.database.log import ChangeLog
from vocab_server.editing.commit import Writer
from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Change, Triple, to_lines
from vocab_server.rdf.namespaces import SKOS
from vocab_server.search.index import IndexProjection
from vocab_server.skos.statistics import GraphStatistics, read_statistics
from vocab_server.store.embedded import EmbeddedStore

GRAPH, OTHER = URIRef(f"{BASE}/one"), URIRef(f"{BASE}/two")
DOG, CAT, *_ = CONCEPTS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory whose log is empty."""
    return make_database(tmp_path)


@pytest.fixture
def desk(data: Path) -> Iterator[tuple[Writer, ChangeLog]]:
    """A writer and its log."""
    with opened(data) as made:
        yield made


def add(text: str, language: str | None = "en", graph: URIRef = GRAPH) -> Change:
    return Change(graph, frozenset({(DOG, SKOS.prefLabel, Literal(text, lang=language))}))


def held(writer: Writer, graph: URIRef = GRAPH) -> set[str]:
    """What readers see of a graph."""
    path = writer.snapshots.current()
    assert path is not None
    store = EmbeddedStore.read_only(path / "store")
    lines = dumped(store, [graph]).get(graph, set())
    store.close()
    return {line.decode() for line in lines}


def seen(writer: Writer, graph: URIRef = GRAPH) -> GraphStatistics:
    path = writer.snapshots.current()
    assert path is not None
    return read_statistics(path).get(graph, GraphStatistics())


def test_readers_see_what_was_committed_when_it_is(desk: tuple[Writer, ChangeLog]) -> None:
    writer, _ = desk
    assert writer.commit([add("dog")], "me", "One") == 1
    assert held(writer) == set(to_lines(add("dog").added))
    assert seen(writer).triples == 1


def test_what_is_there_already_is_not_committed(desk: tuple[Writer, ChangeLog]) -> None:
    writer, log = desk
    writer.commit([add("dog")], "me", "One")
    assert writer.commit([add("dog")], "me", "Again") is None
    assert writer.commit([add("cat").inverse()], "me", "Not there") is None
    assert writer.commit([], "me", "Nothing") is None
    assert log.last() == 1


def test_of_a_change_only_the_difference_is_kept(desk: tuple[Writer, ChangeLog]) -> None:
    writer, log = desk
    writer.commit([add("dog")], "me", "One")
    both = Change(GRAPH, add("dog").added | add("hund", "sv").added, add("cat").added)
    writer.commit([both], "me", "Two")
    assert (log.since(1)[0].added, log.since(1)[0].removed) == (1, 0)


# The same to the store, said in another way.
SPELLINGS = [
    (Literal("dog", lang="en"), Literal("dog", lang="EN")),
    (Literal("x", lang="zh-hant"), Literal("x", lang="zh-Hant")),
    (Literal(1), Literal("01", datatype=XSD.integer, normalize=False)),
    (Literal("true", datatype=XSD.boolean), Literal("1", datatype=XSD.boolean, normalize=False)),
    (Literal("1.5", datatype=XSD.decimal), Literal("1.50", datatype=XSD.decimal, normalize=False)),
]


@pytest.mark.parametrize(("kept", "said"), SPELLINGS)
def test_another_spelling_of_a_literal_is_no_other_literal(
    desk: tuple[Writer, ChangeLog], kept: Literal, said: Literal
) -> None:
    writer, _ = desk
    one, other = (frozenset({(DOG, SKOS.notation, value)}) for value in (kept, said))
    assert writer.commit([Change(GRAPH, one | other)], "me", "Both") == 1
    assert seen(writer).triples == len(held(writer)) == 1
    assert writer.commit([Change(GRAPH, other, one)], "me", "Respell") is None
    assert writer.commit([Change(GRAPH, one, other)], "me", "And back") is None
    assert writer.commit([Change(GRAPH, removed=other)], "me", "Remove") == 2
    assert held(writer) == set()


IMPOSSIBLE: dict[str, tuple[Change, type[Exception]]] = {
    "a relative IRI": (
        Change(GRAPH, frozenset({(URIRef("dog"), SKOS.broader, CAT)})),
        InvalidError,
    ),
    "a relative graph": (add("dog", graph=URIRef("here")), InvalidError),
    "a literal as subject": (
        Change(GRAPH, frozenset({(Literal("dog"), SKOS.broader, CAT)})),
        ValueError,
    ),
    "a literal as property": (Change(GRAPH, frozenset({(DOG, Literal("is"), CAT)})), ValueError),
    "a blank node": (Change(GRAPH, frozenset({(BNode(), SKOS.broader, CAT)})), ValueError),
    "an IRI with a space": (
        Change(GRAPH, frozenset({(DOG, SKOS.broader, URIRef("urn:a b"))})),
        ValueError,
    ),
    "half of a character": (add("\ud800"), InvalidError),
    "a long language tag": (add("dog", "abcdefghij"), InvalidError),
    "a host that is none": (
        Change(GRAPH, frozenset({(DOG, SKOS.broader, URIRef("http://a:b:c/"))})),
        InvalidError,
    ),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_the_store_cannot_hold_never_gets_into_the_log(
    desk: tuple[Writer, ChangeLog], case: str
) -> None:
    writer, log = desk
    change, error = IMPOSSIBLE[case]
    with pytest.raises(error):
        writer.commit([add("cat", graph=OTHER), change], "me", "Impossible")
    assert log.last() == 0
    assert writer.commit([add("dog")], "me", "The next one") == 1
    assert seen(writer, OTHER).triples == 0


def test_two_patches_for_one_graph_are_refused(desk: tuple[Writer, ChangeLog]) -> None:
    writer, log = desk
    with pytest.raises(ValueError, match="same graph"):
        writer.commit([add("dog"), add("cat")], "me", "Two")
    assert log.last() == 0


def test_patches_for_several_graphs_appear_together(desk: tuple[Writer, ChangeLog]) -> None:
    writer, _ = desk
    assert writer.commit([add("dog"), add("dog", graph=OTHER)], "me", "Two") == 2
    assert held(writer) == held(writer, OTHER) != set()


def test_steps_are_told_in_the_order_in_which_they_happen(desk: tuple[Writer, ChangeLog]) -> None:
    writer, _ = desk
    steps: list[str] = []
    with writer.open() as transaction:
        transaction.commit([add("dog")], "me", "One", steps.append)
    assert steps == ["log", "store", "statistics.json", "outline", "index", "snapshot"]


def test_what_a_new_version_counts_is_shown_before_the_next_change(data: Path) -> None:
    with opened(data) as (writer, _):
        writer.commit([add("dog")], "me", "One")
        before = writer.snapshots.current()
        assert before is not None
    shutil.rmtree(data / "outline")  # as before there were any
    (before / "outline.json").unlink()
    with opened(data) as (writer, _):
        with writer.open():
            pass
        after = writer.snapshots.current()
    assert after is not None
    assert (after / "outline.json").exists()


def test_several_commits_in_one_turn_are_seen_one_by_one(desk: tuple[Writer, ChangeLog]) -> None:
    writer, _ = desk
    with writer.open() as transaction:
        for number, text in enumerate(("dog", "hund", "chien"), 1):
            assert transaction.commit([add(text)], "me", text) == number
            assert len(held(writer)) == number


@settings(max_examples=6, deadline=None)
@given(edits)
def test_after_any_changes_a_rebuild_changes_nothing(
    edits: list[tuple[frozenset[Triple], frozenset[int]]],
) -> None:
    with TemporaryDirectory() as directory:
        data = make_database(Path(directory))
        with opened(data) as (writer, log):
            for added, removed in play(edits):
                writer.commit([Change(GRAPH, added, removed)], "me", "Some")
            before = state(data, writer)
            writer.rebuild()
            assert state(data, writer) == before
            assert held(writer) == {line.decode() for line in replayed(log).get(GRAPH, ())}


def state(data: Path, writer: Writer) -> tuple[object, ...]:
    return held(writer), seen(writer).to_json(), IndexProjection(data).position()


def test_readers_go_on_while_everything_is_made_anew(desk: tuple[Writer, ChangeLog]) -> None:
    writer, _ = desk
    writer.commit([add("dog")], "me", "One")
    found = writer.snapshots.open()
    assert found is not None
    path, lease = found
    with lease:
        writer.rebuild()
        store = EmbeddedStore.read_only(path / "store")
        assert len(dumped(store, [GRAPH])) == 1
        store.close()
    assert writer.snapshots.current() not in (None, path)


# What somebody may do to the data directory while no server runs; only the log has to stay.
LOSSES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda data: None,
    "the store": lambda data: shutil.rmtree(data / "store"),
    "the index": lambda data: shutil.rmtree(data / "index"),
    "the statistics": lambda data: (data / "statistics.json").unlink(),
    "the outlines": lambda data: shutil.rmtree(data / "outline"),
    "the snapshots": lambda data: shutil.rmtree(data / "snapshots"),
    "the current snapshot": lambda data: shutil.rmtree((data / "snapshots/current").resolve()),
    "all of them": lambda data: [
        shutil.rmtree(data / name) for name in ("store", "index", "snapshots")
    ],
    "the end of the statistics": lambda data: (data / "statistics.json").write_text('{"posi'),
    "the end of the index": lambda data: (data / "index/meta.json").write_text("{"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_lost_is_made_again_from_the_log(
    data: Path, desk: tuple[Writer, ChangeLog], loss: str
) -> None:
    writer, _ = desk
    for text in ("dog", "hund"):
        writer.commit([add(text)], "me", text)
    before = state(data, writer)
    LOSSES[loss](data)
    with writer.open():
        pass
    assert state(data, writer) == before


PROJECTED = ("store", "index", "outline", "statistics.json", "snapshots")


def copy(source: Path, target: Path) -> None:
    target.mkdir()
    for name in PROJECTED:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, symlinks=True)
        else:
            shutil.copyfile(source / name, target / name)


@pytest.mark.parametrize("name", [*PROJECTED, "all"])
def test_an_older_copy_catches_up_with_the_log(
    data: Path, desk: tuple[Writer, ChangeLog], tmp_path: Path, name: str
) -> None:
    writer, _ = desk
    writer.commit([add("dog")], "me", "Before the copy")
    copy(data, tmp_path / "old")
    writer.commit([add("hund"), add("x", graph=OTHER)], "me", "After")
    writer.commit([add("dog").inverse()], "me", "After that")
    before = state(data, writer)
    for lost in PROJECTED if name == "all" else (name,):
        if (data / lost).is_dir():
            shutil.rmtree(data / lost)
        (tmp_path / "old" / lost).replace(data / lost)
    with writer.open():
        pass
    assert state(data, writer) == before
    assert len(held(writer, OTHER)) == 1


def test_an_older_log_is_what_counts(data: Path, desk: tuple[Writer, ChangeLog]) -> None:
    writer, _ = desk
    writer.commit([add("dog")], "me", "Before the backup")
    shutil.copyfile(data / "log.sqlite", data / "backup.sqlite")
    shutil.copyfile(data / "log.sqlite-wal", data / "backup.sqlite-wal")
    for text in ("hund", "chien"):
        writer.commit([add(text)], "me", text)
    restored = make_restored(data)
    with opened(restored) as (writer, _):
        assert writer.commit([add("perro")], "me", "After the restore") == 2
        expected = add("dog").added | add("perro").added
        assert held(writer) == set(to_lines(expected))
        assert seen(writer).triples == 2


def make_restored(data: Path) -> Path:
    """The data directory with its log as it was at the backup."""
    restored = data / "restored"
    copy(data, restored)
    (data / "backup.sqlite").replace(restored / "log.sqlite")
    (data / "backup.sqlite-wal").replace(restored / "log.sqlite-wal")
    return restored
