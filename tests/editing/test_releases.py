"""Releases: frozen under a name, the same for ever, made again from the log when they are lost."""

import gzip
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from tests.changing import BASE, DATED, PREFIXES, SPACE, edit, let_through, put
from tests.editing.processes import Worker
from vocab_server.config import Settings
from vocab_server.editing.importing import Source, import_file
from vocab_server.editing.releases import Releases, unpacked
from vocab_server.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    StoreUnavailableError,
)
from vocab_server.rdf.formats import DESCRIPTION_FORMATS
from vocab_server.rdf.namespaces import DCAT, DCT, OWL
from vocab_server.rdf.query import bind
from vocab_server.rdf.sorting import sorted_lines
from vocab_server.services import Services, open_services
from vocab_server.skos.releases import check_name, get_release
from vocab_server.skos.vocabularies import graph_of

ZOO = graph_of(BASE, "zoo")
LISTED = """    :sizes a skos:OrderedCollection ; skos:memberList ( :dog :hound ) . """


@pytest.fixture
def zoo(services: Services) -> Services:
    put(services, "zoo", "Zoo", DATED)
    let_through(services, "zoo")
    return services


def content(services: Services, wanted: str) -> list[bytes]:
    found = get_release(services.published.view().releases[ZOO], wanted)
    return b"".join(unpacked(services.releases.file(found))).splitlines()


def published(services: Services) -> list[bytes]:
    query = bind("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $graph { ?s ?p ?o } }", graph=ZOO)
    return sorted(set(services.published.view().store.lines(query)))


def test_a_release_stays_what_it_was(zoo: Services) -> None:
    before = published(zoo)
    made = zoo.releases.freeze("zoo", "2026-1", "anna", "The first one.")
    edit(
        zoo,
        "zoo",
        added=':cat a skos:Concept ; skos:prefLabel "cat"@en .',
        removed=":bare a skos:Concept .",
    )
    assert (made.statements, made.concepts) == (len(before), 5)
    assert content(zoo, "2026-1") == before != published(zoo)
    zoo.releases.freeze("zoo", "2026-2", "anna")
    assert content(zoo, "2026-2") == published(zoo)
    newest, oldest = zoo.published.view().releases[ZOO]
    assert (newest.name, oldest) == ("2026-2", made)


def test_the_record_is_dcat_in_the_catalog_graph_and_in_the_log(zoo: Services) -> None:
    first = zoo.releases.freeze("zoo", "1", "anna", "Ny: «hund» <script>")
    second = zoo.releases.freeze("zoo", "2", "anna")
    ask = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $catalog { ?s ?p ?o } }"
    query = bind(ask, catalog=URIRef(f"{BASE}/vocabularies"))
    told = zoo.published.view().store.construct(query)
    assert set(told[ZOO : DCAT.hasVersion]) == {first.iri, second.iri}
    assert set(told[ZOO : DCAT.hasCurrentVersion]) == {second.iri}
    assert set(told[second.iri : DCAT.previousVersion]) == {first.iri}
    assert set(told[first.iri : OWL.versionInfo]) == {Literal("1")}
    assert len(set(told[first.iri : DCAT.distribution])) == len(DESCRIPTION_FORMATS)
    assert (first.iri, DCT.issued, None) in told
    last = zoo.log.get(zoo.log.last())
    assert (last.author, last.message, last.details) == ("anna", "Release 2", {"release": "2"})


@pytest.mark.parametrize("harm", ["lost", "empty", "cut", "flipped", "another"])
def test_a_file_that_is_not_as_it_was_is_made_again(zoo: Services, harm: str) -> None:
    made = zoo.releases.freeze("zoo", "1", "anna")
    path = zoo.releases.file(made)
    whole = path.read_bytes()
    edit(zoo, "zoo", removed=':dog skos:prefLabel "dog"@en .')
    zoo.writer.rebuild()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    new = {
        "empty": b"",
        "cut": whole[:-20],
        "flipped": bytes(flipped),
        "another": gzip.compress(b"x"),
    }
    path.unlink()
    if harm != "lost":
        path.write_bytes(new[harm])
    assert zoo.releases.file(made).read_bytes() == whole
    assert list(zoo.releases.directory.glob(".begun-*")) == []


def test_a_log_that_says_something_else_is_not_taken_for_the_release(zoo: Services) -> None:
    made = zoo.releases.freeze("zoo", "1", "anna")
    other = Releases(zoo.releases.directory / "other", zoo.log, zoo.writer, BASE)
    edit(zoo, "zoo", added=":cat a skos:Concept .")
    later = type(made)(**{f: getattr(made, f) for f in made.__slots__} | {"number": zoo.log.last()})
    with pytest.raises(StoreUnavailableError, match="backup"):
        other.file(later)


