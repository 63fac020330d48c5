"""What a spreadsheet holds is what was written: every statement, in both forms."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal

from tests.conftest import ROOT, SHARED
from tests.strategies import skos_triples
from vocab_server.editing.sheet_conversion import Conversion
from vocab_server.editing.spreadsheets import FORMS
from vocab_server.rdf.change import blocks, to_lines
from vocab_server.rdf.namespaces import DCT, RDF, SKOS
from vocab_server.rdf.ntriples import read_triple
from vocab_server.skos.acts.curation import Policy
from vocab_server.store.parsing import parse
from vocab_server.store.sheet_jobs import WritingJob
from vocab_server.store.sheets import read_sheets, write_sheets

NAMESPACE = "https://example.org/new/"
HERE = Path(__file__).parents[1]
REAL = [
    ROOT / "vocabularies" / "themes.ttl",
    HERE / "browser" / "hard-cases.ttl",  # Arabic, Korean, right to left, no labels, markup
    *sorted((SHARED / "vocab").glob("*.ttl")),
]
LARGEST = 400_000  # bytes of a real file that is tried here


@pytest.fixture
def work() -> Iterator[Path]:
    with TemporaryDirectory() as directory:
        yield Path(directory)


def written(source: Path, form: str, work: Path) -> Path:
    target = work / f"out.{form}"
    write_sheets(WritingJob(str(source), str(target), str(work), form, "x 1", [], ["sv", "en"]))
    return target


def converted(sheet: Path, work: Path) -> tuple[set[bytes], Conversion]:
    conversion = Conversion(read_sheets(sheet, sheet.name, work / "r"), Policy(NAMESPACE))
    conversion.write(work / "converted.nt")
    lines = {line for block in blocks(work / "converted.nt") for line in block.splitlines()}
    return lines, conversion


def assert_kept(source: Path, form: str, work: Path) -> None:
    lines, conversion = converted(written(source, form, work), work)
    assert conversion.problems == []
    expected = {line for block in blocks(source) for line in block.splitlines()}
    assert {read_triple(line) for line in lines} == {read_triple(line) for line in expected}


@pytest.mark.parametrize("form", FORMS)
@given(st.lists(skos_triples, min_size=40, max_size=80))
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_a_vocabulary_says_comes_back(form: str, triples: list) -> None:
    with TemporaryDirectory() as directory:
        work = Path(directory)
        (work / "a.nt").write_text("\n".join(to_lines(set(triples))) + "\n", "utf-8", newline="\n")
        assert_kept(work / "a.nt", form, work)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "path", [p for p in REAL if p.exists() and p.stat().st_size < LARGEST], ids=lambda p: p.stem
)
def test_real_vocabularies_come_back(path: Path, form: str, work: Path) -> None:
    parse(path, base_iri=NAMESPACE, target=work / "a.nt")
    assert_kept(work / "a.nt", form, work)


def test_a_text_longer_than_a_cell_and_signs_no_cell_holds_come_back(work: Path) -> None:
    texts = ["x " * 40_000 + "end", "_x0041_", "a\x0bb\r\n c", " ", "=1+1", "'=1", "\\u0041|\\"]
    triples = {
        (read_triple(b"<urn:s> <urn:p> <urn:o> .")[0], SKOS.definition, _text(text))
        for text in texts
    } | {(read_triple(b"<urn:s> <urn:p> <urn:o> .")[0], RDF.type, SKOS.Concept)}
    (work / "a.nt").write_text("\n".join(to_lines(triples)) + "\n", "utf-8", newline="\n")
    for form in FORMS:
        assert_kept(work / "a.nt", form, work)


def _text(text: str):
    return Literal(text, lang="sv")


def test_a_template_becomes_a_vocabulary(work: Path) -> None:
    path = work / "new.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Concepts")
        rows = [
            ["iri", "notation", "prefLabel@sv", "prefLabel@ko", "broader", "altLabel@sv"],
            ["", 1, "Vatten", "물", "", "H2O | Sjö "],
            ["", "1.1", "Badvatten", "", "Vatten"],
            ["", "2", "Isar", "", "1.1"],
            ["", "3", "", "", "9"],
        ]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        scheme = book.add_worksheet("Vocabulary")
        scheme.write_row(0, 0, ["iri", "dct:title@sv"])
        scheme.write_row(1, 0, ["", "Mitt"])
    lines, conversion = converted(path, work)
    said = {read_triple(line) for line in lines}
    found = {(str(s).removeprefix(NAMESPACE), p, str(o)) for s, p, o in said}
    assert ("badvatten", SKOS.broader, f"{NAMESPACE}vatten") in found
    assert ("isar", SKOS.broader, f"{NAMESPACE}badvatten") in found
    assert ("vatten", SKOS.notation, "1") in found
    assert {o for s, p, o in found if p == SKOS.altLabel} == {"H2O", "Sjö"}
    assert ("https://example.org/new", DCT.title, "Mitt") in found
    assert ("https://example.org/new", SKOS.hasTopConcept, f"{NAMESPACE}vatten") in found
    assert [problem.address for problem in conversion.problems] == ["Concepts!A5"]


def test_a_file_in_a_swedish_locale_is_read(work: Path) -> None:
    text = (
        'sep=;\r\niri;prefLabel@sv;broader\r\n;"Räksmörgås; stor"  ;\r\n;Ägg;Räksmörgås; stor\r\n'
    )
    text = text.replace("Ägg;Räksmörgås; stor", 'Ägg;"Räksmörgås; stor"')
    for encoding in ("cp1252", "utf-8-sig", "utf-16"):
        path = work / "svensk.csv"
        path.write_bytes(text.encode(encoding))
        lines, conversion = converted(path, work)
        assert conversion.problems == []
        broader = {read_triple(line) for line in lines if b"broader" in line}
        assert {str(s).removeprefix(NAMESPACE) for s, _, _ in broader} == {"agg"}


def test_compressed_exports_of_large_vocabularies_have_small_columns(work: Path) -> None:
    found = sorted((SHARED / "vocab" / "converted").glob("*.nt.gz"))
    small = [path for path in found if path.stat().st_size < LARGEST // 4][:3]
    for path in small:
        (work / "a.nt").write_bytes(gzip.decompress(path.read_bytes()))
        parse(work / "a.nt", base_iri=NAMESPACE, target=work / "b.nt")
        assert_kept(work / "b.nt", "xlsx", work)
