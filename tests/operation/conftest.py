"""What tests of operation share: commands as an operator types them."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import environment


def run(data: Path, *arguments: str | Path, given: str = "", **settings: str):
    """A command on a data directory, when it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "vocab_server", *map(str, arguments)],
        env=environment(data, **settings),
        input=given,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
