"""A process that indexes one graph, see ``search.building``.

``python -m vocab_server.search.build_process INDEX GRAPH LINES``; it ends at once when its
standard input does, which is when the process that began it is gone.
"""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from vocab_server.rdf.change import blocks
from vocab_server.search.entries import read_entries
from vocab_server.search.index import fill, open_index


def main(index: Path, graph: str, lines: Path) -> None:
    """Put what the lines describe into the index, in place of what it has of the graph."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # entries hold no circles: to look for some is for nothing
    fill(open_index(index), URIRef(graph), None, read_entries(_lines(lines)))


def _lines(file: Path) -> Iterator[bytes]:
    for block in blocks(file):
        yield from block.splitlines()


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever sent: it returns at the end
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
