"""The files for installing it: what can be checked without installing is checked."""

import json
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from sqlalchemy import make_url

from tests.conftest import ROOT
from vocab_server.cli import COMMANDS
from vocab_server.config import PREFIX, Settings

FILES = (
    "Dockerfile",
    "compose.yaml",
    "compose.postgresql.yaml",
    "docs/installation.md",
    "SECURITY.md",
    "README.md",
)
# The others are of the compose files alone.
OTHERS = {f"{PREFIX}CONFIG", f"{PREFIX}HOST", f"{PREFIX}DATABASE_PASSWORD"}
UNITS = sorted((ROOT / "deploy").glob("vocab-server*"))


@pytest.mark.parametrize("name", [*FILES, *(f"deploy/{path.name}" for path in UNITS)])
def test_settings_and_commands_that_are_named_are_there(name: str) -> None:
    text = (ROOT / name).read_text()
    known = {PREFIX + spec.name.upper() for spec in fields(Settings)} | OTHERS
    named = {found.rstrip("_") for found in re.findall(rf"{PREFIX}[A-Z_]+", text)}
    assert {one for one in named if not any(each.startswith(one) for each in known)} == set()
    commands = set(re.findall(r"bin/vocab-server ([a-z]+)|app vocab-server ([a-z]+)", text))
    assert {found for pair in commands for found in pair if found} <= {
        command.name for command in COMMANDS
    }


def test_the_compose_file_keeps_the_app_small() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    app = services["app"]
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert "ports" not in app, "only the proxy is reached from outside"
    assert "data:/data" in app["volumes"]


def test_with_postgresql_the_app_waits_for_a_database_that_nobody_else_reaches() -> None:
    services = yaml.safe_load((ROOT / "compose.postgresql.yaml").read_text())["services"]
    app, database = services["app"], services["database"]
    assert app["depends_on"] == {"database": {"condition": "service_healthy"}}
    url = make_url(app["environment"]["VOCAB_SERVER_DATABASE"])
    assert url.drivername == "postgresql+psycopg"
    told = database["environment"]
    assert (url.host, url.username, url.database) == (
        "database",
        told["POSTGRES_USER"],
        told["POSTGRES_DB"],
    )
    assert "ports" not in database


def test_the_image_runs_without_root_and_has_what_it_copies() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER vocab-server" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert lines[-1] == 'CMD ["vocab-server", "serve", "--host", "0.0.0.0", "--port", "8000"]'


def test_the_image_keeps_to_what_linters_ask() -> None:
    """The rules of hadolint that a line by line look can tell; their numbers are its own."""
    text = (ROOT / "Dockerfile").read_text()
    lines = text.replace("\\\n", " ").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(":" in base and not base.endswith(":latest") for base in bases)  # DL3006, DL3007
    assert not [line for line in lines if line.startswith(("ADD ", "MAINTAINER "))]  # DL3020
    assert "sudo" not in text  # DL3004
    for line in lines:
        if " pip install" in line or "/pip install" in line:
            assert "--no-cache-dir" in line  # DL3042
        if "apt-get install" in line:
            assert "--no-install-recommends" in line  # DL3015
        if line.startswith(("CMD ", "ENTRYPOINT ")):
            assert isinstance(json.loads(line.partition(" ")[2]), list)  # DL3025
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] != "root"  # DL3002
    folders = [line.split()[1] for line in lines if line.startswith("WORKDIR ")]
    assert all(folder.startswith("/") for folder in folders)  # DL3000


def test_what_is_secret_or_big_stays_out_of_the_image() -> None:
    left_out = set((ROOT / ".dockerignore").read_text().split())
    assert {".git", ".venv", ".env", "data", "*.backup"} <= left_out


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_units(unit: Path, tmp_path: Path) -> None:
    for path in UNITS:  # with a program that is there, since that is looked at
        text = path.read_text().replace("/opt/vocab-server/bin/vocab-server", "/bin/true")
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, told) == (0, [])
