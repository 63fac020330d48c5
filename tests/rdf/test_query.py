from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from tests.strategies import LANGUAGES, typed
from vocab_server.errors import InvalidError
from vocab_server.rdf.ntriples import read_literal, unescaped
from vocab_server.rdf.query import bind, is_iri, quoted, to_sparql
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.results import Term, read_rows

STORE = EmbeddedStore.in_memory()
ECHO = "SELECT (?x AS ?back) WHERE { VALUES ?x { $value } }"
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, st.sampled_from(LANGUAGES))
def test_a_bound_literal_comes_back_as_it_was(text: str, language: str) -> None:
    literal = Literal(text, lang=language or None)
    assert STORE.select(bind(ECHO, value=literal)) == [{"back": literal}]


@given(typed)
def test_a_bound_typed_literal_comes_back_as_it_was(literal: Literal) -> None:
    assert STORE.select(bind(ECHO, value=literal)) == [{"back": literal}]


@given(st.text().map(lambda text: URIRef("http://x/" + text)))
def test_a_bound_iri_comes_back_or_is_refused(iri: URIRef) -> None:
    with suppress(ValueError, InvalidError):
        assert STORE.select(bind(ECHO, value=iri)) == [{"back": iri}]


@given(st.lists(st.tuples(texts, st.sampled_from(LANGUAGES)), min_size=1, max_size=4))
def test_rows_read_fast_say_what_rows_of_terms_say(found: list[tuple[str, str]]) -> None:
    terms = [Literal(text, lang=tag or None) for text, tag in found]
    rows = list(read_rows(STORE, bind(ECHO, value=terms)))
    assert rows == [(Term(text, tag),) for text, tag in found]


@given(texts, st.sampled_from(LANGUAGES))
def test_a_literal_written_is_read_back_without_a_parser(text: str, language: str) -> None:
    written = to_sparql(Literal(text, lang=language or None))
    assert read_literal(written) == (language, text)
    assert unescaped(quoted(text)[1:-1]) == text


def test_escapes_of_n_triples_are_read_as_what_they_stand_for() -> None:
    assert unescaped(r"\t\b\n\r\f\"\'\\ \u00e5 \U0001F415 \\u00e5") == (
        "\t\b\n\r\f\"'\\ å \U0001f415 \\u00e5"
    )


INJECTIONS = (
    '"',
    '" } }',
    "\\",
    '\\"',
    "\n",
    "} UNION { ?s ?p ?o",
    "$value",
    "@sv",
    "'''",
    "\\u0022",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_becomes_syntax(text: str) -> None:
    assert STORE.select(bind(ECHO, value=Literal(text))) == [{"back": Literal(text)}]


@pytest.mark.parametrize("iri", ["http://x/> <urn:y", "a b", "http://x/\x7f", "http://x/{y}", "\\"])
def test_what_no_iri_may_hold_is_refused(iri: str) -> None:
    assert not is_iri(iri)
    with pytest.raises(ValueError, match="SPARQL cannot name"):
        bind(ECHO, value=URIRef(iri))


def test_a_blank_node_has_no_name() -> None:
    with pytest.raises(ValueError, match="SPARQL cannot name"):
        bind(ECHO, value=BNode("b"))


def test_a_name_without_a_value_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        bind(ECHO)


def test_several_terms_and_rows_of_terms_are_written_for_values() -> None:
    terms = [URIRef("urn:a"), Literal("a", lang="sv"), Literal("1", datatype=XSD.integer)]
    assert len(STORE.select(bind(ECHO, value=terms))) == 3
    rows = [(URIRef("urn:a"), Literal(1)), (URIRef("urn:b"), Literal(2))]
    query = bind("SELECT * WHERE { VALUES (?x ?y) { $rows } }", rows=rows)
    assert STORE.select(query) == [{"x": x, "y": y} for x, y in rows]


def test_a_dollar_sign_is_written_twice() -> None:
    assert STORE.select(bind('SELECT ?x { VALUES ?x { "$$" } }')) == [{"x": Literal("$")}]


def test_the_usual_prefixes_are_there() -> None:
    assert STORE.ask(bind("ASK { FILTER (skos:Concept != dct:title) }"))