def test_a_name_is_given_once(zoo: Services) -> None:
    made = zoo.releases.freeze("zoo", "Spring", "anna")
    before = zoo.releases.file(made).read_bytes()
    edit(zoo, "zoo", added=":cat a skos:Concept .")
    for taken in ("Spring", "SPRING"):
        with pytest.raises(ConflictError, match="never changes"):
            zoo.releases.freeze("zoo", taken, "anna")
    assert zoo.releases.file(made).read_bytes() == before


@pytest.mark.parametrize(
    "bad",
    ["", ".", "..", "a..b", "a/b", "../../etc/passwd", "a b", "-a", "a.", "å", "a\n", "a" * 64],
)
def test_what_cannot_name_a_release(bad: str) -> None:
    with pytest.raises(InvalidError, match="cannot name a release"):
        check_name(bad)


@pytest.mark.parametrize("bad", ["current", "Current", "2026.ttl", "x.JSON", "x.html", "x.rdf"])
def test_what_means_something_else_in_addresses(bad: str) -> None:
    with pytest.raises(InvalidError, match="means something else"):
        check_name(bad)


@pytest.mark.parametrize("good", ["1", "2026-1", "4.0", "2026.11.24", "v1_beta", "a" * 63])
def test_what_names_a_release(good: str) -> None:
    check_name(good)


def test_what_cannot_be_released_changes_nothing(zoo: Services) -> None:
    put(zoo, "empty", "Empty", "")
    last = zoo.log.last()
    with pytest.raises(NotFoundError):
        zoo.releases.freeze("../zoo", "1", "anna")
    with pytest.raises(InvalidError, match="empty"):
        zoo.releases.freeze("empty", "1", "anna")
    with pytest.raises(InvalidError, match="longer"):
        zoo.releases.freeze("zoo", "1", "anna", "x" * 20_001)
    assert zoo.log.last() == last
    assert [path.name for path in zoo.releases.directory.rglob("*")] == []


def test_every_format_says_the_same_with_blank_nodes(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "zoo.ttl"
    file.write_text(PREFIXES + DATED.replace("\\u0007", "") + LISTED)
    import_file(services.writer, BASE, "zoo", Source(file, "zoo.ttl", namespace=SPACE), "test")
    let_through(services, "zoo")
    made = services.releases.freeze("zoo", "1", "anna")
    expected = Graph().parse(file)
    for form in DESCRIPTION_FORMATS:
        data = b"".join(unpacked(services.releases.download(made, form)))
        assert isomorphic(Graph().parse(data=data, format=form.media_type), expected)


def test_lines_are_sorted_in_bounded_memory(tmp_path: Path) -> None:
    lines = [f"<urn:{number * 7919 % 1000}> .\n".encode() for number in range(1000)]
    blocks = [b"".join(lines[start : start + 90]) for start in range(0, 1000, 90)]
    assert list(sorted_lines(iter(blocks), tmp_path, run=150)) == sorted(lines)
    assert len(list(tmp_path.iterdir())) == 5
    assert list(sorted_lines([], tmp_path)) == []


def freeze_and_die(outbox: Connection, data: Path, before_log: bool) -> None:
    """Freeze a release and die: between its file and the log, or between the log and the store."""
    services = open_services(Settings(data=data, base_url=BASE))
    append = services.log.append

    def dying(*arguments, **named) -> int:
        if not before_log:
            append(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    services.log.append = dying  # type: ignore[method-assign]
    services.releases.freeze("zoo", "1", "anna")
    outbox.send(1)


@pytest.mark.parametrize("before_log", [True, False])
def test_killed_between_file_and_log_or_log_and_store(
    zoo: Services, settings: Settings, before_log: bool
) -> None:
    assert Worker(freeze_and_die, settings.data, before_log).rest() == []
    expected = published(zoo)
    edit(zoo, "zoo", added=":cat a skos:Concept .")  # the next writer sees to what was left
    if before_log:
        assert ZOO not in zoo.published.view().releases
        zoo.releases.freeze("zoo", "1", "anna")
        assert content(zoo, "1") == published(zoo)
    else:
        assert content(zoo, "1") == expected
        with pytest.raises(ConflictError):
            zoo.releases.freeze("zoo", "1", "anna")


def test_the_file_made_by_the_store_is_the_one_the_log_gives(zoo: Services) -> None:
    """Also after edits of the same statement back and forth."""
    for _ in range(3):
        edit(zoo, "zoo", removed=':dog skos:prefLabel "dog"@en .')
        edit(zoo, "zoo", added=':dog skos:prefLabel "dog"@en .')
    made = zoo.releases.freeze("zoo", "1", "anna")
    before = content(zoo, "1")
    zoo.releases.file(made).unlink()
    assert content(zoo, "1") == before
