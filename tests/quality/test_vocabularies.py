"""Real vocabularies are checked to the end, within bounds; ours is without a fault."""

from pathlib import Path

import pytest

from tests.conftest import ROOT, SHARED
from vocab_server.quality.check import Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.files import check_file
from vocab_server.quality.report import Report

BASE = "https://example.org/"
VOCABULARIES = SHARED / "vocab"
NAMES = {".ttl", ".rdf", ".nt"}
FILES = sorted(path for path in VOCABULARIES.rglob("*") if path.suffix in NAMES)
SMALL = 1_200_000  # bytes


def counts(report: Report) -> dict[str, int]:
    results = report.results()
    assert [result.check for result in results] == list(CHECKS)
    assert [result.failure for result in results if result.failure] == []
    return {result.check.id: result.count for result in results if result.count}


def test_our_themes_have_no_finding_above_information() -> None:
    with check_file(ROOT / "vocabularies" / "themes.ttl", base_iri=f"{BASE}id/themes/") as report:
        found = [r.check.id for r in report.results() if r.count]
        assert counts(report)
    grave = [one.id for one in CHECKS if one.severity is not Severity.INFORMATION]
    assert set(found) & set(grave) == set()


def test_the_hierarchy_faults_of_a_real_thesaurus_are_found() -> None:
    source = VOCABULARIES / "gemet-en.rdf"
    if not source.exists():
        pytest.skip(f"{source} is not here.")
    with check_file(source, base_iri=BASE) as report:
        found = counts(report)
    assert (found["INT-S27"], found["STR-1"], found["STR-3"]) == (40, 6, 71)


def test_each_check_leads_on_from_its_findings(tmp_path: Path) -> None:
    source = tmp_path / "two.ttl"
    source.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://e.org/> ."
        ':a a skos:Concept ; skos:altLabel "x "@en, "tab\\t\\u0007"@en ; skos:related :b, :a .'
    )
    with check_file(source, base_iri=BASE) as report:
        for check in CHECKS:
            page = report.page(check, 100)
            assert report.count_of({finding.identity for finding in page}).get(check.id, 0) == len(
                page
            )
            assert page == list(report.findings(check))
