"""Small queries answered in the server process: which they are, and that they say the same."""

import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocab_server.store.at_hand import MOST, AtHand
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.frames import FIRST
from vocab_server.store.query_shape import MAX_TEXT, shape_of
from vocab_server.store.sandbox import Limits, PublicQuery, QueryPool
from vocab_server.store.serialization import serialize

JSON, TURTLE = "application/sparql-results+json", "text/turtle"
RESULTS = (JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
BASE = "http://x.example/sparql"
SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX x: <http://x.example/> "
MANY = 3 * MOST

DATA = """
INSERT DATA {
  x:dog a skos:Concept ; skos:prefLabel "dog"@en , "hund"@sv , "\\"} # <"@fr ;
    skos:notation "A1" , "01"^^<http://www.w3.org/2001/XMLSchema#integer> ;
    skos:broader x:animal ; x:note <urn:vocab-server:genid:b1> .
  x:cat a skos:Concept ; skos:prefLabel "cat"@en , "katt"@sv ; skos:broader x:animal ;
    skos:altLabel "puss"@en , "moggy"@en .
  x:animal a skos:Concept ; skos:prefLabel "animal"@en , "djur"@sv ; skos:narrower x:dog , x:cat .
  <urn:vocab-server:genid:b1> x:says "a blank node" .
  GRAPH x:graph { x:dog skos:prefLabel "only here"@en ; skos:broader x:animal }
} ;
INSERT { ?concept skos:broader x:root ; skos:prefLabel ?label }
WHERE { VALUES ?n { NUMBERS }
  BIND (IRI(CONCAT("http://x.example/c", STR(?n))) AS ?concept)
  BIND (STRLANG(STR(?n), "sv") AS ?label) } ;
INSERT { x:talkative x:says ?text }
WHERE { VALUES ?n { FEWER }
  BIND (CONCAT("LONG", STR(?n)) AS ?text) }
"""

SMALL = (
    "SELECT ?p ?o WHERE { x:dog ?p ?o }",
    "SELECT ?p ?o WHERE { <http://x.example/dog> ?p ?o } # and a comment { FILTER",
    "select*where{x:dog ?p ?o.}",
    "SELECT * { x:dog skos:prefLabel ?label }",
    "SELECT $label { x:dog skos:prefLabel $label } LIMIT 2",
    "SELECT ?nothing ?label { x:dog skos:prefLabel ?label }",
    'SELECT ?label { x:dog skos:prefLabel ?label FILTER (LANG(?label) = "sv") }',
    'SELECT ?label { x:dog skos:prefLabel ?label . FILTER(langMatches(lang(?label), "EN")) . }',
    "SELECT ?label { x:none skos:prefLabel ?label }",
    "SELECT ?a ?b { x:dog skos:prefLabel ?a ; skos:notation ?b }",
    "SELECT ?a ?b { x:dog skos:prefLabel ?a . x:dog skos:altLabel ?b }",
    "SELECT ?a { x:dog a skos:Concept ; skos:prefLabel ?a }",
    "SELECT ?n ?label { ?n skos:broader x:animal ; skos:prefLabel ?label"
    ' FILTER (LANG(?label) = "en") }',
    "SELECT ?n ?label { ?n skos:prefLabel ?label ; skos:altLabel ?alt . ?n skos:broader x:animal }",
    "SELECT ?n ?p ?o { ?n skos:broader x:animal ; ?p ?o }",
    "SELECT ?label ?n { ?n skos:broader x:dog ; skos:prefLabel ?label }",
    "SELECT * { ?n skos:broader x:dog ; skos:prefLabel ?label }",
    "SELECT ?nothing { ?n skos:broader x:dog ; skos:prefLabel ?label } LIMIT 3",
    "SELECT $n WHERE { GRAPH x:graph { ?n skos:broader x:dog ; skos:prefLabel ?label } }",
    "ASK { ?n skos:broader x:dog ; skos:prefLabel ?label }",
    "CONSTRUCT { ?n a ?label } WHERE { ?n skos:broader x:dog ; skos:prefLabel ?label }",
    "SELECT ?c { ?c skos:notation 'A1' }",
    'SELECT ?c { ?c skos:prefLabel "dog" @en }',
    "SELECT ?c { ?c skos:prefLabel 'Hund'@SV }",
    'SELECT ?c { ?c skos:notation "1" ^^ <http://www.w3.org/2001/XMLSchema#integer> }',
    "SELECT ?c ?t { ?c a ?t } LIMIT 7",
    "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20",
    "SELECT ?s ?o { GRAPH x:graph { ?s skos:prefLabel ?o } }",
    "SELECT ?s ?o { GRAPH x:graph { ?s skos:broader x:animal ; skos:prefLabel ?o } }",
    "SELECT ?o { x:dog x:note ?o }",
    "ASK { x:dog a skos:Concept }",
    "ASK { ?any ?thing ?whatever }",
    'ASK { x:dog skos:prefLabel ?l FILTER (lang(?l) = "ko") }',
    "CONSTRUCT { x:dog skos:hiddenLabel ?l } WHERE { x:dog skos:prefLabel ?l }",
    "CONSTRUCT WHERE { x:dog ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 4",
    "DESCRIBE x:dog",
    "DESCRIBE <urn:vocab-server:genid:b1>",
)
STAR = "?n skos:broader x:animal ; skos:prefLabel ?l"
OTHER = (
    "",
    "SELECT",
    "ASK {}",
    "SELECT * {}",
    f"SELECT * {{ {STAR} ; }}",
    f"SELECT DISTINCT ?l {{ {STAR} }}",
    f"SELECT REDUCED ?l {{ {STAR} }}",
    f"SELECT (?l AS ?m) {{ {STAR} }}",
    f"SELECT (COUNT(*) AS ?m) {{ {STAR} }}",
    f"SELECT * {{ {STAR} }} ORDER BY ?l",
    f"SELECT * {{ {STAR} }} GROUP BY ?l",
    f"SELECT * {{ {STAR} }} HAVING (?l)",
    f"SELECT * {{ {STAR} }} OFFSET 5",
    f"SELECT * {{ {STAR} }} LIMIT 5 OFFSET 5",
    f"SELECT * {{ {STAR} }} LIMIT -5",
    f"SELECT * {{ {STAR} }} VALUES ?n {{ x:dog }}",
    "SELECT * FROM x:graph { ?n skos:broader x:animal }",
    "SELECT * FROM NAMED x:graph { GRAPH x:graph { ?n skos:broader x:animal } }",
    f"SELECT * {{ GRAPH ?g {{ {STAR} }} }}",
    f"SELECT * {{ GRAPH x:graph {{ {STAR} }} . x:dog ?p ?o }}",
    f"SELECT * {{ {{ {STAR} }} }}",
    f"SELECT * {{ {STAR} OPTIONAL {{ ?n skos:altLabel ?a }} }}",
    f"SELECT * {{ {{ {STAR} }} UNION {{ {STAR} }} }}",
    f"SELECT * {{ {STAR} MINUS {{ {STAR} }} }}",
    f"SELECT * {{ {STAR} VALUES ?n {{ x:dog }} }}",
    f"SELECT * {{ {STAR} BIND (1 AS ?x) }}",
    f"SELECT * {{ SERVICE x:dog {{ {STAR} }} }}",
    f"SELECT * {{ {{ SELECT * {{ {STAR} }} }} }}",
    f"SELECT * {{ {STAR} FILTER EXISTS {{ {STAR} }} }}",
    f"SELECT * {{ {STAR} FILTER REGEX(?l, '(a+)+b') }}",
    f"SELECT * {{ {STAR} FILTER (STRLEN(?l) = 3) }}",
    f"SELECT * {{ {STAR} FILTER (LANG(?l) != 'en') }}",
    f"SELECT * {{ {STAR} FILTER (LANG(?l) = 'en' || true) }}",
    f"SELECT * {{ {STAR} FILTER (LANG(STR(?l)) = 'en') }}",
    f"SELECT * {{ {STAR} FILTER (LANG(?l) = ?n) }}",
    "SELECT * { x:dog skos:broader* ?o }",
    "SELECT * { x:dog skos:broader+ ?o }",
    "SELECT * { x:dog skos:broader? ?o }",
    "SELECT * { x:dog skos:broader/skos:broader ?o }",
    "SELECT * { x:dog skos:broader|skos:narrower ?o }",
    "SELECT * { x:dog ^skos:broader ?o }",
    "SELECT * { x:dog !skos:broader ?o }",
    "SELECT * { x:dog (skos:broader) ?o }",
    "SELECT * { x:dog x:note [ x:says ?o ] }",
    "SELECT * { x:dog x:note _:b }",
    "SELECT * { ?o x:list (1 2) }",
    "SELECT * { ?o skos:notation 1 }",
    "SELECT * { ?o skos:notation true }",
    "SELECT * { << x:dog x:note ?o >> ?p ?q }",
    "SELECT * { x:dog skos:prefLabel ?l . x:cat skos:prefLabel ?m }",  # two subjects
    "SELECT * { x:dog skos:broader ?n . ?n skos:prefLabel ?l }",
    "SELECT * { x:dog skos:prefLabel ?l ; skos:altLabel ?l }",  # a join
    "SELECT * { ?n skos:broader ?n }",
    "SELECT * { ?n ?n x:animal ; skos:prefLabel ?l }",
    "SELECT * { ?n a skos:Concept ; skos:broader x:animal }",  # which of them is first?
    "SELECT * { ?n a ?c ; skos:prefLabel ?l }",  # no constants to begin with
    "SELECT * { ?n ?p x:animal ; skos:prefLabel ?l }",
    "SELECT * { ?n skos:prefLabel ?l FILTER (LANG(?l) = 'en') }",
    "SELECT * { x:dog x:p1 ?a ; x:p2 ?b ; x:p3 ?c ; x:p4 ?d ; x:p5 ?e ; x:p6 ?f ; x:p7 ?g }",
    "SELECT * { <dog> ?p ?o }",
    "SELECT * { <http://x.example/a/../dog> ?p ?o }",
    "SELECT * { <urn:../dog> ?p ?o }",
    "SELECT * { <http://x.example/d\\u006fg> ?p ?o }",
    "SELECT * { x:d\\u006Fg ?p ?o }",
    "SELECT * { x:d%6Fg ?p ?o }",
    "SELECT * { x:d\\-g ?p ?o }",
    "SELECT * { x:dog.x:cat ?p ?o }",
    "SELECT * { x:dogé ?p ?o }",
    "SELECT * { unknown:dog ?p ?o }",
    "SELECT * { x:dog ?p ?oé }",
    'SELECT * { ?c skos:prefLabel "do\\u0067"@en }',
    'SELECT * { ?c skos:prefLabel """dog"""@en }',
    "SELECT * { ?c skos:prefLabel '''dog'''@en }",
    'SELECT * { ?c skos:prefLabel "dog"@en--ltr }',
    'SELECT * { ?c skos:prefLabel "dog',
    "SELECT * { x:dog ?p ?o # }",
    "SELECT * { x:dog ?p ?o # }\r}",
    "SELECT * { x:dog ?p ?o } }",
    "SELECT * { { x:dog ?p ?o }",
    "SELECT ?o { x:dog ?p ?o } ; ASK {}",
    "BASE <http://y.example/> SELECT * { x:dog ?p ?o }",
    "PREFIX x: <http://y.example/> SELECT * { x:dog ?p ?o }",  # declared twice
    "PREFIX y: <y> SELECT * { y:dog ?p ?o }",
    "INSERT DATA { x:dog x:p x:q }",
    "DESCRIBE ?x WHERE { ?x skos:broader x:animal }",
    "DESCRIBE x:dog x:cat",
    "DESCRIBE *",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "SELECT * { x:dog ?p ?o }" + " " * MAX_TEXT,
)
TOO_MUCH = (
    'SELECT ?n ?l { ?n skos:broader x:root ; skos:prefLabel ?l FILTER (LANG(?l) = "en") }',
    'SELECT ?n { ?n skos:broader x:root FILTER (LANG(?n) = "en") }',
    "SELECT ?n { ?n skos:broader x:root ; skos:altLabel ?l }",
    "CONSTRUCT { x:root a skos:Concept } WHERE { ?n skos:broader x:root }",
    "SELECT ?a ?b { x:talkative x:says ?a ; x:says ?b }",
    "SELECT ?a { x:talkative x:says ?a }",  # which is long
    "SELECT ?s ?p ?o { ?s ?p ?o }",
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a few concepts, one that has many narrower ones and one with much to say."""
    path = tmp_path_factory.mktemp("at_hand")
    engine = ox.Store(str(path / "store"))
    numbers = [str(number) for number in range(MANY)]
    data = DATA.replace("NUMBERS", " ".join(numbers)).replace("FEWER", " ".join(numbers[:MOST]))
    engine.update(SKOS + data.replace("LONG", "long" * 200))
    engine.backup(str(path / "snapshot"))
    return path / "snapshot"


@pytest.fixture(scope="module")
def opened(directory: Path) -> AtHand:
    return EmbeddedStore.read_only(directory).at_hand()


@pytest.fixture(scope="module")
def pool() -> Iterator[QueryPool]:
    limits = Limits(seconds=10, memory=256 * 1024 * 1024, result=8 * FIRST, processes=1)
    pool = QueryPool(limits, union=False)
    yield pool
    pool.close()


@pytest.mark.parametrize("media_type", RESULTS)
@pytest.mark.parametrize("text", SMALL)
def test_a_small_query_is_answered_as_a_process_does(
    pool: QueryPool, directory: Path, opened: AtHand, text: str, media_type: str
) -> None:
    query = PublicQuery(SKOS + text, media_type, TURTLE, base_iri=BASE)
    found = opened.answer(query.text, BASE, media_type, TURTLE)
    answer = pool.run(directory, query)
    assert found == (answer.media_type, answer.whole)


@pytest.mark.parametrize("text", OTHER)
def test_other_queries_are_left_to_a_process(text: str) -> None:
    assert shape_of(SKOS + text, MOST) is None


@pytest.mark.parametrize("text", TOO_MUCH)
def test_what_is_too_much_is_left_to_a_process(opened: AtHand, text: str) -> None:
    assert shape_of(SKOS + text, MOST)
    assert opened.answer(SKOS + text, BASE, JSON, TURTLE) is None


def test_no_more_is_counted_than_it_takes_to_know(opened: AtHand) -> None:
    shape = shape_of(f"{SKOS} ASK {{ ?n skos:broader x:root ; skos:prefLabel ?l }}", MOST)
    assert shape
    assert opened._matches(shape) == MOST + 1
    assert opened._matches(shape._replace(patterns=shape.patterns[:1])) == MOST + 1


@pytest.mark.parametrize(
    ("text", "results", "graphs"),
    [
        ("SELECT ?p { x:dog ?p ?o }", None, TURTLE),
        ("DESCRIBE x:dog", JSON, None),
        ("DESCRIBE x:dog", JSON, JSON),
        ("SELECT ?p { x:dog ?p ?o }", TURTLE, TURTLE),
        ("CONSTRUCT { x:dog ?p ?o }", JSON, TURTLE),  # which is only half of one
        ("SELECT ?p { x:dog ?p ?o } LIMIT 99999999999999999999999", JSON, TURTLE),
        ("SELECT ?p { <http://[> ?p ?o }", JSON, TURTLE),
        ("SELECT ?o { ?n skos:broader x:dog ; <http://[> ?o }", JSON, TURTLE),
        ("SELECT ?o { ?n skos:broader x:dog ; skos:prefLabel ?o }", TURTLE, TURTLE),
        ("SELECT ?p { x:dog ?p '\ud800' }", JSON, TURTLE),
    ],
)
def test_what_goes_wrong_is_left_to_a_process(
    opened: AtHand, text: str, results: str | None, graphs: str | None
) -> None:
    assert opened.answer(SKOS + text, BASE, results, graphs) is None


def test_a_pool_answers_from_what_is_at_hand(opened: AtHand, directory: Path) -> None:
    limits = Limits(seconds=10, memory=256 * 1024 * 1024, result=8 * FIRST, processes=1)
    pool = QueryPool(limits, union=False)
    query = PublicQuery(f"{SKOS} SELECT ?p {{ x:dog ?p ?o }}", JSON, TURTLE)
    assert b"altLabel" not in (pool.run(directory, query, opened).whole or b"")
    assert pool.pids() == []  # no process was needed
    pool.close()


def test_the_dataset_of_a_request_is_left_to_a_process(
    pool: QueryPool, opened: AtHand, directory: Path
) -> None:
    text = f"{SKOS} SELECT ?l {{ x:dog skos:prefLabel ?l }}"
    query = PublicQuery(text, "text/csv", TURTLE, default_graphs=("http://x.example/graph",))
    assert pool.run(directory, query, opened).whole == b"l\r\nonly here\r\n"


PIECES = st.sampled_from(
    [
        *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "GRAPH", "LIMIT", "FILTER", "a", "*"),
        *("?s", "?p", "$o", "x:dog", "x:", ":", "skos:prefLabel", "<http://x.example/dog>", "3"),
        *('"dog"@en', "'A1'", '"1"^^skos:x', "LANG(?l)", "(", ")", "{", "}", "{ ", " }", "."),
        *(";", ",", "=", "# {\n", "#", "\n", "\r", " ", "é", "·", "-", "\\", '"', "<", "%", "FROM"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(PIECES, max_size=14).map("".join),
    st.tuples(st.sampled_from(SMALL), st.integers(0, 60), PIECES).map(
        lambda found: found[0][: found[1]] + found[2] + found[0][found[1] :]
    ),
    st.tuples(st.sampled_from(SMALL), st.integers(0, 60), st.integers(1, 4)).map(
        lambda found: found[0][: found[1]] + found[0][found[1] + found[2] :]
    ),
)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(TEXTS)
def test_what_is_answered_is_what_the_engine_reads(
    opened: AtHand, directory: Path, text: str
) -> None:
    found = opened.answer(SKOS + text, BASE, JSON, TURTLE)
    if found is not None:
        target = io.BytesIO()
        result = opened._engine.query(SKOS + text, base_iri=BASE)
        serialize(result, found[0], target)
        assert found[1] == target.getvalue()
