"""Runs what the documentation shows: commands in a shell, against a real server.

``vocab-server`` in that shell hands its arguments to this process, which runs the real command:
starting Python anew for each would take most of the time.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from vocab_server.cli import cli

HAND_OVER = f"""#!{sys.executable} -S
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as there:
    there.connect(os.environ["COMMANDS"])
    asked = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "input": sys.stdin.read()}}
    asked["settings"] = {{k: v for k, v in os.environ.items() if k.startswith("VOCAB_SERVER_")}}
    there.sendall(json.dumps(asked).encode() + b"\\n")
    answer = json.loads(there.makefile().read())
sys.stdout.write(answer["output"])
sys.stderr.write(answer["errors"])
sys.exit(answer["status"])
"""
PATIENCE = 300  # seconds for one piece of code


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page that is run, and lines that are to be in what it says."""

    line: int
    text: str
    said: tuple[str, ...]


def blocks(source: str) -> list[Block]:
    """The shell code of a page, in order, each with the output that follows it."""
    found: list[Block] = []
    for match in re.finditer(r"^```(sh|output)\n(.*?)^```$", source, re.M | re.S):
        kind, text = match.groups()
        if kind == "sh":
            found.append(Block(source.count("\n", 0, match.start()) + 1, text, ()))
        else:
            last = found.pop()
            found.append(Block(last.line, last.text, tuple(text.splitlines())))
    return found


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell that remembers, as that of a reader does; ``environment`` is what commands get."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, text: str) -> str:
        """What a piece of code says. Raises AssertionError with all of it when a line fails."""
        kept = self.folder / "variables"
        script = f"set -eu -o pipefail\n. {kept}\nset -a\n{text}\n" if kept.exists() else text
        script = f"set -eu -o pipefail\nset -a\n{script}\nexport -p > {kept}\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env={**self.environment, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}"
        return done.stdout


def demand_curl() -> None:
    """Skip what needs curl where there is none, but not where CI=true."""
    if shutil.which("curl"):
        return
    if os.environ.get("CI") == "true":
        pytest.fail("curl is not installed.")
    pytest.skip("curl is not installed.")


@contextlib.contextmanager
def shell(folder: Path, environment: Mapping[str, str]) -> Iterator[Shell]:
    """A shell in an empty folder, in which ``vocab-server`` is the real command."""
    program = folder / "bin" / "vocab-server"
    program.parent.mkdir(parents=True)
    program.write_text(HAND_OVER)
    program.chmod(0o755)
    address = str(folder / "commands")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        threading.Thread(target=_answer, args=(listening,), daemon=True).start()
        yield Shell(folder, {**environment, "COMMANDS": address})
        shutil.rmtree(program.parent)
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(address)  # nothing is asked any more


def _answer(listening: socket.socket) -> None:
    """Run commands one after the other until nothing is asked."""
    while True:
        with listening.accept()[0] as asking, asking.makefile("rw") as lines:
            text = lines.readline()
            if not text:
                return
            lines.write(json.dumps(_run(json.loads(text))))


def _run(asked: dict[str, Any]) -> dict[str, object]:
    with contextlib.chdir(asked["folder"]):
        done = CliRunner().invoke(
            cli, asked["arguments"], input=asked["input"], env=asked["settings"]
        )
    problem = f"\n{done.exception!r}" if done.exception and not done.stderr else ""
    return {
        "output": done.stdout,
        "errors": done.stderr + problem,
        "status": done.exit_code,
    }
