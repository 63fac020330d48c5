"""The index of a graph that is new, built in a process apart while the store takes the graph in.

Why: both take long and neither needs the other, and the engine lets no other Python code of its
process run while it loads. The process ends when the one that began it does.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

LINES = "indexing"  # the file that holds the graph's lines for as long as they are indexed


class Building:
    """A running process that indexes a whole graph from its lines of N-Triples.

    ``index`` is the index's directory. Nothing else may write to the index meanwhile.
    """

    def __init__(self, index: Path, graph: str, blocks: Iterable[bytes]) -> None:
        self.graph = graph
        self._lines = index.with_name(LINES)
        with self._lines.open("wb") as file:
            file.writelines(blocks)
        command = [sys.executable, "-m", "vocab_server.search.build_process"]
        self._process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            [*command, str(index), graph, str(self._lines)], stdin=subprocess.PIPE
        )

    def is_done(self) -> bool:
        """Wait for the end; whether all of the graph is in the index."""
        code = self._process.wait()
        self._tidy()
        return code == 0

    def stop(self) -> None:
        """End it, wherever it is."""
        self._process.kill()
        self._process.wait()
        self._tidy()

    def _tidy(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._lines.unlink(missing_ok=True)
