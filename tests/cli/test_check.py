"""``vocab-server check``: on a plain file without a data directory, and on a vocabulary."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph

from tests.conftest import BASE
from vocab_server.cli import cli
from vocab_server.config import Settings, load
from vocab_server.editing.importing import Source, import_file
from vocab_server.errors import InvalidError
from vocab_server.quality.checks import CHECKS
from vocab_server.rdf.namespaces import RDF, SH
from vocab_server.services import open_services

DIRTY = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://example.org/t/> .
:a a skos:Concept ; skos:inScheme : ; skos:prefLabel "water"@en, "aqua"@en .
:b a skos:Concept ; skos:inScheme : ; skos:prefLabel "=sea "@en ; skos:broader :a . """
CLEAN = DIRTY.replace(', "aqua"@en', "").replace("=sea ", "sea")


@pytest.fixture
def dirty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A faulty file; no data directory is made beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOCAB_SERVER_DATA", str(tmp_path / "data"))
    path = tmp_path / "dirty.ttl"
    path.write_text(DIRTY)
    return path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", *arguments])


def test_a_plain_file_needs_no_data_directory(dirty: Path, tmp_path: Path) -> None:
    done = check(str(dirty))
    assert done.exit_code == 1
    assert "INT-S14 violation <https://example.org/t/a> Several preferred terms" in done.stdout
    assert done.stdout.index("violation") < done.stdout.index("warning")
    assert "1 violations" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_file_without_violations_is_fine(dirty: Path) -> None:
    dirty.write_text(CLEAN)
    done = check(str(dirty), "--severity", "violation")
    assert (done.exit_code, done.stdout) == (0, "")


def test_json_has_the_agreed_keys(dirty: Path) -> None:
    found = json.loads(check(str(dirty), "--only", "INT-S14", "--json").stdout)
    (finding,) = found["findings"]
    assert {"check", "severity", "focus", "value", "message", "source"} <= set(finding)
    assert finding["focus"] == "https://example.org/t/a"
    assert (finding["value"], finding["severity"]) == ("water", "violation")


def test_turtle_is_a_validation_report(dirty: Path) -> None:
    report = Graph().parse(data=check(str(dirty), "--format", "ttl").stdout, format="turtle")
    (whole,) = report.subjects(RDF.type, SH.ValidationReport)
    assert report.value(whole, SH.conforms).toPython() is False
    for result in report.objects(whole, SH.result):
        assert report.value(result, SH.focusNode) is not None
        assert report.value(result, SH.resultSeverity) in {SH.Violation, SH.Warning, SH.Info}
        assert len(list(report.objects(result, SH.resultMessage))) == 2


def test_a_cell_of_csv_is_no_formula(dirty: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(check(str(dirty), "--format", "csv").stdout)))
    spaces = next(row for row in rows if row["check"] == "LAB-6")
    assert spaces["value"] == "'=sea "


def test_other_tools_read_sarif_and_junit(dirty: Path) -> None:
    sarif = json.loads(check(str(dirty), "--format", "sarif").stdout)
    (run,) = sarif["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= rules
    suite = ElementTree.fromstring(check(str(dirty), "--format", "junit").stdout)  # noqa: S314
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert len(failed) == 1
    assert failed[0].startswith("INT-S14")


def test_a_language_can_be_required(dirty: Path) -> None:
    done = check(str(dirty), "--only", "LAB-2", "--language", "sv")
    assert done.stdout.count("LAB-2 violation") == 2


@pytest.mark.parametrize(
    "arguments", [("no-such-file.ttl",), ("--only", "X-1", "dirty.ttl"), (), ("--format", "pdf")]
)
def test_wrong_use_is_said(dirty: Path, arguments: tuple[str, ...]) -> None:
    assert check(*arguments).exit_code == 2


def test_what_is_no_vocabulary_is_refused(dirty: Path) -> None:
    dirty.write_text("<urn:a> <urn:b> <urn:c> .")
    done = check(str(dirty))
    assert done.exit_code == 1
    assert "nothing of SKOS" in str(done.exception)
    dirty.write_text("<urn:a> <urn:b .")
    assert "dirty.ttl" in str(check(str(dirty)).exception)


def test_a_vocabulary_of_the_server_is_checked(dirty: Path, tmp_path: Path) -> None:
    services = open_services(Settings(data=tmp_path / "data", base_url=BASE))
    import_file(services.writer, BASE, "dirty", Source(dirty, dirty.name), "test")
    services.close()
    done = check("dirty", "--only", "INT-S14")
    assert done.exit_code == 1
    assert done.stdout.count("\n") == 1


def test_every_check_can_be_chosen() -> None:
    told = CliRunner().invoke(cli, ["check", "--help"]).stdout
    assert "Exits with 1" in told
    assert len({one.id for one in CHECKS}) == len(CHECKS)


def test_an_import_is_checked_before_anything_is_committed(dirty: Path, tmp_path: Path) -> None:
    def read(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["import", "sea", str(dirty), "--check", *arguments])

    done = read("--dry-run")
    assert done.exit_code == 0
    assert "1 violation   INT-S14" in done.stdout
    done = read()
    assert isinstance(done.exception, InvalidError)
    assert "nothing was changed" in str(done.exception)
    assert "1 violation   INT-S14" in done.stderr
    assert "sea" not in {each.id for each in open_services(load()).published.view().vocabularies}
    dirty.write_text(CLEAN)
    done = read("--json")
    assert done.exit_code == 0
    assert "INT-S14" not in {found["check"] for found in json.loads(done.stdout)["findings"]}
    assert "sea" in {each.id for each in open_services(load()).published.view().vocabularies}
