import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from tests.blank_nodes import canonical
from tests.strategies import rdf_triples
from vocab_server.errors import InvalidError, StoreUnavailableError
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.formats import DESCRIPTION_FORMATS, RESULTS, Format
from vocab_server.rdf.skolem import PREFIX
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.results import Term, read_rows

G = URIRef("urn:g")
NT = ox.RdfFormat.N_TRIPLES
PUT = 'INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> "hund"@sv, 1, "plain" } }'
GET = "SELECT ?o WHERE { GRAPH <urn:g> { <urn:a> <urn:p> ?o } }"
ALL = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:g> { ?s ?p ?o } }"
FAILING = " ; LOAD <http://127.0.0.1:9/nothing-listens-here>"


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedStore]:
    """An empty store, in memory and on disk in turn."""
    made = EmbeddedStore.in_memory()
    if request.param == "disk":
        made = EmbeddedStore.at(tmp_path / "store")
    yield made
    made.close()


def put(store: EmbeddedStore, triples: frozenset[Triple]) -> None:
    lines = "\n".join(to_lines(triples))
    store.update(f"INSERT DATA {{ GRAPH <{G}> {{ {lines} }} }}")


def written(store: EmbeddedStore, query: str, media_type: str) -> bytes:
    target = io.BytesIO()
    store.write(query, media_type, target)
    return target.getvalue()


def test_what_is_put_in_is_found(store: EmbeddedStore) -> None:
    store.update(PUT)
    found = {row["o"] for row in store.select(GET)}
    assert found == {Literal("hund", lang="sv"), Literal(1), Literal("plain")}


def test_a_failed_update_changes_nothing(store: EmbeddedStore) -> None:
    with pytest.raises(StoreUnavailableError):
        store.update(PUT + FAILING)
    assert store.select(GET) == []


def test_a_failed_update_leaves_what_was_there(store: EmbeddedStore) -> None:
    store.update(PUT)
    with pytest.raises(StoreUnavailableError):
        store.update("CLEAR ALL" + FAILING)
    assert len(store.select(GET)) == 3


WRONG = ["SELECT", "SELECT ?x WHERE { ?x <a b> ?y }", "SELECT ?x { <relative> ?p ?x }", "\ud800"]


@pytest.mark.parametrize("query", WRONG)
def test_sparql_that_cannot_be_read_is_refused(store: EmbeddedStore, query: str) -> None:
    for ask in (store.select, store.ask, store.construct, store.update):
        with pytest.raises(InvalidError):
            ask(query)


def test_a_variable_without_a_value_is_not_in_its_row(store: EmbeddedStore) -> None:
    store.update(PUT)
    assert store.select("SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) } }") == [{"a": Literal(1)}]


def test_asking_tells_whether_there_is_any(store: EmbeddedStore) -> None:
    ask = "ASK { GRAPH <urn:g> { ?s ?p ?o } }"
    assert not store.ask(ask)
    store.update(PUT)
    assert store.ask(ask)


# What SPARQL says and what the store keeps: a change must say what the store keeps.
KEPT = [
    (Literal("01", datatype=XSD.integer, normalize=False), "1"),
    (Literal("1", datatype=XSD.boolean, normalize=False), "true"),
    (Literal("1.50", datatype=XSD.decimal, normalize=False), "1.5"),
    (Literal("zz", datatype=XSD.gYear, normalize=False), "zz"),
    (Literal("2020-01-01T00:00:00.00Z", datatype=XSD.dateTime), "2020-01-01T00:00:00Z"),
]


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize(("said", "kept"), KEPT)
def test_literals_are_kept_in_one_spelling(store: EmbeddedStore, said: Literal, kept: str) -> None:
    put(store, frozenset({(URIRef("urn:a"), URIRef("urn:p"), said)}))
    (row,) = store.select(GET)
    assert row["o"] == Literal(kept, datatype=said.datatype, normalize=False)


def test_language_tags_are_kept_in_lower_case(store: EmbeddedStore) -> None:
    put(store, frozenset({(URIRef("urn:a"), URIRef("urn:p"), Literal("x", lang="zh-Hant-TW"))}))
    assert b'"x"@zh-hant-tw .' in written(store, ALL, "application/n-triples")


def test_graphs_are_apart(store: EmbeddedStore) -> None:
    store.update(PUT + " ; INSERT DATA { GRAPH <urn:other> { <urn:a> <urn:p> 2 } }")
    assert len(store.select(GET)) == 3


def test_a_graph_is_loaded_dumped_and_removed(store: EmbeddedStore, tmp_path: Path) -> None:
    lines = b'<urn:a> <urn:p> "a\\n\xe2\x80\xa8" .\n<urn:b> <urn:p> <urn:c> .\n'
    (tmp_path / "in.nt").write_bytes(lines)
    store.load(G, tmp_path / "in.nt")
    store.dump(G, tmp_path / "out.nt")
    assert sorted((tmp_path / "out.nt").read_bytes().split(b"\n")) == sorted(lines.split(b"\n"))
    store.remove(G, [lines, b"<urn:not> <urn:there> <urn:at-all> .\n"])
    assert len(store.construct(ALL)) == 0


