import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from tests.blank_nodes import canonical
from tests.changing import BASE, DATED
from tests.changing import put as put_zoo
from tests.engines import EngineProcess, oxigraph, virtuoso
from tests.strategies import rdf_triples
from vocab_server.app import create_app
from vocab_server.config import Settings
from vocab_server.errors import InvalidError, QueryStoppedError, StoreUnavailableError
from vocab_server.rdf.change import Triple, to_lines
from vocab_server.rdf.formats import FORMATS, RESULTS, Format
from vocab_server.rdf.skolem import PREFIX
from vocab_server.services import Services
from vocab_server.store.base import Store
from vocab_server.store.connection import Address
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.engine import Engine, Mark, Traits
from vocab_server.store.remote import BYTES, STATEMENTS, RemoteStore, bounded
from vocab_server.store.results import Term, read_rows

G, OTHER = URIRef("urn:g"), URIRef("urn:other")
NT = ox.RdfFormat.N_TRIPLES
PUT = 'INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> "hund"@sv, 1, "plain" } }'
GET = "SELECT ?o WHERE { GRAPH <urn:g> { <urn:a> <urn:p> ?o } }"
ALL = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:g> { ?s ?p ?o } }"
FAILING = " ; LOAD <http://127.0.0.1:9/nothing-listens-here>"


