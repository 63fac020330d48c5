"""``vocab-server check`` of files of data: row and column told, status 1 for a violation."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cataloguing import TOPICS, read_vocabulary
from vocab_server.cli import cli
from vocab_server.cli.check_data import is_data
from vocab_server.services import Services

PEOPLE = "id,name\n1,Anna\nx,Bo\n"
SCHEMA = {"fields": [{"name": "id", "type": "integer"}, {"name": "name"}]}


def check(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["check", *map(str, arguments)])


def test_a_table_is_checked_by_its_description(tmp_path: Path) -> None:
    file, schema = tmp_path / "people.csv", tmp_path / "schema.json"
    file.write_text(PEOPLE)
    schema.write_text(json.dumps(SCHEMA))
    done = check(file, "--schema", schema)
    assert done.exit_code == 1
    told = "row 3, column id, line 3 SCH-3 violation Not of the described type"
    assert f"{file}: {told}: 'x' (Expected: integer)" in done.stdout
    assert "2 rows; 1 violation" in done.stderr
    found = json.loads(check(file, "--schema", schema, "--json").stdout)
    (finding,) = found["findings"]
    assert (finding["check"], finding["places"][0]["row"]) == ("SCH-3", 3)
    assert found["scores"]["values"] == 70
    fine = check(file, "--severity", "violation")
    assert (fine.exit_code, fine.stdout) == (0, "")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "a,b\n", True),
        ("a.xml", "<rdf:RDF xmlns:rdf='x'/>", False),
        ("b.xml", "<trees/>", True),
        ("a.json", '{"@context": {}}', False),
        ("b.json", "[]", True),
        ("a.ttl", "", False),
    ],
)
def test_rdf_is_told_from_data(tmp_path: Path, name: str, content: str, expected: bool) -> None:
    (tmp_path / name).write_text(content)
    assert is_data(tmp_path / name) is expected


def test_wrong_use_is_told(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    done = check(file, "--format", "sarif")
    assert done.exit_code == 2 and "text or json" in done.stderr
    done = check(file, "--schema", file)
    assert done.exit_code == 2 and "is not JSON" in done.stderr
    done = check(file, "--concepts", "name")
    assert done.exit_code == 2 and "COLUMN=VOCABULARY" in done.stderr


def test_a_column_is_compared_with_a_vocabulary_here(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_vocabulary(services, tmp_path, "topics", TOPICS)
    monkeypatch.setenv("VOCAB_SERVER_DATA", str(services.settings.data))
    file = tmp_path / "a.csv"
    file.write_text("id,kind\n1,vatten\n2,vattn\n")
    done = check(file, "--concepts", "kind=topics")
    assert done.exit_code == 1
    assert "row 3, column kind, line 3 CON-3 violation" in done.stdout
    assert "'vattn' (Perhaps: vatten)" in done.stdout
