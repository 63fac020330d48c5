"""Lines of any number put in order with bounded memory: sorted runs in files, then merged."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

RUN = 400_000  # lines in memory at a time


def sorted_lines(blocks: Iterable[bytes], work: Path, run: int = RUN) -> Iterator[bytes]:
    """The lines of blocks of whole lines, with their ends, by the order of their bytes.

    What does not fit into memory waits in files in the directory ``work``.
    """
    files: list[Path] = []
    lines: list[bytes] = []
    for block in blocks:
        lines += block.splitlines(keepends=True)
        if len(lines) >= run:
            files.append(_written(sorted(lines), work / f"run-{len(files)}.nt"))
            lines = []
    lines.sort()
    with ExitStack() as opened:
        runs: list[Iterable[bytes]] = [opened.enter_context(file.open("rb")) for file in files]
        yield from heapq.merge(*runs, lines) if runs else lines


def _written(lines: list[bytes], file: Path) -> Path:
    with file.open("wb") as target:
        target.writelines(lines)
    return file
