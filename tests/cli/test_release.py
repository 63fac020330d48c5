"""Releases on the command line, over the vocabularies that come with the package."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.conftest import BASE
from vocab_server.cli import cli
from vocab_server.errors import ConflictError, InvalidError, NotFoundError, VocabServerError

THEMES = "themes"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the shipped vocabularies, for all tests of this module."""
    made = tmp_path_factory.mktemp("released") / "data"
    assert run(made, "init").exit_code == 0
    return made


def run(data: Path, *arguments: str) -> Result:
    environ = {"VOCAB_SERVER_DATA": str(data), "VOCAB_SERVER_BASE_URL": BASE}
    done = CliRunner(env=environ).invoke(cli, arguments)
    if isinstance(done.exception, VocabServerError):
        raise done.exception
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def test_a_release_is_frozen_and_exported(data: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Första utgåvan.\n", encoding="utf-8")
    done = run(data, "release", THEMES, "2026-1", "--notes", str(notes))
    assert done.stdout == f"{BASE}/vocabularies/{THEMES}/releases/2026-1\n"
    assert "as of change" in done.stderr
    now = run(data, "export", THEMES).stdout
    file = tmp_path / "changed.ttl"
    file.write_text(now.replace('"Bathing water"@en', '"Water for bathing"@en'))
    run(data, "import", THEMES, str(file))
    for form in ("ttl", "rdf", "jsonld", "nt"):
        target = tmp_path / f"frozen.{form}"
        run(data, "export", THEMES, "--release", "2026-1", "--format", form, "-o", str(target))
        kind = "json-ld" if form == "jsonld" else None
        assert isomorphic(Graph().parse(target, format=kind), Graph().parse(data=now))
    assert "Water for bathing" in run(data, "export", THEMES).stdout


def test_what_is_refused_says_why(data: Path, tmp_path: Path) -> None:
    run(data, "release", THEMES, "2026-9")
    with pytest.raises(ConflictError, match="never changes"):
        run(data, "release", THEMES, "2026-9")
    with pytest.raises(InvalidError, match="cannot name a release"):
        run(data, "release", THEMES, "../x")
    with pytest.raises(NotFoundError, match="no vocabulary"):
        run(data, "release", "nothing", "1")
    with pytest.raises(NotFoundError, match=r"The releases are: .*2026-9"):
        run(data, "export", THEMES, "--release", "2025")
    latin = tmp_path / "latin.txt"
    latin.write_bytes("åäö".encode("latin-1"))
    with pytest.raises(InvalidError, match="not UTF-8"):
        run(data, "release", THEMES, "2", "--notes", str(latin))
    assert run(data, "release", THEMES, "2", "--notes", str(tmp_path / "none")).exit_code == 2


def test_what_changed_since_a_release_is_told(data: Path, tmp_path: Path) -> None:
    run(data, "release", "data-theme", "1")
    assert run(data, "diff", "data-theme", "1", "current").stdout == (
        "0 statements added, 0 removed.\n"
    )
    now = run(data, "export", "data-theme").stdout
    file = tmp_path / "changed.ttl"
    file.write_text(now.replace('"Health"@en', '"Good health"@en'))
    run(data, "import", "data-theme", str(file))
    run(data, "release", "data-theme", "2")
    for names in (("1", "2"), ("1", "current")):
        done = run(data, "diff", "data-theme", *names)
        assert "\nRelabelled (" in done.stdout
        assert '"Health"@en -> "Good health"@en' in done.stdout
    back = json.loads(run(data, "diff", "data-theme", "2", "1", "--json").stdout)
    item = next(item for item in back["items"] if item["kind"] == "label-changed")
    assert item["before"] == [{"@value": "Good health", "@language": "en"}]
    assert item["after"] == [{"@value": "Health", "@language": "en"}]
    assert item["concept"].endswith("/HEAL")
    assert back["counts"]["relabelled"] >= 1
    with pytest.raises(NotFoundError, match="The releases are: 2, 1"):
        run(data, "diff", "data-theme", "1", "3")
