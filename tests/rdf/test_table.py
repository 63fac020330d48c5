import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import texts
from vocab_server.rdf.namespaces import DCT, OWL, RDF, SKOS, XSD
from vocab_server.rdf.table import (
    IRI,
    PLAIN,
    Column,
    Value,
    guarded,
    header,
    read_cell,
    read_header,
    unguarded,
    write_cell,
)

COLUMNS = [
    Column(str(SKOS.prefLabel), "@sv"),
    Column(str(SKOS.definition), "@ko"),
    Column(str(SKOS.notation), PLAIN),
    Column(str(SKOS.notation), f"^{XSD.string}x"),
    Column(str(SKOS.broader), IRI),
    Column(str(SKOS.broader), "@en"),  # not as SKOS has it
    Column(str(SKOS) + "unheardOf", PLAIN),
    Column(str(RDF.type), IRI),
    Column(str(OWL.deprecated), f"^{XSD.boolean}"),
    Column(str(DCT.source), IRI),
    Column(str(DCT.source), PLAIN),
    Column("https://example.org/p#q(r)", "@zh-hant"),
    Column("urn:a", "^urn:datatype"),
]


@pytest.mark.parametrize("column", COLUMNS, ids=header)
def test_a_header_names_its_column(column: Column) -> None:
    assert read_header(header(column)) == column


@given(st.sets(texts, max_size=5), st.sampled_from([c for c in COLUMNS if c.kind != IRI]))
def test_a_cell_gives_its_values_back(values: set[str], column: Column) -> None:
    assert {value.text for value in read_cell(column, write_cell(column, values))} == values


def test_odd_addresses_come_back_and_a_name_is_told_from_an_address() -> None:
    column = Column(str(SKOS.broader), IRI)
    odd = {"info:lc/1", "hdl:x|y", "http://x/한국", "urn:a", "skos:Concept"} - {"hdl:x|y"}
    assert {v.text for v in read_cell(column, write_cell(column, odd))} == odd
    assert read_cell(column, "http://x/1 |Badvatten\nW1") == (
        Value("http://x/1"),
        Value("Badvatten", is_name=True),
        Value("W1", is_name=True),
    )


def test_what_people_write_in_headers_is_understood() -> None:
    assert read_header(" PrefLabel @ SV ") == Column(str(SKOS.prefLabel), "@sv")
    assert read_header("Kommentar") is None
    assert read_header("") is None


@given(st.text(max_size=6) | st.sampled_from(["=1+1", "'=x", "''", "@a", "-", "'hej"]))
def test_a_guarded_cell_is_no_formula_and_comes_back(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell


@given(st.lists(texts, min_size=1, max_size=4))
def test_cells_survive_a_csv_file(values: list[str]) -> None:
    column, file = Column("urn:a", PLAIN), io.StringIO(newline="")
    csv.writer(file).writerow([guarded(write_cell(column, [value])) for value in values])
    (row,) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    read = [read_cell(column, unguarded(cell)) for cell in row]
    assert read == [(Value(value),) for value in values]
