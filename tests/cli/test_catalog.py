"""Catalogs on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cataloguing import CATALOG
from tests.conftest import BASE
from tests.harvest.test_ckan import PACKAGE, answer_of
from vocab_server.cli import cli
from vocab_server.errors import InvalidError, VocabServerError


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("catalogs") / "data"
    assert run(made, "init", "--empty").exit_code == 0
    return made


def run(data: Path, *arguments: str) -> Result:
    environ = {"VOCAB_SERVER_DATA": str(data), "VOCAB_SERVER_BASE_URL": BASE}
    done = CliRunner(env=environ).invoke(cli, arguments)
    if isinstance(done.exception, VocabServerError):
        raise done.exception
    return done


def test_a_catalog_is_tried_read_and_read_again(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "harbour.ttl"
    file.write_text(CATALOG)
    tried = run(data, "catalog", "import", "harbour", str(file), "--dry-run")
    assert "4 datasets" in tried.stdout and "Would add" in tried.stdout
    assert "violation   DCT-1.Catalog.description" in tried.stdout
    told = json.loads(run(data, "catalog", "import", "harbour", str(file), "--json").stdout)
    assert (told["is_new"], told["holdings"]["datasets"]) == (True, 4)
    assert "findings" not in told
    again = run(data, "catalog", "import", "harbour", str(file), "--profile", "dcat-ap-se")
    assert "Added 0 and removed 0 statements" in again.stdout
    assert "violation   DCT-1.Catalog.description" in again.stdout


def test_datasets_that_are_not_said_to_be_some_are_missed_aloud(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "untyped.ttl"
    file.write_text(CATALOG.replace("a dcat:Dataset ; ", ""))
    told = run(data, "catalog", "import", "untyped", str(file), "--dry-run").stdout
    assert "0 datasets, 2 distributions" in told and "its datasets are not seen" in told


def test_an_answer_of_ckan_is_read(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "package_search.json"
    file.write_text(json.dumps(answer_of(PACKAGE)))
    assert "1 datasets, 2 distributions" in run(data, "catalog", "import", "ckan", str(file)).stdout


def test_what_cannot_be_read_is_told(data: Path, tmp_path: Path) -> None:
    assert run(data, "catalog", "import", "x", str(tmp_path / "none.ttl")).exit_code == 2
    file = tmp_path / "concepts.ttl"
    file.write_text("<urn:a> a <http://www.w3.org/2004/02/skos/core#Concept> .")
    with pytest.raises(InvalidError, match="nothing of DCAT"):
        run(data, "catalog", "import", "x", str(file))
