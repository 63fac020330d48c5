import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from tests.strategies import concepts, forms, iris, labels, skos_triples, texts, triples, typed
from vocab_server.errors import InvalidError, TooLargeError
from vocab_server.rdf.change import Change
from vocab_server.rdf.namespaces import RDF, SKOS
from vocab_server.rdf.rdf_patch import MOST_ROWS, read_patch, write_patch
from vocab_server.rdf.skolem import PREFIX

GRAPH, OTHER = URIRef("urn:graph"), URIRef("urn:other")
A, P, B = URIRef("urn:a"), URIRef("urn:p"), URIRef("urn:b")
STAND_IN = URIRef(f"{PREFIX}0123456789abcdef0123n1c2")
sets = st.frozensets(
    skos_triples | triples(iris | forms, [P, SKOS.note], labels | typed | concepts), max_size=8
)


@given(sets, sets, st.sampled_from([GRAPH, OTHER]))
def test_a_patch_that_was_written_reads_as_the_same_change(added, removed, graph) -> None:
    change = Change(graph, added, removed - added)
    read = read_patch(write_patch([change]), GRAPH)
    assert read == ([change] if change else [])


@given(sets, sets)
def test_a_patch_holds_changes_of_several_graphs(one, other) -> None:
    changes = [change for change in (Change(GRAPH, one), Change(OTHER, other)) if change]
    assert read_patch(write_patch(changes), GRAPH) == changes


@given(texts)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_patch(f'A <urn:a> <urn:p> "{text}" .', GRAPH)
    except InvalidError as error:
        assert "RDF Patch" in str(error)


def test_the_example_of_the_specification_is_read() -> None:
    text = """
    H id <uuid:0686c69d-8f89-4496-acb5-744f0157a8db> .
    H prev <uuid:3ee0eca0-6d5f-4b4d-85db-f69ab1167eb1> .
    TX .
    PA "rdf" "http://www.w3.org/1999/02/22-rdf-syntax-ns#" .
    """.replace('"http://www.w3.org/1999/02/22-rdf-syntax-ns#"', f"<{RDF}>")
    text += "A <http://example/SubClass> rdf:type <http://example/SUPER_CLASS> .\n"
    text += 'A <http://example/SubClass> <http://example/label> "SubClass" .\nTC .\n'
    (change,) = read_patch(text, GRAPH)
    subject = URIRef("http://example/SubClass")
    assert change.added == {
        (subject, RDF.type, URIRef("http://example/SUPER_CLASS")),
        (subject, URIRef("http://example/label"), Literal("SubClass")),
    }


def test_terms_are_read_as_turtle_writes_them() -> None:
    text = f"""PA skos <{SKOS}> .
    PA : <urn:x:> .
    A :a a skos:Concept .  # not a comment, so refused
    """
    with pytest.raises(InvalidError, match="row 3"):
        read_patch(text, GRAPH)
    text = f"""# a comment
    PA skos <{SKOS}> .
    PA : <urn:x:> .
    A :a a skos:Concept .
    A :a skos:note 'it\\'s \\u00e5'@sv-FI .
    A :a skos:note 1 .
    A :a skos:note -1.5 .
    A :a skos:note true .
    A :a skos:note "2026-11-24"^^<{XSD.date}> <urn:other> .
    """
    here, there = read_patch(text, GRAPH)
    values = {o for _, p, o in here.added if p == SKOS.note}
    assert (URIRef("urn:x:a"), RDF.type, SKOS.Concept) in here.added
    assert values == {
        Literal("it's å", lang="sv-fi"),
        Literal("1", datatype=XSD.integer, normalize=False),
        Literal("-1.5", datatype=XSD.decimal, normalize=False),
        Literal("true", datatype=XSD.boolean),
    }
    assert there.graph == OTHER
    assert len(there.added) == 1


def test_the_last_row_about_a_triple_counts() -> None:
    text = "A <urn:a> <urn:p> <urn:b> .\nD <urn:a> <urn:p> <urn:b> .\n"
    assert read_patch(text, GRAPH) == [Change(GRAPH, removed=frozenset({(A, P, B)}))]


def test_an_aborted_transaction_changes_nothing() -> None:
    text = "TX .\nA <urn:a> <urn:p> <urn:b> .\nTA .\nTX .\nD <urn:a> <urn:p> <urn:b> .\nTC .\n"
    assert read_patch(text, GRAPH) == [Change(GRAPH, removed=frozenset({(A, P, B)}))]


def test_stand_ins_for_blank_nodes_come_and_go_as_blank_nodes_that_last() -> None:
    change = Change(GRAPH, frozenset({(STAND_IN, P, A)}))
    text = write_patch([change], {"id": A})
    assert "A <_:0123456789abcdef0123n1c2> <urn:p> <urn:a> <urn:graph> ." in text
    assert text.startswith("H id <urn:a> .\n")
    assert read_patch(text, GRAPH) == [change]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A <urn:a> <urn:p> .", "three or four terms"),
        ("A <urn:a> <urn:p> <urn:b> <urn:c> <urn:d> .", "three or four terms"),
        ("A <urn:a> <urn:p> <urn:b>", "end with a dot"),
        ('A "a" <urn:p> <urn:b> .', "only an IRI"),
        ('A <urn:a> "p" <urn:b> .', "only an IRI"),
        ('A <urn:a> <urn:p> <urn:b> "g" .', "only an IRI"),
        ("A <a> <urn:p> <urn:b> .", "not an absolute IRI"),
        ("A <urn:a b> <urn:p> <urn:b> .", "is no term"),
        ("A <urn:a\\u0020b> <urn:p> <urn:b> .", "not an absolute IRI"),
        ("A _:b1 <urn:p> <urn:b> .", "no blank node that we know"),
        ("A x:a <urn:p> <urn:b> .", "prefix 'x' is not declared"),
        ('A <urn:a> <urn:p> "open .', "is no term"),
        ('A <urn:a> <urn:p> "a\\q" .', "escape"),
        ('A <urn:a> <urn:p> "a"@ .', "is no term"),
        ('A <urn:a> <urn:p> "a"@abcdefghijk .', "language tag"),
        ('A <urn:a> <urn:p> "a"^^ .', "term"),
        ('A <urn:a> <urn:p> "a"^^"b" .', "a datatype is an IRI|is no term"),
        ("Z <urn:a> <urn:p> <urn:b> .", "begins no row"),
        ("PA skos .", "a prefix and its IRI"),
        ("TC .", "did not begin"),
        ("TX .\nTX .", "inside another"),
        ("TX .", "does not end"),
        ("A <urn:a> <urn:p> frue .", "is no term"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: str, said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        read_patch(row, GRAPH)


def test_a_patch_without_end_is_refused() -> None:
    with pytest.raises(TooLargeError, match="in parts"):
        read_patch("\n" * MOST_ROWS + "TX .", GRAPH)
