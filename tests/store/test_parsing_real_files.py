"""Files as they are in the world: what is read of them, and why some are not."""

import os
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from vocab_server.errors import VocabServerError
from vocab_server.store.parsing import MIB, Parsed, parse

BASE = "http://base.example/"
SHARED = Path(__file__).parents[3] / "shared" / "data"
MANY = 30  # files of one kind
LARGE = 12 * MIB  # bytes of a file that is left to the benchmark
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real files in {SHARED}")
read = partial(parse, base_iri=BASE)

RDF = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}


def real_files(pattern: str) -> list[Path]:
    """The files of some formats: every fourth, or all of them where time does not matter."""
    found = sorted(path for path in SHARED.glob(pattern) if path.suffix in RDF)
    small = [path for path in found if path.stat().st_size < LARGE]
    return small if len(small) < MANY or os.environ.get("CI") else small[::4]


def directly(path: Path) -> set[ox.Triple] | None:
    """What the engine alone reads, or None when it cannot."""
    try:
        return {
            quad.triple for quad in ox.parse(path=str(path), base_iri=BASE, format=RDF[path.suffix])
        }
    except SyntaxError:
        return None


def outcome(path: Path, directory: Path) -> Parsed | str:
    target = directory / f"{zlib.crc32(str(path).encode())}.nt"
    try:
        return read(path, target=target)
    except VocabServerError as error:
        return str(error)


def outcomes(pattern: str, directory: Path) -> Iterable[tuple[Path, Parsed | str]]:
    paths = real_files(pattern)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(paths, pool.map(partial(outcome, directory=directory), paths), strict=True)


@needs_shared
@pytest.mark.parametrize(
    "pattern", ["*", "eu/*", "gsq/**/*", "italia/**/*", "libris/**/*", "oeh/*"]
)
def test_real_vocabularies_are_read_whole(tmp_path: Path, pattern: str) -> None:
    for path, parsed in outcomes(f"vocab/{pattern}", tmp_path):
        assert isinstance(parsed, Parsed), parsed
        expected = directly(path)
        if expected is not None:
            assert len(set(parsed.target.read_text("utf-8").split("\n")[:-1])) == len(
                as_kept(expected)
            )


def as_kept(triples: set[ox.Triple]) -> set[ox.Quad]:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return set(store)


OUTCOMES = {
    "html-error-page.ttl": "This is an HTML page, not RDF",
    "iri-space.ttl": 'line 5: The IRI "http://example.org/x/a b" has characters',
    "jsonld-deep.jsonld": "It has more than 64 objects and lists inside each other",
    "jsonld-remote-context.jsonld": "line 1: The context http://127.0.0.1:9/ctx.jsonld",
    "lang-underscore.ttl": 'line 5: The language tag "en_US" has an underscore. Run again',
    "not-gzip.ttl.gz": 3014,
    "nul-bytes.ttl": "line 54: There is a NUL byte",
    "only-comment.ttl": "It holds no statements",
    "rdfxml-named-ttl.ttl": 163,
    "ssif-crlf.ttl": 3014,
    "ssif-latin1.ttl": "line 9: The byte 0xF6 is not UTF-8",
    "ssif-mojibake.ttl": 3014,
    "ssif-trailing-garbage.ttl.gz": 3014,
    "ssif-truncated.ttl": "line 916, column 12: It ends in the middle of a statement",
    "ssif-truncated.ttl.gz": "It ends in the middle of the gzip data",
    "ssif-utf16le-bom.ttl": 3014,
    "ssif-utf8-bom.ttl": 3014,
    "turtle-named-rdf.rdf": 3014,
    "undeclared-prefix.ttl": 'line 1, column 1: The prefix "foo:" is used but not declared',
    "xml-billion-laughs.rdf": "line 1: There is a DOCTYPE",
    "xml-latin1.rdf": 2,
    "xml-xxe.rdf": "line 1: There is a DOCTYPE",
}


@needs_shared
@pytest.mark.parametrize("name", OUTCOMES)
def test_derived_bad_files_end_as_expected(tmp_path: Path, name: str) -> None:
    found, expected = outcome(SHARED / "bad/derived" / name, tmp_path), OUTCOMES[name]
    if isinstance(expected, int):
        assert isinstance(found, Parsed), found
        assert found.statements == expected
    else:
        assert isinstance(found, str)
        assert expected in found
        assert found.startswith(name)


@needs_shared
def test_latin_1_and_utf_8_of_the_same_file_are_the_same(tmp_path: Path) -> None:
    derived = SHARED / "bad/derived"
    pair = [
        read(derived / name, target=tmp_path / name, fix=True).target.read_bytes()
        for name in ("ssif-latin1.ttl", "ssif-utf8-bom.ttl")
    ]
    assert pair[0] == pair[1]


# Their names say one format, and they are correct in another.
OTHER_FORMAT = {
    "nt-syntax-bad-num-01.nt",
    "nt-syntax-bad-num-02.nt",
    "nt-syntax-bad-num-03.nt",
    "nt-syntax-bad-string-02.nt",
    "nt-syntax-bad-string-03.nt",
    "nt-syntax-bad-string-04.nt",
    "nt-syntax-bad-string-05.nt",
    "nt-syntax-bad-struct-01.nt",
    "turtle-syntax-bad-n3-extras-09.ttl",
    "turtle-syntax-bad-struct-01.ttl",
    "turtle-syntax-bad-struct-03.ttl",
}


@needs_shared
def test_w3c_negative_syntax_tests_are_refused_in_one_sentence(tmp_path: Path) -> None:
    for path, found in outcomes("bad/rdflib-broken/**/*", tmp_path):
        if path.name in OTHER_FORMAT:
            assert isinstance(found, Parsed), found
            assert "The name says" in found.notes[0].problem
        else:
            assert isinstance(found, str), path
            assert found.startswith(path.name)
            assert "\n" not in found


@needs_shared
def test_the_same_graph_in_several_formats_is_read_as_the_same(tmp_path: Path) -> None:
    for path, found in outcomes("bad/rdflib-variants/**/*", tmp_path):
        expected = directly(path)
        assert isinstance(found, Parsed), found
        assert expected is not None
        assert len(set(found.target.read_text("utf-8").split("\n")[:-1])) == len(as_kept(expected))
