import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.rdf.change import Change, FileChange
from vocab_server.rdf.namespaces import SKOS
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.projection import BULK, RdfProjection

GRAPH = URIRef("https://example.org/vocabularies/animals")
DOG = URIRef("https://example.org/animals/dog")
STORE = EmbeddedStore.in_memory()  # the projection has its own


def labelled(text: str) -> Change:
    return Change(GRAPH, frozenset({(DOG, SKOS.prefLabel, Literal(text, lang="en"))}))


def lines(store: EmbeddedStore, directory: Path) -> set[bytes]:
    store.dump(GRAPH, directory / "dump.nt")
    return set((directory / "dump.nt").read_bytes().splitlines(keepends=True))


def big(directory: Path, name: str, first: int) -> Path:
    """A file that is loaded, not sent as SPARQL."""
    file = directory / name
    with file.open("wb") as target:
        for n in range(first, first + BULK // 60):
            target.write(b'<urn:concept:%06d> <urn:property> "%030d" .\n' % (n, n))
    assert file.stat().st_size > BULK
    return file


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where projections are."""
    return tmp_path / "data"


@pytest.fixture
def snapshot(tmp_path: Path, directory: Path) -> Iterator[Path]:
    """A snapshot with change 1, of a projection that has gone on to change 2."""
    path = tmp_path / "snapshot"
    path.mkdir()
    projection = RdfProjection(directory, None)
    projection.apply(labelled("one"), 1, STORE)
    projection.snapshot(path)
    projection.apply(labelled("two"), 2, STORE)
    projection.close()
    yield path


def position(directory: Path, snapshot: Path | None) -> int:
    """Where a projection stands that is opened now."""
    projection = RdfProjection.from_snapshot(directory, snapshot)
    found = projection.position()
    projection.apply(labelled("later"), found + 1, STORE)  # it can be written to
    projection.close()
    return found


def test_a_new_projection_holds_nothing(directory: Path) -> None:
    assert position(directory, None) == 0


def test_a_change_and_its_number_are_kept_together(directory: Path, tmp_path: Path) -> None:
    projection = RdfProjection(directory, None)
    projection.apply(labelled("one"), 1, STORE)
    projection.close()
    projection = RdfProjection(directory, None)
    assert projection.position() == 1
    assert len(lines(projection.store, tmp_path)) == 1
    projection.close()


def test_a_change_that_the_store_refuses_does_not_move_the_number(directory: Path) -> None:
    projection = RdfProjection(directory, None)
    projection.apply(labelled("one"), 1, STORE)
    with pytest.raises(InvalidError):
        projection.apply(
            Change(GRAPH, frozenset({(URIRef("relative"), SKOS.prefLabel, DOG)})), 2, STORE
        )
    assert projection.position() == 1
    projection.close()


def test_to_apply_a_change_again_does_no_harm(directory: Path, tmp_path: Path) -> None:
    projection = RdfProjection(directory, None)
    change = FileChange(GRAPH, big(tmp_path, "a.nt", 0), big(tmp_path, "b.nt", 10**6))
    for _ in range(2):
        projection.apply(labelled("one"), 1, STORE)
        projection.apply(change, 2, STORE)
    assert len(lines(projection.store, tmp_path)) == 1 + BULK // 60
    projection.close()


def test_big_and_small_changes_do_the_same(directory: Path, tmp_path: Path) -> None:
    projection = RdfProjection(directory, None)
    first, second = big(tmp_path, "a.nt", 0), big(tmp_path, "b.nt", 5_000)
    nothing = tmp_path / "none.nt"
    nothing.touch()
    projection.apply(FileChange(GRAPH, first, nothing), 1, STORE)
    old, new = (set(file.read_bytes().splitlines(keepends=True)) for file in (first, second))
    for name, found in (("added", new - old), ("removed", old - new)):
        (tmp_path / name).write_bytes(b"".join(sorted(found)))
    projection.apply(FileChange(GRAPH, tmp_path / "added", tmp_path / "removed"), 2, STORE)
    assert lines(projection.store, tmp_path) == new
    assert projection.position() == 2
    assert not (directory / "loading").exists()
    projection.close()


def test_a_load_that_was_cut_off_is_begun_again_from_the_snapshot(
    directory: Path, snapshot: Path
) -> None:
    (directory / "loading").write_bytes(b"<urn:half> <urn:ha")
    assert position(directory, snapshot) == 1
    assert not (directory / "loading").exists()


def manifest(store: Path) -> Path:
    return next(store.glob("MANIFEST-*"))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the directory is gone": shutil.rmtree,
    "its manifest is gone": lambda store: manifest(store).unlink(),
    "its manifest is cut off": lambda store: manifest(store).write_bytes(b"\xff" * 20),
    "CURRENT is empty": lambda store: (store / "CURRENT").write_text(""),
    "its tables are gone": lambda store: [file.unlink() for file in store.glob("*.sst")],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_made_anew_from_the_snapshot(
    directory: Path, snapshot: Path, damage: str
) -> None:
    DAMAGES[damage](directory / "store")
    assert position(directory, snapshot) == 1


@pytest.mark.parametrize("damage", DAMAGES)
def test_where_the_snapshot_is_damaged_too_it_begins_from_nothing(
    directory: Path, snapshot: Path, damage: str
) -> None:
    DAMAGES[damage](directory / "store")
    DAMAGES[damage](snapshot / "store")
    assert position(directory, snapshot) == 0


def test_a_store_that_is_in_use_is_left_alone(directory: Path, snapshot: Path) -> None:
    other = EmbeddedStore.at(directory / "store")
    with pytest.raises(StoreUnavailableError, match="lock"):
        RdfProjection.from_snapshot(directory, snapshot)
    other.close()
    assert position(directory, snapshot) == 2


def test_a_bulk_load_is_in_the_default_graph_as_well(tmp_path: Path) -> None:
    lines = [f'<urn:s{n}> <urn:p> "{"x" * 60}{n}" .' for n in range(20_000)]
    added, removed = tmp_path / "added.nt", tmp_path / "removed.nt"
    added.write_text("\n".join(lines) + "\n")
    removed.touch()
    projection = RdfProjection(tmp_path / "data", None)
    projection.apply(FileChange(URIRef("urn:g"), added, removed), 1, projection.store)
    [row] = projection.store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    projection.close()
    assert int(str(row["n"])) == len(lines)