def test_a_file_that_is_not_there_is_no_reason_to_crash(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    with pytest.raises(StoreUnavailableError):
        store.load(G, tmp_path / "missing.nt")


@pytest.mark.parametrize("form", DESCRIPTION_FORMATS, ids=lambda form: form.name)
@settings(max_examples=40, deadline=None)
@given(triples=st.frozensets(rdf_triples, max_size=8))
def test_a_graph_is_written_so_that_others_read_the_same(
    form: Format, triples: frozenset[Triple]
) -> None:
    store = EmbeddedStore.in_memory()
    put(store, frozenset(named(triple) for triple in triples))
    try:
        text = written(store, ALL, form.media_type)
    except InvalidError:  # XML has no way to say some characters, nor some properties
        assert form.name == "xml"
        return
    back = {quad.triple for quad in ox.parse(text, ox.RdfFormat.from_media_type(form.media_type))}
    direct = {quad.triple for quad in ox.parse(written(store, ALL, "application/n-triples"), NT)}
    assert canonical(ox.Quad(*triple) for triple in back) == canonical(
        ox.Quad(*triple) for triple in direct
    )
    assert len(direct) == len({named(triple) for triple in triples})


def named(triple: Triple) -> Triple:
    """The triple with names in the place of blank nodes, as an import makes them."""
    subject, predicate, value = (
        URIRef(f"{PREFIX}{term}") if isinstance(term, BNode) else term for term in triple
    )
    return subject, predicate, value


ROWS = f'SELECT ?x {{ VALUES ?x {{ <{PREFIX}0a> "<{PREFIX}0a>" }} }}'
# How each format writes a blank node, and a text that looks like the name of one.
WRITTEN = {
    "json": (b'"type":"bnode","value":"0a"', b'"value":"<urn:vocab-server:genid:0a>"'),
    "xml": (b"<bnode>0a</bnode>", b"&lt;urn:vocab-server:genid:0a&gt;"),
    "csv": (b"\n_:0a", b"<urn:vocab-server:genid:0a>"),
    "tsv": (b"\n_:0a\n", b'"<urn:vocab-server:genid:0a>"'),
}


@pytest.mark.parametrize("form", RESULTS, ids=lambda form: form.name)
def test_rows_have_blank_nodes_again_and_texts_stay(store: EmbeddedStore, form: Format) -> None:
    found = written(store, ROWS, form.media_type)
    for expected in WRITTEN[form.name]:
        assert expected in found


def test_a_graph_cannot_be_written_as_a_table(store: EmbeddedStore) -> None:
    for query, media_type in ((ALL, "text/csv"), (GET, "text/turtle"), (GET, "text/html")):
        with pytest.raises(InvalidError):
            written(store, query, media_type)


def test_only_one_may_write_to_a_directory(tmp_path: Path) -> None:
    first = EmbeddedStore.at(tmp_path)
    with pytest.raises(StoreUnavailableError, match="lock"):
        EmbeddedStore.at(tmp_path)
    first.close()
    EmbeddedStore.at(tmp_path).close()


def test_a_backup_stays_as_it_was(tmp_path: Path) -> None:
    store = EmbeddedStore.at(tmp_path / "store")
    store.update(PUT)
    store.backup(tmp_path / "copy")
    store.update("CLEAR ALL")
    store.close()
    copy = EmbeddedStore.read_only(tmp_path / "copy")
    assert len(copy.select(GET)) == 3
    with pytest.raises(StoreUnavailableError):
        copy.update("CLEAR ALL")
    copy.close()


def test_rows_read_fast_have_the_text_of_every_kind_of_term(store: EmbeddedStore) -> None:
    name = f"{PREFIX}0a"
    query = f"""SELECT * {{ VALUES (?a ?b ?c ?d ?e) {{
        (<urn:a> "t\\tab\\n"@sv 1 true <{name}>) (UNDEF "" UNDEF UNDEF UNDEF) }} }}"""
    first, second = read_rows(store, query)
    assert first == (
        Term("urn:a", is_iri=True),
        Term("t\tab\n", "sv"),
        Term("1"),
        Term("true"),
        Term(name, is_iri=True),
    )
    assert second == (Term(""),) * 5


@given(st.frozensets(rdf_triples, max_size=8))
@settings(max_examples=50)
def test_the_lines_of_a_graph_are_those_that_went_in(triples: frozenset[Triple]) -> None:
    named = frozenset(
        tuple(URIRef(PREFIX + term) if isinstance(term, BNode) else term for term in triple)
        for triple in triples
    )
    store = EmbeddedStore.in_memory()
    put(store, named)
    lines = {line.decode() for line in store.lines(ALL)}
    assert lines == set(to_lines(store.construct(ALL)))
    store.close()
