"""Real vocabularies are checked to the end, within bounds; ours is without a fault."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rdflib import URIRef

from tests.conftest import ROOT, SHARED
from vocab_server.quality.check import Severity
from vocab_server.quality.checks import CHECKS
from vocab_server.quality.files import check_file
from vocab_server.quality.report import Report
from vocab_server.quality.running import Looked, lines_of
from vocab_server.store.embedded import EmbeddedStore
from vocab_server.store.parsing import parse

BASE = "https://example.org/"
GRAPH = URIRef("https://example.org/vocabularies/real")
VOCABULARIES = SHARED / "vocab"
ENDINGS = (".ttl", ".rdf", ".nt", ".nt.gz", ".rdf.gz")
LARGEST = 4_000_000  # bytes; the benchmark measures what is larger


def files() -> list[Path]:
    """The vocabularies in RDF; packed ones count ten times."""
    return [
        path
        for path in sorted(VOCABULARIES.rglob("*"))
        if path.name.endswith(ENDINGS)
        and path.stat().st_size * (10 if path.suffix == ".gz" else 1) <= LARGEST
    ]


def test_every_real_vocabulary_is_checked_to_the_end(tmp_path: Path) -> None:
    if not VOCABULARIES.exists():
        pytest.skip(f"{VOCABULARIES} is not here.")

    def read(numbered: tuple[int, Path]) -> tuple[str, Path]:
        number, path = numbered
        target = tmp_path / f"{number}.nt"
        return path.name, parse(path, base_iri=BASE, target=target, fix=True).target

    found: dict[str, Counter[str]] = {}
    with ThreadPoolExecutor(2) as pool:  # reading is most of the work, in processes apart
        texts = list(pool.map(read, enumerate(files())))
    for name, text in texts:
        store = EmbeddedStore.in_memory()
        store.load(GRAPH, text)
        material = Looked(store, GRAPH)
        counts = {check.id: len(lines_of(check, material)) for check in CHECKS}
        found[name] = +Counter(counts)
    assert len(found) >= 40
    assert found["no-administrative-enheter.ttl"] == {}
    assert (found["unescothes.ttl"]["INT-S13"], found["unescothes.ttl"]["LAB-8"]) == (1, 30)
    gemet = found["gemet-en.rdf"]
    assert (gemet["INT-S27"], gemet["STR-1"], gemet["STR-3"], gemet["STR-2"]) == (40, 6, 71, 1)


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


def test_each_check_leads_on_from_its_findings(tmp_path: Path) -> None:
    source = tmp_path / "two.ttl"
    source.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://e.org/> ."
        ':a a skos:Concept ; skos:altLabel "x "@en, "tab\\t\\u0007"@en ; skos:related :b, :a .'
    )
    with check_file(source, base_iri=BASE) as report:
        assert {"LAB-1", "STR-2"} <= {check.id for check in CHECKS if report.page(check, 1)}
        for check in CHECKS:
            page = report.page(check, 100)
            assert report.count_of({finding.identity for finding in page}).get(check.id, 0) == len(
                page
            )
            assert page == list(report.findings(check))
