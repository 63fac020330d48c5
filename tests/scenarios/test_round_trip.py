"""What goes in comes out: files in, exports out, exports in again."""

import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode

from tests.blank_nodes import canonical
from tests.conftest import BASE, ROOT, SHARED
from tests.editing.processes import make_database, opened
from tests.strategies import rdf_triples
from vocab_server.editing.commit import Writer
from vocab_server.editing.importing import Report, Source, import_file
from vocab_server.errors import InvalidError
from vocab_server.rdf.change import Triple
from vocab_server.rdf.formats import DESCRIPTION_FORMATS as FORMATS
from vocab_server.rdf.formats import Format, get_format
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.query import bind, to_sparql
from vocab_server.skos.vocabularies import graph_of
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.parsing import parse

VOCABULARIES = SHARED / "vocab"
SUFFIXES = {".ttl", ".rdf", ".nt"}
OTHERS = {"SOURCES", "ekebro", "matverket"}  # shipped, and no vocabularies
FILES = [
    *(path for path in sorted((ROOT / "vocabularies").glob("*.ttl")) if path.stem not in OTHERS),
    *(path for path in sorted(VOCABULARIES.glob("*")) if path.suffix in SUFFIXES),
    *sorted((VOCABULARIES / "converted").glob("*.nt.gz")),
]
IMPORTED = 3_500_000  # bytes of a file that is imported; bigger ones are only read
READ = 3_000_000  # bytes of a packed file that is read; bigger ones are left to who asks for them
ASKED = "VOCAB_SERVER_TEST_LARGE"  # environment variable: import all, however big
REFUSED = {  # what is no vocabulary, and what an operator is told
    "no-administrative-enheter.ttl": "There is nothing of SKOS in these 1119 statements",
}
EVERY_FORMAT = 8_000  # statements of what is exported in every format
NAMESPACE = "https://example.org/"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }"
NTRIPLES = get_format("nt")


class Desk:
    """A vocabulary server's writing side, and a directory for files."""

    def __init__(self, writer: Writer, directory: Path) -> None:
        self.writer = writer
        self.directory = directory

    def take(self, file: Path, vocabulary: str = "x") -> Report:
        source = Source(file, file.name, namespace=NAMESPACE)
        return import_file(self.writer, BASE, vocabulary, source, "me")

    def give(self, form: Format, vocabulary: str = "x") -> Path:
        """The vocabulary as a file, from what readers see."""
        path = self.writer.snapshots.current()
        assert path is not None
        store = EmbeddedStore.read_only(path / "store")
        target = self.directory / f"export.{form.extension}"
        with target.open("wb") as file:
            store.write(bind(_ALL, graph=graph_of(BASE, vocabulary)), form.media_type, file)
        store.close()
        return target


@contextmanager
def at_a_desk() -> Iterator[Desk]:
    """A desk with nothing on it."""
    with TemporaryDirectory() as directory:
        data = make_database(Path(directory))
        with opened(data) as (writer, _):
            yield Desk(writer, data)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with nothing on it."""
    with at_a_desk() as made:
        yield made


def kept(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """The triples as a store keeps them."""
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return set(store)


def read_directly(file: Path) -> set[ox.Quad] | None:
    """What the engine alone reads; None when it needs our repairs."""
    form = ox.RdfFormat.from_extension(file.name.removesuffix(".gz").rpartition(".")[2])
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    try:
        return kept(ox.parse(data, form, base_iri=NAMESPACE))
    except SyntaxError:
        return None


def same(one: set[ox.Quad], other: set[ox.Quad]) -> bool:
    """Whether two graphs differ in the labels of their blank nodes at most."""
    return len(one) == len(other) and (one == other or canonical(one) == canonical(other))


def one_more(file: Path) -> Path:
    """The same lines of N-Triples and another."""
    target = file.with_name("more.nt")
    target.write_bytes(file.read_bytes() + f'<{NAMESPACE}new> <{SKOS.note}> "new" .\n'.encode())
    return target


def test_real_vocabularies_are_there() -> None:
    if not VOCABULARIES.is_dir():
        pytest.skip(
            f"no real vocabularies in {VOCABULARIES}: only those that are shipped are tried"
        )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_vocabulary_comes_out_as_it_went_in(desk: Desk, file: Path) -> None:
    size = file.stat().st_size * (4 if file.suffix == ".gz" else 1)
    if size > IMPORTED and ASKED not in os.environ:
        check_reading(desk, file)
        return
    if file.name in REFUSED:
        with pytest.raises(InvalidError, match=REFUSED[file.name]):
            desk.take(file)
        return
    report = desk.take(file)
    exported = desk.give(NTRIPLES)
    expected = read_directly(file)
    assert expected is None or same(read_directly(exported) or set(), expected)
    for form in FORMATS if report.statements < EVERY_FORMAT else ():
        assert desk.take(desk.give(form)).number is None, form.title
    again = desk.take(one_more(exported))
    assert (again.added, again.removed) == (1, 0)


def check_reading(desk: Desk, file: Path) -> None:
    if file.suffix == ".gz" and file.stat().st_size > READ:
        pytest.skip(f"set {ASKED}=1 to have big files imported")
    parsed = parse(file, base_iri=NAMESPACE, target=desk.directory / "read.nt")
    expected = read_directly(file)
    assert expected is None or len(set(parsed.target.read_bytes().splitlines())) == len(expected)


CONCEPT = f"<{NAMESPACE}x> <{RDF.type}> <{SKOS.Concept}> .\n"


@settings(max_examples=12, deadline=None)
@given(st.frozensets(rdf_triples, max_size=12))
def test_any_graph_comes_out_as_it_went_in(triples: frozenset[Triple]) -> None:
    with at_a_desk() as desk:
        file = desk.directory / "in.nt"
        file.write_text(CONCEPT + "".join(map(line, triples)), "utf-8")
        desk.take(file)
        expected = canonical(read_directly(file) or ())
        for form in FORMATS:
            try:
                exported = desk.give(form)
            except InvalidError:
                assert form.name == "xml"
                continue
            assert canonical(read_directly(exported) or ()) == expected
        assert desk.take(desk.give(NTRIPLES)).number is None


def line(triple: Triple) -> str:
    return " ".join(f"_:{t}" if isinstance(t, BNode) else to_sparql(t) for t in triple) + " .\n"


LISTS = """@prefix : <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:c a skos:OrderedCollection ; skos:memberList (:a [ skos:prefLabel "b"@en ] "1" () (:a)) .
:a a skos:Concept ; skos:prefLabel "a"@sv-Latn-FI ; skos:notation "01"^^:code ;
    skos:note [ skos:note [ skos:note [] ] ], [ skos:note [ skos:note [] ] ], [] .
_:one skos:related _:two . _:two skos:related _:one .
"""


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_lists_and_nests_of_blank_nodes_keep_their_shape(desk: Desk, form: Format) -> None:
    file = desk.directory / "in.ttl"
    file.write_text(LISTS)
    desk.take(file)
    exported = desk.give(form)
    assert canonical(read_directly(exported) or ()) == canonical(read_directly(file) or ())
    assert desk.take(exported).number is None