ENGINES = {"oxigraph": oxigraph, "virtuoso": virtuoso}
Made = Callable[[str], EngineProcess]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Engines by name, each started when a test first needs it."""
    with ExitStack() as started:
        running: dict[str, EngineProcess] = {}

        def get(name: str) -> EngineProcess:
            if name not in running:
                place = tmp_path_factory.mktemp(name)
                running[name] = started.enter_context(ENGINES[name](place))
            return running[name]

        yield get


@pytest.fixture(params=["memory", "disk", *ENGINES])
def store(request: pytest.FixtureRequest, engines: Made, tmp_path: Path) -> Iterator[Store]:
    """An empty store: in memory, on disk, and each engine behind HTTP in turn."""
    made = opened(request.param, engines, tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["memory", "disk", "oxigraph"])
def keeping(request: pytest.FixtureRequest, engines: Made, tmp_path: Path) -> Iterator[Store]:
    """As ``store``, of those that keep every value and apply all of an update or nothing."""
    made = opened(request.param, engines, tmp_path)
    yield made
    made.close()


def opened(name: str, engines: Made, tmp_path: Path) -> Store:
    if name == "memory":
        return EmbeddedStore.in_memory()
    if name == "disk":
        return EmbeddedStore.at(tmp_path / "store")
    engine = engines(name)
    made = RemoteStore(Address.of(engine.query), Address.of(engine.changes))
    for graph in (G, OTHER):
        made.update(f"CLEAR SILENT GRAPH <{graph}>")
    return made


def put(store: Store, triples: frozenset[Triple]) -> None:
    lines = "\n".join(to_lines(triples))
    store.update(f"INSERT DATA {{ GRAPH <{G}> {{ {lines} }} }}")


def written(store: Store, query: str, media_type: str) -> bytes:
    target = io.BytesIO()
    store.write(query, media_type, target)
    return target.getvalue()


def test_what_is_put_in_is_found(store: Store) -> None:
    store.update(PUT)
    found = {row["o"] for row in store.select(GET)}
    assert found == {Literal("hund", lang="sv"), Literal(1), Literal("plain")}


def test_a_failed_update_changes_nothing(keeping: Store) -> None:
    with pytest.raises(StoreUnavailableError):
        keeping.update(PUT + FAILING)
    assert keeping.select(GET) == []


def test_a_failed_update_leaves_what_was_there(keeping: Store) -> None:
    keeping.update(PUT)
    with pytest.raises(StoreUnavailableError):
        keeping.update("CLEAR ALL" + FAILING)
    assert len(keeping.select(GET)) == 3


WRONG = ["SELECT", "SELECT ?x WHERE { ?x <a b> ?y }", "\ud800"]


@pytest.mark.parametrize("query", WRONG)
def test_sparql_that_cannot_be_read_is_refused(store: Store, query: str) -> None:
    for ask in (store.select, store.ask, store.construct, store.update):
        with pytest.raises(InvalidError):
            ask(query)


def test_an_address_that_is_not_absolute_is_refused() -> None:
    with pytest.raises(InvalidError):
        EmbeddedStore.in_memory().select("SELECT ?x { <relative> ?p ?x }")


def test_a_variable_without_a_value_is_not_in_its_row(store: Store) -> None:
    store.update(PUT)
    assert store.select("SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) } }") == [{"a": Literal(1)}]


def test_asking_tells_whether_there_is_any(store: Store) -> None:
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
def test_literals_are_kept_in_one_spelling(keeping: Store, said: Literal, kept: str) -> None:
    put(keeping, frozenset({(URIRef("urn:a"), URIRef("urn:p"), said)}))
    (row,) = keeping.select(GET)
    assert row["o"] == Literal(kept, datatype=said.datatype, normalize=False)


def test_language_tags_are_kept_in_lower_case(store: Store) -> None:
    put(store, frozenset({(URIRef("urn:a"), URIRef("urn:p"), Literal("x", lang="zh-Hant-TW"))}))
    assert b'"x"@zh-hant-tw .' in written(store, ALL, "application/n-triples")


def test_graphs_are_apart(store: Store) -> None:
    store.update(PUT + " ; INSERT DATA { GRAPH <urn:other> { <urn:a> <urn:p> 2 } }")
    assert len(store.select(GET)) == 3


def test_a_graph_is_loaded_dumped_and_removed(store: Store, tmp_path: Path) -> None:
    lines = b'<urn:a> <urn:p> "a\\n\xe2\x80\xa8" .\n<urn:b> <urn:p> <urn:c> .\n'
    (tmp_path / "in.nt").write_bytes(lines)
    store.load(G, tmp_path / "in.nt")
    store.dump(G, tmp_path / "out.nt")
    assert sorted((tmp_path / "out.nt").read_bytes().split(b"\n")) == sorted(lines.split(b"\n"))
    store.remove(G, [lines, b"<urn:not> <urn:there> <urn:at-all> .\n"])
    assert len(store.construct(ALL)) == 0


def test_a_file_that_is_not_there_is_no_reason_to_crash(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        store.load(G, tmp_path / "missing.nt")


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
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
def test_rows_have_blank_nodes_again_and_texts_stay(store: Store, form: Format) -> None:
    found = written(store, ROWS, form.media_type)
    for expected in WRITTEN[form.name]:
        assert expected in found


def test_a_graph_cannot_be_written_as_a_table(keeping: Store) -> None:
    for query, media_type in ((ALL, "text/csv"), (GET, "text/turtle"), (GET, "text/html")):
        with pytest.raises(InvalidError):
            written(keeping, query, media_type)


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


def test_rows_read_fast_have_the_text_of_every_kind_of_term(keeping: Store) -> None:
    name = f"{PREFIX}0a"
    query = f"""SELECT * {{ VALUES (?a ?b ?c ?d ?e) {{
        (<urn:a> "t\\tab\\n"@sv 1 true <{name}>) (UNDEF "" UNDEF UNDEF UNDEF) }} }}"""
    first, second = read_rows(keeping, query)
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


def many(count: int, text: str = "x") -> list[bytes]:
    return [f'<urn:s{n}> <urn:p> "{text} {n}"@sv .'.encode() for n in range(count)]


def count(store: Store, graph: URIRef = G) -> int:
    [row] = store.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    return int(str(row["n"]))


def test_a_change_of_many_requests_comes_and_goes(store: Store, tmp_path: Path) -> None:
    lines = many(2 * STATEMENTS + 1, "åéİ한𝒳")
    (tmp_path / "many.nt").write_bytes(b"\n".join(lines) + b"\n")
    for _ in range(2):  # to do it again does no harm
        store.load(G, tmp_path / "many.nt")
        assert count(store) == len(lines)
    for _ in range(2):
        store.remove(G, [b"\n".join(lines[:-1])])
        assert store.lines(ALL) == lines[-1:]


def test_a_long_text_goes_alone(store: Store) -> None:
    text = "ö" * (BYTES // 2 + 1)
    (line,) = to_lines({(URIRef("urn:a"), URIRef("urn:p"), Literal(text, lang="sv"))})
    store.update(f"INSERT DATA {{ GRAPH <{G}> {{ {line} }} }}")
    assert [str(row["o"]) for row in store.select(GET)] == [text]
    store.remove(G, [line.encode()])
    assert store.select(GET) == []


def test_requests_are_bounded_in_statements_and_in_bytes() -> None:
    assert [len(each) for each in bounded([b"\n".join(many(2 * STATEMENTS + 1))])] == [500, 500, 1]
    long = [b"x" * (BYTES // 2), b"y" * (BYTES // 2), b"z" * BYTES]
    assert list(bounded(long)) == [long[:2], long[2:]]
    assert list(bounded([])) == []


KEPT_BY_ALL = [
    Literal("hund", lang="sv-fi"),
    Literal('"q"\t\n\\ \u0001 \u2028 åéİ한𝒳'),
    Literal("1", datatype=XSD.integer),
    Literal("1.5", datatype=XSD.decimal),
    Literal("2020", datatype=XSD.gYear),
    Literal("2020-02-29", datatype=XSD.date),
    Literal("2020-01-01T00:00:00Z", datatype=XSD.dateTime, normalize=False),
    Literal("a b", datatype=URIRef("urn:kind")),
    URIRef("https://example.org/å?q=a%20b#ö"),
    URIRef(f"{PREFIX}0a"),
]


@pytest.mark.parametrize("value", KEPT_BY_ALL, ids=lambda value: f"{KEPT_BY_ALL.index(value)}")
def test_a_value_comes_back_as_it_was(store: Store, value: Literal | URIRef) -> None:
    put(store, frozenset({(URIRef("urn:a"), URIRef("urn:p"), value)}))
    assert [row["o"] for row in store.select(GET)] == [value]
    assert set(store.construct(ALL)) == {(URIRef("urn:a"), URIRef("urn:p"), value)}


def test_a_graph_with_nothing_in_it_has_nothing(store: Store, tmp_path: Path) -> None:
    assert store.select(GET) == []
    assert not store.ask(ALL.replace("CONSTRUCT { ?s ?p ?o } WHERE", "ASK"))
    assert (len(store.construct(ALL)), store.lines(ALL)) == (0, [])
    store.dump(G, tmp_path / "out.nt")
    assert (tmp_path / "out.nt").read_bytes() == b""


def test_the_default_graph_keeps_what_another_graph_has(keeping: Store, tmp_path: Path) -> None:
    lines = many(3)
    (tmp_path / "in.nt").write_bytes(b"\n".join(lines) + b"\n")
    keeping.update("CLEAR DEFAULT")
    for graph in (G, OTHER, None):
        keeping.load(graph, tmp_path / "in.nt")
    keeping.remove(OTHER, lines[:1])
    keeping.remove_unheld(lines[:1])
    assert len(keeping.select("SELECT * { ?s ?p ?o }")) == 3
    keeping.remove(G, lines[:1])
    keeping.remove_unheld([*lines[:2], b"<urn:not> <urn:there> <urn:at-all> ."])
    assert len(keeping.select("SELECT * { ?s ?p ?o }")) == 2
    keeping.update("CLEAR DEFAULT")


# What Virtuoso cannot hold; it is told, and the statements beside it are kept.
ILL = b'<urn:a> <urn:p> "zz"^^<http://www.w3.org/2001/XMLSchema#integer> .'


def test_a_statement_that_an_engine_refuses_keeps_no_other_out(
    engines: Made, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened("virtuoso", engines, tmp_path)
    (tmp_path / "in.nt").write_bytes(b"\n".join([*many(100), ILL, *many(200)]) + b"\n")
    store.load(G, tmp_path / "in.nt")
    assert count(store) == 200
    assert "cannot hold" in caplog.text and "zz" in caplog.text
    store.close()


def test_a_part_of_an_answer_is_not_taken_for_all_of_it(engines: Made, tmp_path: Path) -> None:
    store = opened("virtuoso", engines, tmp_path)
    (tmp_path / "in.nt").write_bytes(b"\n".join(many(1001)) + b"\n")
    store.load(G, tmp_path / "in.nt")
    assert len(store.select(GET.replace("<urn:a>", "?s") + " LIMIT 999")) == 999
    with pytest.raises(QueryStoppedError, match="only a part"):
        store.select(GET.replace("<urn:a>", "?s"))
    store.close()


@pytest.mark.filterwarnings("ignore:.*")
def test_an_engine_that_gives_other_values_back_is_found_out(engines: Made, tmp_path: Path) -> None:
    for name, merges, is_faithful in (("oxigraph", False, True), ("virtuoso", True, False)):
        process = engines(name)
        engine = Engine(process.query, process.changes)
        assert engine.mark() is None
        engine.begin(G)
        engine.reached(Mark(7, "sum"))
        assert engine.mark() == Mark(7, "sum")
        assert engine.traits() == Traits(merges, is_faithful, (str(G),))
        engine.demand(7)
        engine.clear()
        assert engine.mark() is None
        engine.store.close()


def test_a_vocabulary_on_virtuoso_is_read_right(engines: Made, tmp_path: Path) -> None:
    """Pages read the copy of this node, because Virtuoso takes true for 1; queries go to it."""
    process = engines("virtuoso")
    app = create_app(
        Settings(tmp_path / "data", BASE, store=process.query, store_update=process.changes)
    )
    opened: Services = app.extensions["vocab_server"]
    with closing(opened):
        put_zoo(opened, "zoo", "Zoo", DATED)
        client = app.test_client()
        assert client.get("/readyz").status_code == 200
        hound = client.get("/resource?iri=https://example.org/zoo/hound&format=ttl").text
        assert "owl:deprecated true" in hound
        view = opened.published.view()
        assert view.store is view.copy
        for query, expected in PUBLIC.items():
            answer = client.get(
                "/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}
            )
            assert answer.text.split("\r\n")[1:-1] == expected, query
        asked = client.get("/sparql?query=ASK{?s ?p ?o}", headers={"Accept": JSON})
        assert asked.json == {"head": {}, "boolean": True}
        cut = client.get("/sparql?query=SELECT*{?s ?p ?o. ?a ?b ?c}", headers={"Accept": JSON})
        assert (cut.status_code, "only a part" in cut.text) == (503, True)
        opened.engine.clear()


JSON = "application/sparql-results+json"
HUND = '{ ?c skos:prefLabel "hund"@sv ; skos:prefLabel ?name FILTER (LANG(?name) = "ko") }'
NAMES = f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?name {HUND}"
# What is not ours, such as the graphs that Virtuoso has of its own, is not in the default graph.
PUBLIC = {
    NAMES: ["개"],
    NAMES.replace(HUND, f"{{ GRAPH ?g {HUND} }}"): ["개"],
    NAMES.replace(HUND, f"FROM <{BASE}/vocabularies/zoo> {HUND}"): ["개"],
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g": [
        f"{BASE}/vocabularies",
        f"{BASE}/vocabularies/zoo",
    ],
    "SELECT ?s { ?s a <http://www.openlinksw.com/schemas/virtrdf#QuadMap> }": [],
}
