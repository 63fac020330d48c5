"""Faults of the machine; the normal run takes each once, ``make faults`` all of them many times."""

import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether all is to be tried, many times."""
    return request.config.getoption("--faults") == "full"


@pytest.fixture(scope="session")
def own_disk() -> list[str]:
    """How to run a shell that may mount a disk of its own, without being root."""
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("no user namespaces here: disks of a test's own cannot be mounted")
    return command
