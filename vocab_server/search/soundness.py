"""Whether the files of a search index are still what was written.

Each ends with a footer: JSON with a CRC-32 of what is before it, the footer's length, and a magic
number (tantivy, directory/footer.rs).
"""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

MAGIC = 1337
TAIL = struct.Struct("<II")  # the length of the footer, and MAGIC
PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")  # files that each segment has
LARGEST_FOOTER = 4096  # bytes
PIECE = 1024 * 1024  # bytes


def damaged_files(index: Path) -> Iterator[str]:
    """The names of the files of an index that are missing or not as they were written."""
    try:
        segments = json.loads((index / "meta.json").read_text())["segments"]
        names = {str(segment["segment_id"]).replace("-", "") for segment in segments}
    except (OSError, ValueError, KeyError, TypeError):
        yield "meta.json"
        return
    expected = {index / f"{name}.{part}" for name in names for part in PARTS}
    there = {path for path in index.iterdir() if path.stem in names}
    yield from sorted(path.name for path in expected - there)
    yield from (path.name for path in sorted(there) if not _is_sound(path))


def _is_sound(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL.size))
        tail = file.read()
        if len(tail) < TAIL.size:
            return False
        length, magic = TAIL.unpack(tail)
        body = size - TAIL.size - length
        if magic != MAGIC or not 0 < length <= LARGEST_FOOTER or body < 0:
            return False
        file.seek(body)
        stated = _crc(file.read(length))
        file.seek(0)
        found, left = 0, body
        while left and (piece := file.read(min(PIECE, left))):
            found, left = zlib.crc32(piece, found), left - len(piece)
    return stated == found and not left


def _crc(footer: bytes) -> int | None:
    try:
        return int(json.loads(footer)["crc"])
    except (ValueError, KeyError, TypeError):
        return None
