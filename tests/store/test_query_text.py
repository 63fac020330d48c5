import time

import pytest

from vocab_server.errors import ForbiddenError, InvalidError
from vocab_server.store.query_text import calls_service, check, has_dataset_clause, says_service

P = "PREFIX from: <http://from/from#> PREFIX ex: <http://x#>\n"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <g:a> {}",
        "SELECT * from <g:a> {}",
        "SELECT *FROM<g:a>{}",
        "SELECT * FROM NAMED <g:a> WHERE {}",
        "SELECT ?from FROM <g:a> {}",
        "SELECT (?x<3 AS ?y) (?a>2 AS ?z) FROM <g:a> {}",
        "SELECT (?x<?y&&?z>?y AS ?from) FROM <g:a> {}",
        'SELECT (STRLEN("}")<3 AS ?y) FROM <g:a> {}',
        "SELECT (EXISTS { ?s ?p ?o } AS ?y) FROM <g:a> {}",
        "SELECT (COUNT(DISTINCT <http://f#f>(?x)) AS ?y) FROM <g:a> {}",
        "SELECT * # FROM nothing {\nFROM <g:a> {}",
        "SELECT * # {\rFROM <g:a> {}",
        "PREFIX ex: <http://x#> SELECT ?s FROM ex:g { }",
        "BASE <http://x/#> SELECT * FROM <g:a> {}",
        "CONSTRUCT { ?s ?p ?o } FROM <g:a> WHERE { ?s ?p ?o }",
        'CONSTRUCT { ?s ?p "}" , (<a:b> <b:c#x>) , [ <a:b> 1 ] } FROM <g:a> WHERE {}',
        "CONSTRUCT FROM <g:a> WHERE { ?s ?p ?o }",
        "CONSTRUCTFROM<g:a>WHERE{}",
        "DESCRIBE <a:b> FROM <g:a>",
        "DESCRIBE<a:b>FROM<g:a>",
        "DESCRIBE * FROM <g:a> WHERE { ?s ?p ?o }",
        "ASK FROM <g:a> {}",
        "ASKFROM<g:a>{}",
    ],
)
def test_a_dataset_clause_is_found(text: str) -> None:
    assert has_dataset_clause(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {}",
        "SELECT ?from $from { ?from ?p ?o }",
        'SELECT * { ?s ?p " FROM <g:a> " }',
        "SELECT * { ?s ?p ''' FROM <g:a>\n ''' , '\\' FROM <g:a> ' }",
        "SELECT * # FROM <g:a>\n{}",
        "SELECT * { ?s ?p ?o } # FROM <g:a>",
        "SELECT * WHERE { ?s <http://x/ FROM> ?o }",
        "SELECT * WHERE { ?s <http://from#from> ?o }",
        P + "SELECT * { ?s from:p from:FROM , ex:from , ex:a.from , ex:a-from }",
        P + "SELECT (from:f(?x) AS ?from) { ?s ?p ?x }",
        'SELECT (" FROM " AS ?x) (STRLANG("a", "en") AS ?y) {}',
        "SELECT (1 AS ?from) { { SELECT (2 AS ?from) { ?s ?p ?o } } }",
        "CONSTRUCT { ?s ?p ' FROM <g:a> ' } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?from }",
        "DESCRIBE <http://x/FROM>",
        "ASK { ?s ?p 'x'@from }",
        "SELECT * { ?s ?p ?o } VALUES ?from { <http://from> }",
        "SELECT * { _:from ?p ?o }",
    ],
)
def test_the_word_elsewhere_is_no_dataset_clause(text: str) -> None:
    assert not has_dataset_clause(text)


CLAUSES = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE?u{ ?s ?p ?o } }",
    "SELECT * { SERVICE ex:endpoint { ?s ?p ?o } }",
    "SELECT * { SERVICE # <no> {\n <http://x/> # comment\n { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<http://x/>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p true.SERVICE<http://x/>{ ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
    "SELECT * { SERVICEex:endpoint { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
    "SELECT * { ?a ?b ?c # x\rSERVICE <http://victim/> { ?s ?p ?o }\n }",
    'SELECT * { VALUES ?x { "a\\u0022\\u0020" } SERVICE <http://victim/> { ?s ?p ?o } '
    'VALUES ?z { "\\u0020\\u0022c" } }',
    "SELECT * { ?a ?b ?c FILTER(?c<'x>') SERVICE <http://x/> { ?s ?p ?o } FILTER('a'!='b>') }",
]


@pytest.mark.parametrize("text", CLAUSES)
def test_a_service_clause_is_refused(text: str) -> None:
    with pytest.raises(ForbiddenError, match="fetch from each endpoint"):
        check(text, confined=True)
    with pytest.raises(ForbiddenError):
        check(text, confined=False)


HONEST = [
    "SELECT ?service { ?service a ?service . ?x ?service ?y { ?s ?p ?o } }",
    P + "SELECT * { ?s ex:service ex:accessService ; a ex:DataService OPTIONAL { ?s ?p ?o } }",
    P + "SELECT * { GRAPH service:x { ?s ex:service ?o } }",
]


@pytest.mark.parametrize("text", HONEST)
def test_the_word_in_names_is_no_service_clause(text: str) -> None:
    assert not calls_service(text)
    assert not says_service(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/> {" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { }",
        "SELECT * { ?s <http://x#service> ?o }",
        "SELECT * { ?s ?p '''\nSERVICE <http://x/> {\n''' }",
        'SELECT * { ?s ?p ?o FILTER(?o < 3 && CONTAINS(?o, "service <u> {")) }',
    ],
)
def test_the_word_in_text_is_refused_only_where_the_network_is_open(text: str) -> None:
    assert not calls_service(text)
    assert says_service(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 300 + "}" * 300,
        "SELECT (" + "STR(" * 300 + "1" + ")" * 300 + " AS ?x) {}",
        "SELECT * {" + "".join(f"?v{i} ?p ?v{i + 1} . " for i in range(400)) + "}",
        "SELECT * { ?s " + "/".join(["<http://x/p>"] * 400) + " ?o }",
        "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 101 + "}",
    ],
)
def test_a_hopeless_shape_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        check(text, confined=True)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES ?x {" + " <http://example.org/a/b/c.d>" * 1500 + "} ?x ?p ?o }",
        "SELECT * { VALUES (?x ?y) {" + " (1.5 'a;b,c.')" * 3000 + "} ?x ?p ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(5000))) + ")) }",
        "SELECT * {" + " UNION ".join(["{ ?s ?p 1 ; ?q 2 . ?s ?r 3 }"] * 400) + "}",
        "SELECT * { ?s ?p '" + "((([[[{{{...optional" * 1000 + "' }",
        "# " + "((([[[{{{...optional" * 1000 + "\nASK {}",
    ],
)
def test_a_long_honest_query_passes(text: str) -> None:
    check(text, confined=True)


@pytest.mark.parametrize(
    "piece",
    ['"', '"\\', "'''", "a.", "<a", "service ", ":", "?", "\\:", "a:\\'", "...", "#\n", "@a", "<"],
)
def test_no_text_takes_long_to_read(piece: str) -> None:
    text = "service from " + "(" * 300 + piece * (60_000 // len(piece))
    begun = time.thread_time()
    has_dataset_clause(text)
    calls_service(text)
    says_service(text)
    assert time.thread_time() - begun < 3
